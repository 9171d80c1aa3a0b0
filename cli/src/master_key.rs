//! The file of the master key. A backup never contains it.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use eventstore::MasterKey;
use sqlx::PgPool;

use crate::config::Settings;
use crate::failure::Failure;
use crate::private_files;

/// Reads the master key, or creates it if the database has no log that is sealed with an earlier key.
pub async fn load_or_create(settings: &Settings, pool: &PgPool) -> Result<MasterKey, Failure> {
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
                    "{} is missing, and the log is sealed with it; restore your copy of the file",
                    path.display()
                )));
            }
            create(path)
        }
    }
}

/// Reads the master key; fails if the file does not exist.
pub fn read_existing(settings: &Settings) -> Result<MasterKey, Failure> {
    let path = &settings.master_key_file;
    read(path)?.ok_or_else(|| {
        Failure::Usage(format!(
            "{} is missing; copy the master key of the backed up installation there",
            path.display()
        ))
    })
}

/// Reads the key, if the file exists.
fn read(path: &Path) -> Result<Option<MasterKey>, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => MasterKey::parse(&text).map(Some).ok_or_else(|| {
            Failure::Usage(format!(
                "{} does not contain a master key; restore your copy of the file",
                path.display()
            ))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::Usage(format!("{}: {error}", path.display()))),
    }
}

/// Writes the key to a temporary file, syncs it and links it to its name: a crash leaves a complete key or none, and
/// when several processes start at once, all of them use the key of the first.
fn create(path: &Path) -> Result<MasterKey, Failure> {
    let key = MasterKey::generate().map_err(Failure::failed)?;
    let temporary = path.with_extension(format!(
        "new-{}",
        eventstore::Clock::system().new_id().simple()
    ));
    let mut file = private_files::create(&temporary)?;
    file.write_all(key.to_file().as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&temporary, path);
    std::fs::remove_file(&temporary)?;
    match linked {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let text = std::fs::read_to_string(path)?;
            return MasterKey::parse(&text).ok_or_else(|| {
                Failure::Usage(format!("{} does not contain a master key", path.display()))
            });
        }
        Err(error) => return Err(error.into()),
    }
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(key)
}
