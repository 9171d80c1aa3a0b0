//! Projects events of files.

use domain::file::FileEvent;
use eventstore::log::OpenedEvent;
use sqlx::PgConnection;

use crate::counts::to_i64;
use crate::projector::projector;
use crate::statement::execute;

projector! {
    FileProjector { name: "files", version: 1, tables: ["view_files"] }
    FileEvent => apply,
}

async fn apply(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &FileEvent,
) -> Result<(), sqlx::Error> {
    let id = opened.aggregate_id;
    match event {
        FileEvent::FileUploaded {
            owner_id,
            name,
            media_type,
            size,
            sha256,
            ..
        } => execute!(
            connection,
            "insert into view_files (id, version, owner_id, name, media_type, size, sha256, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            id,
            opened.sequence,
            owner_id,
            name.text(),
            media_type.as_str(),
            to_i64(*size),
            sha256.text(),
            opened.recorded_at
        ),
        FileEvent::FileRenamed { name } => execute!(
            connection,
            "update view_files set version = $2, name = $3 where id = $1",
            id,
            opened.sequence,
            name.text()
        ),
        FileEvent::FileDeleted {} => {
            execute!(connection, "delete from view_files where id = $1", id)
        }
    }
}
