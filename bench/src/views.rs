//! Reading the log in order, and rebuilding read models from it.

use std::time::Instant;

use eventstore::log;
use projections::projectors;
use projections::rebuild::{digest, rebuild};

use crate::fixture::TestCluster;
use crate::table::{Row, per_second};

const CONVERSATIONS: usize = 5_000;
const PAGE: i64 = 2_000;

pub(crate) async fn run(cluster: &TestCluster) -> anyhow::Result<Vec<Row>> {
    let bench = cluster.create_log("views").await?;
    let owner = bench.create_user().await?;
    bench.fill(owner, CONVERSATIONS).await?;
    let (events, _) = bench.log.head(&bench.pool).await?;
    let count = u64::try_from(events)?;
    let started = Instant::now();
    sqlx::query("copy (select * from events order by position) to '/dev/null'")
        .execute(&bench.pool)
        .await
        .map(|_| ())?;
    let copy = per_second(count, started.elapsed());
    let source = bench.source();
    let started = Instant::now();
    let mut position = 0;
    loop {
        let rows = log::read(&bench.pool, position, PAGE).await?;
        let Some(last) = rows.last() else { break };
        position = last.position;
        log::open(&bench.log, &source.keys, rows).await?;
    }
    let read = per_second(count, started.elapsed());
    let mut rows = vec![Row::rate(
        &format!("read and decrypt {events} events in order (limit: COPY)"),
        read,
        copy,
        0.3,
    )];
    for projector in projectors() {
        let source = bench.source();
        let started = Instant::now();
        rebuild(&source, projector.as_ref(), |_| ()).await?;
        let rate = per_second(count, started.elapsed());
        digest(&bench.pool, projector.as_ref()).await?;
        rows.push(Row::absolute(
            &format!("rebuild view {} from {events} events", projector.name()),
            rate,
            100_000.0,
        ));
    }
    Ok(rows)
}
