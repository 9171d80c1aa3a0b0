//! Runs the provider of the tests and prints its base URL and its API key, until it is killed.

use std::io::Write;

use testing::provider::{KEY, Provider};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let provider = Provider::start().await;
    let mut out = std::io::stdout();
    writeln!(out, "{} {KEY}", provider.base_url())?;
    out.flush()?;
    std::future::pending().await
}
