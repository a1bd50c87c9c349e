//! `daysheet`, `letter`, `sign-in`: pages as PDF.

use clap::Args;
use passerelle_office::api::dto::{DaySheetRequest, PrintRequest, PrintedFile};
use passerelle_office::desk::Desk;
use serde_json::{Value, json};

use super::arguments::{call, optional_date, person, settings};
use super::failure::Failure;
use super::said::Said;

/// Écrit la feuille du jour en PDF.
#[derive(Debug, Args)]
pub struct DaySheet {
    /// Le jour ; le prochain jour ouvré par défaut
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// D’un seul conseiller
    #[arg(long, value_name = "PERSONNE", conflicts_with = "desk")]
    counsellor: Option<String>,
    /// Une seule liste pour l’accueil, au lieu d’une page par conseiller
    #[arg(long)]
    desk: bool,
    /// Fichier ; par défaut dans le dossier « prints » du poste, où il reste sept jours
    #[arg(long, value_name = "FICHIER")]
    out: Option<String>,
}

/// Écrit un document en PDF à partir d’un rendez-vous.
#[derive(Debug, Args)]
pub struct OfAppointment {
    /// Identifiant du rendez-vous
    id: String,
    /// Fichier ; par défaut dans le dossier « prints » du poste, où il reste sept jours
    #[arg(long, value_name = "FICHIER")]
    out: Option<String>,
}

/// `daysheet`.
pub async fn day_sheet(desk: &Desk, args: DaySheet) -> Result<Said, Failure> {
    let counsellor = match args.counsellor {
        Some(typed) => Some(person(&*settings(desk).await?, "--counsellor", &typed)?.to_string()),
        None => None,
    };
    let date = optional_date("--date", args.date.as_deref())?;
    let request = DaySheetRequest { date, counsellor, desk: args.desk, out: args.out };
    said(call(desk, "print.day_sheet", json!(request)).await?)
}

/// `letter`.
pub async fn letter(desk: &Desk, args: OfAppointment) -> Result<Said, Failure> {
    said(call(desk, "print.letter", json!(PrintRequest { id: args.id, out: args.out })).await?)
}

/// `sign-in`.
pub async fn sign_in(desk: &Desk, args: OfAppointment) -> Result<Said, Failure> {
    said(call(desk, "print.sign_in", json!(PrintRequest { id: args.id, out: args.out })).await?)
}

fn said(printed: PrintedFile) -> Result<Said, Failure> {
    let pages = printed.pages;
    let text = format!("{pages} page{} dans {}", if pages > 1 { "s" } else { "" }, printed.file);
    let json: Value = json!({ "pages": pages, "file": printed.file });
    Said::new(json, text)
}
