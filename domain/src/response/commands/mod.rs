//! Commands of a run.

mod cancel;
mod end;
mod request;
mod start;

pub use cancel::CancelResponse;
pub use end::{EndResponse, Outcome};
pub use request::RequestResponse;
pub use start::StartResponse;

use super::Response;
use crate::command::commands;

commands! {
    ResponseCommand for Response { RequestResponse, StartResponse, EndResponse, CancelResponse }
}
