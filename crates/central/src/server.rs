//! Starting and stopping the service in this process: the binary does it, and tests do.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::clock::Clock;
use crate::demo::{self, DemoError};
use crate::replica::{BadReplica, Replica};
use crate::service::Service;
use crate::store::{self, Location, OpenError, Server};
use crate::{background, http, metrics, notifier, replica};

/// Requests under way when the service is told to stop have this long to end, when nothing else is said.
pub const GRACE: Duration = Duration::from_secs(10);
/// How often it is looked whether they have.
const LOOK: Duration = Duration::from_millis(20);
/// How long another service that fills the same database with the demonstration is waited for.
const FILL: Duration = Duration::from_secs(60);
/// How long the database may take to close after that.
const CLOSE: Duration = Duration::from_secs(3);

/// What to start.
#[derive(Debug, Clone)]
pub struct Config {
    /// The database; made when it does not exist.
    pub database: Location,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// With demonstration data, and the fixed enrolment codes `DEMO-<UAI>`.
    pub demo: bool,
    /// The clock begins at this instant and runs on; only in a demonstration.
    pub now: Option<DateTime<Utc>>,
    /// After how many seconds desks ask again when nothing has called them before; when not said, 15, and 2 in a
    /// demonstration.
    pub poll_s: Option<u32>,
    /// A standby of the database's server, from which snapshots are read.
    pub read_replica: Option<Server>,
}

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The demonstration.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// The address.
    #[error(
        "le port de {0} est déjà pris par un autre programme ; arrêtez-le ou choisissez un autre --listen"
    )]
    PortInUse(SocketAddr),
    /// The address again.
    #[error("impossible d’écouter sur {address} : {why}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system says.
        why: String,
    },
    /// A clock that is not the system's, without a demonstration.
    #[error("--now n’est accepté qu’avec --demo")]
    ShiftedClock,
    /// A replica of something else than this database on its server.
    #[error(transparent)]
    Replica(#[from] BadReplica),
}

/// A service that runs in this process.
#[derive(Debug)]
pub struct Running {
    /// Where it listens, with the real port.
    pub addr: SocketAddr,
    /// Nothing new is begun.
    stop: watch::Sender<bool>,
    /// Nobody is listened to any more.
    close: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    service: Arc<Service>,
}

/// Starts the service and returns once it answers.
///
/// # Errors
/// [`StartError`], with what to do.
pub async fn spawn(config: Config) -> Result<Running, StartError> {
    let mut clock = match (config.now, config.demo) {
        (None, _) => Clock::default(),
        (Some(now), true) => Clock::starting_at(now),
        (Some(_), false) => return Err(StartError::ShiftedClock),
    };
    if let Some(replica) = &config.read_replica {
        replica::of_another(&config.database, replica)?;
    }
    // Before the database: nothing is written when somebody else has the port.
    let listener = bind(config.listen)?;
    let unknown = |e: std::io::Error| StartError::Listen { address: config.listen, why: e.to_string() };
    let addr = listener.local_addr().map_err(unknown)?;
    let mut store = store::open(&config.database, true).await?;
    if config.demo {
        clock = store.agree_on_clock(clock).await.map_err(DemoError::from)?;
        fill(&mut store, clock.now()).await?;
    }
    let (stop, stopping) = watch::channel(false);
    let (close, closing) = watch::channel(false);
    let mut service = Service::new(store, clock, config.poll_s, stopping);
    service.replica = config.read_replica.map(|server| Replica::of(&server, config.database.schema()));
    if let Some(replica) = &service.replica {
        // So that it can be said at once what is wrong with it; one that is away keeps nobody from starting.
        replica.look(&service).await;
    }
    let service = Arc::new(service);
    let server = tokio::spawn(listen(listener, http::router(Arc::clone(&service)), closing));
    let tasks = vec![
        server,
        tokio::spawn(background::run(Arc::clone(&service))),
        tokio::spawn(notifier::run(Arc::clone(&service))),
        tokio::spawn(replica::run(Arc::clone(&service))),
    ];
    tracing::info!(%addr, demo = config.demo, "listening");
    Ok(Running { addr, stop, close, tasks, service })
}

/// Fills a new database with the demonstration. Another service that fills the same one, on a slow machine, may hold an
/// office for longer than a lock is waited for: what it has not done is taken up then.
async fn fill(store: &mut store::Store, now: DateTime<Utc>) -> Result<(), DemoError> {
    let last = Instant::now() + FILL;
    loop {
        match demo::fill(store, now).await {
            Err(DemoError::Store(store::StoreError::Busy)) if Instant::now() < last => {
                tokio::time::sleep(LOOK).await
            }
            done => return done,
        }
    }
}

/// Connections that may wait to be taken: all desks of the country come back together after an outage. The system may
/// allow fewer (`net.core.somaxconn`).
const WAITING: u32 = 4_096;

fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    let bound = || {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        // A service that was just stopped leaves connections behind that would keep its address.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(WAITING)
    };
    bound().map_err(|e: std::io::Error| match e.kind() {
        std::io::ErrorKind::AddrInUse => StartError::PortInUse(address),
        _ => StartError::Listen { address, why: e.to_string() },
    })
}

/// Listens until it is closed; connections under way end with what they are answering.
async fn listen(listener: TcpListener, router: axum::Router, mut closing: watch::Receiver<bool>) {
    let closed = async move {
        // An error says that whoever could close it is gone: that is a close too.
        let _ = closing.wait_for(|closing| *closing).await;
    };
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(closed).await {
        tracing::error!(%error, "the server ended");
    }
}

impl Running {
    /// The address as a URL, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The running service, for whoever is in the same process.
    #[must_use]
    pub fn service(&self) -> &Arc<Service> {
        &self.service
    }

    /// Answers `GET /metrics` at another address, until the service ends; gives that address with its real port.
    ///
    /// # Errors
    /// [`StartError`] of the address.
    pub async fn serve_metrics(&mut self, address: SocketAddr) -> Result<SocketAddr, StartError> {
        let listener = bind(address)?;
        let unknown = |e: std::io::Error| StartError::Listen { address, why: e.to_string() };
        let real = listener.local_addr().map_err(unknown)?;
        let router = metrics::router(Arc::clone(&self.service));
        self.tasks.push(tokio::spawn(listen(listener, router, self.close.subscribe())));
        Ok(real)
    }

    /// Ends the service: [`Running::stop`] without waiting for a proxy, within [`GRACE`].
    pub async fn shutdown(self) {
        self.stop(Duration::ZERO, GRACE).await;
    }

    /// Ends the service. From now on nothing new is begun: whoever asks is answered 503 with `stopping`, `/readyz` too, so
    /// that a proxy sends requests elsewhere. That is said for `drain` at least, and until what was under way has ended, but
    /// not longer than `grace` after that; what has not ended then is cut, which loses nothing: it is sent again. Then the
    /// database is closed.
    pub async fn stop(self, drain: Duration, grace: Duration) {
        // Nobody listening any more is what is wanted.
        let _ = self.stop.send(true);
        tokio::time::sleep(drain).await;
        let last = Instant::now() + grace;
        while self.service.metrics.under_way() > 0 && Instant::now() < last {
            tokio::time::sleep(LOOK).await;
        }
        let _ = self.close.send(true);
        for mut task in self.tasks {
            if tokio::time::timeout_at(last, &mut task).await.is_err() {
                tracing::warn!("requests under way were cut");
                task.abort();
            }
        }
        // A request that was cut may still hold a connection.
        let closing = async {
            self.service.store.close().await;
            if let Some(replica) = &self.service.replica {
                replica.close().await;
            }
        };
        if tokio::time::timeout(CLOSE, closing).await.is_err() {
            tracing::warn!("the database was left open");
        }
    }
}
