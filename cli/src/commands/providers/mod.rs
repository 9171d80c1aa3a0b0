//! `convosphere providers`

mod add;
mod default;
mod list;
mod remove;
mod test;
mod update;

use std::io::Read;
use std::time::{Duration, Instant};

use clap::Subcommand;
use convosphere_client::Client;
use convosphere_client::types::{Provider, ProviderHealth};
use futures_util::TryStreamExt;
use serde_json::json;

use crate::failure::Failure;
use crate::output;

/// A provider has ten seconds to answer; the result then has to arrive.
const CHECK_LIMIT: Duration = Duration::from_secs(15);
const POLL_INTERVAL: Duration = Duration::from_millis(250);

#[derive(Debug, Subcommand)]
pub enum Providers {
    List(list::List),
    Add(add::Add),
    Update(update::Update),
    Test(test::Test),
    Remove(remove::Remove),
    Default(default::Default),
}

impl Providers {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        match self {
            Self::List(command) => command.run(server, json).await,
            Self::Add(command) => command.run(server, json).await,
            Self::Update(command) => command.run(server, json).await,
            Self::Test(command) => command.run(server, json).await,
            Self::Remove(command) => command.run(server).await,
            Self::Default(command) => command.run(server, json).await,
        }
    }
}

/// Finds a provider by its name.
async fn find(server: &Client, name: &str) -> Result<Provider, Failure> {
    let mut providers = server.list_providers().items();
    while let Some(provider) = providers.try_next().await? {
        if provider.name == name {
            return Ok(provider);
        }
    }
    Err(Failure::NotFound(format!("there is no provider {name}")))
}

/// Waits until a provider has been checked, and prints it.
async fn show_checked(server: &Client, mut provider: Provider, json: bool) -> Result<(), Failure> {
    let started = Instant::now();
    while provider.health == ProviderHealth::Unknown && started.elapsed() < CHECK_LIMIT {
        tokio::time::sleep(POLL_INTERVAL).await;
        provider = server.get_provider(provider.id).await?;
    }
    show(&provider, json);
    Ok(())
}

fn show(provider: &Provider, json: bool) {
    if json {
        return output::print_data(&json!(provider).to_string());
    }
    output::print_data(&output::sanitize(&format!(
        "{:<16} {:<12} {}  {}",
        provider.name,
        provider.health,
        provider.base_url,
        provider.fault.as_deref().unwrap_or_default()
    )));
}

/// Reads the API key from standard input, if the flag is set.
fn read_api_key(from_stdin: bool) -> Result<Option<String>, Failure> {
    if !from_stdin {
        return Ok(None);
    }
    let mut key = String::new();
    std::io::stdin().read_to_string(&mut key)?;
    Ok(Some(key.trim().to_owned()).filter(|key| !key.is_empty()))
}
