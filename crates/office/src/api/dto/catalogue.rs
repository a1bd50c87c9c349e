//! The catalogue: what is searched, what is found, and a record with all that it is linked to.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::lookups::ApiError;

/// `catalogue.search` arguments. Of each list one value is enough; a list that is empty narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CatalogueQuery {
    /// What was typed so far: words, a whole question, an identifier, a UAI, a ROME code. Nothing: everything.
    pub text: String,
    /// "programme", "offering", "institution", "occupation", "faq". None: all but the offerings, which come in only
    /// where a place is part of the question.
    pub kinds: Vec<String>,
    /// Codes of levels.
    pub levels: Vec<String>,
    /// Domains, or "domaine/sous-domaine".
    pub domains: Vec<String>,
    /// Types of school and of diploma.
    pub categories: Vec<String>,
    /// "public", "privé"…
    pub statuses: Vec<String>,
    /// Codes of départements.
    pub departments: Vec<String>,
    /// Académies.
    pub academies: Vec<String>,
    /// From where distances are said: a postal code, a commune, or both ("80090 Amiens").
    pub near: Option<String>,
    /// Only what is given, or stands, within so many kilometres of there.
    pub within_km: Option<u16>,
    /// "relevance" (unless said) or "distance".
    pub order: Option<String>,
    /// All kinds in one group, best first, instead of a group each.
    pub together: bool,
    /// Of one kind: how many hits to pass over.
    pub offset: u32,
    /// How many hits to give: of one kind when one is asked for, else of each kind. At most 200.
    pub limit: Option<u32>,
}

/// `catalogue.search`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CatalogueAnswer {
    /// How many records answer, of all kinds.
    pub total: u32,
    /// The kinds that have any, in the order in which they are shown.
    pub groups: Vec<CatalogueGroup>,
    /// What the search can be narrowed by.
    pub facets: Vec<CatalogueFacet>,
    /// Words of the question that nothing is known for.
    pub unknown: Vec<String>,
    /// Nothing has all the words: what has most of them is given.
    pub relaxed: bool,
    /// The place that distances are said from, as it was understood; none when none was said or it is unknown.
    pub near: Option<String>,
    /// The release that was searched.
    pub release: String,
    /// How long it took at the desk, in microseconds.
    pub took_us: u32,
}

/// Hits of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CatalogueGroup {
    /// "programme", "occupation", "institution", "faq", "offering"; "all" when they were asked for together.
    pub kind: String,
    /// How many there are.
    pub total: u32,
    /// Those that are shown.
    pub hits: Vec<CatalogueHit>,
}

/// A record that answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CatalogueHit {
    /// Its identifier.
    pub id: String,
    /// "programme", "occupation", "institution", "faq", "offering".
    pub kind: String,
    /// Its name, in pieces.
    pub title: Vec<TextPiece>,
    /// What stands under it: type and length, type and commune; of an offering, where.
    pub subtitle: String,
    /// A piece of what it says, where it says something.
    pub snippet: Vec<TextPiece>,
    /// How far its nearest place is, in kilometres as the crow flies.
    pub distance_km: Option<f64>,
    /// At how many places a programme is given; how many programmes an institution gives.
    pub places: u32,
    /// Which words led there.
    pub why: Vec<CatalogueReason>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TextPiece {
    /// The text.
    pub text: String,
    /// Whether it is a word of the question.
    pub hit: bool,
}

/// Why a record is a hit: one word of the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogueReason {
    /// The words of the question, as typed.
    pub asked: String,
    /// "code", "exact", "form", "beginning", "synonym", "repaired", "alike".
    pub how: String,
    /// What was found for them, where that is something else.
    pub found: Option<String>,
}

/// A property to narrow a search by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogueFacet {
    /// "kinds", "levels", "domains", "categories", "statuses", "departments", "academies": a list of
    /// [`CatalogueQuery`].
    pub property: String,
    /// Its values: levels in their order, others most hits first.
    pub values: Vec<CatalogueCount>,
}

/// How many hits have a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogueCount {
    /// The value, as [`CatalogueQuery`] takes it.
    pub value: String,
    /// What it is called ("Somme (80)"); kinds are worded on the screen.
    pub label: String,
    /// How many hits choosing it would give.
    pub hits: u32,
}

/// `catalogue.get` arguments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CatalogueRequest {
    /// An identifier, or a UAI.
    pub id: String,
    /// From where distances are said, as in [`CatalogueQuery::near`].
    pub near: Option<String>,
    /// How many places to list, the nearest first: 12 unless said, at most 500.
    pub places: Option<u32>,
}

/// `catalogue.open_page` arguments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct OpenPageRequest {
    /// The record whose official page is wanted.
    pub id: String,
}

/// `catalogue.open_page`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PageOpened {
    /// Its address.
    pub url: String,
    /// Whether the browser of the computer was asked to show it; else the address is to be copied.
    pub opened: bool,
}

/// `catalogue.get`: a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CatalogueRecord {
    /// Its identifier.
    pub id: String,
    /// "programme", "occupation", "institution", "faq", "offering".
    pub kind: String,
    /// Its name.
    pub title: String,
    /// What stands under it.
    pub subtitle: String,
    /// Short facts, in the order in which they are shown.
    pub facts: Vec<CatalogueFact>,
    /// What it says, in the order in which it is shown.
    pub texts: Vec<CatalogueText>,
    /// Programmes: of an occupation those that lead there, of a question those that it is about.
    pub programmes: Vec<CatalogueLink>,
    /// Occupations: of a programme those that it leads to, of an occupation those beside it.
    pub occupations: Vec<CatalogueLink>,
    /// Institutions that it is tied to.
    pub institutions: Vec<CatalogueLink>,
    /// Questions about it.
    pub questions: Vec<CatalogueLink>,
    /// Where a programme is given, nearest first when a place was said; what an institution gives, by name.
    pub places: Vec<CataloguePlace>,
    /// How many there are.
    pub places_total: u32,
    /// Open days to come of an institution, and of the places that are listed; soonest first.
    pub open_days: Vec<CatalogueOpenDay>,
    /// The place that distances are said from, as it was understood.
    pub near: Option<String>,
    /// How far an institution is.
    pub distance_km: Option<f64>,
    /// Its official page.
    pub url: Option<String>,
    /// The Markdown of an answer, to be put into a reply.
    pub answer: Option<String>,
    /// Release since which no dataset has it; it stays readable for whoever refers to it.
    pub gone_since: Option<String>,
    /// Only its name is known: something else names it and no file describes it.
    pub named_only: bool,
    /// Who told of it.
    pub sources: Vec<CatalogueSource>,
}

/// A short fact. What the key is called belongs to the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogueFact {
    /// "type", "level", "duration", "certification", "domains", "subjects", "authority", "rncp", "status", "address",
    /// "department", "academy", "phone", "mail", "website", "boarding", "accessibility", "languages", "pupils", "state",
    /// "uai", "annexes", "field", "also", "sectors", "statuses", "interests", "rome", "attendance", "elements", "cost",
    /// "welcome".
    pub key: String,
    /// Its value, as it is shown. Several are several facts with the same key.
    pub value: String,
}

/// A text of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogueText {
    /// "description", "access", "expectations", "further", "hook", "summary", "work", "conditions", "skills", "career",
    /// "answer".
    pub key: String,
    /// Its blocks.
    pub blocks: Vec<CatalogueBlock>,
}

/// A block of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CatalogueBlock {
    /// A heading within the text.
    Heading {
        /// Its words.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        text: String,
    },
    /// A list.
    List {
        /// The words of each item.
        items: Vec<String>,
    },
}

/// The other end of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogueLink {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Whether the catalogue holds it; else only its name is known.
    pub known: bool,
}

/// A programme at a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CataloguePlace {
    /// `AF.n`.
    pub id: String,
    /// The programme.
    pub programme: CatalogueLink,
    /// The institution.
    pub institution: CatalogueLink,
    /// Type and commune of the institution.
    pub place: String,
    /// "temps plein", "apprentissage"…
    pub attendance: Vec<String>,
    /// "2 ans".
    pub duration: String,
    /// Kilometres as the crow flies.
    pub distance_km: Option<f64>,
    /// From the place that was said: kilometres to the east and to the north, for the little map.
    pub offset_km: Option<(f64, f64)>,
    /// Its official page.
    pub url: Option<String>,
    /// Release since which it is not given any more.
    pub gone_since: Option<String>,
}

/// A day on which families are welcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogueOpenDay {
    /// The institution.
    pub institution: CatalogueLink,
    /// First day; none where the text says no date that can be read.
    pub from: Option<NaiveDate>,
    /// Last day, when there are several.
    pub to: Option<NaiveDate>,
    /// On the clock of the place.
    pub opens: Option<NaiveTime>,
    /// On the clock of the place.
    pub closes: Option<NaiveTime>,
    /// It is held online.
    pub online: bool,
    /// As it was published.
    pub written: String,
    /// Where one says that one comes.
    pub url: Option<String>,
}

/// A dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogueSource {
    /// Its name.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// Under which licence.
    pub licence: String,
    /// Day of its release.
    pub published: Option<NaiveDate>,
}

/// `catalogue.status`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CatalogueStatus {
    /// "none", "loading" (its index is being read or made), "ready", "damaged" (it has to be imported again).
    pub state: String,
    /// The release in service.
    pub release: Option<String>,
    /// Records that can be found.
    pub records: u32,
    /// What it was made of.
    pub sources: Vec<CatalogueSource>,
    /// The import that is at work.
    pub import: Option<CatalogueImport>,
    /// What became of the last import of this start of the program.
    pub last: Option<CatalogueImported>,
}

/// An import at work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CatalogueImport {
    /// "downloading", "reading", "keeping", "checking", "indexing".
    pub stage: String,
    /// The file that is read.
    pub file: String,
    /// Bytes read; while indexing, records.
    pub done: f64,
    /// Bytes of all files, as far as they are known; while indexing, records.
    pub total: f64,
    /// Rows read.
    pub rows: u32,
    /// Seconds since it began.
    pub seconds: f64,
    /// Seconds left, as far as can be said.
    pub left_s: Option<f64>,
}

/// How an import ended.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CatalogueImported {
    /// Why nothing was imported; the catalogue in service is as it was.
    pub failed: Option<ApiError>,
    /// Rows read.
    pub read: u32,
    /// Rows kept.
    pub kept: u32,
    /// Rows that could not be kept.
    pub rejected: u32,
    /// Those of them that are told, at most two hundred.
    pub rejects: Vec<CatalogueReject>,
    /// Files that are none of a catalogue, and why.
    pub ignored: Vec<CatalogueReject>,
    /// Records by kind.
    pub by_kind: Vec<CatalogueCount>,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// A row, or a file, that was not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogueReject {
    /// The file.
    pub file: String,
    /// The line, where it is known.
    pub line: Option<u32>,
    /// Why, in words of the screen.
    pub reason: String,
}

/// `catalogue.choose` arguments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ChooseRequest {
    /// Folders instead of files.
    pub folders: bool,
}

/// `catalogue.choose`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChosenFiles {
    /// What was chosen; nothing when the person changed their mind.
    pub paths: Vec<String>,
}

/// `catalogue.import` arguments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CatalogueImportRequest {
    /// Files, archives and folders.
    pub paths: Vec<String>,
}

/// `catalogue.suggest` arguments: what fits a question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SuggestRequest {
    /// The enquiry.
    pub enquiry: String,
    /// How many of each kind: 4 unless said.
    pub limit: Option<u32>,
}
