//! Finding the passages that a question is about: by its words; where a model embeds, merged with what is nearest to its
//! meaning.

use std::collections::HashMap;
use std::time::Duration;

use sqlx::PgPool;
use uuid::Uuid;

use super::fusion::fuse;
use super::{Embedder, Reranker, question, words};
use crate::document::{PassageView, embedding};

/// How long a question may take to be embedded: then its words alone are looked for.
const EMBED_LIMIT: Duration = Duration::from_secs(5);
/// Characters of a question that are embedded: models take some thousand tokens.
const EMBEDDED: usize = 8_000;
/// Passages of either order that are merged, at most.
const MERGED: usize = 100;
/// Passages that a model puts in order, at least as far as there are as many.
const RERANKED: usize = 50;
/// How long that may take: then the order stays.
const RERANK_LIMIT: Duration = Duration::from_secs(5);

/// A passage that was found, with its weight.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredPassage {
    pub passage: PassageView,
    pub score: f64,
    /// The part of the question's weight that stands in it, 0 to 1.
    pub coverage: f64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Retrieval {
    /// Best first.
    pub passages: Vec<ScoredPassage>,
    /// Whether the meaning of the question was looked for as well as its words.
    pub used_embeddings: bool,
}

/// The models that help to find passages, where they are chosen.
#[derive(Debug, Clone, Copy, Default)]
pub struct RetrievalModels<'a> {
    pub embedder: Option<&'a dyn Embedder>,
    pub reranker: Option<&'a dyn Reranker>,
}

/// The best passages for a question in some knowledge bases, which the reader may read.
pub async fn find(
    pool: &PgPool,
    models: RetrievalModels<'_>,
    knowledge_bases: &[Uuid],
    question: &str,
    limit: usize,
) -> Result<Retrieval, sqlx::Error> {
    let merged = match models.reranker {
        Some(_) => limit.max(RERANKED),
        None => limit,
    };
    let words = words::find(pool, knowledge_bases, question).await?;
    let near = find_nearest(pool, models.embedder, knowledge_bases, question).await?;
    let used_embeddings = near.is_some();
    let scores = match near {
        None => words.into_iter().take(merged).collect(),
        Some(near) => {
            let counting = words.iter().take(MERGED);
            let counting: Vec<(Uuid, f64)> = counting.map(|one| (one.0, one.2)).collect();
            let coverage: HashMap<Uuid, f64> =
                words.into_iter().map(|one| (one.0, one.2)).collect();
            let covered = |id| coverage.get(&id).copied().unwrap_or(0.0);
            let fused = fuse(&counting, &near).into_iter().take(merged);
            fused.map(|(id, score)| (id, score, covered(id))).collect()
        }
    };
    let mut found = passages(pool, scores).await?;
    if let Some(reranker) = models.reranker {
        found = reranked(reranker, question, found, RERANK_LIMIT).await;
    }
    found.truncate(limit);
    Ok(Retrieval {
        passages: found,
        used_embeddings,
    })
}

/// Passages in the order in which a model says that they answer the question, each with what it says; what it says nothing
/// of comes last. The order stays as it is where the model does not answer in time.
async fn reranked(
    reranker: &dyn Reranker,
    question: &str,
    found: Vec<ScoredPassage>,
    limit: Duration,
) -> Vec<ScoredPassage> {
    if found.len() < 2 {
        return found;
    }
    let model = reranker.model();
    let texts = found.iter().map(|one| {
        let passage = &one.passage;
        let headings = passage.headings.join("\n");
        format!("{}\n{headings}\n{}", passage.name, passage.text)
    });
    let question: String = question.chars().take(EMBEDDED).collect();
    let asked = reranker.rerank(&question, texts.collect());
    let order = match tokio::time::timeout(limit, asked).await {
        Ok(Ok(order)) => order,
        Ok(Err(error)) => {
            tracing::warn!(model, %error, "passages were not reranked; their order stays");
            return found;
        }
        Err(_) => {
            tracing::warn!(
                model,
                "passages were not reranked in time; their order stays"
            );
            return found;
        }
    };
    let mut left: Vec<Option<ScoredPassage>> = found.into_iter().map(Some).collect();
    let mut best: Vec<ScoredPassage> = order
        .into_iter()
        .filter_map(|(place, score)| {
            let found = left.get_mut(place)?.take()?;
            Some(ScoredPassage { score, ..found })
        })
        .collect();
    let last = best.iter().map(|one| one.score).fold(0.0, f64::min);
    best.extend(left.into_iter().flatten().map(|found| ScoredPassage {
        score: last,
        ..found
    }));
    best
}

/// The passages of ids, scores and coverages, in their order.
async fn passages(
    pool: &PgPool,
    scores: Vec<(Uuid, f64, f64)>,
) -> Result<Vec<ScoredPassage>, sqlx::Error> {
    let ids: Vec<Uuid> = scores.iter().map(|one| one.0).collect();
    let mut passages: HashMap<Uuid, PassageView> = crate::document::passages::find_many(pool, &ids)
        .await?
        .into_iter()
        .map(|passage| (passage.id, passage))
        .collect();
    let found = scores.into_iter().filter_map(|(id, score, coverage)| {
        passages.remove(&id).map(|passage| ScoredPassage {
            passage,
            score,
            coverage,
        })
    });
    Ok(found.collect())
}

/// The passages whose vectors lie nearest to the question's, nearest first; none where there are no vectors, or the
/// model does not answer in time.
pub async fn find_nearest(
    pool: &PgPool,
    embedder: Option<&dyn Embedder>,
    knowledge_bases: &[Uuid],
    question: &str,
) -> Result<Option<Vec<Uuid>>, sqlx::Error> {
    let Some(embedder) = embedder else {
        return Ok(None);
    };
    let model = embedder.model();
    if !embedding::has_embeddings(pool, knowledge_bases, model).await? {
        return Ok(None);
    }
    let question: String = question.chars().take(EMBEDDED).collect();
    let asked = question::embed(embedder, &question);
    let vectors = match tokio::time::timeout(EMBED_LIMIT, asked).await {
        Ok(Ok(vectors)) => vectors,
        Ok(Err(error)) => {
            tracing::warn!(model, %error, "a question was not embedded; its words are looked for");
            vec![]
        }
        Err(_) => {
            tracing::warn!(
                model,
                "a question was not embedded in time; its words are looked for"
            );
            vec![]
        }
    };
    if vectors.is_empty() {
        return Ok(None);
    }
    let near = embedding::find_nearest(pool, knowledge_bases, (model, &vectors), MERGED).await?;
    Ok(Some(near.into_iter().map(|one| one.0).collect()))
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use domain::response::FailureCode;
    use futures_util::FutureExt;
    use futures_util::future::BoxFuture;

    use super::*;
    use crate::knowledge::EmbedError;

    /// Says what it is told to say; nothing at all where it is told nothing.
    #[derive(Debug)]
    struct Told(Option<Result<Vec<(usize, f64)>, EmbedError>>);

    impl Reranker for Told {
        fn model(&self) -> &'static str {
            "test/told"
        }

        fn rerank<'a>(
            &'a self,
            _question: &'a str,
            _texts: Vec<String>,
        ) -> BoxFuture<'a, Result<Vec<(usize, f64)>, EmbedError>> {
            match self.0.clone() {
                Some(told) => async move { told }.boxed(),
                None => pending().boxed(),
            }
        }
    }

    fn found(number: i32) -> ScoredPassage {
        ScoredPassage {
            passage: PassageView {
                id: Uuid::nil(),
                document_id: Uuid::nil(),
                knowledge_base_id: Uuid::nil(),
                number,
                text: format!("text {number}"),
                headings: vec![],
                page: None,
                page_name: None,
                name: "a.md".to_owned(),
            },
            score: 0.5,
            coverage: 0.0,
        }
    }

    async fn order(told: Option<Result<Vec<(usize, f64)>, EmbedError>>) -> Vec<i32> {
        let found = (0..4).map(found).collect();
        let order = reranked(&Told(told), "question", found, Duration::ZERO).await;
        let falls = order.windows(2).all(|pair| pair[0].score >= pair[1].score);
        assert!(falls, "{order:?}");
        order.iter().map(|one| one.passage.number).collect()
    }

    #[tokio::test]
    async fn what_a_model_prefers_comes_first_and_nothing_is_lost() {
        assert_eq!(
            order(Some(Ok(vec![(2, 0.9), (0, 0.1)]))).await,
            [2, 0, 1, 3]
        );
        // Whatever it says: places that there are not, and one twice.
        let odd = vec![(3, 0.9), (9, 0.8), (3, 0.7), (1, -4.0)];
        assert_eq!(order(Some(Ok(odd))).await, [3, 1, 0, 2]);
        assert_eq!(order(Some(Ok(vec![]))).await, [0, 1, 2, 3]);
    }

    #[tokio::test]
    async fn the_order_stays_where_a_model_fails_or_is_silent() {
        let failed = EmbedError {
            code: FailureCode::ProviderError,
            detail: "500".to_owned(),
        };
        assert_eq!(order(Some(Err(failed))).await, [0, 1, 2, 3]);
        assert_eq!(order(None).await, [0, 1, 2, 3]);
    }
}
