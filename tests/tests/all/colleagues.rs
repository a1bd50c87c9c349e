//! Central is out of reach and the desks of an office see one another: over a real line between them, with central over HTTP
//! before and after.

use std::time::{Duration, Instant};

use passerelle_central::administration::{self, By};
use passerelle_office::desk::Desk;
use passerelle_office::store::meta_keys as k;
use passerelle_office::sync;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::line::Line;
use crate::parts::{Town, call, draft, free_slots, refused};

async fn id_of(desk: &Desk) -> passerelle_domain::ids::DeskId {
    desk.store().enrolment().await.expect("the database").expect("an enrolment").desk
}

/// A port that nobody listens to.
async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Three desks of an office; the first is its reception and hears the others.
struct Office {
    town: Town,
    a: Desk,
    b: Desk,
    c: Desk,
    port: u16,
    listens: JoinHandle<()>,
}

impl Office {
    async fn start() -> Self {
        let town = Town::start().await;
        let (a, b, c) = (town.desk("accueil").await, town.desk("b").await, town.desk("c").await);
        let service = town.central.as_ref().expect("central runs").service();
        let by = By::command_line(service.now());
        administration::set_reception(&service.store, id_of(&a).await, true, &by).await.expect("a desk");
        let port = free_port().await;
        a.store().set_meta(&[(k::LISTEN_PORT, Some(&port.to_string()))]).await.expect("written");
        let listens = tokio::spawn({
            let a = a.clone();
            async move { sync::listen_to_colleagues(&a).await }
        });
        let office = Self { town, a, b, c, port, listens };
        for desk in office.desks() {
            sync::once(desk).await.expect("an exchange");
            sync::learn_colleagues(desk).await.expect("central says who they are");
        }
        // Listening began with the task.
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", office.port)).await.is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "the reception listens");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        office
    }

    fn desks(&self) -> [&Desk; 3] {
        [&self.a, &self.b, &self.c]
    }

    /// Central is gone, and all have noticed.
    async fn cut(&mut self) -> u16 {
        let port = self.town.stop().await;
        for desk in self.desks() {
            sync::once(desk).await.expect_err("nobody answers");
        }
        port
    }

    /// All exchange until nothing waits any more.
    async fn settle(&self) {
        for _ in 0..6 {
            for desk in self.desks() {
                sync::once(desk).await.expect("an exchange");
            }
        }
        for desk in self.desks() {
            assert_eq!(desk.store().pending().await.expect("the outbox"), 0, "nothing waits");
            assert_eq!(
                desk.store().of_colleagues().await.expect("colleagues"),
                [],
                "nothing of others either"
            );
        }
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.listens.abort();
    }
}

async fn share(desk: &Desk) -> Option<u32> {
    sync::share(desk).await.expect("the database")
}

async fn book(desk: &Desk, kind: &str, slot: &Value, who: &str) -> Value {
    call(desk, "appointments.book", draft(kind, slot, who)).await["appointment"]["id"].clone()
}

async fn seen(desk: &Desk, id: &Value) -> Value {
    call(desk, "appointments.get", json!({ "id": id })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn desks_of_an_office_keep_one_agenda_without_central_and_all_of_it_is_accepted_afterwards() {
    let mut office = Office::start().await;
    let (kind, slots) = free_slots(&office.a, 4).await;
    let port = office.cut().await;
    let (a, b, c) = (&office.a, &office.b, &office.c);
    let first = book(b, &kind, &slots[0], "Un").await;
    assert_eq!(seen(b, &first).await["standing"], "reserved", "nobody has given a word for it yet");
    assert_eq!(share(b).await, Some(2), "the reception and this desk");
    assert_eq!(
        seen(b, &first).await["standing"],
        "guaranteed",
        "the reception holds the half-day, and has it"
    );
    assert_eq!(seen(a, &first).await["standing"], "guaranteed", "it is in the reception’s agenda");
    let (code, params) = refused(a, "appointments.book", draft(&kind, &slots[0], "Deux")).await;
    assert_eq!(code, "slot_taken", "nobody is booked twice");
    assert!(params["alternatives"].as_array().is_some_and(|a| !a.is_empty()), "{params}");
    let second = book(a, &kind, &slots[1], "Deux").await;
    assert_eq!(share(c).await, Some(3));
    for id in [&first, &second] {
        assert_eq!(seen(c, id).await["standing"], "guaranteed", "the third desk sees both");
    }
    let (code, _) = refused(c, "appointments.book", draft(&kind, &slots[1], "Trois")).await;
    assert_eq!(code, "slot_taken");
    // What one has just freed, another gives again.
    call(a, "appointments.set_status", json!({ "id": second, "status": "cancelled", "reason": "absent" }))
        .await;
    share(c).await;
    let third = book(c, &kind, &slots[1], "Trois").await;
    share(c).await;
    share(b).await;
    assert_eq!(seen(b, &third).await["status"], "booked");
    assert_eq!(seen(b, &second).await["status"], "cancelled");
    // Those who come back first have the reception's word; it comes back last.
    office.town.resume(port).await;
    for desk in [&office.b, &office.c] {
        let report = sync::once(desk).await.expect("an exchange");
        assert_eq!((report.refused, report.conflicts), (0, 0), "{report:?}");
    }
    assert_eq!(office.b.store().pending().await.expect("the outbox"), 0, "b’s own went first");
    assert!(office.c.store().pending().await.expect("the outbox") > 0, "c’s waits for what freed its place");
    office.settle().await;
    for desk in office.desks() {
        assert_eq!(call(desk, "conflicts.list", json!({})).await, json!([]));
        assert_eq!(seen(desk, &first).await["standing"], "confirmed");
        assert_eq!(seen(desk, &third).await["standing"], "confirmed");
        assert_eq!(seen(desk, &second).await["status"], "cancelled");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_gave_the_same_place_before_they_heard_of_one_another_learn_it_without_central() {
    let mut office = Office::start().await;
    let (kind, slots) = free_slots(&office.a, 1).await;
    office.cut().await;
    let (a, b) = (&office.a, &office.b);
    let kept = book(a, &kind, &slots[0], "Un").await;
    let late = book(b, &kind, &slots[0], "Deux").await;
    share(b).await;
    assert_eq!(seen(b, &kept).await["status"], "booked", "the reception was first");
    let waiting = b.store().outbox().await.expect("the outbox");
    let doubtful: Vec<&str> =
        waiting.iter().filter(|row| row.doubtful).map(|row| row.kind.as_str()).collect();
    assert_eq!(doubtful, ["appointment.book"], "b’s own no longer holds, and is marked");
    let (code, _) = refused(b, "appointments.get", json!({ "id": late })).await;
    assert_eq!(code, "not_found", "one meeting stands there, not two");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_promises_what_central_may_have_refused_without_being_heard() {
    let mut office = Office::start().await;
    let line = Line::to(&office.town.url).await;
    let code = format!("DEMO-{}", crate::parts::AMIENS);
    let clock = passerelle_office::clock::Clock::starting_at(crate::parts::then());
    let d =
        sync::enrol(&office.town.profile("d"), &line.url(), &code, "Accueil", clock).await.expect("enrolled");
    sync::once(&d).await.expect("an exchange");
    for desk in [&office.a, &d] {
        sync::learn_colleagues(desk).await.expect("central says who they are");
    }
    let a = &office.a;
    let (kind, slots) = free_slots(a, 2).await;
    let first = book(a, &kind, &slots[0], "Un").await;
    sync::once(a).await.expect("an exchange");
    // Central refuses it, for the place is taken; the desk never hears of it.
    line.lose_answers(true);
    let lost = book(&d, &kind, &slots[0], "Deux").await;
    sync::once(&d).await.expect_err("the answer is lost");
    let cancelled = json!({ "id": first, "status": "cancelled", "reason": "absent" });
    call(a, "appointments.set_status", cancelled).await;
    sync::once(a).await.expect("an exchange");
    let port = office.town.stop().await;
    line.lose_answers(false);
    let sure = book(&d, &kind, &slots[1], "Trois").await;
    share(&d).await;
    share(&office.c).await;
    for desk in [&d, a, &office.c] {
        let standing = async |id| seen(desk, id).await["standing"].clone();
        assert_eq!(standing(&lost).await, "reserved", "it holds here, and central may have said no");
        assert_eq!(standing(&sure).await, "guaranteed", "this one was never sent");
    }
    office.town.resume(port).await;
    for desk in [a, &d, a, &office.c, &d] {
        sync::once(desk).await.expect("an exchange");
    }
    assert_eq!(seen(&d, &sure).await["standing"], "confirmed");
    let conflicts = call(&d, "conflicts.list", json!({})).await;
    assert_eq!(conflicts.as_array().map(Vec::len), Some(1), "central had refused it: {conflicts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_reception_that_answers_each_desk_goes_on_alone() {
    let mut office = Office::start().await;
    let (kind, slots) = free_slots(&office.a, 1).await;
    let port = office.cut().await;
    office.listens.abort();
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", office.port)).await.is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the port is closed");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(share(&office.b).await, None);
    let mine = book(&office.b, &kind, &slots[0], "Un").await;
    assert_eq!(seen(&office.b, &mine).await["standing"], "reserved");
    office.town.resume(port).await;
    office.settle().await;
    assert_eq!(seen(&office.a, &mine).await["standing"], "confirmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_desks_of_the_office_is_answered() {
    let mut office = Office::start().await;
    let (kind, slots) = free_slots(&office.a, 1).await;
    // A desk that is trusted no longer: the others hear so from central.
    let service = office.town.central.as_ref().expect("central runs").service();
    let by = By::command_line(service.now());
    administration::revoke_desk(&service.store, id_of(&office.c).await, &by).await.expect("a desk");
    for desk in [&office.a, &office.b] {
        sync::learn_colleagues(desk).await.expect("central says who they are");
    }
    office.cut().await;
    book(&office.a, &kind, &slots[0], "Un").await;
    assert_eq!(share(&office.c).await, None, "a desk that was removed is told nothing");
    assert_eq!(office.c.store().of_colleagues().await.expect("colleagues"), []);
    // Whoever is no desk at all: other words, half a message, a line that says nothing.
    for said in [&b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"[..], &[0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0], &[0xff; 4096]]
    {
        let mut line = TcpStream::connect(("127.0.0.1", office.port)).await.expect("a line");
        line.write_all(said).await.expect("written");
        line.shutdown().await.expect("ended");
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(20), line.read_to_end(&mut answer))
            .await
            .expect("it ends");
        assert!(answer.len() < 64, "no more than that it is refused: {} bytes", answer.len());
    }
    assert_eq!(share(&office.b).await, Some(2), "and colleagues are answered as before");
}
