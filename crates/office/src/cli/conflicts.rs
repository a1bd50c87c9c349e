//! `conflicts …`.

use clap::{Subcommand, ValueEnum};
use passerelle_domain::ids::SiteId;
use passerelle_office::api::dto::{ConflictSide, ConflictView, Done, SlotChoice, SlotView};
use passerelle_office::desk::Desk;
use serde_json::{Value, json};

use super::arguments::{call, local_text, person, settings, site, start};
use super::failure::Failure;
use super::said::Said;
use super::words::{self, AppointmentJson, SlotJson};

#[derive(Debug, Subcommand)]
pub enum Sub {
    /// Les énumère, le rendez-vous le plus proche d’abord
    List {
        /// Ceux qui sont réglés
        #[arg(long)]
        settled: bool,
    },
    /// En règle un
    Resolve {
        /// Identifiant
        id: String,
        /// Garder le leur, imposer le mien, ou prendre un autre créneau
        #[arg(long, value_enum)]
        take: Take,
        /// Le combientième des créneaux proposés, à partir de 1
        #[arg(long, value_name = "N", conflicts_with_all = ["start", "counsellor"])]
        slot: Option<usize>,
        /// Ou un autre début
        #[arg(long, value_name = "HEURE")]
        start: Option<String>,
        /// Avec qui
        #[arg(long, value_name = "PERSONNE")]
        counsellor: Option<String>,
        /// Où
        #[arg(long, value_name = "LIEU")]
        site: Option<String>,
        /// Pourquoi le mien l’emporte
        #[arg(long, value_name = "RAISON", required_if_eq("take", "mine"))]
        reason: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Take {
    Mine,
    Theirs,
    Slot,
}

/// `conflicts …`.
pub async fn run(desk: &Desk, sub: Sub) -> Result<Said, Failure> {
    match sub {
        Sub::List { settled } => {
            let found = conflicts(desk, settled).await?;
            let text = if found.is_empty() {
                if settled { "Aucun conflit réglé." } else { "Aucun conflit à régler." }.to_owned()
            } else {
                found.iter().map(in_words).collect::<Vec<_>>().join("\n\n")
            };
            Said::new(found.into_iter().map(as_json).collect::<Vec<_>>(), text)
        }
        Sub::Resolve { id, take, slot, start: at, counsellor, site: place, reason } => {
            let view = conflicts(desk, false).await?.into_iter().find(|c| c.id == id);
            let slot = match take {
                Take::Slot => Some(choice(desk, view.as_ref(), slot, at, counsellor, place).await?),
                Take::Mine | Take::Theirs => None,
            };
            let take = match take {
                Take::Mine => "mine",
                Take::Theirs => "theirs",
                Take::Slot => "slot",
            };
            let args = json!({ "id": id, "take": take, "slot": slot, "reason": reason });
            let done: Done = call(desk, "conflicts.resolve", args).await?;
            let text = match &done.appointment {
                Some(a) => format!("Conflit réglé.\n{}", words::appointment(a)),
                None => "Conflit réglé.".to_owned(),
            };
            let appointment = done.appointment.map(AppointmentJson::of);
            Said::new(
                json!({ "id": id, "take": take, "commands": done.commands, "appointment": appointment }),
                text,
            )
        }
    }
}

async fn conflicts(desk: &Desk, settled: bool) -> Result<Vec<ConflictView>, Failure> {
    let state = if settled { "settled" } else { "open" };
    call(desk, "conflicts.list", json!({ "state": state })).await
}

fn offered(c: &ConflictView) -> impl Iterator<Item = &SlotView> {
    c.same_person.iter().chain(&c.colleagues)
}

async fn choice(
    desk: &Desk,
    view: Option<&ConflictView>,
    number: Option<usize>,
    at: Option<String>,
    counsellor: Option<String>,
    place: Option<String>,
) -> Result<SlotChoice, Failure> {
    let Some(at) = at else {
        let number = number.unwrap_or(1);
        let slot = view.and_then(|v| number.checked_sub(1).and_then(|n| offered(v).nth(n)));
        let slot = slot.ok_or_else(|| {
            let count = view.map_or(0, |v| offered(v).count());
            Failure::input(
                "bad_slot",
                format!("--slot : il y a {count} créneaux proposés, pas de numéro {number}."),
            )
        })?;
        return Ok(SlotChoice {
            local: slot.local.clone(),
            counsellor: slot.counsellor.id.clone(),
            site: slot.site.clone(),
        });
    };
    let settings = settings(desk).await?;
    let mine = view.and_then(|v| v.mine.as_ref()?.appointment.as_ref());
    let who = counsellor.or_else(|| mine.map(|a| a.counsellor.id.clone())).unwrap_or_default();
    let who = person(&settings, "--counsellor", &who)?;
    let place: Option<SiteId> = place.map(|s| site(&settings, "--site", &s)).transpose()?;
    let local = start("--start", &at)?.at(&settings, who, place);
    let place = place.or_else(|| passerelle_domain::availability::site_at(&settings, who, local));
    let site = place.map(|s| s.to_string()).unwrap_or_default();
    Ok(SlotChoice { local: local_text(local), counsellor: who.to_string(), site })
}

fn side_json(side: ConflictSide) -> Value {
    let at = side.at.map(|t| t.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
    let appointment = side.appointment.map(AppointmentJson::of);
    json!({ "appointment": appointment, "by": side.by, "at": at, "offline": side.offline })
}

fn as_json(c: ConflictView) -> Value {
    let slots = |all: &[SlotView]| all.iter().map(SlotJson::of).collect::<Vec<_>>();
    let (same_person, colleagues) = (slots(&c.same_person), slots(&c.colleagues));
    json!({
        "id": c.id,
        "code": c.code,
        "message": words::refusal(&c.code),
        "state": c.state,
        "at": c.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        "kind": c.kind,
        "mine": c.mine.map(side_json),
        "theirs": c.theirs.map(side_json),
        "same_person": same_person,
        "colleagues": colleagues,
        "phone": c.phone,
        "settled": c.settled,
    })
}

fn in_words(c: &ConflictView) -> String {
    let mut lines = vec![format!("{} · {}", words::refusal(&c.code), c.id)];
    for (whose, side) in [("ici", &c.mine), ("ailleurs", &c.theirs)] {
        let Some(side) = side else { continue };
        let by = side.by.as_deref().unwrap_or("le service");
        let offline = if side.offline { ", hors ligne" } else { "" };
        lines.push(format!("  {whose}, par {by}{offline} :"));
        if let Some(a) = &side.appointment {
            let client = a.client.as_ref().map(|c| format!(", {}", c.name)).unwrap_or_default();
            let when = words::day_and_hour(a.start, &a.zone);
            lines.push(format!("    {} le {when}, {}{client}", a.kind.name, a.counsellor.name));
        }
    }
    lines.extend(c.phone.as_ref().map(|p| format!("  appeler le {p}")));
    lines.extend(offered(c).enumerate().map(|(i, s)| format!("  {}. {}", i + 1, SlotJson::of(s).in_words())));
    lines.extend(c.settled.as_ref().map(|s| format!("  réglé : {s}")));
    lines.join("\n")
}
