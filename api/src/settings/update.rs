//! `PATCH /settings`

use domain::installation::{Installation, InstallationCommand};
use eventstore::executor::step;
use poem::Result;
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::types::MaybeUndefined;

use super::{SettingsResource, UpdateSettings, settings};
use crate::http::{Body, Ctx, Problem, Single, Tag};
use crate::model;

#[derive(Debug, Clone, Copy)]
pub struct Operation;

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
        let caller = &ctx.caller;
        caller.require_admin()?;
        let chosen = match body.value.default_model {
            MaybeUndefined::Undefined => return settings(&ctx, None).await,
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(model) => Some(model),
        };
        if let Some(configured) = &ctx.settings.default_model {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "set_by_configuration",
                format!(
                    "the setting models.default is {configured}; remove it from the configuration first"
                ),
            ));
        }
        if let Some(model) = &chosen {
            ctx.catch_up().await?;
            model::require_known(&ctx.app, "/default_model", model).await?;
        }
        let command = InstallationCommand::ChooseDefaultModel { model: chosen };
        let steps = vec![step::<Installation>(
            Installation::ID,
            ctx.meta.expected(),
            command,
        )];
        let execution = ctx.execution(&body.bytes, steps);
        ctx.execute(execution).await?;
        settings(&ctx, None).await
    }
}
