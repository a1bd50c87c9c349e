//! Starting and stopping the service in this process: the binary does it, and tests do.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::demo::{self, DemoError};
use crate::service::Service;
use crate::store::{self, Location, OpenError};
use crate::{background, http, notifier};

/// Requests under way when the service is told to stop have this long to end.
const GRACE: Duration = Duration::from_secs(10);

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
}

/// A service that runs in this process.
#[derive(Debug)]
pub struct Running {
    /// Where it listens, with the real port.
    pub addr: SocketAddr,
    stop: watch::Sender<bool>,
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
    // Before the database: nothing is written when somebody else has the port.
    let listener = TcpListener::bind(config.listen).await.map_err(|e| match e.kind() {
        std::io::ErrorKind::AddrInUse => StartError::PortInUse(config.listen),
        _ => StartError::Listen { address: config.listen, why: e.to_string() },
    })?;
    let unknown = |e: std::io::Error| StartError::Listen { address: config.listen, why: e.to_string() };
    let addr = listener.local_addr().map_err(unknown)?;
    let mut store = store::open(&config.database, true).await?;
    if config.demo {
        clock = store.agree_on_clock(clock).await.map_err(DemoError::from)?;
        demo::fill(&mut store, clock.now()).await?;
    }
    let (stop, stopping) = watch::channel(false);
    let service = Arc::new(Service::new(store, clock, config.poll_s, stopping.clone()));
    let router = http::router(Arc::clone(&service));
    let server = tokio::spawn(async move {
        let mut until = stopping.clone();
        let stopped = async move {
            // An error says that whoever could stop it is gone: that is a stop too.
            let _ = until.wait_for(|stopping| *stopping).await;
        };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
            tracing::error!(%error, "the server ended");
        }
    });
    let mut tasks = vec![server, tokio::spawn(background::run(Arc::clone(&service)))];
    if service.store.shared() {
        tasks.push(tokio::spawn(notifier::run(Arc::clone(&service))));
    }
    tracing::info!(%addr, demo = config.demo, "listening");
    Ok(Running { addr, stop, tasks, service })
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

    /// Lets requests under way end, then closes the database.
    pub async fn shutdown(self) {
        // Nobody listening any more is what is wanted.
        let _ = self.stop.send(true);
        for mut task in self.tasks {
            if tokio::time::timeout(GRACE, &mut task).await.is_err() {
                tracing::warn!("requests under way were cut");
                task.abort();
            }
        }
        self.service.store.close().await;
    }
}
