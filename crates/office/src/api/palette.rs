//! One line for everything: "mart lun 14h" is a place with M. Martin next Monday at two.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use passerelle_domain::availability::{self, Search};
use passerelle_domain::ids::KindId;
use passerelle_domain::people::Person;
use passerelle_domain::refusal::FreeSlot;
use passerelle_domain::slots::Mode;
use serde::Deserialize;

use super::catalogue;
use super::clients::{self, SearchArgs};
use super::dto::{ApiError, CatalogueHit, CatalogueQuery, ClientMatch, PaletteItem};
use super::enquiries::public_words;
use super::search::{days_ahead, free_slots};
use super::views::{Viewer, counsellors_in_order, day_bounds, kinds_in_order};
use super::when::{self, When};
use super::{duplicates, matching};
use crate::desk::Desk;
use crate::store::{EnquiryScan, fold};

/// Arguments of `palette.search`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SearchText {
    /// What was typed, prefix included: `@` a person, `>` an action, `#` the catalogue.
    pub query: String,
}

/// At most so many lines of one sort.
const PLACES: usize = 3;
const CLIENTS: u32 = 6;
const ENQUIRIES: usize = 4;
const RECORDS: u32 = 3;
/// When only the catalogue is asked.
const RECORDS_ALONE: u32 = 12;
/// Days ahead in which the next place of a person is looked for.
const NEXT_DAYS: u16 = 60;

/// `palette.search`. Actions are the screen's own to search.
///
/// # Errors
/// The database's.
pub async fn search(desk: &Desk, args: SearchText) -> Result<Vec<PaletteItem>, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let typed = args.query.trim();
    if typed.is_empty() || typed.starts_with('>') {
        return Ok(Vec::new());
    }
    if let Some(asked) = typed.strip_prefix('#') {
        return Ok(records(desk, asked.trim(), RECORDS_ALONE).await);
    }
    let (text, people_only) = match typed.strip_prefix('@') {
        Some(rest) => (rest.trim(), true),
        None => (typed, false),
    };
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let when = if people_only { When::default() } else { when::read(text, viewer.today()) };
    // A text that is all day and hour may still be the beginning of a name ("mar", "jeu").
    let names = if when.rest.is_empty() { text.to_owned() } else { when.rest.join(" ") };
    let staff =
        if when.rest.is_empty() && when != When::default() { Vec::new() } else { staff(&viewer, &names) };

    let mut items = Vec::new();
    if !people_only {
        items.extend(places(desk, &viewer, &when, &staff).await?);
        if let Some(date) = when.day {
            items.push(day(desk, &viewer, date).await?);
        }
        items.extend(next(desk, &viewer, &when, &staff).await?);
    }
    let query = names.clone();
    let found = clients::search(desk, SearchArgs { query, limit: Some(CLIENTS) }).await?;
    items.extend(found.into_iter().map(|c| client(&viewer, c)));
    items.extend(staff.iter().map(|p| person(p, &names)));
    items.extend(enquiries(desk, &viewer, &names).await?);
    if !people_only {
        items.extend(records(desk, text, RECORDS).await);
    }
    Ok(items)
}

/// Records of the catalogue, best first. A catalogue that is not there, or not yet, has none: the palette has other lines.
async fn records(desk: &Desk, text: &str, limit: u32) -> Vec<PaletteItem> {
    if text.is_empty() {
        return Vec::new();
    }
    let Some(Ok(indexed)) = desk.catalogue().now() else {
        // The next key finds it.
        let catalogue = desk.catalogue().clone();
        tokio::spawn(async move { catalogue.ready().await.map(drop) });
        return Vec::new();
    };
    let query = CatalogueQuery {
        text: text.to_owned(),
        together: true,
        limit: Some(limit),
        ..CatalogueQuery::default()
    };
    let answer = match catalogue::answer(&indexed, &query).await {
        // What has only some of the words is beside what a palette is asked for.
        Ok(answer) if !answer.relaxed => answer,
        Ok(_) => return Vec::new(),
        Err(error) => {
            tracing::warn!(code = error.code, "the catalogue could not be searched");
            return Vec::new();
        }
    };
    answer.groups.into_iter().flat_map(|group| group.hits).map(record).collect()
}

fn record(hit: CatalogueHit) -> PaletteItem {
    let mut title = String::new();
    let mut matched = Vec::new();
    let mut at: u16 = 0;
    for piece in hit.title {
        let end = at.saturating_add(u16::try_from(piece.text.chars().count()).unwrap_or(u16::MAX));
        if piece.hit {
            matched.push((at, end));
        }
        at = end;
        title.push_str(&piece.text);
    }
    let detail = Some(hit.subtitle).filter(|text| !text.is_empty());
    PaletteItem { id: Some(hit.id), title, detail, matched, ..item("catalogue") }
}

fn item(kind: &str) -> PaletteItem {
    PaletteItem {
        kind: kind.to_owned(),
        id: None,
        title: String::new(),
        detail: None,
        date: None,
        slot: None,
        count: None,
        matched: Vec::new(),
    }
}

/// Those who receive and whose names answer every word; titles may be typed and say nothing.
fn staff<'v>(viewer: &'v Viewer, names: &str) -> Vec<&'v Person> {
    let folded = fold(names);
    let words: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty() && !duplicates::is_title(w)).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let typed = words.join(" ");
    counsellors_in_order(&viewer.settings)
        .into_iter()
        .filter(|p| matching::answers(&format!("{} {} {}", p.family_name, p.given_name, p.login), &typed))
        .collect()
}

fn usual_kind(viewer: &Viewer) -> Option<KindId> {
    kinds_in_order(&viewer.settings).first().map(|k| k.id)
}

/// Free places at the hour that was said, with the person that was said or with anybody.
async fn places(
    desk: &Desk,
    viewer: &Viewer,
    when: &When,
    staff: &[&Person],
) -> Result<Vec<PaletteItem>, ApiError> {
    let (Some(minute), Some(kind)) = (when.minute, usual_kind(viewer)) else { return Ok(Vec::new()) };
    if !when.rest.is_empty() && staff.is_empty() {
        return Ok(Vec::new());
    }
    let day = when.day.unwrap_or_else(|| viewer.today());
    let mut search = Search::staff(kind, day, day);
    // An hour that a person says need not lie in the chain of slots.
    search.mode = Mode::Grid { step_min: if minute % 5 == 0 { 5 } else { 1 } };
    search.counsellors = (!staff.is_empty()).then(|| staff.iter().map(|p| p.id).collect());
    let at_that_time = |s: &FreeSlot| {
        let zone = viewer.settings.zone_of(s.site);
        super::views::minutes_of_day(s.start, s.end, zone).0 == minute
    };
    let slots = free_slots(desk, viewer, &search, at_that_time).await?;
    Ok(slots
        .iter()
        .take(PLACES)
        .map(|s| PaletteItem { slot: Some(viewer.slot(s)), date: Some(day), ..item("slot") })
        .collect())
}

async fn day(desk: &Desk, viewer: &Viewer, date: NaiveDate) -> Result<PaletteItem, ApiError> {
    let (from, to) = day_bounds(date, viewer.settings.office.zone);
    let count = desk.store().meetings_between(from, to).await?;
    Ok(PaletteItem { date: Some(date), count: Some(count), ..item("day") })
}

/// The next place of each person that was said, from the day that was said.
async fn next(
    desk: &Desk,
    viewer: &Viewer,
    when: &When,
    staff: &[&Person],
) -> Result<Vec<PaletteItem>, ApiError> {
    let Some(kind) = usual_kind(viewer) else { return Ok(Vec::new()) };
    let today = viewer.today();
    let mut items = Vec::new();
    for person in staff.iter().take(PLACES) {
        // With an hour there is a place or there is none; "next" is then from today on.
        let from = when.day.filter(|d| when.minute.is_none() && *d > today).unwrap_or(today);
        let mut search = Search::staff(kind, from, days_ahead(from, NEXT_DAYS));
        search.counsellors = Some(vec![person.id]);
        search.sites = Some(availability::receiving_sites(&viewer.settings, None));
        search.limit = Some(1);
        let slots = free_slots(desk, viewer, &search, |_| true).await?;
        items.extend(slots.first().map(|s| PaletteItem {
            id: Some(person.id.to_string()),
            title: person.short_name(),
            slot: Some(viewer.slot(s)),
            ..item("next")
        }));
    }
    Ok(items)
}

fn client(viewer: &Viewer, found: ClientMatch) -> PaletteItem {
    let parts = [
        found.birth_date.map(|d| d.format("%d/%m/%Y").to_string()),
        found.class_level.filter(|c| !c.is_empty()),
        match found.next {
            Some(at) => Some(format!("RDV {}", short_date(viewer, at))),
            None => found.school,
        },
    ];
    PaletteItem {
        id: Some(found.id),
        title: format!("{}, {}", found.family_name, found.given_name),
        detail: Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")),
        matched: found.matched,
        ..item("client")
    }
}

/// "jeu. 26, 9:45".
fn short_date(viewer: &Viewer, at: DateTime<Utc>) -> String {
    const SHORT: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
    let local = at.with_timezone(&viewer.settings.office.zone);
    let weekday = SHORT[local.weekday().num_days_from_monday() as usize % 7];
    format!("{weekday} {}, {}", local.day(), local.format("%-H:%M"))
}

fn person(person: &Person, names: &str) -> PaletteItem {
    let title = person.short_name();
    PaletteItem {
        id: Some(person.id.to_string()),
        matched: matching::ranges(&title, names),
        title,
        detail: person.usual_place.clone(),
        ..item("person")
    }
}

async fn enquiries(desk: &Desk, viewer: &Viewer, names: &str) -> Result<Vec<PaletteItem>, ApiError> {
    let scan = EnquiryScan {
        query: Some(names.to_owned()),
        newest_first: true,
        limit: 40,
        ..EnquiryScan::default()
    };
    if crate::store::search_expression(names).is_none() {
        return Ok(Vec::new());
    }
    let mut found = desk.store().enquiries(&scan).await?;
    found.retain(|e| !viewer.hides(e) || matching::answers(&public_words(e), names));
    // What is still open comes first.
    found.sort_by_key(|e| !e.status.open());
    Ok(found
        .iter()
        .take(ENQUIRIES)
        .map(|e| {
            let row = viewer.enquiry_row(e);
            PaletteItem {
                id: Some(row.id),
                matched: matching::ranges(&row.name, names),
                title: row.name,
                detail: Some(row.subject).filter(|s| !s.is_empty()).or(Some(row.reference)),
                ..item("enquiry")
            }
        })
        .collect())
}
