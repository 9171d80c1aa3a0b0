//! Members of groups.

mod add;
mod list;
mod remove;

use poem_openapi::OpenApi;

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (list::Operation, add::Operation, remove::Operation)
}
