//! Writes a catalogue of the size of the country's into a folder: `./dev demo-data --national FOLDER [SCALE [SEED]]`.

use std::path::PathBuf;
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next().map(PathBuf::from) else {
        eprintln!("usage: ./dev demo-data --national FOLDER [SCALE [SEED]]");
        std::process::exit(2);
    };
    let scale = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1.0);
    let seed = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1);
    let begun = Instant::now();
    let counts = passerelle_demo::national::write(&folder, scale, seed)?;
    println!("{counts:#?}\n{:.1} s, in {}", begun.elapsed().as_secs_f64(), folder.display());
    Ok(())
}
