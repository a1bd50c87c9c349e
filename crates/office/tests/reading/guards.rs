//! The desk's database by itself, with the rules bypassed: what it refuses, what it lets through, and how it looks it up.

use passerelle_office::store::{Store, profile_database};
use sqlx::{Connection, SqliteConnection};

/// Counsellors ("a" or "a+b"), room, client, start, end, session.
type Row<'a> = (&'a str, Option<&'a str>, Option<&'a str>, i64, i64, Option<&'a str>);

async fn insert(db: &mut SqliteConnection, id: &str, row: Row<'_>, overridden: bool) -> Result<(), String> {
    let (counsellors, room, client, start, end, session) = row;
    let (first, second) = counsellors.split_once('+').map_or((counsellors, None), |(a, b)| (a, Some(b)));
    sqlx::query(
        "INSERT INTO appointment (id, rev, kind, counsellor, second, site, room, client, start_s, end_s, status,
           session, seat, capacity, overridden, doc)
         VALUES (?1, 1, 'k', ?2, ?3, 's', ?4, ?5, ?6, ?7, 'booked', ?8, ?5 IS NOT NULL, 2, ?9, '{}')",
    )
    .bind(id)
    .bind(first)
    .bind(second)
    .bind(room)
    .bind(client)
    .bind(start)
    .bind(end)
    .bind(session)
    .bind(overridden)
    .execute(db)
    .await
    .map(drop)
    .map_err(|e| e.as_database_error().map_or_else(|| e.to_string(), |e| e.message().to_owned()))
}

async fn empty() -> (tempfile::TempDir, SqliteConnection) {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = folder.path().join("profile");
    Store::create(&profile).await.expect("a database").close().await;
    let url = format!("sqlite:{}", profile_database(&profile).display());
    (folder, SqliteConnection::connect(&url).await.expect("a connection"))
}

#[tokio::test]
async fn the_triggers_alone_refuse_two_at_once_and_a_seat_too_many() {
    let (_folder, mut db) = empty().await;
    let refused = |what: &str| Err(format!("overlap:{what}"));
    for (id, row, expected) in [
        ("pair", ("a+b", Some("r"), Some("c"), 1000, 2000, None), Ok(())),
        ("first by first", ("a", None, None, 1999, 2500, None), refused("counsellor")),
        ("first by second", ("b", None, None, 500, 1001, None), refused("counsellor")),
        ("second by first", ("x+a", None, None, 1500, 1600, None), refused("counsellor")),
        ("second by second", ("x+b", None, None, 1500, 1600, None), refused("counsellor")),
        ("room", ("x", Some("r"), None, 1500, 1600, None), refused("room")),
        ("client", ("x", None, Some("c"), 1500, 1600, None), refused("client")),
        ("longer than a day", ("x", None, None, 0, 86_401, None), Err("appointment:length".into())),
        ("touching", ("b+a", Some("r"), Some("c"), 2000, 2500, None), Ok(())),
        ("session", ("t+u", Some("h"), None, 1000, 2000, Some("g")), Ok(())),
        ("one", ("t+u", Some("h"), Some("d"), 1000, 2000, Some("g")), Ok(())),
        ("the same once more", ("t+u", Some("h"), Some("d"), 1000, 2000, Some("g")), refused("client")),
        ("another session", ("u", None, None, 1000, 2000, Some("g2")), refused("counsellor")),
        ("two", ("t+u", Some("h"), Some("e"), 1000, 2000, Some("g")), Ok(())),
        ("three of two", ("t+u", Some("h"), Some("f"), 1000, 2000, Some("g")), refused("capacity")),
    ] {
        assert_eq!(insert(&mut db, id, row, false).await, expected, "{id}");
    }
    insert(&mut db, "a chair", ("t+u", Some("h"), Some("f"), 1000, 2000, Some("g")), true)
        .await
        .expect("with a reason");
    insert(&mut db, "over", ("a", None, None, 1500, 2500, None), true).await.expect("with a reason");
    insert(&mut db, "apart", ("y", None, None, 1000, 2000, None), false).await.expect("somebody else");
    for (what, sql, good) in [
        ("moved into a meeting of two", "UPDATE appointment SET start_s = 1999 WHERE id = 'touching'", false),
        ("a second who is taken", "UPDATE appointment SET second = 'b' WHERE id = 'apart'", false),
        ("the reason taken back", "UPDATE appointment SET overridden = 0 WHERE id = 'over'", false),
        ("a room that is taken", "UPDATE appointment SET room = 'r' WHERE id = 'apart'", false),
        ("somebody who is elsewhere", "UPDATE appointment SET client = 'c' WHERE id = 'apart'", false),
        ("longer than a day", "UPDATE appointment SET end_s = start_s + 86401 WHERE id = 'apart'", false),
        ("cancelled", "UPDATE appointment SET status = 'cancelled' WHERE id = 'apart'", true),
        (
            "what is cancelled may lie anywhere",
            "UPDATE appointment SET room = 'r', client = 'c' WHERE id = 'apart'",
            true,
        ),
        (
            "back to life in a taken room",
            "UPDATE appointment SET status = 'booked' WHERE id = 'apart'",
            false,
        ),
        (
            "as long as it is in nobody’s way",
            "UPDATE appointment SET status = 'booked', room = NULL, client = NULL WHERE id = 'apart'",
            true,
        ),
        ("deleted", "DELETE FROM appointment WHERE id = 'apart'", false),
        ("marked in a full session", "UPDATE appointment SET status = 'arrived' WHERE id = 'one'", true),
        ("excused", "UPDATE appointment SET status = 'excused' WHERE id = 'two'", true),
        ("back though the seat is given", "UPDATE appointment SET status = 'booked' WHERE id = 'two'", false),
        // While a session moves, its rows are written one after the other.
        ("on the way", "UPDATE appointment SET start_s = 1500, end_s = 2500 WHERE id = 'session'", true),
        ("and the rest", "UPDATE appointment SET start_s = 1500, end_s = 2500 WHERE session = 'g'", true),
    ] {
        let done = sqlx::query(sql).execute(&mut db).await;
        assert_eq!(done.is_ok(), good, "{what}: {done:?}");
    }
    db.close().await.expect("closed");
}

#[tokio::test]
async fn an_old_clash_does_not_keep_a_meeting_from_being_marked() {
    let (_folder, mut db) = empty().await;
    insert(&mut db, "1", ("a", None, None, 1000, 2000, None), false).await.expect("one");
    insert(&mut db, "2", ("a", None, None, 1500, 2500, None), true).await.expect("with a reason");
    // As a version without this rule might have left it.
    sqlx::query("DROP TRIGGER appointment_no_overlap_update").execute(&mut db).await.expect("dropped");
    sqlx::query("UPDATE appointment SET overridden = 0").execute(&mut db).await.expect("two at once");
    let trigger = include_str!("../../../../migrations/local/0004_two_counsellors.sql");
    let trigger =
        &trigger[trigger.find("CREATE TRIGGER appointment_no_overlap_update").expect("the trigger")..];
    sqlx::raw_sql(trigger).execute(&mut db).await.expect("as it is again");
    for (sql, good) in [
        ("UPDATE appointment SET status = 'arrived', doc = '{}' WHERE id = '1'", true),
        ("UPDATE appointment SET end_s = 2100 WHERE id = '1'", false),
    ] {
        let done = sqlx::query(sql).execute(&mut db).await;
        assert_eq!(done.is_ok(), good, "{sql}: {done:?}");
    }
    db.close().await.expect("closed");
}

#[tokio::test]
async fn what_the_triggers_ask_is_looked_up_and_never_searched_through() {
    let (_folder, mut db) = empty().await;
    let overlap = "a.start_s < 2000 AND a.start_s > 1000 AND a.end_s > 1500 AND a.overridden = 0";
    for (condition, index) in [
        ("a.counsellor IN ('x', 'y')", "appointment_by_counsellor"),
        ("a.second IN ('x', 'y')", "appointment_by_second"),
        ("a.room = 'x'", "appointment_by_room"),
        ("a.client = 'x'", "appointment_by_client"),
        ("a.session = 'x' AND a.seat = 1", "appointment_by_session"),
    ] {
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT 1 FROM appointment a WHERE a.blocking = 1 AND {condition} AND {overlap}"
        );
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut db).await.expect("a plan");
        let said: Vec<&str> = plan.iter().map(|(.., detail)| detail.as_str()).collect();
        assert!(
            said.iter().all(|d| d.starts_with("SEARCH") && d.contains(index)),
            "{condition}: expected a search by {index}, got {said:?}"
        );
    }
    db.close().await.expect("closed");
}
