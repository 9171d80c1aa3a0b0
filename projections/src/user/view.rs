//! A user as readers see it.

use chrono::{DateTime, Utc};
use domain::user::{Origin, Role};
use sqlx::types::Text;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserView {
    pub id: Uuid,
    pub version: i64,
    pub role: Text<Role>,
    pub email: Option<String>,
    pub display_name: String,
    pub origin: Text<Origin>,
    pub suspended: bool,
    pub created_at: DateTime<Utc>,
    /// When a session of the user was last used; sessions are deleted after a month without use.
    pub last_active_at: Option<DateTime<Utc>>,
}

/// A checked query of users: its columns, followed by the rest of the statement.
macro_rules! select_users {
    ($rest:literal $($arguments:tt)*) => {
        sqlx::query_as!(
            crate::user::UserView,
            r#"select id, version, role as "role: _", email, display_name, origin as "origin: _", suspended, created_at,
                      last_active_at(id) as last_active_at
               from view_users "#
                + $rest
                $($arguments)*
        )
    };
}

pub(super) use select_users;
