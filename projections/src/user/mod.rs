//! People, their credentials and sessions.

pub mod credentials;
mod projector;
pub mod queries;
pub mod sessions;
mod view;

pub use projector::UserProjector;
pub use view::UserView;
