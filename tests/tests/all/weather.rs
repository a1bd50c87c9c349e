//! Bad weather on the line: what answers is slow, cut, held back or somebody else; the clock is wrong. Each is said, none
//! stops work at the desk, and afterwards nothing is lost or done twice.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use passerelle_central::administration::{self, By, NewOffice};
use passerelle_central::server::{Config, spawn};
use passerelle_domain::ids::Uai;
use passerelle_domain::people::{Person, Role, Title};
use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use passerelle_office::store::Enrolment;
use passerelle_office::sync;
use passerelle_tests::dice::Dice;
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};

use crate::parts::{AMIENS, Town, call, draft, free_slots, then};
use crate::replicas::{at_central, at_desk};

/// What becomes of bytes on their way.
#[derive(Debug, Clone, Copy)]
enum Weather {
    Fair,
    /// Each part comes so much later.
    Late(Duration),
    /// The line breaks when so many bytes have gone up.
    CutUp(usize),
    /// The line breaks when so many bytes have come down.
    CutDown(usize),
    /// One byte comes down in so much time.
    Drip(Duration),
    /// Nothing comes down before the line has been silent for so long: a proxy that buffers.
    Buffer(Duration),
}

/// A weather, and how many there were before it: what is cut is counted from its beginning, for a connection lives on.
type Now = Arc<Mutex<(u64, Weather)>>;

/// A line to central with a weather.
struct Line {
    here: SocketAddr,
    weather: Now,
}

impl Line {
    async fn to(url: &str) -> Self {
        let central: SocketAddr = url.trim_start_matches("http://").parse().expect("an address");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let here = listener.local_addr().expect("an address");
        let weather = Arc::new(Mutex::new((0, Weather::Fair)));
        let shared = Arc::clone(&weather);
        tokio::spawn(async move {
            while let Ok((desk, _)) = listener.accept().await {
                let weather = Arc::clone(&shared);
                tokio::spawn(async move {
                    let Ok(central) = TcpStream::connect(central).await else { return };
                    carry(desk, central, weather).await;
                });
            }
        });
        Self { here, weather }
    }

    fn now(&self, weather: Weather) {
        let mut now = self.weather.lock().expect("a lock");
        *now = (now.0 + 1, weather);
    }
}

async fn carry(mut desk: TcpStream, mut central: TcpStream, now: Now) {
    let (mut up, mut down) = (vec![0; 16_384], vec![0; 16_384]);
    let (mut before, mut weather) = *now.lock().expect("a lock");
    let (mut went, mut came) = (0, 0);
    let mut kept: Vec<u8> = Vec::new();
    loop {
        let silence = match weather {
            Weather::Buffer(long) if !kept.is_empty() => long,
            _ => Duration::from_secs(3_600),
        };
        tokio::select! {
            read = desk.read(&mut up) => {
                let Some(n) = read.ok().filter(|n| *n > 0) else { return };
                let (nth, present) = *now.lock().expect("a lock");
                if nth != before {
                    (before, weather, went, came) = (nth, present, 0, 0);
                }
                let n = if let Weather::CutUp(most) = weather { n.min(most - went.min(most)) } else { n };
                went += n;
                if let Weather::Late(late) = weather {
                    tokio::time::sleep(late).await;
                }
                if n == 0 || central.write_all(&up[..n]).await.is_err() {
                    return;
                }
            }
            read = central.read(&mut down) => {
                let Some(n) = read.ok().filter(|n| *n > 0) else { return };
                let n = if let Weather::CutDown(most) = weather { n.min(most - came.min(most)) } else { n };
                came += n;
                let bytes = &down[..n];
                let written = match weather {
                    Weather::Buffer(_) => {
                        kept.extend_from_slice(bytes);
                        Ok(())
                    }
                    Weather::Drip(each) => drip(&mut desk, bytes, each).await,
                    Weather::Late(late) => {
                        tokio::time::sleep(late).await;
                        desk.write_all(bytes).await
                    }
                    _ => desk.write_all(bytes).await,
                };
                if n == 0 || written.is_err() {
                    return;
                }
            }
            () = tokio::time::sleep(silence) => {
                if desk.write_all(&kept).await.is_err() {
                    return;
                }
                kept.clear();
            }
        }
    }
}

async fn drip(desk: &mut TcpStream, bytes: &[u8], each: Duration) -> std::io::Result<()> {
    for byte in bytes {
        desk.write_all(&[*byte]).await?;
        tokio::time::sleep(each).await;
    }
    Ok(())
}

/// Longest time that a booking at the desk may take, whatever the line does; a debug build on a busy machine.
const LOCAL: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_line_does_work_goes_on_and_everything_arrives_once() {
    const SEED: u64 = 5;
    let mut town = Town::start().await;
    let line = Line::to(&town.url).await;
    town.url = format!("http://{}", line.here);
    let desk = town.desk("a").await;
    let mut dice = Dice::new(SEED);
    let (kind, slots) = free_slots(&desk, 30).await;
    let (mut failed, mut done) = (0, 0);
    for (round, slot) in slots.iter().enumerate() {
        let weather = match round % 6 {
            0 => Weather::CutUp(dice.below(3_000)),
            1 => Weather::CutDown(dice.below(3_000)),
            2 => Weather::Late(dice.millis(120)),
            3 => Weather::Buffer(dice.millis(300)),
            // A byte a second, as far as anybody would wait for it.
            4 => Weather::Drip(Duration::from_secs(1)),
            _ => Weather::Fair,
        };
        line.now(weather);
        let exchange = {
            let desk = desk.clone();
            tokio::spawn(async move { tokio::time::timeout(Duration::from_secs(2), sync::once(&desk)).await })
        };
        tokio::time::sleep(dice.millis(40)).await;
        let begun = Instant::now();
        call(&desk, "appointments.book", draft(&kind, slot, &format!("Tour {round}"))).await;
        assert!(
            begun.elapsed() < LOCAL,
            "seed {SEED}, {weather:?}: the desk waits for the line: {:?}",
            begun.elapsed()
        );
        match exchange.await.expect("it ends") {
            Ok(Ok(_)) => done += 1,
            _ => failed += 1,
        }
    }
    assert!(
        failed > 5 && done > 5,
        "{failed} exchanges failed, {done} were done: the weather proves nothing"
    );
    line.now(Weather::Fair);
    let mut report = sync::once(&desk).await.expect("fair weather");
    if report.pending > 0 {
        report = sync::once(&desk).await.expect("fair weather");
    }
    assert_eq!((report.pending, report.conflicts), (0, 0), "seed {SEED}: {report:?}");
    let central = at_central(&town).await;
    assert!(at_desk(&desk).await == central, "seed {SEED}: the desk has what central has");
    let ours = |entity: &str, at: &str| {
        central.iter().filter(|((e, _), (_, doc))| e == entity && doc[at] == "Essai").count()
    };
    assert_eq!(ours("client", "family_name"), slots.len(), "seed {SEED}: each person once");
}

/// The same desk, with another address for central.
async fn moved(desk: &Desk, url: &str) {
    let enrolment = desk.enrolment().expect("enrolled");
    let elsewhere = Enrolment { central: Some(url.to_owned()), ..(*enrolment).clone() };
    desk.enrol(elsewhere).await.expect("written");
}

/// Somebody who speaks TLS with a certificate that nobody here has reason to trust.
async fn impostor(years: std::ops::Range<i32>) -> String {
    let key = rcgen::KeyPair::generate().expect("a key");
    let mut certificate =
        rcgen::CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("names");
    certificate.not_before = rcgen::date_time_ymd(years.start, 1, 1);
    certificate.not_after = rcgen::date_time_ymd(years.end, 1, 1);
    let certificate = certificate.self_signed(&key).expect("a certificate");
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .expect("a server");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let url = format!("https://127.0.0.1:{}", listener.local_addr().expect("an address").port());
    tokio::spawn(async move {
        while let Ok((line, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            // The other side hangs up.
            tokio::spawn(async move { acceptor.accept(line).await.map(drop) });
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_show_to_be_central_is_told_from_a_wrong_date_and_is_told_nothing() {
    let town = Town::start().await;
    let desk = town.desk("a").await;
    let (kind, slots) = free_slots(&desk, 3).await;
    let trusted = impostor(2000..2200).await;
    let past = impostor(2000..2001).await;
    let future = impostor(2199..2200).await;
    let cases =
        [(trusted, "untrusted_certificate"), (past, "certificate_date"), (future, "certificate_date")];
    for ((url, code), slot) in cases.iter().zip(&slots) {
        moved(&desk, url).await;
        call(&desk, "appointments.book", draft(&kind, slot, code)).await;
        let error = sync::once(&desk).await.expect_err("it is not believed");
        assert_eq!(error.code(), *code, "{error}");
        assert_eq!(call(&desk, "status.get", json!({})).await["offline_code"], *code, "it is shown");
    }
    moved(&desk, &town.url).await;
    let report = sync::once(&desk).await.expect("the real one");
    assert_eq!(
        (report.accepted, report.pending),
        (6, 0),
        "three people and three meetings waited: {report:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_of_ipv6_alone_is_a_network() {
    let folder = TempDir::new().expect("a folder");
    let config = Config {
        database: folder.path().join("central.db").into(),
        listen: "[::1]:0".parse().expect("an address"),
        demo: true,
        now: Some(then()),
        poll_s: None,
        read_replica: None,
    };
    let central =
        spawn(config).await.expect("central starts on ::1: this machine needs IPv6 on its loopback");
    assert!(central.url().starts_with("http://[::1]:"), "{}", central.url());
    let clock = Clock::starting_at(then());
    let profile = folder.path().join("a");
    let desk =
        sync::enrol(&profile, &central.url(), &format!("DEMO-{AMIENS}"), "a", clock).await.expect("enrolled");
    assert!(sync::once(&desk).await.expect("an exchange").pulled > 100);
    // Its other address is not there, which is said as such and stops nothing.
    moved(&desk, &central.url().replace("[::1]", "127.0.0.1")).await;
    let (kind, slots) = free_slots(&desk, 1).await;
    call(&desk, "appointments.book", draft(&kind, &slots[0], "Seule")).await;
    assert_eq!(sync::once(&desk).await.expect_err("nobody listens there").code(), "unreachable");
    moved(&desk, &central.url()).await;
    assert_eq!(sync::once(&desk).await.expect("an exchange").accepted, 2);
    central.shutdown().await;
}

/// A central with real data, and a person of its one office.
async fn real(folder: &TempDir) -> (passerelle_central::Running, Uai) {
    let config = Config {
        database: folder.path().join("central.db").into(),
        listen: ([127, 0, 0, 1], 0).into(),
        demo: false,
        now: None,
        poll_s: None,
        read_replica: None,
    };
    let central = spawn(config).await.expect("central starts");
    let store = &central.service().store;
    let uai: Uai = AMIENS.parse().expect("a code");
    let office = NewOffice {
        uai: uai.clone(),
        name: "CIO d’essai".into(),
        town: "Amiens".into(),
        address: "1 rue de l’Essai".into(),
        postal_code: "80090".into(),
        phone: None,
        mail: None,
    };
    let by = By::command_line(chrono::Utc::now());
    administration::add_office(store, office, &by).await.expect("an office");
    let person = Person {
        id: administration::person_id(),
        login: "accueil".into(),
        title: Title::Mme,
        given_name: "Anne".into(),
        family_name: "Essai".into(),
        role: Role::Receptionist,
        usual_place: None,
        active: true,
    };
    administration::add_user(store, &uai, &person, &by).await.expect("a person");
    (central, uai)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_a_day_off_is_shown_and_stops_nothing() {
    let folder = TempDir::new().expect("a folder");
    let (central, uai) = real(&folder).await;
    for (name, off) in [
        ("fast", chrono::TimeDelta::days(1)),
        ("slow", -chrono::TimeDelta::days(1)),
        ("right", chrono::TimeDelta::zero()),
    ] {
        let service = central.service();
        let code = administration::desk_code(&service.store, &uai, &By::command_line(service.now()))
            .await
            .expect("a code");
        let clock = Clock::starting_at(chrono::Utc::now() + off);
        let desk = sync::enrol(&folder.path().join(name), &central.url(), &code, name, clock)
            .await
            .expect("enrolled");
        sync::once(&desk).await.expect("no clock stops an exchange");
        let settings = desk.settings().await.expect("readable").expect("the office");
        desk.act_as(*settings.people.keys().next().expect("a person"));
        let status = call(&desk, "status.get", json!({})).await;
        assert_eq!(status["online"], true, "{name}");
        match status["clock_off_s"].as_i64() {
            None => assert_eq!(name, "right", "{status}"),
            Some(shown) => assert!((shown - off.num_seconds()).abs() < 60, "{name}: {status}"),
        }
        let client = json!({
            "family_name": "Horloge", "given_name": name, "birth_date": "04/03/2010", "guardians": [],
        });
        call(&desk, "clients.save", client).await;
        let report = sync::once(&desk).await.expect("an exchange");
        assert_eq!((report.accepted, report.refused, report.pending), (1, 0, 0), "{name}: {report:?}");
    }
    central.shutdown().await;
}
