//! Samples of the passages of knowledge bases, spread evenly over their documents. Deterministic.

use sqlx::PgPool;
use uuid::Uuid;

use crate::counts::to_f64;
use crate::search::terms::quote_lexeme;

/// The sample size for estimating how common words are. The statement repeats it for the planner.
const ESTIMATE_SIZE: i64 = 200;
/// The sample size for questions of only common words. The statement repeats it for the planner.
const CANDIDATE_SIZE: i64 = 500;

/// Estimates the share of passages that contain each term.
pub(super) async fn estimate_shares(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    lexemes: &[String],
    passages: i64,
) -> Result<Vec<(String, f64)>, sqlx::Error> {
    let queries: Vec<String> = lexemes.iter().map(|lexeme| quote_lexeme(lexeme)).collect();
    let rows = sqlx::query!(
        r#"with picked as (
               select d.id, d.ready_attempt, n from (
                   select id, ready_attempt, passages, sum(passages) over (order by id)::bigint - passages as before
                   from view_documents where knowledge_base_id = any($1) and ready_attempt is not null) d,
                   generate_series(($4 - d.before % $4) % $4, d.passages - 1, $4) as n limit 200),
           sample as materialized (
               select p.words from picked,
                   lateral (select words from view_passages p
                            where p.document_id = picked.id and p.attempt = picked.ready_attempt
                              and p.number = picked.n::int offset 0) p)
           select lexeme as "lexeme!", (select count(*) from sample) as "all!",
                  (select count(*) from sample where words @@ q::tsquery) as "holding!"
           from unnest($2::text[], $3::text[]) as t(lexeme, q)"#,
        knowledge_bases,
        lexemes,
        &queries,
        step(passages, ESTIMATE_SIZE)
    )
    .fetch_all(pool)
    .await?;
    let shares = rows.into_iter().map(|row| {
        let share = to_f64(row.holding) / to_f64(row.all.max(1));
        (row.lexeme, share)
    });
    Ok(shares.collect())
}

/// Returns a sample of passages.
pub(super) async fn sample_passages(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    passages: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "with picked as (
             select d.id, d.ready_attempt, n from (
                 select id, ready_attempt, passages, sum(passages) over (order by id)::bigint - passages as before
                 from view_documents where knowledge_base_id = any($1) and ready_attempt is not null) d,
                 generate_series(($2 - d.before % $2) % $2, d.passages - 1, $2) as n limit 500)
         select p.id from picked,
             lateral (select p.id from view_passages p
                      where p.document_id = picked.id and p.attempt = picked.ready_attempt
                        and p.number = picked.n::int offset 0) p",
        knowledge_bases,
        step(passages, CANDIDATE_SIZE)
    )
    .fetch_all(pool)
    .await
}

/// The distance between two passages of a sample.
fn step(passages: i64, size: i64) -> i64 {
    passages / size + 1
}
