//! Facts about the database, and whether it keeps its own rules.

use async_trait::async_trait;
use sqlx::Row;

use super::PostgresSession;
use crate::store::session::Whole;
use crate::store::{Finding, StoreError};

/// Counts of rows that break a rule; each must be 0. PostgreSQL itself holds foreign keys.
const RULES: &[(&str, &str)] = &[
    (
        "feeds_without_gap",
        "SELECT count(*) FROM feed f
         WHERE f.head - f.floor <> (SELECT count(*) FROM change c WHERE c.scope = f.scope)
            OR f.head <> (SELECT coalesce(max(c.seq), f.floor) FROM change c WHERE c.scope = f.scope)",
    ),
    (
        "documents_are_their_last_change",
        "SELECT count(*) FROM (SELECT scope, entity, id, rev, seq, doc::text FROM document
                UNION ALL SELECT scope, 'appointment', id, rev, seq, doc::text FROM appointment) d
         LEFT JOIN change c ON c.scope = d.scope AND c.seq = d.seq
         WHERE d.seq > (SELECT f.floor FROM feed f WHERE f.scope = d.scope)
           AND (c.entity, c.id, c.rev, c.doc::text) IS DISTINCT FROM (d.entity, d.id, d.rev, d.doc)",
    ),
    (
        "no_double_booking",
        "SELECT count(*) FROM appointment a JOIN appointment b
             ON b.scope = a.scope AND b.id > a.id
            AND b.start_s > a.start_s - 86400 AND b.start_s < a.end_s AND a.start_s < b.end_s
         WHERE a.blocking AND b.blocking AND NOT a.overridden AND NOT b.overridden
           AND (a.client = b.client OR ((a.counsellor = b.counsellor OR a.room = b.room)
                AND (a.session_key IS NULL OR a.session_key IS DISTINCT FROM b.session_key)))",
    ),
    (
        "what_is_taken_is_what_meetings_take",
        "WITH must AS (
             SELECT a.scope, a.id, t.what, t.resource, t.session_key, t.during FROM appointment a,
                 LATERAL takes(a.scope, a.id, a.counsellor, a.second, a.room, a.client, a.session_key, a.start_s, a.end_s) t
             WHERE a.blocking AND NOT a.overridden),
         does AS (SELECT scope, id, what, resource, session, during FROM taken)
         SELECT count(*) FROM ((TABLE must EXCEPT ALL TABLE does) UNION ALL (TABLE does EXCEPT ALL TABLE must)) d",
    ),
    (
        "commands_within_their_incarnation",
        "SELECT count(*) FROM command c LEFT JOIN incarnation i ON i.desk = c.desk AND i.inc = c.inc
         WHERE i.last IS NULL OR c.seq > i.last",
    ),
];

#[async_trait]
impl Whole for PostgresSession {
    async fn fact(&mut self, key: &str) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
            .bind(key)
            .fetch_optional(self.conn())
            .await?)
    }

    async fn keep_fact(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(key)
            .bind(value)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn change_fact(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(key)
        .bind(value)
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn inspect(&mut self) -> Result<Vec<Finding>, StoreError> {
        let mut findings = Vec::with_capacity(RULES.len());
        for (rule, sql) in RULES {
            let broken = sqlx::query(*sql).fetch_one(self.conn()).await?.try_get(0)?;
            findings.push(Finding { rule, broken });
        }
        Ok(findings)
    }
}
