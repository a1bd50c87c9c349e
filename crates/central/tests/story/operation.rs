//! What whoever runs the service sees of it: its measures, and how it ends.

use passerelle_domain::Command;

use crate::office::{Central, amiens, book, receptionist};

#[tokio::test]
async fn measures_say_how_much_and_nothing_of_anybody() {
    let mut central = Central::start().await;
    let local = "127.0.0.1:0".parse().expect("an address");
    let measures = central.running.serve_metrics(local).await.expect("another address");
    let settings = central.settings(&amiens()).await;
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let slot = desk.free(&settings)[0].clone();
    let who = receptionist(&settings);
    for _ in 0..2 {
        desk.give(who, &Command::Book(book(&settings, &slot))).await;
    }
    desk.token.clear();
    assert_eq!(desk.post(&desk.request(&[], 10)).await.status().as_u16(), 401);
    let open = central.url("/metrics");
    let other = reqwest::get(open).await.expect("an answer").status().as_u16();
    assert_eq!(other, 404, "they are not where families and desks are");

    let answer = reqwest::get(format!("http://{measures}/metrics")).await.expect("an answer");
    let kind = answer.headers()["content-type"].to_str().expect("a text").to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = answer.text().await.expect("a text");
    let value = |name: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{name} is missing:\n{text}"))
    };
    for (name, expected) in [
        ("passerelle_commands_total{verdict=\"accepted\"}", 1.0),
        ("passerelle_commands_total{verdict=\"slot_taken\"}", 1.0),
        ("passerelle_requests_total{route=\"/v1/sync\",status=\"401\",code=\"token_expired\"}", 1.0),
        ("passerelle_offices", 12.0),
        ("passerelle_stopping", 0.0),
        ("passerelle_requests_under_way", 0.0),
    ] {
        assert!((value(name) - expected).abs() < f64::EPSILON, "{name} is {}", value(name));
    }
    for (name, least) in [
        ("passerelle_requests_total{route=\"/v1/sync\",status=\"200\",code=\"ok\"}", 3.0),
        ("passerelle_request_seconds_count{route=\"/v1/sync\"}", 4.0),
        ("passerelle_store_wait_seconds_count{kind=\"write\"}", 2.0),
        ("passerelle_store_connections{pool=\"writers\",state=\"most\"}", 1.0),
        ("passerelle_office_changes", 1_000.0),
        ("passerelle_resident_memory_bytes", 1e6),
    ] {
        assert!(value(name) >= least, "{name} is {}", value(name));
    }
    assert!(text.ends_with("# EOF\n"), "a whole exposition");
    for secret in [amiens().as_str(), "Amiens", "Dupont", &desk.id.to_string()] {
        assert!(!text.contains(secret), "{secret} is nobody’s business:\n{text}");
    }
    central.running.shutdown().await;
    let gone = reqwest::get(format!("http://{measures}/metrics")).await;
    assert!(gone.is_err(), "it ends with the service");
}

#[cfg(unix)]
mod ending {
    use std::process::Command as Program;
    use std::time::{Duration, Instant};

    use passerelle_protocol::enrol::Enrolled;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use crate::database::Own;
    use crate::office::{amiens, enrol_request, problem, signing_key};
    use crate::process::Process;

    fn tell_to_stop(process: &Process) {
        let told = Program::new("kill").args(["-TERM", &process.child.id().to_string()]).status();
        assert!(told.expect("kill").success());
    }

    /// Its exit code, once it has ended by itself.
    async fn ended(process: &mut Process, within: Duration) -> Option<i32> {
        let begun = Instant::now();
        loop {
            if let Some(status) = process.child.try_wait().expect("a status") {
                return status.code();
            }
            assert!(begun.elapsed() < within, "it did not end within {within:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// An enrolment of which half has been sent.
    async fn half_sent(process: &Process) -> (TcpStream, Vec<u8>) {
        let address = process.url.trim_start_matches("http://").to_owned();
        let request = enrol_request(&format!("DEMO-{}", amiens()), &signing_key());
        let body = serde_json::to_vec(&request).expect("JSON");
        let (first, rest) = body.split_at(body.len() / 2);
        let head = format!(
            "POST /v1/desks HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let mut line = TcpStream::connect(&address).await.expect("a connection");
        line.write_all(&[head.as_bytes(), first].concat()).await.expect("sent");
        // It is read before anything else is asked.
        tokio::time::sleep(Duration::from_millis(300)).await;
        (line, rest.to_vec())
    }

    #[tokio::test]
    async fn what_is_under_way_ends_well_and_nothing_new_begins() {
        let own = Own::filled().await;
        let mut process = Process::with(&own.url(), &["--grace", "8"]);
        let (mut line, rest) = half_sent(&process).await;
        tell_to_stop(&process);
        let url = |path: &str| format!("{}{path}", process.url);
        let mut said = reqwest::get(url("/readyz")).await.expect("an answer");
        for _ in 0..50 {
            if !said.status().is_success() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            said = reqwest::get(url("/readyz")).await.expect("an answer");
        }
        assert_eq!(said.status().as_u16(), 503);
        assert_eq!(said.headers()["retry-after"], "5");
        assert_eq!(problem(said).await.code, "stopping", "a proxy sends requests elsewhere");
        let new = reqwest::Client::new().post(url("/v1/token")).body("{}").send().await.expect("an answer");
        assert_eq!(problem(new).await.code, "stopping");
        let alive = reqwest::get(url("/healthz")).await.expect("an answer").status().as_u16();
        assert_eq!(alive, 200, "it still lives");

        line.write_all(&rest).await.expect("it is still listened to");
        let mut answer = String::new();
        line.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        let enrolled: Enrolled = serde_json::from_str(body).expect("an enrolment");
        let begun = Instant::now();
        assert_eq!(ended(&mut process, Duration::from_secs(6)).await, Some(0));
        assert!(
            begun.elapsed() < Duration::from_secs(4),
            "at once, once nothing is under way: {:?}",
            begun.elapsed()
        );
        let mut conn = own.bare().await;
        let ids: Vec<String> =
            sqlx::query_scalar("SELECT id FROM desk").fetch_all(&mut conn).await.expect("desks");
        assert!(ids.contains(&enrolled.desk.to_string()), "what was answered is there");
    }

    #[tokio::test]
    async fn what_never_ends_is_cut() {
        let own = Own::filled().await;
        let mut process = Process::with(&own.url(), &["--grace", "1"]);
        let (mut line, rest) = half_sent(&process).await;
        tell_to_stop(&process);
        let begun = Instant::now();
        assert_eq!(ended(&mut process, Duration::from_secs(8)).await, Some(0));
        assert!(
            begun.elapsed() >= Duration::from_millis(900),
            "it was given its second: {:?}",
            begun.elapsed()
        );
        let _ = line.write_all(&rest).await;
        let mut answer = String::new();
        let _ = line.read_to_string(&mut answer).await;
        assert!(!answer.contains("201"), "nothing was promised: {answer}");
    }

    #[tokio::test]
    async fn a_proxy_is_given_time_to_see_it() {
        let own = Own::filled().await;
        // Long enough for a machine on which a hundred other tests are run.
        let mut process = Process::with(&own.url(), &["--drain", "6", "--grace", "1"]);
        let proxy = reqwest::Client::new();
        tell_to_stop(&process);
        let begun = Instant::now();
        tokio::time::sleep(Duration::from_millis(700)).await;
        let said = proxy.get(format!("{}/readyz", process.url)).send().await.expect("it still answers");
        assert_eq!(problem(said).await.code, "stopping");
        assert_eq!(ended(&mut process, Duration::from_secs(20)).await, Some(0));
        assert!(begun.elapsed() >= Duration::from_millis(5_900), "{:?}", begun.elapsed());
    }
}
