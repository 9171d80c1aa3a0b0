//! The table that a run prints.

use std::time::Duration;

/// One line: what was measured here, beside its limit of the same run, or beside a number that must be kept.
pub struct Row {
    work: String,
    ours: f64,
    limit: f64,
    unit: &'static str,
    /// The ratio that is wanted.
    wanted: f64,
    /// Whether less is better.
    most: bool,
}

impl Row {
    /// A rate beside the limit of the same run; the ratio must reach what is wanted.
    pub fn rate(work: &str, ours: f64, limit: f64, wanted: f64) -> Self {
        Self {
            work: work.to_owned(),
            ours,
            limit,
            unit: "/s",
            wanted,
            most: false,
        }
    }

    /// A rate that must reach a number.
    pub fn absolute(work: &str, ours: f64, wanted: f64) -> Self {
        Self::rate(work, ours, wanted, 1.0)
    }

    /// A quantity that must not be larger than a number.
    pub fn most(work: &str, ours: f64, wanted: f64, unit: &'static str) -> Self {
        Self {
            unit,
            most: true,
            ..Self::rate(work, ours, wanted, 1.0)
        }
    }

    pub fn line(&self) -> String {
        let ratio = self.ours / self.limit;
        let reached = match self.most {
            true => ratio <= self.wanted,
            false => ratio >= self.wanted,
        };
        let sign = if self.most { "<=" } else { ">=" };
        let digits = usize::from(self.unit != "/s");
        format!(
            "| {} | {:.digits$}{unit} | {:.0}{unit} | {ratio:.2} | {sign} {:.2} | {} |",
            self.work,
            self.ours,
            self.limit,
            self.wanted,
            if reached { "yes" } else { "no" },
            unit = self.unit,
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
