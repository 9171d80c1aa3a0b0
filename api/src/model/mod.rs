//! The available models.

use domain::model::GUIDE;
use poem::Result;
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
    /// The models of all providers, and the built-in one.
    #[oai(path = "/models", method = "get", operation_id = "listModels")]
    async fn list_models(&self, ctx: Ctx) -> Result<Unversioned<List<ModelResource>>, Problem> {
        let position = ctx.read_position().await?;
        let provided = queries::models(&ctx.pool).await?;
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
        }
    }
}

impl From<ModelView> for ModelResource {
    fn from(view: ModelView) -> Self {
        Self {
            id: format!("{}/{}", view.provider, view.model),
            context_window: view.context_window(),
            max_output_tokens: view.max_output_tokens(),
            name: view.model,
            provider: view.provider,
            built_in: false,
            default: false,
        }
    }
}

/// Fails if a model is named that the installation does not have.
pub(crate) async fn require_known(
    app: &App,
    pointer: &str,
    model: Option<&String>,
) -> Result<(), Problem> {
    let Some(model) = model.filter(|model| *model != GUIDE) else {
        return Ok(());
    };
    if let Some((provider, name)) = model.split_once('/')
        && queries::has_model(&app.pool, provider, name).await?
    {
        return Ok(());
    }
    Err(Problem::invalid(
        pointer,
        "unknown_model",
        "this model does not exist; GET /api/v1/models lists all models",
    ))
}
