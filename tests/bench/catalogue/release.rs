//! A release at the size of the country: how large its packs are, how long a desk takes to make a catalogue of them.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
    time::Instant,
};

use passerelle_catalogue::{
    file::{Catalogue, Folder},
    import::{Order, import},
    release::{Made, Wanted, install, make},
};

/// One offering of so many is another in the next release.
const CHANGED: usize = 100;

/// What was measured.
pub struct Measured {
    /// Megabytes of the full pack, and of the delta to the next release.
    pub full: f64,
    pub delta: f64,
    /// Rows that the delta changes.
    pub rows: u64,
    /// Seconds by the clock on the wall: making both packs, installing the full one, installing the delta over it. An
    /// installation ends with the catalogue in service and its index made.
    pub making: f64,
    pub installing: f64,
    pub following: f64,
}

/// Everything: the catalogue of these files, and the one of the same files with one offering in a hundred changed.
pub fn measure(files: &Path, folder: &Path) -> Measured {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (publisher, desk) = (folder.join("publisher"), folder.join("follower"));
        fs::create_dir(&publisher).and_then(|()| fs::create_dir(&desk)).expect("folders");
        let changed = folder.join("changed");
        change(files, &changed);
        let begun = Instant::now();
        let mut making = 0.0;
        let mut made: Vec<Made> = Vec::new();
        for (number, from) in [files, changed.as_path()].into_iter().enumerate() {
            let catalogue = imported(from, &publisher, number + 1).await;
            let making_begun = Instant::now();
            let before = made.last().map(|made| ("1", made.full.as_slice()));
            made.push(make(&catalogue, &(number + 1).to_string(), before).await.expect("packs"));
            making = making_begun.elapsed().as_secs_f64();
            catalogue.close().await;
        }
        eprintln!("catalogue: two imports and their packs in {:.1} s", begun.elapsed().as_secs_f64());
        let second = made.pop().expect("two");
        let first = made.pop().expect("one");
        let (delta, rows) = second.delta.as_ref().expect("a delta");
        let installing = installed(&desk, &first, "1", &first.full).await;
        let following = installed(&desk, &second, "2", delta).await;
        let megabytes = |pack: &[u8]| pack.len() as f64 / 1e6;
        Measured {
            full: megabytes(&first.full),
            delta: megabytes(delta),
            rows: *rows,
            making,
            installing,
            following,
        }
    })
}

/// Copies the files; one offering in a hundred is attended otherwise.
fn change(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    for file in fs::read_dir(from).expect("a folder").flatten() {
        let path = to.join(file.file_name());
        if !file.file_name().to_string_lossy().contains("actions") {
            fs::copy(file.path(), path).expect("a copy");
            continue;
        }
        let text = fs::read_to_string(file.path()).expect("a table");
        let mut out = std::io::BufWriter::new(fs::File::create(path).expect("a file"));
        for (number, line) in text.lines().enumerate() {
            let changed = number % CHANGED == CHANGED - 1;
            let line = if changed { line.replace("temps plein", "temps partiel") } else { line.to_owned() };
            writeln!(out, "{line}").expect("a row");
        }
        out.flush().expect("written");
    }
}

async fn imported(files: &Path, folder: &Path, release: usize) -> Catalogue {
    let order = Order {
        paths: vec![files.to_owned()],
        folder: Folder::new(folder),
        release: release.to_string(),
        origin: None,
    };
    import(order, |_| (), Arc::new(AtomicBool::new(false))).await.expect("an import");
    Catalogue::open(&Folder::new(folder)).await.expect("it opens").expect("one is in service")
}

/// Seconds until the release of this pack is in service.
async fn installed(folder: &Path, made: &Made, release: &str, pack: &[u8]) -> f64 {
    let path: PathBuf = folder.join(format!("{release}.pack"));
    fs::write(&path, pack).expect("a pack");
    let wanted = Wanted {
        release: release.to_owned(),
        rows: made.rows,
        sum: made.sum.clone(),
        datasets: made.datasets.clone(),
        packs: vec![path],
    };
    let begun = Instant::now();
    let stop = Arc::new(AtomicBool::new(false));
    install(&Folder::new(folder), &wanted, Arc::new(|_| ()), &stop).await.expect("in service");
    begun.elapsed().as_secs_f64()
}
