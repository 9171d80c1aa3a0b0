//! Setup: creates the first administrator with the one-time token that the server prints.

mod get;
mod set_up;
mod wire;

use poem_openapi::{OpenApi, Tags};

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// The first start: creating the first administrator.
    Setup,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (get::Operation, set_up::Operation)
}
