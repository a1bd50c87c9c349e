//! `serve`.

use std::net::SocketAddr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Args;

use super::place::ReplicaPlace;
use super::{Failure, Said};
use crate::replica::Replica;
use crate::server::{Config, spawn};
use crate::store::Location;

/// Longest time, seconds, that a stop may be asked to take.
const LONGEST: u16 = 600;

/// Répond aux postes et reçoit les demandes.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Adresse et port ; le port 0 en prend un libre
    #[arg(long, value_name = "ADRESSE", default_value = "127.0.0.1:8430")]
    listen: SocketAddr,
    /// Répond à /metrics sur une autre adresse, que les familles et les postes n’atteignent pas
    #[arg(long, value_name = "ADRESSE")]
    metrics: Option<SocketAddr>,
    /// À l’arrêt, répond 503 pendant tant de secondes, pour que le relais devant le service s’en aperçoive
    #[arg(long, value_name = "SECONDES", default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=i64::from(LONGEST)))]
    drain: u16,
    /// À l’arrêt, laisse ensuite tant de secondes à ce qui est en cours
    #[arg(long, value_name = "SECONDES", default_value_t = 10, value_parser = clap::value_parser!(u16).range(..=i64::from(LONGEST)))]
    grace: u16,
    /// Remplit une base neuve avec les données de démonstration
    #[arg(long)]
    demo: bool,
    /// L’horloge commence à cet instant et continue (démonstration seulement)
    #[arg(long, hide = true, requires = "demo", value_name = "INSTANT")]
    now: Option<DateTime<Utc>>,
    /// Après combien de secondes un poste redemande s’il n’a pas été appelé avant : 15, ou 2 en démonstration
    #[arg(long, value_name = "SECONDES", value_parser = clap::value_parser!(u32).range(1..=300))]
    poll: Option<u32>,
    #[command(flatten)]
    replica: ReplicaPlace,
}

/// Serves until it is told to stop.
pub(super) async fn run(database: Location, serve: Serve) -> Result<Option<Said>, Failure> {
    let Serve { listen, metrics, drain, grace, demo, now, poll, replica } = serve;
    let read_replica = replica.server()?;
    let mut running = spawn(Config { database, listen, demo, now, poll_s: poll, read_replica }).await?;
    if let Some(replica) = &running.service().replica {
        eprintln!("passerelle-central : {}", of_replica(replica));
    }
    if let Some(address) = metrics {
        match running.serve_metrics(address).await {
            Ok(real) => eprintln!("passerelle-central : mesures sur http://{real}/metrics"),
            Err(error) => {
                running.shutdown().await;
                return Err(error.into());
            }
        }
    }
    eprintln!("passerelle-central : à l’écoute sur {}", running.url());
    until_told_to_stop().await;
    eprintln!("passerelle-central : arrêt");
    running.stop(Duration::from_secs(drain.into()), Duration::from_secs(grace.into())).await;
    Ok(None)
}

/// How the replica stands at the start. One that cannot be used is no reason not to start: it may come, and after a
/// failover the standby has just become the main server.
fn of_replica(replica: &Replica) -> String {
    let server = replica.server();
    match replica.standing().unfit {
        None => format!("les copies pour les postes sont lues sur la réplique {server}"),
        Some(unfit) => format!(
            "attention, la réplique {server} n’est pas utilisée pour l’instant : {} ; les copies pour les postes sont lues \
             dans la base principale",
            unfit.advice()
        ),
    }
}

/// Ctrl-C, or the SIGTERM of whoever runs the service.
async fn until_told_to_stop() {
    let interrupted = async {
        // Without a handler the signal's own effect stays: the process ends.
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
