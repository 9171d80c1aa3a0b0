//! Writing entries into a database, in one transaction: until it is committed, nothing has changed.

use std::collections::BTreeSet;

use object_store::WriteMultipart;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use tokio::sync::mpsc;

use super::cut::{Cut, KEYS, OWN_TABLES, events, quoted};
use super::{BackupError, Contents, Entry, UNDER_WAY};
use crate::anchors;
use crate::files::Files;
use crate::log::Log;
use crate::{MasterKey, RecordedEvent};

/// What a database holds: the id of its log, and the last position.
pub async fn holds(pool: &PgPool) -> Result<Option<(uuid::Uuid, i64)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select id, (select coalesce(max(position), 0) from events) as "position!" from log"#
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (row.id, row.position)))
}

/// Empties the database within the transaction: of everything but what tells of its schema.
pub(super) async fn clear(connection: &mut PgConnection) -> Result<(), BackupError> {
    let tables = sqlx::query_scalar!(
        r#"select quote_ident(c.relname) as "name!" from pg_class c
           where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
             and c.relname <> '_sqlx_migrations' and c.relpersistence = 'p'"#
    )
    .fetch_all(&mut *connection)
    .await?;
    let list = tables.join(", ");
    // The log is replaced as a whole, by one whose chain was verified.
    for statement in [
        "alter table events disable trigger events_are_append_only".to_owned(),
        format!("truncate {list}"),
        "alter table events enable trigger events_are_append_only".to_owned(),
    ] {
        sqlx::raw_sql(&statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Writes rows and events.
pub(super) async fn put(connection: &mut PgConnection, entry: Entry) -> Result<(), BackupError> {
    match entry {
        Entry::Events(events) => put_events(connection, events).await,
        Entry::Rows {
            table,
            columns,
            rows,
        } => {
            let list = quoted(&columns);
            let table = quoted(&[table]);
            let statement = format!("copy {table} ({list}) from stdin");
            let mut copy = connection.copy_in_raw(&statement).await?;
            copy.send(rows).await?;
            copy.finish().await?;
            Ok(())
        }
        Entry::Piece { .. } | Entry::End(_) => Ok(()),
    }
}

async fn put_events(
    connection: &mut PgConnection,
    events: Vec<RecordedEvent>,
) -> Result<(), BackupError> {
    let mut columns = Columns::default();
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
struct Columns {
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

/// Puts the pieces of objects into the store of files, one object after the other.
pub(super) struct Objects<'a> {
    files: &'a Files,
    open: Option<(String, WriteMultipart)>,
}

impl<'a> Objects<'a> {
    pub fn new(files: &'a Files) -> Self {
        Self { files, open: None }
    }

    pub async fn put(&mut self, path: String, bytes: &[u8], last: bool) -> Result<(), BackupError> {
        let mut writer = match self.open.take() {
            Some((open, writer)) if open == path => writer,
            // The one before was taken away while it was read.
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

/// Copies a whole installation, but for the bytes of its files, into an empty database: log, keys and tables, with
/// equal positions and hashes. Nobody may write meanwhile. The caller commits.
pub async fn copy_to(
    (pool, log, master): (&PgPool, Log, &MasterKey),
    tables: &[&str],
    target: &PgPool,
) -> Result<(Transaction<'static, Postgres>, Contents), BackupError> {
    if let Some((id, position)) = holds(target).await? {
        return Err(BackupError::Unfit(format!(
            "the database holds log {id} with {position} events: name an empty one"
        )));
    }
    let (sink, mut entries) = mpsc::channel(UNDER_WAY);
    let pool = pool.clone();
    let tables: Vec<String> = tables.iter().map(|name| (*name).to_owned()).collect();
    let reading = tokio::spawn(async move {
        let mut told = Contents::default();
        let mut cut = Cut::begin(&pool, log).await?;
        let names: Vec<&str> = [KEYS]
            .into_iter()
            .chain(OWN_TABLES)
            // A restore voids what was seen before; a copy is the same log and keeps what was anchored of it.
            .chain([anchors::TABLE])
            .chain(tables.iter().map(String::as_str))
            .collect();
        cut.tables(&names, &sink, &mut told).await?;
        let position = cut.release().await?;
        events(&pool, position, &sink, &mut told, |_| ()).await?;
        Ok::<_, BackupError>(told)
    });
    let mut transaction = target.begin().await?;
    log.record(&mut transaction, &master.fingerprint()).await?;
    while let Some(entry) = entries.recv().await {
        put(&mut transaction, entry).await?;
    }
    let told = reading.await.map_err(std::io::Error::other)??;
    Ok((transaction, told))
}

/// Destroys keys that were destroyed after the backup was made.
pub(super) async fn bury(
    connection: &mut PgConnection,
    subjects: &BTreeSet<String>,
) -> Result<(), BackupError> {
    let subjects: Vec<String> = subjects.iter().cloned().collect();
    crate::erasure::destroy_keys(connection, &subjects).await?;
    Ok(())
}
