//! The table that a run prints.

use std::time::Duration;

/// One line: what was measured here, beside its limit of the same run.
pub struct Row {
    work: String,
    ours: f64,
    limit: Option<f64>,
    wanted: f64,
}

impl Row {
    /// A rate beside the limit of the same run; the ratio must reach what is wanted.
    pub fn rate(work: &str, ours: f64, limit: f64, wanted: f64) -> Self {
        Self {
            work: work.to_owned(),
            ours,
            limit: Some(limit),
            wanted,
        }
    }

    /// A rate that must reach a number.
    pub fn absolute(work: &str, ours: f64, wanted: f64) -> Self {
        Self {
            work: work.to_owned(),
            ours,
            limit: None,
            wanted,
        }
    }

    pub fn line(&self) -> String {
        let (limit, ratio) = match self.limit {
            Some(limit) => (format!("{limit:.0}/s"), self.ours / limit),
            None => (format!("{:.0}/s", self.wanted), self.ours / self.wanted),
        };
        let wanted = match self.limit {
            Some(_) => self.wanted,
            None => 1.0,
        };
        let verdict = if ratio >= wanted { "yes" } else { "no" };
        format!(
            "| {} | {:.0}/s | {limit} | {ratio:.2} | {wanted:.2} | {verdict} |",
            self.work, self.ours
        )
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "counts of a bench are far below 2^52"
)]
pub fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}
