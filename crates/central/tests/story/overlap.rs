//! The database itself refuses a double booking, whatever the rules have let through.

use passerelle_domain::Command;
use passerelle_domain::refusal::RefusalCode;
use passerelle_protocol::sync::Verdict;
use sqlx::Connection;

use crate::database::Bare;
use crate::office::{Central, abbeville, amiens, book, receptionist};

/// What a row says: counsellor, room, client, start, end, blocking, overridden, session. Two counsellors are written with
/// a plus between them.
type Row<'a> = (&'a str, Option<&'a str>, Option<&'a str>, i64, i64, bool, bool, Option<&'a str>);

async fn insert(conn: &mut Bare, id: &str, row: Row<'_>) -> Result<(), String> {
    let (counsellors, room, client, start, end, blocking, overridden, session) = row;
    let (first, second) = counsellors.split_once('+').map_or((counsellors, None), |(a, b)| (a, Some(b)));
    sqlx::query(
        "INSERT INTO appointment (scope, id, counsellor, second, room, client, start_s, end_s, status, blocking,
             overridden, session_key, seat, capacity, rev, seq, doc)
         VALUES ('office:0809101H', $1, $2, $3, $4, $5, $6, $7, 'booked', $8, $9, $10, $5 IS NOT NULL, 3, 1, 1, '{}')",
    )
    .bind(id)
    .bind(first)
    .bind(second)
    .bind(room)
    .bind(client)
    .bind(start)
    .bind(end)
    .bind(blocking)
    .bind(overridden)
    .bind(session)
    .execute(conn)
    .await
    .map(drop)
    .map_err(|e| e.as_database_error().map_or_else(|| e.to_string(), |e| e.message().to_owned()))
}

#[tokio::test]
async fn the_database_alone_refuses_overlaps() {
    let central = Central::start().await;
    let mut conn = central.database.bare().await;
    insert(&mut conn, "1", ("c", Some("r"), Some("k"), 1000, 2000, true, false, None))
        .await
        .expect("the first");
    insert(&mut conn, "s", ("t", Some("u"), Some("v"), 1000, 2000, true, false, Some("g")))
        .await
        .expect("a session");
    insert(&mut conn, "2", ("a+b", None, None, 1000, 2000, true, false, None))
        .await
        .expect("a meeting of two");
    insert(&mut conn, "n", ("n", None, None, 85_000, 88_000, true, false, None))
        .await
        .expect("over midnight");
    let refused = |what: &str| Err(format!("overlap:{what}"));
    for (what, row, expected) in [
        ("same counsellor", ("c", None, None, 1500, 2500, true, false, None), refused("counsellor")),
        ("inside", ("c", None, None, 1200, 1300, true, false, None), refused("counsellor")),
        ("around", ("c", None, None, 500, 80_000, true, false, None), refused("counsellor")),
        ("before midnight", ("n", None, None, 84_000, 85_100, true, false, None), refused("counsellor")),
        ("after midnight", ("n", None, None, 87_000, 90_000, true, false, None), refused("counsellor")),
        ("over midnight too", ("n", None, None, 86_000, 87_000, true, false, None), refused("counsellor")),
        ("the day before", ("n", None, None, 80_000, 85_000, true, false, None), Ok(())),
        ("the day after", ("n", None, None, 88_000, 90_000, true, false, None), Ok(())),
        ("same room", ("d", Some("r"), None, 1999, 2500, true, false, None), refused("room")),
        ("same client", ("d", None, Some("k"), 500, 1001, true, false, None), refused("client")),
        ("other session", ("t", None, None, 1000, 2000, true, false, Some("h")), refused("counsellor")),
        (
            "same session, same client",
            ("t", Some("u"), Some("v"), 1000, 2000, true, false, Some("g")),
            refused("client"),
        ),
        ("same session", ("t", Some("u"), Some("w"), 1000, 2000, true, false, Some("g")), Ok(())),
        ("first by first", ("a", None, None, 1999, 2500, true, false, None), refused("counsellor")),
        ("first by second", ("b", None, None, 1500, 1600, true, false, None), refused("counsellor")),
        ("second by first", ("x+a", None, None, 1500, 1600, true, false, None), refused("counsellor")),
        ("second by second", ("x+b", None, None, 1500, 1600, true, false, None), refused("counsellor")),
        ("a planned session", ("t", Some("u"), None, 1000, 2000, true, false, Some("g")), Ok(())),
        ("the last seat", ("t", Some("u"), Some("w2"), 1000, 2000, true, false, Some("g")), Ok(())),
        (
            "no seat left",
            ("t", Some("u"), Some("w3"), 1000, 2000, true, false, Some("g")),
            refused("capacity"),
        ),
        ("a chair more", ("t", Some("u"), Some("w4"), 1000, 2000, true, true, Some("g")), Ok(())),
        ("on its way", ("t", Some("u"), None, 1500, 2500, true, false, Some("g")), Ok(())),
        ("touching before", ("c", Some("r"), Some("k"), 500, 1000, true, false, None), Ok(())),
        ("touching after", ("c", Some("r"), Some("k"), 2000, 2500, true, false, None), Ok(())),
        ("cancelled", ("c", Some("r"), Some("k"), 1000, 2000, false, false, None), Ok(())),
        ("with a reason", ("c", Some("r"), Some("k"), 1000, 2000, true, true, None), Ok(())),
        (
            "longer than a day",
            ("e", None, None, 0, 86_401, true, false, None),
            Err("check constraint".into()),
        ),
    ] {
        let found = insert(&mut conn, what, row).await;
        match (&found, &expected) {
            (Err(found), Err(wanted)) => {
                assert!(found.to_lowercase().contains(wanted.as_str()), "{what}: {found}")
            }
            _ => assert_eq!(found, expected, "{what}"),
        }
    }
    for (what, sql, good) in [
        ("moved onto it", "UPDATE appointment SET start_s = 1900 WHERE id = 'touching after'", false),
        ("back to life", "UPDATE appointment SET blocking = true WHERE id = 'cancelled'", false),
        ("reason taken back", "UPDATE appointment SET overridden = false WHERE id = 'with a reason'", false),
        ("given to the client", "UPDATE appointment SET client = 'v' WHERE id = 'same session'", false),
        ("given a second", "UPDATE appointment SET second = 'c' WHERE id = '2'", false),
        (
            "marked in a full session",
            "UPDATE appointment SET status = 'arrived' WHERE id = 'the last seat'",
            true,
        ),
        ("given back", "UPDATE appointment SET blocking = false WHERE id = 'the last seat'", true),
        (
            "still a chair too many",
            "UPDATE appointment SET blocking = true WHERE id = 'the last seat'",
            false,
        ),
        (
            "ended though it overlaps",
            "UPDATE appointment SET blocking = false WHERE id = 'with a reason'",
            true,
        ),
        ("marked", "UPDATE appointment SET status = 'arrived', doc = '{}' WHERE id = '1'", true),
        ("deleted", "DELETE FROM appointment WHERE id = '1'", false),
    ] {
        let done = sqlx::query(sql).execute(&mut conn).await;
        assert_eq!(done.is_ok(), good, "{what}: {done:?}");
    }
    conn.close().await.expect("closed");
    central.running.shutdown().await;
}

#[tokio::test]
async fn what_only_the_database_knows_comes_back_as_an_ordinary_refusal() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let slot = desk.free(&settings).remove(0);
    // The counsellor also works in Abbeville: the rules of one office cannot see it, the database does.
    let counsellor = slot.counsellor.to_string();
    let (start, end) = (slot.start.timestamp(), slot.end.timestamp());
    let mut conn = central.database.bare().await;
    let row = (counsellor.as_str(), None, None, start, end, true, false, None);
    insert(&mut conn, "elsewhere", row).await.expect("a meeting elsewhere");
    let head = desk.cursors[&desk.scope()];
    let mut wanted = book(&settings, &slot);
    let open = desk.enquiries().into_iter().find(|e| e.status.open()).expect("an open enquiry");
    wanted.enquiry = Some(open.id);
    let verdict = desk.give(receptionist(&settings), &Command::Book(wanted.clone())).await;
    let Verdict::Refused { refusal } = verdict else { panic!("expected a refusal, got {verdict:?}") };
    assert_eq!((refusal.code, refusal.alternatives.len()), (RefusalCode::SlotTaken, 3));
    assert_eq!(desk.cursors[&desk.scope()], head, "nothing of it is left in the feed");
    // With a reason it may be; and the queue has gone on.
    wanted.override_reason = Some("Entretien en visioconférence".into());
    let verdict = desk.give(receptionist(&settings), &Command::Book(wanted)).await;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    assert!(desk.cursors[&desk.scope()] > head);
    let foreign = abbeville();
    sqlx::query("UPDATE appointment SET blocking = false WHERE id = 'elsewhere' AND scope = 'office:' || $1")
        .bind(foreign.as_str())
        .execute(&mut conn)
        .await
        .expect("taken out again");
    conn.close().await.expect("closed");
    central.running.shutdown().await;
}
