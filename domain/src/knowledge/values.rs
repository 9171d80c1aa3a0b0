//! What describes a knowledge base, and how its documents are cut.

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
const TAGS: usize = 20;
const GROUPS: usize = 100;
const TOKENS: std::ops::RangeInclusive<u32> = 50..=4_000;

/// Name, description and tags.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Description {
    pub name: Personal<String>,
    pub description: Personal<String>,
    pub tags: Personal<Vec<String>>,
}

impl Description {
    /// Checks every field and seals the texts for the knowledge base. Tags that differ in nothing but case are one.
    pub fn parse<'a>(
        id: Uuid,
        name: impl Into<text::Line<'a>>,
        description: &str,
        tags: impl IntoIterator<Item = text::Line<'a>>,
    ) -> Result<Self, KnowledgeError> {
        let subject = || [Subject::new("knowledge_base", id)];
        let name = name.into().parse(NAME_LIMIT);
        let name = name.map_err(KnowledgeError::Name)?;
        let description =
            text::prose(description, DESCRIPTION_LIMIT).map_err(KnowledgeError::Description)?;
        let mut kept: Vec<String> = Vec::new();
        for tag in tags {
            let tag = tag.parse(TAG_LIMIT).map_err(KnowledgeError::Tags)?;
            if !kept
                .iter()
                .any(|one| one.to_lowercase() == tag.to_lowercase())
            {
                kept.push(tag);
            }
        }
        if kept.len() > TAGS {
            return Err(KnowledgeError::TooManyTags(TAGS));
        }
        Ok(Self {
            name: Personal::new(subject(), name),
            description: Personal::new(subject(), description),
            tags: Personal::new(subject(), kept),
        })
    }
}

/// Who reads a knowledge base besides its owner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Readers {
    #[default]
    Nobody,
    /// The members of at least one group.
    Groups(BTreeSet<Uuid>),
    Everyone,
}

impl Readers {
    /// The members of some groups, at least one and at most 100.
    pub fn groups(ids: &[Uuid]) -> Result<Self, KnowledgeError> {
        let ids: BTreeSet<Uuid> = ids.iter().copied().collect();
        match ids.len() {
            0 => Err(KnowledgeError::NoGroups),
            1..=GROUPS => Ok(Self::Groups(ids)),
            _ => Err(KnowledgeError::TooManyGroups(GROUPS)),
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

/// How long passages are, and how much of one stands in the next again; in tokens.
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
    /// A passage of 50 to 4,000 tokens, of which at most half stands in the next again.
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
