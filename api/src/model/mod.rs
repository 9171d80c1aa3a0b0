//! The available models.

use domain::model::{GUIDE, is_chat_model};
use poem::Result;
use poem_openapi::param::Query;
use poem_openapi::{Object, OpenApi, Tags};
use projections::provider::{ModelView, queries};

use crate::http::{Ctx, List, Problem, Unversioned};
use crate::settings;
use crate::state::App;

/// A model that the caller may use.
#[derive(Debug, Object)]
#[oai(rename = "Model")]
pub(crate) struct ModelResource {
    /// `<provider>/<model>`.
    pub id: String,
    pub name: String,
    pub provider: String,
    /// The context window in tokens, if it is known.
    pub context_window: Option<u32>,
    /// The maximum number of output tokens, if it is known.
    pub max_output_tokens: Option<u32>,
    /// Whether it is built into the server and needs no network.
    pub built_in: bool,
    /// Whether it is the default model.
    pub default: bool,
    /// Whether it reads images, as its provider reports or as models of its name do; null if that is unknown.
    pub vision: Option<bool>,
    /// Whether it reasons before it answers; null if that is unknown.
    pub reasoning: Option<bool>,
    /// Whether it turns texts into vectors and cannot answer; null if that is unknown.
    pub embedding: Option<bool>,
    /// Whether it can answer, as far as that is known. Models for embedding, speech, images or moderation cannot.
    pub chat: bool,
    /// Whether it may be used. Only administrators see disabled models, if they request them.
    pub enabled: bool,
}

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Models, and the providers that offer them.
    Models,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct ModelApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Models")]
impl ModelApi {
    /// Lists the models that the caller may use.
    ///
    /// The models of all providers, and the built-in one. Models that an administrator has disabled are left out.
    #[oai(path = "/models", method = "get", operation_id = "listModels")]
    async fn list_models(
        &self,
        ctx: Ctx,
        /// True includes disabled models. Requires the admin role.
        include_disabled: Query<Option<bool>>,
    ) -> Result<Unversioned<List<ModelResource>>, Problem> {
        let include_disabled = include_disabled.0.unwrap_or(false);
        if include_disabled {
            ctx.caller.require_admin()?;
        }
        let position = ctx.read_position().await?;
        let mut provided = queries::models(&ctx.pool).await?;
        provided.retain(|model| model.enabled || include_disabled);
        let default = settings::default_model(&ctx.app).await?;
        let mut models = vec![ModelResource::guide()];
        models.extend(provided.into_iter().map(ModelResource::from));
        for model in &mut models {
            model.default = model.id == default;
        }
        Ok(Unversioned::new(List::single_page(models), position))
    }
}

impl ModelResource {
    /// The built-in model.
    fn guide() -> Self {
        Self {
            id: GUIDE.to_owned(),
            name: "Guide to ConvoSphere (built in, no language model)".to_owned(),
            provider: "builtin".to_owned(),
            context_window: None,
            max_output_tokens: None,
            built_in: true,
            default: false,
            vision: Some(false),
            reasoning: Some(false),
            embedding: Some(false),
            chat: true,
            enabled: true,
        }
    }
}

impl From<ModelView> for ModelResource {
    fn from(view: ModelView) -> Self {
        let abilities = view.abilities();
        Self {
            id: format!("{}/{}", view.provider, view.model),
            context_window: view.context_window(),
            max_output_tokens: view.max_output_tokens(),
            chat: abilities.embedding != Some(true) && is_chat_model(&view.model),
            name: view.model,
            provider: view.provider,
            built_in: false,
            default: false,
            vision: abilities.vision,
            reasoning: abilities.reasoning,
            embedding: abilities.embedding,
            enabled: view.enabled,
        }
    }
}

/// Fails if a model is named that the installation does not have, or that an administrator has disabled.
pub(crate) async fn require_usable(
    app: &App,
    pointer: &str,
    model: Option<&String>,
) -> Result<(), Problem> {
    let Some(model) = model else {
        return Ok(());
    };
    match is_enabled(app, model).await? {
        Some(true) => Ok(()),
        Some(false) => Err(disabled(pointer, model)),
        None => Err(Problem::invalid(
            pointer,
            "unknown_model",
            "this model does not exist; GET /api/v1/models lists all models",
        )),
    }
}

/// The refusal of a disabled model.
pub(crate) fn disabled(pointer: &str, model: &str) -> Problem {
    Problem::invalid(
        pointer,
        "model_disabled",
        format!("an administrator has disabled {model}; choose another model"),
    )
}

/// A model that was chosen earlier, if it can still be used.
pub(crate) async fn keep_usable(
    app: &App,
    model: Option<String>,
) -> Result<Option<String>, Problem> {
    let Some(model) = model else {
        return Ok(None);
    };
    let is_enabled = is_enabled(app, &model).await?;
    Ok(Some(model).filter(|_| is_enabled == Some(true)))
}

/// Whether a model is enabled; `None` if the installation does not have it.
async fn is_enabled(app: &App, model: &str) -> Result<Option<bool>, Problem> {
    if model == GUIDE {
        return Ok(Some(true));
    }
    Ok(find(app, model).await?.map(|found| found.enabled))
}

/// Finds a model of a provider by its whole name.
pub(crate) async fn find(app: &App, model: &str) -> Result<Option<ModelView>, Problem> {
    Ok(match model.split_once('/') {
        Some((provider, name)) => queries::model(&app.pool, provider, name).await?,
        None => None,
    })
}
