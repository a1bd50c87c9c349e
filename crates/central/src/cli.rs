//! The command line of `passerelle-central`. JSON goes to standard output, alone, with `--json`; the rest to standard
//! error. Exit codes: 0 done · 1 refused · 2 wrong usage · 3 bad input · 5 locked or not allowed.

mod administrators;
mod backup;
mod catalogue;
mod failure;
mod place;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use passerelle_domain::ids::{DeskId, Uai};
use passerelle_domain::people::{Person, Role, Title};
use serde_json::{Value, json};

use crate::administration::{self, By, CodeGiven, DeskRow, NewOffice, OfficeRow, PersonRow};
use crate::clock::Clock;
use crate::load::{Wanted, load};
use crate::store::{self, Location, Store};
use failure::Failure;
use place::Place;

/// Le service central de Passerelle.
#[derive(Debug, Parser)]
#[command(name = "passerelle-central", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Sub,
    #[command(flatten)]
    place: Place,
    /// Écrit le résultat en JSON sur la sortie standard
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Sub {
    /// Répond aux postes et reçoit les demandes
    Serve(serve::Serve),
    /// Crée la base ou la met à jour
    Migrate,
    /// Les CIO
    #[command(subcommand)]
    Office(OfficeSub),
    /// Les personnes
    #[command(subcommand)]
    User(UserSub),
    /// Les postes de travail
    #[command(subcommand)]
    Desk(DeskSub),
    /// Les clés des administrateurs
    #[command(subcommand)]
    Admin(administrators::AdminSub),
    /// Le catalogue que les postes reçoivent
    #[command(subcommand)]
    Catalogue(CatalogueSub),
    /// Remplit une base d’essai : CIO, postes et demandes inventés, les mêmes pour la même graine
    Load {
        /// Combien de CIO, en plus des douze de la démonstration
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=90_000))]
        offices: u32,
        /// Combien de postes, répartis entre eux
        #[arg(long, default_value_t = 1_000)]
        desks: u32,
        /// Combien de demandes, réparties entre eux
        #[arg(long, default_value_t = 10_000)]
        enquiries: u32,
        /// La graine
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Vérifie que la base est entière et respecte ses règles
    Check,
    /// Dit l’époque de la base : les postes voient par elle qu’elle a été ramenée à un état plus ancien
    Epoch {
        /// En donne une nouvelle, après une restauration faite autrement que par « restore » ; service arrêté
        #[arg(long)]
        new: bool,
    },
    /// Sauvegarde toute la base dans un fichier, sans arrêter le service
    Backup {
        /// Le fichier à écrire ; il ne doit pas exister
        #[arg(value_name = "FICHIER")]
        file: PathBuf,
    },
    /// Crée une base à partir d’une sauvegarde ; les postes le voient et redonnent ce qui manque
    Restore {
        /// La sauvegarde
        #[arg(value_name = "FICHIER")]
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum CatalogueSub {
    /// Publie une version : les postes la prennent d’eux-mêmes
    Publish {
        /// Fichiers, archives ou dossiers de l’Onisep, de l’Annuaire ou de questions fréquentes
        #[arg(required_unless_present = "demo", value_name = "CHEMIN")]
        paths: Vec<PathBuf>,
        /// Publie le catalogue de démonstration
        #[arg(long, conflicts_with = "paths")]
        demo: bool,
    },
    /// Dit quelle version est en service
    Show,
}

#[derive(Debug, Subcommand)]
enum OfficeSub {
    /// Ajoute un CIO
    Add {
        /// Code UAI
        #[arg(long)]
        uai: Uai,
        /// « CIO d’Amiens »
        #[arg(long)]
        name: String,
        /// Commune
        #[arg(long)]
        town: String,
        /// Adresse en une ligne
        #[arg(long)]
        address: String,
        /// Code postal : il situe le CIO
        #[arg(long)]
        postal_code: String,
        /// Téléphone de l’accueil
        #[arg(long)]
        phone: Option<String>,
        /// Adresse mél
        #[arg(long)]
        mail: Option<String>,
    },
    /// Les énumère
    List,
}

#[derive(Debug, Subcommand)]
enum UserSub {
    /// Ajoute une personne à un CIO
    Add {
        /// Code UAI du CIO
        #[arg(long)]
        office: Uai,
        /// Nom court, sans accent : « dupont »
        #[arg(long)]
        login: String,
        /// Civilité
        #[arg(long, value_enum)]
        title: TitleArg,
        /// Prénom
        #[arg(long)]
        given_name: String,
        /// Nom
        #[arg(long)]
        family_name: String,
        /// Rôle
        #[arg(long, value_enum)]
        role: RoleArg,
    },
    /// Énumère les personnes d’un CIO
    List {
        /// Code UAI du CIO
        #[arg(long)]
        office: Uai,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum TitleArg {
    Mme,
    M,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum RoleArg {
    Receptionist,
    Counsellor,
    Director,
    AcademyAdmin,
}

#[derive(Debug, Subcommand)]
enum DeskSub {
    /// Donne un code d’enrôlement, valable 15 minutes, pour un poste
    Code {
        /// Code UAI du CIO
        #[arg(long)]
        office: Uai,
        /// Le poste que le nouveau remplace, en panne ou perdu : il n’est plus accepté
        #[arg(long, value_name = "POSTE")]
        replaces: Option<DeskId>,
    },
    /// Énumère les postes d’un CIO
    List {
        /// Code UAI du CIO
        #[arg(long)]
        office: Uai,
    },
    /// Fait d’un poste l’accueil de son CIO : il garde les trois prochains jours ouvrés, même hors ligne
    Reception {
        /// Identifiant du poste
        #[arg(long)]
        desk: DeskId,
        /// Il ne l’est plus ; ce qu’il garde, il le garde jusqu’à son terme
        #[arg(long)]
        off: bool,
    },
    /// Reprend à un poste toutes les demi-journées qu’il garde (en panne, injoignable)
    TakeBack {
        /// Identifiant du poste
        #[arg(long)]
        desk: DeskId,
    },
    /// N’accepte plus un poste (perdu, volé, remplacé)
    Revoke {
        /// Identifiant du poste
        #[arg(long)]
        desk: DeskId,
    },
}

/// Runs the command line of this process.
pub async fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = cli.json;
    match run(cli).await {
        Ok(Some(result)) => {
            if json {
                println!("{}", result.json);
            } else if !result.text.is_empty() {
                println!("{}", result.text);
            }
            ExitCode::from(result.exit)
        }
        Ok(None) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("passerelle-central : {}", failure.message);
            if json {
                println!("{}", json!({ "code": failure.code, "message": failure.message, "detail": null }));
            }
            ExitCode::from(failure.exit)
        }
    }
}

/// What a command has to say.
struct Said {
    json: Value,
    text: String,
    exit: u8,
}

fn said(json: Value, text: impl Into<String>) -> Result<Option<Said>, Failure> {
    Ok(Some(Said { json, text: text.into(), exit: 0 }))
}

async fn run(cli: Cli) -> Result<Option<Said>, Failure> {
    let location = cli.place.location()?;
    match cli.command {
        Sub::Serve(options) => serve::run(location, options).await,
        Sub::Migrate => {
            let store = store::open(&location, true).await?;
            let version = location.schema();
            store.close().await;
            said(json!({ "schema": version }), format!("base à jour (schéma {version})"))
        }
        Sub::Office(command) => with_store(&location, |s| Box::pin(office(s, command))).await,
        Sub::User(command) => with_store(&location, |s| Box::pin(user(s, command))).await,
        Sub::Desk(command) => with_store(&location, |s| Box::pin(desk(s, command))).await,
        Sub::Admin(command) => {
            with_store(&location, |s| Box::pin(async { administrators::run(s, command, &by(s)).await })).await
        }
        Sub::Catalogue(command) => {
            let folder = catalogue::folder(&location);
            with_store(&location, |s| Box::pin(catalogue::run(s, folder, command))).await
        }
        Sub::Load { offices, desks, enquiries, seed } => {
            fill(&location, Wanted { offices, desks, enquiries, seed }).await
        }
        Sub::Check => with_store(&location, |s| Box::pin(check(s))).await,
        Sub::Epoch { new } => with_store(&location, move |s| Box::pin(backup::epoch(s, new))).await,
        Sub::Backup { file } => backup::backup(&location, &file).await,
        Sub::Restore { file } => backup::restore(&location, &file).await,
    }
}

type Said1<'a> = std::pin::Pin<Box<dyn Future<Output = Result<Option<Said>, Failure>> + 'a>>;

/// Opens an existing database, does something, and closes it whatever came of it.
async fn with_store(
    location: &Location,
    work: impl for<'a> FnOnce(&'a Store) -> Said1<'a>,
) -> Result<Option<Said>, Failure> {
    let store = store::open(location, false).await?;
    let result = work(&store).await;
    store.close().await;
    result
}

/// Whoever is at this machine, by the clock by which the service of this database will judge what is done.
fn by(store: &Store) -> By {
    By::command_line(Clock::shifted_us(store.meta.clock_shift_us).now())
}

async fn office(store: &Store, command: OfficeSub) -> Result<Option<Said>, Failure> {
    match command {
        OfficeSub::Add { uai, name, town, address, postal_code, phone, mail } => {
            let text = format!("{name} ({uai}) ajouté");
            let new = NewOffice { uai: uai.clone(), name, town, address, postal_code, phone, mail };
            administration::add_office(store, new, &by(store)).await?;
            said(json!({ "office": uai }), text)
        }
        OfficeSub::List => {
            let offices = administration::offices(store).await?;
            let line = |o: &OfficeRow| format!("{}  {}  ({} postes)", o.uai, o.name, o.desks);
            let lines: Vec<String> = offices.iter().map(line).collect();
            said(json!(offices), lines.join("\n"))
        }
    }
}

async fn user(store: &Store, command: UserSub) -> Result<Option<Said>, Failure> {
    let (office, login, title, given_name, family_name, role) = match command {
        UserSub::Add { office, login, title, given_name, family_name, role } => {
            (office, login, title, given_name, family_name, role)
        }
        UserSub::List { office } => {
            let people = administration::people(store, &office).await?;
            let line = |p: &PersonRow| format!("{}  {} {}", p.login, p.given_name, p.family_name);
            let lines: Vec<String> = people.iter().map(line).collect();
            return said(json!(people), lines.join("\n"));
        }
    };
    let person = Person {
        id: administration::person_id(),
        login,
        title: match title {
            TitleArg::Mme => Title::Mme,
            TitleArg::M => Title::M,
        },
        given_name,
        family_name,
        role: match role {
            RoleArg::Receptionist => Role::Receptionist,
            RoleArg::Counsellor => Role::Counsellor,
            RoleArg::Director => Role::Director,
            RoleArg::AcademyAdmin => Role::AcademyAdmin,
        },
        usual_place: None,
        active: true,
    };
    administration::add_user(store, &office, &person, &by(store)).await?;
    let text = format!("{} ({}) ajouté à {office}", person.short_name(), person.login);
    said(json!({ "person": person.id, "office": office, "login": person.login }), text)
}

async fn desk(store: &Store, command: DeskSub) -> Result<Option<Said>, Failure> {
    let by = by(store);
    match command {
        DeskSub::Code { office, replaces } => {
            let code = match replaces {
                Some(old) => administration::replace_desk(store, &office, old, &by).await?,
                None => administration::desk_code(store, &office, &by).await?,
            };
            let given = CodeGiven::new(code, office, replaces);
            said(json!(given), given.code)
        }
        DeskSub::List { office } => {
            let desks = administration::desks(store, &office).await?;
            let line = |d: &DeskRow| {
                let reception = if d.reception { "  (accueil)" } else { "" };
                format!(
                    "{}  {}{reception}{}",
                    d.desk,
                    d.name,
                    if d.revoked { "  (plus autorisé)" } else { "" }
                )
            };
            let lines: Vec<String> = desks.iter().map(line).collect();
            said(json!(desks), lines.join("\n"))
        }
        DeskSub::Reception { desk, off } => {
            administration::set_reception(store, desk, !off, &by).await?;
            let text = match off {
                false => format!("le poste {desk} garde les trois prochains jours ouvrés de son CIO"),
                true => format!("le poste {desk} ne garde plus de jours nouveaux"),
            };
            said(json!({ "desk": desk, "reception": !off }), text)
        }
        DeskSub::TakeBack { desk } => {
            let taken = administration::take_back(store, desk, &by).await?;
            let text = format!(
                "{taken} demi-journées reprises au poste {desk} ; ce qu’il y a posé sans réseau sera peut-être à replacer"
            );
            said(json!({ "desk": desk, "taken_back": taken }), text)
        }
        DeskSub::Revoke { desk } => {
            administration::revoke_desk(store, desk, &by).await?;
            said(json!({ "desk": desk, "revoked": true }), format!("le poste {desk} n’est plus autorisé"))
        }
    }
}

/// `load`.
async fn fill(location: &Location, wanted: Wanted) -> Result<Option<Said>, Failure> {
    let begun = std::time::Instant::now();
    let mut store = store::open(location, true).await?;
    let now = Clock::shifted_us(store.meta.clock_shift_us).now();
    let far = |done: u32| eprintln!("passerelle-central : {done} CIO sur {}", wanted.offices);
    let made = load(&mut store, wanted, now, far).await;
    store.close().await;
    let made = made?;
    let seconds = begun.elapsed().as_secs_f64();
    let text = format!(
        "{} CIO, {} postes et {} demandes ajoutés en {seconds:.1} s",
        made.offices, made.desks, made.enquiries
    );
    said(
        json!({ "offices": made.offices, "desks": made.desks, "enquiries": made.enquiries, "seconds": seconds }),
        text,
    )
}

async fn check(store: &Store) -> Result<Option<Said>, Failure> {
    let mut tx = store.read().await?;
    let findings = tx.inspect().await?;
    let good = findings.iter().all(|f| f.broken == 0);
    let line = |f: &store::Finding| match f.broken {
        0 => format!("bon     {}", f.rule),
        n => format!("MAUVAIS {} : {n}", f.rule),
    };
    let text: Vec<String> = findings.iter().map(line).collect();
    let json = json!({ "good": good, "findings": findings });
    Ok(Some(Said { json, text: text.join("\n"), exit: if good { 0 } else { 3 } }))
}
