//! What breaks.

use chrono::TimeDelta;

use super::acts::What;
use super::invariants::on_a_disk;
use super::template::copy_database;
use super::torn::tear;
use super::world::{Event, World};
use crate::dice::Dice;

/// Something that breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// A desk loses its power between two transactions.
    DeskOff,
    /// A desk loses its power while somebody does something at it.
    DeskCutInAct,
    /// A desk loses its power while it takes in an answer.
    DeskCutInAnswer,
    /// Central loses its power between two transactions.
    CentralOff,
    /// Central loses its power in the middle of a transaction.
    CentralCut,
    /// A desk hears nothing and is not heard, for hours or days.
    Outage,
    /// The line of an office's building is cut, for some hours: its desks see one another and nobody else.
    OfficeCut,
    /// Somebody copies a profile.
    Image,
    /// A disk broke: a desk goes on from a copy.
    DeskRestored,
    /// Somebody makes a backup of central.
    Backup,
    /// Central's disk broke: it goes on from a backup.
    CentralRestored,
    /// Somebody sets the clock of a desk.
    Clock,
    /// A desk loses its power, and the end of its log with it.
    DeskTorn,
    /// The same of central, and nobody gives it a new epoch.
    CentralTorn,
}

impl Fault {
    pub fn any(dice: &mut Dice) -> Self {
        match dice.below(24) {
            0..2 => Self::DeskOff,
            2..4 => Self::DeskCutInAct,
            4..7 => Self::DeskCutInAnswer,
            7 => Self::CentralOff,
            8..11 => Self::CentralCut,
            11..13 => Self::Outage,
            13..15 => Self::Image,
            15 => Self::DeskRestored,
            16 => Self::Backup,
            17..19 => Self::CentralRestored,
            19 => Self::Clock,
            20 => Self::DeskTorn,
            21 => Self::CentralTorn,
            _ => Self::OfficeCut,
        }
    }
}

/// So much later than its colleagues a reception comes back that comes last.
const LATER_H: i64 = 4;

impl World<'_> {
    /// Anything; where the reception comes back last, mostly what it comes back from.
    pub(super) async fn something_breaks(&mut self) -> anyhow::Result<()> {
        let fault = match self.reception_comes_last && self.dice.permille(800) {
            true => Fault::OfficeCut,
            false => Fault::any(&mut self.dice),
        };
        self.breaks(fault).await
    }

    pub(super) async fn breaks(&mut self, fault: Fault) -> anyhow::Result<()> {
        let post = self.dice.below(self.posts.len());
        self.breaks_at(fault, post).await
    }

    pub(super) async fn breaks_at(&mut self, fault: Fault, post: usize) -> anyhow::Result<()> {
        self.note(format!("{fault:?} (desk {post})"));
        *self.outcome.faults.entry(format!("{fault:?}")).or_default() += 1;
        match fault {
            Fault::DeskOff => self.desk_off(post).await?,
            Fault::DeskCutInAct => {
                if self.posts[post].store.is_some() {
                    self.posts[post].break_down(&mut self.dice).await?;
                    self.somebody_acts(post, What::Anything, true).await?;
                    self.desk_off(post).await?;
                }
            }
            Fault::DeskCutInAnswer => {
                // It happens at the next row of that table; the power goes a little later, whatever was under way.
                if self.posts[post].store.is_some() {
                    self.posts[post].break_down(&mut self.dice).await?;
                    self.posts[post].is_breaking = true;
                    self.cut_soon(post);
                }
            }
            Fault::CentralOff => self.central_off().await?,
            Fault::CentralCut => {
                if let Some(centre) = &mut self.centre {
                    centre.break_down(&mut self.dice).await?;
                    let after = self.dice.from_to(5, 600);
                    self.at(after, Event::CentralDies);
                }
            }
            Fault::Outage => {
                let hours = self.dice.from_to(1, 72);
                self.posts[post].cut_off_until = self.now + TimeDelta::hours(hours);
            }
            Fault::OfficeCut => {
                let until = self.now + TimeDelta::minutes(self.dice.from_to(30, 12 * 60));
                let office = self.posts[post].office;
                let inside: Vec<usize> =
                    (0..self.posts.len()).filter(|other| self.posts[*other].office == office).collect();
                let acts = if self.reception_comes_last { 5 } else { 1 };
                let last = self.receptions.get(&office).filter(|_| self.reception_comes_last).copied();
                for post in inside {
                    let later = TimeDelta::hours(if last == Some(post) { LATER_H } else { 0 });
                    self.posts[post].cut_off_until = self.posts[post].cut_off_until.max(until + later);
                    // Work goes on meanwhile.
                    for _ in 0..acts {
                        let during = self.dice.from_to(60, 1800);
                        self.at(during, Event::Act(post, What::Anything));
                    }
                }
            }
            Fault::Image => {
                if !self.posts[post].is_breaking {
                    self.posts[post].make_image()?;
                    // What it was copied for happens, sooner or later.
                    self.restore_later(post);
                }
            }
            Fault::DeskRestored => self.desk_restored(post).await?,
            Fault::Backup => self.backup()?,
            Fault::CentralRestored => self.central_restored().await?,
            Fault::Clock => {
                let hours = self.dice.from_to(-24, 24);
                self.posts[post].skew = TimeDelta::hours(hours);
            }
            Fault::DeskTorn => self.desk_torn(post).await?,
            Fault::CentralTorn => self.central_torn().await?,
        }
        Ok(())
    }

    pub(super) async fn desk_off(&mut self, post: usize) -> anyhow::Result<()> {
        if self.posts[post].store.is_none() {
            return Ok(());
        }
        self.posts[post].power_cut().await?;
        let after = self.dice.from_to(1, 3 * 3600);
        self.at(after, Event::Start(post));
        Ok(())
    }

    fn cut_soon(&mut self, post: usize) {
        let after = self.dice.from_to(1, 300);
        self.at(after, Event::DeskDies(post));
    }

    fn restore_later(&mut self, post: usize) {
        // Something is done on that disk before it breaks, and something else on the copy, before it hears of central.
        let soon = self.dice.from_to(60, 900);
        self.at(soon, Event::Act(post, What::Anything));
        if self.dice.permille(800) {
            let after = self.dice.from_to(1200, 6 * 3600);
            self.at(after, Event::Restore(post));
            self.at(after, Event::Act(post, What::Anything));
        }
    }

    pub(super) async fn central_off(&mut self) -> anyhow::Result<()> {
        if self.centre.is_none() {
            return Ok(());
        }
        let next = self.next_central();
        copy_database(&self.central_file, &next)?;
        self.stop_central().await;
        self.central_file = next;
        let after = self.dice.from_to(1, 3600);
        self.at(after, Event::CentralStarts);
        Ok(())
    }

    fn next_central(&mut self) -> std::path::PathBuf {
        self.central_files += 1;
        self.folder.path().join(format!("central-{}.db", self.central_files))
    }

    pub(super) async fn desk_restored(&mut self, post: usize) -> anyhow::Result<()> {
        let Some(image) = self.dice.pick(&self.posts[post].images).cloned() else { return Ok(()) };
        self.posts[post].is_breaking = false;
        self.posts[post].restore(&image).await?;
        self.start(post).await?;
        self.after_a_restoration(Some(post)).await
    }

    async fn desk_torn(&mut self, post: usize) -> anyhow::Result<()> {
        if self.posts[post].store.is_none() {
            return Ok(());
        }
        self.posts[post].torn(&mut self.dice).await?;
        self.start(post).await?;
        self.after_a_restoration(Some(post)).await
    }

    async fn central_torn(&mut self) -> anyhow::Result<()> {
        if self.centre.is_none() {
            return Ok(());
        }
        self.restorations += 1;
        let next = self.next_central();
        copy_database(&self.central_file, &next)?;
        tear(&self.central_file, &next, &mut self.dice)?;
        self.stop_central().await;
        self.central_file = next;
        self.start_central().await?;
        self.after_a_restoration(None).await
    }

    fn backup(&mut self) -> anyhow::Result<()> {
        let backup = self.folder.path().join(format!("backup-{}.db", self.backups.len()));
        copy_database(&self.central_file, &backup)?;
        self.backups.push(backup);
        if self.dice.permille(700) {
            let after = self.dice.from_to(600, 12 * 3600);
            self.at(after, Event::RestoreCentral);
        }
        Ok(())
    }

    pub(super) async fn central_restored(&mut self) -> anyhow::Result<()> {
        let Some(backup) = self.dice.pick(&self.backups).cloned() else { return Ok(()) };
        self.restorations += 1;
        self.stop_central().await;
        let next = self.next_central();
        copy_database(&backup, &next)?;
        self.central_file = next;
        self.start_central().await?;
        let epoch = format!("{:016x}", self.dice.uuid().as_u128() >> 64);
        if let Some(centre) = &mut self.centre {
            centre.restored(&epoch).await?;
        }
        self.after_a_restoration(None).await
    }

    /// What was only on the disk that broke is gone, and nobody is blamed for it: neither that it is nowhere, nor that the
    /// restored desk has never heard of it.
    async fn after_a_restoration(&mut self, restored: Option<usize>) -> anyhow::Result<()> {
        // Every disk is looked at, also that of a machine that is off.
        for post in 0..self.posts.len() {
            if self.posts[post].store.is_none() {
                self.start(post).await?;
            }
        }
        if self.centre.is_none() {
            self.start_central().await?;
        }
        let Some(centre) = &self.centre else { return Ok(()) };
        let held = on_a_disk(&self.posts, centre).await?;
        if let Some(post) = restored {
            let own = self.posts[post].held().await?;
            let given = self.given.iter().filter(|(_, g)| g.post == post).map(|(id, _)| *id);
            self.posts[post].forgotten = given.filter(|id| !own.contains(id)).collect();
        }
        self.strike_lost(&held).await;
        Ok(())
    }
}
