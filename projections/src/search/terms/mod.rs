//! The only splitter of texts into terms. Index, queries, highlights and ranking all use it, so they always agree.
//!
//! Reading order: [`letters`] (classes of characters), [`split`] (words and runs), [`fold`] (forms that compare equal),
//! [`variants`] (the terms of an atom), [`index`] (vectors of terms), [`query`] (conditions of a query), [`plain_words`] (both for an engine that splits at
//! spaces), [`marks`] (matches in a text), [`stems`] (terms for ranking).

mod fold;
mod index;
mod letters;
mod marks;
mod plain_words;
mod query;
mod split;
pub mod stems;
mod stop;
#[cfg(test)]
mod tests;
mod variants;

pub(crate) use index::quote_lexeme;
pub use index::{TermVector, vectors};
pub use marks::Marker;
pub use plain_words::{IndexedWords, WordQueries};
pub use query::Conditions;

/// Raised when texts would be split into other terms; indexes and views with terms are then rebuilt.
pub const VERSION: i32 = 1;
