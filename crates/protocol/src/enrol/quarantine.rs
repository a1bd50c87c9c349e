//! What a desk that is trusted no longer had not sent yet: it is put into quarantine (`POST /v1/quarantine`), and a director of its
//! office says what becomes of it (`GET /v1/quarantine`, `POST /v1/quarantine/settle`).

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use passerelle_domain::Refusal;
use passerelle_domain::appointment::Status;
use passerelle_domain::ids::{AppointmentId, ClientId, CommandId, DeskId, PersonId};
use serde::{Deserialize, Serialize};

use crate::sync::{Envelope, Verdict};

/// Most commands of one desk that are kept.
pub const MAX_KEPT: usize = 10_000;
/// Most commands of which one request says what becomes.
pub const MAX_SETTLED: usize = 200;

/// Body of `POST /v1/quarantine`. Without `nonce` and `signature` central answers with a nonce to sign, as for a token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuarantineRequest {
    /// Who asks.
    pub desk: DeskId,
    /// The nonce that central gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Ed25519 signature of the nonce's text with the desk's key, 128 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// What waits at the desk, in order; as many as an exchange may have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<Envelope>,
}

/// Its answer. Nothing else is ever said to a desk that is trusted no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum QuarantineResponse {
    /// Sign this.
    Challenge {
        /// Random, used once.
        nonce: String,
    },
    /// All commands of the request are kept, each once.
    Kept {
        /// How many of this desk wait for a director.
        waiting: u32,
    },
}

/// Where and with whom a meeting would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedPlace {
    /// With whom.
    pub counsellor: PersonId,
    /// Civil start.
    pub start: NaiveDateTime,
    /// The zone that the start is meant in.
    pub zone: Tz,
}

/// A command that waits for a director, without what it says: who reads a list reads no file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The command.
    pub id: CommandId,
    /// At which desk it was given.
    pub desk: DeskId,
    /// That desk's name.
    pub desk_name: String,
    /// Its kind ("appointment.book").
    pub kind: String,
    /// By whom.
    pub actor: PersonId,
    /// When, by that desk's clock.
    pub at: DateTime<Utc>,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// The state that is noted, of a step of a meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Which meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<AppointmentId>,
    /// Where it would be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<QuarantinedPlace>,
    /// About whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// Their name, where the record waits in quarantine too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Why it was refused when it was released; nothing while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

/// Answer of `GET /v1/quarantine?actor=…`: what waits, and what was refused when it was released, in the order in which it
/// was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuarantineList {
    /// One for each command.
    pub commands: Vec<Quarantined>,
    /// There are more than are told.
    pub more: bool,
}

/// What becomes of commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settling {
    /// They are decided as any other, and so are those on which they depend.
    Release,
    /// They are not.
    Discard,
}

/// Which command of which desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Which {
    /// The desk.
    pub desk: DeskId,
    /// Its command.
    pub id: CommandId,
}

/// Body of `POST /v1/quarantine/settle`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettleRequest {
    /// Who says so: a director of the desk's office.
    pub actor: PersonId,
    /// What becomes of them.
    pub settling: Settling,
    /// Which; one that is settled already is left as it is.
    pub commands: Vec<Which>,
}

/// What became of one that was released.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Released {
    /// Which.
    #[serde(flatten)]
    pub which: Which,
    /// What was decided; held: another desk was asked for the half-day, or this central does not know the command. It still
    /// waits.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// Answer of `POST /v1/quarantine/settle`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    /// Of those that were released, in order.
    pub released: Vec<Released>,
    /// How many were discarded.
    pub discarded: u32,
}
