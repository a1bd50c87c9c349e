//! Whether the search finds what people mean: a judged set of questions, typed as people type, over the demonstration
//! and, where the real sheets are, over those. Prints the share answered within the first three and the first ten
//! hits, beside the whole-text search of SQLite asked for any of the words, and every miss; the part of the set that
//! the synonyms never saw is counted apart.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a measure that cannot be made is a failure"
)]

mod corpus;
mod judged;

use passerelle_catalogue::search::{Index, Query};
use sqlx::Row;

use corpus::Entry;
use judged::Question;

/// How often the answer was within the first three and the first ten, of how many.
#[derive(Default, Clone, Copy)]
struct Score {
    three: usize,
    ten: usize,
    of: usize,
}

impl Score {
    fn count(&mut self, rank: Option<usize>) {
        self.of += 1;
        self.three += usize::from(rank.is_some_and(|rank| rank < 3));
        self.ten += usize::from(rank.is_some_and(|rank| rank < 10));
    }

    fn shown(self) -> String {
        let share = |n: usize| 100.0 * n as f64 / self.of.max(1) as f64;
        format!("{:5.1} % in three, {:5.1} % in ten, of {}", share(self.three), share(self.ten), self.of)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // `cargo test --all-targets` runs this too: there is nothing to test here.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let questions = judged::load();
    let demonstration = corpus::demonstration();
    judge("demonstration", &demonstration, &questions).await;
    match corpus::real() {
        Some(mut real) => {
            real.extend(demonstration.into_iter().filter(|entry| entry.kind == "FAQ"));
            judge("real sheets", &real, &questions).await;
        }
        None => println!("real sheets: skipped, there is no ../shared/data beside the project"),
    }
}

async fn judge(corpus: &str, entries: &[Entry], questions: &[Question]) {
    let documents: Vec<_> = entries.iter().map(|entry| entry.document.clone()).collect();
    let index = Index::build(&documents, corpus).expect("the index is built");
    let baseline = full_text(entries).await;
    println!("\n{corpus}: {} entries", entries.len());
    let mut misses = Vec::new();
    let mut scores = [[Score::default(); 2]; 2];
    let mut outside = 0;
    for question in questions {
        if !entries.iter().any(|entry| question.answered_by(entry)) {
            outside += 1;
            continue;
        }
        let mut query = Query::new(&question.text);
        query.limit = 10;
        let find = |id: &str| entries.iter().find(|entry| entry.document.id == id);
        let hits: Vec<&Entry> = index.search(&query).hits.iter().filter_map(|hit| find(&hit.id)).collect();
        let rank = hits.iter().position(|entry| question.answered_by(entry));
        let any = any_word(&baseline, &question.text).await;
        let plain =
            any.iter().filter_map(|&at| entries.get(at)).position(|entry| question.answered_by(entry));
        let held = usize::from(question.held);
        scores[held][0].count(rank);
        scores[held][1].count(plain);
        if rank.is_none_or(|rank| rank >= 3) {
            let first: Vec<&str> = hits.iter().take(3).map(|entry| entry.document.title.as_str()).collect();
            let set = if question.held { "held" } else { "dev " };
            let at = rank.map_or("missing".to_owned(), |rank| format!("rank {}", rank + 1));
            misses.push(format!("  {set} {at:8} {} → {}", question.text, first.join(" · ")));
        }
    }
    for (name, [own, plain]) in ["developed with", "held out"].into_iter().zip(scores) {
        println!("  {name:15} index {}", own.shown());
        println!("  {name:15} FTS5  {}", plain.shown());
    }
    let all = |which: usize| Score {
        three: scores[0][which].three + scores[1][which].three,
        ten: scores[0][which].ten + scores[1][which].ten,
        of: scores[0][which].of + scores[1][which].of,
    };
    println!("  {:15} index {}", "all", all(0).shown());
    println!("  {:15} FTS5  {}", "all", all(1).shown());
    println!(
        "  {outside} questions have no answer in this corpus and are not counted; not in the first three:"
    );
    println!("{}", misses.join("\n"));
}

/// The same entries in SQLite's whole-text search, names before words around them.
async fn full_text(entries: &[Entry]) -> sqlx::SqlitePool {
    let pool =
        sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap();
    sqlx::query(
        "CREATE VIRTUAL TABLE entry USING fts5(title, around, tokenize = 'unicode61 remove_diacritics 2')",
    )
    .execute(&pool)
    .await
    .unwrap();
    let mut transaction = pool.begin().await.unwrap();
    for (rank, entry) in entries.iter().enumerate() {
        let title = format!("{} {}", entry.document.title, entry.document.alternates.join(" "));
        sqlx::query("INSERT INTO entry (rowid, title, around) VALUES (?, ?, ?)")
            .bind(rank as i64)
            .bind(title)
            .bind(entry.document.keywords.join(" "))
            .execute(&mut *transaction)
            .await
            .unwrap();
    }
    transaction.commit().await.unwrap();
    pool
}

/// The first ten with any of the words, best first.
async fn any_word(pool: &sqlx::SqlitePool, text: &str) -> Vec<usize> {
    let words: Vec<String> = judged::words(text).map(|word| format!("\"{word}\"")).collect();
    let rows =
        sqlx::query("SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY bm25(entry, 4.0, 1.0) LIMIT 10")
            .bind(words.join(" OR "))
            .fetch_all(pool)
            .await
            .unwrap();
    rows.iter().map(|row| row.get::<i64, _>(0) as usize).collect()
}
