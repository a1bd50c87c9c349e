//! Random secrets, their written form and their hashes. What is kept in the database is a hash, never the secret.

use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};

/// Crockford's base 32: no I, L, O or U, so that a code can be said over the phone.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The system gave no randomness.
#[derive(Debug, thiserror::Error)]
#[error("le système ne fournit pas de nombres aléatoires")]
pub struct NoRandomness;

/// So many random bytes of the operating system.
///
/// # Errors
/// [`NoRandomness`] when the system has none.
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of a hexadecimal text of exactly `N` bytes; either case.
#[must_use]
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits: Vec<u8> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    if digits.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair[0] << 4 | pair[1];
    }
    Some(bytes)
}

/// One character of base 32 for each byte: only its five low bits count.
#[must_use]
pub fn base32(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(ALPHABET[usize::from(b & 31)])).collect()
}

/// SHA-256, hexadecimal.
#[must_use]
pub fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// The key of a family's own link: nobody finds it without `server_key`, and it need not be stored. 100 bits.
#[must_use]
pub fn family_key(server_key: &str, enquiry: &str) -> String {
    let digest = Sha256::digest(format!("famille\n{server_key}\n{enquiry}"));
    base32(&digest[..20])
}

/// Compares in a time that does not depend on where they differ.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differ, (x, y)| differ | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_is_read_back_and_only_at_its_length() {
        let bytes = [0, 1, 15, 16, 255];
        assert_eq!(hex(&bytes), "00010f10ff");
        assert_eq!(unhex::<5>("00010F10ff"), Some(bytes));
        for bad in ["", "00010f10f", "00010f10fff0", "00010f10fg", "é0010f10f"] {
            assert_eq!(unhex::<5>(bad), None, "{bad:?} is not five bytes");
        }
    }

    #[test]
    fn secrets_differ_and_compare() {
        let (a, b) = (random::<32>().expect("randomness"), random::<32>().expect("randomness"));
        assert_ne!(a, b, "two random secrets");
        assert!(same("abc", "abc") && !same("abc", "abd") && !same("abc", "ab"));
        let key = family_key("k", "e");
        assert_eq!(key.len(), 20, "twenty characters of five bits");
        assert_ne!(key, family_key("l", "e"), "another server, another key");
        assert!(key.chars().all(|c| !"ILOU".contains(c)), "{key} holds no letter that is misread");
    }
}
