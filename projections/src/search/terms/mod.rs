//! The one splitter of texts into terms: what is indexed, what is looked for, what is marked and what is weighed all come
//! from here, so they cannot disagree.
//!
//! Reading order: [`letters`] (what a character is), [`split`] (a text as words and runs), [`fold`] (forms that compare
//! equal), [`index`] (a text as vectors of terms), [`query`] (what somebody types as conditions), [`marks`] (where a text
//! fits), [`stems`] (terms that are weighed rather than matched).

mod fold;
mod index;
mod letters;
mod marks;
mod query;
mod split;
pub mod stems;
mod stop;
#[cfg(test)]
mod tests;

pub(crate) use index::quoted;
pub use index::{TermVector, vectors};
pub use marks::Marker;
pub use query::Conditions;

/// Raised when a text would come out in other terms: indexes and views that hold terms are then rebuilt.
pub const VERSION: i32 = 1;
