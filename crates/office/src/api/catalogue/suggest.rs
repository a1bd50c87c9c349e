//! `catalogue.suggest`: what fits the question of an enquiry, and which of its words led there.

use passerelle_catalogue::model::Level;

use super::search::answer;
use crate::api::IdArgs;
use crate::api::dto::{ApiError, CatalogueAnswer, CatalogueQuery, EnquiryView, SuggestRequest};
use crate::api::enquiries;
use crate::desk::Desk;

/// Hits of each kind.
const OF_EACH: u32 = 4;
/// Characters of a thread that are looked at: what a family asks stands at its beginning.
const READ: usize = 2_000;

/// `catalogue.suggest`. The question is read as the one who asks may read it: of a sensitive one that is closed to them
/// nothing is said, not even by what fits it.
///
/// # Errors
/// `not_found`, and those of `catalogue.search`.
pub async fn suggest(desk: &Desk, request: SuggestRequest) -> Result<CatalogueAnswer, ApiError> {
    let view = enquiries::get(desk, IdArgs { id: request.enquiry }).await?;
    let indexed = super::ready(desk).await?;
    let question = question(&view);
    if question.is_empty() {
        return Ok(CatalogueAnswer {
            total: 0,
            groups: Vec::new(),
            facets: Vec::new(),
            unknown: Vec::new(),
            relaxed: false,
            near: None,
            release: indexed.catalogue.release().to_owned(),
            took_us: 0,
        });
    }
    let query = CatalogueQuery {
        text: question,
        near: Some(view.postal_code.clone()).filter(|code| !code.is_empty()),
        limit: Some(request.limit.unwrap_or(OF_EACH)),
        ..CatalogueQuery::default()
    };
    let kinds = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let within_reach = levels_after(view.row.class_level.as_deref());
    let mut programmes =
        CatalogueQuery { kinds: kinds(&["programme"]), levels: within_reach, ..query.clone() };
    let mut found = answer(&indexed, &programmes).await?;
    if found.total == 0 && !programmes.levels.is_empty() {
        // What is asked for lies further on: better that than nothing.
        programmes.levels.clear();
        found = answer(&indexed, &programmes).await?;
    }
    let others = CatalogueQuery { kinds: kinds(&["occupation", "faq"]), ..query };
    let others = answer(&indexed, &others).await?;
    found.total += others.total;
    found.took_us += others.took_us;
    found.groups.extend(others.groups);
    // What the two were narrowed by is not what a person chose: there is nothing to choose from.
    found.facets.clear();
    Ok(found)
}

/// Levels of what a pupil of this class can begin next; none narrows nothing. What comes after the bac is beside the
/// question of a pupil of collège, and a CAP beside that of one who has the bac.
fn levels_after(class: Option<&str>) -> Vec<String> {
    let class = class.unwrap_or_default().trim().to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| class.starts_with(word));
    let up_to_bac = |level: &Level| *level <= Level::Bac;
    let after_bac = |level: &Level| matches!(level, Level::BacAnd(_) | Level::Other);
    let wanted: Vec<Level> =
        if begins(&["6e", "5e", "4e", "3e", "sixième", "cinquième", "quatrième", "troisième"]) {
            Level::all().filter(up_to_bac).collect()
        } else if begins(&["tle", "term"]) {
            Level::all().filter(after_bac).collect()
        } else {
            Vec::new()
        };
    wanted.into_iter().map(|level| level.code().to_owned()).collect()
}

/// What the family asks: the subject and their own messages.
fn question(view: &EnquiryView) -> String {
    if view.row.hidden {
        return String::new();
    }
    let theirs = view.thread.iter().filter(|message| message.from == "family" && message.withdrawn.is_none());
    let texts = std::iter::once(view.row.subject.as_str()).chain(theirs.map(|message| message.text.as_str()));
    texts.collect::<Vec<_>>().join(" \n").trim().chars().take(READ).collect()
}

#[cfg(test)]
mod tests {
    use super::levels_after;

    #[test]
    fn a_class_says_what_can_come_next() {
        let has = |class: &str, level: &str| levels_after(Some(class)).iter().any(|known| known == level);
        assert!(has("3e", "cap") && has("3e", "bac") && !has("3e", "bac+2"));
        assert!(has("Tle STMG", "bac+2") && has("terminale", "bac+5") && !has("Tle G", "cap"));
        assert!(levels_after(Some("2de GT")).is_empty(), "anything may be asked from there");
        assert!(levels_after(None).is_empty());
    }
}
