//! One person on record twice: the two records side by side, made one, and two again.

use passerelle_domain::command::{Command, MergeClients};
use passerelle_domain::decide;
use passerelle_domain::ids::ClientId;
use passerelle_domain::merging::{ClientField, combine};
use serde::Deserialize;

use super::IdArgs;
use super::act::{self, Subject, id};
use super::clients::{guardian, view};
use super::dto::{ApiError, ClientComparison, Done};
use super::views::Viewer;
use crate::desk::Desk;

/// Arguments of `clients.compare`.
#[derive(Debug, Clone, Deserialize)]
pub struct CompareArgs {
    /// The record that would end.
    pub id: String,
    /// The one that would go on.
    pub into: String,
}

/// `clients.compare`: what a merge would do; nothing is changed.
///
/// # Errors
/// `not_found`; the database's.
pub async fn compare(desk: &Desk, args: CompareArgs) -> Result<ClientComparison, ApiError> {
    let (actor, _) = act::actor(desk).await?;
    let viewer = Viewer::load(desk).await?;
    let (which, into): (ClientId, ClientId) = (id(&args.id, "client")?, id(&args.into, "client")?);
    let missing = || ApiError::not_found("client");
    let ended = desk.store().client(which).await?.ok_or_else(missing)?;
    let target = desk.store().client(into).await?.ok_or_else(missing)?;
    let command = Command::MergeClients(MergeClients { id: which, into, take: Vec::new() });
    let state = desk.store().state_for(&command).await?;
    let refusal = match decide(&state, &command, &actor, viewer.now) {
        Ok(_) => None,
        Err(refusal) => Some(act::refusal_view(desk, &refusal, None).await?),
    };
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let meetings = || state.appointments.values().filter(|a| a.client == Some(which));
    Ok(ClientComparison {
        guardians: combine(&target, &ended, &[]).client.guardians.iter().map(guardian).collect(),
        appointments: count(meetings().count()),
        upcoming: count(meetings().filter(|a| a.status.blocks() && a.start >= viewer.now).count()),
        enquiries: count(state.enquiries.values().filter(|e| e.client == Some(which)).count()),
        refusal,
        ended: view(desk, &viewer, &ended).await?,
        target: view(desk, &viewer, &target).await?,
    })
}

/// Arguments of `clients.merge`.
#[derive(Debug, Clone, Deserialize)]
pub struct MergeArgs {
    /// The record that ends.
    pub id: String,
    /// The one that goes on.
    pub into: String,
    /// Fields of which the ending record's value is taken.
    #[serde(default)]
    pub take: Vec<ClientField>,
}

/// `clients.merge`.
///
/// # Errors
/// `merge_overlap` with the meeting in the way, other refusals, or the database's.
pub async fn merge(desk: &Desk, args: MergeArgs) -> Result<Done, ApiError> {
    let (which, into): (ClientId, ClientId) = (id(&args.id, "client")?, id(&args.into, "client")?);
    let command = Command::MergeClients(MergeClients { id: which, into, take: args.take });
    act::run(desk, vec![command], true, Subject { id: Some(args.into), ..Subject::default() }).await
}

/// `clients.unmerge`: the record that had ended is on its own again.
///
/// # Errors
/// `client_merged` while a later merge stands over it, other refusals, or the database's.
pub async fn unmerge(desk: &Desk, args: IdArgs) -> Result<Done, ApiError> {
    let which: ClientId = id(&args.id, "client")?;
    let subject = Subject { id: Some(args.id), ..Subject::default() };
    act::run(desk, vec![Command::UnmergeClient { id: which }], true, subject).await
}
