//! `convosphere providers update`

use clap::Args;
use convosphere_client::types::UpdateProvider;
use convosphere_client::{Client, Field};

use super::{find, read_api_key, show_checked};
use crate::failure::Failure;

/// Changes the URL, the API key or the additional models of a provider and lists its models again.
#[derive(Debug, Args)]
pub struct Update {
    name: String,
    /// The new base URL; requires the API key again.
    #[arg(long)]
    base_url: Option<String>,
    /// Reads the API key from standard input.
    #[arg(long)]
    api_key_stdin: bool,
    /// A model to offer even if the provider does not list it; may be repeated. Replaces the previous ones.
    #[arg(long = "model", value_name = "NAME")]
    models: Vec<String>,
    /// Removes all additional models.
    #[arg(long, conflicts_with = "models")]
    no_models: bool,
}

impl Update {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        let models = (self.no_models || !self.models.is_empty()).then_some(self.models);
        if self.base_url.is_none() && !self.api_key_stdin && models.is_none() {
            return Err(Failure::Usage(
                "nothing to change: use --base-url, --api-key-stdin, --model or --no-models"
                    .to_owned(),
            ));
        }
        let id = find(server, &self.name).await?.id;
        let api_key = read_api_key(self.api_key_stdin)?;
        let changes = UpdateProvider {
            base_url: self.base_url,
            api_key: api_key.map_or(Field::Omitted, Field::Value),
            models,
            ..UpdateProvider::default()
        };
        let changed = server.update_provider(id, &changes).await?;
        show_checked(server, changed, json).await
    }
}
