//! Numbers over all read models, for those who run the installation.

pub mod queries;
pub mod usage;
