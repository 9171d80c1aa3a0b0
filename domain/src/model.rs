//! Names of models.

/// The built-in model, which answers from the manual.
pub const GUIDE: &str = "builtin/guide";
