//! The web client is compiled in: when it was built anew, so is what holds it.

fn main() {
    println!("cargo:rerun-if-changed=../web/dist");
}
