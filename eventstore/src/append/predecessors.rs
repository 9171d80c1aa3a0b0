//! What needs no look into the log: predecessors that this process has appended itself.

use std::collections::HashMap;

use super::{NewEvent, Submission};

/// Aggregates remembered at most; with one more all are forgotten, and looked for once each.
const KEPT: usize = 8_192;

/// The last event of each aggregate that this process has appended in an epoch. All of them lie before the end of the
/// log as it is known, in its chain: a database that has the known end has them too, and says so in any case (CS001).
#[derive(Default)]
pub(super) struct Proven {
    epoch: u64,
    last: HashMap<String, (&'static str, i64)>,
}

impl Proven {
    /// Which events of a batch, counted from 1, follow one that the database must be asked for.
    pub fn rest(&self, epoch: u64, batch: &[Submission]) -> Vec<i32> {
        let mut rest = Vec::new();
        let mut before: Option<&NewEvent> = None;
        let events = batch.iter().flat_map(|submission| &submission.events);
        for (number, event) in (1..).zip(events) {
            let wanted = (event.aggregate_type, event.sequence - 1);
            let beside = before.filter(|last| last.aggregate_id == event.aggregate_id);
            let proven = event.sequence == 1
                || beside.is_some_and(|last| (last.aggregate_type, last.sequence) == wanted)
                || (self.epoch == epoch && self.last.get(&event.aggregate_id) == Some(&wanted));
            if !proven {
                rest.push(number);
            }
            before = Some(event);
        }
        rest
    }

    /// Remembers what an append has put at the end of the log.
    pub fn remember(&mut self, epoch: u64, batch: &[Submission]) {
        if self.epoch != epoch || self.last.len() > KEPT {
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

    /// Looks for every predecessor again: the end that is known need not hold what was remembered.
    pub fn forget(&mut self) {
        self.last.clear();
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;
    use uuid::Uuid;

    use super::*;
    use crate::append::Rows;

    /// Commands of one batch, each as the events that it appends.
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
            rows: Rows::default(),
            extras: vec![],
            reply: oneshot::channel().0,
        };
        commands.iter().map(submission).collect()
    }

    #[test]
    fn what_was_appended_here_proves_what_follows_it() {
        let mut proven = Proven::default();
        let first = batch(&[&[("user", "a", 1), ("user", "a", 2)], &[("user", "b", 7)]]);
        assert_eq!(proven.rest(3, &first), [3]);
        proven.remember(3, &first);
        let next = batch(&[
            &[("user", "a", 3), ("user", "a", 4)],
            &[("user", "b", 8)],
            &[("user", "c", 1)],
        ]);
        assert!(proven.rest(3, &next).is_empty());
        // Of the same name but of another kind, from another process meanwhile, of another log: none is proven.
        assert_eq!(proven.rest(3, &batch(&[&[("file", "a", 3)]])), [1]);
        assert_eq!(proven.rest(3, &batch(&[&[("user", "a", 4)]])), [1]);
        assert_eq!(proven.rest(4, &next), [1, 3]);
        proven.remember(4, &batch(&[&[("user", "d", 1)]]));
        assert_eq!(proven.rest(4, &next), [1, 3]);
    }

    #[test]
    fn what_was_forgotten_is_looked_for() {
        let mut proven = Proven::default();
        proven.remember(0, &batch(&[&[("user", "a", 1)]]));
        proven.forget();
        assert_eq!(proven.rest(0, &batch(&[&[("user", "a", 2)]])), [1]);
        for n in 0..=KEPT {
            proven.remember(0, &batch(&[&[("user", &n.to_string(), 1)]]));
        }
        assert!(proven.last.len() <= KEPT + 1);
    }

    #[test]
    fn a_neighbour_in_the_batch_proves_only_its_own_aggregate() {
        let proven = Proven::default();
        for (events, rest) in [
            (vec![("user", "a", 5), ("user", "a", 6)], vec![1]),
            (vec![("user", "a", 5), ("user", "b", 6)], vec![1, 2]),
            (vec![("user", "a", 5), ("file", "a", 6)], vec![1, 2]),
            (vec![("user", "a", 5), ("user", "a", 7)], vec![1, 2]),
        ] {
            assert_eq!(proven.rest(0, &batch(&[&events])), rest);
        }
    }
}
