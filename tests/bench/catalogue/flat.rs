//! A catalogue of the size that is planned for, flat: every programme at a place is an entry of its own. The same at
//! each run. Titles are of the shapes of the real ones; what they say is made up.

use passerelle_catalogue::{
    geography::Geography,
    search::{Document, Kind},
};

const OFFERINGS: usize = 230_000;
const INSTITUTIONS: usize = 78_600;
const OCCUPATIONS: usize = 600;
const ANSWERS: usize = 1_000;

const DIPLOMAS: [(&str, &str, &str); 14] = [
    ("CAP", "REF.413", "certificat d’aptitude professionnelle"),
    ("bac pro", "REF.412", "baccalauréat professionnel"),
    ("BTS", "REF.411", "brevet de technicien supérieur"),
    ("BUT", "REF.421", "bachelor universitaire de technologie"),
    ("licence mention", "REF.421", "licence"),
    ("licence pro mention", "REF.421", "licence professionnelle"),
    ("master mention", "REF.410", "master"),
    ("bachelor", "REF.421", "formation d’école spécialisée"),
    ("diplôme d’ingénieur spécialité", "REF.410", "diplôme d’ingénieur"),
    ("titre professionnel", "REF.413", "titre professionnel"),
    ("DEUST", "REF.411", "diplôme d’études universitaires scientifiques et techniques"),
    ("diplôme d’État", "REF.421", "diplôme d’État"),
    ("BP", "REF.412", "brevet professionnel"),
    ("mention complémentaire", "REF.413", "mention complémentaire"),
];

/// Subject, domain, and the occupation that it leads to.
const SUBJECTS: [(&str, &str, &str); 40] = [
    ("boulangerie pâtisserie", "hôtellerie-restauration, tourisme/métiers de bouche", "boulanger/ère"),
    ("maintenance des véhicules", "mécanique/maintenance automobile", "mécanicien/ne automobile"),
    ("carrosserie", "mécanique/carrosserie", "carrossier/ière"),
    ("sociologie", "histoire-géographie, psychologie, sociologie/sciences sociales", "sociologue"),
    ("droit des affaires", "économie, droit, politique/droit", "juriste d’entreprise"),
    ("comptabilité et gestion", "gestion des entreprises, comptabilité/comptabilité", "comptable"),
    ("management commercial opérationnel", "commerce, marketing, vente/vente", "directeur/trice de magasin"),
    ("soins infirmiers", "santé, social, sport/paramédical", "infirmier/ère"),
    (
        "accompagnement éducatif petite enfance",
        "santé, social, sport/petite enfance",
        "auxiliaire de puériculture",
    ),
    ("métiers de l’audiovisuel", "information-communication, audiovisuel/audiovisuel", "ingénieur/e du son"),
    ("métiers de la coiffure", "hygiène, beauté/coiffure", "coiffeur / coiffeuse"),
    ("esthétique cosmétique", "hygiène, beauté/esthétique", "esthéticien/ne"),
    ("électrotechnique", "électronique, énergie/électricité", "électricien/ne"),
    ("génie civil", "bâtiment, travaux publics/gros œuvre", "conducteur/trice de travaux"),
    ("menuiserie", "matières premières/bois", "menuisier/ière"),
    ("arts du bois", "arts, artisanat/ébénisterie", "ébéniste"),
    ("agronomie", "agriculture, animaux/agriculture", "agronome"),
    ("élevage", "agriculture, animaux/animaux", "éleveur/euse"),
    ("biologie", "sciences/biologie", "biologiste"),
    ("chimie", "chimie, physique/chimie", "chimiste"),
    ("mathématiques appliquées", "mathématiques, informatique/mathématiques", "statisticien/ne"),
    (
        "services informatiques aux organisations",
        "mathématiques, informatique/informatique",
        "développeur/euse informatique",
    ),
    ("cybersécurité", "mathématiques, informatique/réseaux", "expert/e en sécurité informatique"),
    ("transport et logistique", "logistique, transport/logistique", "responsable logistique"),
    ("pilotage d’aéronefs", "logistique, transport/aérien", "contrôleur/euse aérien/ne"),
    ("cuisine", "hôtellerie-restauration, tourisme/restauration", "cuisinier/ière"),
    ("tourisme", "hôtellerie-restauration, tourisme/tourisme", "guide-conférencier/ière"),
    ("psychologie", "histoire-géographie, psychologie, sociologie/psychologie", "psychologue"),
    ("histoire de l’art", "arts, artisanat/arts", "conservateur/trice du patrimoine"),
    ("philosophie", "lettres, langues, enseignement/lettres", "professeur/e de philosophie"),
    ("langues étrangères appliquées", "lettres, langues, enseignement/langues", "traducteur/trice"),
    ("sciences de l’éducation", "lettres, langues, enseignement/enseignement", "professeur/e des écoles"),
    ("éducation spécialisée", "santé, social, sport/travail social", "éducateur/trice spécialisé/e"),
    ("activités physiques adaptées", "santé, social, sport/sport", "éducateur/trice sportif/ive"),
    ("sécurité publique", "armée, sécurité/sécurité", "gardien/ne de la paix"),
    ("journalisme", "information-communication, audiovisuel/journalisme", "journaliste"),
    ("design graphique", "arts, artisanat/arts appliqués", "graphiste"),
    ("environnement", "environnement, aménagement/écologie", "écologue"),
    ("plasturgie", "matières premières/plastiques", "plasturgiste"),
    ("optique lunetterie", "santé, social, sport/optique", "opticien/ne-lunetier/ière"),
];

const OPTIONS: [&str; 16] = [
    "voitures particulières",
    "développement durable",
    "international",
    "numérique",
    "recherche",
    "conception et réalisation",
    "management d’équipe",
    "production",
    "innovation",
    "métiers du son",
    "métiers de l’image",
    "territoires",
    "qualité",
    "services à la personne",
    "création",
    "contrôle",
];

const WAYS: [&str; 10] = [
    "en apprentissage",
    "parcours renforcé",
    "à distance",
    "première année",
    "deuxième année",
    "parcours européen",
    "troisième année",
    "section bilingue",
    "formation continue",
    "double cursus",
];

const SCHOOLS: [(&str, &str); 8] = [
    ("École élémentaire", "école"),
    ("École maternelle", "école"),
    ("Collège", "collège"),
    ("Lycée général et technologique", "lycée"),
    ("Lycée professionnel", "lycée professionnel"),
    ("Centre de formation d’apprentis", "centre de formation d'apprentis"),
    ("École supérieure", "école supérieure"),
    ("Institut de formation", "école de santé"),
];

const NAMES: [&str; 36] = [
    "Jules Ferry",
    "Victor Hugo",
    "Jean Moulin",
    "Marie Curie",
    "Jacques Prévert",
    "Louis Pasteur",
    "Jean Jaurès",
    "Antoine de Saint-Exupéry",
    "Simone Veil",
    "Albert Camus",
    "Émile Zola",
    "Pierre Mendès France",
    "George Sand",
    "Jean-Baptiste Clément",
    "Paul Éluard",
    "Irène Joliot-Curie",
    "Sainte-Anne",
    "Saint-Joseph",
    "Notre-Dame",
    "Les Tilleuls",
    "Le Petit Prince",
    "La Fontaine",
    "Voltaire",
    "Molière",
    "Colette",
    "Aimé Césaire",
    "Lucie Aubrac",
    "Rosa Parks",
    "Gustave Eiffel",
    "Léonard de Vinci",
    "Ambroise Paré",
    "Robert Schuman",
    "Édouard Branly",
    "Camille Claudel",
    "Arthur Rimbaud",
    "du Parc",
];

const QUESTIONS: [&str; 10] = [
    "Que faire avec {} ?",
    "Comment s’inscrire en {} ?",
    "Quels débouchés après {} ?",
    "Faut-il un bac pour {} ?",
    "Combien coûte une formation en {} ?",
    "Quelle poursuite d’études après {} ?",
    "Où étudier {} près de chez moi ?",
    "Peut-on faire {} en alternance ?",
    "Quel niveau faut-il pour {} ?",
    "À quoi ressemble une semaine en {} ?",
];

/// Numbers that look random, and are the same at each run.
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Title, domain, type, level of one of some 9,000 programmes.
fn programme(number: usize) -> (String, &'static str, &'static str, &'static str) {
    let (sigle, level, category) = DIPLOMAS[number % DIPLOMAS.len()];
    let rest = number / DIPLOMAS.len();
    let (subject, domain, _) = SUBJECTS[rest % SUBJECTS.len()];
    let option = OPTIONS[rest / SUBJECTS.len() % OPTIONS.len()];
    let title = if number.is_multiple_of(3) {
        format!("{sigle} {subject}")
    } else {
        format!("{sigle} {subject} option {option}")
    };
    (title, domain, category, level)
}

/// All entries, in their static rank.
pub fn catalogue() -> Vec<Document> {
    let mut draw = Draw::new(2010);
    let communes: Vec<_> = Geography::load().communes().iter().filter(|c| c.position.is_some()).collect();
    // Schools stand where people live.
    let mut weights: Vec<u64> = Vec::with_capacity(communes.len());
    let mut sum = 0u64;
    for commune in &communes {
        sum += u64::from(commune.population) + 200;
        weights.push(sum);
    }
    let mut documents = Vec::with_capacity(OFFERINGS + INSTITUTIONS + OCCUPATIONS + ANSWERS);
    for number in 0..OCCUPATIONS {
        let (subject, domain, occupation) = SUBJECTS[number % SUBJECTS.len()];
        let title = match number / SUBJECTS.len() {
            0 => occupation.to_owned(),
            n => format!("{occupation} {}", OPTIONS[n % OPTIONS.len()]),
        };
        let mut document = Document::new(format!("MET.{}", number + 1), Kind::Occupation, title);
        document.keywords = vec![subject.to_owned()];
        document.domains = vec![domain.to_owned()];
        document.codes = vec![format!("{}{}", (b'A' + (number % 14) as u8) as char, 1_000 + number)];
        documents.push(document);
    }
    for number in 0..ANSWERS {
        let (subject, domain, _) = SUBJECTS[number % SUBJECTS.len()];
        let (sigle, ..) = DIPLOMAS[number / SUBJECTS.len() % DIPLOMAS.len()];
        let asked = QUESTIONS[(number + number / SUBJECTS.len()) % QUESTIONS.len()];
        let title = asked.replace("{}", &format!("un {sigle} {subject}"));
        let mut document = Document::new(format!("FAQ.{}", number + 1), Kind::Faq, title);
        document.domains = vec![domain.to_owned()];
        documents.push(document);
    }
    let first_school = documents.len();
    for number in 0..INSTITUTIONS {
        let at = weights
            .partition_point(|sum| *sum <= (draw.below(1 << 31) as u64 * 8_191) % weights[weights.len() - 1]);
        let commune = communes[at.min(communes.len() - 1)];
        let (kind, category) = SCHOOLS[draw.below(SCHOOLS.len())];
        let title = format!("{kind} {}", draw.pick(&NAMES));
        let mut document = Document::new(format!("ENS.{}", number + 1), Kind::Institution, title);
        document.keywords = vec![commune.name.to_owned(), category.to_owned()];
        document.category = Some(category.to_owned());
        let digits = format!("{:07}", number * 97 % 10_000_000);
        let letters = b"ABCDEFGHJKLMNPRSTUVWXYZ";
        let letter = letters[digits.parse::<usize>().unwrap_or_default() % 23] as char;
        document.codes = vec![format!("{digits}{letter}")];
        document.status = Some(if draw.below(5) == 0 { "privé sous contrat" } else { "public" }.to_owned());
        document.department = Some(commune.department.to_owned());
        let department = passerelle_catalogue::geography::department(commune.department);
        document.academy = department.and_then(|d| d.academy()).map(|academy| academy.name.to_owned());
        document.position = commune.position.map(|mut position| {
            position.lat += (draw.below(2_000) as f64 - 1_000.0) / 50_000.0;
            position.lon += (draw.below(2_000) as f64 - 1_000.0) / 50_000.0;
            position
        });
        documents.push(document);
    }
    for number in 0..OFFERINGS {
        let (mut title, domain, category, level) = programme(draw.below(9_000));
        if draw.below(4) == 0 {
            title = format!("{title} {}", draw.pick(&WAYS));
        }
        let school = first_school + draw.below(INSTITUTIONS);
        let at = documents[school].clone();
        let mut document = Document::new(format!("AF.{}", number + 1), Kind::Offering, title);
        document.keywords =
            vec![category.to_owned(), domain.to_owned(), at.keywords[0].clone(), at.title.clone()];
        document.category = Some(category.to_owned());
        document.domains = vec![domain.to_owned()];
        document.level = Some(level.to_owned());
        document.status = at.status;
        document.department = at.department;
        document.academy = at.academy;
        document.position = at.position;
        documents.push(document);
    }
    documents
}

/// What is shown of an entry beside its title, and searched for the words of the question.
pub fn text(document: &Document) -> String {
    format!("{}. {}", document.title, document.keywords.join(", "))
}
