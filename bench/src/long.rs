//! A conversation to which a great deal has happened: what it costs to have it at hand again.

use std::time::Instant;

use crate::ground::{Bench, Ground};
use crate::table::Row;

const MESSAGES: usize = 100_000;
/// Messages in one command.
const AT_ONCE: usize = 500;
const LOADS: usize = 5;

pub async fn run(ground: &Ground) -> anyhow::Result<Vec<Row>> {
    let bench = ground.log("long").await?;
    let owner = bench.user().await?;
    let id = bench.start_conversation(owner).await?;
    for _ in 0..MESSAGES / AT_ONCE {
        bench.post_many(id, owner, AT_ONCE).await?;
    }
    // The first one makes the snapshot, where the one that was made meanwhile is older.
    load(&bench, id).await?;
    let mut times = Vec::new();
    for _ in 0..LOADS {
        times.push(load(&bench, id).await?);
    }
    times.sort_by(f64::total_cmp);
    let work =
        format!("load a conversation of {MESSAGES} messages from the database, to write to it");
    Ok(vec![Row::most(&work, times[LOADS / 2], 50.0, "ms")])
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
