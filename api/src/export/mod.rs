//! Conversations as files that others read: written while they are read, however long they are.

mod html;
mod json;
mod markdown;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use poem::web::Data;
use poem::{Body, Result};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Binary;
use poem_openapi::{ApiResponse, Enum, OpenApi};
use projections::conversation::export::{self, ExportedMessage, Wanted};
use projections::conversation::{ConversationView, queries};
use sqlx::PgPool;
use uuid::Uuid;

use crate::auth::Auth;
use crate::file::content::disposition;
use crate::head::Head;
use crate::problem::Problem;
use crate::state::App;
use crate::tag::Tag;

/// Messages that are read at once.
const PAGE: usize = 200;

/// What a conversation is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Everything, every version of every message, for programs.
    Json,
    /// The path that is shown, for people.
    Markdown,
    /// The same as a page that needs nothing else and runs nothing.
    Html,
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
    ),
}

/// How one format writes a conversation.
trait Writer: Send + 'static {
    /// The ending of the file's name.
    const ENDING: &'static str;
    /// Whether all messages are written, or those of the path that is shown.
    const WHOLE: bool;

    fn begin(&self, conversation: &ConversationView) -> String;
    /// `first` tells whether none was written before.
    fn message(&self, message: &ExportedMessage, first: bool) -> String;
    fn end(&self) -> String;
}

#[derive(Debug, Clone, Copy)]
pub struct ExportApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl ExportApi {
    /// Writes a conversation of one's own into a file.
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
        /// json when left out.
        format: Query<Option<ExportFormat>>,
    ) -> Result<Exported, Problem> {
        app.read_position(auth.0.id, head.min_position).await?;
        let conversation = queries::find(&app.pool, auth.0.id, id.0)
            .await?
            .ok_or_else(Problem::not_found)?;
        match format.0.unwrap_or(ExportFormat::Json) {
            ExportFormat::Json => write(&app.pool, conversation, json::Json).await,
            ExportFormat::Markdown => write(&app.pool, conversation, markdown::Markdown).await,
            ExportFormat::Html => write(&app.pool, conversation, html::Page).await,
        }
    }
}

async fn write<W: Writer + Sync>(
    pool: &PgPool,
    conversation: ConversationView,
    writer: W,
) -> Result<Exported, Problem> {
    let title = conversation.title.as_deref().unwrap_or("conversation");
    let name = disposition(&format!("{}.{}", title.replace('/', "-"), W::ENDING));
    let begin = writer.begin(&conversation);
    let pages = match (W::WHOLE, conversation.leaf_id) {
        (true, _) => whole(pool.clone(), conversation.id),
        (false, Some(leaf)) => {
            let path = export::path(pool, conversation.id, leaf).await?;
            of_path(pool.clone(), conversation.id, path)
        }
        (false, None) => stream::empty().boxed(),
    };
    let end = writer.end();
    let mut first = true;
    let messages = pages.map_ok(move |page| {
        let mut text = String::new();
        for message in &page {
            text.push_str(&writer.message(message, first));
            first = false;
        }
        text
    });
    let text = stream::iter([Ok(begin)])
        .chain(messages)
        .chain(stream::iter([Ok(end)]));
    let body = text.map_ok(Bytes::from).map_err(|error: sqlx::Error| {
        tracing::error!(%error, "an export broke off");
        std::io::Error::other("the export broke off")
    });
    Ok(Exported::File(Binary(Body::from_bytes_stream(body)), name))
}

type Pages = BoxStream<'static, Result<Vec<ExportedMessage>, sqlx::Error>>;

/// Every message in the order of the log: none comes before the one it stands below.
fn whole(pool: PgPool, conversation: Uuid) -> Pages {
    stream::try_unfold((pool, 0), move |(pool, after)| async move {
        let wanted = Wanted::After(after, i64::try_from(PAGE).unwrap_or(i64::MAX));
        let page = export::messages(&pool, conversation, wanted).await?;
        let last = page.last().map(|message| message.position);
        Ok(last.map(|last| (page, (pool, last))))
    })
    .boxed()
}

fn of_path(pool: PgPool, conversation: Uuid, path: Vec<Uuid>) -> Pages {
    stream::try_unfold((pool, path, 0), move |(pool, path, done)| async move {
        let until = path.len().min(done + PAGE);
        if done == until {
            return Ok(None);
        }
        let wanted = Wanted::These(&path[done..until]);
        let page = export::messages(&pool, conversation, wanted).await?;
        Ok(Some((page, (pool, path, until))))
    })
    .boxed()
}

/// Who said a message, for people.
fn speaker(message: &ExportedMessage) -> String {
    match (message.role.as_str(), &message.model) {
        ("user", _) => "You".to_owned(),
        (_, Some(model)) => format!("Assistant ({model})"),
        (role, None) => role.to_owned(),
    }
}
