//! A sample of the passages of knowledge bases, spread evenly over their documents. Deterministic.

use std::collections::{HashMap, HashSet};

use sqlx::PgPool;
use uuid::Uuid;

use super::matches::TermMatch;
use crate::counts::{to_f64, to_i64};

/// The number of passages. The statement repeats it for the planner.
const SIZE: i64 = 300;

/// The passages of a sample, and where the terms of a question occur in them.
#[derive(Default)]
pub(super) struct Sample {
    pub matches: Vec<TermMatch>,
    passages: HashSet<Uuid>,
}

impl Sample {
    /// Takes a sample out of a known number of passages.
    pub async fn take(
        pool: &PgPool,
        knowledge_bases: &[Uuid],
        lexemes: &[String],
        passages: i64,
    ) -> Result<Self, sqlx::Error> {
        let rows = sqlx::query!(
            r#"with picked as (
                   select d.id, d.ready_attempt, n from (
                       select id, ready_attempt, passages, sum(passages) over (order by id)::bigint - passages as before
                       from view_documents where knowledge_base_id = any($1) and ready_attempt is not null) d,
                       generate_series(($3 - d.before % $3) % $3, d.passages - 1, $3) as n limit 300)
               select p.id as "id!", p.length as "length!", p.dictionary as "language!", m.lexeme as "lexeme?",
                      m.weights as "weights?"
               from picked
               cross join lateral (
                   select p.id, p.length, p.dictionary, p.words from view_passages p
                   where p.document_id = picked.id and p.attempt = picked.ready_attempt
                     and p.number = picked.n::int offset 0) p
               left join lateral (
                   select w.lexeme, array_to_string(w.weights, '') as weights
                   from unnest(p.words) as w(lexeme, positions, weights) where w.lexeme = any($2)) m on true"#,
            knowledge_bases,
            lexemes,
            passages / SIZE + 1
        )
        .fetch_all(pool)
        .await?;
        let mut sample = Self::default();
        for row in rows {
            sample.passages.insert(row.id);
            if let (Some(lexeme), Some(weights)) = (row.lexeme, row.weights) {
                sample.matches.push(TermMatch {
                    id: row.id,
                    length: row.length,
                    language: row.language,
                    lexeme,
                    weights,
                });
            }
        }
        Ok(sample)
    }

    /// The passages, with or without matches.
    pub fn ids(&self) -> impl Iterator<Item = Uuid> {
        self.passages.iter().copied()
    }

    /// The share of passages that contain each term.
    pub fn shares(&self) -> HashMap<&str, f64> {
        let passage = 1.0 / to_f64(to_i64(self.passages.len()));
        let mut shares: HashMap<&str, f64> = HashMap::new();
        for row in &self.matches {
            *shares.entry(&row.lexeme).or_default() += passage;
        }
        shares
    }
}
