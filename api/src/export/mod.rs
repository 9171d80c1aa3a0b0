//! Export of conversations as files, streamed while they are written.

mod archive;
mod body;
mod conversation;
mod everything;
mod html;
mod json;
mod markdown;
mod pdf;
#[cfg(test)]
mod tests;

/// Messages per query.
const PAGE: usize = 200;
/// Largest chunk that an export sends, in bytes.
const CHUNK: usize = 64 * 1024;

/// The format of an exported conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub(crate) enum ExportFormat {
    /// All messages with all their versions, including the reasoning of models; can be imported.
    Json,
    /// The current path as Markdown, without the reasoning of models; says how incomplete answers ended.
    Markdown,
    /// The same as a self-contained HTML page without scripts.
    Html,
    /// The same as PDF in A4 with embedded fonts; at most two million bytes of text.
    Pdf,
}

/// An exported file.
#[derive(ApiResponse)]
pub enum ExportFile {
    #[oai(status = 200)]
    File(
        Binary<Body>,
        /// The file's name (RFC 6266).
        #[oai(header = "Content-Disposition")]
        String,
        /// Unicode names of the scripts for which the server has no font, separated by commas; their characters appear
        /// as boxes in the PDF file.
        #[oai(header = "ConvoSphere-Missing-Scripts")]
        Option<String>,
    ),
}

/// Writes a conversation in one format.
trait Writer: Send + 'static {
    /// The file name extension.
    const EXTENSION: &'static str;
    /// Whether the format contains all messages, or only the current path.
    const ALL_MESSAGES: bool;

    fn begin(&mut self, conversation: &ConversationView) -> String;
    /// `first` is true for the first message of the file.
    fn message(&mut self, message: &PortableMessage, first: bool) -> String;
    fn end(&mut self) -> String;
}

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use poem::{Body, Result};
use poem_openapi::payload::Binary;
use poem_openapi::{ApiResponse, Enum, OpenApi};
use projections::conversation::ConversationView;
use projections::conversation::export;
use projections::portable::PortableMessage;
use sqlx::PgPool;
use uuid::Uuid;

use crate::file::content::content_disposition;
use crate::http::Problem;
use crate::limits::ExportPermit;

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (everything::Operation, conversation::Operation)
}

/// The `Content-Disposition` of an exported conversation.
fn file_name(conversation: &ConversationView, ending: &str) -> String {
    let title = conversation.title.as_deref().unwrap_or("conversation");
    content_disposition(&format!("{}.{ending}", title.replace('/', "-")))
}

async fn write<W: Writer>(
    export: ExportPermit,
    pool: &PgPool,
    conversation: ConversationView,
    mut writer: W,
) -> Result<ExportFile, Problem> {
    let name = file_name(&conversation, W::EXTENSION);
    let head = writer.begin(&conversation);
    let pages = match (W::ALL_MESSAGES, conversation.leaf_id) {
        (true, _) => all_messages(pool.clone(), conversation.id),
        (false, Some(leaf)) => {
            let path = export::path(pool, conversation.id, leaf).await?;
            path_messages(pool.clone(), path)
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
    let text = stream::iter([Ok(head)]).chain(text);
    let body = text.map_ok(Bytes::from).map_err(|error: sqlx::Error| {
        tracing::error!(%error, "an export failed");
        std::io::Error::other("the export is incomplete")
    });
    Ok(ExportFile::File(
        Binary(body::from_stream(export, body)),
        name,
        None,
    ))
}

type Pages = BoxStream<'static, Result<Vec<PortableMessage>, sqlx::Error>>;

/// All messages in the order of the log: every message comes after its parent.
fn all_messages(pool: PgPool, conversation: Uuid) -> Pages {
    stream::try_unfold((pool, 0), move |(pool, after)| async move {
        let page = export::messages_after(&pool, conversation, after, PAGE).await?;
        let last = page.last().map(|message| message.position);
        Ok(last.map(|last| (to_portable(page), (pool, last))))
    })
    .boxed()
}

fn path_messages(pool: PgPool, path: Vec<Uuid>) -> Pages {
    stream::try_unfold((pool, path, 0), move |(pool, path, done)| async move {
        let until = path.len().min(done + PAGE);
        if done == until {
            return Ok(None);
        }
        let page = export::messages(&pool, &path[done..until]).await?;
        Ok(Some((to_portable(page), (pool, path, until))))
    })
    .boxed()
}

fn to_portable(page: Vec<export::ExportedMessage>) -> Vec<PortableMessage> {
    page.into_iter().map(Into::into).collect()
}

/// Returns the address of a link if it is a web or mail address.
fn safe_address(address: &str) -> Option<&str> {
    let scheme = address
        .split_once(':')
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https" | "mailto")).then_some(address)
}

/// The author of a message, as shown to people.
fn speaker(message: &PortableMessage) -> String {
    match (message.role.as_str(), &message.model) {
        ("user", _) => "You".to_owned(),
        (_, Some(model)) => format!("Assistant ({model})"),
        (_, None) => "Assistant".to_owned(),
    }
}

/// A note on how an incomplete answer ended.
fn incomplete_note(message: &PortableMessage) -> Option<&'static str> {
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
