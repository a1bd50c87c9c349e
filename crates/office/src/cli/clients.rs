//! `clients …`.

use clap::{Args, Subcommand};
use passerelle_domain::client::Relation;
use passerelle_office::api::dto::{ClientDraft, ClientMatch, ClientView, Done, GuardianDraft};
use passerelle_office::desk::Desk;
use serde::Deserialize;
use serde_json::json;

use super::arguments::call;
use super::failure::Failure;
use super::said::{Said, table};
use super::words;

#[derive(Debug, Subcommand)]
pub enum Sub {
    /// Cherche par nom, téléphone, date de naissance ou établissement
    Search {
        /// Mots, chiffres
        query: String,
        /// Au plus tant d’usagers
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: u32,
    },
    /// En montre un
    Show {
        /// Identifiant
        id: String,
    },
    /// En inscrit un
    New(Box<New>),
}

/// Inscrit un usager.
#[derive(Debug, Args)]
pub struct New {
    /// Nom
    #[arg(long)]
    family: String,
    /// Prénom
    #[arg(long)]
    given: String,
    /// Date de naissance : 2009-03-04 ou 04/03/2009
    #[arg(long, value_name = "DATE")]
    birth_date: Option<String>,
    /// Classe, en mots
    #[arg(long = "class", value_name = "CLASSE")]
    class_level: Option<String>,
    /// Établissement, en mots
    #[arg(long)]
    school: Option<String>,
    /// Code postal
    #[arg(long)]
    postal_code: Option<String>,
    /// Téléphone
    #[arg(long)]
    phone: Option<String>,
    /// Adresse mél
    #[arg(long)]
    mail: Option<String>,
    /// Responsable : mother|father|other:PRÉNOM NOM[:TÉLÉPHONE] ; plusieurs fois s’il le faut
    #[arg(long = "guardian", value_name = "RESPONSABLE")]
    guardians: Vec<String>,
}

/// `clients …`.
pub async fn run(desk: &Desk, sub: Sub) -> Result<Said, Failure> {
    match sub {
        Sub::Search { query, limit } => {
            let args = json!({ "query": query, "limit": limit });
            let found: Vec<ClientMatch> = call(desk, "clients.search", args).await?;
            let text = in_table(&found);
            Said::new(found, text)
        }
        Sub::Show { id } => show(desk, &id).await,
        Sub::New(new) => create(desk, *new).await,
    }
}

fn in_table(found: &[ClientMatch]) -> String {
    if found.is_empty() {
        return "Aucun usager.".to_owned();
    }
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|c| {
            vec![
                format!("{}, {}", c.family_name, c.given_name),
                c.birth_date.map(|d| d.format("%d/%m/%Y").to_string()).unwrap_or_default(),
                c.class_level.clone().unwrap_or_default(),
                c.contact.as_ref().map(|x| x.phone.clone()).unwrap_or_default(),
                c.id.clone(),
            ]
        })
        .collect();
    table(&["Nom", "Né(e) le", "Classe", "Téléphone", "Identifiant"], &rows)
}

async fn show(desk: &Desk, id: &str) -> Result<Said, Failure> {
    let c: ClientView = call(desk, "clients.get", json!({ "id": id })).await?;
    let mut lines = vec![format!("{}, {}", c.family_name, c.given_name)];
    if let Some(born) = c.birth_date {
        let age = c.age.map(|a| format!(", {a} ans")).unwrap_or_default();
        lines.push(format!("  {}{age}", born.format("%d/%m/%Y")));
    }
    let facts = [&c.class_level, &c.school, &c.postal_code, &c.phone, &c.mail];
    lines.extend(facts.into_iter().flatten().map(|f| format!("  {f}")));
    for g in &c.guardians {
        let who = match g.relation {
            Relation::Mother => "mère",
            Relation::Father => "père",
            Relation::Own | Relation::Other => "responsable",
        };
        let phone = g.phone.as_ref().map(|p| format!(" · {p}")).unwrap_or_default();
        lines.push(format!("  {} {}, {who}{phone}", g.given_name, g.family_name));
    }
    for a in &c.appointments {
        let when = words::day_and_hour(a.start, &a.zone);
        lines.push(format!(
            "  {when} {} avec {} ({})",
            a.kind.name,
            a.counsellor.name,
            words::status(a.status)
        ));
    }
    for d in &c.duplicates {
        lines.push(format!("  peut-être la même personne : {}, {} ({})", d.family_name, d.given_name, d.id));
    }
    lines.push(format!("  {}", c.id));
    Said::new(c, lines.join("\n"))
}

/// What `clients.check` says.
#[derive(Deserialize)]
struct Checked {
    duplicates: Vec<ClientMatch>,
}

async fn create(desk: &Desk, new: New) -> Result<Said, Failure> {
    let draft = ClientDraft {
        family_name: new.family,
        given_name: new.given,
        birth_date: new.birth_date,
        class_level: new.class_level,
        school: new.school,
        postal_code: new.postal_code,
        phone: new.phone,
        mail: new.mail,
        guardians: new.guardians.iter().map(|g| guardian(g)).collect::<Result<_, _>>()?,
        ..ClientDraft::default()
    };
    let checked: Checked = call(desk, "clients.check", json!(draft)).await?;
    for d in &checked.duplicates {
        eprintln!(
            "passerelle : à vérifier : peut-être déjà inscrit : {}, {} ({}).",
            d.family_name, d.given_name, d.id
        );
    }
    let done: Done = call(desk, "clients.save", json!(draft)).await?;
    let id = done.id.ok_or_else(|| Failure::internal(&"no id came back"))?;
    show(desk, &id).await
}

fn guardian(text: &str) -> Result<GuardianDraft, Failure> {
    let bad = || {
        Failure::input(
            "bad_guardian",
            format!(
                "--guardian : « {text} » : écrivez mother:PRÉNOM NOM:TÉLÉPHONE (mother, father ou other)."
            ),
        )
    };
    let mut parts = text.splitn(3, ':');
    let relation = match parts.next().unwrap_or_default().trim() {
        "mother" | "mère" => Relation::Mother,
        "father" | "père" => Relation::Father,
        "other" | "autre" => Relation::Other,
        _ => return Err(bad()),
    };
    let name = parts.next().ok_or_else(bad)?.trim();
    let (given, family) = name.split_once(' ').unwrap_or(("", name));
    Ok(GuardianDraft {
        relation: Some(relation),
        given_name: given.to_owned(),
        family_name: family.trim().to_owned(),
        phone: parts.next().map(|p| p.trim().to_owned()),
        ..GuardianDraft::default()
    })
}
