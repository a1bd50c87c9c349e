//! The engine alone: free slots of one office, and the next one of twenty.

use passerelle_domain::availability::{Search, agenda, free_slots};
use passerelle_domain::slots::{AgendaIndex, Query, Window, search};

use crate::office::{BigOffice, WEEKS};
use crate::{Measure, Naive, TIMES, naive, say, timed};

const OFFICES: u64 = 20;

pub fn measure(big: &BigOffice) -> Vec<Measure> {
    let mut measures = Vec::new();
    let meetings = big.future(7);
    let kind = &big.settings.kinds[&big.kind];
    for (weeks, target) in [(8, 1.0), (WEEKS, 4.0)] {
        say(&format!("slots of one office over {weeks} weeks"));
        let (from, to) = (big.today, naive::last(big.today, weeks));
        let wanted = Search::staff(big.kind, from, to);
        let found = free_slots(&big.settings, &meetings, &wanted, big.now, |_| true);
        let plain = naive::slots(&big.settings, &meetings, kind, (from, to), big.now);
        same(&found, &plain);
        let what = |how: &str| {
            format!(
                "{} slots of one office over {weeks} weeks, {} meetings, {how}",
                found.len(),
                meetings.len()
            )
        };
        measures.push(Measure {
            what: what("from its documents: rows, index, search"),
            unit: "ms",
            values: timed(101, || free_slots(&big.settings, &meetings, &wanted, big.now, |_| true)),
            target: Some(target),
            naive: Some(Naive {
                what: naive::SLOTS.to_owned(),
                values: timed(5, || naive::slots(&big.settings, &meetings, kind, (from, to), big.now)),
                times: TIMES,
            }),
        });
        let rows = agenda(&big.settings, &meetings, big.now);
        let window = Window::new(from, to).expect("a window");
        let build = || AgendaIndex::build(&rows, window).expect("an index");
        measures.push(Measure {
            what: what("of it the index"),
            unit: "ms",
            values: timed(101, build),
            target: None,
            naive: None,
        });
        let index = build();
        let rules = passerelle_domain::availability::kind_rules(kind, None);
        let query = Query { public: false, ..Query::between(from, to) };
        let values = timed(101, || search(&index, &rules, &query, big.now).expect("slots"));
        measures.push(Measure {
            what: what("of it the search"),
            unit: "ms",
            values,
            target: None,
            naive: None,
        });
    }
    measures.push(next_of_twenty(big));
    measures.push(none_of_twenty(big));
    measures
}

/// The next free slot of each of the twenty nearest offices.
fn next_of_twenty(big: &BigOffice) -> Measure {
    say("the next slot of twenty offices");
    let offices: Vec<_> = (0..OFFICES).map(|n| big.future(100 + n)).collect();
    let kind = &big.settings.kinds[&big.kind];
    let (from, to) = (big.today, naive::last(big.today, WEEKS));
    let wanted = Search { limit: Some(1), ..Search::staff(big.kind, from, to) };
    let next = || -> Vec<_> {
        let of = |meetings| free_slots(&big.settings, meetings, &wanted, big.now, |_| true).pop();
        offices.iter().map(of).collect()
    };
    let plain = || -> Vec<_> {
        let of = |meetings: &Vec<_>| naive::slots(&big.settings, meetings, kind, (from, to), big.now);
        offices.iter().map(|meetings| of(meetings).first().cloned()).collect()
    };
    same(&next(), &plain());
    Measure {
        what: format!("next slot of each of {OFFICES} offices within {WEEKS} weeks, from their documents"),
        unit: "ms",
        values: timed(51, next),
        target: Some(20.0),
        naive: Some(Naive {
            what: format!("all slots of each office, then the first: {}", naive::SLOTS),
            values: timed(2, plain),
            times: TIMES,
        }),
    }
}

/// The worst case: a wish that none of the twenty can grant, so that every week of each is looked through.
fn none_of_twenty(big: &BigOffice) -> Measure {
    say("a slot that none of twenty offices has");
    let offices: Vec<_> = (0..OFFICES).map(|n| big.future(100 + n)).collect();
    let wanted =
        Search { limit: Some(1), ..Search::staff(big.kind, big.today, naive::last(big.today, WEEKS)) };
    let none = || -> Vec<_> {
        let of = |meetings| free_slots(&big.settings, meetings, &wanted, big.now, |_| false).pop();
        offices.iter().filter_map(of).collect()
    };
    assert_eq!(none(), Vec::new());
    Measure {
        what: format!("the same when no slot of the {WEEKS} weeks suits"),
        unit: "ms",
        values: timed(51, none),
        target: Some(20.0),
        naive: None,
    }
}

/// A baseline that gives other answers is none. The first difference says enough.
fn same<T: PartialEq + std::fmt::Debug>(found: &[T], plain: &[T]) {
    let differs = found.iter().zip(plain).find(|(a, b)| a != b);
    assert!(differs.is_none(), "the baseline must give the same slots, here and there: {differs:?}");
    assert_eq!(found.len(), plain.len(), "the baseline must give as many slots");
}
