//! What a run is given to answer from.

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

/// Versions of assistants whose knowledge bases are kept in mind.
const KEPT: NonZeroUsize = NonZeroUsize::new(1_000).unwrap();

/// The knowledge bases of assistants, by version: a version never changes.
#[derive(Debug, Clone)]
pub struct KnowledgeBases(Arc<Mutex<Known>>);

/// By assistant and version.
type Known = LruCache<(Uuid, i32), Arc<[Uuid]>>;

impl Default for KnowledgeBases {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(LruCache::new(KEPT))))
    }
}

impl KnowledgeBases {
    fn known(&self, key: (Uuid, i32)) -> Option<Arc<[Uuid]>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&key).cloned()
    }

    fn keep(&self, key: (Uuid, i32), bases: Arc<[Uuid]>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.put(key, bases);
    }
}

/// The passages for a run; none where its assistant has no knowledge.
pub(super) async fn of(
    responder: &Responder,
    run: &ResponseView,
    question: Option<&PendingQuestion>,
) -> Result<Option<Vec<PromptPassage>>, LogError> {
    let key = (run.assistant_id, run.assistant_version);
    let bases = match responder.knowledge.known(key) {
        Some(bases) => bases,
        None => {
            let source = &responder.catalogue.source;
            let source = (&source.pool, &source.log, &source.keys);
            let bases: Arc<[Uuid]> = grounding::knowledge_bases(source, run).await?.into();
            responder.knowledge.keep(key, bases.clone());
            bases
        }
    };
    if bases.is_empty() {
        return Ok(None);
    }
    let pool = &responder.pool;
    let asked = match question {
        Some(question) => question.text.clone(),
        None => {
            let asked = queries::path(pool, run.conversation_id, run.prompt_message_id, 1).await?;
            asked
                .items
                .into_iter()
                .next()
                .map_or_else(String::new, |one| one.content)
        }
    };
    let models = RetrievalModels {
        embedder: responder.embedder.as_deref(),
        reranker: responder.reranker.as_deref(),
    };
    let found = grounding::find((pool, models), run.requested_by, &bases, &asked).await?;
    Ok(Some(found))
}
