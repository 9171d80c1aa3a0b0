//! Projects events of files.

use domain::Event;
use domain::file::FileEvent;
use eventstore::log::OpenedEvent;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use crate::projector::{ApplyError, Projector};

#[derive(Debug)]
pub struct FileProjector;

impl Projector for FileProjector {
    fn name(&self) -> &'static str {
        "files"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_files"]
    }

    fn aggregates(&self) -> &'static [&'static str] {
        &["file"]
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        events: &'a [&'a OpenedEvent],
    ) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            for opened in events {
                if let Event::File(event) = &opened.event {
                    apply(connection, opened, event).await?;
                }
            }
            Ok(())
        })
    }
}

async fn apply(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &FileEvent,
) -> Result<(), sqlx::Error> {
    match event {
        FileEvent::FileUploaded {
            owner_id,
            name,
            media_type,
            size,
            sha256,
            ..
        } => {
            sqlx::query!(
                "insert into view_files (id, version, owner_id, name, media_type, size, sha256, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)",
                opened.aggregate_id,
                opened.sequence,
                owner_id,
                name.text(),
                media_type.as_str(),
                i64::try_from(*size).unwrap_or(i64::MAX),
                sha256.text(),
                opened.recorded_at
            )
            .execute(connection)
            .await?;
        }
        FileEvent::FileRenamed { name } => {
            sqlx::query!(
                "update view_files set version = $2, name = $3 where id = $1",
                opened.aggregate_id,
                opened.sequence,
                name.text()
            )
            .execute(connection)
            .await?;
        }
        FileEvent::FileDeleted {} => {
            sqlx::query!("delete from view_files where id = $1", opened.aggregate_id)
                .execute(connection)
                .await?;
        }
    }
    Ok(())
}
