//! Files of people.

pub mod claims;
mod deletion;
mod keeping;
mod projector;
pub mod queries;
pub mod text;
pub mod usage;
mod view;

pub use deletion::{IN_USE, deletion, deletion_unless_used};
pub use keeping::{QUOTA_EXCEEDED, keeping};
pub use projector::FileProjector;
pub use view::FileView;
