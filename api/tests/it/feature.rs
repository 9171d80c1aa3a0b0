//! What the tests of all operations need to know about a feature. Each feature says it in its own file; `main.rs` lists
//! the features.

use futures_util::future::LocalBoxFuture;
use serde_json::Value;

use crate::cases::{Case, World};
use crate::examples::Recorder;
use crate::rights::Rule;

/// Operations with the rule that they share.
pub type Rules = &'static [(Rule, &'static [&'static str])];

pub type NewCase<'a> = LocalBoxFuture<'a, Option<Case<'a>>>;
pub type Recording<'a> = LocalBoxFuture<'a, ()>;

pub trait Feature: Sync {
    /// Who may use the operations.
    fn rules(&self) -> Rules;

    /// A valid request on a new object, for each operation that writes or whose path names an object.
    fn case<'a>(&'a self, _world: &'a World<'a>, _operation: &'a str) -> NewCase<'a> {
        Box::pin(async { None })
    }

    /// Bodies with one field each that change the current object, for each PATCH. Numbers and texts contain the round.
    fn changes(&self, _operation: &str, _now: &Value, _round: usize) -> Option<Vec<Value>> {
        None
    }

    /// Calls each operation once, which records the examples of the contract.
    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a>;
}
