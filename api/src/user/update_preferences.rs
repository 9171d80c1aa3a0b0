//! `PATCH /users/me/preferences`

use domain::user::ChangePreferences;
use poem::Result;
use poem_openapi::OpenApi;

use super::preferences::{PreferencesResource, UpdatePreferences};
use super::{Tag, read_preferences};
use crate::http::{Body, Ctx, Problem, Single};
use crate::model;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Users")]
impl Operation {
    /// Changes the caller's preferences.
    ///
    /// Changes the given fields and leaves the others.
    #[oai(
        path = "/users/me/preferences",
        method = "patch",
        operation_id = "updatePreferences"
    )]
    async fn update_preferences(
        &self,
        ctx: Ctx,
        body: Body<UpdatePreferences>,
    ) -> Result<Single<PreferencesResource>, Problem> {
        let default_model = body.value.default_model.value();
        if default_model.is_some() {
            ctx.catch_up().await?;
            model::require_usable(&ctx.app, "/default_model", default_model).await?;
        }
        let command = ChangePreferences {
            change: body.value.into(),
        };
        let execution = ctx.command(ctx.caller.id, &body.bytes, command);
        ctx.execute(execution).await?;
        read_preferences(&ctx, None).await
    }
}
