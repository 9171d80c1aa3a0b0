//! Finds models by name.

use domain::model::{Abilities, GUIDE};
use domain::response::FailureCode;
use eventstore::{Clock, Transient};
use projections::EventSource;
use projections::provider::{ProviderView, queries};

use super::credentials::CredentialCache;
use crate::egress::{Egress, NameFault};
use crate::model::guide::Guide;
use crate::model::{CallPolicy, ChatModel, ModelError, RemoteModel, RestrictionCache, Timeouts};

/// The models of this installation.
#[derive(Debug, Clone)]
pub struct Catalogue {
    pub source: EventSource,
    pub egress: Egress,
    credentials: CredentialCache,
    timeouts: Timeouts,
    restrictions: RestrictionCache,
    clock: Clock,
}

impl Catalogue {
    pub fn new(source: EventSource, egress: Egress, clock: Clock) -> Self {
        Self {
            source,
            egress,
            clock,
            credentials: CredentialCache::default(),
            timeouts: Timeouts::default(),
            restrictions: RestrictionCache::default(),
        }
    }

    /// Sets how long providers may take.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Finds a model that may answer, ready to be called.
    pub async fn find(&self, name: &str) -> Result<Box<dyn ChatModel>, ModelError> {
        if name == GUIDE {
            return Ok(Box::new(Guide::new()));
        }
        let (provider, model) = self.find_with_provider(name).await?;
        if provider.disabled_models.contains(&model.model) {
            let detail = format!("an administrator has disabled {name}; choose another model");
            return Err(ModelError::new(FailureCode::ModelUnavailable, detail));
        }
        Ok(Box::new(model))
    }

    /// Finds the model of a provider. Operators choose those that do not answer, so it may be disabled.
    pub(super) async fn find_remote(&self, name: &str) -> Result<RemoteModel, ModelError> {
        let (_, model) = self.find_with_provider(name).await?;
        Ok(model)
    }

    async fn find_with_provider(
        &self,
        name: &str,
    ) -> Result<(ProviderView, RemoteModel), ModelError> {
        let not_found = || {
            let detail = format!("this installation has no model {name}");
            ModelError::new(FailureCode::ModelUnavailable, detail)
        };
        let (provider, model) = name.split_once('/').ok_or_else(not_found)?;
        // Both lookups delay the answer, so they run concurrently.
        let pool = &self.source.pool;
        let (provider, listed) = tokio::try_join!(
            queries::find_by_name(pool, provider),
            queries::model(pool, provider, model)
        )
        .map_err(|error| lookup_error(&error))?;
        let provider = provider.ok_or_else(not_found)?;
        let mut model = self.build_model(&provider, model).await?;
        let abilities = match &listed {
            Some(listed) => listed.abilities(),
            None => Abilities::from_name(&model.model),
        };
        model.policy.vision = abilities.vision;
        model.policy.max_output = listed.and_then(|listed| listed.max_output_tokens());
        Ok((provider, model))
    }

    /// A model of a provider.
    pub(super) async fn build_model(
        &self,
        provider: &ProviderView,
        model: &str,
    ) -> Result<RemoteModel, ModelError> {
        let client = self
            .egress
            .client(&provider.base_url, provider.private_network)
            .ok_or_else(|| {
                let detail = NameFault::Private.to_string();
                ModelError::new(FailureCode::ProviderUnreachable, detail)
            })?;
        Ok(RemoteModel {
            client: client.clone(),
            kind: provider.kind.0,
            base_url: provider.base_url.clone(),
            api_key: self
                .credentials
                .api_key(&self.source, provider.id, provider.version)
                .await
                .map_err(|error| lookup_error(&error))?,
            model: model.to_owned(),
            policy: CallPolicy {
                timeouts: self.timeouts,
                is_private: self
                    .egress
                    .is_private(&provider.base_url, provider.private_network)
                    .await,
                max_output: None,
                vision: None,
                restrictions: self.restrictions.clone(),
                clock: self.clock.clone(),
            },
        })
    }
}

fn lookup_error<E: Transient + std::fmt::Display>(error: &E) -> ModelError {
    if error.is_transient() {
        return ModelError::transient("cannot read the provider");
    }
    tracing::error!(%error, "cannot read a provider");
    ModelError::new(FailureCode::Internal, "cannot read the provider")
}
