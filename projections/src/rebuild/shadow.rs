//! A second copy of the tables of a view, in a schema that is first in one connection's search path, so that the same
//! compiled SQL fills them.

use sqlx::{PgConnection, Row};

use crate::projector::Projector;

/// The statements here contain only names from projectors and the catalogue, no user input.
pub(super) struct Shadow {
    /// Created after the rows are inserted, which is faster.
    indexes: Vec<String>,
}

impl Shadow {
    /// Creates empty tables with the same columns and constraints, and puts them first in the search path.
    pub(super) async fn create(
        connection: &mut PgConnection,
        projector: &dyn Projector,
    ) -> Result<Self, sqlx::Error> {
        run(connection, "create schema if not exists rebuild").await?;
        let mut indexes = Vec::new();
        for table in projector.tables() {
            recreate(connection, table).await?;
            for (name, definition) in list_constraints(connection, table).await? {
                let add = format!("alter table rebuild.{table} add constraint {name} {definition}");
                run(connection, &add).await?;
            }
            indexes.extend(list_index_definitions(connection, table).await?);
        }
        recreate(connection, "parked_aggregates").await?;
        run(connection, "set search_path = rebuild, public").await?;
        run(connection, "set synchronous_commit = off").await?;
        Ok(Self { indexes })
    }

    pub(super) async fn create_indexes(
        &self,
        connection: &mut PgConnection,
    ) -> Result<(), sqlx::Error> {
        for index in &self.indexes {
            run(connection, index).await?;
        }
        analyze(connection).await
    }

    /// Replaces the view with the shadow.
    pub(super) async fn replace(
        &self,
        transaction: &mut PgConnection,
        projector: &dyn Projector,
    ) -> Result<(), sqlx::Error> {
        for table in projector.tables() {
            run(transaction, &format!("drop table public.{table}")).await?;
            let statement = format!("alter table rebuild.{table} set schema public");
            run(transaction, &statement).await?;
        }
        sqlx::query("delete from public.parked_aggregates where projection = $1")
            .bind(projector.name())
            .execute(&mut *transaction)
            .await?;
        run(
            transaction,
            "insert into public.parked_aggregates select * from rebuild.parked_aggregates",
        )
        .await?;
        run(transaction, "drop table rebuild.parked_aggregates").await
    }
}

async fn recreate(connection: &mut PgConnection, table: &str) -> Result<(), sqlx::Error> {
    run(connection, &format!("drop table if exists rebuild.{table}")).await?;
    let create = format!(
        "create table rebuild.{table} (like public.{table} including defaults including generated)"
    );
    run(connection, &create).await
}

/// Lists the names and definitions of the constraints of a table.
async fn list_constraints(
    connection: &mut PgConnection,
    table: &str,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query(
        "select quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
         from pg_constraint where conrelid = ('public.' || $1)::regclass and contype in ('p', 'u', 'c')",
    )
    .bind(table)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("name")?, row.try_get("definition")?)))
        .collect()
}

/// Lists the statements that create the other indexes on the shadow, under the same names.
async fn list_index_definitions(
    connection: &mut PgConnection,
    table: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select replace(pg_get_indexdef(i.indexrelid), ' ON public.', ' ON rebuild.')
         from pg_index i where i.indrelid = ('public.' || $1)::regclass
           and not exists (select from pg_constraint c where c.conindid = i.indexrelid)",
    )
    .bind(table)
    .fetch_all(connection)
    .await
}

/// New tables have no statistics, without which the first queries would be planned badly.
async fn analyze(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select quote_ident(tablename) from pg_tables where schemaname = 'rebuild' order by 1",
    )
    .fetch_all(&mut *connection)
    .await?;
    for table in tables {
        run(connection, &format!("analyze rebuild.{table}")).await?;
    }
    Ok(())
}

async fn run(connection: &mut PgConnection, statement: &str) -> Result<(), sqlx::Error> {
    sqlx::query(statement).execute(connection).await?;
    Ok(())
}
