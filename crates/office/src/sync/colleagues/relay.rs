//! The relay: the desk that the others of its office tell their commands while central is out of reach.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ed25519_dalek::Signer as _;
use passerelle_domain::ids::DeskId;
use passerelle_protocol::colleagues::{ShareRequest, ShareResponse, vouched};
use passerelle_protocol::sync::Envelope;
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::super::central::{hex, signing_key};
use super::{known, secure};
use crate::desk::Desk;
use crate::store::meta_keys as k;

/// A desk that has not spoken for so long is not counted.
const HEARD_WITHIN: Duration = Duration::from_secs(60);
/// Most lines at a time: an office has a handful of desks.
const MOST_LINES: usize = 64;
/// Before a port that is taken is tried again, and before a change of the port is seen.
const AGAIN: Duration = Duration::from_secs(10);

/// Who spoke when.
#[derive(Debug, Default)]
pub struct Heard(Mutex<BTreeMap<DeskId, Instant>>);

impl Heard {
    /// This one speaks now.
    pub fn note(&self, desk: DeskId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(desk, Instant::now());
    }

    /// How many have spoken lately.
    pub fn lately(&self) -> u32 {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.retain(|_, at| at.elapsed() < HEARD_WITHIN);
        u32::try_from(heard.len()).unwrap_or(u32::MAX)
    }
}

/// What the relay says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub(super) enum Answer {
    /// The order of the office.
    Order(Box<ShareResponse>),
    /// This desk is not the relay, as far as it knows.
    NotTheRelay,
    /// It stands in another epoch of central.
    OtherEpoch,
    /// It cannot at the moment.
    Later,
}

/// Listens to the colleagues as long as the desk is open, on the port that is set; without one it only looks whether there
/// is one.
pub async fn listen(desk: &Desk) {
    loop {
        match port(desk).await {
            Some(port) => {
                if let Err(error) = on(desk, port).await {
                    tracing::warn!(%port, kind = %error.kind(), "the office's own network cannot be listened to");
                }
                tokio::time::sleep(AGAIN).await;
            }
            None => tokio::time::sleep(AGAIN).await,
        }
    }
}

async fn port(desk: &Desk) -> Option<u16> {
    desk.store().meta(k::LISTEN_PORT).await.ok().flatten()?.parse().ok()
}

/// Listens on a port until another one is set.
async fn on(desk: &Desk, set: u16) -> io::Result<()> {
    let six = TcpListener::bind(SocketAddr::from((Ipv6Addr::UNSPECIFIED, set))).await;
    let four = TcpListener::bind(SocketAddr::from((Ipv4Addr::UNSPECIFIED, set))).await;
    // Where one socket hears both, the other cannot be had.
    let (six, four) = match (six, four) {
        (Err(_), Err(error)) => return Err(error),
        (six, four) => (six.ok(), four.ok()),
    };
    let lines = Arc::new(Semaphore::new(MOST_LINES));
    loop {
        let came = tokio::select! {
            came = accept(six.as_ref()) => came,
            came = accept(four.as_ref()) => came,
            () = tokio::time::sleep(AGAIN) => {
                if port(desk).await == Some(set) {
                    continue;
                }
                return Ok(());
            }
        };
        match came {
            Ok((socket, _)) => {
                // Whoever comes when all are taken is not heard, and comes again.
                let Ok(line) = Arc::clone(&lines).try_acquire_owned() else { continue };
                let desk = desk.clone();
                tokio::spawn(async move {
                    let _line = line;
                    if let Err(error) = talk(&desk, socket).await {
                        tracing::debug!(kind = %error.kind(), "a colleague's line broke");
                    }
                });
            }
            // No file handles, perhaps: soon there are some again.
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

/// One line, until the colleague ends it.
async fn talk(desk: &Desk, socket: TcpStream) -> io::Result<()> {
    let Ok(Some(enrolment)) = desk.store().enrolment().await else { return Ok(()) };
    let Ok(key) = signing_key(&enrolment) else { return Ok(()) };
    let colleagues = known(desk).await;
    let is_relay = colleagues.iter().any(|c| c.id == enrolment.desk && c.reception);
    let others: Vec<_> = colleagues.iter().filter(|c| c.id != enrolment.desk).collect();
    let keys = others.iter().map(|c| c.key).collect();
    let (mut line, shown) =
        secure::take(socket, &key.to_bytes(), key.verifying_key().as_bytes(), keys).await?;
    let Some(who) = others.iter().find(|c| c.key == shown).map(|c| c.id) else { return Ok(()) };
    while let Some(request) = secure::receive::<ShareRequest, _>(&mut line).await? {
        // Nobody speaks in another's name.
        let answer = if request.desk != who {
            return Err(io::ErrorKind::PermissionDenied.into());
        } else if is_relay {
            take(desk, enrolment.desk, &key, &request).await
        } else {
            Answer::NotTheRelay
        };
        secure::send(&mut line, &answer).await?;
    }
    Ok(())
}

async fn take(desk: &Desk, me: DeskId, key: &ed25519_dalek::SigningKey, request: &ShareRequest) -> Answer {
    let heard = desk.colleagues_heard();
    heard.note(request.desk);
    let sign = |envelope: &Envelope, leases: &str| hex(&key.sign(&vouched(envelope, leases)).to_bytes());
    match desk.store().take_shared(me, request, heard.lately() + 1, &sign).await {
        Ok(Ok((answer, changed))) => {
            if changed {
                desk.tell(super::STALE);
            }
            Answer::Order(Box::new(answer))
        }
        Ok(Err(_)) => Answer::OtherEpoch,
        Err(error) => {
            tracing::warn!(code = error.code(), "what a colleague says cannot be kept");
            Answer::Later
        }
    }
}
