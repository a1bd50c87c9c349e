//! Files that are cut, in another encoding, endless, or made to harm: each is refused with its reason, in bounded
//! memory, and the catalogue in service stays as it is.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use passerelle_catalogue::import::{ImportError, Order, Progress, import};
use passerelle_catalogue::readers::bounds::{Bounded, FILE, RECORD};
use passerelle_catalogue::readers::{Fault, FaultKind, Format, Table, read};
use zip::write::SimpleFileOptions;

use crate::shapes::{OFFERINGS, PROGRAMMES, Place, offering, programme};

/// A place with one sound catalogue in service.
async fn in_service() -> Place {
    let place = Place::new();
    let path = place.file("sound.csv", format!("{PROGRAMMES}{}", programme(1, "BTS sain")));
    place.import("r1", &[&path]).await.expect("sound");
    place
}

/// Imports `path` and makes sure that it is refused for this reason and that nothing has changed.
async fn refused(place: &Place, path: &Path, kind: FaultKind) -> Fault {
    let before = place.folder.in_service().expect("readable").expect("in service");
    let error = place.import("r2", &[path]).await.expect_err("a file that cannot be read");
    let ImportError::Fault(fault) = error else { panic!("{error}") };
    assert_eq!(fault.kind, kind, "{fault}");
    assert_eq!(place.folder.in_service().expect("readable").expect("in service"), before);
    let shown = place.catalogue().await.record("FOR.1").await.expect("readable").expect("still there");
    assert_eq!(shown.title, "BTS sain");
    // By the name alone: what the folders above are called is drawn at random, and may hold anything.
    let left: Vec<String> = std::fs::read_dir(place.folder.path())
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("r2"))
        .collect();
    assert_eq!(left, Vec::<String>::new(), "what was begun is removed");
    fault
}

fn zipped(place: &Place, name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let path = place.files.path().join(name);
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).expect("a file"));
    for (inner, content) in files {
        zip.start_file(*inner, SimpleFileOptions::default()).expect("begun");
        zip.write_all(content).expect("written");
    }
    zip.finish().expect("a whole archive");
    path
}

#[tokio::test]
async fn a_table_that_is_cut_is_refused() {
    let place = in_service().await;
    let whole = format!("{PROGRAMMES}{}{}", programme(2, "BTS un"), programme(3, "BTS deux"));
    // Within the last name, inside quotes; within the last row; within its last cell.
    for (name, end) in [("a.csv", "BTS de"), ("b.csv", "35340;3"), ("c.csv", "03/06/20")] {
        let at = whole.rfind(end).expect("it is there") + end.len();
        let path = place.file(name, &whole[..at]);
        let fault = refused(&place, &path, FaultKind::Cut).await;
        assert_eq!(fault.line, Some(3), "{fault}");
    }
    let path = place.file("d.csv", whole.trim_end());
    place.import("r3", &[&path]).await.expect("only the last line break lacks: nothing is missing");
}

#[tokio::test]
async fn json_and_xml_that_are_cut_are_refused() {
    let place = in_service().await;
    let row = r#"{"domaine_onisep":"sciences","sous-domaine_onisep":"biologie"}"#;
    for (name, text, kind) in [
        ("a.json", format!("[{row},{row}"), FaultKind::Cut),
        ("b.json", format!("[{row},{{\"domaine_onisep\":\"sci"), FaultKind::Cut),
        ("c.json", format!("[{row},}}]"), FaultKind::Malformed),
        ("a.xml", "<metiers><metier><identifiant>MET.1</identifiant><nom_metier>x</nom_metier></metier><metier><ident".to_owned(), FaultKind::Cut),
        ("b.xml", "<metiers><metier><identifiant>MET.1</identifiant><nom_metier>x</nom_metier></metier>".to_owned(), FaultKind::Cut),
        ("c.xml", "<metiers><metier><a></b></metier></metiers>".to_owned(), FaultKind::Malformed),
    ] {
        let path = place.file(name, text);
        refused(&place, &path, kind).await;
    }
}

#[tokio::test]
async fn other_encodings_are_named() {
    let place = in_service().await;
    let text = format!("{PROGRAMMES}{}", programme(2, "BTS métiers de l'eau"));
    let latin: Vec<u8> = text
        .trim_start_matches('\u{feff}')
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
        .collect();
    let path = place.file("latin.csv", latin);
    assert!(refused(&place, &path, FaultKind::Encoding).await.reason.contains("UTF-8"));
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let path = place.file("wide.csv", wide);
    assert!(refused(&place, &path, FaultKind::Encoding).await.reason.contains("UTF-16"));
    let path = place.file("latin.xml", b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><metiers></metiers>");
    refused(&place, &path, FaultKind::Encoding).await;
    // An ASCII header over Latin-1 rows: the Annuaire saved again by a spreadsheet.
    let mut annuaire = b"Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Adresse_1;Adresse_2;Adresse_3;Code postal;Code_commune;Nom_commune;Code_departement;Telephone;Fax;Web;Mail;Fiche_onisep;latitude;longitude;etat\n".to_vec();
    annuaire.extend(b"0350122T;Coll\xe8ge;;;;;;;;;;;;;;;;;\n0350165P;\xc9cole;;;;;;;;;;;;;;;;;\n");
    let path = place.file("annuaire.csv", annuaire);
    refused(&place, &path, FaultKind::Encoding).await;
}

#[tokio::test]
async fn an_extract_of_acce_is_known_and_not_read() {
    let place = in_service().await;
    let path = place.file("acce.csv", "numero_uai;nature_uai;appellation_officielle\n0350122T;841;CIO\n");
    assert!(refused(&place, &path, FaultKind::Unsupported).await.reason.contains("Annuaire"));
}

#[tokio::test]
async fn document_types_and_entities_are_refused() {
    let place = in_service().await;
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE metiers [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><metiers><metier><identifiant>MET.1</identifiant><nom_metier>&b;</nom_metier></metier></metiers>";
    let path = place.file("laughs.xml", laughs);
    refused(&place, &path, FaultKind::Entities).await;
    // Late enough not to be seen by the first look.
    let late = format!(
        "<metiers><!-- {} --><metier><identifiant>MET.1</identifiant><nom_metier>&b;</nom_metier></metier></metiers>",
        "x".repeat(100_000)
    );
    let path = place.file("late.xml", late);
    refused(&place, &path, FaultKind::Entities).await;
    let file =
        "<!DOCTYPE m [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><metiers><metier>&x;</metier></metiers>";
    let path = place.file("file.xml", file);
    refused(&place, &path, FaultKind::Entities).await;
}

#[tokio::test]
async fn an_archive_that_unpacks_to_too_much_is_refused() {
    let place = in_service().await;
    // Sound rows with long names: nothing but the ratio tells.
    let mut content = PROGRAMMES.as_bytes().to_vec();
    let row = programme(2, &"x".repeat(20_000));
    while content.len() < 6 << 20 {
        content.extend_from_slice(row.as_bytes());
    }
    let path = zipped(&place, "bomb.zip", &[("formations.csv", &content)]);
    let packed = std::fs::metadata(&path).expect("there").len();
    assert!(content.len() as u64 / packed > 200, "the archive is no bomb: {packed} bytes");
    let fault = refused(&place, &path, FaultKind::Bomb).await;
    assert!(fault.reason.contains("200 fois"), "{fault}");
}

#[tokio::test]
async fn an_archive_that_is_cut_is_refused_and_one_in_another_is_passed_over() {
    let place = in_service().await;
    let content = format!("{PROGRAMMES}{}", programme(2, "BTS en archive"));
    let path = zipped(&place, "whole.zip", &[("formations.csv", content.as_bytes())]);
    let bytes = std::fs::read(&path).expect("readable");
    let cut = place.file("cut.zip", &bytes[..bytes.len() / 2]);
    refused(&place, &cut, FaultKind::Archive).await;
    let nested =
        zipped(&place, "nested.zip", &[("inner.zip", &bytes), ("formations.csv", content.as_bytes())]);
    let report = place.import("r3", &[&nested]).await.expect("the table beside it is read");
    assert_eq!(report.kept, 1);
    assert!(report.ignored[0].reason.contains("archive dans une archive"), "{:?}", report.ignored);
    // A name that would climb out of a folder is only a name: nothing is unpacked onto the disk.
    let climbing = zipped(&place, "climb.zip", &[("../../evil.csv", content.as_bytes())]);
    place.import("r4", &[&climbing]).await.expect("read in place");
    assert!(!place.files.path().join("../../evil.csv").exists());
}

/// Gives a start and then the same byte for ever, and counts what was taken of it.
struct Endless<'a> {
    start: &'a [u8],
    given: &'a std::cell::Cell<u64>,
}

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        assert!(self.given.get() < 2 << 30, "somebody reads all two gigabytes");
        let n = if self.start.is_empty() {
            buffer.fill(b'x');
            buffer.len()
        } else {
            self.start.read(buffer)?
        };
        self.given.set(self.given.get() + n as u64);
        Ok(n)
    }
}

#[test]
fn a_line_of_two_gigabytes_is_given_up_at_once() {
    let json = br#"[{"libelle_metier":"a","lien_site_onisepfr":"MET.1"},{"libelle_metier":""#;
    let xml = b"<metiers><metier><identifiant>";
    let faq = b"---\npasserelle-faq: 1\ncollection: a\npublisher: a\nlicence: a\n---\n---\nid: ";
    let csv = format!("{PROGRAMMES}{}\"", programme(1, "BTS"));
    let cdata = b"<metiers><metier><nature_travail><![CDATA[";
    let cases: [(Format, &[u8]); 5] = [
        (Format::Csv(Table::Programmes), csv.as_bytes()),
        (Format::Json(Table::Occupations), json),
        (Format::OccupationSheets, xml),
        (Format::OccupationSheets, cdata),
        (Format::Questions, faq),
    ];
    for (format, start) in cases {
        let given = std::cell::Cell::new(0);
        let source = Bounded::new(Endless { start, given: &given }, None, Arc::default());
        let mut rows = 0;
        let fault = read(format, source, "f", &mut |_, _| {
            rows += 1;
            Ok(())
        })
        .expect_err("no end");
        assert_eq!(fault.kind, FaultKind::RecordTooLong, "{format:?}: {fault}");
        assert!(given.get() < RECORD + (1 << 20), "{format:?} took {} bytes", given.get());
        assert!(fault.reason.contains("Mo"), "{fault}");
    }
}

#[test]
fn short_rows_for_ever_end_at_the_bound_of_a_file() {
    /// The same row again and again.
    struct Rows(Vec<u8>, usize);
    impl Read for Rows {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = (&self.0[self.1..]).read(buffer)?;
            self.1 = if self.1 + n == self.0.len() { 0 } else { self.1 + n };
            Ok(n)
        }
    }
    // Of the format itself only the bound is tried: parsing a gigabyte would take a minute.
    let mut source = Bounded::new(Rows(b"a;b\n".repeat(20_000), 0), None, Arc::default());
    let gauge = source.gauge();
    let mut buffer = vec![0; 8 << 20];
    let error = loop {
        gauge.next_record();
        if let Err(error) = source.read(&mut buffer) {
            break error;
        }
        assert!(gauge.total() < FILE + (16 << 20));
    };
    assert_eq!(Fault::of(&error, "f", FaultKind::Unreadable).kind, FaultKind::FileTooLong);
}

#[tokio::test]
async fn stopping_leaves_everything_as_it_was() {
    let place = in_service().await;
    let mut text = OFFERINGS.to_owned();
    (0..20_000).for_each(|n| text.push_str(&offering(n, n % 50, n % 70, "bac")));
    let path = place.file("many.csv", text);
    let stop = Arc::new(AtomicBool::new(false));
    let order = Order { paths: vec![path], folder: place.folder.clone(), release: "r2".into(), origin: None };
    let asked = stop.clone();
    let begun = move |progress: Progress| {
        if progress.rows > 100 {
            asked.store(true, Ordering::Relaxed);
        }
    };
    let error = import(order, begun, stop).await.expect_err("stopped");
    assert!(error.was_stopped(), "{error}");
    assert_eq!(place.catalogue().await.release(), "r1");
}

#[tokio::test]
async fn what_a_cut_of_power_leaves_is_swept_and_never_read() {
    let place = in_service().await;
    // As it is when the machine stops while the new file is written, or before the pointer is renamed.
    std::fs::write(place.folder.file("catalogue-r2.sqlite"), b"half a file").expect("written");
    std::fs::write(place.folder.file("catalogue.json.new"), b"{\"fi").expect("written");
    assert_eq!(place.catalogue().await.release(), "r1");
    let path = place.file("next.csv", format!("{PROGRAMMES}{}", programme(5, "BTS suivant")));
    place.import("r2", &[&path]).await.expect("imported");
    assert_eq!(place.catalogue().await.release(), "r2");
    assert!(place.catalogue().await.record("FOR.5").await.expect("readable").is_some());
}

#[tokio::test]
async fn a_file_in_service_that_was_cut_is_said_and_repaired_by_the_next_import() {
    let place = in_service().await;
    let pointer = place.folder.in_service().expect("readable").expect("one");
    let path = place.folder.file(&pointer.file);
    let bytes = std::fs::read(&path).expect("readable");
    std::fs::write(&path, &bytes[..bytes.len() / 2]).expect("written");
    let error = passerelle_catalogue::file::Catalogue::open(&place.folder).await.expect_err("cut");
    assert!(error.to_string().contains(&pointer.file), "{error}");
    let path = place.file("again.csv", format!("{PROGRAMMES}{}", programme(1, "BTS sain")));
    place.import("r2", &[&path]).await.expect("the next import does without it");
    assert_eq!(place.catalogue().await.records(), 1);
}

#[tokio::test]
async fn a_garbled_pointer_is_said_and_repaired_by_the_next_import() {
    let place = in_service().await;
    std::fs::write(place.folder.path().join("catalogue.json"), "{\"file\": ").expect("written");
    let error = passerelle_catalogue::file::Catalogue::open(&place.folder).await.expect_err("garbled");
    assert!(error.to_string().contains("importing the catalogue again"), "{error}");
    let path = place.file("again.csv", format!("{PROGRAMMES}{}", programme(1, "BTS sain")));
    place.import("r2", &[&path]).await.expect("the next import does without it");
    assert_eq!(place.catalogue().await.records(), 1);
}
