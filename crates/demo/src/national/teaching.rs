//! The subjects that lycées teach in the second and the first class: two tables whose postal codes lost their zero.

use std::io;

use super::institutions::Institutions;
use super::line::{write_heads, write_line};
use super::{BASE, Making, days, finish};

const SECOND: [&str; 14] = [
    "Arts : arts plastiques",
    "Arts : théâtre",
    "Arts : musique",
    "Biotechnologies",
    "Création et innovation technologiques",
    "Éducation physique et sportive",
    "Hippologie et équitation",
    "Italien",
    "Langues et cultures de l'Antiquité : grec",
    "Langues et cultures de l'Antiquité : latin",
    "Management et gestion",
    "Santé et social",
    "Sciences de l'ingénieur",
    "Sciences et laboratoire",
];
const FIRST: [&str; 12] = [
    "Arts",
    "Biologie-écologie",
    "Histoire-géographie, géopolitique et sciences politiques",
    "Humanités, littérature et philosophie",
    "Langues, littératures et cultures étrangères et régionales",
    "Littérature et langues et cultures de l'Antiquité",
    "Mathématiques",
    "Numérique et sciences informatiques",
    "Physique-chimie",
    "Sciences de la vie et de la Terre",
    "Sciences de l'ingénieur",
    "Sciences économiques et sociales",
];

/// Writes both.
pub(super) fn write(making: &Making<'_>, institutions: &Institutions) -> io::Result<()> {
    let second = "Enseignements optionnels et langues de classe de 2nde GT";
    let first = "Enseignements de spécialité de classe de 1re générale";
    let tables = [
        ("ideo-enseignements_optionnels_de_seconde_generale_et_technologique.csv", second, &SECOND[..]),
        ("ideo-enseignements_de_specialite_de_premiere_generale.csv", first, &FIRST[..]),
    ];
    let wanted = [making.counts.second_subjects, making.counts.first_subjects];
    for ((name, head, subjects), wanted) in tables.into_iter().zip(wanted) {
        let mut random = making.random(name);
        let mut out = making.file(name)?;
        let heads = format!(
            "Identifiant action de formation;{head};Identifiant et fiche onisep lieu de cours;UAI lieu de cours;\
             Libellé lieu de cours;Adresse lieu de cours;Boîte postale lieu de cours;Code postal lieu de cours;\
             Commune lieu de cours;Département lieu de cours;Région lieu de cours;Académie lieu de cours;\
             AF date création;AF date de modification"
        );
        write_heads(&mut out, &heads)?;
        let lycees = institutions.all.iter().filter(|one| one.kind.key == "lgt");
        for (rank, lycee) in lycees.take(wanted).enumerate() {
            let mut chosen: Vec<&str> = subjects.iter().copied().filter(|_| random.percent(60)).collect();
            if chosen.is_empty() {
                chosen.push(subjects[0]);
            }
            let mut taught = chosen.join(" / ");
            if subjects.len() == SECOND.len() {
                taught.push_str(" / LV1 : anglais, allemand / LV2 : espagnol, italien");
            }
            let (made, changed) = days(&mut random);
            let place = &lycee.place;
            let cells = [
                format!("AF.{}", BASE + 700_000 + rank),
                taught,
                lycee.page(),
                lycee.uai.clone(),
                lycee.name.clone(),
                lycee.street.clone(),
                lycee.mailbox.clone(),
                lycee.postal_code.trim_start_matches('0').to_owned(),
                place.town.to_owned(),
                place.department.to_owned(),
                place.region.to_owned(),
                place.academy.to_owned(),
                made,
                changed,
            ];
            write_line(&mut out, cells.iter().map(String::as_str))?;
        }
        finish(out)?;
    }
    Ok(())
}
