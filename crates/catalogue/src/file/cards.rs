//! What a list of hits shows of each record: its name, what stands under it, the beginning of what it says.

use std::collections::HashMap;

use serde::de::DeserializeOwned;

use super::record::parse;
use super::{Catalogue, OpenError};
use crate::model::{Block, plain};

/// A record in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// Its name.
    pub title: String,
    /// What stands under it.
    pub subtitle: String,
    /// What it says of itself, in plain words; empty where it says nothing.
    pub says: String,
    /// At how many places a programme is given; how many programmes an institution gives.
    pub places: u32,
}

/// The texts of which a list shows a piece, of any kind of record, the likeliest first: summary, hook, description,
/// answer, work. Those that a part has not are null.
type Says = [Option<Vec<Block>>; 5];

/// What the file tells of an entry: identifier, title, what stands under it, places, what each of its parts says.
type Told = (String, String, String, u32, Option<Vec<Says>>);

/// One row of one text, for a row of its own for each costs more than finding it: rows pass from thread to thread. The
/// parts that may say something, the surest first; institutions say nothing of themselves. A part that cannot be read
/// shows itself on its page; a list goes on without its words.
const ENTRIES: &str = "
    SELECT json_group_array(json_array(
        entry.id, entry.title, entry.subtitle,
        CASE entry.kind
            WHEN 'programme' THEN (SELECT count(*) FROM offering WHERE programme = entry.id)
            WHEN 'institution' THEN (SELECT count(*) FROM offering WHERE institution = entry.id)
            ELSE 0
        END,
        CASE entry.kind WHEN 'institution' THEN NULL ELSE json((
            SELECT json_group_array(json(says)) FROM (
                SELECT json_extract(body, '$.summary', '$.hook', '$.description', '$.answer', '$.work') AS says
                FROM part WHERE part.entry = entry.seq AND json_valid(body)
                ORDER BY part.rank, part.seq)
        )) END))
    FROM json_each(?) AS asked JOIN entry ON entry.id = asked.value";

/// The same of offerings: what was asked for, the programme, the institution, what stands under that.
type Offered = (String, Option<String>, Option<String>, Option<String>);

const OFFERINGS: &str = "
    SELECT json_group_array(json_array(asked, programme, institution, place)) FROM (
        SELECT asked.value AS asked, p.title AS programme, i.title AS institution, i.subtitle AS place
        FROM json_each(?) AS asked
             JOIN offering ON offering.id = substr(asked.value, 1, instr(asked.value || '@', '@') - 1)
                  AND (asked.value = offering.id OR asked.value = offering.id || '@' || offering.institution
                       OR asked.value = offering.id || '@' || offering.institution || '@' || offering.programme)
             LEFT JOIN entry p ON p.id = offering.programme LEFT JOIN entry i ON i.id = offering.institution
        ORDER BY asked.key, offering.seq DESC)";

/// The first text that says anything, in plain words.
fn said(parts: &[Says]) -> String {
    let mut texts = parts.iter().flatten().flatten().filter(|text| !text.is_empty());
    texts.next().map_or_else(String::new, |text| plain(text).replace('\n', " "))
}

impl Catalogue {
    /// The cards of these records, by identifier as it was given. An identifier that is in no file has none. Two
    /// questions to the file, whatever the number.
    ///
    /// # Errors
    /// [`OpenError`]
    pub async fn cards(&self, ids: &[&str]) -> Result<HashMap<String, Card>, OpenError> {
        let offered = |id: &&&str| id.starts_with("AF.");
        let mut cards = self.entry_cards(&json(ids.iter().filter(|id| !offered(id)))).await?;
        if ids.iter().any(|id| id.starts_with("AF.")) {
            cards.extend(self.offering_cards(&json(ids.iter().filter(offered))).await?);
        }
        Ok(cards)
    }

    async fn entry_cards(&self, ids: &str) -> Result<HashMap<String, Card>, OpenError> {
        let told: Vec<Told> = self.one_text(ENTRIES, ids).await?;
        let cards = told.into_iter().map(|(id, title, subtitle, places, parts)| {
            let says = said(&parts.unwrap_or_default());
            (id, Card { title, subtitle, says, places })
        });
        Ok(cards.collect())
    }

    async fn offering_cards(&self, ids: &str) -> Result<HashMap<String, Card>, OpenError> {
        let told: Vec<Offered> = self.one_text(OFFERINGS, ids).await?;
        let cards = told.into_iter().map(|(id, programme, institution, place)| {
            let of: Vec<String> =
                [institution, place].into_iter().flatten().filter(|text| !text.is_empty()).collect();
            let card = Card {
                title: programme.unwrap_or_default(),
                subtitle: of.join(", "),
                places: 1,
                says: String::new(),
            };
            (id, card)
        });
        Ok(cards.collect())
    }

    /// What a statement gathers of these identifiers in one text of JSON.
    async fn one_text<T: DeserializeOwned>(&self, sql: &'static str, ids: &str) -> Result<T, OpenError> {
        let text: String = sqlx::query_scalar(sql).bind(ids).fetch_one(&self.pool).await?;
        parse("a list", &text)
    }
}

/// A list of identifiers as SQLite reads one.
fn json<'a, 'b: 'a>(ids: impl Iterator<Item = &'a &'b str>) -> String {
    serde_json::Value::from_iter(ids.map(|id| (*id).to_owned())).to_string()
}
