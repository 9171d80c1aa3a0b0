//! Remembers events that this process has appended, so that the database need not look up their predecessors.

use std::collections::HashMap;

use super::{NewEvent, Submission};

/// Maximum number of remembered aggregates; the map is cleared when it grows larger.
const CAPACITY: usize = 8_192;

/// The last event of each aggregate that this process has appended in an epoch. All of them precede the known end of
/// the log, so a database that has this end has them too; `append_events` checks the end (CS001).
#[derive(Default)]
pub(super) struct KnownPredecessors {
    epoch: u64,
    last: HashMap<String, (&'static str, i64)>,
}

impl KnownPredecessors {
    /// Numbers (from 1) of the events whose predecessor the database must check.
    pub(super) fn find_unproven(&self, epoch: u64, batch: &[Submission]) -> Vec<i32> {
        let mut unproven = Vec::new();
        let mut previous: Option<&NewEvent> = None;
        let events = batch.iter().flat_map(|submission| &submission.events);
        for (number, event) in (1..).zip(events) {
            let expected = (event.aggregate_type, event.sequence - 1);
            let neighbour = previous.filter(|last| last.aggregate_id == event.aggregate_id);
            let known = event.sequence == 1
                || neighbour.is_some_and(|last| (last.aggregate_type, last.sequence) == expected)
                || (self.epoch == epoch && self.last.get(&event.aggregate_id) == Some(&expected));
            if !known {
                unproven.push(number);
            }
            previous = Some(event);
        }
        unproven
    }

    /// Remembers the events of a committed batch.
    pub(super) fn remember(&mut self, epoch: u64, batch: &[Submission]) {
        if self.epoch != epoch || self.last.len() > CAPACITY {
            self.last.clear();
            self.epoch = epoch;
        }
        for event in batch.iter().flat_map(|submission| &submission.events) {
            let place = (event.aggregate_type, event.sequence);
            match self.last.get_mut(&event.aggregate_id) {
                Some(last) => *last = place,
                None => _ = self.last.insert(event.aggregate_id.clone(), place),
            }
        }
    }

    /// Forgets all events: the known end of the log may not include them.
    pub(super) fn clear(&mut self) {
        self.last.clear();
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;
    use uuid::Uuid;

    use super::*;

    /// Builds a batch; each command is given by its events.
    fn batch(commands: &[&[(&'static str, &str, i64)]]) -> Vec<Submission> {
        let event =
            |(aggregate_type, aggregate_id, sequence): &(&'static str, &str, i64)| NewEvent {
                event_id: Uuid::now_v7(),
                command_id: Uuid::now_v7(),
                aggregate_type,
                aggregate_id: (*aggregate_id).to_owned(),
                sequence: *sequence,
                scope: String::new(),
                event_type: String::new(),
                event_version: String::new(),
                metadata: String::new(),
                payload: String::new(),
                digest: [0; 32],
            };
        let submission = |events: &&[_]| Submission {
            epoch: 0,
            events: events.iter().map(event).collect(),
            rows: vec![],
            writes: vec![],
            reply: oneshot::channel().0,
        };
        commands.iter().map(submission).collect()
    }

    #[test]
    fn an_event_appended_here_is_a_known_predecessor() {
        let mut known = KnownPredecessors::default();
        let first = batch(&[&[("user", "a", 1), ("user", "a", 2)], &[("user", "b", 7)]]);
        assert_eq!(known.find_unproven(3, &first), [3]);
        known.remember(3, &first);
        let next = batch(&[
            &[("user", "a", 3), ("user", "a", 4)],
            &[("user", "b", 8)],
            &[("user", "c", 1)],
        ]);
        assert!(known.find_unproven(3, &next).is_empty());
        // Same id but another type, appended by another process, or another epoch: the predecessor is unknown.
        assert_eq!(known.find_unproven(3, &batch(&[&[("file", "a", 3)]])), [1]);
        assert_eq!(known.find_unproven(3, &batch(&[&[("user", "a", 4)]])), [1]);
        assert_eq!(known.find_unproven(4, &next), [1, 3]);
        known.remember(4, &batch(&[&[("user", "d", 1)]]));
        assert_eq!(known.find_unproven(4, &next), [1, 3]);
    }

    #[test]
    fn cleared_predecessors_are_checked_again() {
        let mut known = KnownPredecessors::default();
        known.remember(0, &batch(&[&[("user", "a", 1)]]));
        known.clear();
        assert_eq!(known.find_unproven(0, &batch(&[&[("user", "a", 2)]])), [1]);
        for n in 0..=CAPACITY {
            known.remember(0, &batch(&[&[("user", &n.to_string(), 1)]]));
        }
        assert!(known.last.len() <= CAPACITY + 1);
    }

    #[test]
    fn an_event_in_the_batch_is_a_predecessor_only_within_its_aggregate() {
        let known = KnownPredecessors::default();
        for (events, unproven) in [
            (vec![("user", "a", 5), ("user", "a", 6)], vec![1]),
            (vec![("user", "a", 5), ("user", "b", 6)], vec![1, 2]),
            (vec![("user", "a", 5), ("file", "a", 6)], vec![1, 2]),
            (vec![("user", "a", 5), ("user", "a", 7)], vec![1, 2]),
        ] {
            assert_eq!(known.find_unproven(0, &batch(&[&events])), unproven);
        }
    }
}
