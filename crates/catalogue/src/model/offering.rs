//! An offering: a programme at an institution.

use serde::{Deserialize, Serialize};

/// Action de formation. Known by the three of (`AF.n`, institution, programme): an `AF.n` alone repeats in the files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Offering {
    /// `AF.n`.
    pub id: String,
    /// `FOR.n`.
    pub programme: String,
    /// `ENS.n`.
    pub institution: String,
    /// Duration of the usual cycle.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub duration: String,
    /// How it is attended ("temps plein, cours en présentiel").
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attendance: Vec<String>,
    /// Parcours, double cursus… in the higher-education files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<String>,
    /// Subjects, in the teaching files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<Subject>,
    /// What it costs: free text, never a number to reckon with.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cost: String,
    /// How students are received.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub welcome: String,
    /// Its own page.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
}

/// Something taught as part of an offering.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Group, where several are under one word ("LV1", "Arts").
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// Name.
    pub name: String,
}
