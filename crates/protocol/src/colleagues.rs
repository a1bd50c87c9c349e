//! The network of an office: what its desks say to each other while central is out of reach, and how they know one another.
//!
//! One of them, the reception, is the relay: the order in which it receives commands is the order of the office until
//! central has decided. What travels are the commands that will travel to central; nobody decides in its place.

use passerelle_domain::ids::{CommandId, DeskId};
use serde::{Deserialize, Serialize};

use crate::sync::Envelope;

/// Most bytes of one message between desks.
pub const MAX_MESSAGE: usize = 4 * 1024 * 1024;
/// Most commands in one message: the rest comes with the next.
pub const MAX_SHARED: usize = 500;
/// Most commands in the order of an office: what is given beyond them is known to its own desk alone until central is back.
pub const MAX_ORDER: usize = 5_000;
/// Most addresses that a desk may say of itself.
pub const MAX_ADDRESSES: usize = 8;
/// Longest address, bytes: a host and a port.
pub const MAX_ADDRESS: usize = 80;

/// Body of `POST /v1/colleagues`: a desk says where the others find it, and asks who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColleaguesRequest {
    /// `host:port` on the office's own network; none when this desk does not listen.
    pub listens: Vec<String>,
}

/// Its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleagues {
    /// All desks of the office that are trusted, the one that asks among them.
    pub desks: Vec<Colleague>,
}

/// A desk as the others of its office know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// Its id.
    pub desk: DeskId,
    /// "Accueil".
    pub name: String,
    /// Ed25519 public key, 64 hexadecimal digits: nobody else is taken for it.
    pub public_key: String,
    /// It holds the next days of the office: the relay.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reception: bool,
    /// Where it listens, as it last said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listens: Vec<String>,
}

/// What a desk says to the relay: what central has not acknowledged of its own commands, and what it has of the others'.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShareRequest {
    /// Version of the wire form.
    pub v: u32,
    /// Who speaks. The connection has shown its key.
    pub desk: DeskId,
    /// Central's epoch as this desk knows it: desks of two epochs have nothing to say to each other.
    pub epoch: String,
    /// Its own commands that the relay has not put into its order, oldest first.
    pub commands: Vec<Envelope>,
    /// All that it has of the order, its own commands among them.
    pub has: Vec<CommandId>,
    /// Its own commands that wait, as they stand now: a desk that takes a new incarnation numbers them anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<Own>,
}

/// A command of the desk that speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Which.
    pub id: CommandId,
    /// Its number at its desk.
    pub seq: u64,
    /// Central may have decided it, its word having been lost on the way: nobody can promise it a place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub perhaps_decided: bool,
}

/// The relay's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShareResponse {
    /// Central's epoch as the relay knows it.
    pub epoch: String,
    /// The whole order as it stands: each command with its number.
    pub order: Vec<Place>,
    /// Those of the order that the desk does not have, as many as go into one answer.
    pub commands: Vec<Shared>,
    /// There are more of them: ask again at once.
    pub has_more: bool,
    /// Desks that the relay has heard in the last minute, itself among them.
    pub desks: u32,
}

/// A command's place in the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Which.
    pub id: CommandId,
    /// Its number: earlier ones come before it.
    pub number: u64,
    /// Its number at its own desk, as that has last said it: what was given at one desk stays in this order. 0 where an older
    /// relay does not say.
    #[serde(default)]
    pub seq: u64,
    /// The relay's word that its place is kept, where it holds the half-day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vouch: Option<Vouch>,
    /// Why it does not hold over those before it; central has the last word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubtful: Option<String>,
    /// Central may have decided it: the relay's word goes to central with it, but nobody is told that its place is sure.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub perhaps_decided: bool,
}

/// A command of the order, with the desk that gave it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shared {
    /// Whose.
    pub desk: DeskId,
    /// The command, as it will be sent to central.
    pub envelope: Envelope,
}

/// A desk that holds half-days says that it keeps the place of another desk's command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouch {
    /// Who says so: the holder.
    pub by: DeskId,
    /// Under which leases, `<id>/<term>`, parted by blanks.
    pub leases: String,
    /// Ed25519 signature of [`vouched`] with the holder's key, 128 hexadecimal digits.
    pub signature: String,
}

/// What a holder signs: that it is about this very command, by whom, with its arguments, and under which leases.
#[must_use]
pub fn vouched(envelope: &Envelope, leases: &str) -> Vec<u8> {
    // Keys of a JSON object are in order: the text is the same on both sides.
    format!("passerelle vouch 1\n{}\n{}\n{leases}\n{}", envelope.id, envelope.actor, envelope.command)
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(text: &str) -> Envelope {
        serde_json::from_str(text).expect("an envelope")
    }

    #[test]
    fn what_is_signed_is_the_same_however_the_keys_were_ordered_and_another_for_other_arguments() {
        let one = r#"{"id":"01920000-0000-7000-8000-000000000001","seq":1,"v":1,
            "actor":"01920000-0000-7000-8000-000000000002","at":"2026-11-26T09:00:00Z","#;
        let a = envelope(&format!(r#"{one}"kind":"x","args":{{"a":1,"b":2}}}}"#));
        let b = envelope(&format!(r#"{one}"args":{{"b":2,"a":1}},"kind":"x"}}"#));
        let c = envelope(&format!(r#"{one}"args":{{"b":2,"a":2}},"kind":"x"}}"#));
        assert_eq!(vouched(&a, "l/1"), vouched(&b, "l/1"));
        assert_ne!(vouched(&a, "l/1"), vouched(&c, "l/1"));
        assert_ne!(vouched(&a, "l/1"), vouched(&a, "l/2"));
    }
}
