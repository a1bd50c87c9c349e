//! Short references: three letters of the office's town and five signs that are not misread, `AMI-7F3K2`.

use unicode_normalization::UnicodeNormalization;

use crate::secret::{self, NoRandomness};

/// Three capital letters of a town's name: "Évreux" gives EVR, "Eu" gives EUX.
fn letters(town: &str) -> String {
    let plain = town.nfd().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase());
    plain.chain(std::iter::repeat('X')).take(3).collect()
}

/// A new reference for an enquiry of this town's office. The caller sees that nobody has it: there are 33 million a
/// town, so that a second attempt is rare and a tenth never happens.
pub fn new(town: &str) -> Result<String, NoRandomness> {
    Ok(format!("{}-{}", letters(town), secret::base32(&secret::random::<5>()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_towns() {
        for (town, letters_of) in [
            ("Amiens", "AMI"),
            ("Évreux", "EVR"),
            ("L’Haÿ-les-Roses", "LHA"),
            ("Eu", "EUX"),
            ("Y", "YXX"),
            ("", "XXX"),
        ] {
            assert_eq!(letters(town), letters_of, "{town}");
        }
    }

    #[test]
    fn a_reference_has_its_form() {
        let reference = new("Amiens").expect("randomness");
        let (town, signs) = reference.split_once('-').expect("a dash");
        assert_eq!((town, signs.len()), ("AMI", 5), "{reference}");
    }
}
