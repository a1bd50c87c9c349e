//! The national catalogue is what it says: the same bytes for the same seed, exact counts, the shapes of the real
//! files, and nothing that is somebody's.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use passerelle_demo::national::{Counts, write};

const SCALE: f64 = 0.01;

fn hashes(folder: &Path) -> BTreeMap<String, u64> {
    let hash = |path: &Path| {
        let mut hasher = DefaultHasher::new();
        fs::read(path).unwrap().hash(&mut hasher);
        hasher.finish()
    };
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), hash(&path)))
        .collect()
}

fn rows(folder: &Path, file: &str, columns: usize) -> Vec<csv::StringRecord> {
    let text = fs::read_to_string(folder.join(file)).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap_or_else(|| panic!("{file} has no mark"));
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').flexible(false).from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().len(), columns, "{file}");
    reader.records().map(|row| row.unwrap_or_else(|error| panic!("{file}: {error}"))).collect()
}

fn uai_is_right(uai: &str) -> bool {
    let key = b"ABCDEFGHJKLMNPRSTUVWXYZ"[uai[..7].parse::<usize>().unwrap() % 23];
    uai.len() == 8 && uai.as_bytes()[7] == key
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    for (folder, seed) in folders.iter().zip([1, 1, 2]) {
        write(folder.path(), SCALE, seed).unwrap();
    }
    let made: Vec<_> = folders.iter().map(|folder| hashes(folder.path())).collect();
    assert_eq!(made[0].len(), 13);
    assert_eq!(made[0], made[1]);
    for (name, hash) in &made[0] {
        // The nomenclature is the same for all.
        assert_eq!(
            made[2][name] == *hash,
            name.as_str() == "ideo-domaines.csv" || name == "questions.md",
            "{name}"
        );
    }
}

#[test]
fn the_country_has_its_counts() {
    let counts = Counts::at(1.0);
    assert_eq!(counts.offerings(), 230_000);
    assert_eq!(counts.institutions(), 78_600);
    assert_eq!((counts.occupations, counts.questions, counts.programmes), (600, 1_000, 5_900));
}

#[test]
fn every_file_has_its_shape_and_count() {
    let folder = tempfile::tempdir().unwrap();
    let counts = write(folder.path(), SCALE, 7).unwrap();
    let at = folder.path();

    let programmes = rows(at, "ideo-formations.csv", 16);
    assert_eq!(programmes.len(), counts.programmes);
    let names: BTreeSet<&str> = programmes.iter().map(|row| &row[4]).collect();
    assert_eq!(names.len(), programmes.len(), "a name comes twice");

    let occupations = rows(at, "ideo-metiers.csv", 13);
    assert_eq!(occupations.len(), counts.occupation_rows);
    let known: BTreeSet<&str> = occupations.iter().map(|row| &row[1]).collect();
    assert_eq!(known.len(), counts.occupations);

    let secondary = rows(at, "ideo-structures-secondaire.csv", 30);
    let higher = rows(at, "ideo-structures-superieur.csv", 29);
    let directory = rows(at, "fr-en-annuaire-education.csv", 69);
    assert_eq!((secondary.len(), higher.len()), (counts.secondary, counts.higher));
    assert_eq!(directory.len(), counts.directory);
    assert!(higher.iter().all(|row| row[19].contains(" - ")), "« 75 - Paris » in the higher table");
    assert!(directory.iter().any(|row| &row[61] == "841"));
    let uais: Vec<&str> = (secondary.iter().chain(&higher).chain(&directory))
        .map(|row| &row[0])
        .filter(|uai| !uai.is_empty())
        .collect();
    assert!(uais.iter().all(|uai| uai_is_right(uai)));
    assert!(uais.iter().all(|uai| uai[3..7].parse::<u32>().unwrap() >= 7_000), "in a range in use");
    assert_eq!(uais.iter().collect::<BTreeSet<_>>().len(), uais.len());
    assert!(uais.len() < counts.institutions(), "some have no UAI");

    let lycee = rows(at, "ideo-actions-lycee.csv", 32);
    let after = rows(at, "ideo-actions-superieur.csv", 32);
    assert_eq!((lycee.len(), after.len()), (counts.school_offerings, counts.higher_offerings));
    let institutions: BTreeSet<&str> =
        secondary.iter().map(|row| &row[27]).chain(higher.iter().map(|row| &row[26])).collect();
    let pages: BTreeSet<&str> = programmes.iter().map(|row| &row[12]).collect();
    let mut keys = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    for row in lycee.iter().chain(&after) {
        assert!(keys.insert((row[0].to_owned(), row[2].to_owned(), row[9].to_owned())), "{row:?}");
        numbers.insert(row[0].to_owned());
        assert!(pages.contains(&row[2]) && institutions.contains(&row[9]), "{row:?}");
    }
    assert!(numbers.len() < keys.len(), "no AF comes twice, as they do in the real file");

    let second = "ideo-enseignements_optionnels_de_seconde_generale_et_technologique.csv";
    let first = "ideo-enseignements_de_specialite_de_premiere_generale.csv";
    let taught: Vec<_> = rows(at, second, 14).into_iter().chain(rows(at, first, 14)).collect();
    assert_eq!(taught.len(), counts.second_subjects + counts.first_subjects);
    assert!(taught.iter().all(|row| !row[7].starts_with('0')), "postal codes lose their zero here");
}

#[test]
fn sheets_are_well_formed() {
    let folder = tempfile::tempdir().unwrap();
    let counts = write(folder.path(), SCALE, 7).unwrap();
    for (file, record, count) in [
        ("Onisep_Ideo_Fiches_Formations_29082026.xml", "formation", counts.programme_sheets),
        ("Onisep_Ideo_Fiches_Metiers_29082026.xml", "metier", counts.occupations),
    ] {
        let text = fs::read_to_string(folder.path().join(file)).unwrap();
        let mut reader = quick_xml::Reader::from_str(&text);
        let (mut depth, mut found) = (0, 0);
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{file}: {error}")) {
                quick_xml::events::Event::Start(tag) => {
                    found += usize::from(depth == 1 && tag.name().as_ref() == record);
                    depth += 1;
                }
                quick_xml::events::Event::End(_) => depth -= 1,
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!((depth, found), (0, count), "{file}");
    }
}

#[test]
fn nothing_in_it_is_somebodys() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), SCALE, 7).unwrap();
    let kept_for_fiction = ["019900", "026191", "035301", "046571", "053649"];
    for row in rows(folder.path(), "fr-en-annuaire-education.csv", 69) {
        let phone = row[18].replace(' ', "");
        assert!(kept_for_fiction.iter().any(|head| phone.starts_with(head)), "{phone}");
        assert!(row[21].ends_with(".example"), "{}", &row[21]);
    }
    for row in rows(folder.path(), "ideo-structures-secondaire.csv", 30) {
        let number: u32 = row[27].rsplit('.').next().unwrap().parse().unwrap();
        assert!((8_000_000..9_000_000).contains(&number), "{}", &row[27]);
    }
}

/// Reads a file with the catalogue's own reader: how many rows, and what is said of those that are refused.
fn read_by_the_catalogue(file: &Path) -> (usize, Vec<String>) {
    use passerelle_catalogue::readers;
    let head: Vec<u8> = fs::read(file).unwrap().into_iter().take(readers::HEAD).collect();
    let format = readers::recognise(&head).unwrap_or_else(|_| panic!("{} is recognised", file.display()));
    let source =
        readers::bounds::Bounded::new(fs::File::open(file).unwrap(), None, std::sync::Arc::default());
    let (mut rows, mut refused) = (0, Vec::new());
    readers::read(format, source, "national", &mut |line, row| {
        match row {
            Ok(_) => rows += 1,
            Err(reason) => refused.push(format!("{}:{line}: {reason}", file.display())),
        }
        Ok(())
    })
    .unwrap_or_else(|fault| panic!("{}: {}", file.display(), fault.in_words()));
    (rows, refused)
}

#[test]
fn the_catalogue_reads_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let counts = write(folder.path(), SCALE, 7).unwrap();
    let expected = [
        ("ideo-formations.csv", counts.programmes),
        ("ideo-metiers.csv", counts.occupation_rows),
        ("ideo-structures-secondaire.csv", counts.secondary),
        ("ideo-structures-superieur.csv", counts.higher),
        ("ideo-actions-lycee.csv", counts.school_offerings),
        ("ideo-actions-superieur.csv", counts.higher_offerings),
        ("fr-en-annuaire-education.csv", counts.directory),
        ("Onisep_Ideo_Fiches_Formations_29082026.xml", counts.programme_sheets),
        ("Onisep_Ideo_Fiches_Metiers_29082026.xml", counts.occupations),
        ("questions.md", counts.questions),
        ("ideo-enseignements_optionnels_de_seconde_generale_et_technologique.csv", counts.second_subjects),
        ("ideo-enseignements_de_specialite_de_premiere_generale.csv", counts.first_subjects),
    ];
    for (file, count) in expected {
        let (rows, refused) = read_by_the_catalogue(&folder.path().join(file));
        assert!(refused.is_empty(), "{refused:#?}");
        assert_eq!(rows, count, "{file}");
    }
}
