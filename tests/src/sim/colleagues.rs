//! The office's own network: a desk that central does not answer tells the reception, as long as that line holds.

use std::collections::BTreeSet;

use anyhow::ensure;
use passerelle_domain::ids::CommandId;
use passerelle_office::store::Store;
use passerelle_protocol::colleagues::{ShareRequest, ShareResponse, vouched};
use passerelle_protocol::sync::Envelope;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::world::{Event, World};

/// How often a desk without central asks the relay, seconds.
const EVERY_S: i64 = 60;
/// It gives up after so many questions in a row: an outage lasts for days, and most of it is night.
const MOST: u32 = 12;

impl World<'_> {
    /// Central does not answer a desk: it turns to the relay, soon.
    pub(super) fn turns_to_colleagues(&mut self, post: usize) {
        let desk = &self.posts[post];
        if self.relay_of(post).is_some() && !desk.asks_relay {
            self.posts[post].asks_relay = true;
            self.posts[post].asked_relay = 0;
            let after = self.dice.from_to(1, EVERY_S);
            self.at(after, Event::Share(post));
        }
    }

    /// The reception of a desk's office, if it is another desk.
    fn relay_of(&self, post: usize) -> Option<usize> {
        let relay = self.receptions.get(&self.posts[post].office).copied()?;
        (relay != post).then_some(relay)
    }

    /// A desk tells the relay what it has done, and hears the order of the office. Either message may be lost, or come
    /// twice.
    pub(super) async fn shares(&mut self, post: usize) -> anyhow::Result<()> {
        let Some(relay) = self.relay_of(post) else { return Ok(()) };
        let failing =
            self.posts[post].engine.as_ref().is_some_and(passerelle_office::sync::Engine::is_failing);
        self.posts[post].asked_relay += 1;
        if !failing || self.posts[post].asked_relay > MOST || self.posts[post].store.is_none() {
            self.posts[post].asks_relay = false;
            return Ok(());
        }
        self.at(EVERY_S, Event::Share(post));
        if self.posts[relay].store.is_none() || (self.storm && self.dice.permille(150)) {
            return Ok(());
        }
        let (breaks, key) = (
            self.posts[post].is_breaking || self.posts[relay].is_breaking,
            self.posts[relay].desk.key.clone(),
        );
        let (me, id) = (self.posts[post].desk.enrolled.id, self.posts[relay].desk.enrolled.id);
        let (Some(own), Some(other)) = (&self.posts[post].store, &self.posts[relay].store) else {
            return Ok(());
        };
        let sign = |envelope: &Envelope, leases: &str| key.sign(&vouched(envelope, leases));
        let request: ShareRequest = over_the_wire(&own.share_request(me).await?)?;
        let twice = self.storm && self.dice.permille(80);
        for _ in 0..=usize::from(twice) {
            let told = match other.take_shared(id, &request, 2, &sign).await {
                Ok(told) => told,
                // The power goes soon: nothing was kept.
                Err(_) if breaks => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            let Ok((answer, _)) = told else { return Ok(()) };
            let answer: ShareResponse = over_the_wire(&answer)?;
            if self.storm && self.dice.permille(150) {
                return Ok(());
            }
            match own.apply_shared(me, &answer).await {
                Ok(_) => {}
                Err(_) if breaks => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        self.has_shared = true;
        *self.outcome.faults.entry("Shared".to_owned()).or_default() += 1;
        same_agenda(own, other, post, relay).await?;
        let kept = kept_places(own).await?;
        self.note(format!("desk {post} shares with desk {relay}"));
        for id in kept {
            if let Some(given) = self.given.get_mut(&id).filter(|given| !given.promised) {
                (given.promised, given.vouched) = (true, true);
                self.outcome.vouched += 1;
            }
        }
        self.check_desk(post).await?;
        self.check_desk(relay).await
    }
}

fn over_the_wire<T: Serialize + DeserializeOwned>(message: &T) -> anyhow::Result<T> {
    Ok(serde_json::from_str(&serde_json::to_string(message)?)?)
}

/// The commands of this desk for which the relay has given its word.
async fn kept_places(store: &Store) -> anyhow::Result<BTreeSet<CommandId>> {
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT id FROM outbox WHERE vouch IS NOT NULL AND perhaps_decided = 0")
            .fetch_all(store.readers())
            .await?;
    Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
}

/// Two desks that have read the same of central and know of the same commands show the same meetings.
async fn same_agenda(a: &Store, b: &Store, post: usize, relay: usize) -> anyhow::Result<()> {
    // Marks tell by which way a number was reached; what is being read again is not what is shown.
    let same_base = a.cursors().await? == b.cursors().await? && a.marks().await? == b.marks().await?;
    let reading = !(a.refetching().await?.is_empty() && b.refetching().await?.is_empty());
    if !same_base || reading || known(a).await? != known(b).await? {
        return Ok(());
    }
    let (here, there) = (meetings(a).await?, meetings(b).await?);
    let differing: Vec<_> = here.symmetric_difference(&there).collect();
    ensure!(
        differing.is_empty(),
        "desks {post} and {relay} have heard the same and show different meetings: {differing:?}"
    );
    Ok(())
}

/// What lies over central's word, with its place in the order.
async fn known(store: &Store) -> anyhow::Result<Vec<(String, bool, Option<i64>)>> {
    Ok(sqlx::query_as(
        "SELECT id, state = 'acknowledged', number FROM outbox UNION ALL SELECT id, 0, number FROM colleague
         ORDER BY 1",
    )
    .fetch_all(store.readers())
    .await?)
}

async fn meetings(store: &Store) -> anyhow::Result<BTreeSet<(String, i64, i64, String, String)>> {
    let rows: Vec<(String, i64, i64, String, String)> =
        sqlx::query_as("SELECT id, start_s, end_s, counsellor, status FROM appointment")
            .fetch_all(store.readers())
            .await?;
    Ok(rows.into_iter().collect())
}
