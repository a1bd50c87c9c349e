//! From where distances are said: what a person typed for a place.

use passerelle_catalogue::geography::{Commune, Geography, Position, PostalCode};

/// A place.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// As it was understood: "80090 Amiens".
    pub label: String,
    /// Where it is.
    pub position: Position,
}

/// The place that was typed: a postal code, the name of a commune, or both in either order. None when nothing is there.
#[must_use]
pub fn near(typed: &str) -> Option<Near> {
    let words: Vec<&str> = typed.split([' ', ',', '\u{a0}']).filter(|word| !word.is_empty()).collect();
    let code = words.iter().find_map(|word| PostalCode::parse(word).ok().map(|code| (*word, code)));
    let name: Vec<&str> =
        words.iter().copied().filter(|word| code.is_none_or(|(typed, _)| typed != *word)).collect();
    match code {
        Some((_, code)) => of_code(code, &name.join(" ")),
        None => of_name(&name.join(" ")),
    }
}

fn of_code(code: PostalCode, name: &str) -> Option<Near> {
    let geography = Geography::load();
    // Several communes share a postal code: the one that is named, not the middle of them.
    let named = geography.search(name, 20).into_iter().find(|commune| {
        commune.position.is_some() && commune.postal_codes().any(|known| known == code.to_string())
    });
    if let (false, Some(commune)) = (name.is_empty(), named) {
        return of_commune(commune, &code.to_string());
    }
    let place = geography.locate_code(code)?;
    let names = place.communes.first().map_or("", |commune| commune.name);
    Some(Near { label: format!("{code} {names}"), position: place.position })
}

fn of_name(name: &str) -> Option<Near> {
    let found = Geography::load().search(name, 5);
    let commune = found.into_iter().find(|commune| commune.position.is_some())?;
    of_commune(commune, commune.postal_codes().next().unwrap_or_default())
}

fn of_commune(commune: &Commune, code: &str) -> Option<Near> {
    Some(Near { label: format!("{code} {}", commune.name).trim().to_owned(), position: commune.position? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(typed: &str) -> Option<String> {
        near(typed).map(|near| near.label)
    }

    #[test]
    fn a_place_is_understood_as_people_type_it() {
        assert_eq!(label("80000").as_deref(), Some("80000 Amiens"));
        assert_eq!(label("80090 amiens").as_deref(), Some("80090 Amiens"));
        assert_eq!(label("Amiens, 80090").as_deref(), Some("80090 Amiens"));
        assert_eq!(label("saint étienne").as_deref(), Some("42000 Saint-Étienne"));
        assert_eq!(label("80090 lille").as_deref(), Some("80090 Amiens"), "the code wins");
        assert_eq!(label("99999"), None);
        assert_eq!(label(""), None);
        assert_eq!(label("xyzzy"), None);
    }

    #[test]
    fn a_commune_that_shares_its_code_is_itself() {
        let village = near("80540 Molliens-Dreuil").expect("a place");
        let code = near("80540").expect("a place");
        assert_eq!(village.label, "80540 Molliens-Dreuil");
        assert_ne!(village.position, code.position);
    }
}
