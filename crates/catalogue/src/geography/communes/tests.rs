use std::collections::HashMap;
use std::time::{Duration, Instant};

use passerelle_domain::routing::distance_km;

use super::*;

fn code(text: &str) -> PostalCode {
    PostalCode::parse(text).expect(text)
}

fn names(communes: &[&Commune]) -> Vec<&'static str> {
    communes.iter().map(|commune| commune.name).collect()
}

#[test]
fn every_line_is_read_and_sorted() {
    let geography = Geography::load();
    assert_eq!(
        geography.communes().len(),
        COMMUNES.lines().count() - 1,
        "a line of the file was not understood"
    );
    assert_eq!(geography.communes().len(), 35_014);
    assert!(geography.communes().is_sorted_by(|a, b| a.insee < b.insee), "lookup by INSEE needs the order");
    let unplaced = geography.communes().iter().filter(|commune| commune.position.is_none()).count();
    assert_eq!(unplaced, 6, "only the lands without inhabitants have no position");
    for commune in geography.communes() {
        assert_eq!(commune.position.is_some(), commune.precision.is_some(), "{}", commune.insee);
        assert!(department(commune.department).is_some(), "{} is in no département", commune.insee);
    }
}

#[test]
fn a_postal_code_gives_its_communes_and_place() {
    let geography = Geography::load();
    assert_eq!(names(&geography.by_postal_code(code("80090"))), ["Amiens"]);
    let amiens = geography.locate("80090").expect("well formed").expect("known");
    assert_eq!(amiens.precision, Precision::Exact);
    assert!(distance_km(amiens.position, Position { lat: 49.894, lon: 2.296 }) < 2.0);
    let rural = geography.locate("80160").expect("well formed").expect("known");
    assert!(rural.communes.len() > 10, "{:?}", names(&rural.communes));
    assert!(rural.communes.is_sorted_by_key(|c| std::cmp::Reverse(c.population)));
}

#[test]
fn the_centre_leans_to_where_people_live() {
    let geography = Geography::load();
    let location = geography.locate("80160").expect("well formed").expect("known");
    let weighted: f64 = location
        .communes
        .iter()
        .map(|c| c.position.expect("placed").lat * f64::from(c.population.max(1)))
        .sum::<f64>()
        / location.communes.iter().map(|c| f64::from(c.population.max(1))).sum::<f64>();
    assert!((location.position.lat - weighted).abs() < 1e-9);
    let plain = location.communes.iter().map(|c| c.position.expect("placed").lat).sum::<f64>()
        / location.communes.len() as f64;
    assert!((location.position.lat - plain).abs() > 1e-6, "the weights changed nothing");
}

#[test]
fn unknown_is_none_and_malformed_is_an_error() {
    let geography = Geography::load();
    assert_eq!(geography.locate("80999"), Ok(None));
    assert_eq!(geography.locate("8009"), Ok(None), "08009 is well formed, and nobody has it");
    assert_eq!(geography.locate("8OO90"), Err(PostalCodeError::NotADigit { found: 'O' }));
    assert!(geography.by_postal_code(code("80999")).is_empty());
}

#[test]
fn a_lost_zero_is_found_again() {
    let sedan = Geography::load().locate("8200").expect("well formed").expect("known");
    assert!(names(&sedan.communes).contains(&"Sedan"));
}

#[test]
fn arrondissements_are_not_the_middle_of_the_city() {
    let geography = Geography::load();
    assert_eq!(names(&geography.by_postal_code(code("75013"))), ["Paris 13e Arrondissement"]);
    assert_eq!(names(&geography.by_postal_code(code("69003"))), ["Lyon 3e Arrondissement"]);
    assert_eq!(names(&geography.by_postal_code(code("13016"))), ["Marseille 16e Arrondissement"]);
    assert_eq!(geography.commune("75056").expect("Paris").name, "Paris");
}

#[test]
fn corsica_and_overseas_are_placed() {
    let geography = Geography::load();
    for (postal, commune, department) in [
        ("20000", "Ajaccio", "2A"),
        ("20200", "Bastia", "2B"),
        ("97400", "Saint-Denis", "974"),
        ("97110", "Pointe-à-Pitre", "971"),
        ("97200", "Fort-de-France", "972"),
        ("97300", "Cayenne", "973"),
        ("97600", "Mamoudzou", "976"),
        ("97133", "Saint-Barthélemy", "977"),
        ("97150", "Saint-Martin", "978"),
    ] {
        let location = geography.locate(postal).expect(postal).expect(postal);
        assert_eq!(location.communes[0].name, commune, "{postal}");
        assert_eq!(geography.department_of(code(postal)).expect(postal).code, department);
    }
    assert_eq!(geography.department_of(code("80044")).expect("a cedex of the Somme").code, "80");
}

#[test]
fn names_are_found_without_their_accents() {
    let geography = Geography::load();
    let first = |typed: &str| geography.search(typed, 5).first().map(|commune| commune.name);
    assert_eq!(first("peronne"), Some("Péronne"));
    assert_eq!(first("PÉRON"), Some("Péronne"));
    assert_eq!(first("st quentin"), Some("Saint-Quentin"));
    assert_eq!(first("havre"), Some("Le Havre"));
    assert_eq!(first("chateau thi"), Some("Château-Thierry"));
    assert_eq!(first("villers-bretonneux"), Some("Villers-Bretonneux"));
    assert_eq!(first("xyzzy"), None);
    assert_eq!(first("  "), None);
    assert_eq!(geography.search("saint", 7).len(), 7);
}

#[test]
fn degrees_are_read_to_the_last_decimal() {
    assert_eq!(degrees("49.8940"), Some(49.894));
    assert_eq!(degrees("-0.0312"), Some(-0.0312));
    assert_eq!(degrees("-149.5681"), Some(-149.5681));
    assert_eq!(degrees(""), None);
    assert_eq!(degrees("nord"), None);
    for commune in COMMUNES.lines().skip(1) {
        let lat = commune.split(';').nth(5).expect("a latitude cell");
        assert_eq!(degrees(lat), lat.parse().ok(), "{commune}");
    }
}

#[test]
fn loading_is_quick() {
    let load = || {
        let start = Instant::now();
        assert_eq!(Geography::parse().communes().len(), 35_014);
        start.elapsed()
    };
    let first = load();
    // The best of a few: other tests share the processor.
    let taken = (0..4).map(|_| load()).fold(first, Duration::min);
    println!("parsed in {first:?}, at best in {taken:?}");
    // Unoptimised builds are some ten times slower than what ships: the bound is for those.
    let bound = if cfg!(debug_assertions) { 2000 } else { 30 };
    assert!(taken.as_millis() < bound, "{taken:?}");
}

/// Compares with an independent build of the same sources, where there is one beside the project.
#[test]
fn agrees_with_an_independent_build() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/geo/communes_geo.csv");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: no independent build beside the project");
        return;
    };
    let geography = Geography::load();
    let (mut compared, mut near, mut missing) = (0, 0, 0);
    let mut differing: HashMap<&str, usize> = HashMap::new();
    for line in text.lines().skip(1) {
        // Only names are ever quoted, and none of them matters here: read from both ends.
        let insee = line.split(',').next().unwrap_or_default();
        let mut tail = line.rsplit(',');
        let (precision, lon, lat) = (tail.next(), tail.next(), tail.next());
        let (Some(Ok(lat)), Some(Ok(lon))) = (lat.map(str::parse), lon.map(str::parse)) else { continue };
        let Some(position) = geography.commune(insee).and_then(|commune| commune.position) else {
            missing += 1;
            continue;
        };
        compared += 1;
        if distance_km(position, Position { lat, lon }) <= 10.0 {
            near += 1;
        } else {
            *differing.entry(precision.unwrap_or_default()).or_default() += 1;
        }
    }
    println!(
        "{near} of {compared} communes within 10 km, {missing} missing; farther by precision: {differing:?}"
    );
    assert!(compared > 34_900 && missing < 10, "compared {compared}, missing {missing}");
    assert!(f64::from(near) / f64::from(compared) > 0.99, "{near} of {compared}");
}
