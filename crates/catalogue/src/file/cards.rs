//! What a list of hits shows of each record: its name, what stands under it, the beginning of what it says.

use std::collections::HashMap;

use serde::Deserialize;

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

/// The texts of which a list shows a piece, of any kind of record; all others are passed over unread.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Says {
    hook: Vec<Block>,
    summary: Vec<Block>,
    description: Vec<Block>,
    answer: Vec<Block>,
    work: Vec<Block>,
}

impl Says {
    fn text(&self) -> Option<String> {
        let texts = [&self.summary, &self.hook, &self.description, &self.answer, &self.work];
        texts.into_iter().find(|text| !text.is_empty()).map(|text| plain(text).replace('\n', " "))
    }
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
        // The parts that may say something, the surest first; institutions say nothing of themselves.
        type Row = (String, String, String, i64, Option<String>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT entry.id, entry.title, entry.subtitle,
                    CASE entry.kind
                        WHEN 'programme' THEN (SELECT count(*) FROM offering WHERE programme = entry.id)
                        WHEN 'institution' THEN (SELECT count(*) FROM offering WHERE institution = entry.id)
                        ELSE 0
                    END,
                    part.body
             FROM json_each(?) AS asked JOIN entry ON entry.id = asked.value
                  LEFT JOIN part ON part.entry = entry.seq AND entry.kind <> 'institution'
             ORDER BY asked.key, part.rank, part.seq",
        )
        .bind(ids)
        .fetch_all(&self.pool)
        .await?;
        let mut cards: HashMap<String, Card> = HashMap::new();
        for (id, title, subtitle, places, body) in rows {
            let places = u32::try_from(places).unwrap_or_default();
            let card = cards.entry(id).or_insert(Card { title, subtitle, places, says: String::new() });
            if card.says.is_empty()
                && let Some(body) = body
            {
                // A part that cannot be read shows itself on its page; a list goes on without its words.
                let says = serde_json::from_str::<Says>(&body).ok().and_then(|says| says.text());
                card.says = says.unwrap_or_default();
            }
        }
        Ok(cards)
    }

    async fn offering_cards(&self, ids: &str) -> Result<HashMap<String, Card>, OpenError> {
        type Row = (String, Option<String>, Option<String>, Option<String>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT asked.value, p.title, i.title, i.subtitle
             FROM json_each(?) AS asked
                  JOIN offering ON offering.id = substr(asked.value, 1, instr(asked.value || '@', '@') - 1)
                       AND (asked.value = offering.id OR asked.value = offering.id || '@' || offering.institution
                            OR asked.value = offering.id || '@' || offering.institution || '@' || offering.programme)
                  LEFT JOIN entry p ON p.id = offering.programme LEFT JOIN entry i ON i.id = offering.institution
             ORDER BY asked.key, offering.seq DESC",
        )
        .bind(ids)
        .fetch_all(&self.pool)
        .await?;
        let cards = rows.into_iter().map(|(id, programme, institution, place)| {
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
}

/// A list of identifiers as SQLite reads one.
fn json<'a, 'b: 'a>(ids: impl Iterator<Item = &'a &'b str>) -> String {
    serde_json::Value::from_iter(ids.map(|id| (*id).to_owned())).to_string()
}
