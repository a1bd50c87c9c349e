//! `decide(state, command, actor, now)`: what a command does, or why it does nothing.
//!
//! The desk calls it at once and shows the result; central calls it again in its own transaction and its answer counts.
//! It checks what is impossible. What a person may know better is a warning and is [`crate::availability`]'s to say,
//! before the last step and again at commit; a warning never refuses at central.

mod appointment;
mod back;
mod clash;
mod client;
mod client_merge;
mod enquiry;
mod pins;
mod session;
mod settings;
mod status;
mod waiting;

use chrono::{DateTime, Utc};

use crate::client::FieldError;
use crate::command::Command;
use crate::event::Event;
use crate::people::{Actor, Role};
use crate::refusal::{Refusal, RefusalCode};
use crate::state::OfficeState;

/// Decides one command. `now` is UTC; the state holds what [`Command::needs`] asked for.
///
/// # Errors
/// A [`Refusal`]: nothing is changed, and it says why.
pub fn decide(
    state: &OfficeState,
    command: &Command,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    if actor.role() == Some(Role::AcademyAdmin) {
        return Err(RefusalCode::NotAllowed.into());
    }
    let events = match command {
        Command::Book(b) => appointment::book(state, b, false, actor, now),
        Command::Hold(b) => appointment::book(state, b, true, actor, now),
        Command::Move(m) => appointment::move_to(state, m, actor, now),
        Command::MoveSession(m) => session::move_session(state, m, actor, now),
        Command::CancelSession { id, reason } => session::cancel_session(state, *id, reason, actor, now),
        Command::SetStatus(s) => status::set_status(state, s, actor, now),
        Command::SetCompanions { id, companions, seen } => {
            status::set_companions(state, *id, companions, seen.as_deref(), actor)
        }
        Command::ReceiveEnquiry(e) => enquiry::receive(state, e, actor),
        Command::OpenEnquiry(e) => enquiry::open(state, e, actor, now),
        Command::AppendMessage { id, message } => enquiry::append(state, *id, message, actor),
        Command::ClaimEnquiry { id, take_over } => enquiry::claim(state, *id, *take_over, actor, now),
        Command::ReleaseEnquiry { id } => enquiry::release(state, *id, actor),
        Command::AnswerEnquiry(a) => enquiry::answer(state, a, actor, now),
        Command::NoteEnquiry { id, message, text } => enquiry::note(state, *id, *message, text, actor, now),
        Command::CloseEnquiry { id, how } => enquiry::close(state, *id, *how, actor),
        Command::ReopenEnquiry { id } => enquiry::reopen(state, *id, actor),
        Command::SnoozeEnquiry { id, until } => enquiry::snooze(state, *id, *until, actor, now),
        Command::MergeEnquiry { id, into } => enquiry::merge(state, *id, *into, actor),
        Command::IdentifyClient { id, client } => enquiry::identify(state, *id, *client, actor),
        Command::UnmergeEnquiry { id } => back::unmerge(state, *id, actor),
        Command::WithdrawMessage { id, message } => back::withdraw(state, *id, *message, actor, now),
        Command::RestoreEnquiry { id, seen, to } => back::restore(state, *id, seen, to, actor),
        Command::CreateClient(c) => client::create(state, c, actor, now),
        Command::UpdateClient(u) => client::update(state, u, actor, now),
        Command::MergeClients(m) => client_merge::merge(state, m, actor, now),
        Command::UnmergeClient { id } => client_merge::unmerge(state, *id, actor, now),
        Command::RemoveClient { id } => client_merge::remove(state, *id, actor),
        Command::SaveSettings { changes } => settings::save(state, changes, actor),
        Command::AddWaiting(w) => waiting::add(state, w, actor, now),
        Command::UpdateWaiting { id, wish } => waiting::update(state, *id, wish, actor, now),
        Command::CallWaiting { id, call } => waiting::call(state, *id, call, actor, now),
        Command::UncallWaiting { id, call } => waiting::uncall(state, *id, *call, actor),
        Command::CloseWaiting { id, reason } => waiting::close(state, *id, *reason, actor),
        Command::ReopenWaiting { id } => waiting::reopen(state, *id, actor),
        Command::Pin { on, pin } => pins::pin(state, *on, pin, actor, now),
        Command::Unpin { on, record } => pins::unpin(state, *on, record, actor),
    }?;
    Ok(waiting::follow(state, events))
}

impl From<RefusalCode> for Refusal {
    fn from(code: RefusalCode) -> Self {
        Self::new(code)
    }
}

/// Any member of the office's staff but the academy's administrator.
fn staff(actor: &Actor) -> Result<(), Refusal> {
    match actor {
        Actor::Staff { .. } => Ok(()),
        Actor::Family | Actor::System => Err(RefusalCode::NotAllowed.into()),
    }
}

fn wrong_field(field: &str, code: &str) -> Refusal {
    wrong_fields(vec![FieldError { field: field.into(), code: code.into() }])
}

fn wrong_fields(fields: Vec<FieldError>) -> Refusal {
    Refusal { fields, ..Refusal::new(RefusalCode::InvalidFields) }
}
