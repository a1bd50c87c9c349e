//! `catalogue.get`: a record as it is shown, with what is near.

use std::collections::HashMap;

use chrono::NaiveDate;
use passerelle_catalogue::file::{Linked, OfferingLink, Record, Shown};
use passerelle_catalogue::geography::{Position, department};
use passerelle_catalogue::indexed::Indexed;
use passerelle_catalogue::model::{Block, Institution, Level, Offering, OpenDay, Provenance};

use super::facts::{self, Described};
use crate::api::dto::{
    ApiError, CatalogueBlock, CatalogueLink, CatalogueOpenDay, CataloguePlace, CatalogueRecord,
    CatalogueRequest, CatalogueSource, CatalogueText, OpenPageRequest, PageOpened,
};
use crate::catalogue::near;
use crate::desk::Desk;

/// Places that are listed unless more are asked for, and at most.
const PLACES: u32 = 12;
const MOST_PLACES: u32 = 500;
/// Length of a degree of latitude, in kilometres, on a sphere of 6,371 km.
const DEGREE_KM: f64 = 111.195;

/// `catalogue.get`; nothing when no record has this identifier.
///
/// # Errors
/// `catalogue_none`, `catalogue_loading`, `catalogue_damaged`.
pub async fn get(desk: &Desk, request: CatalogueRequest) -> Result<Option<CatalogueRecord>, ApiError> {
    let indexed = super::ready(desk).await?;
    record(&indexed, &request, desk.now().date_naive()).await
}

/// `catalogue.open_page`: shows the official page of a record in the browser of the computer. The window says which
/// record, never an address. Nothing when there is no such record or no page of it.
///
/// # Errors
/// `catalogue_none`, `catalogue_loading`, `catalogue_damaged`.
pub async fn open_page(desk: &Desk, request: OpenPageRequest) -> Result<Option<PageOpened>, ApiError> {
    let indexed = super::ready(desk).await?;
    let shown = indexed.catalogue.record(&request.id).await?;
    let Some(url) = shown.and_then(|shown| facts::of(&shown.record).url) else { return Ok(None) };
    let opened = desk.show_page(&url).await;
    Ok(Some(PageOpened { url, opened }))
}

/// The record of this catalogue, on this day.
///
/// # Errors
/// As [`get`].
pub async fn record(
    indexed: &Indexed,
    request: &CatalogueRequest,
    today: NaiveDate,
) -> Result<Option<CatalogueRecord>, ApiError> {
    let Some(shown) = indexed.catalogue.record(&request.id).await? else { return Ok(None) };
    let from = request.near.as_deref().and_then(near);
    let position = from.as_ref().map(|near| near.position);
    let limit = request.places.unwrap_or(PLACES).min(MOST_PLACES) as usize;
    let (listed, places_total) = listed(indexed, &shown, position, limit).await?;
    let open_days = open_days(indexed, &shown, &listed, today).await?;
    let places =
        listed.into_iter().map(|(link, offering)| place(indexed, link, offering, position)).collect();
    let distance_km = position
        .filter(|_| matches!(shown.kind.as_str(), "institution" | "offering"))
        .and_then(|from| indexed.index.distance_km(&shown.id, from));
    let Described { facts, texts, url, answer } = facts::of(&shown.record);
    let Shown { id, kind, title, subtitle, gone_since, named_only, links, sources, .. } = shown;
    Ok(Some(CatalogueRecord {
        id,
        kind,
        title,
        subtitle,
        facts,
        texts: texts.into_iter().map(|(key, blocks)| text(key, blocks)).collect(),
        programmes: links.programmes.into_iter().map(link).collect(),
        occupations: links.occupations.into_iter().map(link).collect(),
        institutions: links.institutions.into_iter().map(link).collect(),
        questions: links.questions.into_iter().map(link).collect(),
        places,
        places_total,
        open_days,
        near: from.map(|near| near.label),
        distance_km,
        url,
        answer,
        gone_since,
        named_only,
        sources: sources.iter().map(source).collect(),
    }))
}

/// The places that are listed, nearest first when a place was said, and how many there are.
async fn listed(
    indexed: &Indexed,
    shown: &Shown,
    from: Option<Position>,
    limit: usize,
) -> Result<(Vec<(OfferingLink, Offering)>, u32), ApiError> {
    if let Record::Offering(offering) = &shown.record {
        let mut all = shown.links.offerings.clone();
        let total = u32::try_from(all.len()).unwrap_or(u32::MAX);
        all.truncate(1);
        return Ok((all.into_iter().map(|link| (link, (**offering).clone())).collect(), total));
    }
    let all = indexed.catalogue.places(&shown.id, &shown.kind).await?;
    let mut ordered: Vec<_> = all.iter().collect();
    if let Some(from) = from.filter(|_| shown.kind == "programme") {
        let far = |id: &str| indexed.index.distance_km(id, from).unwrap_or(f64::INFINITY);
        let known: HashMap<&str, f64> =
            all.iter().map(|place| (place.institution.as_str(), far(&place.institution))).collect();
        let distance = |id: &str| known.get(id).copied().unwrap_or(f64::INFINITY);
        // What is not given any more stays behind; equally far ones keep the order of their names.
        ordered.sort_by(|a, b| {
            a.gone.cmp(&b.gone).then_with(|| distance(&a.institution).total_cmp(&distance(&b.institution)))
        });
    }
    ordered.truncate(limit);
    let shown = indexed.catalogue.shown_places(&ordered).await?;
    Ok((shown, u32::try_from(all.len()).unwrap_or(u32::MAX)))
}

fn place(
    indexed: &Indexed,
    place: OfferingLink,
    offering: Offering,
    from: Option<Position>,
) -> CataloguePlace {
    let at = indexed.index.position(&place.institution.id);
    CataloguePlace {
        id: place.id,
        distance_km: from.and_then(|from| indexed.index.distance_km(&place.institution.id, from)),
        offset_km: from.zip(at).map(|(from, at)| offset(from, at)),
        programme: link(place.programme),
        institution: link(place.institution),
        place: place.place,
        attendance: offering.attendance,
        duration: offering.duration,
        url: facts::page(&offering.url),
        gone_since: place.gone_since,
    }
}

/// Kilometres to the east and to the north; good enough for a drawing of a few hundred kilometres.
fn offset(from: Position, to: Position) -> (f64, f64) {
    let east = (to.lon - from.lon + 540.0).rem_euclid(360.0) - 180.0;
    let shrunk = ((from.lat + to.lat) / 2.0).to_radians().cos();
    (east * shrunk * DEGREE_KM, (to.lat - from.lat) * DEGREE_KM)
}

/// Days to come on which families are welcome: of the institution, or of the places that are listed.
async fn open_days(
    indexed: &Indexed,
    shown: &Shown,
    listed: &[(OfferingLink, Offering)],
    today: NaiveDate,
) -> Result<Vec<CatalogueOpenDay>, ApiError> {
    let mut days = Vec::new();
    match &shown.record {
        Record::Institution(institution) => {
            let whole = Linked { id: shown.id.clone(), label: shown.title.clone(), known: true };
            days.extend(of_institution(&whole, institution, today));
        }
        Record::Programme(_) | Record::Offering(_) => {
            let ends: HashMap<&str, &Linked> =
                listed.iter().map(|(link, _)| (link.institution.id.as_str(), &link.institution)).collect();
            let mut ids: Vec<&str> = ends.keys().copied().collect();
            ids.sort_unstable();
            for (id, institution) in indexed.catalogue.institutions(&ids).await? {
                if let Some(end) = ends.get(id.as_str()) {
                    days.extend(of_institution(end, &institution, today));
                }
            }
        }
        Record::Occupation(_) | Record::Question(_) => {}
    }
    days.sort_by(|a, b| {
        (a.from.is_none(), a.from, a.opens, &a.institution.label).cmp(&(
            b.from.is_none(),
            b.from,
            b.opens,
            &b.institution.label,
        ))
    });
    Ok(days)
}

fn of_institution(
    whole: &Linked,
    institution: &Institution,
    today: NaiveDate,
) -> impl Iterator<Item = CatalogueOpenDay> {
    let to_come = move |day: &&OpenDay| day.to.or(day.from).is_none_or(|last| last >= today);
    let days: Vec<CatalogueOpenDay> = institution
        .open_days
        .iter()
        .filter(to_come)
        .map(|day| CatalogueOpenDay {
            institution: link(whole.clone()),
            from: day.from,
            to: day.to,
            opens: day.opens,
            closes: day.closes,
            online: day.online,
            written: day.written.clone(),
            url: facts::page(&day.url),
        })
        .collect();
    days.into_iter()
}

fn link(linked: Linked) -> CatalogueLink {
    CatalogueLink { id: linked.id, label: linked.label, known: linked.known }
}

fn text(key: &'static str, blocks: Vec<Block>) -> CatalogueText {
    let blocks = blocks.into_iter().map(|block| match block {
        Block::Heading { text, .. } => CatalogueBlock::Heading { text },
        Block::Paragraph { text } => CatalogueBlock::Paragraph { text },
        Block::List { items } => CatalogueBlock::List { items },
    });
    CatalogueText { key: key.to_owned(), blocks: blocks.collect() }
}

pub(super) fn source(provenance: &Provenance) -> CatalogueSource {
    CatalogueSource {
        title: provenance.title.clone(),
        publisher: provenance.publisher.clone(),
        licence: provenance.licence.clone(),
        published: provenance.published,
    }
}

/// "Somme (80)".
pub(super) fn department_name(code: &str) -> String {
    department(code).map_or_else(|| code.to_owned(), |d| format!("{} ({})", d.name, d.code))
}

/// "bac + 2".
pub(super) fn level_name(level: Option<Level>) -> String {
    level.map_or_else(String::new, |level| level.label().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_little_map_has_east_at_its_right_and_north_at_its_top() {
        let amiens = Position { lat: 49.894, lon: 2.302 };
        let lille = Position { lat: 50.633, lon: 3.06 };
        let (east, north) = offset(amiens, lille);
        assert!((50.0..60.0).contains(&east) && (80.0..85.0).contains(&north), "{east} {north}");
        let fiji = Position { lat: -18.0, lon: 178.0 };
        let samoa = Position { lat: -18.0, lon: -178.0 };
        assert!(offset(fiji, samoa).0 > 0.0, "across the line where the day changes");
    }
}
