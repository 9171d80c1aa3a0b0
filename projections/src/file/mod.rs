//! Files of people.

pub mod claims;
mod deletion;
mod projector;
pub mod queries;
pub mod text;
mod upload;
pub mod usage;
mod view;

pub use deletion::{IN_USE, with_deletion, with_deletion_unless_used};
pub use projector::FileProjector;
pub use upload::{QUOTA_EXCEEDED, with_upload};
pub use view::FileView;
