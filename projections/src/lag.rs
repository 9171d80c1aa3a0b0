//! How far views are behind the log, in events and in time, and what holds them up.

use eventstore::log;
use sqlx::PgPool;

use crate::projector::projectors;

/// Behind for longer than this, a view does not follow the log any more.
const SECONDS: f64 = 5.0;
/// Farther behind than this, it will take longer than that to catch up.
const EVENTS: i64 = 10_000;

/// A view that has not taken all events.
#[derive(Debug, Clone, PartialEq)]
pub struct Lag {
    pub projection: String,
    /// Events that it has not taken.
    pub events: i64,
    /// How long the oldest of them has waited, by the database's clock.
    pub seconds: f64,
    /// Its rows are of another version: they are made again from the log, and the old ones are served meanwhile.
    pub rebuilding: bool,
    /// Sessions of the database whose locks on its tables keep others waiting.
    pub blocked_by: Vec<i32>,
}

impl Lag {
    pub fn is_too_long(&self) -> bool {
        self.seconds > SECONDS || self.events > EVENTS
    }
}

/// The views that are behind.
pub async fn list(pool: &PgPool) -> Result<Vec<Lag>, sqlx::Error> {
    let projectors = projectors();
    let names: Vec<String> = projectors.iter().map(|one| one.name().to_owned()).collect();
    let versions: Vec<i32> = projectors.iter().map(|one| one.version()).collect();
    let rows = sqlx::query!(
        r#"select wanted.name as "name!", p.version is distinct from wanted.version as "rebuilding!",
                  case when p.version = wanted.version then p.position else 0 end as "position!"
           from unnest($1::text[], $2::integer[]) as wanted (name, version) left join projections p using (name)
           order by wanted.name"#,
        &names,
        &versions
    )
    .fetch_all(pool)
    .await?;
    let head = log::last_position(pool).await?;
    let mut behind = Vec::new();
    for row in rows.into_iter().filter(|row| row.position < head) {
        let waiting = log::age_seconds(pool, row.position + 1).await?;
        let mut lag = Lag {
            projection: row.name,
            events: head - row.position,
            seconds: waiting.unwrap_or(0.0).max(0.0),
            rebuilding: row.rebuilding,
            blocked_by: vec![],
        };
        if lag.is_too_long() {
            let tables = projectors
                .iter()
                .find(|one| one.name() == lag.projection)
                .map_or(&[][..], |one| one.tables());
            lag.blocked_by = blockers(pool, tables).await?;
        }
        behind.push(lag);
    }
    Ok(behind)
}

/// The sessions that hold locks for which others wait on some tables.
async fn blockers(pool: &PgPool, tables: &[&str]) -> Result<Vec<i32>, sqlx::Error> {
    let tables: Vec<String> = tables.iter().map(|&table| table.to_owned()).collect();
    sqlx::query_scalar!(
        r#"select distinct blocker as "blocker!"
           from pg_locks l join pg_class c on c.oid = l.relation
           cross join lateral unnest(pg_blocking_pids(l.pid)) as blocker
           where not l.granted and c.relname = any($1)"#,
        &tables
    )
    .fetch_all(pool)
    .await
}
