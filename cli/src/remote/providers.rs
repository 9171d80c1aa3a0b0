//! `convosphere providers --url`

use domain::provider::ProviderKind;
use reqwest::Method;
use serde_json::{Value, json};

use crate::api_client::{ApiClient, text_field};
use crate::arguments::Providers;
use crate::commands::providers::{read_api_key, show, show_default};
use crate::failure::Failure;
use crate::output;

const PATH: &str = "/api/v1/providers";
const SETTINGS: &str = "/api/v1/settings";

pub async fn run(server: &ApiClient, command: Providers, json: bool) -> Result<(), Failure> {
    match command {
        Providers::List => {
            for provider in server.list(PATH).await? {
                show(&provider, json);
            }
        }
        Providers::Add {
            name,
            kind,
            base_url,
            api_key_stdin,
            models,
        } => {
            let kind = ProviderKind::from(kind);
            let base_url = base_url.unwrap_or_else(|| kind.default_url().to_owned());
            let mut provider = json!({"name": name, "kind": kind.into_str(), "base_url": base_url});
            if let Some(key) = read_api_key(api_key_stdin)? {
                provider["api_key"] = json!(key);
            }
            if !models.is_empty() {
                provider["models"] = json!(models);
            }
            show(&server.post(PATH, Some(provider)).await?, json);
        }
        Providers::Update {
            name,
            base_url,
            api_key_stdin,
            models,
            no_models,
        } => {
            let mut changes = json!({});
            if let Some(base_url) = base_url {
                changes["base_url"] = json!(base_url);
            }
            if let Some(key) = read_api_key(api_key_stdin)? {
                changes["api_key"] = json!(key);
            }
            if no_models || !models.is_empty() {
                changes["models"] = json!(models);
            }
            let path = format!("{PATH}/{}", find(server, &name).await?);
            show(&server.patch(&path, changes).await?, json);
        }
        Providers::Test { name } => {
            let path = format!("{PATH}/{}/test", find(server, &name).await?);
            show(&server.post(&path, None).await?, json);
        }
        Providers::Remove { name } => {
            let path = format!("{PATH}/{}", find(server, &name).await?);
            server.call(Method::DELETE, &path, None).await?;
            output::print_message(&format!("removed the provider {name}"));
        }
        Providers::Default { model, automatic } => {
            let settings = match model.is_some() || automatic {
                true => {
                    let change = json!({ "default_model": model });
                    server.patch(SETTINGS, change).await?
                }
                false => server.get(SETTINGS).await?,
            };
            show_default(&settings, json);
        }
    }
    Ok(())
}

/// The id of the provider with a name.
async fn find(server: &ApiClient, name: &str) -> Result<String, Failure> {
    let providers: Vec<Value> = server.list(PATH).await?;
    let found = providers
        .iter()
        .find(|provider| text_field(provider, "name") == name)
        .map(|provider| text_field(provider, "id").to_owned());
    found.ok_or_else(|| Failure::NotFound(format!("there is no provider {name}")))
}
