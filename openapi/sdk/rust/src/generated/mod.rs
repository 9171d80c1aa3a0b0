//! Types and operations of the contract.

mod operations;
pub mod types;
