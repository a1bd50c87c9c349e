//! A PostgreSQL server of this process's own: made from nothing, reached by a socket in a temporary folder, gone with the
//! process, however that ends.

use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long it may take to answer.
const START: Duration = Duration::from_secs(60);

/// Waits for the end of the test process (its end of the pipe closes), then ends the server and removes the folder.
const SUPERVISOR: &str = r#"
trap '' INT TERM HUP
bin="$1" folder="$2"
shift 2
"$bin/postgres" -D "$folder/data" -k "$folder" -h '' "$@" >"$folder/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -QUIT "$server"
wait "$server"
cd / && rm -rf "$folder"
"#;

/// A running server.
pub struct Server {
    /// Its socket and its data.
    pub(super) folder: PathBuf,
    /// Its input closes at the end of this process.
    _supervisor: Child,
}

impl Server {
    /// The address of one of its databases, for its owner.
    pub fn url(&self, database: &str) -> String {
        self.url_of("passerelle", database)
    }

    /// The same for another user.
    pub fn url_of(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@localhost/{database}?host={}", self.folder.display())
    }
}

/// Where Debian keeps the newest server's programs; else where the shell finds `initdb`.
pub(super) fn programs() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|version| Some((version.file_name().to_str()?.parse().ok()?, version.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists() && bin.join("postgres").exists())
        .collect();
    found.sort();
    if let Some((_, bin)) = found.pop() {
        return bin;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).find(|folder| folder.join("initdb").exists()).unwrap_or_else(|| {
        panic!("PostgreSQL's server lacks, and these tests need it: apt-get install postgresql (`./dev test` does it)")
    })
}

/// A program that runs as somebody without rights: as root PostgreSQL refuses to run.
pub(super) fn unprivileged(root: Option<(u32, u32)>, program: &Path) -> Command {
    let mut command = match root {
        Some((user, group)) => {
            let mut command = Command::new("setpriv");
            command
                .arg(format!("--reuid={user}"))
                .arg(format!("--regid={group}"))
                .arg("--clear-groups")
                .arg(program);
            command
        }
        None => Command::new(program),
    };
    // It must be able to enter the folder that it starts in.
    command.current_dir("/").env_remove("PGHOST").env_remove("PGPORT").env_remove("PGDATA");
    command
}

/// The user and group that the server runs as when this process is root's: Debian's own, else nobody.
pub(super) fn other_user() -> Option<(u32, u32)> {
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if !root {
        return None;
    }
    let number = |flag: &str, user: &str| -> Option<u32> {
        let output = Command::new("id").args([flag, user]).output().ok()?;
        String::from_utf8_lossy(&output.stdout).trim().parse().ok()
    };
    ["postgres", "nobody"].into_iter().find_map(|user| Some((number("-u", user)?, number("-g", user)?)))
}

pub(super) fn good(what: &str, output: std::io::Result<Output>) {
    let output = output.unwrap_or_else(|e| panic!("{what}: {e}"));
    assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Starts one with these settings (`name=value`), over those that it has by itself.
pub fn start(settings: &[&str]) -> Server {
    let folder = folder();
    let data = folder.join("data");
    let made = unprivileged(other_user(), &programs().join("initdb"))
        .arg("-D")
        .arg(&data)
        .args(["-U", "passerelle", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
        .output();
    good("initdb", made);
    // One user needs a password: what is said when it is wrong is tested too.
    let access = data.join("pg_hba.conf");
    let rules = std::fs::read_to_string(&access).expect("the rules of access");
    std::fs::write(&access, format!("local all guarded scram-sha-256\n{rules}"))
        .expect("the rules of access");
    run(folder, settings)
}

/// A folder of the server's user; the supervisor removes it.
pub(super) fn folder() -> PathBuf {
    let folder = tempfile::Builder::new().prefix("passerelle-pg-").tempdir().expect("a folder").keep();
    if let Some((user, group)) = other_user() {
        chown(&folder, Some(user), Some(group)).expect("given to the server's user");
    }
    folder
}

/// Starts a server on the data of a folder, and waits until it answers.
pub(super) fn run(folder: PathBuf, settings: &[&str]) -> Server {
    let bin = programs();
    let supervisor = unprivileged(other_user(), Path::new("/bin/sh"))
        .args(["-c", SUPERVISOR, "sh"])
        .arg(&bin)
        .arg(&folder)
        .args(settings.iter().flat_map(|setting| ["-c", setting]))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell");
    let begun = Instant::now();
    let ready = || Command::new(bin.join("pg_isready")).arg("-q").arg("-h").arg(&folder).status();
    while !ready().is_ok_and(|status| status.success()) {
        let log = || std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(begun.elapsed() < START, "PostgreSQL did not start within {START:?}:\n{}", log());
        std::thread::sleep(Duration::from_millis(50));
    }
    Server { folder, _supervisor: supervisor }
}
