//! Models with Anthropic's Messages API, <https://docs.claude.com/en/api/messages>.

mod event;
mod request;

pub(super) use self::event::decoder;
pub(super) use self::request::build_body;

/// The version of the API.
pub(super) const VERSION: &str = "2023-06-01";
