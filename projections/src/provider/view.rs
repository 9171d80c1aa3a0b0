//! A provider and a model as readers see them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderView {
    pub id: Uuid,
    pub version: i64,
    pub name: String,
    pub kind: String,
    pub base_url: String,
    pub private_network: bool,
    pub has_key: bool,
    pub check_number: i32,
    pub pending: bool,
    pub health: Option<String>,
    pub fault: Option<String>,
    pub checked_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelView {
    pub provider: String,
    pub model: String,
    pub context_window: Option<i32>,
}

/// The model that answers where nobody has named one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultModel {
    /// None where no provider has any.
    pub model: Option<String>,
    /// What was chosen: it may be gone.
    pub chosen: Option<String>,
    /// Whether nobody has chosen it.
    pub automatic: bool,
    /// Of the choice.
    pub version: i64,
}
