//! `slots`: free places of this office, or of a written scenario without any office.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use passerelle_domain::slots::scenario::Scenarios;
use passerelle_office::api::agenda::{self, SlotSearch};
use passerelle_office::desk::Desk;
use serde_json::json;

use super::arguments::{date, kind, person, settings, site};
use super::failure::Failure;
use super::said::Said;
use super::words::SlotJson;

/// Cherche les créneaux libres.
#[derive(Debug, Args)]
pub struct Slots {
    /// Motif : « entretien », son nom ou son identifiant
    #[arg(long, value_name = "MOTIF", required_unless_present = "scenario")]
    kind: Option<String>,
    /// Premier jour
    #[arg(long, value_name = "DATE", required_unless_present = "scenario")]
    from: Option<String>,
    /// Dernier jour, compris
    #[arg(long, value_name = "DATE", required_unless_present = "scenario")]
    to: Option<String>,
    /// Un seul conseiller
    #[arg(long, value_name = "PERSONNE")]
    counsellor: Option<String>,
    /// Un seul lieu
    #[arg(long, value_name = "LIEU")]
    site: Option<String>,
    /// L’un après l’autre, ou à chaque pas de l’horloge
    #[arg(long, value_enum, default_value = "chained")]
    mode: ModeArg,
    /// Minutes d’un pas, avec --mode grid
    #[arg(long, value_name = "MINUTES", default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=1440))]
    step: u32,
    /// Un scénario écrit (ou un tableau de scénarios), au lieu de l’agenda de ce poste
    #[arg(long, value_name = "FICHIER", conflicts_with_all = ["kind", "from", "to", "counsellor", "site"])]
    pub scenario: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ModeArg {
    Chained,
    Grid,
}

/// Slots of this office.
pub async fn run(desk: &Desk, args: &Slots) -> Result<Said, Failure> {
    let settings = settings(desk).await?;
    let search = SlotSearch {
        kind: kind(&settings, "--kind", args.kind.as_deref().unwrap_or_default())?,
        from: date("--from", args.from.as_deref().unwrap_or_default())?,
        to: date("--to", args.to.as_deref().unwrap_or_default())?,
        counsellor: args.counsellor.as_deref().map(|c| person(&settings, "--counsellor", c)).transpose()?,
        site: args.site.as_deref().map(|s| site(&settings, "--site", s)).transpose()?,
        grid_min: (args.mode == ModeArg::Grid).then_some(args.step),
    };
    let found: Vec<SlotJson> = agenda::slots(desk, search).await?.iter().map(SlotJson::of).collect();
    let text = match found.len() {
        0 => "Aucun créneau libre.".to_owned(),
        _ => found.iter().map(SlotJson::in_words).collect::<Vec<_>>().join("\n"),
    };
    Said::new(&found, text)
}

/// Slots of a written scenario.
pub fn scenario(args: &Slots) -> Result<Said, Failure> {
    let Some(path) = &args.scenario else { return Ok(Said::default()) };
    let file = path.display();
    let text = std::fs::read_to_string(path).map_err(|e| {
        Failure::input("unreadable_file", format!("Le scénario {file} ne peut pas être lu : {e}."))
    })?;
    let scenarios: Scenarios = serde_json::from_str(&text).map_err(|e| {
        let place = format!("ligne {}, colonne {}", e.line(), e.column());
        Failure::input("bad_scenario", format!("Le scénario {file} n’est pas compris, {place} : {e}."))
    })?;
    let mut answers = Vec::with_capacity(scenarios.all.len());
    let mut lines = Vec::new();
    for (i, one) in scenarios.all.iter().enumerate() {
        let slots = one.run().map_err(|e| {
            let which =
                if scenarios.many { format!("scénario {} ({})", i + 1, one.id) } else { one.id.clone() };
            Failure::input("bad_scenario", format!("{file}, {which} : {e}."))
                .with_detail(json!({ "id": one.id, "index": i, "field": e.field, "problem": e.problem }))
        })?;
        if scenarios.many {
            lines.push(one.id.clone());
        }
        lines.extend(slots.iter().map(|s| if scenarios.many { format!("  {s}") } else { s.clone() }));
        answers.push(json!({ "id": one.id, "slots": slots }));
    }
    Said::new(answers, lines.join("\n"))
}
