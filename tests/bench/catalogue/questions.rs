//! What is asked, in classes: letter by letter, several words, narrowed, by distance, mistyped.

use passerelle_catalogue::{geography::Geography, search::Facet};
use passerelle_domain::office::Position;

use crate::flat::Draw;

/// One question.
#[derive(Clone)]
pub struct Question {
    pub text: String,
    pub filters: Vec<(Facet, String)>,
    pub near: Option<Position>,
    /// The same place as it is typed.
    pub from: Option<String>,
    /// What was meant, where the text is mistyped: a word that the title of a right hit has.
    pub meant: Option<String>,
}

fn plain(text: impl Into<String>) -> Question {
    Question { text: text.into(), filters: Vec::new(), near: None, from: None, meant: None }
}

const TYPED: [&str; 20] = [
    "infirmière",
    "boulangerie pâtisserie",
    "lycée victor hugo amiens",
    "bts management commercial",
    "sociologie",
    "master droit des affaires",
    "cap coiffure",
    "électrotechnique",
    "école maternelle",
    "bac pro menuiserie",
    "collège jean moulin",
    "licence psychologie",
    "esthétique cosmétique",
    "que faire avec un master",
    "but chimie",
    "ingénieur du son",
    "mécanicien automobile",
    "transport et logistique",
    "design graphique",
    "petite enfance",
];

const SEVERAL: [&str; 30] = [
    "bts comptabilité gestion lyon",
    "licence droit des affaires international",
    "cap cuisine en apprentissage",
    "lycée professionnel marie curie",
    "master sociologie recherche",
    "bac pro élevage",
    "école élémentaire jules ferry",
    "but génie civil développement durable",
    "collège saint-joseph",
    "métiers de l’audiovisuel métiers du son",
    "diplôme d’ingénieur cybersécurité",
    "titre professionnel carrosserie",
    "licence histoire de l’art",
    "bts tourisme à distance",
    "accompagnement éducatif petite enfance marseille",
    "master mathématiques appliquées",
    "langues étrangères appliquées",
    "lycée général et technologique voltaire",
    "soins infirmiers lille",
    "centre de formation d’apprentis menuiserie",
    "bachelor journalisme",
    "brevet professionnel coiffure",
    "sciences de l’éducation recherche",
    "optique lunetterie",
    "bts services informatiques aux organisations",
    "institut de formation soins infirmiers",
    "mention complémentaire pâtisserie",
    "philosophie paris",
    "éducation spécialisée deuxième année",
    "licence biologie environnement",
];

const MISTYPED: [(&str, &str); 40] = [
    ("infirmeir", "infirmier"),
    ("boulangrie", "boulangerie"),
    ("patiserie", "pâtisserie"),
    ("sociolgie", "sociologie"),
    ("psycologie", "psychologie"),
    ("compatbilité", "comptabilité"),
    ("cuisnie", "cuisine"),
    ("menuisrie", "menuiserie"),
    ("electrotecnique", "électrotechnique"),
    ("carroserie", "carrosserie"),
    ("journalime", "journalisme"),
    ("philosphie", "philosophie"),
    ("toursime", "tourisme"),
    ("chimmie", "chimie"),
    ("biolgie", "biologie"),
    ("agronmie", "agronomie"),
    ("elvage", "élevage"),
    ("logisitque", "logistique"),
    ("coifure", "coiffure"),
    ("estetique", "esthétique"),
    ("ingenieure", "ingénieur"),
    ("mecanicein", "mécanicien"),
    ("archtecture graphique", "graphique"),
    ("desing graphique", "design"),
    ("environement", "environnement"),
    ("matématiques", "mathématiques"),
    ("informatiqe", "informatiques"),
    ("securite publiqe", "publique"),
    ("langue etrangeres apliquées", "appliquées"),
    ("managment", "management"),
    ("plasturgi", "plasturgie"),
    ("optiqe", "optique"),
    ("lycee profesionnel", "professionnel"),
    ("colège voltaire", "Collège"),
    ("ecole maternele", "maternelle"),
    ("license droit", "licence"),
    ("mastre chimie", "master"),
    ("aprentissage cuisine", "apprentissage"),
    ("pilotge", "pilotage"),
    ("cybersecurté", "cybersécurité"),
];

/// Every text on the way to each of these, from one letter on.
pub fn typing() -> Vec<Question> {
    let mut questions = Vec::new();
    for text in TYPED {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
        let steps = ends.map(|end| &text[..end]).filter(|typed| !typed.ends_with([' ', '’']));
        questions.extend(steps.map(plain));
    }
    // The letters that a text may begin with.
    questions.extend("abcdefghijlmnopqrstuv".chars().map(plain));
    questions
}

pub fn several() -> Vec<Question> {
    SEVERAL.iter().copied().map(plain).collect()
}

pub fn filtered() -> Vec<Question> {
    let mut draw = Draw::new(7);
    let filters = [
        (Facet::Department, "80"),
        (Facet::Department, "59"),
        (Facet::Kind, "institution"),
        (Facet::Kind, "offering"),
        (Facet::Level, "REF.411"),
        (Facet::Status, "public"),
        (Facet::Category, "lycée"),
        (Facet::Academy, "Amiens"),
    ];
    let texts =
        SEVERAL.iter().chain(&TYPED).chain(&["lycée", "licence", "bts", "l", "cap", "école", "c", "master"]);
    texts
        .map(|text| {
            let mut question = plain(*text);
            for _ in 0..=draw.below(2) {
                let (facet, value) = draw.pick(&filters);
                if question.filters.iter().all(|(other, _)| other != facet) {
                    question.filters.push((*facet, (*value).to_owned()));
                }
            }
            question
        })
        .collect()
}

/// The classes, each with its name.
pub fn classes() -> [(&'static str, Vec<Question>); 6] {
    [
        ("as you type", typing()),
        ("several words", several()),
        ("narrowed", filtered()),
        ("by distance", by_distance()),
        ("mistyped", mistyped()),
        ("whole messages", messages()),
    ]
}

/// Points in communes of every size, and how they are typed.
pub fn homes(count: usize) -> Vec<(Position, String)> {
    let mut draw = Draw::new(11);
    let communes = Geography::load().communes();
    let mut homes = Vec::new();
    while homes.len() < count {
        let commune = draw.pick(communes);
        let typed = commune.postal_codes().next().map(|code| format!("{code} {}", commune.name));
        homes.extend(commune.position.zip(typed));
    }
    homes
}

pub fn by_distance() -> Vec<Question> {
    let texts = SEVERAL.iter().chain(&[
        "lycée",
        "licence",
        "bts",
        "cap",
        "école",
        "master",
        "collège",
        "boulangerie",
    ]);
    let one = |(text, (home, typed)): (&&str, (Position, String))| Question {
        near: Some(home),
        from: Some(typed),
        ..plain(*text)
    };
    texts.zip(homes(64)).map(one).collect()
}

pub fn mistyped() -> Vec<Question> {
    MISTYPED
        .iter()
        .map(|(text, meant)| Question { meant: Some((*meant).to_owned()), ..plain(*text) })
        .collect()
}

/// What families write, as the judged set of `./dev bench relevance` has it.
pub fn messages() -> Vec<Question> {
    let lines = include_str!("../relevance/messages.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).map(|(message, _)| plain(message)).collect()
}
