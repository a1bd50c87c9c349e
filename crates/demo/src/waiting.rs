//! The waiting list of the demonstration: a few people of Amiens, each waiting for something else.

use chrono::{DateTime, Duration, Utc};
use passerelle_domain::client::Client;
use passerelle_domain::waiting::{Call, CallOutcome, WaitingEntry, WaitingStatus, Wish};

use crate::ids::id;
use crate::settings::Keys;

/// Name, days waited, kind, rank of the counsellor wished for, weekdays, from which minute, urgent, note.
type Line = (&'static str, i64, &'static str, Option<usize>, &'static [u8], Option<u16>, bool, &'static str);

const LINES: [Line; 6] = [
    ("Kévin Tassart", 2, "entretien", None, &[], None, true, "Décroché depuis octobre, répond le matin"),
    ("Awa Traoré", 9, "entretien", Some(5), &[], None, false, "Suivie par Mme Vasseur"),
    ("Sarah Amrani", 12, "entretien", None, &[2], Some(13 * 60 + 30), false, ""),
    ("Mathis Boulanger", 6, "entretien", None, &[], None, false, ""),
    ("Paul Hennion", 16, "court", None, &[], None, false, "Relecture de CV"),
    ("Omar Saïdi", 4, "entretien", None, &[], Some(16 * 60 + 30), false, "Travaille jusqu’à 16 h"),
];

/// Who waits as the day begins. Somebody was called the day before and did not answer.
pub(crate) fn list(keys: &Keys, clients: &[Client], now: DateTime<Utc>) -> Vec<WaitingEntry> {
    let by = keys.receptionists.first().copied();
    LINES
        .iter()
        .filter_map(|(name, days, kind, counsellor, weekdays, after_min, urgent, note)| {
            let client = clients.iter().find(|c| c.full_name() == *name)?;
            let yesterday = |outcome| Call {
                id: id(&format!("{}/waiting/{name}/call", keys.key)),
                at: now - Duration::hours(20),
                by,
                outcome,
                offered: None,
            };
            Some(WaitingEntry {
                id: id(&format!("{}/waiting/{name}", keys.key)),
                client: client.id,
                wish: Wish {
                    counsellor: counsellor.and_then(|rank| keys.counsellors.get(rank).copied()),
                    weekdays: weekdays.to_vec(),
                    after_min: *after_min,
                    urgent: *urgent,
                    note: (*note).to_owned(),
                    ..Wish::any(keys.kind(kind))
                },
                since: now - Duration::days(*days),
                calls: if *days == 6 { vec![yesterday(CallOutcome::NoAnswer)] } else { Vec::new() },
                status: WaitingStatus::Waiting,
            })
        })
        .collect()
}
