//! `GET /exports/archive`

use std::sync::Arc;

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::{ExportFile, archive};
use crate::conversation::Tag;
use crate::http::{Ctx, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Exports everything that belongs to the caller.
    ///
    /// One archive with all conversations, including those in the trash, files, assistants and knowledge bases. The
    /// archive is streamed; if the download is interrupted, it is incomplete and not valid. Its digest depends on the
    /// content and not on ids, so it is the same after an import elsewhere.
    #[oai(
        path = "/exports/archive",
        method = "get",
        operation_id = "exportEverything"
    )]
    async fn export_everything(
        &self,
        ctx: Ctx,
        /// Whether the archive contains the bytes of files; true by default.
        files: Query<Option<bool>>,
    ) -> Result<ExportFile, Problem> {
        let export = ctx.limits.export(ctx.caller.id)?;
        ctx.read_position().await?;
        archive::write(
            export,
            Arc::clone(&ctx.app),
            &ctx.caller,
            files.0.unwrap_or(true),
        )
        .await
    }
}
