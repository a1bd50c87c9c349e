//! `catalogue.…`: searching, a record with what it is linked to, what fits a question, importing.

mod facts;
mod import;
mod record;
mod search;
mod suggest;

use std::sync::Arc;
use std::time::Duration;

use passerelle_catalogue::indexed::Indexed;

pub use import::{choose, failure, import, status, stop, update};
pub use record::{get, open_page, record};
pub use search::{answer, property, search};
pub use suggest::suggest;

use super::dto::ApiError;
use crate::catalogue::Unready;
use crate::desk::Desk;

/// How long a screen waits for a catalogue that is being opened before it is told so.
const PATIENCE: Duration = Duration::from_millis(400);

/// What is in service.
///
/// # Errors
/// `catalogue_none`, `catalogue_loading`, `catalogue_damaged`.
pub(super) async fn ready(desk: &Desk) -> Result<Arc<Indexed>, ApiError> {
    desk.catalogue().ready_within(PATIENCE).await.map_err(|unready| unready.into())
}

impl From<Unready> for ApiError {
    fn from(unready: Unready) -> Self {
        match unready {
            Unready::None => Self::new("catalogue_none"),
            Unready::Loading => Self { retry: true, ..Self::new("catalogue_loading") },
            Unready::Damaged(detail) => Self { detail: Some(detail), ..Self::new("catalogue_damaged") },
        }
    }
}

impl From<passerelle_catalogue::file::OpenError> for ApiError {
    fn from(error: passerelle_catalogue::file::OpenError) -> Self {
        Self { detail: Some(error.to_string()), ..Self::new("catalogue_damaged") }
    }
}
