//! Cursors of streams: where a stream starts, and the ids of its frames.

use eventstore::log;
use poem::{Request, Result};

use crate::http::{Caller, Problem};
use crate::state::App;

/// Where a stream starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Start {
    Now,
    Beginning,
    /// After a position; with the first bytes of its hash, if the cursor has them.
    After(i64, Option<String>),
    /// After a malformed id.
    Unknown,
}

impl Start {
    /// Reads `Last-Event-ID`, or else `?after=`; none if there is neither.
    pub(crate) fn parse(request: &Request, after: Option<&str>) -> Result<Option<Self>, Problem> {
        if let Some(value) = request.headers().get("last-event-id") {
            // Clients send back the id they received; anything else means that their cursor is broken.
            return Ok(Some(
                value
                    .to_str()
                    .ok()
                    .and_then(Self::from_id)
                    .unwrap_or(Self::Unknown),
            ));
        }
        let Some(after) = after else {
            return Ok(None);
        };
        Self::from_id(after).map(Some).ok_or_else(|| {
            Problem::unreadable(
                "after",
                "invalid_cursor",
                "after must be an event id or a position",
            )
        })
    }

    pub(crate) fn from_id(id: &str) -> Option<Self> {
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
    /// The position after which a stream starts, and whether the log has it. If not, the position is the end of the
    /// log.
    pub(crate) async fn resolve_start(&self, start: &Start) -> Result<(i64, bool), Problem> {
        let head = self.feed.head();
        let known = match start {
            Start::Now => Some(head),
            Start::Beginning | Start::After(0, None) => Some(0),
            Start::Unknown => None,
            Start::After(position, hash) => {
                let stored = log::hash_at(&self.pool, *position).await?;
                stored
                    .filter(|stored| hash.as_ref().is_none_or(|hash| short_hash(stored) == *hash))
                    .map(|_| *position)
            }
        };
        Ok((known.unwrap_or(head), known.is_some()))
    }

    /// The cursor at a position.
    pub(crate) async fn cursor_at(&self, position: i64) -> Result<String, Problem> {
        let hash = log::hash_at(&self.pool, position).await?;
        Ok(match hash {
            Some(hash) => frame_id(position, &hash),
            None => frame_id(0, &self.log.genesis),
        })
    }

    /// Whether the session of a caller is still valid, with the same role.
    pub(crate) async fn is_session_current(&self, caller: &Caller) -> bool {
        let Some(session) = caller.session else {
            return true;
        };
        // An outage of the database must not end streams.
        match self.session(session).await {
            Ok(Some(state)) => {
                let same = state.role.is_none_or(|role| *role == caller.role);
                state.usable && same
            }
            Ok(None) => false,
            Err(_) => true,
        }
    }
}

/// The id of a frame: its position and the first bytes of its hash, so that a cursor of another log is detected.
pub(crate) fn frame_id(position: i64, hash: &[u8]) -> String {
    format!("{position}-{}", short_hash(hash))
}

fn short_hash(hash: &[u8]) -> String {
    hex::encode(&hash[..hash.len().min(4)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_positions_are_parsed_and_garbage_is_not() {
        assert_eq!(
            Start::from_id("12-0123abcd"),
            Some(Start::After(12, Some("0123abcd".into())))
        );
        assert_eq!(Start::from_id("0"), Some(Start::After(0, None)));
        let long = "9".repeat(10_000);
        for garbage in ["", "-1", "12-", "12-zz", "x-0123abcd", "1 ", long.as_str()] {
            assert_eq!(Start::from_id(garbage), None, "{garbage}");
        }
    }
}
