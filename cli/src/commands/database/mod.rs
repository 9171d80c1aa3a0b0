//! `convosphere database`

mod backup;
mod copy;
mod restore;

pub use self::backup::show;
use eventstore::backup::BackupError;

use crate::arguments::Database;
use crate::config::Settings;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;

pub async fn run(
    installation: &Installation,
    command: &Database,
    json: bool,
) -> Result<(), Failure> {
    match command {
        // Opening the installation migrates the schema.
        Database::Migrate => {
            output::print_message("the schema is up to date");
            Ok(())
        }
        Database::Status => status(installation, json).await,
        Database::Backup { to } => backup::run(installation, to.as_deref(), json).await,
        // Handled by `run_unopened`.
        Database::Verify { .. } | Database::Restore { .. } | Database::Copy { .. } => Ok(()),
    }
}

/// Runs a command that opens the installation itself or not at all. Returns false if the command is not one of them.
pub async fn run_unopened(
    command: &Database,
    settings: &Settings,
    json: bool,
) -> Result<bool, Failure> {
    match command {
        Database::Verify { file, keys } => {
            backup::verify(settings, file, keys.as_deref(), json).await?;
        }
        Database::Restore {
            file,
            keys,
            replace,
        } => {
            let request = restore::RestoreRequest {
                file: file.clone(),
                keys: keys.clone(),
                replace: *replace,
            };
            restore::run(settings.clone(), request, json).await?;
        }
        Database::Copy { to } => copy::run(settings.clone(), to, json).await?,
        Database::Migrate | Database::Status | Database::Backup { .. } => return Ok(false),
    }
    Ok(true)
}

/// An unusable backup is an error of the user, others are internal.
fn backup_failure(error: BackupError) -> Failure {
    match error {
        BackupError::Unusable(why) => Failure::Conflict(why),
        BackupError::OtherMasterKey { .. } | BackupError::Form(_) | BackupError::NotABackup(_) => {
            Failure::Usage(error.to_string())
        }
        error => Failure::failed(error),
    }
}

async fn status(installation: &Installation, json: bool) -> Result<(), Failure> {
    let (position, hash) = installation.log.head(&installation.pool).await?;
    let hash = hex::encode(&hash);
    let database = installation.describe_database();
    if json {
        let status = serde_json::json!({
            "database": database, "url": installation.private_url(), "log_id": installation.log.id, "position": position, "hash": hash,
        });
        output::print_data(&status.to_string());
    } else {
        output::print_data(&format!("database  {database}"));
        output::print_data(&format!("log       {}", installation.log.id));
        output::print_data(&format!("position  {position}"));
        output::print_data(&format!("hash      {hash}"));
    }
    Ok(())
}
