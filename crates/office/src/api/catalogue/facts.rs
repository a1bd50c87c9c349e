//! What a record says, in the order in which it is shown: short facts, then texts.

use passerelle_catalogue::file::Record;
use passerelle_catalogue::model::{
    Block, Domain, GenderedName, Institution, Occupation, Offering, Programme, Question,
};

use super::record::{department_name, level_name};
use crate::api::dto::CatalogueFact;

/// What a record says.
#[derive(Debug, Default)]
pub(super) struct Described {
    /// Short facts.
    pub facts: Vec<CatalogueFact>,
    /// Texts.
    pub texts: Vec<(&'static str, Vec<Block>)>,
    /// Official page.
    pub url: Option<String>,
    /// Markdown of an answer.
    pub answer: Option<String>,
}

/// What this record says.
pub(super) fn of(record: &Record) -> Described {
    let mut described = match record {
        Record::Programme(programme) => of_programme(programme),
        Record::Institution(institution) => of_institution(institution),
        Record::Occupation(occupation) => of_occupation(occupation),
        Record::Question(question) => of_question(question),
        Record::Offering(offering) => of_offering(offering),
    };
    described.facts.retain(|fact| !fact.value.is_empty());
    described.texts.retain(|(_, blocks)| !blocks.is_empty());
    described
}

/// An address that a browser may be asked to open: of the web and nothing else.
pub(super) fn page(url: &str) -> Option<String> {
    let web = url.starts_with("https://") || url.starts_with("http://");
    web.then(|| url.to_owned())
}

fn fact(key: &str, value: impl Into<String>) -> CatalogueFact {
    CatalogueFact { key: key.to_owned(), value: value.into() }
}

fn each<'a>(
    key: &'static str,
    values: impl IntoIterator<Item = &'a String>,
) -> impl Iterator<Item = CatalogueFact> {
    values.into_iter().map(move |value| fact(key, value.clone()))
}

fn domains(all: &[Domain]) -> impl Iterator<Item = CatalogueFact> {
    all.iter().map(|d| {
        let words = [d.domain.as_str(), d.subdomain.as_str()];
        let said: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        fact("domains", said.join(" · "))
    })
}

fn joined<'a>(words: impl IntoIterator<Item = &'a str>, between: &str) -> String {
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(between)
}

fn of_programme(programme: &Programme) -> Described {
    let level =
        programme.level.map_or_else(|| programme.level_label.clone(), |level| level.label().to_owned());
    let mut facts = vec![
        fact("type", programme.type_name.clone()),
        fact("level", level),
        fact("duration", programme.duration.clone()),
        fact("certification", programme.certification.clone()),
    ];
    facts.extend(domains(&programme.domains));
    facts.extend(each("subjects", &programme.subjects));
    facts.push(fact("authority", programme.authority.clone()));
    facts.push(fact("rncp", programme.rncp.clone()));
    Described {
        facts,
        texts: vec![
            ("description", programme.description.clone()),
            ("access", programme.access.clone()),
            ("expectations", programme.expectations.clone()),
            ("further", further(programme)),
        ],
        url: page(&programme.url).or_else(|| page(&programme.reference_url)),
        answer: None,
    }
}

/// What comes after: the text, then the programmes that it names by kind.
fn further(programme: &Programme) -> Vec<Block> {
    let mut blocks = programme.further.clone();
    for studies in &programme.further_studies {
        if !studies.type_name.is_empty() {
            blocks.push(Block::Heading { level: 5, text: studies.type_name.clone() });
        }
        if !studies.programmes.is_empty() {
            blocks.push(Block::List { items: studies.programmes.clone() });
        }
    }
    blocks
}

fn of_institution(institution: &Institution) -> Described {
    let town = joined([institution.postal_code.as_str(), &institution.commune, &institution.cedex], " ");
    let address = joined([institution.address.as_str(), &institution.box_number, &town], ", ");
    let mut facts = vec![
        fact("type", institution.type_name.clone()),
        fact("status", institution.status.clone()),
        fact("address", address),
    ];
    if !institution.department.is_empty() {
        facts.push(fact("department", department_name(&institution.department)));
    }
    facts.extend([
        fact("academy", institution.academy.clone()),
        fact("phone", institution.phone.clone()),
        fact("mail", institution.mail.clone()),
        fact("website", page(&institution.website).unwrap_or_default()),
        fact("boarding", institution.boarding.clone()),
        fact("accessibility", institution.accessibility.clone()),
    ]);
    facts.extend(each("languages", &institution.languages));
    facts.push(fact("pupils", institution.pupils.map(|n| n.to_string()).unwrap_or_default()));
    facts.push(fact("state", institution.state.clone()));
    facts.push(fact("uai", institution.uai.clone()));
    let annexes: Vec<String> = institution
        .annexes
        .iter()
        .map(|annex| joined([annex.name.as_str(), &annex.address, &annex.postal_code, &annex.commune], ", "))
        .filter(|text| !text.is_empty())
        .collect();
    facts.extend(each("annexes", &annexes));
    Described { facts, url: page(&institution.url), ..Described::default() }
}

fn of_occupation(occupation: &Occupation) -> Described {
    let mut facts =
        vec![fact("field", occupation.field_in_words()), fact("level", level_name(occupation.level))];
    facts.extend(domains(&occupation.domains));
    let also: Vec<String> = occupation.synonyms.iter().map(GenderedName::shown).collect();
    facts.extend(each("also", &also));
    facts.extend(occupation.sectors.iter().map(|link| fact("sectors", link.label.clone())));
    facts.extend(occupation.statuses.iter().map(|link| fact("statuses", link.label.clone())));
    facts.extend(occupation.interests.iter().map(|link| fact("interests", link.label.clone())));
    facts.extend(
        occupation.rome.iter().map(|rome| fact("rome", joined([rome.code.as_str(), &rome.label], " "))),
    );
    Described {
        facts,
        texts: vec![
            ("hook", occupation.hook.clone()),
            ("summary", occupation.summary.clone()),
            ("work", occupation.work.clone()),
            ("conditions", occupation.conditions.clone()),
            ("skills", occupation.skills.clone()),
            ("access", occupation.access.clone()),
            ("career", occupation.career.clone()),
        ],
        url: page(&occupation.url),
        answer: None,
    }
}

fn of_question(question: &Question) -> Described {
    let mut facts: Vec<CatalogueFact> = domains(&question.domains).collect();
    facts.push(fact("level", level_name(question.level)));
    Described {
        facts,
        texts: vec![("answer", question.answer.clone())],
        url: page(&question.url),
        answer: Some(question.markdown.clone()).filter(|text| !text.is_empty()),
    }
}

fn of_offering(offering: &Offering) -> Described {
    let mut facts = vec![fact("duration", offering.duration.clone())];
    facts.extend(each("attendance", &offering.attendance));
    facts.extend(each("elements", &offering.elements));
    facts.extend(
        offering
            .subjects
            .iter()
            .map(|subject| fact("subjects", joined([subject.group.as_str(), subject.name.as_str()], " : "))),
    );
    facts.push(fact("cost", offering.cost.clone()));
    facts.push(fact("welcome", offering.welcome.clone()));
    Described { facts, url: page(&offering.url), ..Described::default() }
}
