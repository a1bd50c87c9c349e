//! Questions and answers: a format of our own, so that an office, an académie or a ministry can write its answers with a
//! text editor.
//!
//! A file is UTF-8 text, usually named `*.md`, made of blocks of `key: value` lines between two lines `---`, each
//! followed by an answer in Markdown. The first block says that it is such a file and tells of the whole collection; each
//! further block is a question.
//!
//! ```markdown
//! ---
//! passerelle-faq: 1
//! collection: academie-amiens
//! publisher: Académie d’Amiens
//! licence: Licence Ouverte 2.0
//! published: 2026-09-01
//! ---
//! ---
//! id: bourse-de-lycee
//! question: Comment demander une bourse de lycée ?
//! also: qui a droit à la bourse ? | aide pour payer le lycée
//! keywords: bourse | aide financière
//! domains: santé, social, sport/travail social
//! level: bac
//! links: FOR.2568 | MET.569
//! url: https://www.service-public.fr/…
//! updated: 2026-08-20
//! ---
//! La demande se fait **en ligne**, de mai à octobre.
//!
//! - Il faut l’avis d’impôt.
//! - Le lycée donne le calendrier.
//! ```
//!
//! | key of the first block | |
//! |---|---|
//! | `passerelle-faq` | required: version of the format, `1` |
//! | `collection` | required: name of the collection (letters, digits, `-`). A release of a collection replaces the questions of the same one and no others |
//! | `publisher`, `licence` | required: shown beside each answer |
//! | `published` | day of the release, `YYYY-MM-DD` |
//!
//! | key of a question | |
//! |---|---|
//! | `id` | required, unique in the collection (letters, digits, `-`, `.`); the record is `FAQ.` and this |
//! | `question` | required, as a family would ask it |
//! | `also` | other ways of asking it, separated by `\|` |
//! | `keywords` | words around it, separated by `\|` |
//! | `domains` | `domaine/sous-domaine` of Onisep, separated by `\|` |
//! | `level` | of whoever asks: `3e`, `2de`, `1re`, `bac`, `bac+1` … (a code or label of [`Level`]) |
//! | `links` | records that the answer is about (`FOR.n`, `MET.n`, `ENS.n`), separated by `\|` |
//! | `url` | official page |
//! | `updated` | day of the last change, `YYYY-MM-DD` |
//!
//! Keys that are not known are passed over. The answer goes on to the next line that is `---` alone, so a rule within it
//! is written `***`. It may hold headings, paragraphs, lists, emphasis and links; HTML in it is not shown. A question
//! without `id`, `question` or answer, or with an `id` that came before, is rejected, and the others are kept.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read};

use chrono::NaiveDate;

use super::bounds::{Bounded, skip_bom};
use super::cells::{address, date, domains, list};
use super::fault::{Fault, FaultKind};
use super::item::{Item, Read as ReadRow, Row};
use crate::model::{Level, Link, Question, clean, of_markdown};

/// Key of the first block that makes a file one of questions.
pub const MARK: &str = "passerelle-faq";

/// What the first block says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collection {
    /// Its name.
    pub name: String,
    /// Who publishes it.
    pub publisher: String,
    /// Under which licence.
    pub licence: String,
    /// Day of the release.
    pub published: Option<NaiveDate>,
}

/// Reads the questions of `source`, gives each to `each` with the line where its block begins, and says what the
/// collection is.
pub fn read<R: Read>(
    source: Bounded<R>,
    file: &str,
    each: &mut dyn FnMut(u64, Row) -> Result<(), Fault>,
) -> Result<Collection, Fault> {
    let gauge = source.gauge();
    let mut lines = Lines { reader: BufReader::with_capacity(64 << 10, source), number: 0, file };
    skip_bom(&mut lines.reader).map_err(|e| Fault::of(&e, file, FaultKind::Unreadable))?;
    let not_begun =
        || Fault::new(FaultKind::Malformed, file, "le fichier ne commence pas par un bloc « --- »");
    if !lines.next_kept()?.is_some_and(|line| is_rule(&line)) {
        return Err(not_begun());
    }
    let header = lines.block()?;
    let collection = collection(&header, file)?;
    let mut ids = HashSet::new();
    let mut more = lines.next_kept()?.is_some();
    while more {
        gauge.next_record();
        let at = lines.number;
        let block = lines.block()?;
        let mut markdown = String::new();
        more = false;
        while let Some(line) = lines.next()? {
            if is_rule(&line) {
                more = true;
                break;
            }
            markdown.push_str(&line);
            markdown.push('\n');
        }
        each(at, question(&block, &markdown, &mut ids))?;
    }
    Ok(collection)
}

fn is_rule(line: &str) -> bool {
    line.trim_end() == "---"
}

type Block = HashMap<String, String>;

fn collection(block: &Block, file: &str) -> Result<Collection, Fault> {
    let said = |key: &str| block.get(key).map(|v| clean(v)).filter(|v| !v.is_empty());
    let missing = |key: &str| {
        Fault::new(FaultKind::MissingColumn, file, format!("la clé « {key} » manque dans le premier bloc"))
            .at(1)
    };
    match said(MARK).as_deref() {
        Some("1") => {}
        Some(other) => {
            let reason = format!(
                "la version {other} de ce format n’est pas connue (1 l’est) : mettez le programme à jour"
            );
            return Err(Fault::new(FaultKind::Unsupported, file, reason).at(1));
        }
        None => return Err(missing(MARK)),
    }
    let name = said("collection").filter(|n| is_name(n)).ok_or_else(|| missing("collection"))?;
    Ok(Collection {
        name,
        publisher: said("publisher").ok_or_else(|| missing("publisher"))?,
        licence: said("licence").ok_or_else(|| missing("licence"))?,
        published: said("published").and_then(|day| date(&day)),
    })
}

fn is_name(text: &str) -> bool {
    text.len() <= 80 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
}

fn question(block: &Block, markdown: &str, ids: &mut HashSet<String>) -> Row {
    let said = |key: &str| block.get(key).map_or("", |v| v.as_str());
    let id = said("id").trim();
    if id.is_empty() || !is_name(id) {
        return Err("la clé « id » manque, ou a d’autres signes que lettres, chiffres et tirets".to_owned());
    }
    let question = clean(said("question"));
    if question.is_empty() {
        return Err(format!("la question de « {id} » manque"));
    }
    let answer = of_markdown(markdown);
    if answer.is_empty() {
        return Err(format!("la réponse à « {id} » manque"));
    }
    if !ids.insert(id.to_owned()) {
        return Err(format!("« {id} » est déjà plus haut dans le fichier"));
    }
    let level = said("level");
    let record = Question {
        question,
        also: list(said("also")),
        answer,
        markdown: markdown.trim().to_owned(),
        keywords: list(said("keywords")),
        domains: domains(said("domains")),
        level: Level::parse(level),
        links: list(said("links")).into_iter().map(|id| Link { id, label: String::new() }).collect(),
        url: address(said("url")),
    };
    let mut read = ReadRow::one(Item::Question(format!("FAQ.{id}"), Box::new(record)), date(said("updated")));
    if !level.trim().is_empty() && Level::parse(level).is_none() {
        read.left_out.push("niveau inconnu dans une question, ignoré");
    }
    Ok(read)
}

/// Lines with their numbers.
struct Lines<'a, R> {
    reader: BufReader<Bounded<R>>,
    number: u64,
    file: &'a str,
}

impl<R: Read> Lines<'_, R> {
    fn next(&mut self) -> Result<Option<String>, Fault> {
        let mut bytes = Vec::new();
        let read = self.reader.read_until(b'\n', &mut bytes);
        let read = read.map_err(|e| Fault::of(&e, self.file, FaultKind::Unreadable).at(self.number + 1))?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        let mut line = String::from_utf8(bytes).map_err(|_| {
            Fault::new(FaultKind::Encoding, self.file, super::recognise::NOT_UTF8).at(self.number)
        })?;
        line.truncate(line.trim_end_matches(['\r', '\n']).len());
        Ok(Some(line))
    }

    /// The next line that is not blank.
    fn next_kept(&mut self) -> Result<Option<String>, Fault> {
        while let Some(line) = self.next()? {
            if !line.trim().is_empty() {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    /// Lines `key: value` to the next rule.
    fn block(&mut self) -> Result<Block, Fault> {
        let mut block = Block::new();
        while let Some(line) = self.next()? {
            if is_rule(&line) {
                return Ok(block);
            }
            if let Some((key, value)) = line.split_once(':') {
                block.entry(key.trim().to_lowercase()).or_insert_with(|| value.trim().to_owned());
            }
        }
        Err(Fault::new(FaultKind::Cut, self.file, "le fichier est coupé au milieu d’un bloc « --- »")
            .at(self.number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "---\npasserelle-faq: 1\ncollection: essai\npublisher: Nous\nlicence: CC0\npublished: 2026-09-01\n---\n";

    fn read_all(text: &str) -> (Result<Collection, Fault>, Vec<(u64, Row)>) {
        let mut rows = Vec::new();
        let source = Bounded::new(text.as_bytes(), None, std::sync::Arc::default());
        let end = read(source, "faq.md", &mut |line, row| {
            rows.push((line, row));
            Ok(())
        });
        (end, rows)
    }

    #[test]
    fn a_question_is_read_with_its_answer() {
        let (collection, rows) = read_all(&format!(
            "{HEAD}\n---\nid: bourse\nquestion: Qui a droit à une bourse ?\nalso: aide | argent\ndomains: a, b/c\nlevel: bac\nlinks: FOR.1\nurl: https://exemple.fr/a:b\n---\n# Réponse\n\nOui, *si*.\n---\nid: deux\nquestion: Deux ?\n---\nDeux.\n"
        ));
        let collection = collection.expect("a sound file");
        assert_eq!(
            (collection.name.as_str(), collection.published),
            ("essai", NaiveDate::from_ymd_opt(2026, 9, 1))
        );
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].0, 9, "the line of its block");
        let Ok(ReadRow { items, .. }) = &rows[0].1 else { panic!("{:?}", rows[0]) };
        let [Item::Question(id, question)] = items.as_slice() else { panic!("{items:?}") };
        assert_eq!(id, "FAQ.bourse");
        assert_eq!(question.also, ["aide", "argent"]);
        assert_eq!(question.level, Some(Level::Bac));
        assert_eq!(question.url, "https://exemple.fr/a:b", "only the first colon ends the key");
        assert_eq!(question.markdown, "# Réponse\n\nOui, *si*.");
        assert_eq!(question.answer.len(), 2);
    }

    #[test]
    fn a_question_that_lacks_something_stops_no_other() {
        let (end, rows) = read_all(&format!(
            "{HEAD}---\nquestion: Sans nom ?\n---\nA\n---\nid: a\n---\nB\n---\nid: b\nquestion: B ?\n---\n\n---\nid: c\nquestion: C ?\n---\nC\n---\nid: c\nquestion: C ?\n---\nC\n"
        ));
        assert!(end.is_ok());
        let kept: Vec<bool> = rows.iter().map(|(_, row)| row.is_ok()).collect();
        assert_eq!(kept, [false, false, false, true, false], "{rows:#?}");
    }

    #[test]
    fn a_file_that_stops_in_a_block_is_cut() {
        let (end, rows) = read_all(&format!("{HEAD}---\nid: a\nquestion: A ?\n---\nA\n---\nid: b\nquest"));
        assert_eq!(end.expect_err("cut").kind, FaultKind::Cut);
        assert_eq!(rows.len(), 1);
        assert_eq!(
            read_all("---\npasserelle-faq: 2\n---\n").0.expect_err("newer").kind,
            FaultKind::Unsupported
        );
        assert_eq!(
            read_all("---\npasserelle-faq: 1\n---\n").0.expect_err("no name").kind,
            FaultKind::MissingColumn
        );
    }
}
