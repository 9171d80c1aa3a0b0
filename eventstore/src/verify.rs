//! Recomputes the chain and names the first position where it breaks.

use sqlx::PgPool;

use crate::log::{Log, read};

const PAGE: i64 = 2_000;

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
