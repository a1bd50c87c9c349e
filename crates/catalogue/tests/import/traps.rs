//! Each trap of the real files, in files made in their shapes.

use passerelle_catalogue::file::{OpenError, Record, Records, Whole};

use crate::shapes::{DIRECTORY, HIGHER, OFFERINGS, PROGRAMMES, Place, higher, offering, programme};

async fn record(place: &Place, id: &str) -> Record {
    place
        .catalogue()
        .await
        .record(id)
        .await
        .expect("readable")
        .unwrap_or_else(|| panic!("{id} is not there"))
        .record
}

#[tokio::test]
async fn a_row_that_is_wrong_is_told_and_stops_no_other() {
    let place = Place::new();
    let mut text = format!("{PROGRAMMES}{}", programme(1, "BTS un")).into_bytes();
    text.extend_from_slice(programme(2, "").as_bytes());
    text.extend_from_slice(programme(3, "BTS trois").replace("FOR.3", "").as_bytes());
    text.extend_from_slice(b"trop;court\n");
    text.extend_from_slice(
        &programme(4, "BTS \u{e9}").into_bytes().into_iter().filter(|b| *b != 0xc3).collect::<Vec<u8>>(),
    );
    text.extend_from_slice(programme(5, "BTS une\nligne de plus").as_bytes());
    for n in 6..30 {
        text.extend_from_slice(programme(n, "BTS à suivre").as_bytes());
    }
    let path = place.file("p.csv", text);
    let report = place.import("r1", &[&path]).await.expect("imported");
    assert_eq!((report.read, report.kept, report.rejected), (30, 26, 4), "{:#?}", report.rejects);
    let lines: Vec<(Option<u64>, &str)> =
        report.rejects.iter().map(|r| (r.line, r.reason.as_str())).collect();
    assert_eq!(lines[0], (Some(3), "le libellé de FOR.2 manque"));
    assert_eq!(lines[1].0, Some(4));
    assert!(lines[1].1.starts_with("l’identifiant FOR"), "{}", lines[1].1);
    assert_eq!(lines[2], (Some(5), "2 colonnes au lieu de 16"));
    assert_eq!(lines[3], (Some(6), "la ligne n’est pas en UTF-8"));
    assert!(report.rejects.iter().all(|r| r.file.ends_with("p.csv")));
}

#[tokio::test]
async fn rejects_are_counted_all_and_told_up_to_a_bound() {
    let place = Place::new();
    let bad = "x;y\n".repeat(5_000);
    let path = place.file("p.csv", format!("{PROGRAMMES}{bad}{}", programme(1, "BTS un")));
    let report = place.import("r1", &[&path]).await.expect("imported");
    assert_eq!((report.rejected, report.rejects.len()), (5_000, 1_000));
}

#[tokio::test]
async fn columns_may_come_go_and_move() {
    let place = Place::new();
    let text = "domaine/sous-domaine,une nouvelle colonne,URL et ID Onisep,libellé formation principal,niveau de sortie indicatif,durée,code RNCP,code NSF,tutelle\n\"sciences/biologie\",x,http://www.onisep.fr/http/redirections/formation/identifiant/FOR.12,\"BTS, un\",Bac + 2,2 ans,1,100,non renseigné\n";
    let path = place.file("p.csv", text);
    let report = place.import("r1", &[&path]).await.expect("imported");
    let notes: Vec<&str> = report.notes.iter().map(|n| n.text.as_str()).collect();
    assert!(
        notes.iter().any(|n| n.starts_with("colonnes absentes") && n.contains("sigle_formation")),
        "{notes:?}"
    );
    assert!(notes.contains(&"colonnes inconnues, ignorées : une_nouvelle_colonne"), "{notes:?}");
    let Record::Programme(read) = record(&place, "FOR.12").await else { panic!("a programme") };
    assert_eq!(read.name, "BTS, un");
    assert_eq!(read.level.map(|l| l.code()), Some("bac+2"), "older files have a capital");
    assert_eq!(read.authority, "");
    let path = place
        .file("q.csv", format!("{}{}", PROGRAMMES.replace("URL et ID Onisep", "autre"), programme(1, "BTS")));
    let error = place.import("r2", &[&path]).await.expect_err("nothing goes without it").to_string();
    assert!(error.contains("url_et_id_onisep"), "{error}");
}

#[tokio::test]
async fn the_number_of_certification_that_counts_backwards_is_not_read() {
    let place = Place::new();
    let path = place.file("p.csv", format!("{PROGRAMMES}{}", programme(1, "BTS un")));
    place.import("r1", &[&path]).await.expect("imported");
    let Record::Programme(programme) = record(&place, "FOR.1").await else { panic!("a programme") };
    assert_eq!(programme.certification, "niveau 5", "the old code said 3");
}

#[tokio::test]
async fn csv_and_json_of_one_table_are_one_dataset() {
    let place = Place::new();
    let csv = place.file("p.csv", format!("{PROGRAMMES}{}", programme(1, "BTS métiers de l'eau")));
    let json = place.file(
        "p.json",
        r#"[{"code_nsf":"326","code_scolarite":"32032609","sigle_type_formation":"BTS","libelle_type_formation":"brevet de technicien sup\u00e9rieur","libelle_formation_principal":"BTS m\u00e9tiers de l'eau","sigle_formation":"","duree":"2 ans","niveau_de_sortie_indicatif":"bac + 2","code_rncp":35340,"niveau_de_certification":3,"libelle_niveau_de_certification":"niveau 5","tutelle":"non renseign\u00e9","url_et_id_onisep":"https:\/\/www.onisep.fr\/http\/redirection\/formation\/slug\/FOR.1","domainesous-domaine":"informatique, Internet\/informatique (g\u00e9n\u00e9ralit\u00e9s)","date_creation":"06\/06\/2020","date_de_modification":"03\/06\/2026"}, 7, null]"#,
    );
    place.import("r1", &[&csv]).await.expect("imported");
    let of_csv = record(&place, "FOR.1").await;
    let report = place.import("r2", &[&json]).await.expect("imported");
    assert_eq!((report.read, report.kept, report.rejected), (3, 1, 2));
    assert_eq!(report.rejects[0].line, Some(2));
    assert_eq!(record(&place, "FOR.1").await, of_csv);
    assert_eq!(report.gone, 0);
    let both = place.import("r3", &[&csv, &json]).await.expect("imported");
    assert_eq!(both.records, 1);
}

#[tokio::test]
async fn the_annuaire_as_json_is_read_with_its_other_names() {
    let place = Place::new();
    let rows = r#"{"total_count":1,"results":[{"identifiant_de_l_etablissement":"0350122t","nom_etablissement":"CIO de Vitré","type_etablissement":"Information et orientation","statut_public_prive":"Public","adresse_1":"1 rue Haute","adresse_2":null,"adresse_3":null,"code_postal":"35500","code_commune":"35360","nom_commune":"Vitré","code_departement":"035","telephone":"0299750203","fax":null,"web":null,"mail":"cio.vitre@ac-rennes.fr","siren_siret":null,"nombre_d_eleves":null,"fiche_onisep":null,"position":{"lon":-1.2,"lat":48.1},"coordx_origine":1.0,"coordy_origine":2.0,"epsg_origine":"EPSG:2154","type_contrat_prive":"SANS OBJET","libelle_academie":"Rennes","libelle_region":"Bretagne","latitude":48.123,"longitude":-1.2,"date_maj_ligne":"2026-01-08","etat":"OUVERT","ministere_tutelle":"MEN","multi_uai":0,"code_nature":841,"libelle_nature":"CENTRE D INFORMATION ET D ORIENTATION"}]}"#;
    let path = place.file("annuaire.json", rows);
    let report = place.import("r1", &[&path]).await.expect("imported");
    assert_eq!((report.read, report.kept), (1, 1), "{report:#?}");
    let offices = place.catalogue().await.offices().await.expect("readable");
    assert_eq!(offices[0].phone, "02 99 75 02 03");
    assert_eq!(offices[0].position.map(|p| p.lat), Some(48.123));
    assert_eq!(offices[0].type_name, "centre d'information et d'orientation");
}

#[tokio::test]
async fn an_action_repeats_and_is_known_by_all_three() {
    let place = Place::new();
    let rows = [
        offering(1, 10, 20, "bac + 3"),
        offering(1, 10, 21, "bac + 3"),
        offering(1, 11, 20, "bac + 3"),
        offering(1, 10, 20, "bac + 3"),
    ];
    let path = place.file("a.csv", format!("{OFFERINGS}{}", rows.concat()));
    let report = place.import("r1", &[&path]).await.expect("imported");
    assert_eq!((report.kept, report.by_kind["offering"]), (4, 3));
    let shown = place.catalogue().await.record("af.1").await.expect("readable").expect("there");
    assert_eq!(shown.links.offerings.len(), 3);
    let Record::Offering(one) = shown.record else { panic!("an offering") };
    assert_eq!(one.cost, "780 euros en 2026 (390 euros par an)", "free text, as written");
}

#[tokio::test]
async fn what_only_an_offering_names_can_be_found_and_is_said_to_be_so() {
    let place = Place::new();
    let path = place.file("a.csv", format!("{OFFERINGS}{}", offering(1, 10, 20, "bac + 3")));
    let report = place.import("r1", &[&path]).await.expect("imported");
    assert_eq!(report.dangling, 0);
    let shown = place.catalogue().await.record("FOR.10").await.expect("readable").expect("there");
    assert!(shown.named_only);
    let Record::Institution(school) = record(&place, "ENS.20").await else { panic!("an institution") };
    assert_eq!(school.postal_code, "08200", "the zero that was lost");
    assert_eq!((school.department.as_str(), school.academy.as_str()), ("08", "Reims"));
    assert_eq!(school.uai, "", "empty, and no reason to reject");
    let Record::Programme(programme) = record(&place, "FOR.10").await else { panic!("a programme") };
    assert_eq!(programme.domains.len(), 2);
}

#[tokio::test]
async fn the_capital_and_false_keys() {
    let place = Place::new();
    let rows = [higher(1, "0753742K", "Juste"), higher(2, "0753742L", "Fausse clé"), higher(3, "", "Sans")];
    let path = place.file("s.csv", format!("{HIGHER}{}", rows.concat()));
    let report = place.import("r1", &[&path]).await.expect("imported");
    assert_eq!((report.kept, report.rejected), (3, 0));
    let note = report.notes.iter().find(|n| n.text.contains("UAI")).expect("a note");
    assert_eq!(note.count, 1);
    let Record::Institution(school) = record(&place, "ENS.1").await else { panic!("an institution") };
    assert_eq!((school.insee.as_str(), school.department.as_str()), ("75106", "75"));
    assert_eq!(school.open_days[0].from.map(|d| d.to_string()).as_deref(), Some("2026-01-31"));
    let bad = format!(
        "{DIRECTORY}0350122A;École;Ecole;Public;;;;35580;35016;Baulon;035;;;;;;;;;Rennes;Bretagne;;;2023-06-08;OUVERT;;151;E\r\n0350122T;École;Ecole;Public;;;;35580;35016;Baulon;035;;;;;;;;;Rennes;Bretagne;;;2023-06-08;OUVERT;;151;E\r\n"
    );
    let path = place.file("a.csv", bad);
    let report = place.import("r2", &[&path]).await.expect("imported");
    assert_eq!((report.kept, report.rejected), (1, 1));
    assert!(report.rejects[0].reason.contains("0350122A"), "{:?}", report.rejects);
    let Record::Institution(school) = record(&place, "0350122T").await else { panic!("an institution") };
    assert_eq!(school.position, None, "absent is not a place in the Atlantic");
}

#[tokio::test]
async fn markup_in_sheets_never_reaches_a_screen() {
    let place = Place::new();
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><metiers xmlns:exsl=\"http://exslt.org/common\"><metier><identifiant>MET.1</identifiant><nom_metier>contrôleur/euse\u{a0}aérien/ne</nom_metier><libelle_feminin>contrôleuse aérienne</libelle_feminin><libelle_masculin>contrôleur aérien</libelle_masculin><nature_travail><![CDATA[<p onclick=\"x()\">Salaire\u{a0}: 1&nbsp;800 R&amp;D</p><script>alert(1)</script>]]></nature_travail><synonymes><synonyme><nom_metier>aiguilleur/euse</nom_metier><identifiant>MET.9</identifiant></synonyme></synonymes><metiers_associes><metier_associe><id>MET.404</id><libelle>pilote &amp; copilote</libelle></metier_associe></metiers_associes></metier><metier/><metier><identifiant>X</identifiant></metier></metiers>";
    let path = place.file("fiches.xml", xml);
    let report = place.import("r1", &[&path]).await.expect("imported");
    assert_eq!((report.kept, report.rejected), (1, 2), "{:#?}", report.rejects);
    let shown = place.catalogue().await.record("MET.1").await.expect("readable").expect("there");
    let json = serde_json::to_string(&shown).expect("JSON");
    assert!(!json.contains("script") && !json.contains("onclick") && !json.contains('\u{a0}'), "{json}");
    assert!(json.contains("Salaire : 1 800 R&D"));
    assert_eq!(shown.links.occupations[0].label, "pilote & copilote");
    assert!(!shown.links.occupations[0].known, "a link that leads nowhere is kept and said");
}

#[tokio::test]
async fn folders_hold_what_they_hold() {
    let place = Place::new();
    std::fs::create_dir_all(place.files.path().join("a/b")).expect("a folder");
    place.file("a/b/p.csv", format!("{PROGRAMMES}{}", programme(1, "BTS un")));
    place.file("a/LISEZ-MOI.txt", "Bonjour");
    place.file("a/vide.csv", "");
    place.file("a/.cache", "x");
    let report = place.import("r1", &[&place.files.path().join("a")]).await.expect("imported");
    assert_eq!(report.kept, 1);
    assert_eq!(report.ignored.len(), 2, "{:?}", report.ignored);
    assert!(report.ignored.iter().all(|i| !i.reason.is_empty()));
    assert!(
        place.import("r2", &[&place.files.path().join("a/LISEZ-MOI.txt")]).await.is_err(),
        "named by the person"
    );
    assert!(place.import("r2", &[&place.files.path().join("absent")]).await.is_err());
}

#[tokio::test]
async fn every_record_is_given_whole_and_once() {
    let place = Place::new();
    let programmes: String = (1..=250).map(|n| programme(n, &format!("BTS {n}"))).collect();
    let offerings: String = (1..=250).map(|n| offering(n, n, n % 7, "bac + 2")).collect();
    let (a, b) = (
        place.file("p.csv", format!("{PROGRAMMES}{programmes}")),
        place.file("a.csv", format!("{OFFERINGS}{offerings}")),
    );
    place.import("r1", &[&a, &b]).await.expect("imported");
    let catalogue = place.catalogue().await;
    let records = Records::open(catalogue.path()).expect("opened");
    let every = |kind| {
        let mut all: Vec<Whole> = Vec::new();
        let read: Result<(), OpenError> = records.entries(kind, |whole| {
            all.push(whole);
            Ok(())
        });
        read.expect("readable");
        all
    };
    let all = every("programme");
    assert_eq!(all.len(), 250);
    let whole = |w: &Whole| matches!(w, Whole::Programme(_, p) if p.type_acronym == "BTS" && p.certificates == ["Diplôme national"]);
    assert!(all.iter().all(whole), "the table and the offerings each give their part");
    assert_eq!(every("institution").len(), 7);
    assert_eq!(records.given().expect("readable").len(), 250);
}
