//! Models behind Anthropic's Messages interface, <https://docs.claude.com/en/api/messages>.

mod event;
mod request;

pub(super) use self::event::events;
pub(super) use self::request::body;

/// The version of the interface that is spoken.
pub(super) const VERSION: &str = "2023-06-01";
