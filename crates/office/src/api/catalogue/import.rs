//! `catalogue.status`, `catalogue.import`, `catalogue.stop`.

use std::path::PathBuf;

use passerelle_catalogue::import::{ImportError, Progress, Report, Stage};
use passerelle_catalogue::model::Provenance;
use passerelle_catalogue::readers::{Fault, FaultKind};
use passerelle_catalogue::release::InstallError;
use serde_json::json;

use super::record::source;
use crate::api::NoArgs;
use crate::api::dto::{
    ApiError, CatalogueCount, CatalogueImport, CatalogueImportRequest, CatalogueImported, CatalogueReject,
    CatalogueSource, CatalogueStatus, ChooseRequest, ChosenFiles,
};
use crate::catalogue::{Ended, Unready, release_name};
use crate::desk::Desk;
use crate::sync::ReleaseError;

/// Rejects that are told to a screen; the command line tells a thousand.
const TOLD: usize = 200;
/// What the catalogue is called among the scopes of news.
const SCOPE: &str = "catalogue";
/// What reading is of an import, by its time: the index comes after it.
const READING: f64 = 0.8;

/// `catalogue.status`: what is in service, and what is being imported.
///
/// # Errors
/// None today: that nothing can be searched is a state.
pub async fn status(desk: &Desk, _: NoArgs) -> Result<CatalogueStatus, ApiError> {
    let opened = desk.catalogue().ready_within(super::PATIENCE).await;
    let state = match &opened {
        Ok(_) => "ready",
        Err(Unready::None) => "none",
        Err(Unready::Loading) => "loading",
        Err(Unready::Damaged(_)) => "damaged",
    };
    let opened = opened.ok();
    let catalogue = opened.as_ref().map(|indexed| &indexed.catalogue);
    Ok(CatalogueStatus {
        state: state.to_owned(),
        release: catalogue.map(|catalogue| catalogue.release().to_owned()),
        records: catalogue.map_or(0, |catalogue| number(catalogue.records())),
        sources: catalogue.map(|catalogue| sources(&catalogue.datasets())).unwrap_or_default(),
        import: desk.catalogue().importing().map(|(progress, since)| at_work(progress, since.as_secs_f64())),
        last: desk.catalogue().ended().map(|ended| said(&ended)),
    })
}

/// `catalogue.choose`: asks for files with the window's own dialog; nothing where there is none.
///
/// # Errors
/// None today.
pub async fn choose(desk: &Desk, request: ChooseRequest) -> Result<Option<ChosenFiles>, ApiError> {
    let chosen = desk.choose_files(request.folders).await;
    let written = |paths: Vec<PathBuf>| paths.iter().map(|path| path.display().to_string()).collect();
    Ok(chosen.map(|paths| ChosenFiles { paths: written(paths) }))
}

/// `catalogue.import`: begins; how far it is, `catalogue.status` says.
///
/// # Errors
/// `catalogue_busy` when another import is at work, `no_path` when nothing was named.
pub async fn import(desk: &Desk, request: CatalogueImportRequest) -> Result<CatalogueStatus, ApiError> {
    let paths: Vec<PathBuf> = request
        .paths
        .iter()
        .map(|path| path.trim())
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .collect();
    if paths.is_empty() {
        return Err(ApiError::new("no_path"));
    }
    let teller = desk.clone();
    desk.catalogue()
        .begin(paths, release_name(desk.now()), move || teller.tell([SCOPE]))
        .map_err(|_| ApiError { retry: true, ..ApiError::new("catalogue_busy") })?;
    status(desk, NoArgs {}).await
}

/// `catalogue.update`: asks central for its newest release now, instead of at this desk's hour.
///
/// # Errors
/// `no_central` when this desk stands alone.
pub async fn update(desk: &Desk, _: NoArgs) -> Result<CatalogueStatus, ApiError> {
    if desk.enrolment().is_none_or(|enrolment| enrolment.central.is_none()) {
        return Err(ApiError::new("no_central"));
    }
    desk.catalogue().ask_for_release();
    status(desk, NoArgs {}).await
}

/// `catalogue.stop`: asks the import at work to stop; the catalogue in service stays.
///
/// # Errors
/// None today.
pub async fn stop(desk: &Desk, _: NoArgs) -> Result<CatalogueStatus, ApiError> {
    desk.catalogue().stop();
    status(desk, NoArgs {}).await
}

/// What it was made of, each once: several datasets may say that they are the same one.
fn sources(datasets: &[&Provenance]) -> Vec<CatalogueSource> {
    let mut all: Vec<CatalogueSource> = Vec::new();
    for told in datasets.iter().map(|provenance| source(provenance)) {
        let same = |known: &&mut CatalogueSource| {
            known.title == told.title && known.publisher == told.publisher && known.licence == told.licence
        };
        match all.iter_mut().find(same) {
            Some(known) => known.published = known.published.max(told.published),
            None => all.push(told),
        }
    }
    all
}

fn number(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn at_work(progress: Progress, seconds: f64) -> CatalogueImport {
    let Progress { stage, file, done, total, rows } = progress;
    let name = match stage {
        Stage::Downloading => "downloading",
        Stage::Reading => "reading",
        Stage::Keeping => "keeping",
        Stage::Checking => "checking",
        Stage::Indexing => "indexing",
    };
    let (done, total) = (done as f64, total as f64);
    let part = if total > 0.0 { (done / total).clamp(0.0, 1.0) } else { 0.0 };
    let whole = match stage {
        Stage::Downloading => part * READING / 2.0,
        Stage::Reading => part * READING,
        Stage::Keeping | Stage::Checking => READING,
        Stage::Indexing => READING + part * (1.0 - READING),
    };
    // Before a twentieth is done nothing sensible can be said.
    let left_s = (whole > 0.05 && seconds > 1.0).then(|| seconds / whole * (1.0 - whole));
    CatalogueImport { stage: name.to_owned(), file, done, total, rows: number(rows), seconds, left_s }
}

fn said(ended: &Ended) -> CatalogueImported {
    match ended {
        Ended::Import(Ok(report)) => of_report(report),
        Ended::Import(Err(error)) => CatalogueImported { failed: Some(failure(error)), ..nothing() },
        Ended::Release(Ok(installed)) => CatalogueImported {
            read: number(installed.rows),
            kept: number(installed.rows),
            seconds: installed.seconds,
            ..nothing()
        },
        Ended::Release(Err(error)) => CatalogueImported { failed: Some(not_taken(error)), ..nothing() },
    }
}

/// Why a release was not taken.
fn not_taken(error: &ReleaseError) -> ApiError {
    let code = match error {
        ReleaseError::Sync(_) => "central",
        ReleaseError::Signature => "catalogue_signature",
        ReleaseError::Older(_) => "catalogue_older",
        ReleaseError::Corrupt(_)
        | ReleaseError::Install(
            InstallError::Pack(_) | InstallError::NotTheRelease | InstallError::Chain { .. },
        ) => "catalogue_corrupt",
        ReleaseError::Stopped | ReleaseError::Install(InstallError::Stopped) => "stopped",
        ReleaseError::Install(InstallError::Busy) => "catalogue_busy",
        ReleaseError::Io(cause) | ReleaseError::Install(InstallError::Io(cause))
            if cause.kind() == std::io::ErrorKind::StorageFull =>
        {
            "disk_full"
        }
        ReleaseError::Io(_) | ReleaseError::Install(_) | ReleaseError::NotTaken(_) => "catalogue_write",
    };
    ApiError { retry: true, detail: Some(error.to_string()), ..ApiError::new(code) }
}

const fn nothing() -> CatalogueImported {
    CatalogueImported {
        failed: None,
        read: 0,
        kept: 0,
        rejected: 0,
        rejects: Vec::new(),
        ignored: Vec::new(),
        by_kind: Vec::new(),
        seconds: 0.0,
    }
}

fn of_report(report: &Report) -> CatalogueImported {
    let row = |file: &String, line: Option<u64>, reason: &String| CatalogueReject {
        file: file.clone(),
        line: line.map(number),
        reason: reason.clone(),
    };
    CatalogueImported {
        read: number(report.read),
        kept: number(report.kept),
        rejected: number(report.rejected),
        rejects: report.rejects.iter().take(TOLD).map(|r| row(&r.file, r.line, &r.reason)).collect(),
        ignored: report.ignored.iter().map(|i| row(&i.file, None, &i.reason)).collect(),
        by_kind: report
            .by_kind
            .iter()
            .map(|(kind, n)| CatalogueCount { value: kind.clone(), label: kind.clone(), hits: number(*n) })
            .collect(),
        seconds: report.seconds,
        ..nothing()
    }
}

/// Why nothing was imported, as an error that a screen has words for.
#[must_use]
pub fn failure(error: &ImportError) -> ApiError {
    let with =
        |code: &str, params| ApiError { detail: Some(error.to_string()), ..ApiError::new(code).with(params) };
    let file = |fault: &Fault| json!({ "file": fault.file, "reason": fault.reason });
    match error {
        _ if error.was_stopped() => with("stopped", json!({})),
        ImportError::Fault(fault) if fault.kind == FaultKind::Stopped => with("stopped", json!({})),
        ImportError::Fault(fault) => with("catalogue_fault", file(fault)),
        ImportError::Nothing(faults) => {
            with("catalogue_nothing", json!({ "files": faults.iter().map(file).collect::<Vec<_>>() }))
        }
        ImportError::Busy => ApiError { retry: true, ..with("catalogue_busy", json!({})) },
        ImportError::Io(cause) if cause.kind() == std::io::ErrorKind::StorageFull => {
            with("disk_full", json!({}))
        }
        ImportError::Io(_) | ImportError::Sql(_) | ImportError::Index(_) | ImportError::NotWhole => {
            ApiError { retry: true, ..with("catalogue_write", json!({})) }
        }
        ImportError::Release(_) => with("bad_arguments", json!({})),
    }
}
