//! The result table.

use std::time::Duration;

/// One line: a measurement, compared with the limit of the same run or with a fixed number.
pub(crate) struct Row {
    work: String,
    ours: f64,
    limit: f64,
    unit: &'static str,
    /// The target ratio.
    target: f64,
    lower_is_better: bool,
}

impl Row {
    /// A rate compared with the limit of the same run; the ratio must reach the target.
    pub(crate) fn rate(work: &str, ours: f64, limit: f64, target: f64) -> Self {
        Self {
            work: work.to_owned(),
            ours,
            limit,
            unit: "/s",
            target,
            lower_is_better: false,
        }
    }

    /// A rate that must reach a fixed number.
    pub(crate) fn absolute(work: &str, ours: f64, target: f64) -> Self {
        Self::rate(work, ours, target, 1.0)
    }

    /// A quantity that must not exceed a fixed number.
    pub(crate) fn at_most(work: &str, ours: f64, target: f64, unit: &'static str) -> Self {
        Self {
            unit,
            lower_is_better: true,
            ..Self::rate(work, ours, target, 1.0)
        }
    }

    pub(crate) fn line(&self) -> String {
        let ratio = self.ours / self.limit;
        let reached = match self.lower_is_better {
            true => ratio <= self.target,
            false => ratio >= self.target,
        };
        let sign = if self.lower_is_better { "<=" } else { ">=" };
        let digits = usize::from(self.unit != "/s");
        format!(
            "| {} | {:.digits$}{unit} | {:.0}{unit} | {ratio:.2} | {sign} {:.2} | {} |",
            self.work,
            self.ours,
            self.limit,
            self.target,
            if reached { "yes" } else { "no" },
            unit = self.unit,
        )
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}
