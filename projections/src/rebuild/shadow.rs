//! The tables of a view a second time, in a schema that one connection finds first: the same compiled SQL fills them.

use sqlx::{PgConnection, Row};

use crate::projector::Projector;

/// Names here are our own, from projectors and the catalogue: nothing of a user is in these texts.
pub(super) struct Shadow {
    /// Made once the rows are there, which is quicker.
    indexes: Vec<String>,
}

impl Shadow {
    /// Makes empty tables of the same columns and primary key, and lets this connection find them first.
    pub async fn create(
        connection: &mut PgConnection,
        projector: &dyn Projector,
    ) -> Result<Self, sqlx::Error> {
        run(connection, "create schema if not exists rebuild").await?;
        let mut indexes = Vec::new();
        for table in projector.tables() {
            make_anew(connection, table).await?;
            for (name, definition) in constraints(connection, table).await? {
                let add = format!("alter table rebuild.{table} add constraint {name} {definition}");
                run(connection, &add).await?;
            }
            indexes.extend(definitions_of_indexes(connection, table).await?);
        }
        make_anew(connection, "parked_aggregates").await?;
        run(connection, "set search_path = rebuild, public").await?;
        run(connection, "set synchronous_commit = off").await?;
        Ok(Self { indexes })
    }

    pub async fn index(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        for index in &self.indexes {
            run(connection, index).await?;
        }
        for_planner(connection).await
    }

    /// Puts the shadow in the place of the view.
    pub async fn replace(
        &self,
        transaction: &mut PgConnection,
        projector: &dyn Projector,
    ) -> Result<(), sqlx::Error> {
        for table in projector.tables() {
            run(transaction, &format!("drop table public.{table}")).await?;
            let place = format!("alter table rebuild.{table} set schema public");
            run(transaction, &place).await?;
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

async fn make_anew(connection: &mut PgConnection, table: &str) -> Result<(), sqlx::Error> {
    run(connection, &format!("drop table if exists rebuild.{table}")).await?;
    let create = format!(
        "create table rebuild.{table} (like public.{table} including defaults including generated)"
    );
    run(connection, &create).await
}

/// Names and definitions of the constraints of a view's table.
async fn constraints(
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

/// How to make the other indexes on the shadow, under their own names.
async fn definitions_of_indexes(
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

/// Fresh tables have no statistics: the first reads would be planned blindly.
async fn for_planner(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
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
