//! `GET /conversations/:id/export`

use bytes::Bytes;
use futures_util::TryStreamExt;
use futures_util::stream;
use poem::Result;
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Binary;
use projections::conversation::export;
use projections::conversation::{ConversationView, queries};
use sqlx::PgPool;
use uuid::Uuid;

use super::{ExportFile, ExportFormat, body, html, json, markdown, pdf};
use super::{file_name, path_messages, write};
use crate::conversation::Tag;
use crate::http::{Ctx, Problem};
use crate::limits::ExportPermit;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Exports a conversation as a file.
    ///
    /// The reasoning of models is part of the JSON format only. The other formats say how an incomplete answer ended.
    #[oai(
        path = "/conversations/:id/export",
        method = "get",
        operation_id = "exportConversation"
    )]
    async fn export_conversation(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// The format of the file; `json` by default.
        format: Query<Option<ExportFormat>>,
    ) -> Result<ExportFile, Problem> {
        ctx.read_position().await?;
        let conversation = queries::find(&ctx.pool, ctx.caller.id, id.0)
            .await?
            .ok_or_else(Problem::not_found)?;
        let export = ctx.limits.export(ctx.caller.id)?;
        let pool = &ctx.pool;
        match format.0.unwrap_or(ExportFormat::Json) {
            ExportFormat::Json => write(export, pool, conversation, json::Json::default()).await,
            ExportFormat::Markdown => write(export, pool, conversation, markdown::Markdown).await,
            ExportFormat::Html => write(export, pool, conversation, html::Page).await,
            ExportFormat::Pdf => write_pdf(export, pool, conversation).await,
        }
    }
}

/// Exports a conversation as PDF, which is built in memory.
async fn write_pdf(
    export: ExportPermit,
    pool: &PgPool,
    conversation: ConversationView,
) -> Result<ExportFile, Problem> {
    let mut messages = Vec::new();
    let mut length = 0;
    if let Some(leaf) = conversation.leaf_id {
        let path = export::path(pool, conversation.id, leaf).await?;
        let mut pages = path_messages(pool.clone(), path);
        while let Some(page) = pages.try_next().await? {
            length += page.iter().map(|one| one.content.len()).sum::<usize>();
            if length > pdf::LIMIT {
                return Err(Problem::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "too_long",
                    format!(
                        "a PDF file can have at most {} bytes of text; export the conversation as HTML",
                        pdf::LIMIT
                    ),
                ));
            }
            messages.extend(page);
        }
    }
    let name = file_name(&conversation, "pdf");
    let (export, pages) = pdf::render(export, conversation, messages).await?;
    let missing = (!pages.missing.is_empty()).then(|| pages.missing.join(", "));
    let bytes = stream::iter([Ok(Bytes::from(pages.bytes))]);
    Ok(ExportFile::File(
        Binary(body::from_stream(export, bytes)),
        name,
        missing,
    ))
}
