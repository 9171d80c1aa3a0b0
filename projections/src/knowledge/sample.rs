//! A sample of the passages of knowledge bases, spread evenly over their documents. Deterministic.

use std::collections::HashMap;

use sqlx::PgPool;
use uuid::Uuid;

use crate::counts::{to_f64, to_i64};
use crate::search::terms::quote_lexeme;

/// The number of passages. The statement repeats it for the planner.
const SIZE: i64 = 300;

/// The passages of a sample, and the share of them that contains each term of a question.
#[derive(Default)]
pub(super) struct Sample {
    pub passages: Vec<Uuid>,
    pub shares: HashMap<String, f64>,
}

impl Sample {
    /// Takes a sample out of a known number of passages.
    pub(super) async fn take(
        pool: &PgPool,
        knowledge_bases: &[Uuid],
        lexemes: &[String],
        passages: i64,
    ) -> Result<Self, sqlx::Error> {
        let queries: Vec<String> = lexemes.iter().map(|lexeme| quote_lexeme(lexeme)).collect();
        let sample = sqlx::query!(
            r#"with picked as (
                   select d.id, d.ready_attempt, n from (
                       select id, ready_attempt, passages, sum(passages) over (order by id)::bigint - passages as before
                       from view_documents where knowledge_base_id = any($1) and ready_attempt is not null) d,
                       generate_series(($3 - d.before % $3) % $3, d.passages - 1, $3) as n limit 300),
               sample as materialized (
                   select p.id, p.words from picked,
                       lateral (select id, words from view_passages p
                                where p.document_id = picked.id and p.attempt = picked.ready_attempt
                                  and p.number = picked.n::int offset 0) p)
               select array(select id from sample) as "passages!",
                      array(select (select count(*) from sample where words @@ q::tsquery)
                            from unnest($2::text[]) with ordinality as t (q, n) order by n) as "counts!""#,
            knowledge_bases,
            &queries,
            passages / SIZE + 1
        )
        .fetch_one(pool)
        .await?;
        let size = to_f64(to_i64(sample.passages.len().max(1)));
        let shares = sample.counts.into_iter().map(|count| to_f64(count) / size);
        Ok(Self {
            shares: lexemes.iter().cloned().zip(shares).collect(),
            passages: sample.passages,
        })
    }
}
