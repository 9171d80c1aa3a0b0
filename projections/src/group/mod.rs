//! Groups and their members.

mod projector;
pub mod queries;
mod view;

pub use projector::GroupProjector;
pub use view::{GroupView, MemberView};
