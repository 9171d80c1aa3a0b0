//! `convosphere database`

mod backup;
mod copy;
mod restore;

pub use self::backup::show;
use eventstore::backup::BackupError;
use eventstore::chain::hex;

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
        // Opening has done it.
        Database::Migrate => {
            output::talk("the schema is up to date");
            Ok(())
        }
        Database::Status => status(installation, json).await,
        Database::Backup { to } => backup::run(installation, to.as_deref(), json).await,
        // Those that replace the database, or leave it alone, open it themselves.
        Database::Verify { .. } | Database::Restore { .. } | Database::Copy { .. } => Ok(()),
    }
}

/// Runs what does not work on an installation as it is; tells whether that was it.
pub async fn elsewhere(
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
            let asked = restore::Asked {
                file: file.clone(),
                keys: keys.clone(),
                replace: *replace,
            };
            restore::run(settings.clone(), asked, json).await?;
        }
        Database::Copy { to } => copy::run(settings.clone(), to, json).await?,
        Database::Migrate | Database::Status | Database::Backup { .. } => return Ok(false),
    }
    Ok(true)
}

/// A backup that is not as it should be is no fault of the machine.
fn refused(error: BackupError) -> Failure {
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
    let hash = hex(&hash);
    let database = installation.database();
    if json {
        let status = serde_json::json!({
            "database": database, "url": installation.private_url(), "log_id": installation.log.id, "position": position, "hash": hash,
        });
        output::data(&status.to_string());
    } else {
        output::data(&format!("database  {database}"));
        output::data(&format!("log       {}", installation.log.id));
        output::data(&format!("position  {position}"));
        output::data(&format!("hash      {hash}"));
    }
    Ok(())
}
