//! How everything that goes wrong becomes `{code, params, retry, detail}`.

use passerelle_domain::Refusal;
use serde_json::{Value, json};

use super::dto::ApiError;
use crate::store::{ExecuteError, StoreError};

impl ApiError {
    /// An error with its code alone.
    #[must_use]
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), params: Value::Null, retry: false, detail: None }
    }

    /// With what the text needs.
    #[must_use]
    pub fn with(mut self, params: Value) -> Self {
        self.params = params;
        self
    }

    /// Arguments that do not have the form of the command.
    #[must_use]
    pub fn bad_arguments(detail: impl std::fmt::Display) -> Self {
        Self { detail: Some(detail.to_string()), ..Self::new("bad_arguments") }
    }

    /// Nothing with this id.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new("not_found").with(json!({ "what": what }))
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code)?;
        match &self.detail {
            Some(detail) => write!(f, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ApiError {}

impl From<StoreError> for ApiError {
    fn from(e: StoreError) -> Self {
        let retry = matches!(e, StoreError::Busy | StoreError::DiskFull);
        Self { retry, detail: Some(e.to_string()), ..Self::new(e.code()) }
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(e: sqlx::Error) -> Self {
        StoreError::from(e).into()
    }
}

impl From<Refusal> for ApiError {
    /// Without alternatives; the booking functions add them.
    fn from(r: Refusal) -> Self {
        let params = json!({
            "code": r.code.key(), "with": null, "person": null, "limit": r.limit, "fields": r.fields, "alternatives": [],
        });
        Self::new(r.code.key()).with(params)
    }
}

impl From<ExecuteError> for ApiError {
    fn from(e: ExecuteError) -> Self {
        match e {
            ExecuteError::Refused(r) => r.into(),
            ExecuteError::NotReady => Self::new("not_ready"),
            ExecuteError::Store(e) => e.into(),
        }
    }
}
