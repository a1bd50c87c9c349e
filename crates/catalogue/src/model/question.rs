//! A frequent question and its answer.

use serde::{Deserialize, Serialize};

use super::{Absorb, Block, Domain, Level, Link};

/// Question fréquente.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// The question, as a family would ask it.
    pub question: String,
    /// Other ways of asking it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// The answer, to be shown.
    pub answer: Vec<Block>,
    /// The answer as its author wrote it (Markdown), to be put into a reply.
    pub markdown: String,
    /// Words around it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Domains.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<Domain>,
    /// Level of whoever asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Records that the answer is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Official page.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
}

impl Absorb for Question {
    /// A question is written once: of two, the surer is kept whole.
    fn absorb(&mut self, other: Self) {
        if self.question.is_empty() {
            *self = other;
        }
    }
}
