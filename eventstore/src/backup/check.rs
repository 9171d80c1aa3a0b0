//! Looking at every byte of a backup before anything is made of it.

use std::collections::{BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use super::{Archive, BackupError, Contents, Entry, Kind, copy_text, cut, damaged};
use crate::chain::{framed, hex};
use crate::verify::WITHOUT;
use crate::wrapping::Wrapping;
use crate::{Log, MasterKey, RecordedEvent};

/// What a file was found to hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Checked {
    pub contents: Contents,
    /// Subjects whose keys are destroyed.
    pub destroyed: BTreeSet<String>,
}

/// Opens a file to its end, follows the chain of its events, and unwraps its keys.
pub(super) async fn check(
    archive: &Archive,
    kind: Kind,
    master: &MasterKey,
    progress: impl Fn(i64),
) -> Result<Checked, BackupError> {
    let head = &archive.head;
    if head.kind != kind {
        return Err(BackupError::Unfit(format!(
            "{} is of another kind: archives end in .backup, key rings in .keys",
            archive.path.display()
        )));
    }
    let log = Log::of(head.log_id);
    let mut entries = archive.entries(master)?;
    let wrapping = master.wrapping(log.id);
    let (mut found, mut position, mut hash) = (Checked::default(), 0, log.genesis.to_vec());
    let (mut told, mut sequences) = (None, Sequences::default());
    while let Some(entry) = entries.recv().await {
        let entry = entry?;
        if told.is_some() {
            return Err(damaged("something follows its end"));
        }
        found.contents.count(&entry);
        match entry {
            Entry::Events(events) => {
                for event in events {
                    position += 1;
                    if event.position != position || event.hash != event.expected_hash(&log, &hash)
                    {
                        return Err(damaged(format!("its chain breaks at position {position}")));
                    }
                    if !sequences.follows(&event) {
                        return Err(damaged(format!("position {position} is {WITHOUT}")));
                    }
                    hash = event.hash;
                }
                progress(position);
            }
            Entry::Rows { table, rows, .. } if table == cut::KEYS => {
                found.destroyed.extend(keys(&wrapping, &rows)?);
                // Unwrapping is work for the processor: others get their turn.
                tokio::task::yield_now().await;
            }
            Entry::Rows { .. } | Entry::Piece { .. } => {}
            Entry::End(contents) => told = Some(contents),
        }
    }
    if told.as_ref() != Some(&found.contents) {
        return Err(damaged("it does not hold what its manifest says"));
    }
    if kind == Kind::Archive && (position != head.position || hex(&hash) != head.hash) {
        return Err(damaged("its log ends elsewhere than its first line says"));
    }
    Ok(found)
}

/// How far each aggregate has come. Named by digests: ids are long, and there may be many.
#[derive(Default)]
struct Sequences(HashMap<[u8; 16], i64>);

impl Sequences {
    /// Whether an event is the next one of its aggregate.
    fn follows(&mut self, event: &RecordedEvent) -> bool {
        let names = [
            event.aggregate_type.as_bytes(),
            event.aggregate_id.as_bytes(),
        ];
        let digest: [u8; 32] = Sha256::digest(framed(&names)).into();
        let (name, _) = digest.split_at(16);
        let last = self
            .0
            .entry(name.try_into().unwrap_or_default())
            .or_default();
        *last += 1;
        event.sequence == *last
    }
}

/// Unwraps the keys of a stretch of a ring, and tells whose were destroyed.
fn keys(wrapping: &Wrapping, rows: &[u8]) -> Result<Vec<String>, BackupError> {
    let rows = copy_text::rows(rows).ok_or_else(|| damaged("rows of its keys"))?;
    let mut destroyed = Vec::new();
    for row in rows {
        let [Some(subject), wrapped, ..] = row.as_slice() else {
            return Err(damaged("rows of its keys"));
        };
        match wrapped {
            None => destroyed.push(subject.clone()),
            Some(digits) => {
                let bytes = digits.strip_prefix("\\x").and_then(crate::chain::unhex);
                let key = bytes.and_then(|bytes| wrapping.unwrap(subject, &bytes));
                key.ok_or_else(|| damaged(format!("the key of {subject} does not open")))?;
            }
        }
    }
    Ok(destroyed)
}
