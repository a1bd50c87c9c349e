//! Reading clients: many at once, by what two records may share, and when each comes next.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use passerelle_domain::client::Client;
use passerelle_domain::ids::ClientId;

use super::documents::{parse_doc, to_doc};
use super::error::Result;
use super::open::Store;
use super::text::fold;

/// What a possible double is looked for by. Empty parts find nothing.
#[derive(Debug, Clone, Default)]
pub struct Traces {
    /// Names, as written: of each, all words must be there.
    pub names: Vec<String>,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// National digits of phone numbers.
    pub phones: Vec<String>,
    /// Mail addresses.
    pub mails: Vec<String>,
}

/// At most so many records that answer what was typed are ranked: a school or a given name that thousands have is to be
/// said with something more.
const CANDIDATES_MAX: i64 = 3_000;

/// How well a name answers what was typed, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// "Family given" begins with it.
    Family,
    /// From one of its later words on it does: the given name, with the family name after it or not.
    Given,
    /// Each word begins one of the name's.
    Words,
    /// Something else of the record answers.
    Other,
}

/// Ranks a folded "family given" by the folded text typed.
fn rank(name: &str, typed: &str) -> Rank {
    if name.starts_with(typed) {
        return Rank::Family;
    }
    let words: Vec<&str> = name.split(' ').collect();
    // "given family" is the name turned round at some word.
    let turned = |at: usize| [&words[at..], &words[..at]].concat().join(" ");
    if (1..words.len()).any(|at| turned(at).starts_with(typed)) {
        return Rank::Given;
    }
    if typed.split(' ').all(|t| words.iter().any(|w| w.starts_with(t))) { Rank::Words } else { Rank::Other }
}

/// At most so many records are compared with one; a shared family mail or a common name finds no more than this.
const TRACED_MAX: i64 = 200;

impl Traces {
    /// What a record could share with another.
    #[must_use]
    pub fn of(client: &Client) -> Self {
        let guardians = || client.guardians.iter();
        let phones = client.phone.iter().chain(guardians().filter_map(|g| g.phone.as_ref()));
        let mails = client.mail.iter().chain(guardians().filter_map(|g| g.mail.as_ref()));
        Self {
            names: vec![client.full_name()],
            birth_date: client.birth_date,
            phones: phones.map(|p| passerelle_domain::client::phone_digits(p)).collect(),
            mails: mails.cloned().collect(),
        }
    }

    /// An FTS5 expression: any of the names, numbers or addresses. Every word is quoted, so nothing in it is syntax.
    fn expression(&self) -> Option<String> {
        let all_words = |text: &String| {
            let words: Vec<String> =
                fold(text).split(' ').filter(|w| !w.is_empty()).map(|w| format!("\"{w}\"")).collect();
            (!words.is_empty()).then(|| format!("({})", words.join(" AND ")))
        };
        let names = self.names.iter().filter_map(all_words);
        let numbers = self.phones.iter().filter(|p| p.len() >= 8).map(|p| format!("\"{p}\""));
        // The words of an address stand side by side in the stored text.
        let mails = self.mails.iter().map(|m| fold(m)).filter(|m| !m.is_empty()).map(|m| format!("\"{m}\""));
        let all: Vec<String> = names.chain(numbers).chain(mails).collect();
        (!all.is_empty()).then(|| all.join(" OR "))
    }
}

impl Store {
    /// Clients by id, in one query; unknown ids are not in the map.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn clients_by_ids(&self, ids: &[ClientId]) -> Result<HashMap<ClientId, Client>> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let docs: Vec<String> =
            sqlx::query_scalar("SELECT doc FROM client WHERE id IN (SELECT value FROM json_each(?))")
                .bind(to_doc(&ids, "ids")?)
                .fetch_all(&self.readers)
                .await?;
        docs.iter().map(|d| parse_doc::<Client>(d, "client")).map(|c| c.map(|c| (c.id, c))).collect()
    }

    /// Clients whose words begin with what was typed; merged ones are not among them. Who is called so comes first: whose
    /// names begin with it as typed, family name first; then whose names answer each word; then those found by a school,
    /// a number, a guardian. At each rank in order of name.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn clients_matching(&self, typed: &str, limit: u32) -> Result<Vec<Client>> {
        let Some(expression) = super::text::search_expression(typed) else { return Ok(Vec::new()) };
        let folded = fold(typed);
        // As many whose family name begins with it as are shown at most: nothing can stand before them, and one letter,
        // which half of all records answer, asks for no more.
        let mut ranked: Vec<(Rank, String, i64)> = Vec::new();
        let first: Vec<(String, i64)> = sqlx::query_as(
            "SELECT sort_name, n FROM client WHERE sort_name >= ?1 AND sort_name < ?1 || char(1114111) AND merged = 0
             ORDER BY sort_name, id LIMIT ?2",
        )
        .bind(&folded)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        if first.len() < limit as usize {
            let rest: Vec<(String, i64)> = sqlx::query_as(
                "SELECT sort_name, n FROM client WHERE merged = 0
                   AND n IN (SELECT rowid FROM client_text WHERE client_text MATCH ?1 LIMIT ?2)",
            )
            .bind(expression)
            .bind(CANDIDATES_MAX)
            .fetch_all(&self.readers)
            .await?;
            ranked.extend(rest.into_iter().map(|(name, n)| (rank(&name, &folded), name, n)));
        }
        ranked.extend(first.into_iter().map(|(name, n)| (Rank::Family, name, n)));
        ranked.sort_unstable();
        ranked.dedup_by_key(|(_, _, n)| *n);
        ranked.truncate(limit as usize);
        let order: Vec<i64> = ranked.into_iter().map(|(_, _, n)| n).collect();
        let docs: Vec<String> = sqlx::query_scalar(
            "SELECT c.doc FROM json_each(?) j JOIN client c ON c.n = j.value ORDER BY j.key",
        )
        .bind(to_doc(&order, "order")?)
        .fetch_all(&self.readers)
        .await?;
        docs.iter().map(|d| parse_doc(d, "client")).collect()
    }

    /// Clients that share a name, a number, an address or the birth date; what that means is for the caller to judge.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn clients_sharing(&self, traces: &Traces) -> Result<Vec<Client>> {
        let docs: Vec<String> = sqlx::query_scalar(
            "SELECT doc FROM client WHERE merged = 0 AND n IN (
               SELECT n FROM client WHERE ?1 IS NOT NULL AND birth_date = ?1
               UNION SELECT rowid FROM client_text WHERE client_text MATCH ?2)
             ORDER BY sort_name, id LIMIT ?3",
        )
        .bind(traces.birth_date.map(|d| d.to_string()))
        // The empty phrase matches nothing.
        .bind(traces.expression().unwrap_or_else(|| "\"\"".to_owned()))
        .bind(TRACED_MAX)
        .fetch_all(&self.readers)
        .await?;
        docs.iter().map(|d| parse_doc(d, "client")).collect()
    }

    /// The start of the next blocking meeting of each client that has one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn next_meetings(
        &self,
        ids: &[ClientId],
        now: DateTime<Utc>,
    ) -> Result<HashMap<ClientId, DateTime<Utc>>> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT client, min(start_s) FROM appointment
             WHERE client IN (SELECT value FROM json_each(?)) AND start_s >= ? AND blocking = 1 GROUP BY client",
        )
        .bind(to_doc(&ids, "ids")?)
        .bind(now.timestamp())
        .fetch_all(&self.readers)
        .await?;
        Ok(rows
            .into_iter()
            .filter_map(|(id, start)| Some((id.parse().ok()?, DateTime::from_timestamp(start, 0)?)))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_begins_as_typed_comes_before_one_that_only_answers() {
        let name = "benaissa lefevre yasmine";
        assert_eq!(rank(name, "benai"), Rank::Family);
        assert_eq!(rank(name, "benaissa lefevre y"), Rank::Family);
        assert_eq!(rank(name, "yasm"), Rank::Given);
        assert_eq!(rank(name, "yasmine benaissa"), Rank::Given);
        assert_eq!(rank(name, "lefevre yasmine"), Rank::Given);
        assert_eq!(rank(name, "lefevre benaissa"), Rank::Words);
        assert_eq!(rank(name, "thuillier"), Rank::Other);
    }
}
