//! `POST /backups`

use poem::Result;
use poem_openapi::OpenApi;
use projections::job::JobKind;

use super::Tag;
use crate::http::{Ctx, Problem, StartedJob};
use crate::job::{self, JobResource};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Backups")]
impl Operation {
    /// Starts a backup.
    ///
    /// A job writes the backup while the installation runs, reads it to the end to check it, and deletes backups that
    /// are too old to keep. Requires the admin role.
    #[oai(path = "/backups", method = "post", operation_id = "createBackup")]
    async fn create_backup(&self, ctx: Ctx) -> Result<StartedJob<JobResource>, Problem> {
        ctx.caller.require_admin()?;
        job::request(&ctx, JobKind::Backup).await
    }
}
