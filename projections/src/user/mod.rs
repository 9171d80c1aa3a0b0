//! People, their credentials and sessions.

pub mod agent;
pub mod credentials;
mod erasure;
mod projector;
pub mod queries;
pub mod sessions;
mod view;

pub use erasure::with_erasure;
pub use projector::UserProjector;
pub use view::UserView;
