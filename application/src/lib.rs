//! The server as one value: `cli` builds it from its configuration, tests from theirs.
//!
//! Reading order: [`core`] (an open log and what works on it), [`config`] (what else it is built from), [`role`] (the parts
//! that can run in separate processes), [`build`] (starts them in order).

mod build;
mod config;
mod core;
mod default_assistant;
mod environment;
mod error;
mod role;

pub use build::Application;
pub use config::{Config, ProcessKind};
pub use core::{Core, OpenError};
pub use environment::EnvironmentProvider;
pub use error::BuildError;
pub use role::Role;
