//! Files of people.

mod deletion;
mod projector;
pub mod queries;
pub mod text;
pub mod usage;
mod view;

pub use deletion::deletion;
pub use projector::FileProjector;
pub use view::FileView;
