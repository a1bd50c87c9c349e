//! `GET /v1/heads`: whoever has everything is told so, whoever is not trusted any more is not told for long.

use passerelle_central::administration::{By, revoke_desk};
use passerelle_domain::Command;
use passerelle_protocol::heads::{Ends, Heads, tag};

use crate::office::{Central, Desk, amiens, book, now, receptionist};

/// What is answered to a desk that says to have this: the status, the answer's tag, and the heads when there are some.
async fn ask(central: &Central, desk: &Desk, known: Option<&str>) -> (u16, String, Option<Heads>) {
    let mut request = reqwest::Client::new().get(central.url("/v1/heads")).bearer_auth(&desk.token);
    if let Some(known) = known {
        request = request.header("if-none-match", known);
    }
    let answer = request.send().await.expect("an answer");
    let tag = answer.headers().get("etag").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let status = answer.status().as_u16();
    let heads = if status == 200 { Some(answer.json().await.expect("heads")) } else { None };
    (status, tag, heads)
}

#[tokio::test]
async fn a_desk_that_has_everything_is_told_so_until_something_happens() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let (status, said, heads) = ask(&central, &desk, None).await;
    let heads = heads.expect("heads");
    assert_eq!((status, &said), (200, &tag(&heads.epoch, &amiens(), &heads.ends)));
    assert_eq!(
        heads.ends.heads.keys().filter(|scope| **scope != desk.scope()).count(),
        1,
        "its office and dir"
    );
    assert_eq!(ask(&central, &desk, Some(&said)).await, (304, said.clone(), None));
    assert_eq!(ask(&central, &desk, Some("\"ailleurs-1-1\"")).await.0, 200, "another epoch");
    let otherwise = said.replace('.', ".0");
    assert_eq!(ask(&central, &desk, Some(&otherwise)).await.0, 200, "the same numbers by another way");
    let older = tag(&heads.epoch, &amiens(), &Ends { heads: heads.ends.heads.clone(), ..Ends::default() });
    assert_eq!(ask(&central, &desk, Some(&older)).await.0, 304, "a desk that knows of no ways");

    let slot = desk.free(&settings)[0].clone();
    desk.give(receptionist(&settings), &Command::Book(book(&settings, &slot))).await;
    let (status, after, heads) = ask(&central, &desk, Some(&said)).await;
    assert_eq!(status, 200, "at once: the same service wrote it");
    let heads = heads.expect("heads");
    assert_ne!(after, said);
    assert_eq!(after, tag(&heads.epoch, &amiens(), &heads.ends));
    central.running.shutdown().await;
}

#[tokio::test]
async fn who_is_not_trusted_is_not_told_and_who_is_revoked_not_for_long() {
    let central = Central::start().await;
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let good = desk.token.clone();
    for bad in ["", "0000", &good[1..]] {
        desk.token = bad.to_owned();
        assert_eq!(ask(&central, &desk, None).await.0, 401, "{bad:?}");
    }
    desk.token = good;
    for _ in 0..3 {
        assert_eq!(ask(&central, &desk, None).await.0, 200);
    }
    revoke_desk(&central.running.service().store, desk.id, &By::command_line(now())).await.expect("revoked");
    // The service asks twice a second who is revoked; here it may be a busy machine.
    let last = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        match ask(&central, &desk, None).await.0 {
            401 | 403 => break,
            status => assert_eq!(status, 200),
        }
        assert!(tokio::time::Instant::now() < last, "still told 20 s after it was revoked");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    central.running.shutdown().await;
}
