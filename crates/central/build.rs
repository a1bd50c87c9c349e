//! A new migration must be compiled in: the macro that embeds them does not watch the folder.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations/central/sqlite");
    println!("cargo:rerun-if-changed=../../migrations/central/postgres");
}
