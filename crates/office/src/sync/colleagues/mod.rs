//! The office's own network: while central is out of reach its desks keep one agenda between them, in the order in which one
//! of them, the reception, has heard of what each has done.
//!
//! Who the others are, their keys and where they listen is learnt from central while it is there; nothing is broadcast and
//! nobody else is spoken to.

mod relay;
mod secure;

use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::time::Duration;

use passerelle_domain::ids::DeskId;
use passerelle_protocol::colleagues::{Colleague, Colleagues, ColleaguesRequest};
use tokio::net::TcpStream;
use tokio::time::Instant;

use relay::Answer;
pub use relay::{Heard, listen};

use super::central::{SyncError, signing_key, unhex};
use crate::desk::Desk;
use crate::store::{Enrolment, StoreError, meta_keys as k};

/// How often the relay is asked while central is out of reach.
const EVERY: Duration = Duration::from_secs(5);
/// After something was done here the others hear of it so soon.
const SOON: Duration = Duration::from_millis(200);
/// How often central is asked who the others are.
const LEARNT_EVERY: Duration = Duration::from_secs(600);
/// Most requests in a row of a desk that has much to catch up with.
const MOST_IN_A_ROW: u32 = 50;
/// What the screens show of what colleagues do.
const STALE: [&str; 7] = ["agenda", "enquiries", "clients", "waiting", "outbox", "status", "settings"];

/// A desk of this office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub id: DeskId,
    pub key: secure::Key,
    pub reception: bool,
    pub listens: Vec<SocketAddr>,
}

/// The desks of the office as central last said them, this one among them.
pub(super) async fn known(desk: &Desk) -> Vec<Known> {
    let said = desk.store().meta(k::COLLEAGUES).await.ok().flatten().unwrap_or_default();
    let said: Vec<Colleague> = serde_json::from_str(&said).unwrap_or_default();
    let known = |c: Colleague| {
        let listens = c.listens.iter().filter_map(|at| at.parse().ok()).collect();
        Some(Known { id: c.desk, key: unhex(&c.public_key)?, reception: c.reception, listens })
    };
    said.into_iter().filter_map(known).collect()
}

/// Shares with the colleagues while central is out of reach, listens where this desk is to listen, and learns who they are,
/// until the process ends.
pub(super) async fn run(desk: &Desk) {
    tokio::join!(relay::listen(desk), share(desk), learn(desk));
}

/// Learns who the others are, and says where this desk listens.
async fn learn(desk: &Desk) {
    let mut learnt: Option<(Instant, Vec<String>)> = None;
    loop {
        tokio::time::sleep(EVERY).await;
        if desk.connection().online != Some(true) {
            continue;
        }
        let Ok(Some(enrolment)) = desk.store().enrolment().await else { continue };
        let listens = addresses(desk, &enrolment).await;
        if learnt.as_ref().is_some_and(|(at, said)| at.elapsed() < LEARNT_EVERY && *said == listens) {
            continue;
        }
        // Whatever comes of it: an older central is not asked again at once.
        learnt = Some((Instant::now(), listens.clone()));
        if let Err(error) = ask(desk, &enrolment, listens).await {
            tracing::debug!(code = error.code(), "the desks of the office could not be asked for");
        }
    }
}

async fn ask(desk: &Desk, enrolment: &Enrolment, listens: Vec<String>) -> Result<(), SyncError> {
    let (central, token) = desk.access().open(enrolment).await?;
    let Colleagues { desks } = central.colleagues(&token, &ColleaguesRequest { listens }).await?;
    let text = serde_json::to_string(&desks).map_err(|e| SyncError::NotCentral(e.to_string()))?;
    desk.store().set_meta(&[(k::COLLEAGUES, Some(&text))]).await?;
    Ok(())
}

/// Asks central once who the others are; for the command line.
///
/// # Errors
/// [`SyncError`].
pub async fn learn_now(desk: &Desk) -> Result<(), SyncError> {
    let enrolment = desk.store().enrolment().await?.ok_or(SyncError::Alone)?;
    let listens = addresses(desk, &enrolment).await;
    ask(desk, &enrolment, listens).await
}

/// Where this desk is found: its own address on the way to central, which is the one of the office's network.
async fn addresses(desk: &Desk, enrolment: &Enrolment) -> Vec<String> {
    let port =
        desk.store().meta(k::LISTEN_PORT).await.ok().flatten().and_then(|port| port.parse::<u16>().ok());
    let (Some(port), Some(central)) = (port, enrolment.central.clone()) else { return Vec::new() };
    let found = tokio::task::spawn_blocking(move || towards(&central)).await.ok().flatten();
    found.into_iter().map(|ip| SocketAddr::new(ip, port).to_string()).collect()
}

/// The address from which this computer would speak to central. Nothing is sent: a UDP socket that is connected knows it.
fn towards(central: &str) -> Option<std::net::IpAddr> {
    let url = reqwest::Url::parse(central).ok()?;
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']').to_owned();
    let there = (host.as_str(), url.port_or_known_default().unwrap_or(443)).to_socket_addrs().ok()?;
    there.into_iter().find_map(|there| {
        let any: SocketAddr = if there.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" }.parse().ok()?;
        let socket = UdpSocket::bind(any).ok()?;
        socket.connect(there).ok()?;
        socket.local_addr().ok().map(|at| at.ip())
    })
}

/// Whether the relay is asked: the line is what fails, not that central refuses this desk.
fn is_cut_off(desk: &Desk) -> bool {
    let connection = desk.connection();
    const OF_THE_LINE: [&str; 5] =
        ["unreachable", "not_central", "captive_portal", "untrusted_certificate", "certificate_date"];
    connection.online == Some(false)
        && connection.offline_code.is_some_and(|code| OF_THE_LINE.contains(&code.as_str()))
}

async fn share(desk: &Desk) {
    let mut news = desk.changes();
    let mut with = None;
    loop {
        let pause = tokio::time::sleep(EVERY);
        tokio::pin!(pause);
        loop {
            tokio::select! {
                () = &mut pause => break,
                heard = news.recv() => match heard {
                    // Something was done here.
                    Ok(_) if is_cut_off(desk) => {
                        tokio::time::sleep(SOON).await;
                        break;
                    }
                    Ok(_) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                    Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
                },
            }
        }
        let now = if is_cut_off(desk) { once(desk).await.ok().flatten() } else { None };
        // Most of what was told meanwhile was told by this; something that was done here waits for the next question.
        while news.try_recv().is_ok() {}
        if now != with {
            with = now;
            desk.set_connection(|c| c.colleagues = now);
            desk.tell(["status"]);
        }
    }
}

/// Tells the relay what was done here and takes its order. With how many desks, this one among them, the agenda is kept;
/// `None` when there is no relay. At the relay itself: how many it has heard lately.
///
/// # Errors
/// Those of the database.
pub async fn once(desk: &Desk) -> Result<Option<u32>, StoreError> {
    let Some(enrolment) = desk.store().enrolment().await? else { return Ok(None) };
    let all = known(desk).await;
    let Some(relay) = all.iter().find(|c| c.reception) else { return Ok(None) };
    if relay.id == enrolment.desk {
        let others = desk.colleagues_heard().lately();
        return Ok((others > 0).then_some(others + 1));
    }
    for at in &relay.listens {
        match with(desk, &enrolment, relay, *at).await {
            Ok(desks) => return Ok(desks),
            Err(Failed::Line(error)) => tracing::debug!(kind = %error.kind(), "the relay does not answer"),
            Err(Failed::Store(error)) => return Err(error),
        }
    }
    Ok(None)
}

#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Line(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

async fn with(
    desk: &Desk,
    enrolment: &Enrolment,
    relay: &Known,
    at: SocketAddr,
) -> Result<Option<u32>, Failed> {
    let Ok(key) = signing_key(enrolment) else { return Ok(None) };
    let socket = tokio::time::timeout(secure::PATIENCE, TcpStream::connect(at)).await;
    let socket = socket.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    let public = *key.verifying_key().as_bytes();
    let mut line = secure::open(socket, &key.to_bytes(), &public, &relay.key).await?;
    for _ in 0..MOST_IN_A_ROW {
        let request = desk.store().share_request(enrolment.desk).await?;
        let more = request.commands.len() == passerelle_protocol::colleagues::MAX_SHARED;
        secure::send(&mut line, &request).await?;
        let Some(answer) = secure::receive::<Answer, _>(&mut line).await? else { return Ok(None) };
        let Answer::Order(answer) = answer else { return Ok(None) };
        let changed = desk.store().apply_shared(enrolment.desk, &answer).await?;
        if changed {
            desk.tell(STALE);
        }
        // What the relay does not take for now is not told it again at once.
        if !(changed && (more || answer.has_more)) {
            return Ok(Some(answer.desks));
        }
    }
    Ok(None)
}
