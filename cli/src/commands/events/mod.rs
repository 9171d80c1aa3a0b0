//! `convosphere events`

mod export;
mod follow;
mod verify;

use clap::Subcommand;
use convosphere_client::Client;

pub use self::export::Export;
pub use self::verify::Verify;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub enum Events {
    Verify(Verify),
    Export(Export),
    Follow(follow::Follow),
}

impl Events {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        match self {
            Self::Verify(command) => command.run_remotely(server, json).await,
            Self::Export(_) => Err(Failure::local_only("events export")),
            Self::Follow(command) => command.run(server, json).await,
        }
    }
}
