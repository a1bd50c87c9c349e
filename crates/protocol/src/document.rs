//! A document as it travels: text that is handed on as it was said. Between the database of central and that of a desk
//! nobody looks into it, and an office has a hundred thousand of them.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// A document, as JSON. Two are the same when they say the same, however they are written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Document(Box<RawValue>);

impl Document {
    /// What is stored of it, as it is.
    ///
    /// # Errors
    /// When it is no JSON.
    pub fn from_text(text: String) -> serde_json::Result<Self> {
        RawValue::from_string(text).map(Self)
    }

    /// The document of a value.
    ///
    /// # Errors
    /// When the value has no form in JSON.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Self> {
        serde_json::value::to_raw_value(value).map(Self)
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// What it says.
    ///
    /// # Errors
    /// When it does not say a `T`.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(self.text())
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        let value = |document: &Self| document.read::<Value>().ok();
        self.text() == other.text() || value(self).is_some_and(|said| value(other) == Some(said))
    }
}

impl Eq for Document {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_handed_on_as_it_was_said_and_the_same_when_it_says_the_same() {
        let text = r#"{"b": 1.50, "a": ["é", null]}"#;
        let document: Document = serde_json::from_str(text).expect("a document");
        assert_eq!(serde_json::to_string(&document).expect("JSON"), text);
        let other = Document::from_text(r#"{"a":["\u00e9",null],"b":1.5}"#.into()).expect("JSON");
        assert_eq!(document, other);
        assert_ne!(document, Document::of(&serde_json::json!({"b": 1.5})).expect("JSON"));
        assert!(Document::from_text(r#"{"a":"#.into()).is_err());
    }
}
