//! Commands decided together against the same decided one by one: the same verdicts, the same changes.

use passerelle_central::arbitration::{self, Done};
use passerelle_central::leases::Leases;
use passerelle_central::store::{Feed, Reading, Store, StoreError, Writing};
use passerelle_domain::{Command, Refusal};
use passerelle_protocol::sync::office_scope;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::differential::{Act, Names, act, assert_sound, both, decide, feed, office, runs};
use crate::office::now;

/// Decides several commands in one transaction; `None` when the database refuses what the rules let through.
async fn together(
    store: &Store,
    names: &Names,
    commands: &[Command],
) -> Result<Option<Vec<Result<(), Refusal>>>, StoreError> {
    let uai = &names.settings.office.uai;
    let scope = office_scope(uai);
    let mut tx = store.write().await?;
    let mut feed = Feed::lock(&mut tx, &scope).await?.expect("the office");
    let settings = store.settings_at(&mut tx, uai, &feed).await?.expect("the settings");
    let (mut reading, mut writing) = (Reading::of(&scope, settings), Writing::default());
    let needs: Vec<_> = commands.iter().map(Command::needs).collect();
    reading.load_all(&mut tx, &needs).await?;
    let mut all = Vec::new();
    for command in commands {
        let (reading, writing) = (&mut reading, &mut writing);
        let (actor, leases) = (&names.actor, &mut Leases::default());
        let done =
            arbitration::hold_back(&mut tx, reading, writing, &mut feed, (command, actor), leases, now())
                .await?;
        all.push(match done {
            Done::Accepted => Ok(()),
            Done::Refused(refusal) => Err(refusal),
            Done::Waits => panic!("nobody holds anything"),
        });
    }
    match writing.write(&mut tx, &scope).await {
        Err(StoreError::Overlap(_)) => return Ok(None),
        written => drop(written?),
    }
    feed.save(&mut tx).await?;
    tx.commit().await?;
    Ok(Some(all))
}

/// One database decides one by one, the other in requests of these lengths; how many verdicts were given together.
async fn run_together(acts: &[Act], lengths: &[usize]) -> usize {
    let (_folder, [single, request]) = both().await;
    let names = Names::of(&office());
    let scope = office_scope(&names.settings.office.uai);
    let commands: Vec<Command> = acts.iter().enumerate().map(|(n, act)| names.command(act, n)).collect();
    let mut left = commands.as_slice();
    let mut count = 0;
    for length in lengths.iter().cycle() {
        let (part, rest) = left.split_at((*length).min(left.len()));
        let mut one_by_one = Vec::new();
        for command in part {
            one_by_one.push(decide(&single, &names, command).await.expect("it decides"));
        }
        match together(&request, &names, part).await.expect("it decides") {
            Some(all) => {
                assert_eq!(all, one_by_one, "{part:?}");
                count += part.len();
            }
            None => {
                for (command, expected) in part.iter().zip(one_by_one) {
                    let done = decide(&request, &names, command).await.expect("it decides");
                    assert_eq!(done, expected, "{command:?}");
                }
            }
        }
        left = rest;
        if left.is_empty() {
            break;
        }
    }
    assert_eq!(
        feed(&single, &scope).await,
        feed(&request, &scope).await,
        "the same changes in the same order"
    );
    for store in [&single, &request] {
        assert_sound(store).await;
        store.close().await;
    }
    count
}

#[test]
fn what_is_decided_together_is_decided_as_one_by_one() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let total = std::cell::Cell::new(0);
    let given = (prop::collection::vec(act(), 10..60), prop::collection::vec(1..25_usize, 1..6));
    let outcome = TestRunner::new(runs(40)).run(&given, |(acts, lengths)| {
        total.set(total.get() + runtime.block_on(run_together(&acts, &lengths)));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    println!("{} decided together", total.get());
    assert!(total.get() > 300, "{} are too few to prove anything", total.get());
}
