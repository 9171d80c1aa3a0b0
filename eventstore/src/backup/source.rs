//! Reading an installation out as it was at one position, while others write: the tables in one snapshot, the log up to
//! the position that the snapshot shows, and the objects that were there then.

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::{BackupError, Contents, Entry, Sink, send};
use crate::files::Files;
use crate::log::{self, Log};

/// Events of an entry: those of a document may have 170 kB.
const PAGE: i64 = 200;
/// Bytes of an entry, about.
const STRETCH: usize = 4 * 1024 * 1024;
/// Wrapped keys and tombstones.
pub(super) const KEYS: &str = "subject_keys";
/// What the log itself needs but events and keys, and the partial answers of runs.
pub const OWN_TABLES: [&str; 3] = ["reservations", "idempotency_keys", "partial_answers"];

/// A moment of an installation.
pub(super) struct Cut {
    pub id: Uuid,
    pub log: Log,
    pub position: i64,
    pub hash: Vec<u8>,
    pub made_at: DateTime<Utc>,
    snapshot: Transaction<'static, Postgres>,
}

impl Cut {
    pub async fn begin(pool: &PgPool, log: Log) -> Result<Self, BackupError> {
        let mut snapshot = pool.begin().await?;
        sqlx::query!("set transaction isolation level repeatable read, read only")
            .execute(&mut *snapshot)
            .await?;
        let (position, hash) = log.head(&mut *snapshot).await?;
        Ok(Self {
            id: Uuid::now_v7(),
            log,
            position,
            hash,
            made_at: Utc::now(),
            snapshot,
        })
    }

    /// Rows of tables, as the snapshot has them.
    pub async fn tables(
        &mut self,
        names: &[&str],
        sink: &Sink,
        told: &mut Contents,
    ) -> Result<(), BackupError> {
        for name in names {
            let columns = columns(&mut self.snapshot, name).await?;
            let list = quoted(&columns);
            let statement = format!("copy {name} ({list}) to stdout");
            self.copy_out(name, &columns, &statement, sink, told)
                .await?;
        }
        Ok(())
    }

    /// The rows of keys that are destroyed.
    pub async fn tombstones(
        &mut self,
        sink: &Sink,
        told: &mut Contents,
    ) -> Result<(), BackupError> {
        let columns = columns(&mut self.snapshot, KEYS).await?;
        let list = quoted(&columns);
        let statement = format!("copy (select {list} from {KEYS} where wrapped is null) to stdout");
        self.copy_out(KEYS, &columns, &statement, sink, told).await
    }

    async fn copy_out(
        &mut self,
        table: &str,
        columns: &[String],
        statement: &str,
        sink: &Sink,
        told: &mut Contents,
    ) -> Result<(), BackupError> {
        let mut out = self.snapshot.copy_out_raw(statement).await?;
        let mut rows = Vec::new();
        while let Some(row) = out.try_next().await? {
            rows.extend_from_slice(&row);
            if rows.len() >= STRETCH {
                tell_rows(table, columns, std::mem::take(&mut rows), sink, told).await?;
            }
        }
        match rows.is_empty() {
            true => Ok(()),
            false => tell_rows(table, columns, rows, sink, told).await,
        }
    }

    /// Lets the snapshot go: what is appended only needs none.
    pub async fn release(self) -> Result<i64, BackupError> {
        self.snapshot.rollback().await?;
        Ok(self.position)
    }
}

async fn tell_rows(
    table: &str,
    columns: &[String],
    rows: Vec<u8>,
    sink: &Sink,
    told: &mut Contents,
) -> Result<(), BackupError> {
    let entry = Entry::Rows {
        table: table.to_owned(),
        columns: columns.to_vec(),
        rows,
    };
    told.count(&entry);
    send(sink, entry).await
}

/// The columns of a table, as it is now.
async fn columns(connection: &mut PgConnection, table: &str) -> Result<Vec<String>, BackupError> {
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

/// As a list in a statement.
pub(super) fn quoted(columns: &[String]) -> String {
    let quoted: Vec<String> = columns
        .iter()
        .map(|column| format!("\"{}\"", column.replace('"', "\"\"")))
        .collect();
    quoted.join(", ")
}

/// The log up to a position. `progress` hears what was read.
pub(super) async fn events(
    pool: &PgPool,
    until: i64,
    sink: &Sink,
    told: &mut Contents,
    progress: impl Fn(i64),
) -> Result<(), BackupError> {
    let mut after = 0;
    while after < until {
        let rows = log::read(pool, after, PAGE.min(until - after)).await?;
        let Some(last) = rows.last() else {
            return Err(BackupError::Unfit(format!(
                "the log has no position {}: verify it",
                after + 1
            )));
        };
        after = last.position;
        let entry = Entry::Events(rows);
        told.count(&entry);
        send(sink, entry).await?;
        progress(after);
    }
    Ok(())
}

/// The sealed objects of the store of files. One that is taken away meanwhile was deleted after the cut, and is left
/// out: with its key gone it could not be opened.
pub(super) async fn files(
    files: &Files,
    sink: &Sink,
    told: &mut Contents,
) -> Result<(), BackupError> {
    for object in files.objects().await? {
        let mut at = 0;
        while at < object.size {
            let until = object.size.min(at + STRETCH as u64 * 2);
            let Some(bytes) = files.object(&object.path, at..until).await? else {
                break;
            };
            let entry = Entry::Piece {
                path: object.path.clone(),
                bytes,
                last: until == object.size,
            };
            told.count(&entry);
            send(sink, entry).await?;
            at = until;
        }
    }
    Ok(())
}
