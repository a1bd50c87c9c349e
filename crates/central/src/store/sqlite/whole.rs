//! Facts about the file, and whether it keeps its own rules.

use async_trait::async_trait;
use sqlx::Row;

use super::SqliteSession;
use crate::store::session::Whole;
use crate::store::{Finding, StoreError};

/// Counts of rows that break a rule; each must be 0.
const RULES: &[(&str, &str)] = &[
    ("foreign_keys", "SELECT count(*) FROM pragma_foreign_key_check"),
    (
        "feeds_without_gap",
        "SELECT count(*) FROM feed f
         WHERE f.head - f.floor <> (SELECT count(*) FROM change c WHERE c.scope = f.scope)
            OR f.head <> (SELECT coalesce(max(c.seq), f.floor) FROM change c WHERE c.scope = f.scope)",
    ),
    (
        "documents_are_their_last_change",
        "SELECT count(*) FROM (SELECT scope, entity, id, rev, seq, doc FROM document
                UNION ALL SELECT scope, 'appointment', id, rev, seq, doc FROM appointment) d
         LEFT JOIN change c ON c.scope = d.scope AND c.seq = d.seq
         WHERE d.seq > (SELECT f.floor FROM feed f WHERE f.scope = d.scope)
           AND (c.entity IS NOT d.entity OR c.id IS NOT d.id OR c.rev IS NOT d.rev OR c.doc IS NOT d.doc)",
    ),
    (
        "no_double_booking",
        "SELECT count(*) FROM appointment a JOIN appointment b
             ON b.scope = a.scope AND b.id > a.id
            AND b.start_s > a.start_s - 86400 AND b.start_s < a.end_s AND a.start_s < b.end_s
         WHERE a.blocking = 1 AND b.blocking = 1 AND a.overridden = 0 AND b.overridden = 0
           AND (a.client = b.client OR ((a.counsellor = b.counsellor OR a.room = b.room)
                AND (a.session_key IS NULL OR a.session_key IS NOT b.session_key)))",
    ),
    (
        "commands_within_their_incarnation",
        "SELECT count(*) FROM command c LEFT JOIN incarnation i ON i.desk = c.desk AND i.inc = c.inc
         WHERE i.last IS NULL OR c.seq > i.last",
    ),
];

#[async_trait]
impl Whole for SqliteSession {
    async fn fact(&mut self, key: &str) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
            .bind(key)
            .fetch_optional(self.conn())
            .await?)
    }

    async fn keep_fact(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(key)
            .bind(value)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn change_fact(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(key)
        .bind(value)
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn inspect(&mut self) -> Result<Vec<Finding>, StoreError> {
        let said = sqlx::query("PRAGMA integrity_check(100)").fetch_all(self.conn()).await?;
        let mut pages = 0;
        for row in &said {
            if row.try_get::<&str, _>(0)? != "ok" {
                pages += 1;
            }
        }
        let mut findings = vec![Finding { rule: "integrity", broken: pages }];
        for (rule, sql) in RULES {
            let broken = sqlx::query(*sql).fetch_one(self.conn()).await?.try_get(0)?;
            findings.push(Finding { rule, broken });
        }
        Ok(findings)
    }
}
