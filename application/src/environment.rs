//! Providers that the environment configures, such as the one of `OPENAI_API_KEY`.

use domain::egress;
use domain::provider::{AddProvider, ConfigureProvider, Endpoint, ProviderKind};
use eventstore::command::{Context, step};
use eventstore::{Execution, ExecutorError};
use projections::provider::queries;

use crate::core::Core;
use crate::error::BuildError;

#[derive(Debug, Clone)]
pub struct EnvironmentProvider {
    /// The prefix of its model names.
    pub name: &'static str,
    pub kind: ProviderKind,
    pub base_url: String,
    pub api_key: Option<String>,
}

impl EnvironmentProvider {
    /// Adds or updates the provider, which also checks it.
    pub(crate) async fn apply(&self, core: &Core) -> Result<(), BuildError> {
        let existing = queries::find_by_name(&core.pool, self.name).await?;
        let base_url = egress::parse_base_url(&self.base_url)
            .map_err(|error| BuildError::Invalid(format!("the base URL {error}")))?;
        // Private addresses are allowed, because only the operator can set the environment.
        let endpoint = Endpoint {
            private_network: true,
            base_url,
        };
        let api_key = self.api_key.clone();
        let context = Context::system("environment");
        let execution = match existing {
            Some(existing) => {
                let command = ConfigureProvider {
                    provider_id: existing.id,
                    endpoint: Some(endpoint),
                    api_key: Some(api_key),
                    models: None,
                    disabled_models: None,
                };
                Execution::new(context, vec![step(existing.id, None, command)])
            }
            None => {
                let provider_id = core.clock.new_id();
                let command = AddProvider {
                    provider_id,
                    name: self.name.to_owned(),
                    kind: self.kind,
                    endpoint,
                    api_key,
                    models: vec![],
                };
                let name = self.name.to_owned();
                Execution {
                    reserve: vec![("provider", name, provider_id.to_string())],
                    ..Execution::new(context, vec![step(provider_id, None, command)])
                }
            }
        };
        match core.executor.execute(execution).await {
            // Another process of this installation added it first.
            Ok(_) | Err(ExecutorError::Reserved(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
