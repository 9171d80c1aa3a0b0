//! What remains of the limits that a request counts against, for its response headers.

use std::sync::{Arc, Mutex, PoisonError};

use super::buckets::Rule;

/// Shared by the handler, which counts, and the outermost middleware, which writes the headers.
#[derive(Debug, Clone, Default)]
pub struct Allowance(Arc<Mutex<Vec<(Rule, u32)>>>);

impl Allowance {
    /// Records what remains of a limit, replacing the previous value of the rule.
    pub(super) fn record(&self, rule: Rule, left: u32) {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match rules.iter_mut().find(|(known, _)| known.name == rule.name) {
            Some(entry) => entry.1 = left,
            None => rules.push((rule, left)),
        }
    }

    /// Records that one count of a rule was refunded.
    pub(super) fn restore(&self, rule: Rule) {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = rules.iter_mut().find(|(known, _)| known.name == rule.name) {
            entry.1 = entry.1.saturating_add(1).min(rule.limit.get());
        }
    }

    /// The values of `RateLimit-Policy` (all limits) and `RateLimit` (the one with the least remaining), if a limit
    /// applied.
    pub fn headers(&self) -> Option<(String, String)> {
        let rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (rule, left) = rules.iter().min_by_key(|(_, left)| *left)?;
        let policies: Vec<String> = rules
            .iter()
            .map(|(rule, _)| {
                let seconds = rule.window.as_secs();
                format!("\"{}\";q={};w={seconds}", rule.name, rule.limit)
            })
            .collect();
        let seconds = rule.refills_in(*left).as_millis().div_ceil(1_000);
        let remaining = format!("\"{}\";r={left};t={seconds}", rule.name);
        Some((policies.join(", "), remaining))
    }
}
