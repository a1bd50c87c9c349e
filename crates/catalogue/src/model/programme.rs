//! A programme: what is taught, wherever it is.

use serde::{Deserialize, Serialize};

use super::{Absorb, Block, Domain, Fill, Level, Link, Publication, union, union_domains};

/// Formation (`FOR.n`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Programme {
    /// Name ("BTS sociétés, cognition…"), as published.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Acronym of the programme ("MCO").
    #[serde(skip_serializing_if = "String::is_empty")]
    pub acronym: String,
    /// Type of programme ("brevet de technicien supérieur").
    #[serde(skip_serializing_if = "String::is_empty")]
    pub type_name: String,
    /// Its acronym ("BTS").
    #[serde(skip_serializing_if = "String::is_empty")]
    pub type_acronym: String,
    /// Duration, as written ("3 ans").
    #[serde(skip_serializing_if = "String::is_empty")]
    pub duration: String,
    /// Level that it leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Label of that level, as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub level_label: String,
    /// Level of certification in the scale in force ("niveau 6", "non inscrit au RNCP"). The numeric column beside it
    /// counts the other way round and is not read.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub certification: String,
    /// Number in the RNCP, digits.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rncp: String,
    /// Codes of the NSF.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nsf: Vec<String>,
    /// Code scolarité, eight characters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub school_code: String,
    /// Ministry in charge.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub authority: String,
    /// What the certificate is ("Diplôme national ou diplôme d'État").
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
    /// Domains.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<Domain>,
    /// Short description.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub description: Vec<Block>,
    /// How to get in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub access: Vec<Block>,
    /// What is expected of candidates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expectations: Vec<Block>,
    /// What follows, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<Block>,
    /// What follows, by type.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further_studies: Vec<FurtherStudies>,
    /// What is taught (options, specialities).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<String>,
    /// Occupations that it leads to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub occupations: Vec<Link>,
    /// Publications of Onisep.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub publications: Vec<Publication>,
    /// Other addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Official page of the diploma.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reference_url: String,
    /// Page of Onisep.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
}

/// Programmes of one type that may follow, by name: the sheets give no identifiers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FurtherStudies {
    /// Type ("licence professionnelle").
    pub type_name: String,
    /// Names.
    pub programmes: Vec<String>,
}

impl Absorb for Programme {
    fn absorb(&mut self, other: Self) {
        self.name.fill(other.name);
        self.acronym.fill(other.acronym);
        self.type_name.fill(other.type_name);
        self.type_acronym.fill(other.type_acronym);
        self.duration.fill(other.duration);
        self.level.fill(other.level);
        self.level_label.fill(other.level_label);
        self.certification.fill(other.certification);
        self.rncp.fill(other.rncp);
        self.nsf.fill(other.nsf);
        self.school_code.fill(other.school_code);
        self.authority.fill(other.authority);
        union(&mut self.certificates, other.certificates);
        union_domains(&mut self.domains, other.domains);
        self.description.fill(other.description);
        self.access.fill(other.access);
        self.expectations.fill(other.expectations);
        self.further.fill(other.further);
        self.further_studies.fill(other.further_studies);
        self.subjects.fill(other.subjects);
        union(&mut self.occupations, other.occupations);
        union(&mut self.publications, other.publications);
        union(&mut self.sources, other.sources);
        self.reference_url.fill(other.reference_url);
        self.url.fill(other.url);
    }
}
