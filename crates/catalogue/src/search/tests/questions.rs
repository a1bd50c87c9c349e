//! Questions of which no entry has all, and messages of which most is not asked.

use proptest::prelude::*;

use super::*;

const MESSAGE: &str = "Bonjour Madame, ma fille Léa est en terminale STMG au lycée et elle hésite beaucoup. \
    Elle aimerait devenir infirmière comme sa tante, ou peut-être vétérinaire, et son professeur principal lui \
    conseille plutôt une licence de droit. Pourriez-vous nous recevoir mercredi ? Vous pouvez me joindre au \
    06 12 34 56 78. Merci d’avance, Mme Sylvie Coiffeur";

#[test]
fn each_thing_that_a_message_names_is_among_the_first() {
    let answer = index().search(&Query::new(MESSAGE));
    let first: Vec<&str> = ids(&answer).into_iter().take(5).collect();
    for expected in ["MET.1", "MET.5", "FOR.6", "FOR.7"] {
        assert!(first.contains(&expected), "{expected} is not in {first:?}");
    }
    assert!(!first.contains(&"MET.3"), "who signs is not asked for");
    let led: Vec<&str> = answer.hits[0].reasons.iter().map(|reason| reason.asked.as_str()).collect();
    assert!(!led.is_empty() && !led.contains(&"Bonjour"), "{led:?}");
    assert!(answer.relaxed);
}

#[test]
fn a_message_is_narrowed_like_a_question() {
    let mut query = Query::new(MESSAGE);
    query.filters = vec![(Facet::Kind, vec!["programme".into()])];
    query.facets = true;
    let answer = index().search(&query);
    assert!(answer.total > 0 && answer.hits.iter().all(|hit| hit.kind == Kind::Programme));
    let (_, kinds) = &answer.facets[0];
    assert_eq!(kinds.iter().find(|count| count.value == "programme").unwrap().hits, answer.total);
}

#[test]
fn greetings_are_not_asked_for() {
    let index = index();
    let plain = found(&index, "licence de droit");
    assert_eq!(found(&index, "bonjour, renseignements sur la licence de droit svp merci"), plain);
    assert!(index.search(&Query::new("bonjour madame, la licence de droit")).unknown.is_empty());
}

#[test]
fn one_entry_that_has_the_words_only_around_it_shuts_out_nothing() {
    let mut documents = sample();
    // It has all the words among its keywords; what is called so has all but one.
    documents[0].keywords = vec!["licence droit européen".into()];
    let index = Index::build(&documents, "1").unwrap();
    let hits = found(&index, "licence droit européen");
    assert!(hits.iter().take(3).any(|id| id == "FOR.6") && hits.contains(&"MET.1".into()), "{hits:?}");
    // What is called so is sure.
    documents[8].title = "licence mention droit européen".into();
    let index = Index::build(&documents, "1").unwrap();
    assert_eq!(found(&index, "licence droit européen mention"), ["FOR.4".to_owned()]);
}

#[test]
fn an_expression_that_nothing_has_whole_is_looked_for_word_by_word() {
    let synonyms =
        Synonyms::parse("LEA\tlangues étrangères appliquées\nprof de maths\tprofesseur de mathématiques\n");
    let documents = [
        named("FOR.1", Kind::Programme, "licence langues, littératures et civilisations étrangères"),
        named("FOR.2", Kind::Programme, "licence mathématiques appliquées"),
        named("MET.1", Kind::Occupation, "professeur"),
    ];
    let index = Index::build(&documents, "1").unwrap().with_synonyms(synonyms.unwrap());
    assert_eq!(found(&index, "lea")[0], "FOR.1");
    assert_eq!(found(&index, "prof de maths")[0], "MET.1");
}

#[test]
fn the_bac_that_somebody_has_is_not_the_one_that_is_asked_for() {
    let index = index();
    assert!(found(&index, "licence après le bac").contains(&"FOR.6".to_owned()));
    assert_eq!(found(&index, "bac général")[0], "FOR.8");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pages_of_a_message_follow_each_other(
        titles in prop::collection::vec(title(), 1..60),
        said in prop::collection::vec(prop::sample::select(&WORDS[..]), 21..60),
        page in 1usize..12,
    ) {
        let documents = catalogue(&titles);
        let index = Index::build(&documents, "1").unwrap();
        let text = said.join(" ");
        let whole = index.search(&Query { limit: 100, ..Query::new(&text) });
        prop_assert_eq!(whole.total, whole.hits.len());
        prop_assert!(whole.hits.windows(2).all(|pair| pair[0].score >= pair[1].score));
        let mut pages = Vec::new();
        while pages.len() < whole.total {
            let next = index.search(&Query { limit: page, offset: pages.len(), ..Query::new(&text) });
            prop_assert!(!next.hits.is_empty());
            pages.extend(next.hits.into_iter().map(|hit| hit.id));
        }
        prop_assert_eq!(ids(&whole), pages);
    }

    #[test]
    fn no_message_is_too_strange(words in prop::collection::vec("\\PC{0,12}", 21..120)) {
        let text = words.join(" ");
        let answer = index().search(&Query { facets: true, ..Query::new(&text) });
        prop_assert!(answer.marker.begin().marks(&text).iter().all(|mark| text.get(mark.clone()).is_some()));
    }
}

#[test]
fn what_has_all_of_a_question_is_counted_apart_from_what_is_beside_it() {
    let mut tourism = Document::new("FOR.1", Kind::Programme, "BTS tourisme");
    tourism.keywords = vec!["voyages".into()];
    let mut at_amiens = Document::new("AF.1", Kind::Offering, "BTS tourisme");
    at_amiens.keywords = vec!["Lycée Édouard Gand Amiens".into()];
    let school = Document::new("ENS.1", Kind::Institution, "Lycée du tourisme");
    let index = Index::build([&tourism, &school, &at_amiens], "t").expect("an index");
    let ask = |kinds: &[&str]| {
        let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        index.search(&Query { filters: vec![(Facet::Kind, kinds)], ..Query::new("bts tourisme amiens") })
    };
    assert_eq!((ask(&["offering"]).whole, ask(&["offering"]).total), (1, 1));
    let others = ask(&["programme", "institution"]);
    assert_eq!(others.whole, 0, "no other has all of it");
    assert!(others.total >= 1, "what has a part of it is given");
}
