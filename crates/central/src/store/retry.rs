//! Beginning a transaction again when others were in its way.

use std::time::{Duration, Instant};

use rand::Rng;

use super::StoreError;

/// How long after the first attempt another is begun. SQLite waits five seconds for another process before it says that
/// it is busy: that is not multiplied.
const PATIENCE: Duration = Duration::from_secs(2);
/// Milliseconds between two attempts, so that those who were in each other's way do not meet again.
const PAUSE_MS: std::ops::Range<u64> = 10..80;

/// An error that may say that a second attempt would succeed.
pub trait Passing {
    /// Whether it is worth beginning again at once.
    fn passes(&self) -> bool;
}

impl Passing for StoreError {
    fn passes(&self) -> bool {
        matches!(self, Self::Busy)
    }
}

/// Does a whole transaction, and again from its beginning when others were in its way, for two seconds at most. Each
/// attempt must leave nothing behind when it fails.
///
/// # Errors
/// Those of the last attempt.
pub async fn again<T, E, F>(mut attempt: impl FnMut() -> F) -> Result<T, E>
where
    E: Passing,
    F: Future<Output = Result<T, E>>,
{
    let begun = Instant::now();
    loop {
        match attempt().await {
            Err(error) if error.passes() && begun.elapsed() < PATIENCE => {
                let pause = rand::rng().random_range(PAUSE_MS);
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn what_was_in_the_way_is_waited_for_and_anything_else_is_said_at_once() {
        let attempts = Cell::new(0);
        let done = again(|| async {
            attempts.set(attempts.get() + 1);
            if attempts.get() < 3 { Err(StoreError::Busy) } else { Ok(attempts.get()) }
        })
        .await;
        assert!(matches!(done, Ok(3)), "{done:?}");
        let done = again(|| async {
            attempts.set(attempts.get() + 1);
            Err::<(), _>(StoreError::DiskFull)
        })
        .await;
        assert!(matches!(done, Err(StoreError::DiskFull)) && attempts.get() == 4, "{done:?}");
    }

    #[tokio::test]
    async fn patience_has_an_end() {
        let begun = Instant::now();
        let done = again(|| async { Err::<(), _>(StoreError::Busy) }).await;
        assert!(matches!(done, Err(StoreError::Busy)), "{done:?}");
        assert!((PATIENCE..PATIENCE * 3).contains(&begun.elapsed()), "{:?}", begun.elapsed());
    }
}
