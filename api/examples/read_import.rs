//! The process that reads imports, for tests of this crate: they have no `convosphere`, whose `read-import` it is.

fn main() -> std::io::Result<()> {
    workers::run_import_reader()
}
