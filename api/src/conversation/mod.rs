//! Conversations: creating, listing, changing, trashing, reading and posting to them.

pub(crate) mod choice;
mod request;

use std::sync::Arc;

use domain::Event;
use domain::conversation::ConversationEvent;
use domain::conversation::{Conversation, ConversationCommand, Parent};
use eventstore::executor::{Committed, Step, step, step_on_new};
use eventstore::reply_slots::Lane;
use poem::Result;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::types::MaybeUndefined;
use projections::conversation::queries::{self, ConversationFilter};
use projections::conversation::{ConversationView, MessageView};
use uuid::Uuid;

pub(crate) use self::choice::{Choice, choose};
pub(crate) use self::request::ConversationResource;
use self::request::{CreateConversation, MoveReadMarker, UpdateConversation};
use crate::auth::{Auth, Caller};
use crate::body::Body;
use crate::cursor::{self, Query as CursorQuery};
use crate::file::require_own_files;
use crate::message::{Exchange, MessageResource, NewRun, PostMessage, execute_exchange};
use crate::model;
use crate::problem::Problem;
use crate::reply::{Created, List, NoContent, Single, Unversioned};
use crate::request_meta::RequestMeta;
use crate::state::App;
use crate::tag::Tag;

#[derive(Debug, Clone, Copy)]
pub struct ConversationApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl ConversationApi {
    /// Lists the caller's conversations.
    ///
    /// The conversation that changed last comes first. Archived and trashed conversations are listed only on request.
    #[oai(
        path = "/conversations",
        method = "get",
        operation_id = "listConversations"
    )]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a parameter of the contract"
    )]
    async fn list_conversations(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        /// Only conversations whose title contains this text.
        q: Query<Option<String>>,
        /// True lists archived conversations instead.
        archived: Query<Option<bool>>,
        /// True lists the conversations in the trash instead.
        trashed: Query<Option<bool>>,
        /// Only conversations that are pinned (true) or not (false).
        pinned: Query<Option<bool>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<ConversationResource>>, Problem> {
        let filter = ConversationFilter {
            archived: archived.0.unwrap_or(false),
            trashed: trashed.0.unwrap_or(false),
            pinned: pinned.0,
            title: q.0.filter(|text| !text.is_empty()),
        };
        if filter
            .title
            .as_ref()
            .is_some_and(|text| text.contains('\0') || text.len() > 1_000)
        {
            return Err(Problem::invalid(
                "q",
                "invalid_text",
                "q must have at most 1000 bytes and no U+0000",
            ));
        }
        let limit = cursor::limit(limit.0)?;
        let text = format!("conversations {filter:?}");
        let query = CursorQuery {
            reader: auth.0.id,
            text: &text,
        };
        let after = app.parse_cursor(query, cursor.0.as_deref())?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let page = queries::list(&app.pool, auth.0.id, &filter, after, limit).await?;
        let list = List {
            next_cursor: page.next.and_then(|key| app.cursor(query, &key)),
            items: page.items.into_iter().map(Into::into).collect(),
        };
        Ok(Unversioned::new(list, position))
    }

    /// Creates a conversation.
    ///
    /// Uses the default assistant unless another one is given. Guests cannot create conversations.
    #[oai(
        path = "/conversations",
        method = "post",
        operation_id = "createConversation"
    )]
    async fn create_conversation(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        body: Body<CreateConversation>,
    ) -> Result<Created<ConversationResource>, Problem> {
        let caller = auth.0;
        caller.require_creator()?;
        let assistant = choice::find_assistant(&app, &caller, body.value.assistant_id).await?;
        if let Some(model) = &body.value.model {
            model::require_known(&app, "/model", model).await?;
        }
        let id = Uuid::now_v7();
        let command = ConversationCommand::StartConversation {
            conversation_id: id,
            owner_id: caller.id,
            title: body.value.title,
            assistant_id: assistant.id,
            model: body.value.model,
        };
        let steps = vec![step_on_new::<Conversation>(id, command)];
        let execution = meta.execution(&caller, &body.bytes, steps);
        let committed = app.execute(caller.id, execution).await?;
        let resource =
            ConversationResource::from_started(&committed).ok_or_else(Problem::not_found)?;
        let location = format!("/api/v1/conversations/{}", resource.id);
        Ok(Created::new(resource, location, 1, committed.position))
    }

    /// Reads a conversation.
    ///
    /// Only the owner can read a conversation.
    #[oai(
        path = "/conversations/:id",
        method = "get",
        operation_id = "getConversation"
    )]
    async fn get_conversation(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Single<ConversationResource>, Problem> {
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let view = find(&app, &auth.0, id.0).await?;
        let version = view.version;
        Ok(Single::new(view.into(), version, position))
    }

    /// Changes a conversation.
    ///
    /// Changes the given fields and leaves the others.
    #[oai(
        path = "/conversations/:id",
        method = "patch",
        operation_id = "updateConversation"
    )]
    async fn update_conversation(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        body: Body<UpdateConversation>,
    ) -> Result<Single<ConversationResource>, Problem> {
        let caller = auth.0;
        if let Some(assistant_id) = body.value.assistant_id {
            choice::find_assistant(&app, &caller, Some(assistant_id)).await?;
        }
        if let MaybeUndefined::Value(model) = &body.value.model {
            model::require_known(&app, "/model", model).await?;
        }
        let command = ConversationCommand::UpdateConversation {
            conversation_id: id.0,
            actor: caller.id,
            title: body.value.title,
            archived: body.value.archived,
            pinned: body.value.pinned,
            assistant_id: body.value.assistant_id,
            model: match body.value.model {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(model) => Some(Some(model)),
            },
        };
        change(&app, &caller, &meta, id.0, (command, &body.bytes)).await
    }

    /// Moves a conversation to the trash.
    ///
    /// The conversation can be restored from there.
    #[oai(
        path = "/conversations/:id",
        method = "delete",
        operation_id = "trashConversation"
    )]
    async fn trash_conversation(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<NoContent, Problem> {
        let command = ConversationCommand::TrashConversation { actor: auth.0.id };
        let steps = vec![step::<Conversation>(id.0, meta.expected(), command)];
        let execution = meta.execution(&auth.0, b"", steps);
        let committed = app.execute(auth.0.id, execution).await?;
        Ok(NoContent::at(committed.position))
    }

    /// Restores a conversation from the trash.
    ///
    /// The conversation is listed again.
    #[oai(
        path = "/conversations/:id/restore",
        method = "post",
        operation_id = "restoreConversation"
    )]
    async fn restore_conversation(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Single<ConversationResource>, Problem> {
        let command = ConversationCommand::RestoreConversation { actor: auth.0.id };
        change(&app, &auth.0, &meta, id.0, (command, b"")).await
    }

    /// Moves the read marker.
    ///
    /// Stores up to which message the caller has read, in the order in which the messages were posted. A marker never
    /// moves back: an earlier message changes nothing.
    #[oai(
        path = "/conversations/:id/read-marker",
        method = "put",
        operation_id = "moveReadMarker"
    )]
    async fn move_read_marker(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        body: Body<MoveReadMarker>,
    ) -> Result<NoContent, Problem> {
        let step = mark_read_step(&auth.0, id.0, body.value.message_id, meta.expected());
        let execution = meta.execution(&auth.0, &body.bytes, vec![step]);
        let committed = app.execute(auth.0.id, execution).await?;
        Ok(NoContent::at(committed.position))
    }

    /// Lists the messages of a conversation.
    ///
    /// Reads the path from a message, by default the newest one, to its root; the newest message comes first.
    #[oai(
        path = "/conversations/:id/messages",
        method = "get",
        operation_id = "listMessages"
    )]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a parameter of the contract"
    )]
    async fn list_messages(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        /// The message at which the path ends; the newest one by default.
        leaf: Query<Option<Uuid>>,
        /// Instead of `leaf`: a message on the path, which ends at the newest message below it.
        through: Query<Option<Uuid>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<MessageResource>>, Problem> {
        let limit = cursor::limit(limit.0)?;
        let text = format!("messages {} {:?} {:?}", id.0, leaf.0, through.0);
        let query = CursorQuery {
            reader: auth.0.id,
            text: &text,
        };
        let after: Option<Uuid> = app.parse_cursor(query, cursor.0.as_deref())?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let conversation = find(&app, &auth.0, id.0).await?;
        let named = match (leaf.0, through.0) {
            (Some(_), Some(_)) => return Err(conflicting_ends()),
            (None, Some(through)) => {
                let newest = queries::newest_descendant(&app.pool, id.0, through).await?;
                Some(newest.ok_or_else(|| unknown_message("through"))?)
            }
            (leaf, None) => leaf,
        };
        let first = after.or(named).or(conversation.leaf_id);
        let page = match first {
            Some(first) => queries::path(&app.pool, id.0, first, limit).await?,
            None => projections::Page {
                items: vec![],
                next: None,
            },
        };
        if leaf.0.is_some() && page.items.is_empty() {
            return Err(unknown_message("leaf"));
        }
        let list = List {
            next_cursor: page.next.and_then(|key| app.cursor(query, &key)),
            items: page.items.into_iter().map(Into::into).collect(),
        };
        Ok(Unversioned::new(list, position))
    }

    /// Posts a message.
    ///
    /// Asks the assistant for an answer unless `respond` is false. The answer is written in the background: follow it
    /// with `GET /responses/{id}/stream`.
    #[oai(
        path = "/conversations/:id/messages",
        method = "post",
        operation_id = "postMessage"
    )]
    async fn post_message(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        body: Body<PostMessage>,
    ) -> Result<Created<Exchange>, Problem> {
        let caller = auth.0;
        let input = body.value;
        let choice = Choice {
            assistant_id: input.assistant_id,
            model: input.model,
        };
        let chosen = match input.respond {
            Some(false) => None,
            _ => {
                app.read_position(caller.id, None).await?;
                Some(choose(&app, &caller, id.0, choice).await?)
            }
        };
        let attachments =
            require_own_files(&app, &caller, input.attachment_ids.unwrap_or_default()).await?;
        let run = NewRun::new(id.0, Uuid::now_v7());
        let (parent, place) = match input.parent_id {
            MaybeUndefined::Undefined => (Parent::Leaf, None),
            MaybeUndefined::Null => (Parent::Root, Some(id.0)),
            MaybeUndefined::Value(id) => (Parent::Message(id), Some(id)),
        };
        let siblings = match place {
            // A message below the newest one has no siblings.
            None => vec![],
            Some(place) => {
                app.read_position(caller.id, None).await?;
                queries::children(&app.pool, place).await?
            }
        };
        let post = ConversationCommand::PostMessage {
            conversation_id: id.0,
            actor: caller.id,
            message_id: run.prompt_message_id,
            parent,
            content: input.content,
            attachments,
            answer: chosen
                .is_some()
                .then_some((run.message_id, run.response_id)),
        };
        let plan = match chosen {
            Some(chosen) => (
                Some((run.response_id, Lane::from_model(&chosen.model))),
                run.steps(&caller, &meta, post, chosen),
            ),
            None => (
                None,
                vec![step::<Conversation>(id.0, meta.expected(), post)],
            ),
        };
        let created = execute_exchange(&app, &caller, &meta, plan, &body.bytes).await?;
        Ok(created.map(|exchange| exchange.with_siblings(siblings)))
    }
}

fn unknown_message(parameter: &str) -> Problem {
    let detail = format!("{parameter} must be a message of this conversation");
    Problem::invalid(parameter, "unknown_message", detail)
}

fn conflicting_ends() -> Problem {
    Problem::invalid(
        "through",
        "one_end",
        "send either leaf or through, not both",
    )
}

/// The step that moves the read marker to a message.
pub(crate) fn mark_read_step(
    caller: &Caller,
    conversation_id: Uuid,
    message_id: Uuid,
    expected: Option<i64>,
) -> Box<dyn Step> {
    let command = ConversationCommand::MoveReadMarker {
        actor: caller.id,
        message_id,
    };
    step::<Conversation>(conversation_id, expected, command)
}

/// Finds a conversation of the caller.
pub(crate) async fn find(
    app: &App,
    caller: &Caller,
    id: Uuid,
) -> Result<ConversationView, Problem> {
    queries::find(&app.pool, caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Finds a message in a conversation of the caller.
pub(crate) async fn find_message(
    app: &App,
    caller: &Caller,
    id: Uuid,
) -> Result<MessageView, Problem> {
    queries::message(&app.pool, caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

async fn change(
    app: &App,
    caller: &Caller,
    meta: &RequestMeta,
    id: Uuid,
    (command, body): (ConversationCommand, &[u8]),
) -> Result<Single<ConversationResource>, Problem> {
    let steps = vec![step::<Conversation>(id, meta.expected(), command)];
    app.execute(caller.id, meta.execution(caller, body, steps))
        .await?;
    let position = app.read_position(caller.id, None).await?;
    let view = find(app, caller, id).await?;
    let version = view.version;
    Ok(Single::new(view.into(), version, position))
}

impl ConversationResource {
    /// Builds a new conversation from the event of the command, without waiting for the view.
    fn from_started(committed: &Committed) -> Option<Self> {
        let event = committed.events.first()?;
        let Event::Conversation(ConversationEvent::ConversationStarted {
            title,
            assistant_id,
            model,
            ..
        }) = &event.event
        else {
            return None;
        };
        Some(Self {
            id: event.aggregate_id,
            version: event.version,
            title: title.as_ref().map(|title| title.text().to_owned()),
            assistant_id: *assistant_id,
            model: model.clone(),
            pinned: false,
            archived: false,
            trashed: false,
            leaf_id: None,
            last_read_message_id: None,
            message_count: 0,
            imported_from: None,
            created_at: event.recorded_at,
            updated_at: event.recorded_at,
        })
    }
}
