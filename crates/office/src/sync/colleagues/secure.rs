//! The line between two desks of an office: TLS 1.3 in which each shows the key of its enrolment (raw public keys, RFC 7250),
//! and nothing else is believed: no authority, no name, no date. On it, messages of JSON with their length before them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use passerelle_protocol::colleagues::MAX_MESSAGE;
use rustls::client::AlwaysResolvesClientRawPublicKeys;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, SubjectPublicKeyInfoDer, UnixTime,
};
use rustls::server::AlwaysResolvesServerRawPublicKeys;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::sign::CertifiedKey;
use rustls::version::TLS13;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error, PeerMisbehaved,
    ServerConfig, SignatureScheme,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsConnector, client, server};

/// Whoever is on the other side answers within so long, or is not there.
pub const PATIENCE: Duration = Duration::from_secs(10);

// An Ed25519 key in DER, RFC 8410: what stands before its 32 bytes, public (section 4) and private (section 7).
const PUBLIC: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const PRIVATE: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// An Ed25519 public key.
pub type Key = [u8; 32];

fn spki(key: &Key) -> Vec<u8> {
    [&PUBLIC[..], key].concat()
}

fn key_of(spki: &[u8]) -> Option<Key> {
    spki.strip_prefix(&PUBLIC)?.try_into().ok()
}

/// This desk's own key, as it shows it.
fn own(secret: &[u8; 32], public: &Key, provider: &CryptoProvider) -> Result<Arc<CertifiedKey>, Error> {
    let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from([&PRIVATE[..], secret].concat()));
    let key = provider.key_provider.load_private_key(der)?;
    Ok(Arc::new(CertifiedKey::new(vec![CertificateDer::from(spki(public))], key)))
}

/// Who is let in.
#[derive(Debug)]
struct Known {
    keys: Vec<Key>,
    provider: Arc<CryptoProvider>,
}

impl Known {
    fn check(&self, shown: &CertificateDer<'_>) -> Result<(), Error> {
        match key_of(shown) {
            Some(key) if self.keys.contains(&key) => Ok(()),
            _ => Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure)),
        }
    }

    fn signed(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let key = SubjectPublicKeyInfoDer::from(shown.as_ref());
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature_with_raw_key(message, &key, signature, algorithms)
    }
}

impl ServerCertVerifier for Known {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check(shown).map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::PeerMisbehaved(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signed(message, shown, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

impl ClientCertVerifier for Known {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.check(shown).map(|()| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::PeerMisbehaved(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signed(message, shown, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

fn failed(error: Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// Opens the line to a colleague who must have this key.
///
/// # Errors
/// Nobody there, or somebody else.
pub async fn open(
    socket: TcpStream,
    secret: &[u8; 32],
    public: &Key,
    other: &Key,
) -> io::Result<client::TlsStream<TcpStream>> {
    let provider = Arc::new(ring::default_provider());
    let own = own(secret, public, &provider).map_err(failed)?;
    let known = Arc::new(Known { keys: vec![*other], provider: Arc::clone(&provider) });
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(known)
        .with_client_cert_resolver(Arc::new(AlwaysResolvesClientRawPublicKeys::new(own)));
    // Nobody looks at the name: the key says who it is.
    let name = ServerName::try_from("colleague.invalid").map_err(io::Error::other)?;
    within(TlsConnector::from(Arc::new(config)).connect(name, socket)).await
}

/// Takes the line of somebody who must have one of these keys; says which.
///
/// # Errors
/// A line that breaks, or somebody else.
pub async fn take(
    socket: TcpStream,
    secret: &[u8; 32],
    public: &Key,
    others: Vec<Key>,
) -> io::Result<(server::TlsStream<TcpStream>, Key)> {
    let provider = Arc::new(ring::default_provider());
    let own = own(secret, public, &provider).map_err(failed)?;
    let known = Arc::new(Known { keys: others, provider: Arc::clone(&provider) });
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .map_err(failed)?
        .with_client_cert_verifier(known)
        .with_cert_resolver(Arc::new(AlwaysResolvesServerRawPublicKeys::new(own)));
    let line = within(TlsAcceptor::from(Arc::new(config)).accept(socket)).await?;
    let shown = line.get_ref().1.peer_certificates().and_then(<[_]>::first);
    let key = shown.and_then(|shown| key_of(shown)).ok_or_else(|| io::Error::other("no key was shown"))?;
    Ok((line, key))
}

/// Sends a message.
///
/// # Errors
/// A line that breaks; a message longer than both sides take.
pub async fn send<W: AsyncWrite + Unpin>(line: &mut W, message: &(impl Serialize + Sync)) -> io::Result<()> {
    let body = serde_json::to_vec(message)?;
    let length = u32::try_from(body.len()).ok().filter(|_| body.len() <= MAX_MESSAGE);
    let length = length.ok_or_else(|| io::Error::other("the message is too long"))?;
    within(async {
        line.write_all(&length.to_be_bytes()).await?;
        line.write_all(&body).await?;
        line.flush().await
    })
    .await
}

/// Receives a message; `None` when the other side has ended the line.
///
/// # Errors
/// A line that breaks; what is too long or no message.
pub async fn receive<T: DeserializeOwned, R: AsyncRead + Unpin>(line: &mut R) -> io::Result<Option<T>> {
    within(async {
        let mut length = [0; 4];
        match line.read_exact(&mut length).await {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        };
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length > MAX_MESSAGE {
            return Err(io::Error::other("the message is too long"));
        }
        // As it comes: nobody has memory set aside by saying a number.
        let mut body = Vec::new();
        line.take(length as u64).read_to_end(&mut body).await?;
        if body.len() < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(serde_json::from_slice(&body)?))
    })
    .await
}

async fn within<T>(what: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    match tokio::time::timeout(PATIENCE, what).await {
        Ok(done) => done,
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}
