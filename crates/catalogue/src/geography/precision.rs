//! How well a place is known.

/// How a position was found, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// The place itself (median error 0.4 km).
    Exact,
    /// Set by hand: the arrondissements of Paris.
    Hand,
    /// Mean of the located communes that share a postal code (median error 5 km).
    Postal,
    /// Mean of its intercommunality (median error 11 km).
    Epci,
    /// Mean of its arrondissement.
    Arrondissement,
    /// Mean of its département.
    Department,
}

impl Precision {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "exact" => Self::Exact,
            "hand" => Self::Hand,
            "postal" => Self::Postal,
            "epci" => Self::Epci,
            "arrondissement" => Self::Arrondissement,
            "departement" => Self::Department,
            _ => return None,
        })
    }
}
