//! A standby of a server of this process: a real one, copied by `pg_basebackup` and streamed to from then on.

use std::path::PathBuf;

use crate::server::{self, Server, good, other_user, programs, unprivileged};

/// A standby, gone when it is dropped.
pub struct Standby {
    server: Server,
    folder: PathBuf,
}

/// Makes one of a server, with its settings: a standby must allow what the other allows.
pub fn of(primary: &Server, settings: &[&str]) -> Standby {
    let folder = server::folder();
    let copied = unprivileged(other_user(), &programs().join("pg_basebackup"))
        .arg("-h")
        .arg(&primary.folder)
        .args(["-U", "passerelle", "-c", "fast", "-X", "stream", "-R", "--no-sync", "-D"])
        .arg(folder.join("data"))
        .output();
    good("pg_basebackup", copied);
    Standby { server: server::run(folder.clone(), settings), folder }
}

impl Standby {
    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        self.server.url(database)
    }

    /// Ends it as a power cut would.
    pub fn end(self) {
        let socket = self.folder.join(".s.PGSQL.5432");
        let Self { server, .. } = self;
        // Its supervisor ends it when this process lets go of it.
        drop(server);
        let begun = std::time::Instant::now();
        while socket.exists() {
            assert!(begun.elapsed().as_secs() < 30, "the standby does not end");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}
