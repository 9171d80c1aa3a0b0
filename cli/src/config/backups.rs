//! Folder, interval and retention of backups.

use std::path::{Path, PathBuf};
use std::time::Duration;

use eventstore::backup::{Folder, Retention};

use super::layers::Layers;

/// The folder, and the interval of scheduled backups.
pub fn read(
    data_dir: &Path,
    layers: &Layers,
    errors: &mut Vec<String>,
) -> Option<(Folder, Option<Duration>)> {
    let hours: Option<u64> = layers.parse("backup.every_hours", "a number of hours", errors);
    let archives: Option<usize> = layers.parse("backup.keep", "a positive number", errors);
    let ring_days = layers.parse("backup.keep_keys_days", "a number of days", errors);
    if archives == Some(0) {
        errors.push("backup.keep: must be a positive number".to_owned());
    }
    let path = match layers.text("backup.folder") {
        "" => data_dir.join("backups"),
        folder => PathBuf::from(folder),
    };
    let retention = Retention {
        archives: archives?,
        ring_days: ring_days?,
    };
    let every = Some(hours?).filter(|hours| *hours > 0);
    let every = every.map(|hours| Duration::from_secs(hours.saturating_mul(3_600)));
    Some((Folder { path, retention }, every))
}
