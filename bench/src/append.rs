//! Durable appends through executor, encryption and hash chain, compared with `pgbench` and one insert per transaction.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use sqlx::postgres::PgPoolOptions;
use tokio::task::JoinSet;

use crate::fixture::{Bench, TestCluster};
use crate::table::Row;

const DURATION: Duration = Duration::from_secs(6);
/// The number of clients, and the target ratio.
const ROWS: [(u32, f64); 4] = [(1, 0.6), (8, 0.7), (32, 1.4), (256, 4.0)];
const TABLE: &str = "create table raw_events (aggregate_type text not null, aggregate_id text not null, \
    sequence bigint not null check (sequence >= 0), event_type text not null, event_version text not null, \
    payload json not null, metadata json not null, primary key (aggregate_type, aggregate_id, sequence))";

pub(crate) async fn run(cluster: &TestCluster) -> anyhow::Result<Vec<Row>> {
    let bench = cluster.create_log("append").await?;
    let mut rows = Vec::new();
    let options = testing::connect_options(&cluster.postgres, "append");
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    sqlx::query(TABLE).execute(&pool).await?;
    for (clients, target) in ROWS {
        let limit = run_pgbench(cluster, clients)?;
        let ours = measure_appends(&bench, clients).await?;
        rows.push(Row::rate(
            &format!("durable append, {clients} clients (limit: pgbench insert)"),
            ours,
            limit,
            target,
        ));
    }
    Ok(rows)
}

/// Messages posted per second, each client in a separate conversation.
async fn measure_appends(bench: &Bench, clients: u32) -> anyhow::Result<f64> {
    let done = Arc::new(AtomicU64::new(0));
    let owner = bench.create_user().await?;
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        let (bench, done) = (bench.clone(), done.clone());
        tasks.spawn(async move {
            let conversation = bench.start_conversation(owner).await?;
            while start.elapsed() < DURATION {
                bench.post(conversation, owner).await?;
                done.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(crate::table::per_second(
        done.load(Ordering::Relaxed),
        start.elapsed(),
    ))
}

/// Transactions per second of pgbench on the same cluster.
fn run_pgbench(cluster: &TestCluster, clients: u32) -> anyhow::Result<f64> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/raw_append.sql");
    let program = cluster.postgres.program("pgbench");
    let output = Command::new(if program.exists() {
        program
    } else {
        "pgbench".into()
    })
    .args(["-n", "-M", "prepared", "-j", "2", "-U", "convosphere", "-f"])
    .arg(script)
    .args([
        "-c",
        &clients.to_string(),
        "-T",
        &DURATION.as_secs().to_string(),
        "-h",
    ])
    .arg(cluster.postgres.socket_folder())
    .arg("append")
    .output()
    .context("cannot run pgbench; install it (Debian: postgresql-15 or postgresql-client-15)")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let rate = text
        .lines()
        .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    match rate {
        Some(rate) => Ok(rate),
        None => bail!("pgbench: {}", String::from_utf8_lossy(&output.stderr)),
    }
}
