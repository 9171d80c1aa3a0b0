//! What a data folder says of the installation that it belongs to, so that nobody begins a new one by mistake.

use sqlx::PgPool;

use crate::config::Settings;
use crate::failure::Failure;

/// What lies in a data folder.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    private_cluster: bool,
    master_key: bool,
}

impl Known {
    pub fn of(settings: &Settings) -> Self {
        Self {
            private_cluster: settings.file("postgres/pgdata/PG_VERSION").exists(),
            master_key: settings.file("master.key").exists(),
        }
    }

    /// A folder with a key and without a database belongs to a database elsewhere.
    pub fn needs_its_database(self, settings: &Settings) -> Result<(), Failure> {
        if settings.database_url.is_some() || self.private_cluster || !self.master_key {
            return Ok(());
        }
        Err(Failure::Usage(format!(
            "{0} has the key of an installation whose database is elsewhere, and database.url (DATABASE_URL) names none: set \
             it, or choose another --data-dir for a new installation. Where the database was here and is lost, `convosphere \
             database restore` puts a backup in its place",
            settings.data_dir.display()
        )))
    }

    /// An empty database in place of the one that is here would be a new installation.
    pub async fn is_not_left(self, settings: &Settings, pool: &PgPool) -> Result<(), Failure> {
        if settings.database_url.is_none() || !self.private_cluster {
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
            "{} has an installation in its private PostgreSQL, and database.url (DATABASE_URL) names an empty database: \
             `convosphere database copy --to URL` without database.url moves the installation there; for a new one choose \
             another --data-dir",
            settings.data_dir.display()
        )))
    }
}
