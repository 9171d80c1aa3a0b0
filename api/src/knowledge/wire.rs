//! Request and response bodies of knowledge bases.

use chrono::{DateTime, Utc};
use domain::knowledge::{Chunking, Description, KnowledgeError, Readers};
use domain::text::Line;
use o2o::o2o;
use poem_openapi::{Enum, Object};
use projections::knowledge::KnowledgeBaseView;
use projections::knowledge::retrieval::{Retrieval, ScoredPassage};
use serde::Deserialize;
use uuid::Uuid;

use crate::document::ChunkResource;
use crate::http::{Problem, resource};

/// Allowed number of hits.
const HITS: std::ops::RangeInclusive<usize> = 1..=50;
const DEFAULT_HITS: usize = 10;

/// A named collection of documents that assistants answer from.
#[derive(Debug, Object, o2o)]
#[from_owned(KnowledgeBaseView)]
#[oai(rename = "KnowledgeBase")]
pub(super) struct KnowledgeBaseResource {
    pub id: Uuid,
    pub version: i64,
    pub owner_id: Uuid,
    pub name: String,
    pub description: String,
    pub tags: Vec<String>,
    /// `private`, `groups` or `everyone`.
    #[from(~.0.into())]
    pub visibility: KnowledgeVisibility,
    /// The groups whose members may read it, if its visibility is `groups`.
    pub group_ids: Vec<Uuid>,
    /// Maximum number of tokens in a passage.
    pub chunk_tokens: i32,
    /// Number of tokens that a passage shares with the next one.
    pub chunk_overlap: i32,
    /// Number of documents.
    pub documents: i64,
    /// Number of the caller's assistants that use it.
    pub assistants: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

resource!(
    KnowledgeBaseResource,
    KnowledgeBaseView,
    "/api/v1/knowledge-bases"
);

/// Who may read a knowledge base besides its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(
    rename_all = "snake_case",
    remote = "projections::knowledge::KnowledgeVisibility"
)]
#[serde(rename_all = "snake_case")]
pub(super) enum KnowledgeVisibility {
    Private,
    Groups,
    Everyone,
}

/// Combines the two fields that determine the readers; none if neither was sent.
pub(super) fn readers(
    visibility: Option<KnowledgeVisibility>,
    group_ids: Option<&[Uuid]>,
) -> Result<Option<Readers>, KnowledgeError> {
    match (visibility, group_ids) {
        (None, None) => Ok(None),
        (Some(KnowledgeVisibility::Groups) | None, ids) => {
            Readers::groups(ids.unwrap_or_default()).map(Some)
        }
        (Some(_), Some([_, ..])) => Err(KnowledgeError::UnexpectedGroups),
        (Some(KnowledgeVisibility::Private), _) => Ok(Some(Readers::Nobody)),
        (Some(KnowledgeVisibility::Everyone), _) => Ok(Some(Readers::Everyone)),
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateKnowledgeBase {
    pub name: String,
    pub description: Option<String>,
    /// At most 20 tags.
    pub tags: Option<Vec<String>>,
    /// `private` by default, or `groups` if `group_ids` is sent.
    pub visibility: Option<KnowledgeVisibility>,
    /// For `groups`: 1 to 100 groups that the caller can see.
    pub group_ids: Option<Vec<Uuid>>,
    /// 50 to 4,000; 500 by default.
    pub chunk_tokens: Option<u32>,
    /// At most half of `chunk_tokens`; by default 50, or half of `chunk_tokens` if that is less.
    pub chunk_overlap: Option<u32>,
}

impl CreateKnowledgeBase {
    pub(super) fn parse(&self, id: Uuid) -> Result<(Description, Chunking), KnowledgeError> {
        let description = Description::parse(
            id,
            self.name.as_str(),
            self.description.as_deref().unwrap_or_default(),
            self.tags
                .iter()
                .flatten()
                .map(|tag| Line::from(tag.as_str())),
        )?;
        let usual = Chunking::default();
        let tokens = self.chunk_tokens.unwrap_or(usual.tokens);
        let overlap = self.chunk_overlap.unwrap_or(usual.overlap.min(tokens / 2));
        Ok((description, Chunking::parse(tokens, overlap)?))
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateKnowledgeBase {
    pub name: Option<String>,
    pub description: Option<String>,
    pub tags: Option<Vec<String>>,
    /// Unchanged if neither this nor `group_ids` is sent.
    pub visibility: Option<KnowledgeVisibility>,
    /// For `groups`: 1 to 100 groups that the caller can see.
    pub group_ids: Option<Vec<Uuid>>,
    /// Applies to documents that are processed after the change.
    pub chunk_tokens: Option<u32>,
    pub chunk_overlap: Option<u32>,
}

impl UpdateKnowledgeBase {
    /// Description and chunking after the change; none for what was not sent.
    pub(super) fn parse(
        &self,
        before: &KnowledgeBaseView,
    ) -> Result<(Option<Description>, Option<Chunking>), KnowledgeError> {
        let described = self.name.is_some() || self.description.is_some() || self.tags.is_some();
        let description = described.then(|| {
            let name = self.name.as_deref().unwrap_or(&before.name);
            let tags = self.tags.as_ref().unwrap_or(&before.tags);
            Description::parse(
                before.id,
                Line::with_stored(name, &before.name),
                self.description.as_deref().unwrap_or(&before.description),
                tags.iter()
                    .map(|tag| Line::with_stored_any(tag, &before.tags)),
            )
        });
        let cut = self.chunk_tokens.is_some() || self.chunk_overlap.is_some();
        let old = |number: i32| u32::try_from(number).unwrap_or(0);
        let chunking = cut.then(|| {
            Chunking::parse(
                self.chunk_tokens.unwrap_or(old(before.chunk_tokens)),
                self.chunk_overlap.unwrap_or(old(before.chunk_overlap)),
            )
        });
        Ok((description.transpose()?, chunking.transpose()?))
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct SearchKnowledge {
    /// A question or words, 1 to 2,000 characters.
    pub query: String,
    /// All knowledge bases that the caller may read by default.
    pub knowledge_base_ids: Option<Vec<Uuid>>,
    /// 1 to 50; 10 by default.
    pub limit: Option<u32>,
}

impl SearchKnowledge {
    /// The number of passages to find.
    pub(super) fn limit(&self) -> Result<usize, Problem> {
        let limit = self.limit.map_or(DEFAULT_HITS, |limit| {
            usize::try_from(limit).unwrap_or(usize::MAX)
        });
        match HITS.contains(&limit) {
            true => Ok(limit),
            false => Err(Problem::invalid(
                "/limit",
                "out_of_range",
                "limit must be between 1 and 50",
            )),
        }
    }
}

/// A passage that was found.
#[derive(Debug, Object)]
pub(super) struct KnowledgeHit {
    pub chunk: ChunkResource,
    pub document_id: Uuid,
    pub document_name: String,
    pub knowledge_base_id: Uuid,
    /// Higher is better; comparable only within one result.
    pub score: f64,
}

impl From<ScoredPassage> for KnowledgeHit {
    fn from(found: ScoredPassage) -> Self {
        Self {
            document_id: found.passage.document_id,
            document_name: found.passage.name.clone(),
            knowledge_base_id: found.passage.knowledge_base_id,
            score: found.score,
            chunk: found.passage.into(),
        }
    }
}

/// The result of a search in knowledge bases.
#[derive(Debug, Object, o2o)]
#[from_owned(Retrieval)]
pub(super) struct KnowledgeHits {
    /// The best passage comes first.
    #[from(@.passages.into_iter().map(Into::into).collect())]
    pub items: Vec<KnowledgeHit>,
    /// Whether the search also used the meaning of the question, not only its words.
    #[from(used_embeddings)]
    pub by_meaning: bool,
}
