//! Writes entries into a database in one transaction.

use std::collections::BTreeSet;

use object_store::WriteMultipart;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use tokio::sync::mpsc;

use super::source::{KEY_TABLE, OWN_TABLES, SourceSnapshot, quote_columns, send_events};
use super::{BackupError, Contents, Entry, QUEUE};
use crate::anchors;
use crate::files::Files;
use crate::log::Log;
use crate::{MasterKey, RecordedEvent};

/// Finds the log of a database: its id and last position.
pub async fn find_log(pool: &PgPool) -> Result<Option<(uuid::Uuid, i64)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select id, (select coalesce(max(position), 0) from events) as "position!" from log"#
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (row.id, row.position)))
}

/// Empties all tables except the list of migrations.
pub(super) async fn clear_database(connection: &mut PgConnection) -> Result<(), BackupError> {
    let tables = sqlx::query_scalar!(
        r#"select quote_ident(c.relname) as "name!" from pg_class c
           where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
             and c.relname <> '_sqlx_migrations' and c.relpersistence = 'p'"#
    )
    .fetch_all(&mut *connection)
    .await?;
    let list = tables.join(", ");
    // The whole log is replaced by one whose chain was verified.
    for statement in [
        "alter table events disable trigger events_are_append_only".to_owned(),
        format!("truncate {list}"),
        "alter table events enable trigger events_are_append_only".to_owned(),
    ] {
        sqlx::raw_sql(&statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Writes rows or events.
pub(super) async fn write_entry(
    connection: &mut PgConnection,
    entry: Entry,
) -> Result<(), BackupError> {
    match entry {
        Entry::Events(events) => insert_events(connection, events).await,
        Entry::Rows {
            table,
            columns,
            rows,
        } => {
            let list = quote_columns(&columns);
            let table = quote_columns(&[table]);
            let statement = format!("copy {table} ({list}) from stdin");
            let mut copy = connection.copy_in_raw(&statement).await?;
            copy.send(rows).await?;
            copy.finish().await?;
            Ok(())
        }
        Entry::Piece { .. } | Entry::End(_) => Ok(()),
    }
}

async fn insert_events(
    connection: &mut PgConnection,
    events: Vec<RecordedEvent>,
) -> Result<(), BackupError> {
    let mut columns = EventColumns::default();
    for event in events {
        columns.position.push(event.position);
        columns.event_id.push(event.event_id);
        columns.command_id.push(event.command_id);
        columns.aggregate_type.push(event.aggregate_type);
        columns.aggregate_id.push(event.aggregate_id);
        columns.sequence.push(event.sequence);
        columns.scope.push(event.scope);
        columns.event_type.push(event.event_type);
        columns.event_version.push(event.event_version);
        columns.metadata.push(event.metadata);
        columns.payload.push(event.payload);
        columns.recorded_at.push(event.recorded_at);
        columns.hash.push(event.hash);
    }
    sqlx::query!(
        "insert into events (position, event_id, command_id, aggregate_type, aggregate_id, sequence, scope, event_type,
                             event_version, metadata, payload, recorded_at, hash)
         select position, event_id, command_id, aggregate_type, aggregate_id, sequence, scope, event_type,
                event_version, metadata::json, payload::json, recorded_at, hash
         from unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::text[],
                     $8::text[], $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::bytea[])
              as e (position, event_id, command_id, aggregate_type, aggregate_id, sequence, scope, event_type,
                    event_version, metadata, payload, recorded_at, hash)",
        &columns.position,
        &columns.event_id,
        &columns.command_id,
        &columns.aggregate_type,
        &columns.aggregate_id,
        &columns.sequence,
        &columns.scope,
        &columns.event_type,
        &columns.event_version,
        &columns.metadata,
        &columns.payload,
        &columns.recorded_at,
        &columns.hash
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[derive(Default)]
struct EventColumns {
    position: Vec<i64>,
    event_id: Vec<uuid::Uuid>,
    command_id: Vec<uuid::Uuid>,
    aggregate_type: Vec<String>,
    aggregate_id: Vec<String>,
    sequence: Vec<i64>,
    scope: Vec<String>,
    event_type: Vec<String>,
    event_version: Vec<String>,
    metadata: Vec<String>,
    payload: Vec<String>,
    recorded_at: Vec<chrono::DateTime<chrono::Utc>>,
    hash: Vec<Vec<u8>>,
}

/// Writes objects into the file store, one after the other.
pub(super) struct ObjectWriter<'a> {
    files: &'a Files,
    open: Option<(String, WriteMultipart)>,
}

impl<'a> ObjectWriter<'a> {
    pub(super) fn new(files: &'a Files) -> Self {
        Self { files, open: None }
    }

    pub(super) async fn put(
        &mut self,
        path: String,
        bytes: &[u8],
        last: bool,
    ) -> Result<(), BackupError> {
        let mut writer = match self.open.take() {
            Some((open, writer)) if open == path => writer,
            // The previous object was deleted while it was read.
            Some((_, writer)) => {
                writer
                    .abort()
                    .await
                    .map_err(crate::files::FilesError::from)?;
                self.files.put_object(&path).await?
            }
            None => self.files.put_object(&path).await?,
        };
        writer.write(bytes);
        if last {
            writer
                .finish()
                .await
                .map_err(crate::files::FilesError::from)?;
        } else {
            self.open = Some((path, writer));
        }
        Ok(())
    }
}

/// Copies an installation without its files into an empty database: log, keys and tables, with equal positions and
/// hashes. Nobody may write meanwhile. The caller commits.
pub async fn copy_to(
    (pool, log, master): (&PgPool, Log, &MasterKey),
    tables: &[&str],
    target: &PgPool,
) -> Result<(Transaction<'static, Postgres>, Contents), BackupError> {
    if let Some((id, position)) = find_log(target).await? {
        return Err(BackupError::Unusable(format!(
            "the target database already has log {id} with {position} events; use an empty database"
        )));
    }
    let (sink, mut entries) = mpsc::channel(QUEUE);
    let pool = pool.clone();
    let tables: Vec<String> = tables.iter().map(|name| (*name).to_owned()).collect();
    #[expect(
        clippy::disallowed_methods,
        reason = "awaited below; ends with its channel"
    )]
    let reading = tokio::spawn(async move {
        let mut contents = Contents::default();
        let mut source = SourceSnapshot::open(&pool, log).await?;
        let names: Vec<&str> = [KEY_TABLE]
            .into_iter()
            .chain(OWN_TABLES)
            // A restore voids earlier observations; a copy is the same log and keeps its anchors.
            .chain([anchors::TABLE])
            .chain(tables.iter().map(String::as_str))
            .collect();
        source.send_tables(&names, &sink, &mut contents).await?;
        let position = source.release().await?;
        send_events(&pool, position, &sink, &mut contents, |_| ()).await?;
        Ok::<_, BackupError>(contents)
    });
    let mut transaction = target.begin().await?;
    log.record(&mut transaction, &master.fingerprint()).await?;
    while let Some(entry) = entries.recv().await {
        write_entry(&mut transaction, entry).await?;
    }
    let contents = reading.await.map_err(std::io::Error::other)??;
    Ok((transaction, contents))
}

/// Destroys keys that were destroyed after the backup was created.
pub(super) async fn destroy_keys(
    connection: &mut PgConnection,
    subjects: &BTreeSet<String>,
) -> Result<(), BackupError> {
    let subjects: Vec<String> = subjects.iter().cloned().collect();
    crate::seal::erasure::destroy_keys(connection, &subjects).await?;
    Ok(())
}
