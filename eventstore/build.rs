//! Embedded migrations are part of the code: a new one is seen without a change of any source.

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
}
