//! `slots`: free places of this office, or of a written scenario without any office.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use passerelle_domain::slots::scenario::{Scenario, ScenarioError};
use passerelle_office::api::agenda::{self, SlotSearch};
use passerelle_office::desk::Desk;
use serde_json::{Value, json};

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

/// Slots of a written scenario, or of each of an array. One that cannot be read does not keep the others from their
/// answer: it is said in its place, and the command ends as bad input does.
pub fn scenario(args: &Slots) -> Result<Said, Failure> {
    let Some(path) = &args.scenario else { return Ok(Said::default()) };
    let file = path.display();
    let text = std::fs::read_to_string(path).map_err(|e| {
        Failure::input("unreadable_file", format!("Le scénario {file} ne peut pas être lu : {e}."))
    })?;
    let bad = |e: serde_json::Error| {
        let place = format!("ligne {}, colonne {}", e.line(), e.column());
        Failure::input("bad_scenario", format!("Le scénario {file} n’est pas compris, {place} : {e}."))
    };
    if !text.trim_start().starts_with('[') {
        let one: Scenario = serde_json::from_str(&text).map_err(bad)?;
        let slots = one.run().map_err(|e| {
            Failure::input("bad_scenario", format!("{file}, {} : {e}.", one.id))
                .with_detail(json!({ "id": one.id, "index": 0, "field": e.field, "problem": e.problem }))
        })?;
        return Said::new([json!({ "id": one.id, "slots": slots })], slots.join("\n"));
    }
    let all: Vec<Value> = serde_json::from_str(&text).map_err(bad)?;
    let mut answers = Vec::with_capacity(all.len());
    let mut lines = Vec::new();
    let mut wrong = 0;
    for (index, document) in all.into_iter().enumerate() {
        let (id, answer) = answer_of(document);
        lines.push(id.clone());
        match answer {
            Ok(slots) => {
                lines.extend(slots.iter().map(|slot| format!("  {slot}")));
                answers.push(json!({ "id": id, "slots": slots }));
            }
            Err(error) => {
                wrong += 1;
                lines.push(format!("  scénario {} : {error}", index + 1));
                let said = json!({ "index": index, "field": error.field, "problem": error.problem });
                answers.push(json!({ "id": id, "slots": [], "error": said }));
            }
        }
    }
    let said = Said::new(answers, lines.join("\n"))?;
    Ok(if wrong > 0 { said.with_bad_input() } else { said })
}

/// The name of a scenario and its slots, or what is wrong with it.
fn answer_of(document: Value) -> (String, Result<Vec<String>, ScenarioError>) {
    let id = document.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let answer = serde_json::from_value::<Scenario>(document)
        .map_err(|e| ScenarioError { field: "scenario".to_owned(), problem: e.to_string() })
        .and_then(|scenario| scenario.run());
    (id, answer)
}
