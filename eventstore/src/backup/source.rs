//! Reads an installation as of one position while others write: the tables in one snapshot, the log up to its position,
//! and the sealed objects.

use futures_util::TryStreamExt;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use super::{BackupError, Contents, Entry, Sink, send};
use crate::files::Files;
use crate::log::{self, Log};

/// Events per entry; an event of a document may have 170 kB.
const PAGE: i64 = 200;
/// Approximate bytes per entry.
const ENTRY_BYTES: usize = 4 * 1024 * 1024;
/// The table of wrapped keys and tombstones.
pub(super) const KEY_TABLE: &str = "subject_keys";
/// Tables of this crate that are backed up in addition to events and keys.
pub const OWN_TABLES: [&str; 3] = ["reservations", "idempotency_keys", "partial_answers"];

/// A consistent snapshot of an installation.
pub(super) struct SourceSnapshot {
    pub log: Log,
    pub position: i64,
    pub hash: Vec<u8>,
    snapshot: Transaction<'static, Postgres>,
}

impl SourceSnapshot {
    pub(super) async fn open(pool: &PgPool, log: Log) -> Result<Self, BackupError> {
        let mut snapshot = pool.begin().await?;
        sqlx::query!("set transaction isolation level repeatable read, read only")
            .execute(&mut *snapshot)
            .await?;
        let (position, hash) = log.head(&mut *snapshot).await?;
        Ok(Self {
            log,
            position,
            hash,
            snapshot,
        })
    }

    /// Sends the rows of tables.
    pub(super) async fn send_tables(
        &mut self,
        names: &[&str],
        sink: &Sink,
        contents: &mut Contents,
    ) -> Result<(), BackupError> {
        for name in names {
            let columns = list_columns(&mut self.snapshot, name).await?;
            let list = quote_columns(&columns);
            let statement = format!("copy {name} ({list}) to stdout");
            self.copy_out(name, &columns, &statement, sink, contents)
                .await?;
        }
        Ok(())
    }

    /// Sends the rows of destroyed keys.
    pub(super) async fn send_tombstones(
        &mut self,
        sink: &Sink,
        contents: &mut Contents,
    ) -> Result<(), BackupError> {
        let columns = list_columns(&mut self.snapshot, KEY_TABLE).await?;
        let list = quote_columns(&columns);
        let statement =
            format!("copy (select {list} from {KEY_TABLE} where wrapped is null) to stdout");
        self.copy_out(KEY_TABLE, &columns, &statement, sink, contents)
            .await
    }

    async fn copy_out(
        &mut self,
        table: &str,
        columns: &[String],
        statement: &str,
        sink: &Sink,
        contents: &mut Contents,
    ) -> Result<(), BackupError> {
        let mut out = self.snapshot.copy_out_raw(statement).await?;
        let mut rows = Vec::new();
        while let Some(row) = out.try_next().await? {
            rows.extend_from_slice(&row);
            if rows.len() >= ENTRY_BYTES {
                send_rows(table, columns, std::mem::take(&mut rows), sink, contents).await?;
            }
        }
        match rows.is_empty() {
            true => Ok(()),
            false => send_rows(table, columns, rows, sink, contents).await,
        }
    }

    /// Ends the snapshot, which append-only data does not need. Returns its position.
    pub(super) async fn release(self) -> Result<i64, BackupError> {
        self.snapshot.rollback().await?;
        Ok(self.position)
    }
}

async fn send_rows(
    table: &str,
    columns: &[String],
    rows: Vec<u8>,
    sink: &Sink,
    contents: &mut Contents,
) -> Result<(), BackupError> {
    let entry = Entry::Rows {
        table: table.to_owned(),
        columns: columns.to_vec(),
        rows,
    };
    contents.count(&entry);
    send(sink, entry).await
}

/// The current columns of a table.
async fn list_columns(
    connection: &mut PgConnection,
    table: &str,
) -> Result<Vec<String>, BackupError> {
    let names = sqlx::query_scalar!(
        r#"select attname::text as "name!" from pg_attribute
           where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attgenerated = ''
           order by attnum"#,
        table
    )
    .fetch_all(connection)
    .await?;
    Ok(names)
}

/// A list of quoted identifiers.
pub(super) fn quote_columns(columns: &[String]) -> String {
    let quoted: Vec<String> = columns
        .iter()
        .map(|column| format!("\"{}\"", column.replace('"', "\"\"")))
        .collect();
    quoted.join(", ")
}

/// Sends the log up to a position. `progress` is called with the position read.
pub(super) async fn send_events(
    pool: &PgPool,
    until: i64,
    sink: &Sink,
    contents: &mut Contents,
    progress: impl Fn(i64),
) -> Result<(), BackupError> {
    let mut after = 0;
    while after < until {
        let rows = log::read(pool, after, PAGE.min(until - after)).await?;
        let Some(last) = rows.last() else {
            return Err(BackupError::Unusable(format!(
                "the log lacks position {}; run `convosphere events verify`",
                after + 1
            )));
        };
        after = last.position;
        let entry = Entry::Events(rows);
        contents.count(&entry);
        send(sink, entry).await?;
        progress(after);
    }
    Ok(())
}

/// Sends the sealed objects of the file store. An object deleted meanwhile is skipped: its key is gone too.
pub(super) async fn send_files(
    files: &Files,
    sink: &Sink,
    contents: &mut Contents,
) -> Result<(), BackupError> {
    for object in files.list_objects().await? {
        let mut at = 0;
        while at < object.size {
            let until = object.size.min(at + ENTRY_BYTES as u64 * 2);
            let Some(bytes) = files.read_object(&object.path, at..until).await? else {
                break;
            };
            let entry = Entry::Piece {
                path: object.path.clone(),
                bytes,
                last: until == object.size,
            };
            contents.count(&entry);
            send(sink, entry).await?;
            at = until;
        }
    }
    Ok(())
}
