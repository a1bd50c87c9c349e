//! `enquiries …`.

use std::io::Read;
use std::path::Path;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use clap::{Args, Subcommand, ValueEnum};
use passerelle_domain::availability::site_at;
use passerelle_domain::office::OfficeSettings;
use passerelle_office::api::dto::{
    ApiError, Done, EnquiryFilter, EnquiryList, EnquiryRow, EnquiryView, SlotChoice,
};
use passerelle_office::desk::Desk;
use serde_json::json;

use super::arguments::{call, kind, local_text, person, settings, start};
use super::failure::Failure;
use super::said::{Said, table};
use super::words;

#[derive(Debug, Subcommand)]
pub enum Sub {
    /// Les énumère, la plus urgente d’abord ; celles qui sont ouvertes si rien n’est dit
    List {
        /// D’un seul état : new, claimed, waiting_client, waiting_internal, snoozed, converted, answered, closed…
        #[arg(long, value_name = "ÉTAT")]
        status: Option<String>,
        /// Les miennes
        #[arg(long)]
        mine: bool,
        /// Mots de l’objet, du nom ou du fil ; téléphone
        #[arg(long, value_name = "MOTS")]
        query: Option<String>,
        /// Au plus tant de demandes
        #[arg(long, value_name = "N", default_value_t = 200)]
        limit: u32,
    },
    /// En montre une, avec son fil
    Show {
        /// Identifiant
        id: String,
    },
    /// Note une demande faite au téléphone ou à l’accueil
    New(Box<New>),
    /// S’en charge
    Claim {
        /// Identifiant
        id: String,
        /// La reprend à un collègue
        #[arg(long)]
        take_over: bool,
    },
    /// Y répond
    Answer {
        /// Identifiant
        id: String,
        /// Fichier du texte (« - » : entrée standard), ou le texte lui-même s’il a plusieurs mots
        #[arg(long, value_name = "FICHIER")]
        text: String,
        /// Propose et retient un créneau : CONSEILLER@HEURE ; plusieurs fois s’il le faut
        #[arg(long = "propose", value_name = "CONSEILLER@HEURE")]
        proposals: Vec<String>,
        /// Motif des créneaux proposés
        #[arg(long, value_name = "MOTIF", requires = "proposals")]
        kind: Option<String>,
    },
    /// La clôt
    Close {
        /// Identifiant
        id: String,
    },
    /// La reporte
    Snooze {
        /// Identifiant
        id: String,
        /// Jusqu’à ce jour (à l’ouverture), ou cette heure
        #[arg(long, value_name = "DATE")]
        until: String,
    },
    /// La réunit à une autre, qui continue
    Merge {
        /// Identifiant de celle qui s’arrête
        id: String,
        /// Identifiant de celle qui continue
        #[arg(long, value_name = "ID")]
        into: String,
    },
}

/// Note une demande.
#[derive(Debug, Args)]
pub struct New {
    /// Par quel moyen
    #[arg(long, value_enum, default_value = "phone")]
    channel: ChannelArg,
    /// Objet
    #[arg(long)]
    subject: String,
    /// Ce qui a été dit
    #[arg(long)]
    text: String,
    /// Qui demande
    #[arg(long)]
    name: String,
    /// Qui est-ce pour le jeune
    #[arg(long, value_enum, default_value = "self")]
    relation: RelationArg,
    /// Code postal du domicile
    #[arg(long)]
    postal_code: String,
    /// Téléphone
    #[arg(long)]
    phone: Option<String>,
    /// Adresse mél
    #[arg(long)]
    mail: Option<String>,
    /// Classe, en mots
    #[arg(long = "class", value_name = "CLASSE")]
    class_level: Option<String>,
    /// Identifiant de l’usager
    #[arg(long, value_name = "ID")]
    client: Option<String>,
    /// Cachée à l’accueil
    #[arg(long)]
    sensitive: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum ChannelArg {
    Phone,
    WalkIn,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum RelationArg {
    #[value(name = "self")]
    Own,
    Mother,
    Father,
    Other,
}

/// `enquiries …`.
pub async fn run(desk: &Desk, sub: Sub) -> Result<Said, Failure> {
    match sub {
        Sub::List { status, mine, query, limit } => list(desk, status, mine, query, limit).await,
        Sub::Show { id } => show(desk, &id).await,
        Sub::New(new) => open(desk, *new).await,
        Sub::Claim { id, take_over } => {
            change(desk, "enquiries.claim", &id, json!({ "id": id, "take_over": take_over })).await
        }
        Sub::Answer { id, text, proposals, kind: motive } => {
            let settings = settings(desk).await?;
            let text = text_of(&text)?;
            let slots = proposals.iter().map(|p| proposal(&settings, p)).collect::<Result<Vec<_>, _>>()?;
            let motive = motive.map(|k| kind(&settings, "--kind", &k)).transpose()?.map(|k| k.to_string());
            let args = json!({ "id": id, "text": text, "proposals": slots, "kind": motive });
            change(desk, "enquiries.answer", &id, args).await
        }
        Sub::Close { id } => change(desk, "enquiries.close", &id, json!({ "id": id })).await,
        Sub::Snooze { id, until } => {
            let settings = settings(desk).await?;
            let until = until_of(&settings, &until)?;
            change(desk, "enquiries.snooze", &id, json!({ "id": id, "until": until })).await
        }
        Sub::Merge { id, into } => {
            change(desk, "enquiries.merge", &id, json!({ "id": id, "into": into })).await
        }
    }
}

async fn list(
    desk: &Desk,
    status: Option<String>,
    mine: bool,
    query: Option<String>,
    limit: u32,
) -> Result<Said, Failure> {
    // What is open is two of the screen's views; with a state or words, everything is looked through.
    let open = status.is_none() && query.is_none();
    let views: &[&str] = if open { &["todo", "waiting"] } else { &["all"] };
    let mut rows: Vec<EnquiryRow> = Vec::new();
    for view in views {
        let filter = EnquiryFilter {
            view: Some((*view).to_owned()),
            status: status.clone(),
            mine,
            query: query.clone(),
            limit: Some(limit),
        };
        let found: EnquiryList = call(desk, "enquiries.list", json!(filter)).await?;
        rows.extend(found.rows);
    }
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let settings = settings(desk).await?;
    let zone = settings.office.zone.name();
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|r| {
            vec![
                r.reference.clone(),
                words::day_and_hour(r.due_at, zone),
                r.name.clone(),
                if r.hidden { "(sensible)".to_owned() } else { shortened(&r.subject, 48) },
                words::enquiry_status(&r.status).to_owned(),
                r.owner.as_ref().map(|o| o.name.clone()).unwrap_or_default(),
                r.id.clone(),
            ]
        })
        .collect();
    let text = if lines.is_empty() {
        "Aucune demande.".to_owned()
    } else {
        table(&["Référence", "À répondre avant", "Qui", "Objet", "État", "Par", "Identifiant"], &lines)
    };
    Said::new(rows, text)
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most - 1).collect();
    short.push('…');
    short
}

async fn show(desk: &Desk, id: &str) -> Result<Said, Failure> {
    let view: EnquiryView = call(desk, "enquiries.get", json!({ "id": id })).await?;
    let settings = settings(desk).await?;
    let text = in_words(&view, settings.office.zone.name());
    Said::new(view, text)
}

fn in_words(view: &EnquiryView, zone: &str) -> String {
    let row = &view.row;
    let subject = if row.hidden { "(demande sensible)" } else { row.subject.as_str() };
    let mut lines = vec![
        format!("{} · {subject} · {}", row.reference, words::enquiry_status(&row.status)),
        format!("  {}{}", row.name, row.class_level.as_ref().map(|c| format!(" · {c}")).unwrap_or_default()),
    ];
    let home =
        if view.communes.is_empty() { String::new() } else { format!(" {}", view.communes.join(", ")) };
    lines.push(format!("  {}{home}", view.postal_code));
    let contact: Vec<&str> = [view.phone.as_deref(), view.mail.as_deref()].into_iter().flatten().collect();
    if !contact.is_empty() {
        lines.push(format!("  {}", contact.join(" · ")));
    }
    lines.push(format!("  reçue le {}", words::day_and_hour(row.received_at, zone)));
    lines.push(format!("  à répondre avant le {}", words::day_and_hour(row.due_at, zone)));
    lines.extend(row.owner.as_ref().map(|o| format!("  {} s’en occupe", o.name)));
    for m in &view.thread {
        let note = if m.internal { ", note interne" } else { "" };
        let name = if m.from == "online_service" { "Service en ligne" } else { m.name.as_str() };
        lines.push(format!("\n{name}, {}{note}", words::day_and_hour(m.at, zone)));
        lines.extend(m.text.lines().map(|l| format!("  {l}")));
    }
    for a in view.proposals.iter().chain(&view.appointment) {
        lines.push(format!("\n{}", words::appointment(a)));
    }
    lines.push(format!("\n{}", row.id));
    lines.join("\n")
}

/// Gives a command about an enquiry and shows the enquiry as it stands then.
async fn change(desk: &Desk, name: &str, id: &str, args: serde_json::Value) -> Result<Said, Failure> {
    let _: Done = call(desk, name, args).await?;
    show(desk, id).await
}

async fn open(desk: &Desk, new: New) -> Result<Said, Failure> {
    let channel = match new.channel {
        ChannelArg::Phone => "phone",
        ChannelArg::WalkIn => "walk_in",
    };
    let relation = match new.relation {
        RelationArg::Own => "self",
        RelationArg::Mother => "mother",
        RelationArg::Father => "father",
        RelationArg::Other => "other",
    };
    let args = json!({
        "channel": channel,
        "subject": new.subject,
        "text": new.text,
        "name": new.name,
        "relation": relation,
        "postal_code": new.postal_code,
        "phone": new.phone,
        "mail": new.mail,
        "class_level": new.class_level,
        "client": new.client,
        "sensitive": new.sensitive,
    });
    let done: Done = call(desk, "enquiries.open", args).await?;
    let id = done.id.ok_or_else(|| Failure::internal(&"no id came back"))?;
    show(desk, &id).await
}

/// The text of an answer. A single word that is no file is a mistyped name, and is not sent to a family.
fn text_of(typed: &str) -> Result<String, Failure> {
    let unreadable = |e: std::io::Error| {
        Failure::input("unreadable_file", format!("--text : {typed} ne peut pas être lu : {e}."))
    };
    if typed == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(unreadable)?;
        return Ok(text);
    }
    let path = Path::new(typed);
    if !path.exists() && typed.trim().contains(char::is_whitespace) {
        return Ok(typed.to_owned());
    }
    std::fs::read_to_string(path).map_err(unreadable)
}

fn proposal(settings: &OfficeSettings, text: &str) -> Result<SlotChoice, Failure> {
    let Some((who, at)) = text.split_once('@') else {
        return Err(Failure::input(
            "bad_proposal",
            format!("--propose : « {text} » : écrivez CONSEILLER@HEURE, comme dupont@2026-11-25T13:30."),
        ));
    };
    let who = person(settings, "--propose", who)?;
    let local = start("--propose", at)?.at(settings, who, None);
    let site = site_at(settings, who, local).ok_or_else(|| Failure::from(ApiError::not_found("site")))?;
    Ok(SlotChoice { local: local_text(local), counsellor: who.to_string(), site: site.to_string() })
}

/// A day is that day when the office opens.
fn until_of(settings: &OfficeSettings, text: &str) -> Result<DateTime<Utc>, Failure> {
    let zone = settings.office.zone;
    let local = match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(day) => {
            let weekday = u8::try_from(day.weekday().num_days_from_monday()).unwrap_or(0);
            let opens = settings.office.hours.iter().filter(|h| h.weekday == weekday).map(|h| h.from).min();
            day.and_time(opens.or(NaiveTime::from_hms_opt(8, 30, 0)).unwrap_or_default())
        }
        Err(_) => match start("--until", text)? {
            super::arguments::Start::Instant(at) => return Ok(at),
            super::arguments::Start::Local(local) => local,
        },
    };
    passerelle_domain::office::instant(local, zone)
        .map_err(|e| Failure::input("bad_time", format!("--until : {e}.")))
}
