//! The way to central that a desk keeps from one exchange to the next: the connection, and the token while it is good. A
//! poll is one request then, not three.

use std::time::Duration;

use passerelle_domain::ids::DeskId;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::central::{Central, SyncError, signing_key};
use crate::store::Enrolment;

/// A token that ends so soon is not begun with.
const MARGIN: Duration = Duration::from_secs(30);

/// What is kept. Nothing of it is ever written down.
#[derive(Debug, Default)]
pub struct Access(Mutex<Option<Kept>>);

#[derive(Debug)]
struct Kept {
    base: String,
    desk: DeskId,
    central: Central,
    token: Option<Token>,
}

/// Not shown by `Debug`: whoever reads a log must not become a desk.
struct Token {
    text: String,
    ends: Instant,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token").field("ends", &self.ends).finish_non_exhaustive()
    }
}

impl Access {
    /// The connection and a token that is good for a while yet; what is kept of another desk or another central is let go.
    pub(super) async fn open(&self, enrolment: &Enrolment) -> Result<(Central, String), SyncError> {
        let base = enrolment.central.as_deref().ok_or(SyncError::Alone)?;
        let mut kept = self.0.lock().await;
        let is_its_own = |k: &Kept| k.base == base && k.desk == enrolment.desk;
        let mut way = match kept.take().filter(is_its_own) {
            Some(way) => way,
            None => Kept {
                base: base.to_owned(),
                desk: enrolment.desk,
                central: Central::new(base)?,
                token: None,
            },
        };
        let token = match way.token.take().filter(|token| Instant::now() + MARGIN < token.ends) {
            Some(token) => token,
            None => {
                let key = signing_key(enrolment)?;
                let begun = Instant::now();
                let (text, good_for) = way.central.token(enrolment.desk, &key).await?;
                Token { text, ends: begun + good_for }
            }
        };
        let opened = (way.central.clone(), token.text.clone());
        way.token = Some(token);
        *kept = Some(way);
        Ok(opened)
    }

    /// The token that central does not take any more is let go.
    pub(super) async fn forget_token(&self) {
        if let Some(way) = &mut *self.0.lock().await {
            way.token = None;
        }
    }

    /// After a failure everything begins anew: names are looked up again, proxies and authorities read again.
    pub(super) async fn forget(&self) {
        *self.0.lock().await = None;
    }
}
