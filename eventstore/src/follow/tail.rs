//! The most recent events, kept in memory so that readers close to the end need no database query.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::log::RecordedEvent;

/// Limits of the buffer.
const MAX_EVENTS: usize = 4_096;
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// The last events that this process has appended or read, without gaps.
#[derive(Debug, Clone, Default)]
pub(super) struct Tail {
    buffer: Arc<Mutex<TailBuffer>>,
}

#[derive(Debug, Default)]
struct TailBuffer {
    events: VecDeque<RecordedEvent>,
    bytes: usize,
}

impl Tail {
    /// At most `limit` events after a position, if the buffer has the next one.
    pub(super) fn read(&self, after: i64, limit: usize) -> Option<Vec<RecordedEvent>> {
        let buffer = self.lock();
        let first = buffer.events.front()?.position;
        let skipped = usize::try_from(after + 1 - first).ok()?;
        let found: Vec<RecordedEvent> = buffer
            .events
            .iter()
            .skip(skipped)
            .take(limit)
            .cloned()
            .collect();
        (!found.is_empty()).then_some(found)
    }

    /// The events of a scope after a position, if the buffer covers everything from there to the end of the log.
    pub(super) fn read_scope(
        &self,
        scope: &str,
        after: i64,
        head: i64,
    ) -> Option<Vec<RecordedEvent>> {
        let buffer = self.lock();
        let (first, last) = (
            buffer.events.front()?.position,
            buffer.events.back()?.position,
        );
        let skipped = usize::try_from(after + 1 - first).ok()?;
        let wanted = buffer.events.iter().skip(skipped);
        (last >= head).then(|| {
            wanted
                .filter(|event| event.scope == scope)
                .cloned()
                .collect()
        })
    }

    /// Adds events in order; a gap clears the buffer first.
    pub(crate) fn append(&self, events: impl IntoIterator<Item = RecordedEvent>) {
        for event in events {
            if self
                .last_position()
                .is_some_and(|last| event.position > last + 1)
            {
                self.clear();
            }
            self.push(event);
        }
    }

    /// The last position in the buffer.
    pub(crate) fn last_position(&self) -> Option<i64> {
        self.lock().events.back().map(|last| last.position)
    }

    /// Adds the next event; ignores one that is already there.
    fn push(&self, event: RecordedEvent) {
        let mut buffer = self.lock();
        let last = buffer.events.back().map(|last| last.position);
        if last.is_some_and(|last| event.position != last + 1) {
            return;
        }
        buffer.bytes += size(&event);
        buffer.events.push_back(event);
        while buffer.events.len() > MAX_EVENTS || buffer.bytes > MAX_BYTES {
            let Some(evicted) = buffer.events.pop_front() else {
                break;
            };
            buffer.bytes -= size(&evicted);
        }
    }

    /// Clears the buffer after the log has diverged.
    pub(crate) fn clear(&self) {
        *self.lock() = TailBuffer::default();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, TailBuffer> {
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(event: &RecordedEvent) -> usize {
    event.metadata.len() + event.payload.len()
}
