//! `convosphere providers default`

use clap::Args;
use convosphere_client::types::{DefaultModelSource, Settings, UpdateSettings};
use convosphere_client::{Client, Error};
use serde_json::json;

use crate::failure::Failure;
use crate::output;

/// Shows or sets the default model.
#[derive(Debug, Args)]
pub struct Default {
    /// The model as PROVIDER/MODEL, such as ollama/llama3.2.
    #[arg(conflicts_with = "automatic")]
    model: Option<String>,
    /// Uses the first provider that works.
    #[arg(long)]
    automatic: bool,
}

impl Default {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        let settings = match self.model.is_some() || self.automatic {
            true => {
                let choice = UpdateSettings {
                    default_model: self.model.clone().into(),
                };
                match server.update_settings(&choice).await {
                    Err(error) if is_unknown_model(&error) => {
                        return Err(unknown(&self.model.unwrap_or_default()));
                    }
                    settings => settings?,
                }
            }
            false => server.get_settings().await?,
        };
        show(&settings, json);
        Ok(())
    }
}

fn is_unknown_model(error: &Error) -> bool {
    let field = error
        .problem()
        .and_then(|problem| problem.field("/default_model"));
    field.is_some_and(|field| field.code == "unknown_model")
}

fn unknown(model: &str) -> Failure {
    Failure::NotFound(format!(
        "no provider has the model {model}; `convosphere providers list` shows the providers"
    ))
}

fn show(settings: &Settings, json: bool) {
    if json {
        return output::print_data(&json!(settings).to_string());
    }
    output::print_data(&output::sanitize(&format!(
        "{}  ({})",
        settings.default_model,
        match settings.default_model_source {
            DefaultModelSource::Configuration => "set by models.default in the configuration",
            DefaultModelSource::Administrator => "chosen by an administrator",
            DefaultModelSource::Automatic => "from the first provider that works",
            _ => "no provider has a model",
        }
    )));
}
