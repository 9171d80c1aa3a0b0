//! The file of the master key: the one thing that a backup never holds.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use eventstore::MasterKey;
use sqlx::PgPool;
use uuid::Uuid;

use crate::config::Settings;
use crate::failure::Failure;
use crate::private;

/// The master key's file; made only where there is no log yet that another one has sealed.
pub async fn of_log(settings: &Settings, pool: &PgPool) -> Result<MasterKey, Failure> {
    let path = &settings.master_key_file;
    match read(path)? {
        Some(key) => Ok(key),
        None => {
            let sealed: bool =
                sqlx::query_scalar!(r#"select exists (select from log) as "sealed!""#)
                    .fetch_one(pool)
                    .await?;
            if sealed {
                return Err(Failure::Usage(format!(
                    "{} is missing, and the log was sealed under it; put the copy that you kept in its place",
                    path.display()
                )));
            }
            make(path)
        }
    }
}

/// The key in a file, where there is one.
pub fn read(path: &Path) -> Result<Option<MasterKey>, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => MasterKey::parse(&text).map(Some).ok_or_else(|| {
            Failure::Usage(format!(
                "{} holds no master key; put the copy that you kept in its place",
                path.display()
            ))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::Usage(format!("{}: {error}", path.display()))),
    }
}

/// Written aside, brought to the disk, then linked into place: a crash leaves a whole key or none, and of several
/// processes that start at once the first one's key is everybody's.
fn make(path: &Path) -> Result<MasterKey, Failure> {
    let key = MasterKey::generate().map_err(Failure::failed)?;
    let aside = path.with_extension(format!("new-{}", Uuid::new_v4().simple()));
    let mut file = private::make(&aside)?;
    file.write_all(key.to_file().as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&aside, path);
    std::fs::remove_file(&aside)?;
    match linked {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let text = std::fs::read_to_string(path)?;
            return MasterKey::parse(&text)
                .ok_or_else(|| Failure::Usage(format!("{} holds no master key", path.display())));
        }
        Err(error) => return Err(error.into()),
    }
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(key)
}
