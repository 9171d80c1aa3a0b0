//! Name and description of a group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::GroupError;
use crate::personal::{Personal, Subject};
use crate::text;

const NAME_LIMIT: usize = 100;
const DESCRIPTION_LIMIT: usize = 2_000;

/// Name and description.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GroupDetails {
    pub name: Personal<String>,
    pub description: Personal<String>,
}

impl GroupDetails {
    /// Validates both and seals them with the group's key.
    pub fn parse<'a>(
        id: Uuid,
        name: impl Into<text::Line<'a>>,
        description: &str,
    ) -> Result<Self, GroupError> {
        let subject = || [Subject::new("group", id)];
        let name = name.into().parse(NAME_LIMIT).map_err(GroupError::Name)?;
        let description =
            text::parse_prose(description, DESCRIPTION_LIMIT).map_err(GroupError::Description)?;
        Ok(Self {
            name: Personal::new(subject(), name),
            description: Personal::new(subject(), description),
        })
    }
}
