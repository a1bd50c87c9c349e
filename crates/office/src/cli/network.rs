//! `passerelle network`: whether this desk listens to the others of its office, and who they are.

use clap::Args;
use passerelle_office::desk::Desk;
use passerelle_office::store::meta_keys as k;
use passerelle_office::sync::{self, SyncError};
use passerelle_protocol::colleagues::Colleague;
use serde_json::json;

use super::failure::Failure;
use super::said::Said;

/// Le réseau du CIO.
#[derive(Debug, Args)]
pub struct Network {
    /// Écoute les autres postes sur ce port (1024 à 65535)
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1024..), conflicts_with = "off")]
    listen: Option<u16>,
    /// N’écoute plus
    #[arg(long)]
    off: bool,
}

/// Sets it, tells central, and says how it is.
pub async fn network(desk: &Desk, args: &Network) -> Result<Said, Failure> {
    if desk.enrolment().is_none_or(|enrolment| enrolment.central.is_none()) {
        return Err(SyncError::Alone.into());
    }
    let store = desk.store();
    if let Some(port) = args.listen {
        store.set_meta(&[(k::LISTEN_PORT, Some(&port.to_string()))]).await?;
    } else if args.off {
        store.set_meta(&[(k::LISTEN_PORT, None)]).await?;
    }
    // The window that may be open on the same profile sees it within moments, and tells central by itself.
    let heard = sync::learn_colleagues(desk).await;
    let port = store.meta(k::LISTEN_PORT).await?.and_then(|port| port.parse::<u16>().ok());
    let text = store.meta(k::COLLEAGUES).await?.unwrap_or_default();
    let desks: Vec<Colleague> = serde_json::from_str(&text).unwrap_or_default();
    let mut lines = vec![match port {
        Some(port) => format!("Ce poste écoute les autres postes du CIO sur le port {port}."),
        None => "Ce poste n’écoute pas les autres postes du CIO.".to_owned(),
    }];
    for one in &desks {
        let what = if one.reception { " (accueil : les autres lui parlent)" } else { "" };
        let at = if one.listens.is_empty() { "n’écoute pas".to_owned() } else { one.listens.join(", ") };
        lines.push(format!("{}{what} : {at}", one.name));
    }
    if !desks.iter().any(|one| one.reception && !one.listens.is_empty()) {
        lines.push(
            "Sans service, chaque poste reste seul : il faut un poste d’accueil (« passerelle-central desk reception ») qui écoute."
                .to_owned(),
        );
    }
    if let Err(error) = heard {
        lines.push(format!(
            "Le service n’a pas pu être interrogé ({}) : la liste est celle d’avant.",
            error.code()
        ));
    }
    Said::new(json!({ "port": port, "desks": desks }), lines.join("\n"))
}
