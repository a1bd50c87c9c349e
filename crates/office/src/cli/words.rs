//! The forms in which things leave the command line: JSON objects of the contract, and French words.

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use chrono_tz::Tz;
use passerelle_domain::appointment::Status;
use passerelle_office::api::dto::{
    ApiError, AppointmentView, ClientRef, CompanionView, HistoryView, RefusalView, SlotView, Standing,
};
use serde::Serialize;
use serde_json::{Value, json};

/// An instant with the offset that its place had then.
pub fn instant(at: DateTime<Utc>, zone: &str) -> String {
    at.with_timezone(&zone_of(zone)).to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// The zone by name; one that this build does not know is UTC.
pub fn zone_of(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::UTC)
}

const SHORT_DAYS: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];

/// "mar. 24/11/2026 9:00".
pub fn day_and_hour(at: DateTime<Utc>, zone: &str) -> String {
    let local = at.with_timezone(&zone_of(zone));
    let day = SHORT_DAYS[local.weekday().num_days_from_monday() as usize % 7];
    format!("{day} {}", local.format("%d/%m/%Y %-H:%M"))
}

/// "9:45".
pub fn hour(at: DateTime<Utc>, zone: &str) -> String {
    at.with_timezone(&zone_of(zone)).format("%-H:%M").to_string()
}

/// A free slot, as the contract says it; names stand beside the ids.
#[derive(Debug, Serialize)]
pub struct SlotJson {
    start: String,
    end: String,
    counsellor: String,
    site: String,
    room: Option<String>,
    counsellor_name: String,
    site_name: Option<String>,
    #[serde(skip)]
    words: String,
}

impl SlotJson {
    /// From the view of the screen.
    pub fn of(slot: &SlotView) -> Self {
        let site = slot.site_name.as_ref().map(|s| format!(", {s}")).unwrap_or_default();
        let words = format!(
            "{}–{}, {}{site}",
            day_and_hour(slot.start, &slot.zone),
            hour(slot.end, &slot.zone),
            slot.counsellor.name
        );
        Self {
            start: instant(slot.start, &slot.zone),
            end: instant(slot.end, &slot.zone),
            counsellor: slot.counsellor.id.clone(),
            site: slot.site.clone(),
            room: slot.room.clone(),
            counsellor_name: slot.counsellor.name.clone(),
            site_name: slot.site_name.clone(),
            words,
        }
    }

    /// "mar. 24/11/2026 9:00–9:45, Mme Dupont".
    pub fn in_words(&self) -> &str {
        &self.words
    }
}

/// An appointment, as the contract says it.
#[derive(Debug, Serialize)]
pub struct AppointmentJson {
    id: String,
    kind: String,
    kind_name: String,
    counsellor: String,
    counsellor_name: String,
    second: Option<String>,
    second_name: Option<String>,
    session: Option<String>,
    site: String,
    site_name: Option<String>,
    room: Option<String>,
    start: String,
    end: String,
    zone: String,
    status: Status,
    held_until: Option<String>,
    version: u32,
    sync: String,
    standing: Standing,
    conflict: Option<String>,
    client: Option<ClientRef>,
    companions: Vec<CompanionView>,
    enquiry: Option<String>,
    arrived_at: Option<String>,
    override_reason: Option<String>,
    status_missing: bool,
    history: Vec<HistoryView>,
}

impl AppointmentJson {
    /// From the view of the screen.
    pub fn of(a: AppointmentView) -> Self {
        let at = |t: Option<DateTime<Utc>>| t.map(|t| instant(t, &a.zone));
        Self {
            start: instant(a.start, &a.zone),
            end: instant(a.end, &a.zone),
            held_until: at(a.held_until),
            arrived_at: at(a.arrived_at),
            id: a.id,
            kind: a.kind.id,
            kind_name: a.kind.name,
            counsellor: a.counsellor.id,
            counsellor_name: a.counsellor.name,
            second: a.second.as_ref().map(|p| p.id.clone()),
            second_name: a.second.map(|p| p.name),
            session: a.session,
            site: a.site,
            site_name: a.site_name,
            room: a.room,
            zone: a.zone,
            status: a.status,
            version: a.version,
            sync: a.sync,
            standing: a.standing,
            conflict: a.conflict,
            client: a.client,
            companions: a.companions,
            enquiry: a.enquiry,
            override_reason: a.override_reason,
            status_missing: a.status_missing,
            history: a.history,
        }
    }
}

/// "Mme Dupont", or "Mme Dupont et M. Haddad".
pub fn held_by(a: &AppointmentView) -> String {
    match &a.second {
        Some(second) => format!("{} et {}", a.counsellor.name, second.name),
        None => a.counsellor.name.clone(),
    }
}

/// An appointment on some lines.
pub fn appointment(a: &AppointmentView) -> String {
    let mut lines = vec![
        format!("{} · {}", a.kind.name, status(a.status)),
        format!("  {}–{}, {}", day_and_hour(a.start, &a.zone), hour(a.end, &a.zone), held_by(a)),
    ];
    lines.extend(a.site_name.as_ref().map(|s| format!("  à {s}")));
    lines.extend(a.room_name.as_ref().map(|r| format!("  {r}")));
    lines.extend(a.client.as_ref().map(|c| match &c.phone {
        Some(phone) => format!("  {} · {phone}", c.name),
        None => format!("  {}", c.name),
    }));
    lines.extend(a.held_until.map(|t| format!("  retenu jusqu’au {}", day_and_hour(t, &a.zone))));
    lines.extend(a.override_reason.as_ref().map(|r| format!("  règle écartée : {r}")));
    lines.extend(standing(a.standing).map(|s| format!("  {s}")));
    lines.push(format!("  {} · version {} · {}", a.id, a.version, sync(&a.sync)));
    lines.extend(a.history.iter().map(|h| format!("  {}", history(h, &a.zone))));
    lines.join("\n")
}

fn history(h: &HistoryView, zone: &str) -> String {
    let what = match (h.what.as_str(), h.status, h.from_start) {
        ("created", Some(s), _) => format!("créé ({})", status(s)),
        ("status", Some(s), _) => status(s).to_owned(),
        ("moved", _, Some(from)) => format!("déplacé depuis le {}", day_and_hour(from, zone)),
        ("overridden", ..) => "règle écartée".to_owned(),
        (other, ..) => other.to_owned(),
    };
    let by = h.by.as_ref().map(|b| format!(", {b}")).unwrap_or_default();
    let reason = h.reason.as_ref().map(|r| format!(" : {r}")).unwrap_or_default();
    format!("{} {what}{by}{reason}", day_and_hour(h.at, zone))
}

/// How sure it is, when central has not confirmed it.
pub const fn standing(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::Confirmed => None,
        Standing::Guaranteed => Some("garanti : ce poste garde cette demi-journée"),
        Standing::Reserved => Some("sous réserve : un autre poste a pu prendre le créneau"),
        Standing::ToReplace => Some("à replacer : refusé par le service"),
    }
}

/// What central knows of it.
pub fn sync(sync: &str) -> &str {
    match sync {
        "local" => "à envoyer",
        "sent" => "envoyé",
        "acknowledged" => "enregistré",
        "conflict" => "conflit à régler",
        other => other,
    }
}

/// A state of an appointment.
pub const fn status(status: Status) -> &'static str {
    match status {
        Status::Held => "proposé",
        Status::Booked => "confirmé",
        Status::Arrived => "arrivé",
        Status::Attended => "honoré",
        Status::NoShow => "absent",
        Status::Excused => "excusé",
        Status::Cancelled => "annulé",
        Status::Declined => "refusé",
        Status::Expired => "expiré",
    }
}

/// A state of an enquiry.
pub fn enquiry_status(key: &str) -> &str {
    match key {
        "new" => "nouvelle",
        "claimed" => "prise en charge",
        "waiting_client" => "attend la famille",
        "waiting_internal" => "attend un collègue",
        "snoozed" => "reportée",
        "converted" => "rendez-vous posé",
        "answered" => "répondue",
        "closed" => "close",
        "merged" => "fusionnée",
        "spam" => "indésirable",
        other => other,
    }
}

/// A warning before a booking.
pub fn warning(code: &str, about: Option<&str>) -> String {
    let text = match code {
        "past" => "cette heure est passée",
        "absence" => "le conseiller est absent",
        "outside_opening" => "hors des plages d’ouverture",
        "duty" => "une permanence est tenue à ce moment-là",
        "external" => "le conseiller est pris ailleurs",
        "travel" => "il faut le temps de venir d’un autre lieu",
        "gap_too_short" => "trop près d’un autre rendez-vous",
        "holiday" => "jour férié",
        "closure" => "le centre est fermé",
        "same_kind_same_day" => "la personne a déjà un rendez-vous de ce motif ce jour-là",
        "room_seats" => "la salle a moins de places que la séance",
        other => other,
    };
    about.map_or_else(|| text.to_owned(), |about| format!("{text} ({about})"))
}

/// A refusal: what, and what can be done.
pub fn refusal(code: &str) -> String {
    match code {
        "slot_leased" => "Un autre poste garde cette demi-journée et ne répond pas. Choisissez un autre créneau.",
        "lease_revoked" => "Cette demi-journée a été reprise à ce poste, et le créneau donné. Choisissez-en un autre.",
        "central_needed" => "Le service central doit répondre pour cela. Réessayez quand le poste est en ligne.",
        "slot_taken" => "Ce créneau est déjà pris. Rien n’a changé ; choisissez-en un autre.",
        "room_taken" => {
            "Aucune salle n’est libre à cette heure. Rien n’a changé ; choisissez une autre heure."
        }
        "client_busy" => "Cette personne a déjà un rendez-vous à cette heure. Rien n’a changé.",
        "capacity_full" => "La séance est complète. Rien n’a changé ; choisissez-en une autre.",
        "duplicate" => "Ce rendez-vous est déjà posé.",
        "skipped_time" => {
            "Cette heure n’existe pas : les pendules avancent cette nuit-là. Choisissez-en une autre."
        }
        "bad_duration" => "Cette durée n’est pas possible.",
        "resource_unavailable" => "Ce conseiller, ce lieu, cette salle ou ce motif n’est plus proposé.",
        "not_found" => "Il n’y a rien de tel dans ce centre.",
        "stale_rev" => "Quelqu’un l’a changé entre-temps. Regardez le nouvel état, puis recommencez.",
        "dependency_refused" => "Ce dont cela dépend a été refusé. Réglez d’abord le conflit.",
        "enquiry_already_converted" => "Cette demande a déjà son rendez-vous.",
        "enquiry_claimed" => {
            "Un collègue s’occupe de cette demande. Voyez avec lui, ou reprenez-la avec --take-over."
        }
        "enquiry_not_open" => "Cette demande n’est plus ouverte.",
        "not_allowed" => "Votre rôle ne le permet pas. Demandez à un collègue qui le peut.",
        "no_such_step" => "Son état actuel ne le permet pas.",
        "too_early" => "Il est trop tôt pour cela.",
        "too_late" => "Il est trop tard pour cela.",
        "reason_missing" => "Il faut dire pourquoi.",
        "invalid_fields" => "Un champ est à corriger.",
        "id_in_use" => "Cela n’a pas pu être enregistré. Rien n’a changé ; recommencez.",
        "client_merged" => "Cette fiche est réunie avec une autre. Rien n’a changé.",
        "client_in_use" => "Un rendez-vous ou une demande porte sur cette fiche. Rien n’a changé.",
        "merge_overlap" => {
            "Les deux fiches ont un rendez-vous à la même heure. Déplacez ou annulez l’un des deux, puis réunissez-les."
        }
        "answered_since" => "La famille a écrit depuis : ce qu’elle a pu lire ne se retire plus.",
        "not_waiting" => "Cette personne n’est plus en attente.",
        "waits_already" => "Cette personne attend déjà un rendez-vous de ce motif.",
        "too_many_pins" => "Il y a déjà autant de fiches épinglées qu’il en tient. Retirez-en une d’abord.",
        "conflict_settled" => "Ce conflit est déjà réglé.",
        _ => "Cela n’a pas pu être fait. Rien n’a changé.",
    }
    .to_owned()
}

/// Any error of a command.
pub fn error(error: &ApiError, refused: Option<&RefusalView>) -> String {
    let said = |key: &str| error.params.get(key).and_then(Value::as_str).unwrap_or_default();
    match error.code.as_str() {
        "not_found" => format!("Il n’y a pas de {} de ce nom ou de cet identifiant dans ce centre.", thing(said("what"))),
        "not_ready" => "Ce poste n’a pas encore reçu les données de son CIO. Lancez « passerelle sync » quand le service central répond.".to_owned(),
        "nobody_signed_in" => "Personne n’est au poste. Dites qui agit avec --as.".to_owned(),
        "bad_time" => format!("« {} » n’est pas une heure : écrivez 2026-11-24T09:00.", said("value")),
        "bad_date" => format!("« {} » n’est pas une date que l’agenda connaît.", said("value")),
        "bad_dates" => format!("La fin ({}) vient avant le début ({}).", said("to"), said("from")),
        "bad_status" => format!("« {} » n’est pas un état connu.", said("value")),
        "bad_arguments" => format!("La commande est mal écrite : {}.", error.detail.as_deref().unwrap_or_default()),
        "file_exists" => {
            let form = if said("form") == "pdf" { "PDF" } else { "calendrier" };
            format!("{} existe et n’est pas un {form} : il n’a pas été touché. Choisissez un autre nom.", said("file"))
        }
        "file_read_only" => format!("{} existe et est protégé contre les changements : il n’a pas été touché. Choisissez un autre nom, ou levez la protection.", said("file")),
        "nobody_expected" => "Personne n’est attendu à ce rendez-vous : il n’y a pas de convocation à imprimer.".to_owned(),
        "no_session" => "Ce rendez-vous n’est pas une séance collective : il n’y a pas de feuille d’émargement.".to_owned(),
        "print" => "La page n’a pas pu être mise en forme. Rien n’a été écrit. Prévenez l’assistance.".to_owned(),
        "file" => format!("{} n’a pas pu être écrit : {}.", said("file"), error.detail.as_deref().unwrap_or_default()),
        "disk_full" => "Le disque est plein : rien n’a été enregistré. Libérez de la place, puis recommencez.".to_owned(),
        "database_busy" => "Un autre programme tient les données de ce poste : rien n’a changé. Réessayez dans un instant.".to_owned(),
        "damaged_database" => "Les données de ce poste sont abîmées. Rien n’a été effacé ; prévenez l’assistance.".to_owned(),
        "database" | "unreadable_document" | "unreadable_settings" => {
            "Les données de ce poste n’ont pas pu être lues ou écrites. Rien n’a changé. Prévenez l’assistance.".to_owned()
        }
        code => {
            let mut text = refusal(code);
            if let Some(refused) = refused {
                for f in &refused.fields {
                    text.push_str(&format!(" {} : {}.", f.field, field(&f.code)));
                }
                if let Some(person) = &refused.person {
                    text.push_str(&format!(" ({})", person.name));
                }
            }
            text
        }
    }
}

fn thing(what: &str) -> &'static str {
    match what {
        "appointment" => "rendez-vous",
        "enquiry" => "demande",
        "client" => "usager",
        "conflict" => "conflit",
        "kind" => "motif",
        "counsellor" | "person" => "personne",
        "site" => "lieu",
        "room" => "salle",
        "guardian" => "responsable",
        _ => "chose",
    }
}

/// What is wrong with a field.
pub fn field(code: &str) -> &str {
    match code {
        "required" => "à remplir",
        "in_the_future" => "cette date est à venir",
        "too_old" => "cette date est trop ancienne",
        "too_long" => "trop long",
        "phone" => "ce numéro n’est pas complet",
        "mail" => "cette adresse n’est pas complète",
        "postal_code" => "un code postal a cinq chiffres",
        "no_such_day" => "ce jour n’existe pas",
        "date" => "écrivez jour/mois/année",
        other => other,
    }
}

/// What a program may want to know of a refusal.
pub fn refusal_detail(r: &RefusalView) -> Value {
    let with = r.with.as_ref().map(|a| {
        json!({ "id": a.id, "start": instant(a.start, &a.zone), "end": instant(a.end, &a.zone), "counsellor": a.counsellor.id })
    });
    let limit = r.limit.map(|t| t.to_rfc3339_opts(SecondsFormat::Secs, true));
    if with.is_none() && limit.is_none() && r.person.is_none() && r.fields.is_empty() {
        return Value::Null;
    }
    json!({ "with": with, "limit": limit, "person": r.person, "fields": r.fields })
}
