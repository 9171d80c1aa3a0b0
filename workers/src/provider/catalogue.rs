//! From the name of a model to the model.

use domain::model::GUIDE;
use domain::provider::ProviderKind;
use domain::response::FailureCode;
use eventstore::Transient;
use projections::Source;
use projections::provider::{ProviderView, queries};

use super::credentials::Opened;
use crate::egress::Egress;
use crate::model::guide::Guide;
use crate::model::{ChatModel, ModelError, Remote};

/// The models of this installation.
#[derive(Debug, Clone)]
pub struct Catalogue {
    pub source: Source,
    pub egress: Egress,
    opened: Opened,
}

impl Catalogue {
    pub fn new(source: Source, egress: Egress) -> Self {
        Self {
            source,
            egress,
            opened: Opened::default(),
        }
    }

    /// The model of a name, ready to be asked.
    pub async fn find(&self, name: &str) -> Result<Box<dyn ChatModel>, ModelError> {
        if name == GUIDE {
            return Ok(Box::new(Guide::new()));
        }
        Ok(Box::new(self.of_provider(name).await?))
    }

    /// The model of a provider that a name means.
    pub(super) async fn of_provider(&self, name: &str) -> Result<Remote, ModelError> {
        let unknown = || {
            let detail = format!("this installation has no model {name}");
            ModelError::new(FailureCode::ModelUnavailable, detail)
        };
        let (provider, model) = name.split_once('/').ok_or_else(unknown)?;
        let provider = queries::by_name(&self.source.pool, provider)
            .await
            .map_err(|error| internal(&error))?
            .ok_or_else(unknown)?;
        self.model(&provider, model).await
    }

    /// A model of a provider.
    pub(super) async fn model(
        &self,
        provider: &ProviderView,
        model: &str,
    ) -> Result<Remote, ModelError> {
        let client = self
            .egress
            .client(&provider.base_url, provider.private_network)
            .ok_or_else(|| {
                ModelError::new(
                    FailureCode::ProviderUnreachable,
                    "nothing answers at the provider's address, or it may not be called",
                )
            })?;
        let kind = ProviderKind::of(&provider.kind).ok_or_else(|| {
            ModelError::new(
                FailureCode::ModelUnavailable,
                "a newer version has added its provider",
            )
        })?;
        Ok(Remote {
            client: client.clone(),
            kind,
            base_url: provider.base_url.clone(),
            api_key: self
                .opened
                .api_key(&self.source, provider.id, provider.version)
                .await
                .map_err(|error| internal(&error))?,
            model: model.to_owned(),
        })
    }
}

fn internal<E: Transient + std::fmt::Display>(error: &E) -> ModelError {
    if error.is_transient() {
        return ModelError::passing("the provider could not be read");
    }
    tracing::error!(%error, "could not read a provider");
    ModelError::new(FailureCode::Internal, "the provider could not be read")
}
