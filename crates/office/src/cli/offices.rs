//! `offices nearest`.

use clap::Subcommand;
use passerelle_catalogue::geography::{Geography, PostalCode, PostalCodeError};
use passerelle_office::api::enquiries::nearest;
use passerelle_office::api::views::Viewer;
use passerelle_office::desk::Desk;
use serde_json::json;

use super::failure::Failure;
use super::said::{Said, table};
use super::words;

#[derive(Debug, Subcommand)]
pub enum Sub {
    /// Les centres les plus proches d’un domicile, celui de son secteur d’abord
    Nearest {
        /// Code postal du domicile
        postal_code: String,
        /// Au plus tant de centres
        #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
        limit: u16,
    },
}

/// `offices …`.
pub async fn run(desk: &Desk, sub: Sub) -> Result<Said, Failure> {
    let Sub::Nearest { postal_code, limit } = sub;
    let code = PostalCode::parse(&postal_code).map_err(|e| malformed(&postal_code, &e))?;
    let code = code.to_string();
    let viewer = Viewer::load(desk).await?;
    let mut centres = nearest(desk, &viewer, &code, None, usize::from(limit)).await?;
    centres.truncate(usize::from(limit));
    let placed = matches!(Geography::load().locate(&code), Ok(Some(_)));
    if !placed && !centres.iter().any(|c| c.assigned) {
        return Err(Failure::input(
            "unknown_postal_code",
            format!(
                "Le code postal « {code} » n’est celui d’aucune commune connue. Vérifiez-le avec la famille."
            ),
        ));
    }
    let rows: Vec<Vec<String>> = centres
        .iter()
        .map(|c| {
            vec![
                c.uai.clone(),
                c.name.clone(),
                c.distance_km.map(|km| format!("{km:.1} km").replace('.', ",")).unwrap_or_default(),
                if c.assigned { "secteur" } else { "" }.to_owned(),
                c.slots.first().map(|s| words::day_and_hour(s.start, &s.zone)).unwrap_or_default(),
            ]
        })
        .collect();
    let all: Vec<_> = centres
        .iter()
        .map(|c| {
            json!({
                "uai": c.uai,
                "name": c.name,
                "distance_km": c.distance_km,
                "assigned": c.assigned,
                "own": c.own,
                "phone": c.phone,
                "next_slot": c.slots.first().map(|s| words::instant(s.start, &s.zone)),
            })
        })
        .collect();
    Said::new(all, table(&["UAI", "Centre", "Distance", "", "Premier créneau"], &rows))
}

fn malformed(typed: &str, error: &PostalCodeError) -> Failure {
    let why = match error {
        PostalCodeError::Empty => "il est vide".to_owned(),
        PostalCodeError::NotADigit { found } => format!("« {found} » n’est pas un chiffre"),
        PostalCodeError::Length { digits } => format!("il a {digits} chiffres au lieu de 5"),
        PostalCodeError::Prefix { prefix } => {
            format!("aucun code postal français ne commence par {prefix:02}")
        }
    };
    Failure::input("bad_postal_code", format!("Le code postal « {typed} » n’est pas valable : {why}."))
}
