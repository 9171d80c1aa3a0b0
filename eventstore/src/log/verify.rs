//! Recomputes the chain and names the first position where it breaks, or where an event does not follow the last one of
//! its aggregate.

use sqlx::PgPool;

use crate::log::{Log, read};

const PAGE: i64 = 2_000;
/// Reason for an event whose sequence is not the next one of its aggregate; the Python verifier uses the same text.
pub(crate) const MISSING_PREDECESSOR: &str = "without the event before it in its aggregate";

/// The result of a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Number of valid events.
    pub events: i64,
    /// The hash of the last valid event, or genesis.
    pub hash: Vec<u8>,
    /// The first invalid position and the reason.
    pub broken: Option<(i64, &'static str)>,
}

/// Verifies the log from its genesis; `progress` is called with the position after each page.
pub async fn verify(
    pool: &PgPool,
    log: &Log,
    mut progress: impl FnMut(i64),
) -> Result<Verification, sqlx::Error> {
    let mut result = Verification {
        events: 0,
        hash: log.genesis.to_vec(),
        broken: None,
    };
    loop {
        let rows = read(pool, result.events, PAGE).await?;
        if rows.is_empty() {
            result.broken = first_gap(pool, result.events)
                .await?
                .map(|position| (position, MISSING_PREDECESSOR));
            return Ok(result);
        }
        for row in rows {
            let next = result.events + 1;
            if row.position != next {
                result.broken = Some((next, "missing"));
                return Ok(result);
            }
            if row.hash != row.expected_hash(log, &result.hash) {
                result.broken = Some((next, "changed"));
                return Ok(result);
            }
            result.events = next;
            result.hash = row.hash;
        }
        progress(result.events);
    }
}

/// The first position whose event is not the next one of its aggregate. Walks the index of sequences, so memory does
/// not grow with the log.
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
