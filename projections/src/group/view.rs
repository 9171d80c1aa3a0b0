//! Groups and members as readers see them.

use chrono::{DateTime, Utc};
use domain::user::Role;
use sqlx::types::Text;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupView {
    pub id: Uuid,
    pub version: i64,
    pub name: String,
    pub description: String,
    pub members: i64,
    /// Whether the reader is one of them.
    pub member: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberView {
    pub user_id: Uuid,
    pub display_name: String,
    pub email: Option<String>,
    pub role: Text<Role>,
    pub added_at: DateTime<Utc>,
}
