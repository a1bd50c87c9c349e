//! What the database alone takes for the rows that central has written: the same transactions in bare SQL, with the same
//! indexes, triggers and constraints, every commit flushed; nothing is decided, nothing travels.

use std::path::Path;
use std::time::Instant;

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

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
         PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -65536;",
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

/// The same on a server: the rows lie there already, and a procedure writes them, set by set.
pub async fn postgres(booked: &str, before: &str, scope: &str, head: u64, per: usize) -> f64 {
    let mut from = PgConnection::connect(booked).await.expect("the booked database");
    let mut to = PgConnection::connect(before).await.expect("the copy");
    let tell = async |to: &mut PgConnection, sql: &str| {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *to).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    };
    let ours = format!("scope = '{scope}' AND seq > {head}");
    let questions = [
        ("appointment", format!("SELECT *, seq - {head} FROM appointment WHERE {ours}")),
        ("change", format!("SELECT *, seq - {head} FROM change WHERE {ours}")),
        ("command", "SELECT *, row_number() OVER (ORDER BY desk, seq) FROM command".to_owned()),
    ];
    copy(&mut from, &mut to, "SELECT * FROM desk", "desk").await;
    for (table, question) in &questions {
        tell(
            &mut to,
            &format!("CREATE TABLE staged_{table} AS SELECT *, 0::bigint AS n FROM {table} LIMIT 0"),
        )
        .await;
        copy(&mut from, &mut to, question, &format!("staged_{table}")).await;
        tell(&mut to, &format!("CREATE INDEX ON staged_{table} (n)")).await;
    }
    let columns = async |to: &mut PgConnection, table: &str| -> String {
        let names: Vec<String> = sqlx::query_scalar(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
             ORDER BY attnum",
        )
        .bind(table)
        .fetch_all(&mut *to)
        .await
        .expect("columns");
        names.join(", ")
    };
    let mut writes = String::new();
    for (table, _) in &questions {
        let names = columns(&mut to, table).await;
        writes += &format!(
            "INSERT INTO {table} ({names}) SELECT {names} FROM staged_{table} s WHERE s.n > reached AND s.n <= reached + per ORDER BY s.n;\n"
        );
    }
    tell(
        &mut to,
        &format!(
            "CREATE PROCEDURE write_bare(per bigint) LANGUAGE plpgsql AS $$
             DECLARE
                reached bigint := 0;
                rows bigint := (SELECT count(*) FROM staged_change);
             BEGIN
                WHILE reached < rows LOOP
                    PERFORM head FROM feed WHERE scope = '{scope}' FOR UPDATE;
                    INSERT INTO incarnation SELECT desk, inc, max(seq) FROM staged_command WHERE n > reached AND n <= reached + per
                        GROUP BY desk, inc ON CONFLICT (desk, inc) DO UPDATE SET last = excluded.last;
                    {writes}
                    UPDATE feed SET head = head + per WHERE scope = '{scope}';
                    COMMIT;
                    reached := reached + per;
                END LOOP;
             END $$"
        ),
    )
    .await;
    tell(&mut to, "ANALYZE staged_appointment, staged_change, staged_command").await;
    tell(&mut to, "CHECKPOINT").await;
    let begun = Instant::now();
    tell(&mut to, &format!("CALL write_bare({per})")).await;
    begun.elapsed().as_secs_f64()
}

async fn copy(from: &mut PgConnection, to: &mut PgConnection, question: &str, table: &str) {
    use futures_util::TryStreamExt;
    let out = from.copy_out_raw(&format!("COPY ({question}) TO STDOUT")).await.expect("rows");
    let parts: Vec<_> = out.try_collect().await.expect("rows");
    let mut into = to.copy_in_raw(&format!("COPY {table} FROM STDIN")).await.expect("a table");
    for part in parts {
        into.send(part).await.expect("taken");
    }
    into.finish().await.expect("taken");
}
