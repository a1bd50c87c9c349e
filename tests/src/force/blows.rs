//! What is done to a process: killed, killed with a power cut or with a disk that had lied, or left without room.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::log::{self, Loss};
use super::part::{Central, DeskProcess};
use super::{Figures, rest, room};
use crate::dice::Dice;

/// Longest time until a bound is noticed, and until all goes on once it is off.
const NOTICED: Duration = Duration::from_secs(40);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(100);

/// The parts of a run.
pub(super) struct Parts<'a> {
    pub central: &'a mut Central,
    pub desks: &'a mut [DeskProcess],
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Central,
    Desk(usize),
}

impl Parts<'_> {
    /// One of those whose database is a file: one time in three central.
    pub fn one_with_a_file(&self, dice: &mut Dice) -> Which {
        if dice.below(3) == 0 && self.central.file().is_some() {
            Which::Central
        } else {
            Which::Desk(dice.below(self.desks.len()))
        }
    }

    fn file(&self, which: Which) -> Option<std::path::PathBuf> {
        match which {
            Which::Central => self.central.file(),
            Which::Desk(n) => Some(self.desks[n].file()),
        }
    }

    fn process(&self, which: Which) -> Result<u32> {
        match which {
            Which::Central => self.central.process(),
            Which::Desk(n) => self.desks[n].process(),
        }
    }

    fn kill(&mut self, which: Which) -> Result<()> {
        match which {
            Which::Central => self.central.kill(),
            Which::Desk(n) => self.desks[n].kill(),
        }
    }

    async fn resume(&mut self, which: Which) -> Result<()> {
        match which {
            Which::Central => self.central.resume().await,
            Which::Desk(n) => self.desks[n].resume().await,
        }
    }

    /// Kills one or two of them: one time in three central, and now and then a desk with it.
    pub async fn kill_some(&mut self, left: u32, dice: &mut Dice, figures: &mut Figures) -> Result<u32> {
        let both = dice.below(6) == 0 && left >= 2;
        let central_dies = both || dice.below(3) == 0;
        let desk = (both || !central_dies).then(|| dice.below(self.desks.len()));
        if let Some(n) = desk {
            figures.in_the_middle += u32::from(self.desks[n].address().is_asked());
            self.desks[n].kill()?;
            figures.desks_killed += 1;
        }
        if central_dies {
            self.central.kill()?;
            figures.central_killed += 1;
        }
        tokio::time::sleep(dice.millis(250)).await;
        if central_dies {
            self.central.resume().await?;
        }
        if let Some(n) = desk {
            self.desks[n].resume().await?;
        }
        Ok(u32::from(central_dies) + u32::from(desk.is_some()))
    }

    /// Kills one and takes from its log what a loss takes; gives the commands that are lost with it, which only a desk's own
    /// disk can lose. Nothing when there was nothing to take.
    pub async fn tear(&mut self, which: Which, loss: Loss, dice: &mut Dice) -> Result<Option<Vec<String>>> {
        self.kill(which)?;
        let known = match loss {
            // A process may die between its flush and saying so in the index: such a commit nobody was told of, and a power
            // cut may take it. What was acknowledged is looked for at the end.
            Loss::Unsynced => Vec::new(),
            Loss::Synced => self.only_there(which).await?,
        };
        let torn = match self.file(which) {
            Some(file) => log::tear(&file, loss, dice)?,
            None => false,
        };
        let left = if known.is_empty() { Vec::new() } else { self.only_there(which).await? };
        tokio::time::sleep(dice.millis(250)).await;
        self.resume(which).await?;
        Ok(torn.then(|| known.into_iter().filter(|command| !left.contains(command)).collect()))
    }

    /// What only a desk that was killed can show.
    async fn only_there(&self, which: Which) -> Result<Vec<String>> {
        match which {
            Which::Central => Ok(Vec::new()),
            Which::Desk(n) => rest::only_there(&self.desks[n]).await,
        }
    }

    /// Leaves one without room until that was said, and then with room again: half of the time while it runs, else
    /// it is killed and started again.
    pub async fn fill(&mut self, which: Which, dice: &mut Dice, figures: &mut Figures) -> Result<()> {
        let Some(file) = self.file(which) else { bail!("no file to fill") };
        room::bound(self.process(which)?, Some(room::some(&file, dice)))?;
        self.until_said(which).await?;
        // Some more of it.
        tokio::time::sleep(dice.millis(600)).await;
        match which {
            Which::Central => figures.central_full += 1,
            Which::Desk(_) => figures.desks_full += 1,
        }
        if dice.below(2) == 0 {
            self.kill(which)?;
            tokio::time::sleep(dice.millis(250)).await;
            return self.resume(which).await;
        }
        room::bound(self.process(which)?, None)?;
        if !self.goes_on(which).await {
            figures.wrong.stuck.push(format!("{which:?} with room again"));
        }
        Ok(())
    }

    /// Until a disk without room is said: by the desk to those who book, of central by a desk's own line.
    async fn until_said(&self, which: Which) -> Result<()> {
        let before = match which {
            Which::Central => 0,
            Which::Desk(n) => self.desks[n].address().heard().full(),
        };
        let begun = Instant::now();
        let mut last = Value::Null;
        let mut none = false;
        while begun.elapsed() < NOTICED {
            // A log that is begun anew meanwhile fits below the bound for as long as it grows: then nothing does.
            if !none && begun.elapsed() > NOTICED / 4 {
                room::bound(self.process(which)?, Some(0))?;
                none = true;
            }
            match which {
                Which::Desk(n) => {
                    if self.desks[n].address().heard().full() > before {
                        return Ok(());
                    }
                }
                Which::Central => {
                    for desk in &*self.desks {
                        last = exchanged(desk).await;
                        if last["offline_code"] == "central_full" {
                            return Ok(());
                        }
                    }
                }
            }
            tokio::time::sleep(LOOK).await;
        }
        bail!("{which:?} has no room, and after {NOTICED:?} nobody was told so: {last}")
    }

    async fn goes_on(&self, which: Which) -> bool {
        let done = |n: usize| self.desks[n].address().heard().done.load(Ordering::Relaxed);
        let before = match which {
            Which::Central => 0,
            Which::Desk(n) => done(n),
        };
        let begun = Instant::now();
        while begun.elapsed() < NOTICED {
            let goes = match which {
                Which::Desk(n) => done(n) > before,
                Which::Central => exchanged(&self.desks[0]).await["online"] == true,
            };
            if goes {
                return true;
            }
            tokio::time::sleep(LOOK).await;
        }
        false
    }
}

/// How a desk's line is after an exchange.
async fn exchanged(desk: &DeskProcess) -> Value {
    // Not counted as an answer to those who book: what it says of central is in the status.
    let said = desk.address().call_aside("sync.now", &json!({})).await.done();
    match said {
        Ok(status) if status.get("online").is_some() => status,
        _ => desk.address().call_aside("status.get", &json!({})).await.done().unwrap_or_default(),
    }
}
