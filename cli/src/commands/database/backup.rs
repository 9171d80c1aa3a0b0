//! Making and verifying backups.

use std::path::Path;

use eventstore::backup::{BackupHeader, Folder, RestorePlan, Retention, create};
use projections::kept::KEPT_TABLES;
use serde_json::{Value, json};

use super::refused;
use crate::config::Settings;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::{master_key, output};

pub async fn run(i: &Installation, to: Option<&Path>, json: bool) -> Result<(), Failure> {
    let usual = &i.settings.backups;
    let folder = match to {
        None => usual.clone(),
        // What somebody puts elsewhere is theirs to remove.
        Some(path) => Folder {
            path: std::path::absolute(path)?,
            retention: Retention {
                archives: usize::MAX,
                ..usual.retention
            },
        },
    };
    let whole = (&i.pool, i.log, &i.files);
    let taken = create(whole, &KEPT_TABLES, &i.master, &folder, |_| ())
        .await
        .map_err(refused)?;
    let path = &taken.archive.path;
    show(&told(&taken.archive.head, path), json);
    if !json {
        output::talk(&format!(
            "its key ring lies beside it; {} is in neither, and without it neither opens: keep a copy elsewhere",
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
    let master = the_key(settings)?;
    let plan = RestorePlan::verify(file, keys, &master, |_| ()).await;
    let plan = plan.map_err(refused)?;
    let mut told = told(plan.head(), file);
    told["keys"] = json!(plan.ring());
    told["files"] = json!(plan.contents.files);
    show(&told, json);
    Ok(())
}

/// The master key, which must be there.
pub fn the_key(settings: &Settings) -> Result<eventstore::MasterKey, Failure> {
    let path = &settings.master_key_file;
    master_key::read(path)?.ok_or_else(|| {
        Failure::Usage(format!(
            "{} is missing: put the master key there that the backup was made under",
            path.display()
        ))
    })
}

/// What people want to know of a backup.
pub fn told(head: &BackupHeader, path: &Path) -> Value {
    json!({
        "file": path, "log_id": head.log_id, "position": head.position, "hash": head.hash, "made_at": head.made_at,
    })
}

pub fn show(told: &Value, json: bool) {
    if json {
        return output::data(&told.to_string());
    }
    let Some(fields) = told.as_object() else {
        return;
    };
    for (name, value) in fields {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        output::data(&format!("{name:<9} {text}"));
    }
}
