//! What SQLite has for it: rows, full-text search, an R-tree.

use std::{fmt::Write, path::Path};

use passerelle_catalogue::search::{Document, Facet};
use passerelle_domain::office::Position;
use rusqlite::{Connection, params_from_iter, types::Value};

use crate::{flat, questions::Question};

pub struct Sqlite(Connection);

/// The words of a text as FTS5 takes them, the last as the beginning of a word.
fn matching(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("{}*", quoted.join(" "))
}

fn column(facet: Facet) -> &'static str {
    match facet {
        Facet::Kind => "kind",
        Facet::Level => "level",
        Facet::Domain | Facet::Category => "category",
        Facet::Status => "status",
        Facet::Department => "department",
        Facet::Academy => "academy",
    }
}

impl Sqlite {
    pub fn create(path: &Path) -> Self {
        let connection = Connection::open(path).expect("a database");
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -262144;
                 CREATE TABLE entry (id INTEGER PRIMARY KEY, code TEXT, kind TEXT, title TEXT, keywords TEXT, text TEXT,
                   level TEXT, category TEXT, status TEXT, department TEXT, academy TEXT, lat REAL, lon REAL);",
            )
            .expect("tables");
        Self(connection)
    }

    /// The rows, a hundred in a statement.
    pub fn insert(&self, documents: &[Document]) {
        let transaction = self.0.unchecked_transaction().expect("a transaction");
        for (chunk, rows) in documents.chunks(100).enumerate() {
            let row = "(?,?,?,?,?,?,?,?,?,?,?,?,?)";
            let sql = format!("INSERT INTO entry VALUES {}", vec![row; rows.len()].join(","));
            let mut statement = transaction.prepare_cached(&sql).expect("a statement");
            let mut values: Vec<Value> = Vec::with_capacity(1_300);
            for (at, document) in rows.iter().enumerate() {
                let words = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
                let degrees = |degrees: Option<f64>| degrees.map_or(Value::Null, Value::Real);
                values.extend([
                    Value::Integer((chunk * 100 + at) as i64),
                    Value::Text(document.id.clone()),
                    Value::Text(document.kind.code().to_owned()),
                    Value::Text(document.title.clone()),
                    Value::Text(document.keywords.join(", ")),
                    Value::Text(flat::text(document)),
                    words(&document.level),
                    words(&document.category),
                    words(&document.status),
                    words(&document.department),
                    words(&document.academy),
                    degrees(document.position.map(|position| position.lat)),
                    degrees(document.position.map(|position| position.lon)),
                ]);
            }
            statement.execute(params_from_iter(values)).expect("rows");
        }
        transaction.commit().expect("rows kept");
    }

    pub fn index(&self) {
        self.0
            .execute_batch(
                "CREATE VIRTUAL TABLE words USING fts5(title, keywords, content='entry', content_rowid='id',
                   tokenize='unicode61 remove_diacritics 2', prefix='1 2 3');
                 INSERT INTO words(words) VALUES('rebuild');
                 CREATE UNIQUE INDEX entry_code ON entry(code);",
            )
            .expect("a full-text index");
    }

    /// Takes the full-text index away.
    pub fn drop_index(&self) {
        self.0
            .execute_batch("DROP TABLE IF EXISTS words; DROP INDEX IF EXISTS entry_code;")
            .expect("no index");
    }

    pub fn r_tree(&self) {
        self.0
            .execute_batch(
                "CREATE VIRTUAL TABLE spot USING rtree(id, south, north, west, east);
                 INSERT INTO spot SELECT id, lat, lat, lon, lon FROM entry WHERE kind = 'institution' AND lat IS NOT NULL;",
            )
            .expect("an R-tree");
    }

    /// The first twenty with their snippets, ranked or as they come.
    pub fn search(&self, question: &Question, ranked: bool) -> Vec<(String, String)> {
        let mut sql = "SELECT e.code, snippet(words, -1, '[', ']', '…', 12) FROM words JOIN entry e ON e.id = words.rowid \
                       WHERE words MATCH ?"
            .to_owned();
        let mut values = vec![Value::Text(matching(&question.text))];
        for (facet, value) in &question.filters {
            write!(sql, " AND e.{} = ?", column(*facet)).expect("a text");
            values.push(Value::Text(value.clone()));
        }
        if let Some(home) = question.near {
            let narrow = home.lat.to_radians().cos().powi(2);
            sql += " ORDER BY (e.lat - ?) * (e.lat - ?) + (e.lon - ?) * (e.lon - ?) * ?";
            values.extend([home.lat, home.lat, home.lon, home.lon, narrow].map(Value::Real));
        } else if ranked {
            sql += " ORDER BY rank";
        }
        sql += " LIMIT 20";
        let mut statement = self.0.prepare_cached(&sql).expect("a statement");
        let rows = statement.query_map(params_from_iter(values), |row| Ok((row.get(0)?, row.get(1)?)));
        rows.expect("an answer").collect::<Result<_, _>>().expect("rows")
    }

    /// The texts of these entries, in one query.
    pub fn texts(&self, codes: &[&str]) -> Vec<String> {
        let marks = vec!["?"; codes.len()].join(",");
        let sql = format!("SELECT text FROM entry WHERE code IN ({marks})");
        let mut statement = self.0.prepare_cached(&sql).expect("a statement");
        let rows = statement.query_map(params_from_iter(codes), |row| row.get(0));
        rows.expect("an answer").collect::<Result<_, _>>().expect("rows")
    }

    /// The nearest twenty institutions of a category: boxes that grow until they hold enough.
    pub fn nearest(&self, home: Position, category: &str) -> Vec<String> {
        let sql = "SELECT e.code FROM spot s JOIN entry e ON e.id = s.id
                   WHERE s.south >= ?1 AND s.north <= ?2 AND s.west >= ?3 AND s.east <= ?4 AND e.category = ?5
                     AND (e.lat - ?6) * (e.lat - ?6) + (e.lon - ?7) * (e.lon - ?7) * ?8 <= ?9
                   ORDER BY (e.lat - ?6) * (e.lat - ?6) + (e.lon - ?7) * (e.lon - ?7) * ?8 LIMIT 20";
        let mut statement = self.0.prepare_cached(sql).expect("a statement");
        let narrow = home.lat.to_radians().cos();
        let mut half = 0.1;
        loop {
            let wide = half / narrow;
            let values = rusqlite::params![
                home.lat - half,
                home.lat + half,
                home.lon - wide,
                home.lon + wide,
                category,
                home.lat,
                home.lon,
                narrow * narrow,
                half * half
            ];
            let rows = statement.query_map(values, |row| row.get(0)).expect("an answer");
            let found: Vec<String> = rows.collect::<Result<_, _>>().expect("rows");
            if found.len() == 20 || half > 50.0 {
                return found;
            }
            half *= 2.0;
        }
    }

    /// Replaces and removes rows and what the full-text index says of them.
    pub fn change(&self, put: &[(usize, Document)], remove: &[usize]) {
        let transaction = self.0.unchecked_transaction().expect("a transaction");
        let take = "INSERT INTO words(words, rowid, title, keywords) SELECT 'delete', id, title, keywords FROM entry WHERE id = ?";
        for id in put.iter().map(|(id, _)| id).chain(remove) {
            let id = *id as i64;
            transaction.prepare_cached(take).and_then(|mut s| s.execute([id])).expect("words taken out");
        }
        for id in remove {
            let sql = "DELETE FROM entry WHERE id = ?";
            transaction.prepare_cached(sql).and_then(|mut s| s.execute([*id as i64])).expect("a row removed");
        }
        for (id, document) in put {
            let (title, keywords) = (&document.title, document.keywords.join(", "));
            let sql = "UPDATE entry SET title = ?2, keywords = ?3 WHERE id = ?1";
            let values = rusqlite::params![*id as i64, title, keywords];
            transaction.prepare_cached(sql).and_then(|mut s| s.execute(values)).expect("a row changed");
            let sql = "INSERT INTO words(rowid, title, keywords) VALUES (?1, ?2, ?3)";
            let values = rusqlite::params![*id as i64, title, keywords];
            transaction.prepare_cached(sql).and_then(|mut s| s.execute(values)).expect("words put in");
        }
        transaction.commit().expect("changes kept");
    }
}
