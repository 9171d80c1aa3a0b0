//! Page cursors: opaque, signed, and bound to the user and query that they continue.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use poem::http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use uuid::Uuid;

use crate::problem::Problem;
use crate::state::App;

const TAG: usize = 16;
/// Allowed page sizes.
const LIMITS: std::ops::RangeInclusive<usize> = 1..=200;
const DEFAULT_LIMIT: usize = 50;

/// Returns the requested page size, or the default.
pub fn limit(requested: Option<u32>) -> Result<usize, Problem> {
    let limit = requested.map_or(DEFAULT_LIMIT, |limit| {
        usize::try_from(limit).unwrap_or(usize::MAX)
    });
    if LIMITS.contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::invalid(
        "limit",
        "out_of_range",
        "limit must be between 1 and 200",
    ))
}

/// What a cursor is bound to: the reader, and all of the query except cursor and limit.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    pub reader: Uuid,
    pub text: &'a str,
}

impl App {
    /// Creates the cursor that continues a query after a key.
    pub fn cursor<K: Serialize>(&self, query: Query<'_>, key: &K) -> Option<String> {
        let key = serde_json::to_vec(key).ok()?;
        let mac = self.mac(query, &key)?.finalize().into_bytes();
        Some(URL_SAFE_NO_PAD.encode([&mac[..TAG], &key].concat()))
    }

    /// Returns the key in a cursor, if this installation issued it for this reader and query.
    pub fn parse_cursor<K: DeserializeOwned>(
        &self,
        query: Query<'_>,
        cursor: Option<&str>,
    ) -> Result<Option<K>, Problem> {
        let Some(cursor) = cursor else {
            return Ok(None);
        };
        let parsed = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| {
            let (tag, key) = bytes.split_at_checked(TAG)?;
            self.mac(query, key)?.verify_truncated_left(tag).ok()?;
            serde_json::from_slice(key).ok()
        });
        parsed.map(Some).ok_or_else(|| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "invalid_cursor",
                "cursor must be the next_cursor of the same query; start again without one",
            )
        })
    }

    fn mac(&self, query: Query<'_>, key: &[u8]) -> Option<Hmac<Sha256>> {
        let mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.cursor_key).ok()?;
        let mac = mac
            .chain_update(query.reader.as_bytes())
            .chain_update(query.text.len().to_be_bytes())
            .chain_update(query.text)
            .chain_update(key);
        Some(mac)
    }
}
