//! Creates and verifies backups.

use std::path::Path;

use eventstore::backup::{BackupHeader, Folder, RestorePlan, Retention, create};
use projections::backup_tables::BACKED_UP_TABLES;
use serde_json::{Value, json};

use super::backup_failure;
use crate::config::Settings;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::{master_key, output};

pub async fn run(i: &Installation, to: Option<&Path>, json: bool) -> Result<(), Failure> {
    let default = &i.settings.backups;
    let folder = match to {
        None => default.clone(),
        // Backups in another folder are never deleted automatically.
        Some(path) => Folder {
            path: std::path::absolute(path)?,
            retention: Retention {
                archives: usize::MAX,
                ..default.retention
            },
        },
    };
    let source = (&i.pool, i.log, &i.files);
    let backup = create(
        source,
        &BACKED_UP_TABLES,
        &i.master,
        &folder,
        &i.clock,
        |_| (),
    )
    .await
    .map_err(backup_failure)?;
    let archive = &backup.archive;
    show(&to_json(&archive.head, &archive.path), json);
    if !json {
        output::print_message(&format!(
            "the key ring is in the same folder; keep a separate copy of {}, which the backup does not contain and which is \
             needed to restore it",
            i.settings.master_key_file.display()
        ));
    }
    Ok(())
}

pub async fn verify(
    settings: &Settings,
    file: &Path,
    keys: Option<&Path>,
    json: bool,
) -> Result<(), Failure> {
    let master = read_master_key(settings)?;
    let plan = RestorePlan::verify(file, keys, &master, |_| ()).await;
    let plan = plan.map_err(backup_failure)?;
    let mut fields = to_json(plan.head(), file);
    fields["keys"] = json!(plan.ring());
    fields["files"] = json!(plan.contents.files);
    show(&fields, json);
    Ok(())
}

/// Reads the master key; fails if the file does not exist.
pub fn read_master_key(settings: &Settings) -> Result<eventstore::MasterKey, Failure> {
    let path = &settings.master_key_file;
    master_key::read(path)?.ok_or_else(|| {
        Failure::Usage(format!(
            "{} is missing; copy the master key of the backed up installation there",
            path.display()
        ))
    })
}

/// The description of a backup for people and scripts.
pub fn to_json(head: &BackupHeader, path: &Path) -> Value {
    json!({
        "file": path, "log_id": head.log_id, "position": head.position, "hash": head.hash, "made_at": head.made_at,
    })
}

/// Prints the fields of an object.
pub fn show(object: &Value, json: bool) {
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
