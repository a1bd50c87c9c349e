//! The written content of the demonstration, embedded: offices, names, threads, answers.
//!
//! Threads are plain text, so that somebody who writes French and no code can add one. A block begins with
//! `# channel | public | who writes | class | subject`; `F:` is the family, `S:` the online service, `N:` a note
//! taken by somebody on the phone or at the counter; other lines go on with the message. `! sensitive`, `! fille`,
//! `! garçon`, `! r:fille`, `! r:garçon` set what the text implies.

use std::collections::BTreeMap;

use passerelle_domain::client::{ClientCategory, Relation};
use passerelle_domain::enquiry::Channel;
use serde::Deserialize;

const OFFICES: &str = include_str!("../content/offices.json");
const NAMES: &str = include_str!("../content/names.txt");
const ANSWERS: &str = include_str!("../content/answers.txt");
const THREADS: [&str; 4] = [
    include_str!("../content/enquiries/college.txt"),
    include_str!("../content/enquiries/lycee.txt"),
    include_str!("../content/enquiries/etudes.txt"),
    include_str!("../content/enquiries/adultes.txt"),
];

/// One office as written in `offices.json`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct OfficeText {
    pub key: String,
    pub number: u32,
    pub town: String,
    pub of: String,
    pub street: String,
    pub postal_code: String,
    pub phone: String,
    pub director: String,
    pub receptionists: Vec<String>,
    pub counsellors: Vec<String>,
    pub annexe: Option<String>,
    pub annexe_street: Option<String>,
    pub schools: Vec<String>,
    pub middle_schools: Vec<String>,
    /// Postal codes of the homes that it serves.
    pub postal_codes: Vec<String>,
    pub enquiries: usize,
    pub clients: usize,
}

/// The offices.
#[expect(clippy::expect_used, reason = "embedded and read by every test")]
pub(crate) fn offices() -> Vec<OfficeText> {
    serde_json::from_str(OFFICES).expect("content/offices.json is valid")
}

/// Names by section.
pub(crate) struct Names(BTreeMap<&'static str, Vec<String>>);

impl Names {
    pub(crate) fn load() -> Self {
        let mut sections: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut section = "";
        for line in NAMES.lines().filter(|line| !line.starts_with('#')) {
            match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                Some(name) => section = name,
                // Long family names hold spaces: one a line.
                None if section == "long" => sections.entry(section).or_default().push(line.to_owned()),
                None => {
                    sections.entry(section).or_default().extend(line.split_whitespace().map(str::to_owned))
                }
            }
        }
        Self(sections)
    }

    pub(crate) fn of(&self, section: &str) -> &[String] {
        self.0.get(section).map_or(&[], Vec::as_slice)
    }
}

/// Texts of `answers.txt` by section.
pub(crate) fn answers() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut sections: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for part in ANSWERS.split("\n[").skip(1) {
        if let Some((name, texts)) = part.split_once("]\n") {
            sections.insert(name, texts.split("\n---\n").map(str::trim).collect());
        }
    }
    sections
}

/// Who says a line of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    Family,
    Service,
    Note,
}

/// A thread before it is given to somebody.
#[derive(Debug, Clone)]
pub(crate) struct ThreadText {
    pub channel: Channel,
    pub category: ClientCategory,
    pub relation: Relation,
    pub class_level: Option<String>,
    pub subject: String,
    pub sensitive: bool,
    /// Whether the text makes the young person feminine or masculine.
    pub feminine: Option<bool>,
    /// The same of who writes.
    pub writer_feminine: Option<bool>,
    pub lines: Vec<(Voice, String)>,
}

/// Every thread, in the order of the files.
pub(crate) fn threads() -> Vec<ThreadText> {
    THREADS.iter().flat_map(|file| file.split("# ")).filter_map(thread).collect()
}

fn thread(block: &str) -> Option<ThreadText> {
    let (head, body) = block.trim().split_once('\n')?;
    let cells: Vec<&str> = head.split('|').map(str::trim).collect();
    let [channel, category, relation, class_level, subject] = cells[..] else { return None };
    let mut thread = ThreadText {
        channel: match channel {
            "chat" => Channel::Chat,
            "mail" => Channel::Mail,
            "phone" => Channel::Phone,
            "walkin" => Channel::WalkIn,
            _ => return None,
        },
        category: match category {
            "college" => ClientCategory::MiddleSchool,
            "lycee" => ClientCategory::HighSchool,
            "etudiant" => ClientCategory::Student,
            "apprenti" => ClientCategory::Apprentice,
            "adulte" => ClientCategory::Adult,
            "decrocheur" => ClientCategory::Dropout,
            "allophone" => ClientCategory::Allophone,
            "nonscolarise" => ClientCategory::OutOfSchool,
            _ => return None,
        },
        relation: match relation {
            "self" => Relation::Own,
            "mother" => Relation::Mother,
            "father" => Relation::Father,
            "other" => Relation::Other,
            _ => return None,
        },
        class_level: (!class_level.is_empty()).then(|| class_level.to_owned()),
        subject: subject.to_owned(),
        sensitive: false,
        feminine: None,
        writer_feminine: None,
        lines: Vec::new(),
    };
    for line in body.lines() {
        let voices = [("F: ", Voice::Family), ("S: ", Voice::Service), ("N: ", Voice::Note)];
        if let Some(flag) = line.strip_prefix("! ") {
            match flag {
                "sensitive" => thread.sensitive = true,
                "fille" => thread.feminine = Some(true),
                "garçon" => thread.feminine = Some(false),
                "r:fille" => thread.writer_feminine = Some(true),
                "r:garçon" => thread.writer_feminine = Some(false),
                _ => return None,
            }
        } else if let Some((text, voice)) =
            voices.iter().find_map(|(prefix, voice)| Some((line.strip_prefix(prefix)?, *voice)))
        {
            thread.lines.push((voice, text.to_owned()));
        } else if let Some((_, text)) = thread.lines.last_mut() {
            if !line.is_empty() {
                text.push('\n');
                text.push_str(line);
            }
        } else {
            return None;
        }
    }
    match thread.relation {
        Relation::Mother => thread.writer_feminine = Some(true),
        Relation::Father => thread.writer_feminine = Some(false),
        Relation::Own => thread.writer_feminine = thread.feminine,
        Relation::Other => {}
    }
    Some(thread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_a_thread() {
        let blocks: usize =
            THREADS.iter().map(|file| file.lines().filter(|line| line.starts_with("# ")).count()).sum();
        assert_eq!(threads().len(), blocks, "a block was not understood");
        assert!(blocks >= 110, "{blocks} threads");
        for thread in threads() {
            assert!(!thread.lines.is_empty(), "{}", thread.subject);
            match thread.channel {
                Channel::Chat => assert!((3..=8).contains(&thread.lines.len()), "{}", thread.subject),
                _ => assert_eq!(thread.lines.len(), 1, "{}", thread.subject),
            }
        }
    }

    #[test]
    fn subjects_are_distinct() {
        let mut subjects: Vec<String> = threads().into_iter().map(|thread| thread.subject).collect();
        let all = subjects.len();
        subjects.sort();
        subjects.dedup();
        assert_eq!(subjects.len(), all);
    }

    #[test]
    fn the_lists_are_long_enough() {
        let names = Names::load();
        for (section, least) in
            [("girls", 100), ("boys", 100), ("mothers", 30), ("fathers", 30), ("families", 170), ("long", 7)]
        {
            assert!(names.of(section).len() >= least, "{section}: {}", names.of(section).len());
        }
        let answers = answers();
        for section in ["proposal", "answer", "converted", "thanks", "internal"] {
            assert!(answers[section].len() >= 3, "{section}");
        }
    }
}
