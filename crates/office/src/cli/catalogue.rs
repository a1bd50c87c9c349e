//! `catalogue import`, `catalogue search`, `catalogue show`. The catalogue needs no desk: it is public, and a machine may
//! carry it before it is enrolled.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Subcommand;
use passerelle_catalogue::import::{self as importing, ImportError, Order, Progress, Report, Stage};
use passerelle_office::api::catalogue::{answer, failure, record};
use passerelle_office::api::dto::{
    CatalogueAnswer, CatalogueHit, CatalogueQuery, CatalogueRecord, CatalogueRequest, TextPiece,
};
use passerelle_office::catalogue::fetch as fetching;
use passerelle_office::catalogue::{DeskCatalogue, release_name};
use serde_json::{Map, Value, json};

use super::Globals;
use super::failure::Failure;
use super::said::{Said, table};

/// Le catalogue.
#[derive(Debug, Subcommand)]
pub enum Sub {
    /// Importe des fichiers de l’Onisep, de l’Annuaire ou de questions fréquentes, reconnus à leur contenu
    Import {
        /// Fichiers, archives ou dossiers
        #[arg(required = true, value_name = "CHEMIN")]
        paths: Vec<PathBuf>,
    },
    /// Télécharge les fichiers officiels et les importe ; demande le réseau
    Fetch {
        /// Adresse des téléchargements de l’Onisep
        #[arg(long, env = "PASSERELLE_ONISEP", value_name = "URL", default_value = fetching::ONISEP)]
        onisep: String,
        /// Adresse de l’Annuaire de l’éducation
        #[arg(long, env = "PASSERELLE_ANNUAIRE", value_name = "URL", default_value = fetching::DIRECTORY)]
        annuaire: String,
        /// Seulement ceux-ci : formations, metiers, annuaire… ; tous par défaut
        #[arg(long, value_name = "NOMS", value_delimiter = ',')]
        only: Vec<String>,
    },
    /// Cherche dans le catalogue
    Search(Search),
    /// Montre une fiche avec ses liens, sa source et sa date
    Show {
        /// Identifiant (FOR.1, MET.1, ENS.1, AF.1, FAQ.…) ou code UAI
        id: String,
        /// Code postal ou commune d’où les distances sont comptées
        #[arg(long, value_name = "LIEU")]
        near: Option<String>,
        /// Au plus tant de lieux
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(0..=500))]
        places: u32,
    },
}

/// Cherche.
#[derive(Debug, clap::Args)]
pub struct Search {
    /// Ce qui est cherché : des mots, une question, un identifiant
    query: String,
    /// Natures, séparées par des virgules : programme, offering, institution, occupation, faq
    #[arg(long, value_name = "NATURES", value_delimiter = ',')]
    kind: Vec<String>,
    /// Code postal ou commune d’où les distances sont comptées
    #[arg(long, value_name = "LIEU")]
    near: Option<String>,
    /// Seulement dans ce rayon, en kilomètres
    #[arg(long, value_name = "KM", requires = "near")]
    within: Option<u16>,
    /// Code du département
    #[arg(long, value_name = "D", value_delimiter = ',')]
    department: Vec<String>,
    /// Académie
    #[arg(long, value_name = "A", value_delimiter = ',')]
    academy: Vec<String>,
    /// Niveau : 3e, cap, bac, bac+2…
    #[arg(long, value_name = "N", value_delimiter = ',')]
    level: Vec<String>,
    /// Domaine, ou domaine/sous-domaine
    #[arg(long, value_name = "D")]
    domain: Vec<String>,
    /// public, privé…
    #[arg(long, value_name = "S", value_delimiter = ',')]
    status: Vec<String>,
    /// Les plus proches d’abord
    #[arg(long, requires = "near")]
    nearest: bool,
    /// Au plus tant de résultats
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=200))]
    limit: u32,
}

/// `catalogue …`.
pub async fn run(globals: &Globals, sub: Sub) -> Result<Said, Failure> {
    match sub {
        Sub::Import { paths } => import(globals, paths).await,
        Sub::Fetch { onisep, annuaire, only } => fetch(globals, &onisep, &annuaire, &only).await,
        Sub::Search(args) => search(globals, args).await,
        Sub::Show { id, near, places } => show(globals, id, near, places).await,
    }
}

/// Sets the flag that it gives when Ctrl C is pressed, until the task is aborted.
fn stopped_by_hand() -> (Arc<AtomicBool>, tokio::task::JoinHandle<()>) {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
    let listening = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            asked.store(true, Ordering::Relaxed);
        }
    });
    (stop, listening)
}

/// A bar on standard error, where somebody watches it.
fn bar() -> impl Fn(Progress) + Send + Sync + 'static {
    let watched = std::io::stderr().is_terminal();
    move |progress| {
        if watched {
            let _ = write!(std::io::stderr().lock(), "\r\u{1b}[2K{}", words(&progress));
        }
    }
}

fn end_of_bar() {
    if std::io::stderr().is_terminal() {
        let _ = write!(std::io::stderr().lock(), "\r\u{1b}[2K");
    }
}

async fn import(globals: &Globals, paths: Vec<PathBuf>) -> Result<Said, Failure> {
    let report = imported(globals, paths).await?;
    let text = in_words(&report);
    Said::new(report, text)
}

async fn imported(globals: &Globals, paths: Vec<PathBuf>) -> Result<Report, Failure> {
    let catalogue = DeskCatalogue::of(&globals.profile()?);
    let (stop, listening) = stopped_by_hand();
    let order = Order {
        paths,
        folder: catalogue.folder().clone(),
        release: release_name(globals.clock()?.now()),
        origin: None,
    };
    let done = importing::import(order, bar(), stop).await;
    listening.abort();
    end_of_bar();
    done.map_err(|error| refused(&error))
}

async fn fetch(globals: &Globals, onisep: &str, annuaire: &str, only: &[String]) -> Result<Said, Failure> {
    let mut wanted = fetching::official(onisep, annuaire);
    if let Some(unknown) = only.iter().find(|name| wanted.iter().all(|file| file.name != **name)) {
        let known: Vec<&str> = wanted.iter().map(|file| file.name.as_str()).collect();
        let message =
            format!("--only : « {unknown} » n’est pas un fichier connu. Connus : {}.", known.join(", "));
        return Err(Failure::input("unknown_dataset", message));
    }
    wanted.retain(|file| only.is_empty() || only.contains(&file.name));
    let folder = DeskCatalogue::of(&globals.profile()?).folder().path().join("official");
    let (stop, listening) = stopped_by_hand();
    let fetched = fetching::fetch(&wanted, &folder, &bar(), &stop).await;
    listening.abort();
    end_of_bar();
    let (got, missed) = fetched.map_err(|error| refused(&ImportError::Io(error)))?;
    let failures: Vec<String> =
        missed.iter().map(|file| format!("  {} ({}) : {}", file.name, file.url, file.reason)).collect();
    if got.is_empty() || stop.load(Ordering::Relaxed) {
        let _ = std::fs::remove_dir_all(&folder);
        let message = format!(
            "Rien n’a pu être téléchargé. Le catalogue en service n’a pas changé. Vérifiez le réseau, ou importez des fichiers d’une clé USB avec « passerelle catalogue import ».\n{}",
            failures.join("\n")
        );
        return Err(Failure::unreachable("catalogue_fetch", message));
    }
    let report = imported(globals, got).await;
    // What was fetched is in the catalogue now, or said to be of no use.
    let _ = std::fs::remove_dir_all(&folder);
    let report = report?;
    let mut text = in_words(&report);
    if !failures.is_empty() {
        text = format!("{text}\nNon téléchargés, ce qui en était connu reste :\n{}", failures.join("\n"));
    }
    let missed: Vec<Value> = missed
        .iter()
        .map(|file| json!({ "name": file.name, "url": file.url, "reason": file.reason }))
        .collect();
    let mut said = serde_json::to_value(&report).map_err(|e| Failure::internal(&e))?;
    said["missed"] = json!(missed);
    Said::new(said, text)
}

/// A line of progress.
fn words(progress: &Progress) -> String {
    let part = match progress.total {
        0 => 0,
        total => (progress.done.min(total) * 100) / total,
    };
    match progress.stage {
        Stage::Downloading => format!("Téléchargement {part} %"),
        Stage::Reading => format!("Lecture {part} % · {} lignes · {}", progress.rows, progress.file),
        Stage::Keeping => "Reprise de ce qui ne change pas…".to_owned(),
        Stage::Checking => "Vérification…".to_owned(),
        Stage::Indexing => format!("Index {part} %"),
    }
}

fn in_words(report: &Report) -> String {
    const NAMES: [(&str, &str); 5] = [
        ("programme", "formations"),
        ("offering", "formations par lieu"),
        ("institution", "établissements"),
        ("occupation", "métiers"),
        ("faq", "questions fréquentes"),
    ];
    let kinds: Vec<String> = NAMES
        .iter()
        .filter_map(|(kind, name)| report.by_kind.get(*kind).map(|count| format!("{count} {name}")))
        .collect();
    let mut lines = vec![
        format!(
            "Catalogue en service : {} ({} lignes lues, {} gardées, {} rejetées, {:.1} s).",
            kinds.join(", "),
            report.read,
            report.kept,
            report.rejected,
            report.seconds
        )
        .replace('.', ","),
    ];
    let mut said = |title: String, all: Vec<String>| {
        if !all.is_empty() {
            lines.push(title);
            lines.extend(all);
        }
    };
    let rejects = report.rejects.iter().take(20).map(|r| {
        let line = r.line.map(|line| format!(", ligne {line}")).unwrap_or_default();
        format!("  {}{line} : {}", r.file, r.reason)
    });
    said(format!("Lignes rejetées (les 20 premières de {}) :", report.rejected), rejects.collect());
    let notes =
        report.notes.iter().map(|note| format!("  {} : {} ({} fois)", note.file, note.text, note.count));
    said("Remarques :".to_owned(), notes.collect());
    let ignored = report.ignored.iter().map(|file| format!("  {} : {}", file.file, file.reason));
    said("Fichiers laissés de côté :".to_owned(), ignored.collect());
    lines.join("\n")
}

/// Why nothing was imported, and what now.
pub fn refused(error: &ImportError) -> Failure {
    let stays = "Le catalogue en service n’a pas changé.";
    let coded = failure(error);
    let said = |message: String| {
        Failure::input(&coded.code, format!("{message} {stays}")).with_detail(coded.params.clone())
    };
    match error {
        _ if error.was_stopped() => said("L’import a été arrêté.".to_owned()),
        ImportError::Fault(fault) if fault.file.is_empty() => {
            said(format!("L’import a échoué : {}.", fault.reason))
        }
        ImportError::Fault(fault) => said(format!(
            "« {} » ne peut pas être lu : {}. Vérifiez le fichier, ou importez les autres sans lui.",
            fault.file, fault.reason
        )),
        ImportError::Nothing(faults) => {
            let files: Vec<String> =
                faults.iter().take(5).map(|fault| format!("{} : {}", fault.file, fault.reason)).collect();
            said(format!("Aucun de ces fichiers n’est un catalogue. {}.", files.join(" ; ")))
        }
        ImportError::Busy => Failure::locked(
            "catalogue_busy",
            "Un autre import est en cours dans ce dossier. Attendez sa fin, puis recommencez.",
        ),
        ImportError::Io(_) | ImportError::Sql(_) | ImportError::Index(_) | ImportError::NotWhole => said(
            format!("Le catalogue ne peut pas être écrit : {error}. Vérifiez la place libre et les droits."),
        ),
        ImportError::Release(_) => Failure::internal(error),
    }
}

async fn opened(globals: &Globals) -> Result<Arc<passerelle_catalogue::indexed::Indexed>, Failure> {
    Ok(DeskCatalogue::of(&globals.profile()?)
        .ready()
        .await
        .map_err(passerelle_office::api::dto::ApiError::from)?)
}

async fn search(globals: &Globals, args: Search) -> Result<Said, Failure> {
    let indexed = opened(globals).await?;
    if let Some(place) =
        args.near.as_deref().filter(|place| passerelle_office::catalogue::near(place).is_none())
    {
        return Err(Failure::input(
            "unknown_place",
            format!("--near : « {place} » n’est ni un code postal ni une commune connus."),
        ));
    }
    let query = CatalogueQuery {
        text: args.query,
        kinds: args.kind,
        levels: args.level,
        domains: args.domain,
        statuses: args.status,
        departments: args.department,
        academies: args.academy,
        near: args.near,
        within_km: args.within,
        order: args.nearest.then(|| "distance".to_owned()),
        together: true,
        limit: Some(args.limit),
        ..CatalogueQuery::default()
    };
    let answer = answer(&indexed, &query).await?;
    let hits: Vec<&CatalogueHit> = answer.groups.iter().flat_map(|group| &group.hits).collect();
    let rows: Vec<Vec<String>> = hits
        .iter()
        .map(|hit| {
            let far = hit.distance_km.map(|km| format!("{km:.0} km")).unwrap_or_default();
            vec![hit.id.clone(), plain(&hit.title), hit.subtitle.clone(), far]
        })
        .collect();
    let text = match (rows.is_empty(), answer.relaxed) {
        (true, _) => "Rien ne correspond. Essayez avec moins de mots, ou sans filtre.".to_owned(),
        (false, relaxed) => {
            let head =
                if relaxed { "Rien n’a tous ces mots ; voici ce qui s’en approche.\n" } else { "" };
            format!("{head}{}", table(&["Fiche", "Nom", "", "Distance"], &rows))
        }
    };
    Said::new(as_json(&answer, &hits), text)
}

fn plain(pieces: &[TextPiece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

fn as_json(answer: &CatalogueAnswer, hits: &[&CatalogueHit]) -> Value {
    let facets: Map<String, Value> = answer
        .facets
        .iter()
        .map(|facet| {
            let counts: Map<String, Value> =
                facet.values.iter().map(|count| (count.value.clone(), json!(count.hits))).collect();
            (facet.property.clone(), Value::Object(counts))
        })
        .collect();
    let hits: Vec<Value> = hits
        .iter()
        .map(|hit| {
            json!({
                "id": hit.id, "kind": hit.kind, "title": plain(&hit.title), "subtitle": hit.subtitle,
                "snippet": plain(&hit.snippet), "distance_km": hit.distance_km, "places": hit.places, "why": hit.why,
            })
        })
        .collect();
    json!({
        "total": answer.total, "took_us": answer.took_us, "release": answer.release, "near": answer.near,
        "relaxed": answer.relaxed, "unknown": answer.unknown, "facets": facets, "hits": hits,
    })
}

async fn show(globals: &Globals, id: String, near: Option<String>, places: u32) -> Result<Said, Failure> {
    let indexed = opened(globals).await?;
    let request = CatalogueRequest { id: id.clone(), near, places: Some(places) };
    let today = globals.clock()?.now().date_naive();
    let found = record(&indexed, &request, today).await?;
    let Some(found) = found else {
        return Err(Failure::input(
            "not_found",
            format!(
                "Aucune fiche n’a l’identifiant « {id} ». Cherchez-la avec « passerelle catalogue search »."
            ),
        ));
    };
    let text = sheet(&found);
    Said::new(found, text)
}

/// A record as lines.
fn sheet(record: &CatalogueRecord) -> String {
    use passerelle_office::api::dto::CatalogueBlock as Block;
    let mut lines = vec![record.title.clone(), record.subtitle.clone()];
    if let Some(release) = &record.gone_since {
        lines.push(format!("N’est plus publié depuis la version {release}."));
    }
    lines.extend(record.facts.iter().map(|fact| format!("  {} : {}", fact.key, fact.value)));
    for text in &record.texts {
        for block in &text.blocks {
            match block {
                Block::Heading { text } | Block::Paragraph { text } => lines.push(text.clone()),
                Block::List { items } => lines.extend(items.iter().map(|item| format!("  - {item}"))),
            }
        }
    }
    let links = [&record.programmes, &record.occupations, &record.institutions, &record.questions];
    lines.extend(links.into_iter().flatten().map(|link| format!("→ {} {}", link.id, link.label)));
    lines.extend(record.places.iter().map(|place| {
        let far = place.distance_km.map(|km| format!(", {km:.0} km")).unwrap_or_default();
        format!(
            "@ {} : {}, {} ({}{far})",
            place.id, place.programme.label, place.institution.label, place.place
        )
    }));
    lines.extend(record.url.clone());
    lines.extend(record.sources.iter().map(|source| {
        let day = source.published.map(|day| format!(" du {}", day.format("%d/%m/%Y"))).unwrap_or_default();
        format!("Source : {}, {}{day} ({})", source.title, source.publisher, source.licence)
    }));
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}
