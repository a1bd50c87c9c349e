//! Programmes at a place: the two tables of 32 columns, written as they are made.

use std::collections::HashMap;
use std::io;

use super::institutions::{Institution, Institutions};
use super::line::{write_heads, write_line};
use super::programmes::Programme;
use super::{BASE, Making, days, finish};
use crate::random::Random;

/// Heads of the files.
pub(crate) const HEADS: &str = "Action de Formation (AF) identifiant Onisep;Formation (FOR) libellé;FOR URL et ID Onisep;\
    FOR indexation domaine web Onisep;FOR type;FOR nature du certificat;FOR URL référentiel;FOR niveau de sortie;\
    Lieu d'enseignement (ENS) libellé;ENS URL et ID Onisep;ENS code UAI;ENS statut;ENS adresse;ENS code postal;\
    ENS commune;ENS département;ENS académie;ENS région;ENS latitude;ENS longitude;ENS n° téléphone;ENS site web;\
    ENS hébergement;ENS accessibilité;AF durée cycle standard;AF modalités scolarité;AF éléments d'enseignement;\
    AF coût scolarité;AF modalités accueil;AF page web;AF date de création;AF date de modification";

/// Which programmes a kind of institution can offer in a field: numbers in the list of programmes.
type Offered<'a> = HashMap<(&'a str, usize), Vec<usize>>;

/// Writes both tables.
pub(super) fn write(
    making: &Making<'_>,
    programmes: &[Programme],
    institutions: &Institutions,
) -> io::Result<()> {
    let mut number = BASE;
    for (file, higher, wanted) in [
        ("ideo-actions-lycee.csv", false, making.counts.school_offerings),
        ("ideo-actions-superieur.csv", true, making.counts.higher_offerings),
    ] {
        let mut offered: Offered<'_> = HashMap::new();
        for (at, programme) in programmes.iter().enumerate().filter(|(_, p)| p.higher() == higher) {
            for kind in programme.section.kinds.split_whitespace() {
                offered.entry((kind, programme.field)).or_default().push(at);
            }
        }
        let possible = |institution: &Institution| possible(institution, &offered, programmes);
        let counts: Vec<usize> = institutions.all.iter().map(|one| possible(one).len()).collect();
        let shares = shares(&counts, wanted);
        let mut random = making.random(file);
        let mut out = making.file(file)?;
        write_heads(&mut out, HEADS)?;
        let mut cells = Vec::with_capacity(32);
        for (institution, share) in institutions.all.iter().zip(shares) {
            let mut list = possible(institution);
            random.shuffle(&mut list);
            for &at in list.iter().take(share) {
                // One in two hundred has the identifier of the one before it, as in the real files.
                number += usize::from(random.below(200) != 0);
                cells.clear();
                row(making, number, &programmes[at], institution, &mut cells, &mut random);
                write_line(&mut out, cells.iter().map(String::as_str))?;
            }
        }
        finish(out)?;
    }
    Ok(())
}

/// What an institution may offer; none comes twice.
fn possible(institution: &Institution, offered: &Offered<'_>, programmes: &[Programme]) -> Vec<usize> {
    let mut list = Vec::new();
    for field in (0..64).filter(|field| institution.fields & (1 << field) != 0) {
        let Some(of_field) = offered.get(&(institution.kind.key, field)) else { continue };
        list.extend(of_field.iter().filter(|&&at| {
            let group = programmes[at].group;
            group.is_none() || group == institution.group
        }));
    }
    list
}

/// How many each offers, in proportion to what it can, so that the sum is what is wanted (or all there is).
fn shares(possible: &[usize], wanted: usize) -> Vec<usize> {
    let total: usize = possible.iter().sum();
    let wanted = wanted.min(total);
    let mut shares: Vec<usize> = possible.iter().map(|&count| count * wanted / total.max(1)).collect();
    let mut left = wanted - shares.iter().sum::<usize>();
    // What rounding lost goes to the first that can take it, one each.
    while left > 0 {
        for (share, &most) in shares.iter_mut().zip(possible) {
            if left > 0 && *share < most {
                *share += 1;
                left -= 1;
            }
        }
    }
    shares
}

fn row(
    making: &Making<'_>,
    number: usize,
    programme: &Programme,
    institution: &Institution,
    cells: &mut Vec<String>,
    random: &mut Random,
) {
    let place = &institution.place;
    let address = match institution.mailbox.as_str() {
        "" => institution.street.clone(),
        mailbox => format!("{}, {mailbox}", institution.street),
    };
    let boarding = match (institution.boarding, random.below(9)) {
        (true, 0) => "internat (homme/femme - dans la limite des places)",
        (true, _) => "internat (homme/femme)",
        (false, 0) => "sans hébergement (résidences universitaires à proximité)",
        (false, _) => "sans hébergement",
    };
    let access = random
        .pick_or(&["", "", "", "Locaux accessibles", "Locaux accessibles : rampe d'accès, ascenseur"], "");
    let parts = &making.fields.0[programme.field].parts;
    let taught = match random.below(10) {
        0..=1 => format!("parcours {}", random.pick(parts)),
        2 => format!("parcours {} | double cursus droit et langues", random.pick(parts)),
        _ => String::new(),
    };
    let price = random.between(6, 110) * 100;
    let cost = match (institution.status, random.below(3)) {
        ("public", _) | (_, 0) => String::new(),
        _ => format!("{price} euros en 2026 ({} euros par an)", price / 2),
    };
    let (made, changed) = days(random);
    cells.extend([
        format!("AF.{number}"),
        programme.name.clone(),
        programme.page(),
        making.fields.domains(programme.field, &programme.name, "| "),
        programme.section.label.to_owned(),
        programme.nature().to_owned(),
        String::new(),
        programme.section.level.to_owned(),
        institution.name.clone(),
        institution.page(),
        institution.uai.clone(),
        institution.status.to_owned(),
        address,
        institution.postal_code.to_owned(),
        place.town.to_owned(),
        place.department.to_owned(),
        place.academy.to_owned(),
        place.region.to_owned(),
        institution.lat.clone(),
        institution.lon.clone(),
        institution.phone.clone(),
        institution.site(),
        boarding.to_owned(),
        access.to_owned(),
        programme.section.duration.to_owned(),
        "temps plein, cours en présentiel".to_owned(),
        taught,
        cost,
        if random.below(250) == 0 { "rentrée décalée en janvier".to_owned() } else { String::new() },
        String::new(),
        made,
        changed,
    ]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_ask_nobody_for_more_than_it_can() {
        let possible = [0, 3, 50, 7, 1];
        for wanted in [0, 1, 10, 60, 61, 100] {
            let shares = shares(&possible, wanted);
            assert_eq!(shares.iter().sum::<usize>(), wanted.min(61));
            assert!(shares.iter().zip(possible).all(|(&share, most)| share <= most));
        }
    }
}
