//! `GET /users/me/preferences`

use poem::Result;
use poem_openapi::OpenApi;

use super::preferences::PreferencesResource;
use super::{Tag, read_preferences};
use crate::http::{Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Users")]
impl Operation {
    /// Reads the caller's preferences.
    ///
    /// They apply on every device.
    #[oai(
        path = "/users/me/preferences",
        method = "get",
        operation_id = "getPreferences"
    )]
    async fn get_preferences(&self, ctx: Ctx) -> Result<Single<PreferencesResource>, Problem> {
        read_preferences(&ctx, ctx.meta.min_position).await
    }
}
