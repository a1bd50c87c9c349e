//! The catalogue of a desk: the demonstration's, imported from files as any other, searched and replaced.

#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

mod importing;
mod pins;
mod records;
mod searching;

use std::fs;

use chrono::{DateTime, Utc};
use passerelle_domain::people::Role;
use passerelle_office::api::call;
use passerelle_office::api::dto::{ApiError, CatalogueAnswer, CatalogueHit, CatalogueStatus};
use passerelle_office::clock::Clock;
use passerelle_office::demo;
use passerelle_office::desk::Desk;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::OnceCell;

struct Office {
    desk: Desk,
    folder: TempDir,
}

impl Office {
    /// A desk without a catalogue.
    async fn bare() -> Self {
        Self::at("2026-11-23T09:22:00Z").await
    }

    async fn at(now: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let now: DateTime<Utc> = now.parse().expect("an instant");
        let desk = demo::init(&folder.path().join("profile"), None, Clock::starting_at(now)).await;
        Self { desk: desk.expect("a demonstration desk"), folder }
    }

    /// With the catalogue of the demonstration, open.
    async fn open() -> Self {
        let office = Self::unopened().await;
        // A busy machine may take longer than a screen waits.
        office.desk.catalogue().ready().await.expect("a catalogue");
        office
    }

    /// With the catalogue of the demonstration in its folder: imported once, then carried over as files.
    async fn unopened() -> Self {
        static IMPORTED: OnceCell<Office> = OnceCell::const_new();
        let imported = IMPORTED
            .get_or_init(|| async {
                let office = Self::at("2026-11-22T09:22:00Z").await;
                demo::carry_catalogue(&office.desk).await.expect("the catalogue is imported");
                office
            })
            .await;
        let office = Self::bare().await;
        let to = office.desk.catalogue().folder().path().to_owned();
        fs::create_dir_all(&to).expect("a folder");
        for file in fs::read_dir(imported.desk.catalogue().folder().path()).expect("the folder").flatten() {
            fs::copy(file.path(), to.join(file.file_name())).expect("a copy");
        }
        office
    }

    async fn ask<T: DeserializeOwned>(&self, name: &str, args: Value) -> T {
        let out = call(&self.desk, name, args).await.expect(name);
        serde_json::from_value(out).expect("the form of the answer")
    }

    async fn refused(&self, name: &str, args: Value) -> ApiError {
        call(&self.desk, name, args).await.expect_err("an error")
    }

    async fn search(&self, args: Value) -> CatalogueAnswer {
        self.ask("catalogue.search", args).await
    }

    async fn act_as(&self, role: Role) {
        let settings = self.desk.settings().await.expect("settings").expect("an office");
        let person = settings.people.values().find(|p| p.role == role).expect("somebody of that role");
        self.desk.act_as(person.id);
    }

    /// Waits until no import is at work.
    async fn settled(&self) -> CatalogueStatus {
        loop {
            let status: CatalogueStatus = self.ask("catalogue.status", json!({})).await;
            if status.import.is_none() {
                return status;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
}

fn title(hit: &CatalogueHit) -> String {
    hit.title.iter().map(|piece| piece.text.as_str()).collect()
}
