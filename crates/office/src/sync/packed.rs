//! Bodies on the wire, compressed where it is worth it.

use std::io::Read;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::central::SyncError;

/// The one encoding that central and desks use.
pub(super) const ZSTD: &str = "zstd";
/// Bodies shorter than this go as they are.
const WORTH_IT: usize = 512;
/// Level 3 is zstd's own default: most of the gain at little cost.
const LEVEL: i32 = 3;
/// Longest answer that is unpacked, bytes: far more than central puts into one, whose changes end at 1 MiB.
const LONGEST: u64 = 64 * 1024 * 1024;

/// A body as it is sent, and its encoding.
pub(super) fn pack(body: Vec<u8>) -> (Vec<u8>, Option<&'static str>) {
    match zstd::bulk::compress(&body, LEVEL) {
        Ok(packed) if body.len() >= WORTH_IT => (packed, Some(ZSTD)),
        _ => (body, None),
    }
}

/// A body as it was meant. A small one must not become one that fills the memory.
pub(super) fn unpack(body: Vec<u8>, encoding: Option<&str>) -> Result<Vec<u8>, SyncError> {
    match encoding {
        None | Some("identity") => Ok(body),
        Some(ZSTD) => {
            let unreadable = |e: std::io::Error| SyncError::NotCentral(format!("unreadable zstd: {e}"));
            let decoder = zstd::stream::read::Decoder::with_buffer(&*body).map_err(unreadable)?;
            let mut plain = Vec::new();
            decoder.take(LONGEST + 1).read_to_end(&mut plain).map_err(unreadable)?;
            if plain.len() as u64 > LONGEST {
                return Err(SyncError::NotCentral("an answer without an end".into()));
            }
            Ok(plain)
        }
        Some(other) => Err(SyncError::NotCentral(format!("an answer encoded as {other:?}"))),
    }
}

/// Whether a `Content-Digest` (RFC 9530) is that of these bytes. One that says nothing in SHA-256 is none to compare with.
pub(super) fn is_digest_of(header: &str, body: &[u8]) -> bool {
    let said = header.split(',').find_map(|one| one.trim().strip_prefix("sha-256=:")?.strip_suffix(':'));
    said.is_none_or(|said| said == BASE64_STANDARD.encode(Sha256::digest(body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_body_travels_short_and_comes_out_the_same() {
        let body = "appointment.book ".repeat(200).into_bytes();
        let (packed, encoding) = pack(body.clone());
        assert_eq!(encoding, Some(ZSTD));
        assert!(packed.len() * 10 < body.len(), "{} of {}", packed.len(), body.len());
        assert_eq!(unpack(packed, encoding).expect("zstd"), body);
        let short = b"{}".to_vec();
        assert_eq!(pack(short.clone()), (short.clone(), None));
        assert_eq!(unpack(short.clone(), None).expect("as it is"), short);
    }

    #[test]
    fn bytes_that_were_changed_on_the_way_are_found_out() {
        // The example of RFC 9530, appendix D.
        let digest = "sha-512=:AA==:, sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
        assert!(is_digest_of(digest, b"{\"hello\": \"world\"}"));
        assert!(!is_digest_of(digest, b"{\"hello\": \"World\"}"));
        assert!(is_digest_of("md5=:AA==:", b"anything"));
    }

    #[test]
    fn what_is_not_zstd_or_has_no_end_is_not_centrals() {
        assert!(matches!(unpack(b"<html>".to_vec(), Some(ZSTD)), Err(SyncError::NotCentral(_))));
        assert!(matches!(unpack(b"x".to_vec(), Some("br")), Err(SyncError::NotCentral(_))));
        let endless = zstd::encode_all(std::io::repeat(b'x').take(LONGEST + 2), 1).expect("zstd");
        assert!(endless.len() < 1_000_000, "it is small on the wire");
        assert!(matches!(unpack(endless, Some(ZSTD)), Err(SyncError::NotCentral(_))));
    }
}
