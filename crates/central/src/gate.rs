//! How much is done at once. Where more comes than that, what has something to send goes before what only reads; and
//! where more waits than can be answered in time, whoever comes is told when to come again instead of waiting in vain.
//!
//! Without it everything that comes at once shares the database: each waits for all, longer than its desk does, which
//! gives up and sends it again, and nothing is ever answered.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::Rng;
use tokio::sync::oneshot;

/// At once: several a core, for they wait for the disk.
const RUNNING: usize = 16;
/// Waiting to send; each is there with its body, a megabyte at most.
const SENDING: usize = 256;
/// Waiting to read.
const READING: usize = 64;
/// A desk waits thirty seconds for an answer, which has to be worked out too.
const LONGEST: Duration = Duration::from_secs(15);
/// Seconds after which to come again, spread so that those who were refused together do not come together.
const SEND_AGAIN_S: std::ops::RangeInclusive<u32> = 2..=20;
const READ_AGAIN_S: std::ops::RangeInclusive<u32> = 10..=60;

/// Why somebody comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// Something waits at a desk, and this brings it.
    Send,
    /// Only what is new is wanted.
    Read,
}

/// Too many wait already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overloaded {
    /// Come again after so many seconds.
    pub retry_after_s: u32,
}

/// The gate of a service. Clones are the same gate.
#[derive(Debug, Clone)]
pub struct Gate {
    line: Arc<Mutex<Line>>,
    longest: Duration,
}

impl Default for Gate {
    fn default() -> Self {
        Self { line: Arc::default(), longest: LONGEST }
    }
}

#[derive(Debug, Default)]
struct Line {
    running: usize,
    send: VecDeque<oneshot::Sender<Turn>>,
    read: VecDeque<oneshot::Sender<Turn>>,
}

/// The right to work; given back when it is dropped.
#[derive(Debug)]
pub struct Turn(Gate);

impl Gate {
    /// Waits for a turn.
    ///
    /// # Errors
    /// [`Overloaded`] when too many wait already, or for too long.
    pub async fn enter(&self, errand: Errand) -> Result<Turn, Overloaded> {
        let called = {
            let mut line = self.line();
            if line.running < RUNNING {
                line.running += 1;
                return Ok(Turn(self.clone()));
            }
            let (queue, most) = match errand {
                Errand::Send => (&mut line.send, SENDING),
                Errand::Read => (&mut line.read, READING),
            };
            // Those who went away while they waited do not count.
            queue.retain(|waiting| !waiting.is_closed());
            if queue.len() >= most {
                return Err(refused(errand));
            }
            let (call, called) = oneshot::channel();
            queue.push_back(call);
            called
        };
        match tokio::time::timeout(self.longest, called).await {
            Ok(Ok(turn)) => Ok(turn),
            // A turn that arrives now goes to the next one with its channel.
            Ok(Err(_)) | Err(_) => Err(refused(errand)),
        }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        // A poisoned lock only says that another thread stopped while it held a line that is always whole.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(errand: Errand) -> Overloaded {
    let spread = if errand == Errand::Send { SEND_AGAIN_S } else { READ_AGAIN_S };
    Overloaded { retry_after_s: rand::rng().random_range(spread) }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let next = {
            let mut line = self.0.line();
            let queued = loop {
                let next = line.send.pop_front().or_else(|| line.read.pop_front());
                if next.as_ref().is_none_or(|next| !next.is_closed()) {
                    break next;
                }
            };
            if queued.is_none() {
                line.running -= 1;
            }
            queued
        };
        // Outside the lock: where nobody receives it any more, the turn is dropped here, and goes on to the one after.
        if let Some(next) = next {
            let _ = next.send(Turn(self.0.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn full() -> (Gate, Vec<Turn>) {
        let gate = Gate::default();
        let mut turns = Vec::new();
        for _ in 0..RUNNING {
            turns.push(gate.enter(Errand::Read).await.expect("room"));
        }
        (gate, turns)
    }

    /// Lets others run until the line is as it should become.
    async fn until(gate: &Gate, what: &str, is: impl Fn(&Line) -> bool) {
        for _ in 0..100_000 {
            if is(&gate.line()) {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("{what}: {:?}", gate.line());
    }

    fn waiting(line: &Line) -> usize {
        line.send.iter().chain(&line.read).filter(|one| !one.is_closed()).count()
    }

    /// Comes, and says so by its number once it has had its turn.
    fn come(
        gate: &Gate,
        errand: Errand,
        number: usize,
        done: &tokio::sync::mpsc::UnboundedSender<usize>,
    ) -> tokio::task::JoinHandle<()> {
        let (gate, done) = (gate.clone(), done.clone());
        tokio::spawn(async move {
            let turn = gate.enter(errand).await.expect("a turn");
            done.send(number).expect("somebody listens");
            drop(turn);
        })
    }

    #[tokio::test]
    async fn what_is_sent_goes_before_what_is_read_each_in_order() {
        let (gate, mut turns) = full().await;
        let (done, mut order) = tokio::sync::mpsc::unbounded_channel();
        for (number, errand) in
            [Errand::Read, Errand::Read, Errand::Send, Errand::Send].into_iter().enumerate()
        {
            come(&gate, errand, number, &done);
            until(&gate, "it waits", |line| waiting(line) == number + 1).await;
        }
        turns.pop();
        let mut came = Vec::new();
        for _ in 0..4 {
            came.push(order.recv().await.expect("a number"));
        }
        assert_eq!(came, [2, 3, 0, 1]);
        drop(turns);
        until(&gate, "every turn is given back", |line| line.running == 0).await;
    }

    #[tokio::test]
    async fn beyond_what_can_wait_one_is_told_when_to_come_again() {
        let (gate, turns) = full().await;
        let (done, mut order) = tokio::sync::mpsc::unbounded_channel();
        let mut all = Vec::new();
        for number in 0..READING {
            all.push(come(&gate, Errand::Read, number, &done));
        }
        until(&gate, "all wait", |line| waiting(line) == READING).await;
        let refused = gate.enter(Errand::Read).await.expect_err("one too many");
        assert!(READ_AGAIN_S.contains(&refused.retry_after_s), "{refused:?}");
        // Those who went away leave their places, and lose no turn.
        all.drain(..READING - 1).for_each(|one| one.abort());
        until(&gate, "one is left", |line| waiting(line) == 1).await;
        come(&gate, Errand::Read, READING, &done);
        until(&gate, "another has come", |line| waiting(line) == 2).await;
        drop(turns);
        assert_eq!(order.recv().await, Some(READING - 1));
        assert_eq!(order.recv().await, Some(READING));
        until(&gate, "every turn is given back", |line| line.running == 0).await;
    }

    #[tokio::test]
    async fn nobody_waits_longer_than_its_desk() {
        let (mut gate, turns) = full().await;
        gate.longest = Duration::from_millis(10);
        let refused = gate.enter(Errand::Send).await.expect_err("nobody leaves");
        assert!(SEND_AGAIN_S.contains(&refused.retry_after_s), "{refused:?}");
        drop(turns);
        assert_eq!(gate.line().running, 0, "the turn that came too late is not lost");
    }
}
