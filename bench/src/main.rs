//! `make bench`: our side and its limit in the same run, as a table. Timing decides no test.

#![allow(clippy::print_stdout, reason = "the table is for the terminal")]

mod append;
mod ground;
mod http;
mod knowledge;
mod load;
mod long;
mod search;
mod server;
mod table;
mod views;

use ground::Ground;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let only: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| only.is_empty() || only.iter().any(|one| one == name);
    println!("| work | ours | limit | ratio | wanted | reached |\n|---|---|---|---|---|---|");
    if wanted("append") {
        print(append::run(&Ground::new()?).await?);
    }
    if wanted("views") {
        print(views::run(&Ground::new()?).await?);
    }
    if wanted("long") {
        print(long::run(&Ground::new()?).await?);
    }
    if wanted("http") {
        http::run(|row| println!("{}", row.line())).await?;
    }
    if wanted("search") {
        print(search::run().await?);
    }
    if wanted("knowledge") {
        print(knowledge::run().await?);
    }
    Ok(())
}

fn print(rows: Vec<table::Row>) {
    for row in rows {
        println!("{}", row.line());
    }
}
