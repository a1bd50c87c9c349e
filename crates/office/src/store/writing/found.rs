//! Clients and enquiries: rows that are found by the words in them.

use std::collections::BTreeMap;

use passerelle_domain::client::{Client, phone_digits};
use passerelle_domain::enquiry::{Author, Enquiry, EnquiryStatus};
use sqlx::QueryBuilder;

use super::{ROWS, Tx, Values, insert};
use crate::store::documents::{parse_doc, to_doc};
use crate::store::error::Result;
use crate::store::text::fold;

/// Words of so many rows go to their index in one statement; two values each.
const WORDS_AT_ONCE: usize = 4_096;

/// As many words as are held back at most, bytes.
const GATHERED_BYTES: usize = 8 << 20;

/// Rows of a table whose rows are found by the words in them.
pub(super) trait Found {
    /// Ids, as JSON, to the numbers of those that are there.
    const HERE: &'static str;
    /// The highest number.
    const LAST: &'static str;
    /// With the number before [`Found::bind`].
    const INSERT: &'static str;
    /// With [`Found::bind`] and the number after it.
    const UPDATE: &'static str;
    /// Takes the words of these numbers away.
    const FORGET: &'static str;
    /// Writes a number's words.
    const WORDS: &'static str;

    fn id(&self) -> &str;
    fn words(&self) -> &str;
    fn bind(&self, one: &mut Values<'_>);
}

/// Words that are not in their index yet, by the numbers of their rows.
///
/// Before each statement of many rows FTS5 writes what it has gathered as one more piece of its index, and pieces are put
/// together again and again. So the words of many documents go there in few statements, and none between the others.
pub(super) struct Words {
    insert: &'static str,
    of: BTreeMap<i64, String>,
    bytes: usize,
}

impl Words {
    /// None yet, of rows of this sort.
    pub const fn of<F: Found>() -> Self {
        Self { insert: F::WORDS, of: BTreeMap::new(), bytes: 0 }
    }

    fn take(&mut self, n: i64, words: &str) {
        self.bytes += words.len();
        self.of.insert(n, words.to_owned());
    }

    /// Writes them when there are many.
    pub async fn write_many(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        if self.bytes < GATHERED_BYTES { Ok(()) } else { self.write(tx).await }
    }

    /// Writes them.
    pub async fn write(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.bytes = 0;
        let words: Vec<(i64, String)> = std::mem::take(&mut self.of).into_iter().collect();
        insert(tx, self.insert, WORDS_AT_ONCE, &words, |one, (n, words)| {
            one.push_bind(*n).push_bind(words.clone());
        })
        .await
    }
}

/// Writes such rows. Their words are to follow.
pub(super) async fn write_found<F: Found>(tx: &mut Tx<'_>, rows: &[F], words: &mut Words) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<&str> = rows.iter().map(F::id).collect();
    let here: Vec<(String, i64)> =
        sqlx::query_as(F::HERE).bind(to_doc(&ids, "ids")?).fetch_all(&mut **tx).await?;
    let written: Vec<i64> = here.iter().map(|(_, n)| *n).collect();
    let mut numbers: BTreeMap<String, i64> = here.into_iter().collect();
    // Asked only where something is new: most of what people do changes what is there.
    let mut last = match rows.iter().all(|row| numbers.contains_key(row.id())) {
        true => 0,
        false => sqlx::query_scalar(F::LAST).fetch_one(&mut **tx).await?,
    };
    let (mut fresh, mut changed) = (Vec::new(), Vec::new());
    for row in rows {
        match numbers.get(row.id()) {
            Some(n) => changed.push((*n, row)),
            None => {
                last += 1;
                numbers.insert(row.id().to_owned(), last);
                fresh.push((last, row));
            }
        }
    }
    insert(tx, F::INSERT, ROWS, &fresh, |one, (n, row)| {
        one.push_bind(*n);
        row.bind(one);
    })
    .await?;
    // In their order: of one that was put twice the last counts.
    for (n, row) in &changed {
        let mut sql = QueryBuilder::new(F::UPDATE);
        row.bind(&mut sql.separated(", "));
        sql.push(") WHERE n = ").push_bind(*n);
        sql.build().execute(&mut **tx).await?;
    }
    if !written.is_empty() {
        sqlx::query(F::FORGET).bind(to_doc(&written, "numbers")?).execute(&mut **tx).await?;
    }
    fresh.iter().chain(&changed).for_each(|(n, row)| words.take(*n, row.words()));
    Ok(())
}

/// A client as a row.
pub(in crate::store) struct ClientRow {
    id: String,
    rev: i64,
    sort_name: String,
    birth_date: Option<String>,
    merged: i64,
    doc: String,
    words: String,
}

impl ClientRow {
    pub(super) fn of(rev: i64, doc: &str) -> Result<Self> {
        let c: Client = parse_doc(doc, "client")?;
        Ok(Self {
            id: c.id.to_string(),
            rev,
            sort_name: fold(&format!("{} {}", c.family_name, c.given_name)),
            birth_date: c.birth_date.map(|d| d.to_string()),
            // Neither shown in lists nor found: the one that goes on is, under its names too.
            merged: i64::from(c.merged_into.is_some() || c.removed),
            doc: doc.to_owned(),
            words: client_text(&c),
        })
    }
}

impl Found for ClientRow {
    const HERE: &'static str = "SELECT t.id, t.n FROM json_each(?) i JOIN client t ON t.id = i.value";
    const LAST: &'static str = "SELECT coalesce(max(n), 0) FROM client";
    // FAIL: who writes rolls all of it back when a row is refused, so what is kept for undoing one statement is kept for nothing.
    const INSERT: &'static str =
        "INSERT OR FAIL INTO client (n, id, rev, sort_name, birth_date, merged, doc) ";
    const UPDATE: &'static str = "UPDATE client SET (id, rev, sort_name, birth_date, merged, doc) = (";
    const FORGET: &'static str = "DELETE FROM client_text WHERE rowid IN (SELECT value FROM json_each(?))";
    const WORDS: &'static str = "INSERT INTO client_text (rowid, text) ";

    fn id(&self) -> &str {
        &self.id
    }

    fn words(&self) -> &str {
        &self.words
    }

    fn bind(&self, one: &mut Values<'_>) {
        one.push_bind(self.id.clone())
            .push_bind(self.rev)
            .push_bind(self.sort_name.clone())
            .push_bind(self.birth_date.clone())
            .push_bind(self.merged)
            .push_bind(self.doc.clone());
    }
}

/// Everything by which a client is found, folded: names, school, birth date in the forms people type, phone digits.
fn client_text(c: &Client) -> String {
    let mut parts = vec![fold(&c.family_name), fold(&c.given_name)];
    parts.extend(c.school.as_deref().map(fold));
    parts.extend(c.birth_date.map(birth_forms));
    parts.extend(c.phone.as_deref().map(phone_digits));
    parts.extend(c.mail.as_deref().map(fold));
    for g in &c.guardians {
        parts.push(fold(&g.family_name));
        parts.push(fold(&g.given_name));
        parts.extend(g.phone.as_deref().map(phone_digits));
        parts.extend(g.mail.as_deref().map(fold));
    }
    for known in &c.also_known {
        parts.push(fold(&known.family_name));
        parts.push(fold(&known.given_name));
        parts.extend(known.birth_date.map(birth_forms));
        parts.extend(known.phones.iter().map(|p| phone_digits(p)));
        parts.extend(known.mails.iter().map(|m| fold(m)));
    }
    parts.retain(|p| !p.is_empty());
    parts.join(" ")
}

/// A birth date in the runs of digits that people type.
fn birth_forms(born: chrono::NaiveDate) -> String {
    born.format("%d%m%Y %d%m%y %d %m %Y").to_string()
}

/// An enquiry as a row.
pub(in crate::store) struct EnquiryRow {
    id: String,
    rev: i64,
    status: &'static str,
    owner: Option<String>,
    client: Option<String>,
    appointment: Option<String>,
    received_s: i64,
    due_s: i64,
    snoozed_s: Option<i64>,
    doc: String,
    words: String,
}

impl EnquiryRow {
    pub(super) fn of(rev: i64, doc: &str) -> Result<Self> {
        let e: Enquiry = parse_doc(doc, "enquiry")?;
        Ok(Self {
            id: e.id.to_string(),
            rev,
            status: e.status.key(),
            owner: e.owner.map(|o| o.to_string()),
            client: e.client.map(|c| c.to_string()),
            appointment: e.appointment.map(|a| a.to_string()),
            received_s: e.received_at.timestamp(),
            due_s: e.due_at.timestamp(),
            snoozed_s: match e.status {
                EnquiryStatus::Snoozed { until } => Some(until.timestamp()),
                _ => None,
            },
            doc: doc.to_owned(),
            words: enquiry_text(&e),
        })
    }
}

impl Found for EnquiryRow {
    const HERE: &'static str = "SELECT t.id, t.n FROM json_each(?) i JOIN enquiry t ON t.id = i.value";
    const LAST: &'static str = "SELECT coalesce(max(n), 0) FROM enquiry";
    const INSERT: &'static str = "INSERT OR FAIL INTO enquiry (n, id, rev, status, owner, client, appointment, received_s, due_s, snoozed_s, doc) ";
    const UPDATE: &'static str = "UPDATE enquiry SET
           (id, rev, status, owner, client, appointment, received_s, due_s, snoozed_s, doc) = (";
    const FORGET: &'static str = "DELETE FROM enquiry_text WHERE rowid IN (SELECT value FROM json_each(?))";
    const WORDS: &'static str = "INSERT INTO enquiry_text (rowid, text) ";

    fn id(&self) -> &str {
        &self.id
    }

    fn words(&self) -> &str {
        &self.words
    }

    fn bind(&self, one: &mut Values<'_>) {
        one.push_bind(self.id.clone())
            .push_bind(self.rev)
            .push_bind(self.status)
            .push_bind(self.owner.clone())
            .push_bind(self.client.clone())
            .push_bind(self.appointment.clone())
            .push_bind(self.received_s)
            .push_bind(self.due_s)
            .push_bind(self.snoozed_s)
            .push_bind(self.doc.clone());
    }
}

/// Everything by which an enquiry is found, folded.
fn enquiry_text(e: &Enquiry) -> String {
    let mut text = vec![fold(&e.reference), fold(&e.requester.name)];
    text.extend(e.requester.about.as_deref().map(fold));
    text.extend(e.requester.phone.as_deref().map(phone_digits));
    // Neither subject nor text of a sensitive question: who may not read it must not learn of it by searching.
    if !e.sensitive {
        text.push(fold(&e.subject));
        let family = |a: &Author| !matches!(a, Author::Staff { .. });
        text.extend(e.thread.iter().filter(|m| family(&m.author) && !m.internal).map(|m| fold(&m.text)));
    }
    text.join(" ")
}

/// How much of the words of many documents is gathered before it goes to the index, bytes; SQLite's own measure else
/// (<https://sqlite.org/fts5.html>, "The 'hashsize' configuration option" has 1 MiB).
const MUCH: i64 = 16 << 20;
const USUAL: i64 = 1 << 20;

/// Before and after many documents with words.
pub(in crate::store) async fn gather_words(tx: &mut Tx<'_>, many: bool) -> Result<()> {
    for sql in [
        "INSERT INTO client_text (client_text, rank) VALUES ('hashsize', ?)",
        "INSERT INTO enquiry_text (enquiry_text, rank) VALUES ('hashsize', ?)",
    ] {
        sqlx::query(sql).bind(if many { MUCH } else { USUAL }).execute(&mut **tx).await?;
    }
    Ok(())
}
