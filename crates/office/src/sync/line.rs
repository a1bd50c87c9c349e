//! What a request that failed says of the line to central: nobody is there, somebody else is, or somebody who cannot be
//! believed. Each has another remedy, so each has another code.

use std::error::Error;

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use rustls::CertificateError;

use super::central::SyncError;

/// A request that was not answered.
pub(super) fn unanswered(error: &reqwest::Error) -> SyncError {
    let why = reason(error);
    let Some(rustls::Error::InvalidCertificate(found)) = tls_error(error) else {
        return if error.is_connect() { SyncError::Unreachable(why) } else { SyncError::Unanswered(why) };
    };
    match found {
        // Whose clock is wrong is not known here: the person looks at the one that can be seen.
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => SyncError::CertificateDate(why),
        _ => SyncError::Untrusted(why),
    }
}

/// An answer that is not one of central's: neither what was asked for nor a problem document.
pub(super) fn not_central(status: u16, headers: &HeaderMap, body: &[u8]) -> SyncError {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let page =
        text(CONTENT_TYPE).trim_start().starts_with("text/html") || body.trim_ascii_start().starts_with(b"<");
    // A network that wants to be signed in to answers with its own page, or sends there; some with the status that RFC 6585,
    // section 6, has for it. A proxy that cannot go on has a page too, but says so by its status.
    let sent = matches!(status, 301 | 302 | 303 | 307 | 308) && !text(LOCATION).is_empty();
    if status == 511 || sent || (page && status < 400) {
        return SyncError::Portal(format!("HTTP {status}"));
    }
    SyncError::NotCentral(format!("HTTP {status}"))
}

/// The error of TLS under a failed request, if it is one.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        // Its `source` passes over what it wraps.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(found) = wrapped.and_then(|inner| tls_error(inner)) {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

/// The innermost cause: "connection refused" says more than "error sending request".
pub(crate) fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_network_is_told_from_a_broken_proxy() {
        let said = |status, kind: &str, location: &str, body: &str| {
            let mut headers = HeaderMap::new();
            for (name, value) in [(CONTENT_TYPE, kind), (LOCATION, location)] {
                if !value.is_empty() {
                    headers.insert(name, value.parse().expect("a header"));
                }
            }
            not_central(status, &headers, body.as_bytes()).code()
        };
        assert_eq!(said(200, "text/html; charset=utf-8", "", "Bonjour"), "captive_portal");
        assert_eq!(said(200, "", "", "\n <!DOCTYPE html>"), "captive_portal");
        assert_eq!(said(302, "", "http://portail.example/", ""), "captive_portal");
        assert_eq!(said(511, "", "", ""), "captive_portal");
        assert_eq!(said(502, "text/html", "", "<html>Bad gateway</html>"), "not_central");
        assert_eq!(said(200, "application/json", "", "{}"), "not_central");
        assert_eq!(said(404, "text/plain", "", "not found"), "not_central");
    }
}
