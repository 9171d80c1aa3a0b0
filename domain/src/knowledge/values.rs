//! The description of a knowledge base, its readers, and how its documents are split into passages.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::KnowledgeError;
use crate::assistant::Visibility;
use crate::personal::{Personal, Subject};
use crate::text;

const NAME_LIMIT: usize = 100;
const DESCRIPTION_LIMIT: usize = 2_000;
const TAG_LIMIT: usize = 50;
const MAX_TAGS: usize = 20;
const MAX_GROUPS: usize = 100;
const TOKENS: std::ops::RangeInclusive<u32> = 50..=4_000;

/// Name, description and tags.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Description {
    pub name: Personal<String>,
    pub description: Personal<String>,
    pub tags: Personal<Vec<String>>,
}

impl Description {
    /// Validates the texts and seals them with the knowledge base's key. Tags that differ only in case are merged.
    pub fn parse<'a>(
        id: Uuid,
        name: impl Into<text::Line<'a>>,
        description: &str,
        tags: impl IntoIterator<Item = text::Line<'a>>,
    ) -> Result<Self, KnowledgeError> {
        let subject = || [Subject::new("knowledge_base", id)];
        let name = name.into().parse(NAME_LIMIT);
        let name = name.map_err(KnowledgeError::Name)?;
        let description = text::parse_prose(description, DESCRIPTION_LIMIT)
            .map_err(KnowledgeError::Description)?;
        let mut unique: Vec<String> = Vec::new();
        for tag in tags {
            let tag = tag.parse(TAG_LIMIT).map_err(KnowledgeError::Tags)?;
            let is_duplicate = |other: &String| other.to_lowercase() == tag.to_lowercase();
            if !unique.iter().any(is_duplicate) {
                unique.push(tag);
            }
        }
        if unique.len() > MAX_TAGS {
            return Err(KnowledgeError::TooManyTags(MAX_TAGS));
        }
        Ok(Self {
            name: Personal::new(subject(), name),
            description: Personal::new(subject(), description),
            tags: Personal::new(subject(), unique),
        })
    }
}

/// Who can read a knowledge base besides its owner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Readers {
    #[default]
    Nobody,
    /// The members of these groups; at least one group.
    Groups(BTreeSet<Uuid>),
    Everyone,
}

impl Readers {
    /// Shares with the members of 1 to 100 groups.
    pub fn groups(ids: &[Uuid]) -> Result<Self, KnowledgeError> {
        let ids: BTreeSet<Uuid> = ids.iter().copied().collect();
        match ids.len() {
            0 => Err(KnowledgeError::NoGroups),
            1..=MAX_GROUPS => Ok(Self::Groups(ids)),
            _ => Err(KnowledgeError::TooManyGroups(MAX_GROUPS)),
        }
    }
}

impl From<Visibility> for Readers {
    fn from(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Private => Self::Nobody,
            Visibility::Everyone => Self::Everyone,
        }
    }
}

/// Length of passages and overlap of adjacent passages, in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Chunking {
    pub tokens: u32,
    pub overlap: u32,
}

impl Default for Chunking {
    fn default() -> Self {
        Self {
            tokens: 500,
            overlap: 50,
        }
    }
}

impl Chunking {
    /// Allows passages of 50 to 4,000 tokens and an overlap of at most half of that.
    pub fn parse(tokens: u32, overlap: u32) -> Result<Self, KnowledgeError> {
        if !TOKENS.contains(&tokens) {
            return Err(KnowledgeError::ChunkTokens);
        }
        if overlap > tokens / 2 {
            return Err(KnowledgeError::ChunkOverlap);
        }
        Ok(Self { tokens, overlap })
    }
}
