//! `catalogue.search`: one question to the index, one to the file for the texts that are shown.

use std::time::Instant;

use passerelle_catalogue::file::Card;
use passerelle_catalogue::geography::department;
use passerelle_catalogue::indexed::Indexed;
use passerelle_catalogue::model::Level;
use passerelle_catalogue::search::{Answer, Count, Facet, Hit, Kind, Marking, Order, Query, Reason};

use crate::api::dto::{
    ApiError, CatalogueAnswer, CatalogueCount, CatalogueFacet, CatalogueGroup, CatalogueHit, CatalogueQuery,
    CatalogueReason, TextPiece,
};
use crate::catalogue::{Near, near};
use crate::desk::Desk;

/// Hits of each kind when all are asked for, and of one kind.
const OF_EACH: u32 = 5;
const OF_ONE: u32 = 20;
/// At most so many hits in one answer.
const MOST: u32 = 200;
/// Bytes of a piece of text.
const SNIPPET: usize = 160;

/// Kinds in the order in which they are shown.
pub(super) const SHOWN: [Kind; 5] =
    [Kind::Programme, Kind::Occupation, Kind::Institution, Kind::Faq, Kind::Offering];

/// `catalogue.search`.
///
/// # Errors
/// `catalogue_none`, `catalogue_loading`, `catalogue_damaged`; `bad_arguments` for a kind that does not exist.
pub async fn search(desk: &Desk, query: CatalogueQuery) -> Result<CatalogueAnswer, ApiError> {
    let indexed = super::ready(desk).await?;
    answer(&indexed, &query).await
}

/// The answer of this catalogue.
///
/// # Errors
/// As [`search`].
pub async fn answer(indexed: &Indexed, query: &CatalogueQuery) -> Result<CatalogueAnswer, ApiError> {
    let began = Instant::now();
    let from = query.near.as_deref().and_then(near);
    let kinds = kinds(&query.kinds)?;
    let asked = Asked { query, kinds, from: from.as_ref() };
    let found = asked.find(indexed);
    let ids: Vec<&str> =
        found.groups.iter().flat_map(|(_, answer)| &answer.hits).map(|hit| hit.id.as_str()).collect();
    let mut cards = indexed.catalogue.cards(&ids).await?;
    let mut marking = found.all.marker.begin();
    let groups = found
        .groups
        .iter()
        .map(|(kind, answer)| CatalogueGroup {
            kind: kind.map_or("all", Kind::code).to_owned(),
            total: count(answer.total),
            hits: answer
                .hits
                .iter()
                .map(|hit| shown(hit, cards.remove(&hit.id).unwrap_or_default(), &mut marking))
                .collect(),
        })
        .collect();
    Ok(CatalogueAnswer {
        total: count(found.all.total),
        groups,
        facets: facets(&found.all.facets),
        unknown: found.all.unknown,
        relaxed: found.all.whole == 0 && !query.text.trim().is_empty(),
        near: from.map(|near| near.label),
        release: indexed.catalogue.release().to_owned(),
        took_us: u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX),
    })
}

/// Kinds by their words.
fn kinds(words: &[String]) -> Result<Vec<Kind>, ApiError> {
    let kinds = words.iter().map(|word| Kind::parse(word).ok_or(word));
    kinds.collect::<Result<_, _>>().map_err(|word| ApiError {
        detail: Some(format!("{word:?} is no kind of record")),
        ..ApiError::new("bad_arguments")
    })
}

/// What is asked, understood.
struct Asked<'a> {
    query: &'a CatalogueQuery,
    kinds: Vec<Kind>,
    from: Option<&'a Near>,
}

/// What the index found.
struct Found {
    /// Totals and counts.
    all: Answer,
    /// Hits by kind.
    groups: Vec<(Option<Kind>, Answer)>,
}

impl Asked<'_> {
    fn find(&self, indexed: &Indexed) -> Found {
        let kinds = match self.kinds.as_slice() {
            // A programme at a place is beside the question unless its place is part of it.
            [] => &SHOWN[..4],
            some => some,
        };
        // Looked up once; kinds are a matter of which of it is given.
        let question = indexed.index.look_up(&self.of(kinds));
        let counted = |kinds: &[Kind]| question.answer(&Query { limit: 0, facets: true, ..self.of(kinds) });
        let mut all = counted(kinds);
        let mut kinds: Vec<Kind> = SHOWN.into_iter().filter(|kind| kinds.contains(kind)).collect();
        if self.kinds.is_empty() && all.whole == 0 && !self.query.text.trim().is_empty() {
            let placed = [Kind::Offering];
            if question.answer(&Query { limit: 0, ..self.of(&placed) }).whole > 0 {
                // "BTS tourisme Amiens": only what is given at a place has all the words.
                kinds = placed.to_vec();
                all = counted(&kinds);
            }
        }
        let one = kinds.len() == 1 || self.query.together;
        let limit = self.query.limit.unwrap_or(if one { OF_ONE } else { OF_EACH }).min(MOST) as usize;
        let offset = if one { self.query.offset as usize } else { 0 };
        let given = |kinds: &[Kind]| question.answer(&Query { limit, offset, ..self.of(kinds) });
        if self.query.together {
            let groups = vec![(None, given(&kinds))];
            return Found { all, groups };
        }
        let groups = kinds
            .into_iter()
            .map(|kind| (Some(kind), given(&[kind])))
            .filter(|(_, answer)| answer.total > 0)
            .collect();
        Found { all, groups }
    }

    fn of(&self, kinds: &[Kind]) -> Query<'_> {
        let query = self.query;
        let from = self.from.map(|near| near.position);
        let codes = kinds.iter().map(|kind| kind.code().to_owned()).collect();
        let filters = [
            (Facet::Kind, codes),
            (Facet::Level, query.levels.clone()),
            (Facet::Domain, query.domains.clone()),
            (Facet::Category, query.categories.clone()),
            (Facet::Status, query.statuses.clone()),
            (Facet::Department, query.departments.clone()),
            (Facet::Academy, query.academies.clone()),
        ];
        let by_distance = query.order.as_deref() == Some("distance");
        Query {
            filters: filters
                .into_iter()
                .filter(|(_, values): &(_, Vec<String>)| !values.is_empty())
                .collect(),
            near: from,
            within_km: query.within_km.filter(|_| from.is_some()).map(f64::from),
            order: if by_distance { Order::Distance } else { Order::Relevance },
            ..Query::new(&query.text)
        }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A hit with its texts.
fn shown(hit: &Hit, card: Card, marking: &mut Marking<'_>) -> CatalogueHit {
    let title = if card.title.is_empty() { hit.id.clone() } else { card.title };
    let marks = marking.marks(&title);
    let piece = marking.snippet(&card.says, SNIPPET);
    let inside: Vec<_> =
        piece.marks.iter().map(|mark| mark.start - piece.range.start..mark.end - piece.range.start).collect();
    let cut = card.says.get(piece.range.clone()).unwrap_or_default();
    let mut snippet = pieces(cut, &inside);
    if piece.range.end < card.says.len() && !snippet.is_empty() {
        snippet.push(TextPiece { text: "…".to_owned(), hit: false });
    }
    if piece.range.start > 0 {
        snippet.insert(0, TextPiece { text: "… ".to_owned(), hit: false });
    }
    CatalogueHit {
        id: hit.id.clone(),
        kind: hit.kind.code().to_owned(),
        title: pieces(&title, &marks),
        subtitle: card.subtitle,
        snippet,
        distance_km: hit.distance_km,
        places: card.places,
        why: hit.reasons.iter().map(why).collect(),
    }
}

fn why(reason: &Reason) -> CatalogueReason {
    let how = serde_json::to_value(reason.how).ok();
    CatalogueReason {
        asked: reason.asked.clone(),
        how: how.and_then(|how| how.as_str().map(str::to_owned)).unwrap_or_default(),
        found: reason.found.clone(),
    }
}

/// A text cut where words of the question begin and end.
pub(super) fn pieces(text: &str, marks: &[std::ops::Range<usize>]) -> Vec<TextPiece> {
    let mut pieces = Vec::with_capacity(marks.len() * 2 + 1);
    let mut at = 0;
    let mut push = |from: usize, to: usize, hit: bool| {
        if let Some(text) = text.get(from..to).filter(|text| !text.is_empty()) {
            pieces.push(TextPiece { text: text.to_owned(), hit });
        }
    };
    for mark in marks {
        push(at, mark.start, false);
        push(mark.start, mark.end, true);
        at = mark.end;
    }
    push(at, text.len(), false);
    pieces
}

/// The counts, as the screen lists them.
fn facets(facets: &[(Facet, Vec<Count>)]) -> Vec<CatalogueFacet> {
    let listed = facets.iter().map(|(facet, counts)| {
        let mut values: Vec<CatalogueCount> = counts
            .iter()
            .map(|c| CatalogueCount {
                value: c.value.clone(),
                label: label(*facet, &c.value),
                hits: count(c.hits),
            })
            .collect();
        if *facet == Facet::Level {
            let rank = |code: &str| Level::all().position(|level| level.code() == code);
            values.sort_by_key(|value| rank(&value.value));
        }
        CatalogueFacet { property: property(*facet).to_owned(), values }
    });
    listed.filter(|facet| !facet.values.is_empty()).collect()
}

/// What a query, and an answer, call a property.
#[must_use]
pub const fn property(facet: Facet) -> &'static str {
    match facet {
        Facet::Kind => "kinds",
        Facet::Level => "levels",
        Facet::Domain => "domains",
        Facet::Category => "categories",
        Facet::Status => "statuses",
        Facet::Department => "departments",
        Facet::Academy => "academies",
    }
}

fn label(facet: Facet, value: &str) -> String {
    match facet {
        Facet::Level => {
            let level = Level::all().find(|level| level.code() == value);
            level.map_or_else(|| value.to_owned(), |level| level.label().to_owned())
        }
        Facet::Department => {
            department(value).map_or_else(|| value.to_owned(), |d| format!("{} ({})", d.name, d.code))
        }
        Facet::Domain => value.rsplit('/').next().unwrap_or(value).to_owned(),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn a_text_is_cut_at_its_marks_and_loses_nothing() {
        let text = "école élémentaire";
        let cut = pieces(text, &[0..6, 7..text.len()]);
        let said: Vec<(&str, bool)> = cut.iter().map(|piece| (piece.text.as_str(), piece.hit)).collect();
        assert_eq!(said, [("école", true), (" ", false), ("élémentaire", true)]);
        assert!(pieces("", &[]).is_empty());
    }
}
