//! A user as readers see it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserView {
    pub id: Uuid,
    pub version: i64,
    pub role: String,
    pub email: Option<String>,
    pub display_name: String,
    pub origin: String,
    pub suspended: bool,
    pub created_at: DateTime<Utc>,
}
