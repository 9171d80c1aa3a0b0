//! Providers: which model a name means, and whether providers answer.

mod catalogue;
mod check;
mod credentials;

pub use catalogue::Catalogue;
pub(crate) use check::doubt;
pub use check::start_checking;
