//! One record with all that it is linked to.

use std::collections::HashSet;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Catalogue, OpenError};
use crate::model::{Absorb, Institution, Occupation, Offering, Programme, Provenance, Question};

/// Offerings that are listed with a record; all are counted. 2de générale et technologique is given at 2,700 places.
const LISTED: usize = 500;

/// A record, whatever it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Record {
    /// `FOR.n`.
    Programme(Box<Programme>),
    /// `ENS.n`, `INFO.n`, UAI.
    Institution(Box<Institution>),
    /// `MET.n`.
    Occupation(Box<Occupation>),
    /// `FAQ.…`.
    Question(Box<Question>),
    /// `AF.n`; the first where one identifier has several, which are all among the links.
    Offering(Box<Offering>),
}

/// A record as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shown {
    /// What it is known by.
    pub id: String,
    /// `programme`, `institution`, `occupation`, `faq`, `offering`.
    pub kind: String,
    /// Its name.
    pub title: String,
    /// What stands under it.
    pub subtitle: String,
    /// Release since which no dataset has it.
    pub gone_since: Option<String>,
    /// Whether it is only named by something else.
    pub named_only: bool,
    /// What is known of it.
    pub record: Record,
    /// What it is linked to.
    pub links: Links,
    /// Who told of it.
    pub sources: Vec<Provenance>,
}

/// What a record is linked to, from either end.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Links {
    /// Programmes: of an occupation those that lead there, of a question those that it is about.
    pub programmes: Vec<Linked>,
    /// Occupations: of a programme those that it leads to, of an occupation those beside it.
    pub occupations: Vec<Linked>,
    /// Institutions: tied to it, its university.
    pub institutions: Vec<Linked>,
    /// Questions about it.
    pub questions: Vec<Linked>,
    /// Where a programme is given, what an institution gives; at most five hundred.
    pub offerings: Vec<OfferingLink>,
    /// How many there are.
    pub offerings_total: u64,
}

/// The other end of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Linked {
    /// What it is known by.
    pub id: String,
    /// Its name, or the one that stood where the link was written.
    pub label: String,
    /// Whether the catalogue holds it.
    pub known: bool,
}

/// An offering seen from one of its ends.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfferingLink {
    /// `AF.n`.
    pub id: String,
    /// The programme.
    pub programme: Linked,
    /// The institution.
    pub institution: Linked,
    /// Type and commune of the institution.
    pub place: String,
    /// Release since which no dataset has it.
    pub gone_since: Option<String>,
}

impl Catalogue {
    /// The record with this identifier or UAI, in either case of letters; none if there is none. One that is gone is
    /// still shown.
    ///
    /// # Errors
    /// [`OpenError`]
    pub async fn record(&self, id: &str) -> Result<Option<Shown>, OpenError> {
        let id = id.trim();
        type Row = (i64, String, String, String, String, bool, Option<String>);
        let found: Option<Row> = sqlx::query_as(
            "SELECT seq, id, kind, title, subtitle, named_only, gone_since FROM entry WHERE id = ?1 OR id = upper(?1)
             UNION ALL
             SELECT seq, id, kind, title, subtitle, named_only, gone_since FROM entry WHERE uai = upper(?1) AND uai <> ''
             LIMIT 1",
        )
        .bind(id)
        .fetch_optional(&self.pool)
        .await?;
        let Some((seq, id, kind, title, subtitle, named_only, gone_since)) = found else {
            return self.offering(&id.to_uppercase()).await;
        };
        type Part = (i64, Option<String>, String);
        let mut parts: Vec<Part> =
            sqlx::query_as("SELECT source, gone_since, body FROM part WHERE entry = ? ORDER BY rank, seq")
                .bind(seq)
                .fetch_all(&self.pool)
                .await?;
        // What is gone says nothing any more beside what is not.
        if gone_since.is_none() {
            parts.retain(|(_, gone, _)| gone.is_none());
        }
        let bodies = || parts.iter().map(|(_, _, body)| body.as_str());
        let record = match kind.as_str() {
            "programme" => Record::Programme(Box::new(laid_over(&id, bodies())?)),
            "occupation" => Record::Occupation(Box::new(laid_over(&id, bodies())?)),
            "faq" => Record::Question(Box::new(laid_over(&id, bodies())?)),
            _ => Record::Institution(Box::new(laid_over(&id, bodies())?)),
        };
        let mut links = self.links(&id).await?;
        let (offerings, total) = self.offerings(&id, &kind).await?;
        links.offerings = offerings;
        links.offerings_total = total;
        let sources = self.told_by(parts.iter().map(|(source, ..)| *source));
        Ok(Some(Shown { id, kind, title, subtitle, gone_since, named_only, record, links, sources }))
    }

    fn told_by(&self, numbers: impl Iterator<Item = i64>) -> Vec<Provenance> {
        let mut told: Vec<Provenance> = Vec::new();
        for source in numbers.filter_map(|number| self.sources.get(&number)) {
            // Several datasets may say that they are the same one.
            let same = |known: &Provenance| {
                known.title == source.title
                    && known.publisher == source.publisher
                    && known.published == source.published
            };
            if !told.iter().any(same) {
                told.push(source.clone());
            }
        }
        told
    }

    async fn links(&self, id: &str) -> Result<Links, OpenError> {
        type Row = (String, String, Option<String>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT link.target, link.label, entry.title FROM link LEFT JOIN entry ON entry.id = link.target WHERE link.origin = ?1
             UNION
             SELECT link.origin, '', entry.title FROM link LEFT JOIN entry ON entry.id = link.origin WHERE link.target = ?1",
        )
        .bind(id)
        .fetch_all(&self.pool)
        .await?;
        let mut links = Links::default();
        let mut seen = HashSet::new();
        for (other, label, title) in rows {
            if other == id || !seen.insert(other.clone()) {
                continue;
            }
            let linked = linked(other, label, title);
            match linked.id.split('.').next().unwrap_or_default() {
                "FOR" => links.programmes.push(linked),
                "MET" => links.occupations.push(linked),
                "FAQ" => links.questions.push(linked),
                _ => links.institutions.push(linked),
            }
        }
        for list in
            [&mut links.programmes, &mut links.occupations, &mut links.institutions, &mut links.questions]
        {
            list.sort_by(|a, b| a.label.cmp(&b.label).then_with(|| a.id.cmp(&b.id)));
        }
        Ok(links)
    }

    /// Where a programme is given, or what an institution gives.
    async fn offerings(&self, id: &str, kind: &str) -> Result<(Vec<OfferingLink>, u64), OpenError> {
        let (all, count) = match kind {
            "programme" => (
                "SELECT offering.id, offering.programme, p.title, offering.institution, i.title, i.subtitle, offering.gone_since
                 FROM offering LEFT JOIN entry p ON p.id = offering.programme LEFT JOIN entry i ON i.id = offering.institution
                 WHERE offering.programme = ? ORDER BY offering.gone_since IS NOT NULL, i.title, offering.seq LIMIT ?",
                "SELECT count(*) FROM offering WHERE programme = ?",
            ),
            "institution" => (
                "SELECT offering.id, offering.programme, p.title, offering.institution, i.title, i.subtitle, offering.gone_since
                 FROM offering LEFT JOIN entry p ON p.id = offering.programme LEFT JOIN entry i ON i.id = offering.institution
                 WHERE offering.institution = ? ORDER BY offering.gone_since IS NOT NULL, p.title, offering.seq LIMIT ?",
                "SELECT count(*) FROM offering WHERE institution = ?",
            ),
            _ => return Ok((Vec::new(), 0)),
        };
        let rows: Vec<OfferingRow> =
            sqlx::query_as(all).bind(id).bind(LISTED as i64).fetch_all(&self.pool).await?;
        let count: i64 = sqlx::query_scalar(count).bind(id).fetch_one(&self.pool).await?;
        Ok((rows.into_iter().map(offering_link).collect(), u64::try_from(count).unwrap_or_default()))
    }

    /// An offering by its `AF.n`, which may be that of several, or by `AF.n@ENS.n`, as the index knows it.
    async fn offering(&self, asked: &str) -> Result<Option<Shown>, OpenError> {
        let (id, at) = asked.split_once('@').unwrap_or((asked, ""));
        let (institution, programme) = at.split_once('@').unwrap_or((at, ""));
        let rows: Vec<OfferingRow> = sqlx::query_as(
            "SELECT offering.id, offering.programme, p.title, offering.institution, i.title, i.subtitle, offering.gone_since
             FROM offering LEFT JOIN entry p ON p.id = offering.programme LEFT JOIN entry i ON i.id = offering.institution
             WHERE offering.id = ?1
             ORDER BY offering.institution = ?2 DESC, offering.programme = ?3 DESC, offering.gone_since IS NOT NULL, offering.seq",
        )
        .bind(id)
        .bind(institution)
        .bind(programme)
        .fetch_all(&self.pool)
        .await?;
        let first: Option<(i64, String)> = sqlx::query_as(
            "SELECT source, body FROM offering WHERE id = ?1
             ORDER BY institution = ?2 DESC, programme = ?3 DESC, gone_since IS NOT NULL, seq LIMIT 1",
        )
        .bind(id)
        .bind(institution)
        .bind(programme)
        .fetch_optional(&self.pool)
        .await?;
        let Some((source, body)) = first else { return Ok(None) };
        let offering: Offering = parse(id, &body)?;
        let offerings: Vec<OfferingLink> = rows.into_iter().map(offering_link).collect();
        let Some(shown) = offerings.first().cloned() else { return Ok(None) };
        if !institution.is_empty() && shown.institution.id != institution {
            return Ok(None);
        }
        let total = offerings.len() as u64;
        let links = Links {
            programmes: vec![shown.programme.clone()],
            institutions: vec![shown.institution.clone()],
            offerings,
            offerings_total: total,
            ..Links::default()
        };
        Ok(Some(Shown {
            id: asked.to_owned(),
            kind: "offering".to_owned(),
            title: shown.programme.label,
            subtitle: shown.institution.label,
            gone_since: shown.gone_since,
            named_only: false,
            record: Record::Offering(Box::new(offering)),
            links,
            sources: self.told_by(std::iter::once(source)),
        }))
    }
}

/// Identifier, programme and its name, institution, its name and what stands under it, since when it is gone.
pub(super) type OfferingRow =
    (String, String, Option<String>, String, Option<String>, Option<String>, Option<String>);

pub(super) fn offering_link(row: OfferingRow) -> OfferingLink {
    let (id, programme, programme_title, institution, institution_title, place, gone_since) = row;
    OfferingLink {
        id,
        programme: linked(programme, String::new(), programme_title),
        institution: linked(institution, String::new(), institution_title),
        place: place.unwrap_or_default(),
        gone_since,
    }
}

fn linked(id: String, label: String, title: Option<String>) -> Linked {
    let known = title.is_some();
    let label = title.filter(|t| !t.is_empty()).unwrap_or(if label.is_empty() { id.clone() } else { label });
    Linked { id, label, known }
}

pub(super) fn parse<T: DeserializeOwned>(id: &str, body: &str) -> Result<T, OpenError> {
    serde_json::from_str(body).map_err(|e| OpenError::Record { id: id.to_owned(), detail: e.to_string() })
}

/// The parts of a record as one, the surest first.
pub(super) fn laid_over<'a, T: Absorb + Default + DeserializeOwned>(
    id: &str,
    bodies: impl Iterator<Item = &'a str>,
) -> Result<T, OpenError> {
    let mut whole: Option<T> = None;
    for body in bodies {
        let part: T = parse(id, body)?;
        match &mut whole {
            Some(whole) => whole.absorb(part),
            None => whole = Some(part),
        }
    }
    Ok(whole.unwrap_or_default())
}
