//! Finds passages for a question by its words. With an embedding model, these are merged with the nearest passages by
//! meaning.

use std::collections::HashMap;
use std::time::Duration;

use sqlx::PgPool;
use uuid::Uuid;

use super::fusion::fuse;
use super::{Embedder, Reranker, question, words};
use crate::document::{PassageView, embedding};

/// The time limit for embedding a question; after it, only its words are searched.
const EMBED_LIMIT: Duration = Duration::from_secs(5);
/// Characters of a question that are embedded, since models accept a few thousand tokens.
const MAX_QUESTION_LENGTH: usize = 8_000;
/// The maximum number of passages of each ranking that are merged.
const MAX_MERGED: usize = 100;
/// The minimum number of candidates for a reranking model.
const MIN_RERANKED: usize = 50;
/// The time limit for reranking; after it, the order stays.
const RERANK_LIMIT: Duration = Duration::from_secs(5);

/// A passage with its score.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredPassage {
    pub passage: PassageView,
    pub score: f64,
    /// The share of the question's weight that it contains, from 0 to 1.
    pub coverage: f64,
}

/// The result of a retrieval.
#[derive(Debug, Clone, PartialEq)]
pub struct Retrieval {
    /// Best first.
    pub passages: Vec<ScoredPassage>,
    /// Whether passages were searched by meaning as well as by words.
    pub used_embeddings: bool,
}

/// The models for retrieval, if any are chosen.
#[derive(Debug, Clone, Copy, Default)]
pub struct RetrievalModels<'a> {
    pub embedder: Option<&'a dyn Embedder>,
    pub reranker: Option<&'a dyn Reranker>,
}

/// Finds the best passages for a question in knowledge bases. The caller has checked that the reader can read them.
pub async fn find(
    pool: &PgPool,
    models: RetrievalModels<'_>,
    knowledge_bases: &[Uuid],
    question: &str,
    limit: usize,
) -> Result<Retrieval, sqlx::Error> {
    let candidates = match models.reranker {
        Some(_) => limit.max(MIN_RERANKED),
        None => limit,
    };
    let words = words::find(pool, knowledge_bases, question).await?;
    let nearest = find_nearest(pool, models.embedder, knowledge_bases, question).await?;
    let used_embeddings = nearest.is_some();
    let scores = match nearest {
        None => words.into_iter().take(candidates).collect(),
        Some(nearest) => {
            let weighted = words.iter().take(MAX_MERGED);
            let weighted: Vec<(Uuid, f64)> =
                weighted.map(|(id, _, coverage)| (*id, *coverage)).collect();
            let coverage: HashMap<Uuid, f64> = words
                .into_iter()
                .map(|(id, _, coverage)| (id, coverage))
                .collect();
            let coverage_of = |id| coverage.get(&id).copied().unwrap_or(0.0);
            let fused = fuse(&weighted, &nearest).into_iter().take(candidates);
            fused
                .map(|(id, score)| (id, score, coverage_of(id)))
                .collect()
        }
    };
    let mut passages = load_passages(pool, scores).await?;
    if let Some(reranker) = models.reranker {
        passages = rerank(reranker, question, passages, RERANK_LIMIT).await;
    }
    passages.truncate(limit);
    Ok(Retrieval {
        passages,
        used_embeddings,
    })
}

/// Orders passages by the scores of a model; those without one come last. The order stays if the model fails or does not
/// respond in time.
async fn rerank(
    reranker: &dyn Reranker,
    question: &str,
    passages: Vec<ScoredPassage>,
    limit: Duration,
) -> Vec<ScoredPassage> {
    if passages.len() < 2 {
        return passages;
    }
    let model = reranker.model();
    let texts = passages.iter().map(|scored| {
        let passage = &scored.passage;
        let headings = passage.headings.join("\n");
        format!("{}\n{headings}\n{}", passage.name, passage.text)
    });
    let question: String = question.chars().take(MAX_QUESTION_LENGTH).collect();
    let reply = reranker.rerank(&question, texts.collect());
    let order = match tokio::time::timeout(limit, reply).await {
        Ok(Ok(order)) => order,
        Ok(Err(error)) => {
            tracing::warn!(model, %error, "cannot rerank passages; keeping their order");
            return passages;
        }
        Err(_) => {
            tracing::warn!(
                model,
                "the model did not rerank passages in time; keeping their order"
            );
            return passages;
        }
    };
    let mut remaining: Vec<Option<ScoredPassage>> = passages.into_iter().map(Some).collect();
    let mut best: Vec<ScoredPassage> = order
        .into_iter()
        .filter_map(|(index, score)| {
            let passage = remaining.get_mut(index)?.take()?;
            Some(ScoredPassage { score, ..passage })
        })
        .collect();
    let lowest = best.iter().map(|scored| scored.score).fold(0.0, f64::min);
    best.extend(
        remaining
            .into_iter()
            .flatten()
            .map(|passage| ScoredPassage {
                score: lowest,
                ..passage
            }),
    );
    best
}

/// Loads passages by id with their scores and coverages, in the same order.
async fn load_passages(
    pool: &PgPool,
    scores: Vec<(Uuid, f64, f64)>,
) -> Result<Vec<ScoredPassage>, sqlx::Error> {
    let ids: Vec<Uuid> = scores.iter().map(|(id, _, _)| *id).collect();
    let mut passages: HashMap<Uuid, PassageView> = crate::document::passages::find_many(pool, &ids)
        .await?
        .into_iter()
        .map(|passage| (passage.id, passage))
        .collect();
    let scored = scores.into_iter().filter_map(|(id, score, coverage)| {
        passages.remove(&id).map(|passage| ScoredPassage {
            passage,
            score,
            coverage,
        })
    });
    Ok(scored.collect())
}

/// Finds the passages whose vectors are nearest to the question, nearest first. Returns `None` if there are no vectors, or
/// the model fails or does not respond in time.
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
    let question: String = question.chars().take(MAX_QUESTION_LENGTH).collect();
    let reply = question::embed(embedder, &question);
    let vectors = match tokio::time::timeout(EMBED_LIMIT, reply).await {
        Ok(Ok(vectors)) => vectors,
        Ok(Err(error)) => {
            tracing::warn!(model, %error, "cannot embed a question; searching only its words");
            vec![]
        }
        Err(_) => {
            tracing::warn!(
                model,
                "the model did not embed a question in time; searching only its words"
            );
            vec![]
        }
    };
    if vectors.is_empty() {
        return Ok(None);
    }
    let nearest =
        embedding::find_nearest(pool, knowledge_bases, (model, &vectors), MAX_MERGED).await?;
    Ok(Some(nearest.into_iter().map(|(id, _)| id).collect()))
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use domain::response::FailureCode;
    use futures_util::FutureExt;
    use futures_util::future::BoxFuture;

    use super::*;
    use crate::knowledge::EmbedError;

    /// Returns the given reply, or never responds if there is none.
    #[derive(Debug)]
    struct FakeReranker(Option<Result<Vec<(usize, f64)>, EmbedError>>);

    impl Reranker for FakeReranker {
        fn model(&self) -> &'static str {
            "test/fake"
        }

        fn rerank<'a>(
            &'a self,
            _question: &'a str,
            _texts: Vec<String>,
        ) -> BoxFuture<'a, Result<Vec<(usize, f64)>, EmbedError>> {
            match self.0.clone() {
                Some(reply) => async move { reply }.boxed(),
                None => pending().boxed(),
            }
        }
    }

    fn scored_passage(number: i32) -> ScoredPassage {
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

    async fn rerank_numbers(reply: Option<Result<Vec<(usize, f64)>, EmbedError>>) -> Vec<i32> {
        let passages = (0..4).map(scored_passage).collect();
        let order = rerank(&FakeReranker(reply), "question", passages, Duration::ZERO).await;
        let is_descending = order.windows(2).all(|pair| pair[0].score >= pair[1].score);
        assert!(is_descending, "{order:?}");
        order.iter().map(|scored| scored.passage.number).collect()
    }

    #[tokio::test]
    async fn passages_are_ordered_by_the_model_and_none_is_lost() {
        assert_eq!(
            rerank_numbers(Some(Ok(vec![(2, 0.9), (0, 0.1)]))).await,
            [2, 0, 1, 3]
        );
        // Invalid indexes and duplicates are ignored.
        let odd = vec![(3, 0.9), (9, 0.8), (3, 0.7), (1, -4.0)];
        assert_eq!(rerank_numbers(Some(Ok(odd))).await, [3, 1, 0, 2]);
        assert_eq!(rerank_numbers(Some(Ok(vec![]))).await, [0, 1, 2, 3]);
    }

    #[tokio::test]
    async fn the_order_stays_if_the_model_fails_or_does_not_respond() {
        let failed = EmbedError {
            code: FailureCode::ProviderError,
            detail: "500".to_owned(),
        };
        assert_eq!(rerank_numbers(Some(Err(failed))).await, [0, 1, 2, 3]);
        assert_eq!(rerank_numbers(None).await, [0, 1, 2, 3]);
    }
}
