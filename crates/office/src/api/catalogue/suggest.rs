//! `catalogue.suggest`: what fits the question of an enquiry, and which of its words led there.

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
    answer(&indexed, &query).await
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
