//! Recomputes the chain and names the first position where it breaks, or where an event does not follow the last one of
//! its aggregate.

use sqlx::PgPool;

use crate::log::{Log, read};

const PAGE: i64 = 2_000;
/// What is wrong with an event whose sequence is not the next one of its aggregate.
pub(crate) const WITHOUT: &str = "without the event before it in its aggregate";

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many events were in order.
    pub events: i64,
    /// The hash of the last one in order, genesis where there is none.
    pub hash: Vec<u8>,
    /// The first position that does not fit, and why.
    pub broken: Option<(i64, &'static str)>,
}

/// Verifies the log from its genesis; `progress` hears the position reached after each page.
pub async fn verify(
    pool: &PgPool,
    log: &Log,
    mut progress: impl FnMut(i64),
) -> Result<Verified, sqlx::Error> {
    let mut found = Verified {
        events: 0,
        hash: log.genesis.to_vec(),
        broken: None,
    };
    loop {
        let rows = read(pool, found.events, PAGE).await?;
        if rows.is_empty() {
            found.broken = first_gap(pool, found.events)
                .await?
                .map(|position| (position, WITHOUT));
            return Ok(found);
        }
        for row in rows {
            let next = found.events + 1;
            if row.position != next {
                found.broken = Some((next, "missing"));
                return Ok(found);
            }
            if row.hash != row.expected_hash(log, &found.hash) {
                found.broken = Some((next, "changed"));
                return Ok(found);
            }
            found.events = next;
            found.hash = row.hash;
        }
        progress(found.events);
    }
}

/// The first position whose event is not the next one of its aggregate. Walks the index of sequences: the memory that it
/// takes does not grow with the log.
async fn first_gap(pool: &PgPool, until: i64) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "select min(e.position) from (
             select position, sequence,
                    lag(sequence, 1, 0::bigint) over aggregate as before,
                    lag(position, 1, 0::bigint) over aggregate as earlier
             from events where position <= $1
             window aggregate as (partition by aggregate_type, aggregate_id order by sequence)) as e
         where e.sequence <> e.before + 1 or e.position <= e.earlier",
        until
    )
    .fetch_one(pool)
    .await
}
