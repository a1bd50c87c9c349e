//! The desk itself: making it, its state, its exchanges, its soundness.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use clap::Args;
use passerelle_domain::ids::Uai;
use passerelle_office::api::dto::StatusView;
use passerelle_office::demo;
use passerelle_office::desk::Desk;
use passerelle_office::store::{Store, profile_database};
use passerelle_office::sync::{self, SyncError, SyncReport};
use serde_json::json;

use super::Globals;
use super::arguments::call;
use super::failure::Failure;
use super::said::Said;
use super::words;

/// Crée un poste.
#[derive(Debug, Args)]
pub struct Init {
    /// Avec les données de démonstration
    #[arg(long, required = true)]
    demo: bool,
    /// Code UAI d’un autre CIO de la démonstration que celui d’Amiens
    #[arg(long, value_name = "UAI")]
    office: Option<String>,
}

/// Rattache le poste.
#[derive(Debug, Args)]
pub struct Enrol {
    /// Adresse du service central
    #[arg(long, value_name = "URL")]
    central: String,
    /// Code d’enrôlement
    #[arg(long)]
    code: String,
    /// Nom du poste : « Accueil 1 »
    #[arg(long, value_name = "NOM", default_value = "Poste")]
    name: String,
}

/// Échange avec le service central.
#[derive(Debug, Args)]
pub struct Sync {
    /// Continue jusqu’à Ctrl C
    #[arg(long)]
    watch: bool,
}

/// `init`.
pub async fn init(globals: &Globals, args: Init) -> Result<Said, Failure> {
    let profile = globals.profile()?;
    let office = args
        .office
        .map(|text| Uai::parse(&text).map_err(|e| Failure::input("bad_uai", format!("--office : {e}."))))
        .transpose()?;
    let clock = globals.clock()?;
    let file = profile_database(&profile);
    let was_there = file.exists();
    let made_desk = demo::init(&profile, office.as_ref(), clock).await;
    if let Ok(desk) = &made_desk {
        demo::carry_catalogue(desk).await.map_err(|error| super::catalogue::refused(&error))?;
    }
    if made_desk.is_err() && !was_there {
        // Half a profile would stand in the way of the next attempt, and nothing of anybody is in it.
        for suffix in ["", "-wal", "-shm"] {
            let mut name = file.clone().into_os_string();
            name.push(suffix);
            let _ = std::fs::remove_file(name);
        }
    }
    let desk = made_desk?;
    let said = made(&desk, &profile.display().to_string());
    desk.store().close().await;
    said
}

/// `enrol`: then a first exchange, so that the desk can work at once.
pub async fn enrol(globals: &Globals, args: Enrol) -> Result<Said, Failure> {
    let profile = globals.profile()?;
    let clock = globals.clock()?;
    let desk = sync::enrol(&profile, &args.central, &args.code, &args.name, clock).await?;
    if let Err(e) = sync::once(&desk).await {
        eprintln!(
            "passerelle : le poste est rattaché, mais le premier échange a échoué ({}). Lancez « passerelle sync ».",
            e.code()
        );
    }
    let said = made(&desk, &profile.display().to_string());
    desk.store().close().await;
    said
}

fn made(desk: &Desk, profile: &str) -> Result<Said, Failure> {
    let e = desk.enrolment().ok_or_else(|| Failure::internal(&"the desk has no enrolment"))?;
    let central = e.central.clone();
    let text = match &central {
        Some(url) => format!("Poste rattaché au CIO {} ({url}), données dans {profile}.", e.office),
        None => format!("Poste de démonstration du CIO {}, données dans {profile}.", e.office),
    };
    Said::new(json!({ "desk": e.desk, "office": e.office, "central": central }), text)
}

/// `status`.
pub async fn status(desk: &Desk) -> Result<Said, Failure> {
    let view: StatusView = call(desk, "status.get", json!({})).await?;
    let enrolment = desk.enrolment();
    let office = enrolment.as_ref().map(|e| e.office.to_string());
    let central = enrolment.as_ref().and_then(|e| e.central.clone());
    // What another process of this desk saw last is written down; this one has not tried.
    let online = match (&central, view.offline_since) {
        (None, _) => None,
        (Some(_), Some(_)) => Some(false),
        (Some(_), None) => view.last_sync.map(|_| true),
    };
    let settings = desk.settings().await?;
    let zone = settings.as_ref().map_or("Europe/Paris", |s| s.office.zone.name());
    let at = |t: Option<chrono::DateTime<chrono::Utc>>| t.map(|t| words::instant(t, zone));
    // What the folder says is in service; whether it can be read, a search says.
    let carried = desk.catalogue().folder().in_service().ok().flatten();
    let json = json!({
        "office": office,
        "office_name": settings.as_ref().map(|s| s.office.name.clone()),
        "desk": enrolment.as_ref().map(|e| e.desk),
        "central": central,
        "user": desk.user().await?.map(|p| p.login),
        "online": online,
        "offline_since": at(view.offline_since),
        "last_sync": at(view.last_sync),
        "pending": view.pending,
        "conflicts": view.conflicts,
        "enquiries_todo": view.enquiries_todo,
        "catalogue": { "version": carried.as_ref().map(|c| &c.release), "records": carried.as_ref().map_or(0, |c| c.records) },
    });
    let name = settings.as_ref().map_or_else(|| "CIO inconnu".to_owned(), |s| s.office.name.clone());
    let line = match (online, view.offline_since) {
        (None, _) if central.is_none() => "sans service central".to_owned(),
        (Some(true), _) => "en ligne".to_owned(),
        (Some(false), Some(since)) => format!("hors ligne depuis le {}", words::day_and_hour(since, zone)),
        _ => "pas encore échangé".to_owned(),
    };
    let last = view.last_sync.map(|t| format!("\nDernier échange : {}", words::day_and_hour(t, zone)));
    let text = format!(
        "{name} · {line}{}\nÀ envoyer : {} · conflits : {} · demandes à traiter : {}",
        last.unwrap_or_default(),
        view.pending,
        view.conflicts,
        view.enquiries_todo
    );
    Said::new(json, text)
}

/// `sync`.
pub async fn sync(desk: &Desk, args: &Sync, json: bool) -> Result<Said, Failure> {
    if !args.watch {
        let report = sync::once(desk).await?;
        let text = report_words(&report);
        return Said::new(report, text);
    }
    watch(desk, json).await
}

/// One line an exchange, until Ctrl C; a line that fails is said and tried again.
async fn watch(desk: &Desk, json: bool) -> Result<Said, Failure> {
    const AGAIN: Duration = Duration::from_secs(10);
    loop {
        let pause = match sync::once(desk).await {
            Ok(report) => {
                let line = if json { json!(report).to_string() } else { report_words(&report) };
                let _ = writeln!(std::io::stdout().lock(), "{line}");
                Duration::from_secs(u64::from(report.poll_after_s.max(1)))
            }
            Err(e @ (SyncError::Alone | SyncError::Store(_))) => return Err(e.into()),
            Err(e) => {
                eprintln!("passerelle : échange impossible ({}), nouvel essai dans 10 s.", e.code());
                AGAIN
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            stopped = tokio::signal::ctrl_c() => {
                if stopped.is_ok() && std::io::stderr().is_terminal() {
                    eprintln!();
                }
                // Every exchange has already been said.
                return Ok(Said::silent());
            }
        }
    }
}

fn report_words(r: &SyncReport) -> String {
    format!(
        "Envoyé : {} (accepté {}, refusé {}) · reçu : {} · en attente : {} · conflits : {}",
        r.pushed, r.accepted, r.refused, r.pulled, r.pending, r.conflicts
    )
}

/// `check`: the file, then every document in it.
pub async fn check(globals: &Globals) -> Result<Said, Failure> {
    let profile = globals.profile()?;
    let store = Store::open(&profile).await.map_err(|e| Failure::store(&e, Some(&profile)))?;
    let found = problems(&store).await;
    store.close().await;
    let problems = found.map_err(|e| Failure::store(&e, Some(&profile)))?;
    if problems.is_empty() {
        return Said::new(json!({ "ok": true, "problems": [] }), "Les données du poste sont entières.");
    }
    let message = format!(
        "Les données de {} ne sont pas entières : {}. Rien n’a été changé ; gardez ce dossier et prévenez l’assistance.",
        profile.display(),
        problems.join(" ; ")
    );
    Err(Failure::input("damaged_database", message).with_detail(json!({ "ok": false, "problems": problems })))
}

async fn problems(store: &Store) -> Result<Vec<String>, passerelle_office::store::StoreError> {
    let mut problems = store.integrity().await?;
    if problems.is_empty() {
        problems = store.soundness().await?;
    }
    Ok(problems)
}
