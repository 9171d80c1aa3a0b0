//! Members of groups.

mod add;
mod list;
mod remove;

use domain::user::Role;
use poem_openapi::OpenApi;
use projections::user::UserView;

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (list::Operation, add::Operation, remove::Operation)
}

/// The role of a user, which decides who may add or remove them; if it is unknown, only administrators may.
fn role_of(user: &UserView) -> Role {
    Role::parse(&user.role).unwrap_or(Role::Admin)
}
