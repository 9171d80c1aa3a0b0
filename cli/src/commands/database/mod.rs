//! `convosphere database`, which works on the data itself.

mod backup;
mod copy;
mod restore;
mod status;
mod verify;

use clap::Subcommand;
use convosphere_client::Client;
use eventstore::backup::BackupError;
use serde_json::Value;

use crate::config::Settings;
use crate::failure::Failure;
use crate::flags::make_absolute;
use crate::installation::Installation;
use crate::output;

#[derive(Debug, Subcommand)]
pub enum Database {
    /// Updates the schema.
    Migrate,
    /// Shows where the database is and the end of its log.
    Status,
    Backup(backup::Backup),
    Verify(verify::Verify),
    Restore(restore::Restore),
    Copy(copy::Copy),
}

impl Database {
    pub async fn run(self, settings: Settings, json: bool) -> Result<(), Failure> {
        match self {
            Self::Migrate => {
                // Opening the installation updates the schema.
                Installation::use_with(settings, async |_: &Installation| Ok(())).await?;
                output::print_message("the schema is up to date");
                Ok(())
            }
            Self::Status => {
                Installation::use_with(settings, async |i: &Installation| {
                    status::run(i, json).await
                })
                .await
            }
            Self::Backup(command) => {
                Installation::use_with(settings, async |i: &Installation| {
                    command.run(i, json).await
                })
                .await
            }
            Self::Verify(command) => command.run(&settings, json).await,
            Self::Restore(command) => command.run(settings, json).await,
            Self::Copy(command) => Box::pin(command.run(settings, json)).await,
        }
    }

    /// Runs a command on a remote server, which only creates backups.
    pub async fn run_remotely(self, server: &Client, json: bool) -> Result<(), Failure> {
        match self {
            Self::Backup(command) => command.run_remotely(server, json).await,
            _ => Err(Failure::local_only("database")),
        }
    }

    /// Makes all paths absolute: the working directory changes when root privileges are dropped.
    pub fn make_paths_absolute(&mut self) {
        match self {
            Self::Backup(command) => command.to.iter_mut().for_each(make_absolute),
            Self::Verify(command) => {
                make_absolute(&mut command.file);
                command.keys.iter_mut().for_each(make_absolute);
            }
            Self::Restore(command) => {
                make_absolute(&mut command.file);
                command.keys.iter_mut().for_each(make_absolute);
            }
            Self::Migrate | Self::Status | Self::Copy(_) => {}
        }
    }
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

/// Prints the fields of an object.
fn show(object: &Value, json: bool) {
    if json {
        return output::print_data(&object.to_string());
    }
    let Some(fields) = object.as_object() else {
        return;
    };
    for (name, value) in fields {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        output::print_data(&format!("{name:<9} {text}"));
    }
}
