//! `book`, `appointments …`, `agenda export`.

use clap::{Args, Subcommand};
use passerelle_office::api::dto::{
    AppointmentView, BookingDraft, CalendarFile, CalendarRequest, CheckView, Done, MoveDraft, WarningView,
};
use passerelle_office::desk::Desk;
use serde_json::{Value, json};

use super::arguments::{call, kind, local_text, optional_date, person, settings, site, start, status};
use super::failure::Failure;
use super::said::{Said, table};
use super::words::{self, AppointmentJson};

/// Pose un rendez-vous.
#[derive(Debug, Args)]
pub struct Book {
    /// Motif : « entretien », son nom ou son identifiant
    #[arg(long, value_name = "MOTIF")]
    kind: String,
    /// Avec qui
    #[arg(long, value_name = "PERSONNE")]
    counsellor: String,
    /// Avec une deuxième personne, qui reçoit aussi
    #[arg(long, value_name = "PERSONNE")]
    with: Option<String>,
    /// Début : 2026-11-24T09:00 (heure du lieu), ou avec son décalage
    #[arg(long, value_name = "HEURE")]
    start: String,
    /// Minutes ; celles du motif par défaut
    #[arg(long, value_name = "MINUTES")]
    minutes: Option<u32>,
    /// Où ; là où est le conseiller par défaut
    #[arg(long, value_name = "LIEU")]
    site: Option<String>,
    /// Identifiant de la demande qui devient ce rendez-vous
    #[arg(long, value_name = "ID")]
    enquiry: Option<String>,
    /// Identifiant de l’usager
    #[arg(long, value_name = "ID")]
    client: Option<String>,
    /// Écarte une règle, pour ce motif qui sera gardé
    #[arg(long = "override", value_name = "RAISON")]
    override_reason: Option<String>,
    /// Propose le créneau et le retient au lieu de le poser
    #[arg(long)]
    hold: bool,
}

#[derive(Debug, Subcommand)]
pub enum Sub {
    /// Les énumère ; à partir d’aujourd’hui si aucun jour n’est dit
    List {
        /// Premier jour
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
        /// Dernier jour, compris
        #[arg(long, value_name = "DATE")]
        to: Option<String>,
        /// D’un seul conseiller
        #[arg(long, value_name = "PERSONNE")]
        counsellor: Option<String>,
        /// D’un seul état
        #[arg(long, value_name = "ÉTAT")]
        status: Option<String>,
    },
    /// En montre un, avec son histoire
    Show {
        /// Identifiant
        id: String,
    },
    /// Le déplace
    Move {
        /// Identifiant
        id: String,
        /// Nouveau début
        #[arg(long, value_name = "HEURE")]
        start: String,
        /// Avec quelqu’un d’autre
        #[arg(long, value_name = "PERSONNE")]
        counsellor: Option<String>,
        /// Avec une deuxième personne ; « personne » pour n’en garder qu’une
        #[arg(long, value_name = "PERSONNE")]
        with: Option<String>,
        /// Ailleurs
        #[arg(long, value_name = "LIEU")]
        site: Option<String>,
        /// Écarte une règle, pour ce motif qui sera gardé
        #[arg(long = "override", value_name = "RAISON")]
        override_reason: Option<String>,
    },
    /// Change son état
    Set {
        /// Identifiant
        id: String,
        /// Nouvel état : booked, arrived, attended, no_show, excused, cancelled…
        status: String,
        /// Pourquoi ; obligatoire pour annuler
        #[arg(long, value_name = "RAISON")]
        reason: Option<String>,
        /// Pour qui, quand une proposition est acceptée
        #[arg(long, value_name = "ID")]
        client: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum AgendaSub {
    /// Écrit un fichier .ics : un rendez-vous, ou l’agenda
    Export {
        /// Premier jour
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
        /// Dernier jour, compris
        #[arg(long, value_name = "DATE")]
        to: Option<String>,
        /// D’un seul conseiller
        #[arg(long, value_name = "PERSONNE")]
        counsellor: Option<String>,
        /// Un seul rendez-vous
        #[arg(long, value_name = "ID", conflicts_with_all = ["from", "to", "counsellor"])]
        appointment: Option<String>,
        /// Écrit les noms et les motifs ; sans cela le fichier n’en dit aucun
        #[arg(long)]
        with_names: bool,
        /// Fichier ; par défaut dans le dossier « exports » du poste
        #[arg(long, value_name = "FICHIER")]
        out: Option<String>,
    },
}

/// `book`.
pub async fn book(desk: &Desk, args: Book) -> Result<Said, Failure> {
    let settings = settings(desk).await?;
    let counsellor = person(&settings, "--counsellor", &args.counsellor)?;
    let second = args.with.as_deref().map(|p| person(&settings, "--with", p)).transpose()?;
    let place = args.site.as_deref().map(|s| site(&settings, "--site", s)).transpose()?;
    let local = start("--start", &args.start)?.at(&settings, counsellor, place);
    let mut draft = BookingDraft {
        kind: kind(&settings, "--kind", &args.kind)?.to_string(),
        counsellor: counsellor.to_string(),
        second: second.map(|p| p.to_string()),
        start: local_text(local),
        minutes: args.minutes,
        site: place.map(|s| s.to_string()),
        client: args.client,
        enquiry: args.enquiry,
        override_reason: args.override_reason,
        ..BookingDraft::default()
    };
    let check: CheckView = call(desk, "agenda.check", json!(draft)).await?;
    draft.seen_warnings = told(&check);
    let name = if args.hold { "appointments.hold" } else { "appointments.book" };
    if args.hold {
        let minutes = i64::from(settings.office.hold_min);
        draft.held_until = Some(desk.now() + chrono::Duration::minutes(minutes));
    }
    let done: Done = call(desk, name, json!(draft)).await?;
    after(desk, &done).await
}

/// Says the warnings on standard error: they never stop a booking. Gives their codes.
fn told(check: &CheckView) -> Vec<String> {
    if check.refusal.is_none() {
        for WarningView { code, about, .. } in &check.warnings {
            eprintln!("passerelle : à vérifier : {}.", words::warning(code, about.as_deref()));
        }
    }
    check.warnings.iter().map(|w| w.code.clone()).collect()
}

/// The appointment as it stands after a change, with its history.
async fn after(desk: &Desk, done: &Done) -> Result<Said, Failure> {
    let id = done.appointment.as_ref().map(|a| a.id.clone()).or_else(|| done.id.clone());
    show(desk, &id.unwrap_or_default()).await
}

async fn show(desk: &Desk, id: &str) -> Result<Said, Failure> {
    let a: AppointmentView = call(desk, "appointments.get", json!({ "id": id })).await?;
    let text = words::appointment(&a);
    Said::new(AppointmentJson::of(a), text)
}

/// `appointments …`.
pub async fn run(desk: &Desk, sub: Sub) -> Result<Said, Failure> {
    match sub {
        Sub::List { from, to, counsellor, status } => list(desk, from, to, counsellor, status).await,
        Sub::Show { id } => show(desk, &id).await,
        Sub::Move { id, start: text, counsellor, with, site: place, override_reason } => {
            let settings = settings(desk).await?;
            let current: AppointmentView = call(desk, "appointments.get", json!({ "id": id })).await?;
            let who = counsellor.as_deref().unwrap_or(&current.counsellor.id);
            let who = person(&settings, "--counsellor", who)?;
            let place = place.as_deref().map(|s| site(&settings, "--site", s)).transpose()?;
            let second = match with.as_deref() {
                Some("personne") => Some(String::new()),
                Some(name) => Some(person(&settings, "--with", name)?.to_string()),
                None => None,
            };
            let mut draft = MoveDraft {
                id,
                start: local_text(start("--start", &text)?.at(&settings, who, place)),
                counsellor: Some(who.to_string()),
                second,
                site: place.map(|s| s.to_string()),
                override_reason,
                ..MoveDraft::default()
            };
            let check: CheckView = call(desk, "agenda.check_move", json!(draft)).await?;
            draft.seen_warnings = told(&check);
            let done: Done = call(desk, "appointments.move", json!(draft)).await?;
            after(desk, &done).await
        }
        Sub::Set { id, status: wanted, reason, client } => {
            let wanted = status("ÉTAT", &wanted)?;
            let args = json!({ "id": id, "status": wanted, "reason": reason, "client": client });
            let done: Done = call(desk, "appointments.set_status", args).await?;
            after(desk, &done).await
        }
    }
}

async fn list(
    desk: &Desk,
    from: Option<String>,
    to: Option<String>,
    counsellor: Option<String>,
    wanted: Option<String>,
) -> Result<Said, Failure> {
    let settings = settings(desk).await?;
    let counsellor = counsellor.map(|c| person(&settings, "--counsellor", &c)).transpose()?;
    let wanted = wanted.map(|s| status("--status", &s)).transpose()?;
    let args = json!({
        "from": optional_date("--from", from.as_deref())?,
        "to": optional_date("--to", to.as_deref())?,
        "counsellor": counsellor.map(|c| c.to_string()),
        "status": wanted,
    });
    let found: Vec<AppointmentView> = call(desk, "appointments.list", args).await?;
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|a| {
            vec![
                format!("{}–{}", words::day_and_hour(a.start, &a.zone), words::hour(a.end, &a.zone)),
                words::held_by(a),
                a.kind.name.clone(),
                a.client.as_ref().map(|c| c.name.clone()).unwrap_or_default(),
                words::status(a.status).to_owned(),
                words::sync(&a.sync).to_owned(),
                a.id.clone(),
            ]
        })
        .collect();
    let text = if rows.is_empty() {
        "Aucun rendez-vous.".to_owned()
    } else {
        table(&["Quand", "Avec", "Motif", "Usager", "État", "Envoi", "Identifiant"], &rows)
    };
    Said::new(found.into_iter().map(AppointmentJson::of).collect::<Vec<_>>(), text)
}

/// `agenda …`.
pub async fn agenda(desk: &Desk, sub: AgendaSub) -> Result<Said, Failure> {
    let AgendaSub::Export { from, to, counsellor, appointment, with_names, out } = sub;
    let settings = settings(desk).await?;
    let request = CalendarRequest {
        appointment,
        from: optional_date("--from", from.as_deref())?,
        to: optional_date("--to", to.as_deref())?,
        counsellor: counsellor
            .map(|c| person(&settings, "--counsellor", &c))
            .transpose()?
            .map(|c| c.to_string()),
        with_names,
        out,
    };
    let file: CalendarFile = call(desk, "calendar.export", json!(request)).await?;
    let events = file.events;
    let text = format!("{events} rendez-vous écrit{} dans {}", if events > 1 { "s" } else { "" }, file.file);
    let json: Value = json!({ "events": events, "file": file.file });
    Said::new(json, text)
}
