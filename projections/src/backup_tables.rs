//! Tables that are neither the log nor read models. Their data is stored nowhere else, so a backup includes them.

/// In an order that satisfies foreign keys when they are filled.
pub const BACKED_UP_TABLES: [&str; 6] = [
    "auth_passwords",
    "auth_setup",
    "auth_sessions",
    "auth_refresh_tokens",
    "file_usage",
    "jobs",
];

/// Tables of these that a restore leaves out: a token that was used or revoked since must not become valid again.
pub const SESSION_TABLES: [&str; 2] = ["auth_sessions", "auth_refresh_tokens"];
