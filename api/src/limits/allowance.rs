//! What a request has left of the limits that it counts against, for the headers of its answer.

use std::sync::{Arc, Mutex, PoisonError};

use super::buckets::Rule;

/// Shared by a handler, which counts, and the outermost layer, which writes the headers.
#[derive(Debug, Clone, Default)]
pub struct Allowance(Arc<Mutex<Vec<(Rule, u32)>>>);

impl Allowance {
    /// Notes what is left of a limit. The latest count of a rule replaces the one before.
    pub(super) fn note(&self, rule: Rule, left: u32) {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match rules.iter_mut().find(|(known, _)| known.name == rule.name) {
            Some(entry) => entry.1 = left,
            None => rules.push((rule, left)),
        }
    }

    /// Notes that a count of a rule was taken back.
    pub(super) fn restore(&self, rule: Rule) {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = rules.iter_mut().find(|(known, _)| known.name == rule.name) {
            entry.1 = entry.1.saturating_add(1).min(rule.limit.get());
        }
    }

    /// The values of `RateLimit-Policy` and `RateLimit`, where a limit applied: all limits, and the one with the least
    /// left.
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
