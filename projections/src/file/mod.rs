//! Files of people.

mod projector;
pub mod queries;
pub mod usage;
mod view;

pub use projector::FileProjector;
pub use view::FileView;
