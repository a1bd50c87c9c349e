//! Which standby may be read from, which part, and for how long one is left alone that has failed: no I/O.

use std::time::Duration;

use crate::store::{FeedNumbers, Location, Reached, Server, Standing};

/// A reading begins here when not more changes than these lack: a desk reads so many in one page.
pub const MOST_BEHIND: u64 = passerelle_protocol::sync::MAX_CHANGES as u64;
/// It is left alone for as long after the first failure; for twice as long after each further one.
const REST: Duration = Duration::from_secs(10);
/// Longest time that it is left alone.
const LONGEST_REST: Duration = Duration::from_secs(300);

/// Why a part is not read from the standby.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unfit {
    /// It does not answer, or not to the end.
    Away,
    /// It does not answer in time.
    Slow,
    /// It failed a moment ago and is left alone.
    Resting,
    /// It repeats no other server: it may have gone its own way.
    NotAStandby,
    /// Its database was restored to another state than the main one, or is another one.
    OtherEpoch,
    /// Its database has not the form that this version knows.
    OtherForm,
    /// It has not repeated yet what the part must have.
    Behind,
    /// It has repeated what the main database does not show yet.
    Ahead,
    /// It has reached its state by another way than the main database.
    OtherWay,
    /// What it was reading it had to give up, because what it repeats was in the way.
    InTheWay,
}

impl Unfit {
    /// A stable name.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Slow => "slow",
            Self::Resting => "resting",
            Self::NotAStandby => "not_a_standby",
            Self::OtherEpoch => "other_epoch",
            Self::OtherForm => "other_form",
            Self::Behind => "behind",
            Self::Ahead => "ahead",
            Self::OtherWay => "other_way",
            Self::InTheWay => "in_the_way",
        }
    }

    /// What an administrator can do about it.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Away | Self::Slow | Self::Resting => {
                "elle ne répond pas ; vérifiez qu’elle est démarrée, son adresse et son pg_hba.conf"
            }
            Self::NotAStandby => {
                "ce serveur ne réplique personne (pg_is_in_recovery() dit faux) ; donnez l’adresse d’un serveur en \
                 réplication, pas celle d’un serveur principal"
            }
            Self::OtherEpoch => {
                "sa base est d’une autre époque que la base principale ; refaites la réplique"
            }
            Self::OtherForm => "sa base n’a pas encore, ou n’a plus, le schéma que cette version connaît",
            Self::Behind | Self::Ahead | Self::InTheWay => {
                "elle n’est pas au même point que la base principale"
            }
            Self::OtherWay => {
                "elle ne suit pas la même histoire que la base principale ; refaites la réplique"
            }
        }
    }
}

/// Why a standby cannot be read from at all, whatever its state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadReplica {
    /// It would be a copy of nothing.
    #[error("--read-replica demande une base PostgreSQL : une base SQLite n’a pas de réplique")]
    OfAFile,
    /// It is a file.
    #[error(
        "--read-replica attend postgres://UTILISATEUR@SERVEUR/BASE : un fichier SQLite n’est pas une réplique"
    )]
    AFile,
    /// It is the main database.
    #[error(
        "--read-replica désigne la base principale elle-même ({0}) ; donnez l’adresse d’un serveur en réplication, ou \
         rien"
    )]
    Itself(String),
}

/// Whether an address can be that of a standby of this database.
///
/// # Errors
/// [`BadReplica`], with what to give.
pub fn of_another(main: &Location, replica: &Server) -> Result<(), BadReplica> {
    match main {
        Location::Sqlite(_) => Err(BadReplica::OfAFile),
        Location::Postgres(main) if main == replica => Err(BadReplica::Itself(main.to_string())),
        Location::Postgres(_) => Ok(()),
    }
}

/// Whether anything may be read from a server that says this of itself.
///
/// # Errors
/// [`Unfit`], when not.
pub fn fit(said: &Standing, epoch: &str, form: i64) -> Result<(), Unfit> {
    // One that writes by itself may write what the main database never had, under the same epoch and numbers.
    if !said.repeats {
        return Err(Unfit::NotAStandby);
    }
    if said.epoch.as_deref() != Some(epoch) {
        return Err(Unfit::OtherEpoch);
    }
    if said.form != Some(form) {
        return Err(Unfit::OtherForm);
    }
    Ok(())
}

/// Whether a part may be read there of a reading that began at `begun`, or begins with it: `there` is where the feed ends
/// on the standby, `here` where it ends on the main database, looked at later, and `mark` the mark that the change of
/// `there` has on it.
///
/// # Errors
/// [`Unfit`], when not.
pub fn reaches(
    there: Reached,
    here: FeedNumbers,
    mark: Option<i64>,
    begun: Option<u64>,
) -> Result<(), Unfit> {
    // A commit is repeated when it is on the disk, and may be seen there a moment before it is seen here. A desk that was
    // told of it would take the main database for one that was set back.
    if there.head > here.head {
        return Err(Unfit::Ahead);
    }
    // Below the floor the feed does not complete what was read.
    let least = begun.unwrap_or_else(|| here.head.saturating_sub(MOST_BEHIND));
    if there.head < least || there.head < here.floor {
        return Err(Unfit::Behind);
    }
    // After another standby has taken over, this one may have what was lost.
    if there.mark != mark {
        return Err(Unfit::OtherWay);
    }
    Ok(())
}

/// For how long it is left alone after so many failures in a row.
#[must_use]
pub fn rest(failures: u32) -> Duration {
    let doubled = REST.saturating_mul(1 << failures.saturating_sub(1).min(16));
    doubled.min(LONGEST_REST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing() -> Standing {
        Standing { repeats: true, epoch: Some("e".into()), form: Some(14), heads: 7 }
    }

    #[test]
    fn only_a_standby_of_this_database_as_it_is_now_is_read_from() {
        assert_eq!(fit(&standing(), "e", 14), Ok(()));
        for (said, why) in [
            (Standing { repeats: false, ..standing() }, Unfit::NotAStandby),
            (Standing { epoch: Some("f".into()), ..standing() }, Unfit::OtherEpoch),
            (Standing { epoch: None, ..standing() }, Unfit::OtherEpoch),
            (Standing { form: Some(13), ..standing() }, Unfit::OtherForm),
            (Standing { form: Some(15), ..standing() }, Unfit::OtherForm),
            (Standing { form: None, ..standing() }, Unfit::OtherForm),
        ] {
            assert_eq!(fit(&said, "e", 14), Err(why), "{said:?}");
        }
    }

    #[test]
    fn a_part_is_a_state_that_the_main_database_was_in_and_that_its_feed_completes() {
        let here = |head, floor| FeedNumbers { head, settings: 0, floor };
        let there = |head| Reached { head, mark: Some(5) };
        let most = MOST_BEHIND;
        for (at, main, mark, begun, expected) in [
            (10, here(10, 0), Some(5), None, Ok(())),
            (10, here(10, 0), Some(5), Some(10), Ok(())),
            (12, here(20, 0), Some(5), Some(10), Ok(())),
            (9, here(20, 0), Some(5), Some(10), Err(Unfit::Behind)),
            // A beginning may be late by a page, and not below what is kept.
            (10, here(10 + most, 0), Some(5), None, Ok(())),
            (10, here(11 + most, 0), Some(5), None, Err(Unfit::Behind)),
            (10, here(20, 10), Some(5), None, Ok(())),
            (10, here(20, 11), Some(5), None, Err(Unfit::Behind)),
            (10, here(20, 11), Some(5), Some(9), Err(Unfit::Behind)),
            // However late a reading goes on that has begun, it is completed.
            (10, here(11 + most, 0), Some(5), Some(10), Ok(())),
            (11, here(10, 0), None, None, Err(Unfit::Ahead)),
            (11, here(10, 0), Some(5), Some(10), Err(Unfit::Ahead)),
            (10, here(10, 0), Some(6), None, Err(Unfit::OtherWay)),
            (10, here(10, 0), None, Some(10), Err(Unfit::OtherWay)),
        ] {
            assert_eq!(reaches(there(at), main, mark, begun), expected, "{at} {main:?} {mark:?} {begun:?}");
        }
        // What was written before there were marks has none, and what is forgotten has none any more.
        assert_eq!(reaches(Reached { head: 3, mark: None }, here(3, 3), None, None), Ok(()));
    }

    #[test]
    fn it_is_left_alone_for_longer_each_time_and_never_for_long() {
        let rests: Vec<u64> = (0..8).map(|n| rest(n).as_secs()).collect();
        assert_eq!(rests, [10, 10, 20, 40, 80, 160, 300, 300]);
        assert_eq!(rest(u32::MAX), LONGEST_REST);
    }

    #[test]
    fn the_main_database_is_no_replica_of_itself() {
        let server = |url: &str| Server::parse(url).expect("an address");
        let at = |url: &str| Location::parse(url).expect("a location");
        let main = at("postgres://central@db/passerelle");
        assert_eq!(of_another(&main, &server("postgres://central@standby/passerelle")), Ok(()));
        let same =
            of_another(&main, &server("postgres://central:s3cret@db/passerelle")).expect_err("the same");
        assert!(same.to_string().contains("central@db") && !same.to_string().contains("s3cret"), "{same}");
        assert_eq!(of_another(&at("sqlite:c.db"), &server("postgres://db/p")), Err(BadReplica::OfAFile));
    }
}
