//! Tables that are neither the log nor read models: what stands in them is nowhere else, and a backup holds it.

/// In an order in which they can be filled.
pub const BACKED_UP_TABLES: [&str; 6] = [
    "auth_passwords",
    "auth_setup",
    "auth_sessions",
    "auth_refresh_tokens",
    "file_usage",
    "jobs",
];

/// Of these, what a restore leaves out: a token that was used or revoked since must not come to life again.
pub const SESSION_TABLES: [&str; 2] = ["auth_sessions", "auth_refresh_tokens"];
