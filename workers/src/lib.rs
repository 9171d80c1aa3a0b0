//! What reacts to the log: projectors, and the responder that calls models. Effects on the outside happen only here.
//!
//! Reading order: [`projecting`], [`response`] (answering what was asked), [`model`] (the port to models).

pub mod model;
pub mod projecting;
pub mod response;

pub use projecting::start_projecting;
pub use response::{Responder, start_responding};
