//! All runs again and nothing more is asked of it: it comes to rest, and what is there is looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use passerelle_office::store::profile_database;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

use super::load::Told;
use super::log::beside;
use super::part::{Central, DeskProcess, Programs};
use super::{Figures, OFFICE};

/// By sort and id: revision and document.
pub type Documents = BTreeMap<(String, String), (i64, Value)>;

/// Codes that tell a person nothing that helps: a disk without room has one of its own.
const MEANINGLESS: [&str; 4] = ["none", "database", "damaged_database", "internal"];

/// Differences told one by one; of more only the number counts.
const TOLD: usize = 20;

/// Until nothing waits at any desk and an exchange brings nothing more.
pub(super) async fn come_to_rest(desks: &[DeskProcess], longest: Duration) -> Result<()> {
    let begun = Instant::now();
    loop {
        let mut waiting = Vec::new();
        for desk in desks {
            // It answers when the exchange is over, and says how it went.
            let status = desk.address().call("sync.now", &json!({})).await.done().ok();
            let rests = status.as_ref().is_some_and(|s| s["pending"] == 0 && s["online"] == true);
            if !rests {
                waiting.push(json!({ "desk": desk.profile, "status": status }));
            }
        }
        if waiting.is_empty() {
            break;
        }
        if begun.elapsed() > longest {
            bail!("not at rest after {longest:?}: {waiting:?}");
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    // What one sent last the others have not pulled.
    for desk in desks {
        desk.address().call("sync.now", &json!({})).await;
    }
    Ok(())
}

/// Reads documents from a SQLite file.
async fn read(file: &Path, sql: &'static str) -> Result<Documents> {
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(file)).await?;
    let rows: Vec<(String, String, i64, String)> = sqlx::query_as(sql).fetch_all(&pool).await?;
    pool.close().await;
    documents(rows)
}

fn documents(rows: Vec<(String, String, i64, String)>) -> Result<Documents> {
    rows.into_iter()
        .map(|(entity, id, rev, doc)| Ok(((entity, id), (rev, serde_json::from_str(&doc)?))))
        .collect()
}

/// Clients, enquiries and meetings of the office at central.
async fn at_central(central: &Central) -> Result<Documents> {
    ensure!(OFFICE == "0801234G", "the queries name another office");
    if let Some(file) = central.database.strip_prefix("sqlite:") {
        return read(
            Path::new(file),
            "SELECT entity, id, rev, doc FROM document
               WHERE scope = 'office:0801234G' AND entity IN ('client', 'enquiry')
             UNION ALL SELECT 'appointment', id, rev, doc FROM appointment WHERE scope = 'office:0801234G'",
        )
        .await;
    }
    use sqlx::Connection;
    let mut conn = sqlx::PgConnection::connect(&central.database).await?;
    let rows = sqlx::query_as(
        "SELECT entity::text, id::text, rev, doc::text FROM document
           WHERE scope = 'office:0801234G' AND entity IN ('client', 'enquiry')
         UNION ALL SELECT 'appointment', id::text, rev, doc::text FROM appointment WHERE scope = 'office:0801234G'",
    )
    .fetch_all(&mut conn)
    .await?;
    documents(rows)
}

/// The same at a desk, with what waits there.
async fn at_desk(profile: &Path) -> Result<Documents> {
    read(
        &profile_database(profile),
        "SELECT 'client', id, rev, doc FROM client UNION ALL SELECT 'enquiry', id, rev, doc FROM enquiry
         UNION ALL SELECT 'appointment', id, rev, doc FROM appointment",
    )
    .await
}

/// Meetings that a desk shows as refused.
async fn refused(desk: &DeskProcess) -> Result<BTreeSet<String>> {
    let mut ids = BTreeSet::new();
    for state in ["open", "settled"] {
        let said = desk.address().call("conflicts.list", &json!({ "state": state })).await;
        let list = said.done()?;
        let mine = list.as_array().context("a list")?.iter();
        ids.extend(mine.filter_map(|c| Some(c["mine"]["appointment"]["id"].as_str()?.to_owned())));
    }
    Ok(ids)
}

/// What a desk that does not run alone can show: every command that central has not acknowledged, and those that it has
/// refused, as text. Read from a copy, for whoever opens a log clears it up.
pub(super) async fn only_there(desk: &DeskProcess) -> Result<Vec<String>> {
    let (file, aside) = (desk.file(), tempfile::tempdir()?);
    let copy = aside.path().join("copy.db");
    std::fs::copy(&file, &copy)?;
    if let Ok(log) = std::fs::read(beside(&file, "-wal")) {
        std::fs::write(beside(&copy, "-wal"), log)?;
    }
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(&copy)).await?;
    let rows = sqlx::query_scalar(
        "SELECT command FROM outbox WHERE state <> 'acknowledged' UNION ALL SELECT command FROM conflict",
    )
    .fetch_all(&pool)
    .await?;
    pool.close().await;
    Ok(rows)
}

/// Looks at everything, and writes down what is wrong.
pub(super) async fn look(
    programs: &Programs,
    central: &Central,
    desks: &mut [DeskProcess],
    told: &Told,
    figures: &mut Figures,
) -> Result<()> {
    let mut conflicts = BTreeSet::new();
    for desk in &mut *desks {
        conflicts.extend(refused(desk).await?);
        let status = desk.address().call("status.get", &json!({})).await.done().ok();
        figures.wrong.waiting += status.and_then(|s| s["pending"].as_u64()).unwrap_or(1);
        for (code, count) in desk.address().heard().refused() {
            if MEANINGLESS.contains(&code.as_str()) {
                let said = desk.address().heard().last(&code);
                figures.wrong.meaningless.push(format!("{code}: {count} times, last {said}"));
            }
            *figures.refused.entry(code).or_default() += count;
        }
        // Killed like every other time: what is there must be there.
        desk.kill()?;
    }
    let there = at_central(central).await?;
    figures.documents = there.len();
    figures.acknowledged = told.acknowledged.len();
    figures.unanswered = told.unanswered.len();
    figures.refused_at_once = told.refused;
    let meeting = |id: &String| there.contains_key(&("appointment".to_owned(), id.clone()));
    for (name, id) in &told.acknowledged {
        if meeting(id) {
            figures.at_central += 1;
        } else if conflicts.contains(id) {
            figures.as_conflicts += 1;
        } else if told.may_be_lost.contains(id) {
            figures.forgotten += 1;
        } else {
            figures.wrong.lost.push(format!("{name}: {id}"));
        }
    }
    people(&there, told, figures);
    for desk in &*desks {
        let here = at_desk(&desk.profile).await?;
        differences(&there, &here, desk, &mut figures.wrong.differing);
        let profile = desk.profile.to_str().context("a path in UTF-8")?;
        if let Err(error) = programs.run("passerelle", &["--profile", profile, "check"], "") {
            figures.wrong.unsound.push(error.to_string());
        }
    }
    // Beside the service that goes on.
    let checked = programs.run("passerelle-central", &["check"], &central.database);
    if let Err(error) = checked {
        figures.wrong.unsound.push(error.to_string());
    }
    Ok(())
}

/// Nobody is on record twice, and each meeting has one client.
fn people(there: &Documents, told: &Told, figures: &mut Figures) {
    let mut people: BTreeMap<&str, usize> = BTreeMap::new();
    let ours =
        there.iter().filter(|((entity, _), (_, doc))| entity == "client" && doc["family_name"] == "Essai");
    for (_, (_, doc)) in ours {
        *people.entry(doc["given_name"].as_str().unwrap_or_default()).or_default() += 1;
    }
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for (name, count) in &people {
        names.insert(name);
        if *count > 1 {
            figures.wrong.doubled.push(format!("{name}: {count} times"));
        }
        if !told.acknowledged.contains_key(*name) && !told.unanswered.contains(*name) {
            figures.wrong.doubled.push(format!("{name}: nobody asked for it"));
        }
    }
    figures.unanswered_done = told.unanswered.iter().filter(|name| names.contains(name.as_str())).count();
}

fn differences(there: &Documents, here: &Documents, desk: &DeskProcess, found: &mut Vec<String>) {
    let keys: BTreeSet<_> = there.keys().chain(here.keys()).collect();
    let name = desk.profile.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for key in keys {
        let (at_central, at_desk) = (there.get(key), here.get(key));
        if at_central == at_desk {
            continue;
        }
        if found.len() < TOLD {
            let rev = |d: Option<&(i64, Value)>| d.map(|(rev, _)| *rev);
            found.push(format!("{key:?}: {:?} at central, {:?} at {name}", rev(at_central), rev(at_desk)));
        } else {
            found.truncate(TOLD);
            found.push("and more".to_owned());
        }
    }
}
