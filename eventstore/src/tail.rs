//! The last stretch of the log, kept in memory: who follows closely never asks the database.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::log::RecordedEvent;

/// Events kept at most, and their bytes.
const KEPT: usize = 4_096;
const KEPT_BYTES: usize = 8 * 1024 * 1024;

/// The last events that this process has appended itself or read from the log: a stretch without holes.
#[derive(Debug, Clone, Default)]
pub struct Tail {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    events: VecDeque<RecordedEvent>,
    bytes: usize,
}

impl Tail {
    /// At most `limit` events after a position, where the stretch has the next one.
    pub fn read(&self, after: i64, limit: usize) -> Option<Vec<RecordedEvent>> {
        let kept = self.lock();
        let first = kept.events.front()?.position;
        let skipped = usize::try_from(after + 1 - first).ok()?;
        let found: Vec<RecordedEvent> = kept
            .events
            .iter()
            .skip(skipped)
            .take(limit)
            .cloned()
            .collect();
        (!found.is_empty()).then_some(found)
    }

    /// The events of a scope after a position, where the stretch reaches from there to the end of the log.
    pub fn read_scope(&self, scope: &str, after: i64, head: i64) -> Option<Vec<RecordedEvent>> {
        let kept = self.lock();
        let (first, last) = (kept.events.front()?.position, kept.events.back()?.position);
        let skipped = usize::try_from(after + 1 - first).ok()?;
        let wanted = kept.events.iter().skip(skipped);
        (last >= head).then(|| {
            wanted
                .filter(|event| event.scope == scope)
                .cloned()
                .collect()
        })
    }

    /// Takes what the log has, in order; a hole before it begins the stretch anew.
    pub(crate) fn append(&self, events: impl IntoIterator<Item = RecordedEvent>) {
        for event in events {
            if self.last().is_some_and(|last| event.position > last + 1) {
                self.clear();
            }
            self.push(event);
        }
    }

    /// The position at which the stretch ends.
    pub(crate) fn last(&self) -> Option<i64> {
        self.lock().events.back().map(|last| last.position)
    }

    /// Takes the next event. Whoever comes second with one changes nothing.
    fn push(&self, event: RecordedEvent) {
        let mut kept = self.lock();
        let last = kept.events.back().map(|last| last.position);
        if last.is_some_and(|last| event.position != last + 1) {
            return;
        }
        kept.bytes += size(&event);
        kept.events.push_back(event);
        while kept.events.len() > KEPT || kept.bytes > KEPT_BYTES {
            let Some(gone) = kept.events.pop_front() else {
                break;
            };
            kept.bytes -= size(&gone);
        }
    }

    /// Forgets everything: the log no longer has it.
    pub(crate) fn clear(&self) {
        *self.lock() = Kept::default();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(event: &RecordedEvent) -> usize {
    event.metadata.len() + event.payload.len()
}
