//! How far views lag behind the log, in events and in time, and which sessions block them.

use eventstore::log;
use sqlx::PgPool;

use crate::projectors;

/// A view that lags for longer counts as stuck.
const MAX_SECONDS: f64 = 5.0;
/// More events than this take longer than [`MAX_SECONDS`] to apply.
const MAX_EVENTS: i64 = 10_000;

/// A view that has not applied all events.
#[derive(Debug, Clone, PartialEq)]
pub struct Lag {
    pub projection: String,
    /// Events that it has not applied.
    pub events: i64,
    /// How long the oldest of them has waited, by the clock of the database.
    pub seconds: f64,
    /// Its rows have another version and are being rebuilt from the log; meanwhile the old ones are served.
    pub rebuilding: bool,
    /// Database sessions that block others with locks on its tables.
    pub blocked_by: Vec<i32>,
}

impl Lag {
    pub fn is_too_long(&self) -> bool {
        self.seconds > MAX_SECONDS || self.events > MAX_EVENTS
    }
}

/// Lists the views that lag behind the log.
pub async fn list(pool: &PgPool) -> Result<Vec<Lag>, sqlx::Error> {
    let projectors = projectors();
    let names: Vec<String> = projectors
        .iter()
        .map(|projector| projector.name().to_owned())
        .collect();
    let versions: Vec<i32> = projectors
        .iter()
        .map(|projector| projector.version())
        .collect();
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
    let mut lags = Vec::new();
    for row in rows.into_iter().filter(|row| row.position < head) {
        let age = log::age_seconds(pool, row.position + 1).await?;
        let mut lag = Lag {
            projection: row.name,
            events: head - row.position,
            seconds: age.unwrap_or(0.0).max(0.0),
            rebuilding: row.rebuilding,
            blocked_by: vec![],
        };
        if lag.is_too_long() {
            let tables = projectors
                .iter()
                .find(|projector| projector.name() == lag.projection)
                .map_or(&[][..], |projector| projector.tables());
            lag.blocked_by = list_blockers(pool, tables).await?;
        }
        lags.push(lag);
    }
    Ok(lags)
}

/// Lists the database sessions that hold locks on some tables for which others wait.
async fn list_blockers(pool: &PgPool, tables: &[&str]) -> Result<Vec<i32>, sqlx::Error> {
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
