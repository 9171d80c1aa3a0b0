//! Files of people.

mod deletion;
mod keeping;
mod projector;
pub mod queries;
pub mod text;
pub mod usage;
mod view;

pub use deletion::deletion;
pub use keeping::{QUOTA_EXCEEDED, keeping};
pub use projector::FileProjector;
pub use view::FileView;
