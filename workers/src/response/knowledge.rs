//! Finds passages that ground the answer of a run.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use domain::response::PromptPassage;
use eventstore::log::LogError;
use lru::LruCache;
use projections::conversation::queries;
use projections::knowledge::retrieval::RetrievalModels;
use projections::response::prompt::PendingQuestion;
use projections::response::{ResponseView, grounding};
use uuid::Uuid;

use super::Responder;

/// Versions of assistants in the cache.
const CACHE_SIZE: NonZeroUsize = NonZeroUsize::new(1_000).unwrap();

/// A cache of the knowledge bases of assistants, by version: a version never changes.
#[derive(Debug, Clone)]
pub struct KnowledgeBases(Arc<Mutex<Cache>>);

/// By assistant and version.
type Cache = LruCache<(Uuid, i32), Arc<[Uuid]>>;

impl Default for KnowledgeBases {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(LruCache::new(CACHE_SIZE))))
    }
}

impl KnowledgeBases {
    fn get(&self, key: (Uuid, i32)) -> Option<Arc<[Uuid]>> {
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cache.get(&key).cloned()
    }

    fn insert(&self, key: (Uuid, i32), bases: Arc<[Uuid]>) {
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cache.put(key, bases);
    }
}

/// The passages for a run; `None` if its assistant has no knowledge bases.
pub(super) async fn find_passages(
    responder: &Responder,
    run: &ResponseView,
    question: Option<&PendingQuestion>,
) -> Result<Option<Vec<PromptPassage>>, LogError> {
    let key = (run.assistant_id, run.assistant_version);
    let bases = match responder.knowledge.get(key) {
        Some(bases) => bases,
        None => {
            let source = &responder.catalogue.source;
            let source = (&source.pool, &source.log, &source.keys);
            let bases: Arc<[Uuid]> = grounding::knowledge_bases(source, run).await?.into();
            responder.knowledge.insert(key, bases.clone());
            bases
        }
    };
    if bases.is_empty() {
        return Ok(None);
    }
    let pool = &responder.pool;
    let text = match question {
        Some(question) => question.text.clone(),
        None => {
            let path = queries::path(pool, run.conversation_id, run.prompt_message_id, 1).await?;
            path.items
                .into_iter()
                .next()
                .map_or_else(String::new, |one| one.content)
        }
    };
    let models = RetrievalModels {
        embedder: responder.embedder.as_deref(),
        reranker: responder.reranker.as_deref(),
    };
    let passages = grounding::find((pool, models), run.requested_by, &bases, &text).await?;
    Ok(Some(passages))
}
