//! Conversations as files that others read: written while they are read, however long they are.

mod archive;
mod html;
mod json;
mod markdown;
mod pdf;
#[cfg(test)]
mod tests;
mod unread;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Body, Result};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Binary;
use poem_openapi::{ApiResponse, Enum, OpenApi};
use projections::conversation::export;
use projections::conversation::{ConversationView, queries};
use projections::portable::PortableMessage;
use sqlx::PgPool;
use uuid::Uuid;

use crate::auth::Auth;
use crate::file::content::disposition;
use crate::head::Head;
use crate::limits::Export;
use crate::problem::Problem;
use crate::state::App;
use crate::tag::Tag;

/// Messages that are read at once.
const PAGE: usize = 200;
/// Bytes that an export sends at once.
const PIECE: usize = 64 * 1024;

/// What a conversation is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Everything, every version of every message, for programs; what models thought aloud as well.
    Json,
    /// The path that is shown, for people: what was said, and how an answer ended that is not whole. What models thought
    /// aloud is left out.
    Markdown,
    /// The same as a page that needs nothing else and runs nothing.
    Html,
    /// The same on pages of A4, with fonts of its own; at most two million bytes of text.
    Pdf,
}

/// A conversation as a file.
#[derive(ApiResponse)]
pub enum Exported {
    #[oai(status = 200)]
    File(
        Binary<Body>,
        /// The file's name (RFC 6266).
        #[oai(header = "Content-Disposition")]
        String,
        /// Scripts for which the server has no font, by their names in Unicode, separated by commas: their characters
        /// are boxes in the PDF file.
        #[oai(header = "ConvoSphere-Missing-Scripts")]
        Option<String>,
    ),
}

/// How one format writes a conversation.
trait Writer: Send + 'static {
    /// The ending of the file's name.
    const ENDING: &'static str;
    /// Whether all messages are written, or those of the path that is shown.
    const WHOLE: bool;

    fn begin(&mut self, conversation: &ConversationView) -> String;
    /// `first` tells whether none was written before.
    fn message(&mut self, message: &PortableMessage, first: bool) -> String;
    fn end(&mut self) -> String;
}

#[derive(Debug, Clone, Copy)]
pub struct ExportApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl ExportApi {
    /// Exports everything that belongs to the caller.
    ///
    /// One archive with all conversations, including those in the trash, files, assistants and knowledge bases. It is
    /// written while it is read; an archive that broke off has no end and is not valid. Its digest depends on the
    /// content and not on ids, and is the same after an import elsewhere.
    #[oai(
        path = "/exports/archive",
        method = "get",
        operation_id = "exportEverything"
    )]
    async fn export_everything(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        /// Whether the archive contains the bytes of files; true by default.
        files: Query<Option<bool>>,
    ) -> Result<Exported, Problem> {
        let export = app.limits.export(auth.0.id)?;
        app.read_position(auth.0.id, head.min_position).await?;
        archive::write(export, Arc::clone(app.0), &auth.0, files.0.unwrap_or(true)).await
    }

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
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
        /// The format of the file; `json` by default.
        format: Query<Option<ExportFormat>>,
    ) -> Result<Exported, Problem> {
        app.read_position(auth.0.id, head.min_position).await?;
        let conversation = queries::find(&app.pool, auth.0.id, id.0)
            .await?
            .ok_or_else(Problem::not_found)?;
        let export = app.limits.export(auth.0.id)?;
        let pool = &app.pool;
        match format.0.unwrap_or(ExportFormat::Json) {
            ExportFormat::Json => write(export, pool, conversation, json::Json::default()).await,
            ExportFormat::Markdown => write(export, pool, conversation, markdown::Markdown).await,
            ExportFormat::Html => write(export, pool, conversation, html::Page).await,
            ExportFormat::Pdf => set(export, pool, conversation).await,
        }
    }
}

/// A conversation on pages: they are set as a whole, in memory.
async fn set(
    export: Export,
    pool: &PgPool,
    conversation: ConversationView,
) -> Result<Exported, Problem> {
    let mut messages = Vec::new();
    let mut length = 0;
    if let Some(leaf) = conversation.leaf_id {
        let path = export::path(pool, conversation.id, leaf).await?;
        let mut pages = of_path(pool.clone(), path);
        while let Some(page) = pages.try_next().await? {
            length += page.iter().map(|one| one.content.len()).sum::<usize>();
            if length > pdf::LIMIT {
                return Err(Problem::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "too_long",
                    format!(
                        "a PDF file holds {} bytes of text at most; export it as HTML",
                        pdf::LIMIT
                    ),
                ));
            }
            messages.extend(page);
        }
    }
    let name = file_name(&conversation, "pdf");
    let (export, pages) = pdf::set(export, conversation, messages).await?;
    let missing = (!pages.missing.is_empty()).then(|| pages.missing.join(", "));
    let bytes = stream::iter([Ok(Bytes::from(pages.bytes))]);
    Ok(Exported::File(
        Binary(unread::body(export, bytes)),
        name,
        missing,
    ))
}

/// What a file of a conversation is called.
fn file_name(conversation: &ConversationView, ending: &str) -> String {
    let title = conversation.title.as_deref().unwrap_or("conversation");
    disposition(&format!("{}.{ending}", title.replace('/', "-")))
}

async fn write<W: Writer>(
    export: Export,
    pool: &PgPool,
    conversation: ConversationView,
    mut writer: W,
) -> Result<Exported, Problem> {
    let name = file_name(&conversation, W::ENDING);
    let begin = writer.begin(&conversation);
    let pages = match (W::WHOLE, conversation.leaf_id) {
        (true, _) => whole(pool.clone(), conversation.id),
        (false, Some(leaf)) => {
            let path = export::path(pool, conversation.id, leaf).await?;
            of_path(pool.clone(), path)
        }
        (false, None) => stream::empty().boxed(),
    };
    let text = stream::try_unfold(Some((writer, pages, true)), |state| async move {
        let Some((mut writer, mut pages, mut first)) = state else {
            return Ok(None);
        };
        let Some(page) = pages.try_next().await? else {
            return Ok(Some((writer.end(), None)));
        };
        let mut text = String::new();
        for message in &page {
            text.push_str(&writer.message(message, first));
            first = false;
        }
        Ok(Some((text, Some((writer, pages, first)))))
    });
    let text = stream::iter([Ok(begin)]).chain(text);
    let body = text.map_ok(Bytes::from).map_err(|error: sqlx::Error| {
        tracing::error!(%error, "an export broke off");
        std::io::Error::other("the export broke off")
    });
    Ok(Exported::File(
        Binary(unread::body(export, body)),
        name,
        None,
    ))
}

type Pages = BoxStream<'static, Result<Vec<PortableMessage>, sqlx::Error>>;

/// Every message in the order of the log: none comes before the one it stands below.
fn whole(pool: PgPool, conversation: Uuid) -> Pages {
    stream::try_unfold((pool, 0), move |(pool, after)| async move {
        let page = export::after(&pool, conversation, after, PAGE).await?;
        let last = page.last().map(|message| message.position);
        Ok(last.map(|last| (portable(page), (pool, last))))
    })
    .boxed()
}

fn of_path(pool: PgPool, path: Vec<Uuid>) -> Pages {
    stream::try_unfold((pool, path, 0), move |(pool, path, done)| async move {
        let until = path.len().min(done + PAGE);
        if done == until {
            return Ok(None);
        }
        let page = export::these(&pool, &path[done..until]).await?;
        Ok(Some((portable(page), (pool, path, until))))
    })
    .boxed()
}

fn portable(page: Vec<export::ExportedMessage>) -> Vec<PortableMessage> {
    page.into_iter().map(Into::into).collect()
}

/// The address of a link, where it leads to the web or by mail.
fn harmless(address: &str) -> Option<&str> {
    let scheme = address
        .split_once(':')
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https" | "mailto")).then_some(address)
}

/// Who said a message, for people.
fn speaker(message: &PortableMessage) -> String {
    match (message.role.as_str(), &message.model) {
        ("user", _) => "You".to_owned(),
        (_, Some(model)) => format!("Assistant ({model})"),
        (_, None) => "Assistant".to_owned(),
    }
}

/// How an answer ended, where it is not whole.
fn ending(message: &PortableMessage) -> Option<&'static str> {
    match (message.status.as_str(), message.finish_reason.as_deref()) {
        ("running", _) => Some("This answer was still being written."),
        ("failed", _) => Some("This answer failed."),
        ("cancelled", _) => Some("This answer was stopped."),
        ("interrupted", _) => Some("This answer was interrupted."),
        (_, Some("length")) => Some("This answer was cut off: it reached the length limit."),
        (_, Some("content_filter")) => Some("This answer was cut off by a content filter."),
        _ => None,
    }
}
