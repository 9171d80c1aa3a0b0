//! `PATCH /settings`

use domain::installation::{ChooseDefaultModel, Installation};
use poem::Result;
use poem::http::StatusCode;
use poem_openapi::OpenApi;

use super::{SettingsResource, Tag, UpdateSettings, settings};
use crate::http::{Body, Ctx, Problem, Single};
use crate::model;
use crate::state::App;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Settings")]
impl Operation {
    /// Changes the settings of the installation.
    ///
    /// Changes the given fields and leaves the others. Requires the admin role.
    #[oai(path = "/settings", method = "patch", operation_id = "updateSettings")]
    async fn update_settings(
        &self,
        ctx: Ctx,
        body: Body<UpdateSettings>,
    ) -> Result<Single<SettingsResource>, Problem> {
        ctx.caller.require_admin()?;
        let Some(model) = Option::<Option<String>>::from(body.value.default_model) else {
            return settings(&ctx, None).await;
        };
        require_unconfigured(&ctx.app)?;
        if model.is_some() {
            ctx.catch_up().await?;
            model::require_usable(&ctx.app, "/default_model", model.as_ref()).await?;
        }
        let command = ChooseDefaultModel { model };
        let execution = ctx.command(Installation::ID, &body.bytes, command);
        ctx.execute(execution).await?;
        settings(&ctx, None).await
    }
}

/// Fails if the operator has configured the default model.
fn require_unconfigured(app: &App) -> Result<(), Problem> {
    let Some(configured) = &app.settings.default_model else {
        return Ok(());
    };
    Err(Problem::new(
        StatusCode::CONFLICT,
        "set_by_configuration",
        format!(
            "the setting models.default is {configured}; remove it from the configuration first"
        ),
    ))
}
