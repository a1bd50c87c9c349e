//! What a file is, by what is in it: its name says nothing that counts.

use super::cells::Columns;
use super::csv_rows::separator;
use super::fault::FaultKind;
use super::json_rows::first_columns;
use super::questions::MARK;
use super::tables::Table;

/// Said of a file in another encoding.
pub const NOT_UTF8: &str = "le fichier n’est pas en UTF-8 (sans doute ISO-8859-1 ou Windows-1252) : exportez-le en UTF-8, ou reprenez celui du site officiel";

/// Bytes looked at.
pub const HEAD: usize = 64 << 10;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A table as CSV.
    Csv(Table),
    /// A table as JSON.
    Json(Table),
    /// XML sheets of programmes.
    ProgrammeSheets,
    /// XML sheets of occupations.
    OccupationSheets,
    /// Questions and answers.
    Questions,
}

/// Why it is none of them.
pub type NotRead = (FaultKind, String);

/// The format of a file that begins so.
pub fn recognise(head: &[u8]) -> Result<Format, NotRead> {
    let unknown = |reason: &str| (FaultKind::Unknown, reason.to_owned());
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Err((FaultKind::Encoding, "le fichier est en UTF-16 : exportez-le en UTF-8".to_owned()));
    }
    if head.starts_with(b"\x1f\x8b") {
        return Err((
            FaultKind::Unsupported,
            "le fichier est compressé par gzip : dépliez-le d’abord".to_owned(),
        ));
    }
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if head.iter().all(u8::is_ascii_whitespace) {
        return Err(unknown("le fichier est vide"));
    }
    if head.contains(&0) {
        return Err(unknown("le fichier n’est pas un texte"));
    }
    let start = head.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or_default();
    match head.get(start) {
        Some(b'<') => xml(&head[start..]),
        Some(b'[' | b'{') => json(&head[start..]),
        _ => {
            check_encoding(head)?;
            let text = String::from_utf8_lossy(head);
            let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            if first.trim_end() == "---" {
                let marked = text.lines().take(40).any(|line| line.trim_start().starts_with(MARK));
                return if marked {
                    Ok(Format::Questions)
                } else {
                    Err(unknown(
                        "ce texte n’est pas un fichier de questions (clé « passerelle-faq » absente)",
                    ))
                };
            }
            csv(first)
        }
    }
}

/// Refuses a text that is mostly in another encoding; a few bad lines in a good file are rejected one by one.
fn check_encoding(head: &[u8]) -> Result<(), NotRead> {
    let bad_encoding = || Err((FaultKind::Encoding, NOT_UTF8.to_owned()));
    let mut lines: Vec<&[u8]> = head.split(|b| *b == b'\n').collect();
    if head.len() >= HEAD && lines.len() > 1 {
        // The last line may be cut by the window, in the middle of a letter.
        lines.pop();
    }
    let accented = |line: &&&[u8]| !line.is_ascii();
    let bad = |line: &&&[u8]| std::str::from_utf8(line).is_err_and(|e| e.error_len().is_some());
    if lines.first().is_some_and(|line| bad(&line)) {
        return bad_encoding();
    }
    let (accented, bad) = (lines.iter().filter(accented).count(), lines.iter().filter(bad).count());
    if bad > 0 && bad * 2 > accented { bad_encoding() } else { Ok(()) }
}

fn csv(first: &str) -> Result<Format, NotRead> {
    let columns = header(first);
    if columns.get("nature_uai").is_some() || columns.get("numero_uai").is_some() {
        return Err((
            FaultKind::Unsupported,
            "c’est un extrait de la base ACCE (RAMSESE), qui n’est pas lu : prenez l’Annuaire de l’éducation (fr-en-annuaire-education)".to_owned(),
        ));
    }
    table(&columns).map(Format::Csv)
}

/// What the columns of a table lack, and which it has beside those that are known: a sign of another release.
#[must_use]
pub fn notes(head: &[u8], format: Format) -> Vec<String> {
    let (table, columns) = match format {
        Format::Csv(table) => {
            let text = String::from_utf8_lossy(head);
            (
                table,
                Some(header(
                    text.trim_start_matches('\u{feff}').trim_start().lines().next().unwrap_or_default(),
                )),
            )
        }
        Format::Json(table) => (table, first_columns(head)),
        _ => return Vec::new(),
    };
    let Some(columns) = columns else { return Vec::new() };
    let missing: Vec<&str> = table.columns().iter().copied().filter(|c| columns.get(c).is_none()).collect();
    let mut other: Vec<&str> = columns.slugs().filter(|c| !table.reads(c)).collect();
    other.sort_unstable();
    let mut notes = Vec::new();
    if !missing.is_empty() {
        notes.push(format!("colonnes absentes : {}", missing.join(", ")));
    }
    if !other.is_empty() {
        notes.push(format!("colonnes inconnues, ignorées : {}", other.join(", ")));
    }
    notes
}

/// The columns of a header.
fn header(line: &str) -> Columns {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(line))
        .has_headers(false)
        .flexible(true)
        .from_reader(line.as_bytes());
    let labels = reader.records().next().and_then(Result::ok).unwrap_or_default();
    Columns::new(labels.iter())
}

fn json(head: &[u8]) -> Result<Format, NotRead> {
    match first_columns(head) {
        Some(columns) => table(&columns).map(Format::Json),
        None => Err((FaultKind::Unknown, "ce JSON n’est pas un tableau d’objets".to_owned())),
    }
}

fn table(columns: &Columns) -> Result<Table, NotRead> {
    let Some(table) = Table::recognise(columns) else {
        let reason =
            "les colonnes ne sont celles d’aucun format connu (Onisep, Annuaire de l’éducation, questions)";
        return Err((FaultKind::Unknown, reason.to_owned()));
    };
    match table.needed().iter().find(|needed| columns.get(needed).is_none()) {
        Some(missing) => Err((
            FaultKind::MissingColumn,
            format!("la colonne « {missing} » manque : rien ne peut être lu sans elle"),
        )),
        None => Ok(table),
    }
}

/// By the name of the root, which is the first element that is no declaration or comment.
fn xml(head: &[u8]) -> Result<Format, NotRead> {
    let text = String::from_utf8_lossy(head);
    let mut rest: &str = &text;
    loop {
        rest = rest.trim_start();
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<!DOCTYPE") => {
                return Err((
                    FaultKind::Entities,
                    "le fichier déclare un type de document (DTD) : aucun fichier d’Onisep n’en a, il est refusé par prudence".to_owned(),
                ));
            }
            _ => break,
        };
        match rest.find(end) {
            Some(at) => rest = &rest[at + end.len()..],
            None => break,
        }
    }
    let root =
        rest.trim_start_matches('<').split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next();
    match root.unwrap_or_default() {
        "formations" => Ok(Format::ProgrammeSheets),
        "metiers" => Ok(Format::OccupationSheets),
        "lheo" => Err((FaultKind::Unsupported, "le format LHEO n’est pas lu".to_owned())),
        other => Err((FaultKind::Unknown, format!("la racine « {other} » n’est celle d’aucun format connu"))),
    }
}
