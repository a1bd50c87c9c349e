//! `GET /v1/events`: hints that something is new, as server-sent events. Polling stays the truth.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream;
use passerelle_protocol::sync::{DIRECTORY, office_scope};
use tokio::sync::{broadcast, watch};

use super::{Answer, Shared, bearer};
use crate::service::{Hint, Service};

/// A comment this often keeps middle boxes from closing the connection.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

struct Listener {
    service: Arc<Service>,
    scopes: [String; 2],
    hints: broadcast::Receiver<Hint>,
    stopping: watch::Receiver<bool>,
    /// To be said before anything new.
    waiting: VecDeque<Hint>,
    /// The token ends then, and the stream with it: a desk that is no longer trusted must not listen on.
    ends: tokio::time::Instant,
}

/// Tells at once where the desk's feeds stand, then each time that one moves, until the token ends.
pub async fn events(State(service): Shared, headers: HeaderMap) -> Answer {
    let (desk, ends) = bearer(&service, &headers).await?;
    let left = (ends - service.now()).to_std().unwrap_or_default();
    let mut listener = Listener {
        scopes: [office_scope(&desk.office), DIRECTORY.to_owned()],
        hints: service.hints.subscribe(),
        stopping: service.stopping.clone(),
        waiting: VecDeque::new(),
        ends: tokio::time::Instant::now() + left,
        service,
    };
    // After the subscription, so that nothing can fall between the two.
    listener.tell_heads().await;
    let events = stream::unfold(listener, |mut listener| async move {
        let hint = listener.next().await?;
        let event = Event::default().event("hint").json_data(&hint).unwrap_or_default();
        Some((Ok::<_, Infallible>(event), listener))
    });
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(Sse::new(events).keep_alive(keep_alive).into_response())
}

impl Listener {
    /// Puts the present heads in line; if the database does not answer, the next poll will.
    async fn tell_heads(&mut self) {
        let Ok(mut tx) = self.service.store.read().await else { return };
        for scope in &self.scopes {
            if let Ok(Some(numbers)) = tx.feed(scope).await {
                self.waiting.push_back(Hint { scope: scope.clone(), head: numbers.head });
            }
        }
    }

    /// The next hint for this desk; `None` ends the stream.
    async fn next(&mut self) -> Option<Hint> {
        loop {
            if let Some(hint) = self.waiting.pop_front() {
                return Some(hint);
            }
            let heard = tokio::select! {
                () = tokio::time::sleep_until(self.ends) => return None,
                // An error says that the service is gone.
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
                heard = self.hints.recv() => heard,
            };
            match heard {
                Ok(hint) if self.scopes.contains(&hint.scope) => return Some(hint),
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => self.tell_heads().await,
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}
