//! Ends that are not success: what, where, why, and what can be done now.

use std::io::Write;
use std::path::Path;

use passerelle_office::api::dto::{ApiError, RefusalView};
use passerelle_office::demo::DemoError;
use passerelle_office::store::StoreError;
use passerelle_office::sync::SyncError;
use serde_json::{Value, json};

use super::words::{self, SlotJson};

/// Refused by a rule.
const REFUSED: u8 = 1;
/// Bad input, or data that cannot be used.
pub const INPUT: u8 = 3;
/// Central cannot be reached, and the command needs it.
const CENTRAL: u8 = 4;
/// Locked or not allowed.
const LOCKED: u8 = 5;

/// Alternatives shown with a refusal.
const SHOWN: usize = 3;

/// An end that is not success.
#[derive(Debug)]
pub struct Failure {
    /// Exit code of the process.
    pub exit: u8,
    code: String,
    message: String,
    detail: Value,
    alternatives: Option<Vec<SlotJson>>,
}

impl Failure {
    fn new(exit: u8, code: &str, message: impl Into<String>) -> Self {
        Self { exit, code: code.to_owned(), message: message.into(), detail: Value::Null, alternatives: None }
    }

    /// Bad input.
    pub fn input(code: &str, message: impl Into<String>) -> Self {
        Self::new(INPUT, code, message)
    }

    /// Locked or not allowed.
    pub fn locked(code: &str, message: impl Into<String>) -> Self {
        Self::new(LOCKED, code, message)
    }

    /// The network is needed and not there.
    pub fn unreachable(code: &str, message: impl Into<String>) -> Self {
        Self::new(CENTRAL, code, message)
    }

    /// Something that cannot happen, said all the same.
    pub fn internal(detail: &dyn std::fmt::Display) -> Self {
        let message = "Quelque chose d’imprévu s’est passé. Rien n’a changé. Prévenez l’assistance.";
        Self { detail: json!(detail.to_string()), ..Self::new(INPUT, "internal", message) }
    }

    /// With what a program or the assistance may want to know.
    pub fn with_detail(mut self, detail: impl Into<Value>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The database, or the profile around it.
    pub fn store(error: &StoreError, profile: Option<&Path>) -> Self {
        let place = profile.map(|p| p.display().to_string());
        let place = place.as_deref();
        let (exit, message) = store_words(error, place);
        Self::new(exit, error.code(), message).with_detail(error.to_string())
    }

    /// Writes it: a document on standard output with `--json`, a text on standard error otherwise.
    pub fn print(&self, json: bool) {
        if json {
            let mut document = json!({ "code": self.code, "message": self.message, "detail": self.detail });
            if let (Some(alternatives), Some(fields)) = (&self.alternatives, document.as_object_mut()) {
                fields.insert("alternatives".to_owned(), json!(alternatives));
            }
            let text = serde_json::to_string_pretty(&document).unwrap_or_default();
            let _ = writeln!(std::io::stdout().lock(), "{text}");
            return;
        }
        let mut err = std::io::stderr().lock();
        let _ = writeln!(err, "passerelle : {}", self.message);
        for slot in self.alternatives.iter().flatten() {
            let _ = writeln!(err, "  libre : {}", slot.in_words());
        }
    }
}

fn store_words(error: &StoreError, place: Option<&str>) -> (u8, String) {
    let here = place.map(|p| format!(" ({p})")).unwrap_or_default();
    match error {
        StoreError::NoProfile(path) => (
            INPUT,
            format!(
                "Il n’y a pas de poste dans {}. Créez-en un avec « passerelle enrol », ou avec « passerelle init --demo » pour essayer.",
                path.display()
            ),
        ),
        StoreError::ProfileExists(path) => (
            INPUT,
            format!(
                "Il y a déjà un poste dans {} : rien n’a été changé. Choisissez un autre dossier avec --profile.",
                path.display()
            ),
        ),
        StoreError::Folder { path, source } => (
            INPUT,
            format!("Le dossier {} ne peut pas servir : {source}. Vérifiez ses droits.", path.display()),
        ),
        StoreError::Newer { found, known } => (
            INPUT,
            format!(
                "Les données de ce poste{here} viennent d’une version plus récente de Passerelle (structure {found}, cette version connaît {known}) : rien n’a été touché. Mettez le programme à jour."
            ),
        ),
        StoreError::Damaged { path, detail } => (
            INPUT,
            format!(
                "Les données de ce poste sont abîmées : {}{} ({detail}). Rien n’a été effacé ; gardez ce fichier et prévenez l’assistance.",
                path.display(),
                if path.as_os_str().is_empty() { here } else { String::new() },
            ),
        ),
        StoreError::DiskFull => (
            INPUT,
            "Le disque est plein : rien n’a été enregistré. Libérez de la place, puis recommencez."
                .to_owned(),
        ),
        StoreError::Busy => (
            LOCKED,
            "Un autre programme tient les données de ce poste : rien n’a changé. Réessayez dans un instant."
                .to_owned(),
        ),
        StoreError::Overlap(_) => (REFUSED, words::refusal("slot_taken")),
        StoreError::Document { entity, .. } => (
            INPUT,
            format!(
                "Une donnée de ce poste ({entity}) n’est pas lisible par cette version. Mettez le programme à jour, ou prévenez l’assistance."
            ),
        ),
        StoreError::Gap { .. } => (
            CENTRAL,
            "Il manque une partie de l’échange avec le service central. Le prochain échange la redemandera."
                .to_owned(),
        ),
        StoreError::Sql(_) | StoreError::Migrate(_) => (
            INPUT,
            format!(
                "Les données de ce poste{here} n’ont pas pu être lues ou écrites. Rien n’a changé. Prévenez l’assistance."
            ),
        ),
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::store(&error, None)
    }
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        match error {
            DemoError::UnknownOffice(uai) => Self::input(
                "unknown_office",
                format!("La démonstration n’a pas de CIO {uai}. Sans --office, c’est celui d’Amiens."),
            ),
            DemoError::Store(e) => e.into(),
        }
    }
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        let detail = error.to_string();
        let code = error.code();
        let (exit, message) = match error {
            SyncError::Alone => {
                (CENTRAL, "Ce poste n’a pas de service central : il travaille seul et n’a rien à échanger.".to_owned())
            }
            SyncError::Unreachable(_) | SyncError::Unanswered(_) => (
                CENTRAL,
                "Le service central ne répond pas. Ce qui attend reste en attente ; vérifiez le réseau, puis recommencez."
                    .to_owned(),
            ),
            SyncError::NotCentral(_) => (
                CENTRAL,
                "Ce qui répond à cette adresse n’est pas le service central. Vérifiez l’adresse et le réseau.".to_owned(),
            ),
            SyncError::Portal(_) => (
                CENTRAL,
                "Une page d’accueil du réseau répond à la place du service central. Ouvrez le navigateur, connectez-vous au \
                 réseau, puis recommencez ; ce qui attend reste en attente."
                    .to_owned(),
            ),
            SyncError::Untrusted(_) => (
                CENTRAL,
                "L’identité du service central n’est pas reconnue (réseau filtré, ou certificat inconnu de cet ordinateur). \
                 Rien n’est envoyé et ce qui attend reste en attente ; prévenez l’assistance."
                    .to_owned(),
            ),
            SyncError::CertificateDate(_) => (
                CENTRAL,
                "Le certificat du service central n’est pas valable à la date de cet ordinateur. Vérifiez la date et l’heure \
                 de l’ordinateur ; si elles sont justes, prévenez l’assistance. Ce qui attend reste en attente."
                    .to_owned(),
            ),
            SyncError::SetBack { .. } => (
                CENTRAL,
                "Le service central a été remis dans un état plus ancien : il ne connaît plus ce qu’il avait reçu de ce poste. \
                 Rien n’est envoyé et ce qui attend reste en attente ; prévenez l’administrateur de l’académie."
                    .to_owned(),
            ),
            SyncError::OtherOffice { here, given } => (
                INPUT,
                format!(
                    "Ce code est celui du CIO {given}, et ce poste est celui du CIO {here} : rien n’a été changé ici. Demandez un \
                     code pour le CIO {here}, et faites retirer le poste qui vient d’être ajouté au CIO {given}."
                ),
            ),
            SyncError::Refused(problem) | SyncError::Busy { problem, .. } => {
                let exit = match problem.status {
                    401 | 403 => LOCKED,
                    429 | 500.. => CENTRAL,
                    _ => REFUSED,
                };
                let said = [problem.title.as_str(), problem.detail.as_str()];
                let said: Vec<&str> = said.into_iter().filter(|t| !t.is_empty()).collect();
                (exit, format!("Le service central refuse : {}", said.join(" — ")))
            }
            SyncError::Store(e) => return e.into(),
        };
        Self::new(exit, code, message).with_detail(detail)
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let code = error.code.as_str();
        let refusal: Option<RefusalView> = serde_json::from_value(error.params.clone()).ok();
        let exit = match code {
            "not_allowed" | "nobody_signed_in" | "database_busy" => LOCKED,
            "not_found"
            | "bad_arguments"
            | "bad_time"
            | "bad_date"
            | "bad_dates"
            | "bad_status"
            | "invalid_fields"
            | "file_exists"
            | "file"
            | "file_read_only"
            | "print"
            | "disk_full"
            | "damaged_database"
            | "database"
            | "not_ready"
            | "no_profile"
            | "newer_profile"
            | "folder"
            | "unreadable_document"
            | "unreadable_settings"
            | "internal" => INPUT,
            _ => REFUSED,
        };
        let mut failure = Self::new(exit, code, words::error(&error, refusal.as_ref()));
        failure.detail = match &refusal {
            Some(r) => words::refusal_detail(r),
            None if error.detail.is_some() => json!(error.detail),
            None => error.params.clone(),
        };
        if let Some(r) = refusal.filter(|_| exit == REFUSED) {
            let first = r.alternatives.iter().take(SHOWN);
            failure.alternatives = Some(first.map(SlotJson::of).collect());
        }
        failure
    }
}
