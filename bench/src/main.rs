//! `make bench`: measures the product and its theoretical limit in the same run and prints a table. No test depends on it.

#![expect(
    clippy::disallowed_methods,
    reason = "measurements create ids where they need them"
)]
#![allow(clippy::print_stdout, reason = "the table is printed to the terminal")]

mod append;
mod fixture;
mod http;
mod knowledge;
mod load;
mod long;
mod search;
mod server;
mod table;
mod views;

use fixture::TestCluster;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let is_selected = |name: &str| names.is_empty() || names.iter().any(|other| other == name);
    println!("| work | ours | limit | ratio | target | reached |\n|---|---|---|---|---|---|");
    if is_selected("append") {
        print(append::run(&TestCluster::new()?).await?);
    }
    if is_selected("views") {
        print(views::run(&TestCluster::new()?).await?);
    }
    if is_selected("long") {
        print(long::run(&TestCluster::new()?).await?);
    }
    if is_selected("http") {
        http::run(|row| println!("{}", row.line())).await?;
    }
    if is_selected("search") {
        print(search::run().await?);
    }
    if is_selected("knowledge") {
        print(knowledge::run().await?);
    }
    Ok(())
}

fn print(rows: Vec<table::Row>) {
    for row in rows {
        println!("{}", row.line());
    }
}
