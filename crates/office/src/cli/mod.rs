//! `passerelle`: the commands that a person, a script or a test can count on. JSON goes to standard output, alone, with
//! `--json`; everything else that is not the result goes to standard error.

mod appointments;
mod arguments;
mod catalogue;
mod clients;
mod conflicts;
mod desk;
mod enquiries;
mod failure;
mod network;
mod offices;
mod print;
mod said;
mod slots;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use failure::Failure;
use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use said::Said;

/// Le poste d’un CIO, en ligne de commande.
#[derive(Debug, Parser)]
#[command(name = "passerelle", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Sub,
    #[command(flatten)]
    globals: Globals,
}

/// What every command understands.
#[derive(Debug, clap::Args)]
struct Globals {
    /// Dossier des données du poste
    #[arg(long, global = true, env = "PASSERELLE_PROFILE", value_name = "DOSSIER")]
    profile: Option<PathBuf>,
    /// Qui agit : nom court, nom ou identifiant
    #[arg(long = "as", global = true, value_name = "PERSONNE")]
    user: Option<String>,
    /// Écrit le résultat en JSON sur la sortie standard
    #[arg(long, global = true, overrides_with = "json")]
    json: bool,
    /// L’horloge du poste commence à cet instant (essais seulement)
    #[arg(long, global = true, hide = true, value_name = "INSTANT")]
    now: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Sub {
    /// Crée un poste de démonstration, sans service central
    Init(desk::Init),
    /// Rattache ce poste à un CIO avec le code donné par le service central
    Enrol(desk::Enrol),
    /// Dit où en est le poste
    Status,
    /// Échange avec le service central
    Sync(desk::Sync),
    /// Le réseau du CIO : ce poste écoute les autres quand le service est injoignable
    Network(network::Network),
    /// Les demandes
    #[command(subcommand)]
    Enquiries(enquiries::Sub),
    /// Les centres
    #[command(subcommand)]
    Offices(offices::Sub),
    /// Les créneaux libres
    Slots(slots::Slots),
    /// Pose un rendez-vous
    Book(appointments::Book),
    /// Les rendez-vous
    #[command(subcommand)]
    Appointments(appointments::Sub),
    /// L’agenda
    #[command(subcommand)]
    Agenda(appointments::AgendaSub),
    /// Écrit la feuille du jour en PDF : une page par conseiller, ou une seule pour l’accueil
    Daysheet(print::DaySheet),
    /// Écrit la convocation d’un rendez-vous en PDF
    Letter(print::OfAppointment),
    /// Écrit la feuille d’émargement d’une séance collective en PDF
    SignIn(print::OfAppointment),
    /// Les usagers
    #[command(subcommand)]
    Clients(clients::Sub),
    /// Les conflits
    #[command(subcommand)]
    Conflicts(conflicts::Sub),
    /// Le catalogue des formations, des établissements et des métiers
    #[command(subcommand)]
    Catalogue(catalogue::Sub),
    /// Vérifie que les données du poste sont entières
    Check,
}

/// Runs the command line of this process.
pub async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("PASSERELLE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let cli = Cli::parse();
    let json = cli.globals.json;
    match run(cli).await {
        Ok(said) => {
            said.print(json);
            ExitCode::from(said.exit())
        }
        Err(failure) => {
            failure.print(json);
            ExitCode::from(failure.exit)
        }
    }
}

async fn run(cli: Cli) -> Result<Said, Failure> {
    let globals = &cli.globals;
    match cli.command {
        Sub::Init(args) => desk::init(globals, args).await,
        Sub::Enrol(args) => desk::enrol(globals, args).await,
        Sub::Slots(args) if args.scenario.is_some() => slots::scenario(&args),
        Sub::Check => desk::check(globals).await,
        Sub::Catalogue(sub) => catalogue::run(globals, sub).await,
        command => {
            let desk = open(globals).await?;
            let done = with_desk(&desk, command, globals.json).await;
            desk.store().close().await;
            done
        }
    }
}

async fn with_desk(desk: &Desk, command: Sub, json: bool) -> Result<Said, Failure> {
    match command {
        Sub::Status => desk::status(desk).await,
        Sub::Sync(args) => desk::sync(desk, &args, json).await,
        Sub::Network(args) => network::network(desk, &args).await,
        Sub::Enquiries(sub) => enquiries::run(desk, sub).await,
        Sub::Offices(sub) => offices::run(desk, sub).await,
        Sub::Slots(args) => slots::run(desk, &args).await,
        Sub::Book(args) => appointments::book(desk, args).await,
        Sub::Appointments(sub) => appointments::run(desk, sub).await,
        Sub::Agenda(sub) => appointments::agenda(desk, sub).await,
        Sub::Daysheet(args) => print::day_sheet(desk, args).await,
        Sub::Letter(args) => print::letter(desk, args).await,
        Sub::SignIn(args) => print::sign_in(desk, args).await,
        Sub::Clients(sub) => clients::run(desk, sub).await,
        Sub::Conflicts(sub) => conflicts::run(desk, sub).await,
        // Those above open no desk.
        Sub::Init(_) | Sub::Enrol(_) | Sub::Catalogue(_) | Sub::Check => Ok(Said::default()),
    }
}

impl Globals {
    fn profile(&self) -> Result<PathBuf, Failure> {
        match &self.profile {
            Some(profile) => Ok(profile.clone()),
            None => passerelle_office::profile::default_profile().map_err(|_| {
                Failure::input(
                    "no_default_profile",
                    "Aucun dossier de données n’est connu pour cet utilisateur. Indiquez-le avec --profile.",
                )
            }),
        }
    }

    fn clock(&self) -> Result<Clock, Failure> {
        match &self.now {
            Some(text) => Ok(Clock::starting_at(arguments::instant("--now", text)?)),
            None => Ok(Clock::default()),
        }
    }
}

/// Opens the profile and lets the person that was said act.
async fn open(globals: &Globals) -> Result<Desk, Failure> {
    let profile = globals.profile()?;
    let clock = globals.clock()?;
    let desk = Desk::open(&profile, clock).await.map_err(|e| Failure::store(&e, Some(&profile)))?;
    let production = desk.enrolment().is_some_and(|e| !e.demo);
    if clock.is_shifted() && globals.now.is_some() && production {
        return Err(Failure::locked(
            "now_refused",
            "--now ne sert qu’aux essais : ce poste est rattaché à un vrai service central.",
        ));
    }
    if let Some(who) = &globals.user {
        let settings = arguments::settings(&desk).await?;
        desk.act_as(arguments::person(&settings, "--as", who)?);
    }
    Ok(desk)
}
