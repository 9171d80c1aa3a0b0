//! Files of users.

pub(crate) mod claims;
mod deletion;
pub mod document_claim;
mod projector;
pub mod queries;
pub mod text;
mod upload;
pub mod usage;
mod view;

pub use claims::FILE_GONE;
pub use deletion::{IN_USE, with_deletion, with_deletion_unless_used};
pub use projector::FileProjector;
pub use upload::{QUOTA_EXCEEDED, with_upload};
pub use view::FileView;
