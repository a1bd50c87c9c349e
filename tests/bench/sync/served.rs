//! Central in a process of its own, as it runs in life: what it takes of memory is its own, and what it says goes over a
//! socket.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use chrono::{DateTime, Utc};
use passerelle_central::store::Location;
use passerelle_central::{Config, spawn};

/// A running central. It ends with this value.
pub struct Central {
    process: Child,
    pub url: String,
}

impl Central {
    /// Starts one on a database, with the clock of a demonstration, so that any number of desks can be enrolled. Port 0
    /// takes a free one.
    pub fn start(database: &str, now: DateTime<Utc>, port: u16) -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut process = Command::new(program)
            .args(["--serve", database, &now.to_rfc3339(), &port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut url = String::new();
        let said = process.stdout.take().expect("its output");
        BufReader::new(said).read_line(&mut url).expect("it says its address");
        assert!(url.starts_with("http://"), "central did not start on {database}");
        Self { process, url: url.trim().to_owned() }
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.url.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port")
    }
}

impl Central {
    /// The most memory that it has had at once, megabytes: `VmHWM` of proc(5), which is in kibibytes.
    pub fn most_memory_mb(&self) -> f64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its memory");
        let kibibytes: f64 =
            line.trim().strip_suffix("kB").and_then(|n| n.trim().parse().ok()).expect("a number");
        kibibytes * 1_024.0 / 1e6
    }
}

impl Drop for Central {
    fn drop(&mut self) {
        // Its input closes: it stops as it does when it is told to.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// What the process of a central does: says where it listens, and stops when its input closes.
pub fn alone(database: &str, now: &str, port: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let config = Config {
            database: Location::parse(database).expect("a database"),
            listen: ([127, 0, 0, 1], port.parse().expect("a port")).into(),
            demo: true,
            now: Some(now.parse().expect("an instant")),
            poll_s: Some(60),
            read_replica: None,
        };
        let running = spawn(config).await.expect("central starts");
        println!("{}", running.url());
        let closed = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
        let _ = closed.await;
        running.shutdown().await;
    });
}
