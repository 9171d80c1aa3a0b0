//! Statistics over all read models, for administrators.

pub mod queries;
pub mod usage;
