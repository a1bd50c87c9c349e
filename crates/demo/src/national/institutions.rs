//! Institutions of secondary and higher education, and their two tables.

use std::io;

use super::codes::{Uais, siret};
use super::line::{write_heads, write_line};
use super::names::{Called, web};
use super::places::{Place, Places};
use super::programmes::{ENGINEERS, groups};
use super::{BASE, Making, days, finish};
use crate::random::Random;

/// A kind of institution.
#[derive(Debug)]
pub(super) struct Kind {
    /// As sections of programmes name it.
    pub(super) key: &'static str,
    /// As the files name it.
    pub(super) label: &'static str,
    /// Its share of the table, in thousandths.
    share: usize,
    /// How many fields it teaches, at least and at most.
    fields: (i64, i64),
    /// How its names begin.
    called: &'static str,
}

const fn kind(
    key: &'static str,
    label: &'static str,
    share: usize,
    fields: (i64, i64),
    called: &'static str,
) -> Kind {
    Kind { key, label, share, fields, called }
}

const SECONDARY: &[Kind] = &[
    kind("college", "collège", 440, (0, 0), "Collège"),
    kind("lgt", "lycée général, technologique ou polyvalent", 180, (5, 12), "Lycée"),
    kind("lp", "lycée professionnel", 110, (4, 8), "Lycée professionnel"),
    kind("cfa", "centre de formation d'apprentis", 90, (3, 7), "Centre de formation d'apprentis"),
    kind("lagri", "lycée agricole", 40, (2, 5), "Lycée agricole"),
    kind("mfr", "maison familiale rurale", 30, (2, 4), "Maison familiale rurale"),
    kind("cfp", "centre de formation professionnelle", 60, (3, 6), "Centre de formation"),
    kind("sante", "école de santé", 25, (1, 1), "Institut de formation en soins"),
    kind("soc", "école du secteur social", 10, (1, 1), "Institut du travail social"),
    kind("erea", "établissement régional d'enseignement adapté", 5, (0, 0), "EREA"),
    kind("other", "autre établissement d'enseignement", 10, (0, 0), "Centre éducatif"),
];

const HIGHER: &[Kind] = &[
    kind("ufr", "unité de formation et de recherche", 230, (2, 5), "Faculté"),
    kind("iut", "institut universitaire de technologie", 60, (3, 6), "Institut universitaire de technologie"),
    kind("ing", "école d'ingénieurs", 60, (8, 12), "École d'ingénieurs"),
    kind("special", "école spécialisée", 420, (2, 4), "École"),
    kind("sante", "école de santé", 130, (1, 1), "Institut de formation en soins"),
    kind("soc", "école du secteur social", 30, (1, 1), "Institut du travail social"),
    kind("art", "école supérieure d'art", 40, (2, 3), "École supérieure d'art"),
    kind("univ", "université", 10, (0, 0), "Université"),
    kind("other", "autre établissement d'enseignement", 20, (0, 0), "Centre d'études"),
];

/// An institution.
#[derive(Debug, Clone)]
pub(super) struct Institution {
    pub(super) id: usize,
    pub(super) uai: String,
    pub(super) kind: &'static Kind,
    pub(super) name: String,
    pub(super) status: &'static str,
    pub(super) place: Place,
    pub(super) street: String,
    pub(super) mailbox: String,
    pub(super) postal_code: &'static str,
    pub(super) phone: String,
    pub(super) lat: String,
    pub(super) lon: String,
    /// Keys of what it teaches, as bits.
    pub(super) fields: u64,
    /// The group of private schools, or the school, that it belongs to.
    pub(super) group: Option<usize>,
    pub(super) boarding: bool,
}

/// All of them, secondary first.
pub(super) struct Institutions {
    pub(super) all: Vec<Institution>,
    /// How many are of the secondary table.
    pub(super) secondary: usize,
}

impl Institutions {
    pub(super) fn make(making: &Making<'_>, uais: &mut Uais) -> Institutions {
        let mut random = making.random("institutions");
        let called = Called::load();
        let groups: Vec<u64> = groups()
            .iter()
            .map(|(_, keys)| {
                keys.iter().filter_map(|key| making.fields.number(key)).fold(0, |m, n| m | 1 << n)
            })
            .collect();
        let names: Vec<&str> = super::programmes::groups().into_iter().map(|(name, _)| name).collect();
        let mut all = Vec::with_capacity(making.counts.secondary + making.counts.higher);
        let tables = [(SECONDARY, making.counts.secondary), (HIGHER, making.counts.higher)];
        for (kinds, count) in tables {
            for rank in 0..count {
                // Interleaved by share, so that a small table has some of every kind.
                let kind = of_rank(kinds, rank);
                let (place, uai) = placed(making.places, uais, kind.key != "college", &mut random);
                let group = match kind.key {
                    "special" => Some(random.below(groups.len())),
                    "ing" => Some(random.below(ENGINEERS.len())),
                    _ => None,
                };
                let status = status(kind.key, &mut random);
                let fields = match (kind.key, group) {
                    ("special", Some(group)) => groups.get(group).copied().unwrap_or_default(),
                    (key, _) => fields(making, key, kind.fields, &mut random),
                };
                let (lat, lon) = place.near(&mut random);
                let name =
                    name(kind, &called, place.town, status, group, &names, making, fields, &mut random);
                all.push(Institution {
                    id: BASE + all.len(),
                    // Some annexes have none.
                    uai: if random.below(90) == 0 { String::new() } else { uai },
                    kind,
                    name,
                    status,
                    place,
                    street: called.address(&mut random),
                    mailbox: if random.percent(30) {
                        format!("BP {}", random.between(1, 9_999))
                    } else {
                        String::new()
                    },
                    postal_code: place.postal_code(&mut random),
                    phone: place.phone(&mut random),
                    lat,
                    lon,
                    fields,
                    group,
                    boarding: matches!(kind.key, "lagri" | "mfr")
                        || (kind.key != "ufr" && random.percent(25)),
                });
            }
        }
        Institutions { all, secondary: making.counts.secondary }
    }
}

/// The kind of the institution of this rank: kinds come by their shares, spread over a thousand ranks.
fn of_rank(kinds: &'static [Kind], rank: usize) -> &'static Kind {
    let at = rank * 617 % 1_000;
    let mut sum = 0;
    kinds
        .iter()
        .find(|kind| {
            sum += kind.share;
            at < sum
        })
        .unwrap_or(&kinds[0])
}

/// A place whose département has a number left.
pub(super) fn placed(places: &Places, uais: &mut Uais, town: bool, random: &mut Random) -> (Place, String) {
    loop {
        let place = if town { places.town(random) } else { places.anywhere(random) };
        if let Some(uai) = uais.next(place.commune.department) {
            return (*place, uai);
        }
    }
}

fn status(kind: &str, random: &mut Random) -> &'static str {
    match kind {
        "ufr" | "iut" | "univ" | "erea" => "public",
        "special" => random.pick_or(&["privé", "privé", "privé hors contrat"], "privé"),
        "mfr" => "privé sous contrat",
        "college" | "lgt" | "lp" | "lagri" => match random.below(10) {
            0..=6 => "public",
            7 | 8 => "privé sous contrat",
            _ => "privé hors contrat",
        },
        _ => random.pick_or(&["public", "privé"], "public"),
    }
}

fn fields(making: &Making<'_>, kind: &str, (low, high): (i64, i64), random: &mut Random) -> u64 {
    let bit = |key: &str| making.fields.number(key).map_or(0, |number| 1 << number);
    match kind {
        "sante" => return bit("sante"),
        "soc" => return bit("social"),
        "art" => return bit("art") | bit("mode") | bit("artisanat"),
        _ if high == 0 => return 0,
        _ => {}
    }
    let mut bits = if kind == "lgt" || kind == "lp" { bit("general") } else { 0 };
    if kind == "lagri" || kind == "mfr" {
        bits |= bit("agri") | bit("social");
    }
    for _ in 0..random.between(low, high) {
        bits |= 1 << random.below(making.fields.0.len());
    }
    bits
}

#[allow(clippy::too_many_arguments, reason = "a name is made of all of these and of nothing else")]
fn name(
    kind: &Kind,
    called: &Called,
    town: &str,
    status: &str,
    group: Option<usize>,
    groups: &[&str],
    making: &Making<'_>,
    fields: u64,
    random: &mut Random,
) -> String {
    let of = if town.starts_with(['A', 'E', 'I', 'O', 'U', 'É', 'Î']) { "d'" } else { "de " };
    match (kind.key, group) {
        ("special", Some(group)) => {
            format!("{} - campus {of}{town}", groups.get(group).copied().unwrap_or_default())
        }
        ("ing", Some(group)) => {
            let seat = ENGINEERS.get(group).copied().unwrap_or_default();
            let of_seat = if seat.starts_with(['A', 'O']) { "d'" } else { "de " };
            format!("{} {of_seat}{seat} - site {of}{town}", kind.called)
        }
        ("ufr", _) => {
            let domain =
                (0..making.fields.0.len()).find(|number| fields & (1 << number) != 0).unwrap_or_default();
            format!("{} ({}) - {town}", kind.called, making.fields.0[domain].domain)
        }
        ("college" | "lgt" | "lp" | "lagri" | "erea", _) if status == "public" => {
            format!("{} {}", kind.called, random.pick(&called.people))
        }
        ("college" | "lgt" | "lp" | "lagri", _) => {
            format!("{} privé {}", kind.called, random.pick(&called.saints))
        }
        _ => format!("{} {of}{town}", kind.called),
    }
}

impl Institution {
    /// The page that identifies it.
    pub(super) fn page(&self) -> String {
        format!("https://www.onisep.fr/http/redirection/etablissement/slug/ENS.{}", self.id)
    }

    /// Its invented site.
    pub(super) fn site(&self) -> String {
        format!("https://{}.example/", web(&format!("{} {}", self.name, self.place.commune.insee)))
    }

    fn watched(&self) -> &'static str {
        match self.kind.key {
            "college" | "lgt" | "lp" | "erea" => "Ministère chargé de l'Éducation nationale",
            "lagri" | "mfr" => "Ministère chargé de l'Agriculture",
            "ufr" | "iut" | "univ" => "Ministère de l'Enseignement supérieur et de la Recherche",
            "sante" => "Ministère des Solidarités et de la Santé",
            _ => "",
        }
    }
}

/// Heads of the file of secondary and of higher education.
pub(crate) const HEADS: [&str; 2] = [
    "code UAI;n° SIRET;type d'établissement;nom;sigle;statut;tutelle;université de rattachement libellé et UAI;\
     université de rattachement ID et URL Onisep;établissements liés libellés;établissements liés URL et ID Onisep;\
     boîte postale;adresse;CP;commune;commune (COG);cedex;telephone;arrondissement;département;académie;région;\
     région (COG);longitude (X);latitude (Y);journées portes ouvertes;langues enseignées;URL et ID Onisep;\
     date création;date de modification",
    "code UAI;n° SIRET;type d'établissement;nom;sigle;statut;tutelle;université de rattachement libellé et UAI;\
     université de rattachement ID et URL Onisep;établissements liés libellés;établissements liés URL et ID Onisep;\
     boîte postale;adresse;CP;commune;commune (COG);cedex;téléphone;arrondissement;département;académie;région;\
     région (COG);longitude (X);latitude (Y);journées portes ouvertes;URL et ID Onisep;date création;\
     date de modification",
];

impl Institutions {
    /// Writes both tables.
    pub(super) fn write_tables(&self, making: &Making<'_>) -> io::Result<()> {
        let (secondary, higher) = self.all.split_at(self.secondary);
        write_table(making, "ideo-structures-secondaire.csv", secondary, true)?;
        write_table(making, "ideo-structures-superieur.csv", higher, false)
    }
}

fn write_table(making: &Making<'_>, file: &str, list: &[Institution], secondary: bool) -> io::Result<()> {
    let mut random = making.random(file);
    let mut out = making.file(file)?;
    write_heads(&mut out, if secondary { HEADS[0] } else { HEADS[1] })?;
    let university = list.iter().find(|institution| institution.kind.key == "univ");
    for (rank, institution) in list.iter().enumerate() {
        let place = &institution.place;
        let parent = university.filter(|_| matches!(institution.kind.key, "ufr" | "iut"));
        let linked = (rank > 0 && random.percent(8)).then(|| &list[rank - 1]);
        let number = match place.commune.department {
            "75" if secondary => "Paris".to_owned(),
            _ if secondary => place.department.to_owned(),
            code => format!("{code} - {}", place.department),
        };
        let cedex = match random.below(10) {
            0 => "Cedex".to_owned(),
            1 => format!("Cedex {:02}", random.between(1, 9)),
            _ => String::new(),
        };
        let days_open = if random.percent(22) { open_days(&mut random) } else { String::new() };
        let (made, changed) = days(&mut random);
        let id = siret(&mut random);
        let parent_name =
            parent.map_or_else(String::new, |parent| format!("{} ({})", parent.name, parent.uai));
        let linked_name = linked.map_or_else(String::new, |other| {
            format!("{} à {} ({})", other.name, other.place.town, other.place.commune.department)
        });
        let parent_page = parent.map(Institution::page).unwrap_or_default();
        let linked_page = linked.map(Institution::page).unwrap_or_default();
        let arrondissement = place.arrondissement();
        let page = institution.page();
        let mut cells = vec![
            institution.uai.as_str(),
            &id,
            institution.kind.label,
            &institution.name,
            "",
            institution.status,
            institution.watched(),
            &parent_name,
            &parent_page,
            &linked_name,
            &linked_page,
            &institution.mailbox,
            &institution.street,
            institution.postal_code,
            place.town,
            place.cog(),
            &cedex,
            &institution.phone,
            &arrondissement,
            &number,
            place.academy,
            place.region,
            place.region_code,
            &institution.lon,
            &institution.lat,
            &days_open,
        ];
        let spoken = languages(&mut random);
        if secondary {
            cells.push(if matches!(institution.kind.key, "cfa" | "soc" | "sante") { "" } else { &spoken });
        }
        cells.extend([page.as_str(), &made, &changed]);
        write_line(&mut out, cells)?;
    }
    finish(out)
}

fn languages(random: &mut Random) -> String {
    let all = ["Allemand", "Anglais", "Arabe", "Chinois", "Espagnol", "Italien", "Portugais", "Russe"];
    let chosen: Vec<&str> = all.into_iter().filter(|one| *one == "Anglais" || random.percent(35)).collect();
    chosen.join(", ")
}

/// Open days in the grammar of the files.
fn open_days(random: &mut Random) -> String {
    let one = |random: &mut Random| {
        let (day, month) = (random.between(1, 27), random.between(1, 5));
        let hours = match random.below(4) {
            0 => String::new(),
            1 => " de 09h00 à 17h00".to_owned(),
            2 => " de 09h30 à 12h30".to_owned(),
            _ => " de 13h30 à 18h00".to_owned(),
        };
        let about = match random.below(8) {
            0 => " en virtuel",
            1 => " (sur inscription)",
            2 => " voir https://portes-ouvertes.example/",
            _ => "",
        };
        match random.below(6) {
            0 => format!("du {day:02}/{month:02}/2027 au {:02}/{month:02}/2027{hours}{about}", day + 1),
            _ => format!("le {day:02}/{month:02}/2027{hours}{about}"),
        }
    };
    let days: Vec<String> = (0..random.between(1, 3)).map(|_| one(random)).collect();
    days.join(" | ")
}
