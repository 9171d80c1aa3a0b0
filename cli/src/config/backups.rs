//! Where backups go, how often, and how long they are kept.

use std::path::{Path, PathBuf};
use std::time::Duration;

use eventstore::backup::{Folder, Retention};

use super::layers::Layers;

/// The folder, and how often one is made by itself.
pub fn read(
    data_dir: &Path,
    layers: &Layers,
    faults: &mut Vec<String>,
) -> Option<(Folder, Option<Duration>)> {
    let hours: Option<u64> = layers.parse("backup.every_hours", "a number of hours", faults);
    let archives: Option<usize> = layers.parse("backup.keep", "a number from 1", faults);
    let ring_days = layers.parse("backup.keep_keys_days", "a number of days", faults);
    if archives == Some(0) {
        faults.push("backup.keep: must be a number from 1".to_owned());
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
