//! Codes of institutions: in the form of the real ones, in ranges that are not in use.

use std::collections::BTreeMap;

use crate::random::Random;

/// The 23 letters of the key.
const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";

/// Gives UAIs: the number of the département, four digits from 7000 (numbers in use end below, and those of the
/// demonstration's offices, 9100 to 9499, are left out), the key.
#[derive(Debug, Default)]
pub(super) struct Uais(BTreeMap<u32, u32>);

impl Uais {
    /// The next one of a département; none when all are given.
    pub(super) fn next(&mut self, department: &str) -> Option<String> {
        let number = match department {
            "2A" => 620,
            "2B" => 720,
            _ => department.parse().ok()?,
        };
        let given = self.0.entry(number).or_default();
        let four = match *given {
            rank @ 0..2_000 => 7_000 + rank,
            rank @ 2_000..2_500 => 9_500 + (rank - 2_000),
            _ => return None,
        };
        *given += 1;
        // Corsica's numbers are written with 0 before: 620 is a département of three digits already.
        Some(with_key(number * 10_000 + four))
    }
}

/// Seven digits and their key letter.
fn with_key(digits: u32) -> String {
    let letter = LETTERS.get(digits as usize % 23).copied().unwrap_or(b'A');
    format!("{digits:07}{}", char::from(letter))
}

/// Fourteen digits in the form of a SIRET that fail its check, so that they are nobody's.
pub(super) fn siret(random: &mut Random) -> String {
    let mut digits: Vec<u8> = (0..14).map(|_| random.below(10) as u8).collect();
    if luhn(&digits) {
        digits[13] = (digits[13] + 1) % 10;
    }
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
}

/// Whether the digits add up: every second one from the right counts double.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = (digits.iter().rev().enumerate())
        .map(|(rank, &digit)| match (rank % 2, u32::from(digit) * 2) {
            (0, _) => u32::from(digit),
            (_, double @ 10..) => double - 9,
            (_, double) => double,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// An ISBN-13 with its check digit, of a publisher's number that is not given.
pub(super) fn isbn(number: usize) -> String {
    let body = format!("97829999{:04}", number % 10_000);
    let sum: u32 = (body.bytes().enumerate())
        .map(|(rank, byte)| u32::from(byte - b'0') * if rank % 2 == 0 { 1 } else { 3 })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_known_numbers() {
        // Public identifiers, as they are on the doors.
        for known in ["0350065F", "0351904E", "0753742K", "9740015Y"] {
            assert_eq!(with_key(known[..7].parse().unwrap()), known);
        }
    }

    #[test]
    fn numbers_end_and_stay_apart_from_the_offices() {
        let mut uais = Uais::default();
        let given: Vec<String> = std::iter::from_fn(|| uais.next("80")).collect();
        assert_eq!(given.len(), 2_500);
        assert_eq!(given[0], with_key(807_000));
        assert!(given.iter().all(|uai| !(9_000..9_500).contains(&uai[3..7].parse::<u32>().unwrap())));
        assert_eq!(uais.next("2A").unwrap()[..3], *"620");
        assert_eq!(uais.next("974").unwrap()[..3], *"974");
    }

    #[test]
    fn sirets_are_nobodys_and_isbns_are_well_formed() {
        // A company's public number: the check itself is right.
        assert!(luhn(&[7, 3, 2, 8, 2, 9, 3, 2, 0, 0, 0, 0, 7, 4]));
        let mut random = Random::new("siret");
        for _ in 0..500 {
            let digits: Vec<u8> = siret(&mut random).bytes().map(|b| b - b'0').collect();
            assert!(digits.len() == 14 && !luhn(&digits));
        }
        assert_eq!(isbn(0).len(), 13);
    }
}
