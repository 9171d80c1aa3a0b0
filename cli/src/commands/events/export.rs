//! `convosphere events export`

use std::io::{BufWriter, Write};

use clap::Args;
use eventstore::log;
use serde_json::json;

use crate::failure::Failure;
use crate::installation::Installation;

const PAGE: i64 = 2_000;

/// Writes the log with its encrypted contents, one event per line.
#[derive(Debug, Args)]
pub struct Export {
    /// Only events after this position.
    #[arg(long, default_value_t = 0)]
    after: i64,
}

impl Export {
    pub async fn run(self, i: &Installation) -> Result<(), Failure> {
        let after = self.after;
        let hash = match after {
            0 => i.log.genesis.to_vec(),
            after => log::hash_at(&i.pool, after)
                .await?
                .ok_or_else(|| Failure::NotFound(format!("the log has no event {after}")))?,
        };
        let mut out = BufWriter::new(std::io::stdout().lock());
        let header =
            json!({"format": 1, "log_id": i.log.id, "after": after, "hash": hex::encode(&hash)});
        writeln!(out, "{header}")?;
        let mut position = after;
        loop {
            let rows = log::read(&i.pool, position, PAGE).await?;
            let Some(last) = rows.last() else {
                out.flush()?;
                return Ok(());
            };
            position = last.position;
            for row in &rows {
                writeln!(out, "{}", row.to_line())?;
            }
        }
    }
}
