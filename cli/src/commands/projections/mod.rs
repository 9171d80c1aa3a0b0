//! `convosphere projections`

mod digest;
mod list;
mod list_parked;
mod rebuild;
mod retry;

use clap::Subcommand;
use convosphere_client::Client;
use convosphere_client::types::Projection;
use futures_util::TryStreamExt;

pub use self::digest::Digest;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub enum Projections {
    List(list::List),
    Rebuild(rebuild::Rebuild),
    Parked(list_parked::ListParked),
    Retry(retry::Retry),
    Digest(Digest),
}

impl Projections {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        match self {
            Self::List(command) => command.run(server, json).await,
            Self::Rebuild(command) => command.run(server).await,
            Self::Parked(command) => command.run(server, json).await,
            Self::Retry(command) => command.run(server).await,
            Self::Digest(_) => Err(Failure::local_only("projections digest")),
        }
    }
}

/// Fails if the server has no read model with a name.
async fn require_known(server: &Client, name: &str) -> Result<(), Failure> {
    let projections: Vec<Projection> = server.list_projections().items().try_collect().await?;
    let names: Vec<&str> = projections.iter().map(|one| one.name.as_str()).collect();
    match names.contains(&name) {
        true => Ok(()),
        false => Err(unknown(name, &names)),
    }
}

fn unknown(name: &str, known: &[&str]) -> Failure {
    Failure::NotFound(format!(
        "there is no projection {name}; available projections: {}",
        known.join(", ")
    ))
}
