//! `GET /settings`

use poem::Result;
use poem_openapi::OpenApi;

use super::{SettingsResource, Tag, settings};
use crate::http::{Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Settings")]
impl Operation {
    /// Reads the settings of the installation.
    ///
    /// Settings that apply to all users.
    #[oai(path = "/settings", method = "get", operation_id = "getSettings")]
    async fn get_settings(&self, ctx: Ctx) -> Result<Single<SettingsResource>, Problem> {
        settings(&ctx, ctx.meta.min_position).await
    }
}
