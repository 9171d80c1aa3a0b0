//! `convosphere projections digest`

use clap::Args;
use projections::{projectors, rebuild};

use super::unknown;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;

/// Prints the digest of a read model, which equals the digest of a rebuilt one.
#[derive(Debug, Args)]
pub struct Digest {
    name: String,
}

impl Digest {
    pub async fn run(self, i: &Installation) -> Result<(), Failure> {
        let projectors = projectors();
        let projector = projectors.iter().find(|one| one.name() == self.name);
        let projector = projector.ok_or_else(|| {
            let names: Vec<&str> = projectors.iter().map(|one| one.name()).collect();
            unknown(&self.name, &names)
        })?;
        let digest = rebuild::digest(&i.pool, projector.as_ref()).await?;
        output::print_data(&hex::encode(digest));
        Ok(())
    }
}
