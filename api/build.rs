//! Recompiles the crate when the web client, which is embedded in it, was rebuilt.

fn main() {
    println!("cargo:rerun-if-changed=../web/dist");
}
