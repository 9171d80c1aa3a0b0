//! Loading a very long conversation.

use std::time::Instant;

use crate::fixture::{Bench, TestCluster};
use crate::table::Row;

const MESSAGES: usize = 100_000;
/// Messages per command.
const BATCH: usize = 500;
const LOADS: usize = 5;

pub(crate) async fn run(cluster: &TestCluster) -> anyhow::Result<Vec<Row>> {
    let bench = cluster.create_log("long").await?;
    let owner = bench.create_user().await?;
    let id = bench.start_conversation(owner).await?;
    for _ in 0..MESSAGES / BATCH {
        bench.post_many(id, owner, BATCH).await?;
    }
    // The first load creates a current snapshot.
    load(&bench, id).await?;
    let mut times = Vec::new();
    for _ in 0..LOADS {
        times.push(load(&bench, id).await?);
    }
    times.sort_by(f64::total_cmp);
    let work =
        format!("load a conversation of {MESSAGES} messages from the database, to write to it");
    Ok(vec![Row::at_most(&work, times[LOADS / 2], 50.0, "ms")])
}

/// Milliseconds.
async fn load(bench: &Bench, id: uuid::Uuid) -> anyhow::Result<f64> {
    let started = Instant::now();
    bench
        .store
        .load::<domain::conversation::Conversation>(id)
        .await?;
    Ok(started.elapsed().as_secs_f64() * 1_000.0)
}
