//! Pages of lists. Cursors are opaque, signed, and bound to the user and query that they continue.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use poem::http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

use super::{Ctx, Problem};

const TAG: usize = 16;
/// Allowed page sizes.
const LIMITS: std::ops::RangeInclusive<usize> = 1..=200;
const DEFAULT_LIMIT: usize = 50;

/// Which page of a list is requested.
#[derive(Debug)]
pub(crate) struct PageRequest<K> {
    /// All of the query except cursor and limit, which the cursor is bound to.
    query: String,
    /// The key of the last entry of the page before.
    pub after: Option<K>,
    pub limit: usize,
}

impl Ctx {
    /// Checks limit and cursor of a list.
    pub(crate) fn page<K: DeserializeOwned>(
        &self,
        query: impl Into<String>,
        limit: Option<u32>,
        cursor: Option<&str>,
    ) -> Result<PageRequest<K>, Problem> {
        let query = query.into();
        let limit = parse_limit(limit)?;
        let after = cursor.map(|cursor| self.parse_cursor(&query, cursor));
        Ok(PageRequest {
            after: after.transpose()?,
            query,
            limit,
        })
    }

    /// The cursor that continues a list after a key.
    pub(crate) fn cursor<K: Serialize>(&self, page: &PageRequest<K>, key: &K) -> Option<String> {
        let key = serde_json::to_vec(key).ok()?;
        let mac = self.cursor_mac(&page.query, &key)?.finalize().into_bytes();
        Some(URL_SAFE_NO_PAD.encode([&mac[..TAG], &key].concat()))
    }

    /// The key in a cursor, if this installation issued it for this reader and query.
    fn parse_cursor<K: DeserializeOwned>(&self, query: &str, cursor: &str) -> Result<K, Problem> {
        let parsed = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| {
            let (tag, key) = bytes.split_at_checked(TAG)?;
            let mac = self.cursor_mac(query, key)?;
            mac.verify_truncated_left(tag).ok()?;
            serde_json::from_slice(key).ok()
        });
        parsed.ok_or_else(|| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "invalid_cursor",
                "cursor must be the next_cursor of the same query; start again without one",
            )
        })
    }

    fn cursor_mac(&self, query: &str, key: &[u8]) -> Option<Hmac<Sha256>> {
        let mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.cursor_key).ok()?;
        let mac = mac
            .chain_update(self.caller.id.as_bytes())
            .chain_update(query.len().to_be_bytes())
            .chain_update(query)
            .chain_update(key);
        Some(mac)
    }
}

/// A text that entries of a list must contain; none if it is empty.
pub(crate) fn parse_filter(text: Option<String>) -> Result<Option<String>, Problem> {
    match text {
        Some(text) if text.contains('\0') || text.len() > 1_000 => Err(Problem::invalid(
            "q",
            "invalid_text",
            "q must have at most 1000 bytes and no U+0000",
        )),
        text => Ok(text.filter(|text| !text.is_empty())),
    }
}

/// Returns the requested page size, or the default.
fn parse_limit(requested: Option<u32>) -> Result<usize, Problem> {
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
