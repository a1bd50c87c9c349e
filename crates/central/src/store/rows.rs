//! What goes between the store's own code and a database: rows, whatever they are called there.

use chrono::{DateTime, Utc};
use passerelle_domain::ids::{CommandId, DeskId, Uai};

use super::StoreError;

/// Where a feed stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedNumbers {
    /// The last number given.
    pub head: u64,
    /// The head at which settings last changed.
    pub settings: u64,
    /// Changes up to this number are forgotten.
    pub floor: u64,
}

/// A change as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ChangeRow {
    /// Its number in the feed.
    #[sqlx(try_from = "i64")]
    pub seq: u64,
    /// What sort of document.
    pub entity: String,
    /// Which.
    pub id: String,
    /// Its revision at that change.
    #[sqlx(try_from = "i64")]
    pub rev: u64,
    /// The document as it was then, JSON.
    pub doc: Option<String>,
}

/// A change as it is read.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ReadChange {
    /// What was stored.
    #[sqlx(flatten)]
    pub row: ChangeRow,
    /// What was written together has the same; none where it was written before there were marks.
    pub mark: Option<i64>,
}

/// A change without its document.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RevisionRow {
    /// Its number in the feed.
    #[sqlx(try_from = "i64")]
    pub seq: u64,
    /// Which document.
    pub id: String,
    /// Its revision at that change.
    #[sqlx(try_from = "i64")]
    pub rev: u64,
    /// It was taken away.
    pub gone: bool,
}

/// A document with the numbers of its last change.
#[derive(Debug, Clone, Copy)]
pub struct DocumentRow<'a> {
    /// Which feed.
    pub scope: &'a str,
    /// What sort.
    pub entity: &'static str,
    /// Which.
    pub id: &'a str,
    /// How often it has changed, from 1.
    pub rev: u64,
    /// Its last change.
    pub seq: u64,
    /// JSON.
    pub doc: &'a str,
}

/// An appointment with what the database's own rules need to see of it.
#[derive(Debug, Clone)]
pub struct AppointmentRow<'a> {
    /// Which feed.
    pub scope: &'a str,
    /// Its id.
    pub id: &'a str,
    /// Who holds it.
    pub counsellor: String,
    /// Who holds it with the first.
    pub second: Option<String>,
    /// Where.
    pub room: Option<String>,
    /// With whom.
    pub client: Option<String>,
    /// The question that it answers.
    pub enquiry: Option<String>,
    /// Begin, Unix seconds.
    pub start_s: i64,
    /// End, Unix seconds.
    pub end_s: i64,
    /// Its state's key.
    pub status: &'static str,
    /// Whether it takes its resources' time.
    pub blocking: bool,
    /// Somebody gave a reason to set a rule aside: it may overlap.
    pub overridden: bool,
    /// Meetings of one group session have the same.
    pub session_key: Option<&'a str>,
    /// Somebody's seat of the session.
    pub seat: bool,
    /// Seats of the session; 1 for every other meeting.
    pub capacity: i64,
    /// Until when it is proposed, Unix seconds.
    pub held_until_s: Option<i64>,
    /// How often it has changed, from 1.
    pub rev: u64,
    /// Its last change.
    pub seq: u64,
    /// JSON.
    pub doc: &'a str,
}

/// A command with its verdict.
#[derive(Debug, Clone)]
pub struct CommandRow<'a> {
    /// Its id.
    pub id: CommandId,
    /// Who sent it.
    pub desk: DeskId,
    /// The incarnation.
    pub inc: &'a str,
    /// Its number in the incarnation.
    pub seq: u64,
    /// The desk's office.
    pub office: &'a Uai,
    /// What it is called.
    pub kind: &'a str,
    /// Who gave it.
    pub actor: String,
    /// When, by the desk's clock, RFC 3339.
    pub at: String,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// JSON.
    pub verdict: String,
    /// The envelope, JSON, while it is held.
    pub held: Option<String>,
}

/// The id of a row of commands.
pub(super) fn command_id(text: &str) -> Result<CommandId, StoreError> {
    text.parse().map_err(|_| StoreError::Damaged("a command without an identifier".into()))
}

/// A text with the id of its row.
pub type Identified = (String, String);
/// The id of a document, its revision and its text.
pub type Stored = (String, u64, String);

/// A document with its sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortedDocument {
    /// What sort.
    pub entity: String,
    /// Which.
    pub id: String,
    /// How often it has changed.
    pub rev: u64,
    /// JSON.
    pub doc: String,
}
