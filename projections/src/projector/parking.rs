//! Scopes with an event that a view could not apply. The view goes on without them, and they can be retried.

use std::collections::HashSet;

use sqlx::{PgConnection, PgPool};

use super::Projector;
use crate::statement::execute;

/// A scope that a view has parked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedScope {
    pub scope: String,
    /// The first event that the view could not apply.
    pub position: i64,
    pub error: String,
}

/// Lists the scopes that a view has parked.
pub async fn list(pool: &PgPool, projection: &str) -> Result<Vec<ParkedScope>, sqlx::Error> {
    sqlx::query_as!(
        ParkedScope,
        "select scope, position, error from parked_aggregates where projection = $1 order by position",
        projection
    )
    .fetch_all(pool)
    .await
}

/// Whether any view has parked a scope.
pub async fn is_parked(pool: &PgPool, scope: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from parked_aggregates where scope = $1) as "parked!""#,
        scope
    )
    .fetch_one(pool)
    .await
}

/// Parks a scope: the view ignores it from an event on. Records the error.
pub(super) async fn park(
    connection: &mut PgConnection,
    projector: &dyn Projector,
    (scope, position): (&str, i64),
    error: &impl ToString,
) -> Result<(), sqlx::Error> {
    let error = error.to_string();
    tracing::error!(
        projection = projector.name(),
        position,
        scope,
        error,
        "cannot project an event; its scope is parked"
    );
    execute!(
        connection,
        "insert into parked_aggregates (projection, scope, position, error) values ($1, $2, $3, $4)",
        projector.name(),
        scope,
        position,
        error
    )
}

/// The names of the scopes that a projector has parked.
pub(super) async fn parked_scopes(
    connection: &mut PgConnection,
    projector: &dyn Projector,
) -> Result<HashSet<String>, sqlx::Error> {
    let scopes = sqlx::query_scalar!(
        "select scope from parked_aggregates where projection = $1",
        projector.name()
    )
    .fetch_all(connection)
    .await?;
    Ok(scopes.into_iter().collect())
}
