//! Who is at the desk, the connection line, the outbox, drafts.

use chrono::{DateTime, Utc};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::people::{Person, Role};
use serde::{Deserialize, Serialize};

use super::dto::{
    ApiError, GoneView, OfficeView, OutboxItem, PersonView, ReadingView, RoomView, SessionState, SessionView,
    SiteView, Standing, StatusView,
};
use super::views::kind_view;
use super::{NoArgs, act, conflicts, pins};
use crate::desk::Desk;

fn person(p: &Person) -> PersonView {
    PersonView { id: p.id.to_string(), login: p.login.clone(), name: p.short_name(), role: p.role }
}

fn office(settings: &OfficeSettings) -> OfficeView {
    let mut kinds: Vec<_> = settings.kinds.values().filter(|k| k.active).collect();
    kinds.sort_by_key(|k| (k.rank, k.id));
    let mut rooms: Vec<_> = settings.rooms.values().collect();
    rooms.sort_by_key(|r| (r.rank, &r.name, r.id));
    let main = settings.main_site().map(|s| s.id);
    OfficeView {
        uai: settings.office.uai.to_string(),
        name: settings.office.name.clone(),
        zone: settings.office.zone.name().to_owned(),
        postal_code: settings.office.postal_code.clone(),
        town: settings.office.town.clone(),
        kinds: kinds.into_iter().map(kind_view).collect(),
        sites: settings
            .sites
            .values()
            .map(|s| SiteView { id: s.id.to_string(), name: s.name.clone(), main: Some(s.id) == main })
            .collect(),
        rooms: rooms
            .into_iter()
            .map(|r| RoomView {
                id: r.id.to_string(),
                name: r.name.clone(),
                site: r.site.to_string(),
                seats: r.seats,
            })
            .collect(),
        hold_min: settings.office.hold_min,
    }
}

/// `session.get`.
///
/// # Errors
/// The database's.
pub async fn get(desk: &Desk, _: NoArgs) -> Result<SessionView, ApiError> {
    let settings = desk.settings().await?;
    let user = desk.user().await?;
    let mut people: Vec<&Person> =
        settings.iter().flat_map(|s| s.people.values()).filter(|p| p.active).collect();
    people.sort_by(|a, b| (a.role, &a.family_name, a.id).cmp(&(b.role, &b.family_name, b.id)));
    Ok(SessionView {
        state: match (settings.is_some(), desk.enrolment().is_some()) {
            (true, _) => SessionState::Ready,
            (false, true) => SessionState::Joining,
            (false, false) => SessionState::Unenrolled,
        },
        office: settings.as_deref().map(office),
        user: user.as_ref().map(person),
        people: people.into_iter().map(person).collect(),
        now: desk.now(),
        demo: desk.enrolment().is_some_and(|e| e.demo),
    })
}

/// Arguments of `session.use`.
#[derive(Debug, Clone, Deserialize)]
pub struct UseArgs {
    /// Person id.
    pub person: String,
}

/// `session.use`: somebody else sits down at this desk.
///
/// # Errors
/// `not_found`; the database's.
pub async fn switch(desk: &Desk, args: UseArgs) -> Result<SessionView, ApiError> {
    let which = act::id(&args.person, "person")?;
    let settings = act::settings(desk).await?;
    settings.people.get(&which).filter(|p| p.active).ok_or_else(|| ApiError::not_found("person"))?;
    desk.sign_in(which).await?;
    get(desk, NoArgs {}).await
}

/// `status.get`.
///
/// # Errors
/// The database's.
pub async fn status(desk: &Desk, _: NoArgs) -> Result<StatusView, ApiError> {
    let connection = desk.connection();
    let counts = desk.store().enquiry_counts().await?;
    let woken = desk.store().woken_enquiries(desk.now()).await?;
    let todo: u32 = counts
        .iter()
        .filter(|(status, _)| matches!(status.as_str(), "new" | "claimed" | "waiting_internal"))
        .map(|(_, n)| n)
        .sum();
    let has_central = desk.enrolment().is_some_and(|e| e.central.is_some());
    Ok(StatusView {
        online: connection.online.filter(|_| has_central),
        offline_since: connection.offline_since,
        last_sync: connection.last_sync,
        syncing: connection.syncing,
        pending: desk.store().pending().await?,
        conflicts: conflicts::count(desk).await?,
        enquiries_todo: todo + woken,
        waiting: desk.store().waiting_count().await?,
        arrivals: super::waiting_room::arrivals(desk).await?,
        next_try_at: connection.next_try.filter(|_| connection.online == Some(false)),
        offline_code: connection.offline_code,
        colleagues: connection.colleagues.filter(|_| connection.online == Some(false)),
        clock_off_s: connection.clock_off_s,
        reading: desk.store().catching_up().await?.map(|far| ReadingView { got: far.got, total: far.total }),
        gone: desk.store().gone().await?.map(|gone| GoneView { gone: gone.gone, present: gone.present }),
        put_aside: desk.store().put_aside().await?,
    })
}

/// `outbox.list`.
///
/// # Errors
/// The database's.
pub async fn outbox(desk: &Desk, _: NoArgs) -> Result<Vec<OutboxItem>, ApiError> {
    let settings = act::settings(desk).await?;
    let (_, reader) = act::actor(desk).await?;
    let rows = desk.store().outbox().await?;
    let sure = desk.store().unsure_commands().await?;
    let standing =
        |id: &str| sure.get(id).map(|sure| if *sure { Standing::Guaranteed } else { Standing::Reserved });
    Ok(rows
        .into_iter()
        .filter(|r| pins::told_to(&reader, r.about.preparation, r.actor))
        .map(|r| OutboxItem {
            standing: standing(&r.id),
            id: r.id,
            kind: r.kind,
            at: r.at,
            by: r.actor.and_then(|p| settings.people.get(&p)).map(Person::short_name),
            about: r.about.who,
            start: r.about.start,
            counsellor: r.about.counsellor,
            status: r.about.status,
        })
        .collect())
}

/// `sync.now`: one exchange at once; its failure is the connection's state, not an error of this command.
///
/// # Errors
/// The database's.
pub async fn sync_now(desk: &Desk, _: NoArgs) -> Result<StatusView, ApiError> {
    match crate::sync::once(desk).await {
        Ok(_) => {}
        Err(crate::sync::SyncError::Store(e)) => return Err(e.into()),
        Err(_) => {}
    }
    status(desk, NoArgs {}).await
}

/// `sync.take_over`: what central does not have any more goes here too, as the director says; then one exchange.
///
/// # Errors
/// `not_allowed` for anybody else; the database's.
pub async fn take_over(desk: &Desk, _: NoArgs) -> Result<StatusView, ApiError> {
    let (_, person) = act::actor(desk).await?;
    if person.role != Role::Director {
        return Err(ApiError::new("not_allowed"));
    }
    desk.store().let_go().await?;
    sync_now(desk, NoArgs {}).await
}

/// Arguments of `drafts.get`.
#[derive(Debug, Clone, Deserialize)]
pub struct DraftKey {
    /// "answer:<enquiry id>".
    pub key: String,
}

/// A saved draft.
#[derive(Debug, Clone, Serialize)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// When it was saved.
    pub at: DateTime<Utc>,
}

/// Whether a draft is about a sensitive question that the one at the desk may not read: an answer tells the question.
async fn hidden(desk: &Desk, key: &str) -> Result<bool, ApiError> {
    let Some(which) = key.split(':').nth(1).and_then(|id| id.parse().ok()) else { return Ok(false) };
    let Some(enquiry) = desk.store().enquiry(which).await? else { return Ok(false) };
    Ok(super::views::Viewer::load(desk).await?.hides(&enquiry))
}

/// `drafts.get`.
///
/// # Errors
/// The database's.
pub async fn draft_get(desk: &Desk, args: DraftKey) -> Result<Option<Draft>, ApiError> {
    let found = match hidden(desk, &args.key).await? {
        true => None,
        false => desk.store().draft(&args.key).await?,
    };
    Ok(found.map(|(text, at)| {
        let at = DateTime::parse_from_rfc3339(&at).map(|t| t.with_timezone(&Utc)).unwrap_or_default();
        Draft { text, at }
    }))
}

/// Arguments of `drafts.set`.
#[derive(Debug, Clone, Deserialize)]
pub struct DraftText {
    /// "answer:<enquiry id>".
    pub key: String,
    /// The text; empty removes it.
    pub text: String,
}

/// Longest draft, bytes.
const DRAFT_MAX: usize = 200_000;

/// `drafts.set`.
///
/// # Errors
/// `too_long`; the database's.
pub async fn draft_set(desk: &Desk, args: DraftText) -> Result<(), ApiError> {
    if args.text.len() > DRAFT_MAX || args.key.len() > 200 {
        return Err(ApiError::new("too_long"));
    }
    desk.store().set_draft(&args.key, &args.text, desk.now()).await?;
    Ok(())
}
