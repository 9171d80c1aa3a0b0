//! Cursors: where a stream begins, and the ids that its frames carry.

use eventstore::chain::hex;
use eventstore::log;
use poem::{Request, Result};

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;

/// Where a stream begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Start {
    Now,
    Beginning,
    /// After a position; with the first bytes of its hash, where the client knows them.
    After(i64, Option<String>),
    /// After something that is no id of ours.
    Unknown,
}

impl Start {
    /// From `Last-Event-ID`, else from `?after=`. None where there is neither.
    pub fn parse(request: &Request, after: Option<&str>) -> Result<Option<Self>, Problem> {
        if let Some(value) = request.headers().get("last-event-id") {
            // A client sends back what it was given: anything else means that its cursor is broken.
            return Ok(Some(
                value
                    .to_str()
                    .ok()
                    .and_then(Self::of)
                    .unwrap_or(Self::Unknown),
            ));
        }
        let Some(after) = after else {
            return Ok(None);
        };
        Self::of(after).map(Some).ok_or_else(|| {
            Problem::unreadable(
                "after",
                "invalid_cursor",
                "after must be an event id or a position",
            )
        })
    }

    pub fn of(id: &str) -> Option<Self> {
        let (position, hash) = match id.split_once('-') {
            Some((position, hash))
                if hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()) =>
            {
                (position, Some(hash.to_owned()))
            }
            Some(_) => return None,
            None => (id, None),
        };
        let position = position.parse().ok().filter(|position| *position >= 0)?;
        Some(Self::After(position, hash))
    }
}

impl App {
    /// The position after which a stream begins, and whether the log has it; now where it does not.
    pub(crate) async fn begin(&self, start: &Start) -> Result<(i64, bool), Problem> {
        let head = self.feed.head();
        let known = match start {
            Start::Now => Some(head),
            Start::Beginning | Start::After(0, None) => Some(0),
            Start::Unknown => None,
            Start::After(position, hash) => {
                let stored = log::hash_at(&self.pool, *position).await?;
                stored
                    .filter(|stored| hash.as_ref().is_none_or(|hash| short(stored) == *hash))
                    .map(|_| *position)
            }
        };
        Ok((known.unwrap_or(head), known.is_some()))
    }

    /// The id of a cursor at a position.
    pub(crate) async fn id_at(&self, position: i64) -> Result<String, Problem> {
        let hash = log::hash_at(&self.pool, position).await?;
        Ok(match hash {
            Some(hash) => frame_id(position, &hash),
            None => frame_id(0, &self.log.genesis),
        })
    }

    /// Whether the session of a reader still lives, and nobody took its role.
    pub(crate) async fn may_go_on(&self, caller: &Caller) -> bool {
        let Some(session) = caller.session else {
            return true;
        };
        // Not known for now is no end.
        match self.session(session).await {
            Ok(Some(state)) => {
                let same = state
                    .role
                    .as_deref()
                    .is_none_or(|role| role == caller.role.as_str());
                state.usable && same
            }
            Ok(None) => false,
            Err(_) => true,
        }
    }
}

/// The id of a frame: its position and the first bytes of its hash, so that a cursor of another log is noticed.
pub(crate) fn frame_id(position: i64, hash: &[u8]) -> String {
    format!("{position}-{}", short(hash))
}

fn short(hash: &[u8]) -> String {
    hex(&hash[..hash.len().min(4)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_positions_are_read_and_garbage_is_not() {
        assert_eq!(
            Start::of("12-0123abcd"),
            Some(Start::After(12, Some("0123abcd".into())))
        );
        assert_eq!(Start::of("0"), Some(Start::After(0, None)));
        let long = "9".repeat(10_000);
        for garbage in ["", "-1", "12-", "12-zz", "x-0123abcd", "1 ", long.as_str()] {
            assert_eq!(Start::of(garbage), None, "{garbage}");
        }
    }
}
