//! Checks that prevent a new installation from being created by mistake in place of an existing one.

use sqlx::PgPool;

use crate::config::Settings;
use crate::failure::Failure;

/// The folder of the process ids, in the data folder.
pub const PID_FOLDER: &str = "services";

/// The contents of a data folder before it is opened.
#[derive(Debug, Clone, Copy)]
pub struct DataFolder {
    has_private_cluster: bool,
    has_master_key: bool,
}

impl DataFolder {
    pub fn inspect(settings: &Settings) -> Self {
        Self {
            has_private_cluster: settings.file("postgres/pgdata/PG_VERSION").exists(),
            has_master_key: settings.file("master.key").exists(),
        }
    }

    /// Refuses a folder with a key but no private cluster unless `database.url` is set: its database is external.
    pub fn check_database_url(self, settings: &Settings) -> Result<(), Failure> {
        if settings.database_url.is_some() || self.has_private_cluster || !self.has_master_key {
            return Ok(());
        }
        Err(Failure::Usage(format!(
            "{0} contains the key of an installation with an external database, but database.url (DATABASE_URL) is not \
             set; set it, or choose another --data-dir for a new installation. If the database was in this folder and is \
             lost, restore a backup with `convosphere database restore`",
            settings.data_dir.display()
        )))
    }

    /// Refuses an empty external database if the folder has a private cluster: it would become a new installation.
    pub async fn check_database(self, settings: &Settings, pool: &PgPool) -> Result<(), Failure> {
        if settings.database_url.is_none() || !self.has_private_cluster {
            return Ok(());
        }
        let has_schema: bool = sqlx::query_scalar("select to_regclass('public.log') is not null")
            .fetch_one(pool)
            .await?;
        if has_schema {
            let has_log: bool = sqlx::query_scalar("select exists (select from log)")
                .fetch_one(pool)
                .await?;
            if has_log {
                return Ok(());
            }
        }
        Err(Failure::Usage(format!(
            "{} contains an installation in its private PostgreSQL, but database.url (DATABASE_URL) points to an empty \
             database; to move the installation there, unset database.url and run `convosphere database copy --to URL`; \
             for a new installation, choose another --data-dir",
            settings.data_dir.display()
        )))
    }
}
