//! The real program in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command as Program, Output, Stdio};

use serde_json::Value;

use crate::office::NOW;

pub fn program(args: &[&str]) -> Program {
    let mut program = Program::new(env!("CARGO_BIN_EXE_passerelle-central"));
    program
        .args(args)
        .env_remove("PASSERELLE_DATABASE")
        .env_remove("PASSERELLE_DATABASE_FILE")
        .env_remove("PASSERELLE_READ_REPLICA")
        .env_remove("PASSERELLE_READ_REPLICA_FILE")
        .env_remove("RUST_LOG");
    program
}

pub fn run(args: &[&str]) -> Output {
    program(args).output().expect("the program runs")
}

/// The same beside a service of this process, which goes on meanwhile: one that is in the middle of a transaction would keep
/// the program waiting for ever.
pub async fn run_beside(args: &[&str]) -> Output {
    let mut program = program(args);
    tokio::task::spawn_blocking(move || program.output().expect("the program runs")).await.expect("it ends")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("JSON alone on standard output")
}

/// A service in a process of its own, on a database of the demonstration.
pub struct Process {
    pub child: Child,
    pub url: String,
}

impl Process {
    pub fn start(database: &str) -> Self {
        Self::with(database, &[])
    }

    /// The same, with more options.
    pub fn with(database: &str, more: &[&str]) -> Self {
        let args = ["serve", "--database", database, "--listen", "127.0.0.1:0", "--demo", "--now", NOW];
        let mut child =
            program(&[&args, more].concat()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let mut lines = BufReader::new(child.stderr.take().expect("its errors")).lines();
        let url = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("à l’écoute sur ").map(|(_, url)| url.to_owned()))
            .expect("it says where it listens");
        // Its log must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // On Unix this is SIGKILL: nothing is finished, nothing is folded in.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
