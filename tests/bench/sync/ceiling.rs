//! What the database alone takes for the rows that central has written: the same transactions in bare SQL, with the same
//! indexes, triggers and constraints, every commit flushed. Who writes has the rows already: nothing is decided, and nothing
//! travels but what a server must be sent.

use std::path::Path;
use std::time::Instant;

use futures_util::TryStreamExt;
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use sqlx::{Connection as _, PgConnection};

/// The rows of a booking: one in each.
const TABLES: [&str; 3] = ["appointment", "change", "command"];

/// Seconds for writing the rows of a booked SQLite file into a copy of what it was before, so many bookings to a
/// transaction.
pub fn sqlite(booked: &Path, before: &Path, scope: &str, head: u64, per: usize) -> f64 {
    let from = Connection::open(booked).expect("the booked file");
    let rows: Vec<Vec<Vec<Value>>> = TABLES.iter().map(|table| rows(&from, table, scope, head)).collect();
    let mut to = Connection::open(before).expect("the copy");
    to.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;
         PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;",
    )
    .expect("as central opens it");
    for row in all(&from, "SELECT * FROM desk ORDER BY enrolled_at, id", &[]) {
        let marks = vec!["?"; row.len()].join(", ");
        let sql = format!("INSERT INTO desk VALUES ({marks})");
        to.execute(&sql, params_from_iter(row)).expect("the desk");
    }
    let inserts: Vec<String> = TABLES
        .iter()
        .zip(&rows)
        .map(|(table, rows)| format!("INSERT INTO {table} VALUES ({})", vec!["?"; rows[0].len()].join(", ")))
        .collect();
    let count = rows[0].len();
    let begun = Instant::now();
    for first in (0..count).step_by(per) {
        let tx = to.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).expect("begun");
        let last = (first + per).min(count);
        let (desk, inc) = (&rows[2][first][1], &rows[2][first][2]);
        tx.prepare_cached(
            "INSERT INTO incarnation (desk, inc, last) VALUES (?, ?, ?)
             ON CONFLICT (desk, inc) DO UPDATE SET last = excluded.last",
        )
        .and_then(|mut s| s.execute(params![desk, inc, last as i64]))
        .expect("advanced");
        for at in first..last {
            for (insert, rows) in inserts.iter().zip(&rows) {
                let row = params_from_iter(&rows[at]);
                tx.prepare_cached(insert).and_then(|mut s| s.execute(row)).expect("a row");
            }
        }
        tx.prepare_cached("UPDATE feed SET head = ? WHERE scope = ?")
            .and_then(|mut s| s.execute(params![head as i64 + last as i64, scope]))
            .expect("the head");
        tx.commit().expect("committed");
    }
    begun.elapsed().as_secs_f64()
}

/// What was written after the head, in that order.
fn rows(from: &Connection, table: &str, scope: &str, head: u64) -> Vec<Vec<Value>> {
    let head = Value::Integer(head as i64);
    match table {
        "command" => all(from, "SELECT * FROM command ORDER BY rowid", &[]),
        _ => {
            let sql = format!("SELECT * FROM {table} WHERE scope = ? AND seq > ? ORDER BY seq");
            all(from, &sql, &[Value::Text(scope.to_owned()), head])
        }
    }
}

fn all(from: &Connection, sql: &str, bound: &[Value]) -> Vec<Vec<Value>> {
    let mut statement = from.prepare(sql).expect("a question");
    let columns = statement.column_count();
    let read =
        statement.query_map(params_from_iter(bound), |row| (0..columns).map(|at| row.get(at)).collect());
    read.and_then(Iterator::collect).expect("rows")
}

/// The same on a server: a client that has the rows sends them as `COPY` takes them. Made for the many rows of a request: for
/// those of one booking its three ways there and back are most of what it takes.
pub async fn postgres(booked: &str, before: &str, scope: &str, head: u64, per: usize) -> f64 {
    let mut from = PgConnection::connect(booked).await.expect("the booked database");
    let mut to = PgConnection::connect(before).await.expect("the copy");
    copy_in(&mut to, "desk", copied_out(&mut from, "SELECT * FROM desk").await.concat()).await;
    let mut tables = Vec::new();
    for table in TABLES {
        let names = columns(&mut from, table).await;
        let which = match table {
            "command" => "ORDER BY desk, seq".to_owned(),
            _ => format!("WHERE scope = '{scope}' AND seq > {head} ORDER BY seq"),
        };
        let rows = copied_out(&mut from, &format!("SELECT {names} FROM {table} {which}")).await;
        tables.push((format!("{table} ({names})"), rows));
    }
    let last: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT desk, inc, seq FROM command ORDER BY desk, seq")
            .fetch_all(&mut from)
            .await
            .expect("the numbers");
    sqlx::raw_sql("CHECKPOINT").execute(&mut to).await.expect("a checkpoint");
    let begun = Instant::now();
    for first in (0..last.len()).step_by(per) {
        let end = (first + per).min(last.len());
        let mut tx = to.begin().await.expect("begun");
        sqlx::query("SELECT head FROM feed WHERE scope = $1 FOR UPDATE")
            .bind(scope)
            .fetch_one(&mut *tx)
            .await
            .expect("the feed");
        let (desk, inc, seq) = &last[end - 1];
        sqlx::query(
            "INSERT INTO incarnation (desk, inc, last) VALUES ($1, $2, $3)
             ON CONFLICT (desk, inc) DO UPDATE SET last = excluded.last",
        )
        .bind(desk)
        .bind(inc)
        .bind(seq)
        .execute(&mut *tx)
        .await
        .expect("advanced");
        for (table, rows) in &tables {
            copy_in(&mut tx, table, rows[first..end].concat()).await;
        }
        sqlx::query("UPDATE feed SET head = head + $1 WHERE scope = $2")
            .bind((end - first) as i64)
            .bind(scope)
            .execute(&mut *tx)
            .await
            .expect("the head");
        tx.commit().await.expect("committed");
    }
    begun.elapsed().as_secs_f64()
}

async fn columns(from: &mut PgConnection, table: &str) -> String {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
         ORDER BY attnum",
    )
    .bind(table)
    .fetch_all(from)
    .await
    .expect("columns");
    names.join(", ")
}

/// The rows of a question, each a line of the text form: in it no row has a line's end of its own.
async fn copied_out(from: &mut PgConnection, question: &str) -> Vec<Vec<u8>> {
    let out = from.copy_out_raw(&format!("COPY ({question}) TO STDOUT")).await.expect("rows");
    let parts: Vec<_> = out.try_collect().await.expect("rows");
    parts.concat().split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

async fn copy_in(to: &mut PgConnection, table: &str, rows: Vec<u8>) {
    let mut into = to.copy_in_raw(&format!("COPY {table} FROM STDIN")).await.expect("a table");
    into.send(rows).await.expect("taken");
    into.finish().await.expect("taken");
}
