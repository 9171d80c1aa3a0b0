//! `convosphere database verify`

use std::path::PathBuf;

use clap::Args;
use eventstore::backup::RestorePlan;
use serde_json::json;

use super::backup::to_json;
use super::{backup_failure, show};
use crate::config::Settings;
use crate::failure::Failure;
use crate::master_key;

/// Verifies that a backup is complete, that its hash chain is intact and that its keys can be decrypted.
#[derive(Debug, Args)]
pub struct Verify {
    pub file: PathBuf,
    /// The key ring of the backup; by default the newest one in the same folder.
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
}

impl Verify {
    pub async fn run(self, settings: &Settings, json: bool) -> Result<(), Failure> {
        let master = master_key::read_existing(settings)?;
        let plan = RestorePlan::verify(&self.file, self.keys.as_deref(), &master, |_| ()).await;
        let plan = plan.map_err(backup_failure)?;
        let mut fields = to_json(plan.head(), &self.file);
        fields["keys"] = json!(plan.ring());
        fields["files"] = json!(plan.contents.files);
        show(&fields, json);
        Ok(())
    }
}
