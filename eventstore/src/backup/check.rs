//! Verifies every byte of a backup before it is used.

use std::collections::{BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use super::{Archive, BackupError, Contents, Entry, FileKind, copy_text, damaged, source};
use crate::log::chain::frame;
use crate::log::verify::MISSING_PREDECESSOR;
use crate::seal::key_wrapper::KeyWrapper;
use crate::{Log, MasterKey, RecordedEvent};

/// The verified contents of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct CheckReport {
    pub contents: Contents,
    /// Subjects whose keys are destroyed.
    pub destroyed: BTreeSet<String>,
}

/// Reads a whole file, verifies the chain of its events, and unwraps its keys.
pub(super) async fn check(
    archive: &Archive,
    kind: FileKind,
    master: &MasterKey,
    progress: impl Fn(i64),
) -> Result<CheckReport, BackupError> {
    let head = &archive.head;
    if head.kind != kind {
        return Err(BackupError::Unusable(format!(
            "{} is another kind of backup file; archives end in .backup, key rings in .keys",
            archive.path.display()
        )));
    }
    let log = Log::from_id(head.log_id);
    let mut entries = archive.entries(master)?;
    let key_wrapper = master.key_wrapper(log.id);
    let (mut result, mut position, mut hash) = (CheckReport::default(), 0, log.genesis.to_vec());
    let (mut manifest, mut sequences) = (None, Sequences::default());
    while let Some(entry) = entries.recv().await {
        let entry = entry?;
        if manifest.is_some() {
            return Err(damaged("there is data after the end"));
        }
        result.contents.count(&entry);
        match entry {
            Entry::Events(events) => {
                for event in events {
                    position += 1;
                    if event.position != position || event.hash != event.expected_hash(&log, &hash)
                    {
                        return Err(damaged(format!("the chain breaks at position {position}")));
                    }
                    if !sequences.is_next(&event) {
                        return Err(damaged(format!(
                            "position {position} is {MISSING_PREDECESSOR}"
                        )));
                    }
                    hash = event.hash;
                }
                progress(position);
            }
            Entry::Rows { table, rows, .. } if table == source::KEY_TABLE => {
                result.destroyed.extend(check_keys(&key_wrapper, &rows)?);
                // Unwrapping is CPU-bound: yield to other tasks.
                tokio::task::yield_now().await;
            }
            Entry::Rows { .. } | Entry::Piece { .. } => {}
            Entry::End(contents) => manifest = Some(contents),
        }
    }
    if manifest.as_ref() != Some(&result.contents) {
        return Err(damaged("the contents do not match the manifest"));
    }
    if kind == FileKind::Archive && (position != head.position || hex::encode(&hash) != head.hash) {
        return Err(damaged("the end of the log does not match the header"));
    }
    Ok(result)
}

/// The last sequence of each aggregate. Keyed by digests to save memory.
#[derive(Default)]
struct Sequences(HashMap<[u8; 16], i64>);

impl Sequences {
    /// Whether an event is the next one of its aggregate.
    fn is_next(&mut self, event: &RecordedEvent) -> bool {
        let names = [
            event.aggregate_type.as_bytes(),
            event.aggregate_id.as_bytes(),
        ];
        let digest: [u8; 32] = Sha256::digest(frame(&names)).into();
        let (name, _) = digest.split_at(16);
        let last = self
            .0
            .entry(name.try_into().unwrap_or_default())
            .or_default();
        *last += 1;
        event.sequence == *last
    }
}

/// Unwraps the keys in some rows of a key ring, and returns the subjects of destroyed ones.
fn check_keys(key_wrapper: &KeyWrapper, rows: &[u8]) -> Result<Vec<String>, BackupError> {
    let rows =
        copy_text::rows(rows).ok_or_else(|| damaged("the rows of its keys are malformed"))?;
    let mut destroyed = Vec::new();
    for row in rows {
        let [Some(subject), wrapped, ..] = row.as_slice() else {
            return Err(damaged("the rows of its keys are malformed"));
        };
        match wrapped {
            None => destroyed.push(subject.clone()),
            Some(digits) => {
                let bytes = digits
                    .strip_prefix("\\x")
                    .and_then(|digits| hex::decode(digits).ok());
                let key = bytes.and_then(|bytes| key_wrapper.unwrap(subject, &bytes));
                key.ok_or_else(|| damaged(format!("the key of {subject} does not open")))?;
            }
        }
    }
    Ok(destroyed)
}
