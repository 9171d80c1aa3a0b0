//! Request and response bodies of groups.

use chrono::{DateTime, Utc};
use domain::group::{GroupDetails, GroupError};
use domain::text::Line;
use o2o::o2o;
use poem_openapi::Object;
use projections::group::{GroupView, MemberView};
use serde::Deserialize;
use uuid::Uuid;

use crate::http::resource;

use crate::user::UserRole;

/// A group of users, with whom knowledge bases can be shared.
#[derive(Debug, Object, o2o)]
#[from_owned(GroupView)]
#[oai(rename = "Group")]
pub(super) struct GroupResource {
    pub id: Uuid,
    pub version: i64,
    pub name: String,
    pub description: String,
    /// Number of members.
    pub members: i64,
    /// Whether the caller is a member.
    pub member: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

resource!(GroupResource, GroupView, "/api/v1/groups");

/// A member of a group.
#[derive(Debug, Object)]
#[oai(rename = "Member")]
pub(super) struct MemberResource {
    pub user_id: Uuid,
    pub display_name: String,
    /// Shown to managers and administrators only.
    pub email: Option<String>,
    pub role: UserRole,
    pub added_at: DateTime<Utc>,
}

impl MemberResource {
    /// Hides the email address from readers who do not manage groups.
    pub(super) fn new(view: MemberView, for_manager: bool) -> Self {
        Self {
            user_id: view.user_id,
            display_name: view.display_name,
            email: view.email.filter(|_| for_manager),
            role: view.role.0.into(),
            added_at: view.added_at,
        }
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateGroup {
    pub name: String,
    pub description: Option<String>,
}

impl CreateGroup {
    pub(super) fn parse(&self, id: Uuid) -> Result<GroupDetails, GroupError> {
        let description = self.description.as_deref().unwrap_or_default();
        GroupDetails::parse(id, self.name.as_str(), description)
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateGroup {
    pub name: Option<String>,
    pub description: Option<String>,
}

impl UpdateGroup {
    /// Name and description after the change.
    pub(super) fn parse(&self, before: &GroupView) -> Result<GroupDetails, GroupError> {
        let name = self.name.as_deref().unwrap_or(&before.name);
        GroupDetails::parse(
            before.id,
            Line::with_stored(name, &before.name),
            self.description.as_deref().unwrap_or(&before.description),
        )
    }
}

/// The user to add: either an id or an email address.
#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct AddMember {
    pub user_id: Option<Uuid>,
    pub email: Option<String>,
}
