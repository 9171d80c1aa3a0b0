// Generated from openapi.json by generate.py; run `scripts/sdk` instead of editing it.

use reqwest::Method;
use uuid::Uuid;

use super::types::{
    AddMember, Assistant, AssistantList, AssistantPerformance, AssistantVersion,
    AssistantVersionList, Backups, ChangeEmail, ChangePassword, ChunkList, Conversation,
    ConversationList, CreateAssistant, CreateConversation, CreateGroup, CreateKnowledgeBase,
    CreateProvider, CreateUser, Document, DocumentList, EditMessage, EventList, Exchange,
    ExportConversationQuery, ExportEverythingQuery, File, FileList, GetAssistantUsageQuery,
    GetFeedQuery, GetModelUsageQuery, GetUsageQuery, GiveFeedback, Group, GroupList, Job, JobList,
    KnowledgeBase, KnowledgeBaseList, KnowledgeHits, ListChunksQuery, ListConversationsQuery,
    ListDocumentsQuery, ListEventsQuery, ListKnowledgeBasesQuery, ListMessagesQuery,
    ListModelsQuery, ListUsersQuery, LocalServerList, Login, Member, MemberList, Message,
    MessageList, ModelList, MoveReadMarker, Overview, ParkedScopeList, PasswordReset, PostMessage,
    Preferences, ProjectionList, Prompt, Provider, ProviderList, Refresh, RegenerateAnswer,
    Register, ResetPassword, Response, SearchKnowledge, SearchPage, SearchQuery, SessionList,
    Settings, Setup, SetupState, StartImport, StartedConversation, TokenPair, UpdateAssistant,
    UpdateConversation, UpdateGroup, UpdateKnowledgeBase, UpdateMe, UpdatePreferences,
    UpdateProvider, UpdateSettings, UpdateUser, UsageList, User, UserList,
};
use crate::call::Call;
use crate::client::Client;
use crate::download::Download;
use crate::request::Request;
use crate::stream::Frames;
use crate::upload::Upload;

impl Client {
    /// Counts the answers of each assistant
    ///
    /// Runs, tokens and durations for each assistant over a range of days. Requires the admin role.
    pub fn get_assistant_usage(&self, query: &GetAssistantUsageQuery) -> Request<UsageList> {
        Request::new(
            self,
            Call::read(Method::GET, &["analytics", "assistants"]).query(query),
        )
    }

    /// Counts the use of each model
    ///
    /// Runs, tokens and durations for each model over a range of days. Requires the admin role.
    pub fn get_model_usage(&self, query: &GetModelUsageQuery) -> Request<UsageList> {
        Request::new(
            self,
            Call::read(Method::GET, &["analytics", "models"]).query(query),
        )
    }

    /// Reads the state of the installation
    ///
    /// Users, conversations, messages and runs of the whole installation, at most a second old; load,
    /// memory, response times and uptime of the node that answers. Requires the admin role.
    pub fn get_overview(&self) -> Request<Overview> {
        Request::new(self, Call::read(Method::GET, &["analytics", "overview"]))
    }

    /// Counts use over a range of days
    ///
    /// Runs, tokens and durations by day, model, assistant or user. Requires the admin role.
    pub fn get_usage(&self, query: &GetUsageQuery) -> Request<UsageList> {
        Request::new(
            self,
            Call::read(Method::GET, &["analytics", "usage"]).query(query),
        )
    }

    /// Lists the assistants that the caller may see
    ///
    /// The caller's own assistants and those that are visible to everyone.
    pub fn list_assistants(&self) -> Request<AssistantList> {
        Request::new(self, Call::read(Method::GET, &["assistants"]))
    }

    /// Creates an assistant
    ///
    /// The assistant is a draft unless a status is given. Guests cannot create assistants.
    pub fn create_assistant(&self, body: &CreateAssistant) -> Request<Assistant> {
        Request::new(self, Call::write(Method::POST, &["assistants"]).json(body))
    }

    /// Deletes an assistant
    ///
    /// Only the owner can delete an assistant. Its answers are kept.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn delete_assistant(&self, id: Uuid) -> Request<()> {
        Request::new(
            self,
            Call::write(Method::DELETE, &["assistants", &id.to_string()]),
        )
    }

    /// Reads an assistant
    ///
    /// Instructions are shown only to callers who may change the assistant.
    pub fn get_assistant(&self, id: Uuid) -> Request<Assistant> {
        Request::new(
            self,
            Call::read(Method::GET, &["assistants", &id.to_string()]),
        )
    }

    /// Changes an assistant
    ///
    /// Changes the given fields and leaves the others. A changed configuration becomes a new version.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn update_assistant(&self, id: Uuid, body: &UpdateAssistant) -> Request<Assistant> {
        Request::new(
            self,
            Call::write(Method::PATCH, &["assistants", &id.to_string()]).json(body),
        )
    }

    /// Activates an assistant
    ///
    /// Everyone who can see the assistant can then use it.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn activate_assistant(&self, id: Uuid) -> Request<Assistant> {
        Request::new(
            self,
            Call::write(Method::POST, &["assistants", &id.to_string(), "activate"]),
        )
    }

    /// Deactivates an assistant
    ///
    /// Other users get 409 `assistant_not_active` until it is activated again.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn deactivate_assistant(&self, id: Uuid) -> Request<Assistant> {
        Request::new(
            self,
            Call::write(Method::POST, &["assistants", &id.to_string(), "deactivate"]),
        )
    }

    /// Duplicates an assistant
    ///
    /// Creates a private draft of the caller with the same configuration. Requires the right to change the
    /// original.
    pub fn duplicate_assistant(&self, id: Uuid) -> Request<Assistant> {
        Request::new(
            self,
            Call::write(Method::POST, &["assistants", &id.to_string(), "duplicate"]),
        )
    }

    /// Counts how the answers of an assistant ended
    ///
    /// For the owner, and for managers if the assistant is visible to everyone.
    pub fn get_assistant_performance(&self, id: Uuid) -> Request<AssistantPerformance> {
        Request::new(
            self,
            Call::read(Method::GET, &["assistants", &id.to_string(), "performance"]),
        )
    }

    /// Lists the versions of an assistant
    ///
    /// The newest version comes first. Requires the right to change the assistant.
    pub fn list_assistant_versions(&self, id: Uuid) -> Request<AssistantVersionList> {
        Request::new(
            self,
            Call::read(Method::GET, &["assistants", &id.to_string(), "versions"]),
        )
    }

    /// Reads a version of an assistant
    ///
    /// Requires the right to change the assistant.
    pub fn get_assistant_version(&self, id: Uuid, n: u32) -> Request<AssistantVersion> {
        Request::new(
            self,
            Call::read(
                Method::GET,
                &["assistants", &id.to_string(), "versions", &n.to_string()],
            ),
        )
    }

    /// Restores a version of an assistant
    ///
    /// The configuration of the earlier version becomes the current one, as a new version.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn restore_assistant_version(&self, id: Uuid, n: u32) -> Request<Assistant> {
        Request::new(
            self,
            Call::write(
                Method::POST,
                &[
                    "assistants",
                    &id.to_string(),
                    "versions",
                    &n.to_string(),
                    "restore",
                ],
            ),
        )
    }

    /// Logs in with email and password
    ///
    /// Starts a session. With `cookie: true` the refresh token is set as an `HttpOnly` cookie and is not
    /// part of the body.
    pub fn login(&self, body: &Login) -> Request<TokenPair> {
        Request::new(
            self,
            Call::once(Method::POST, &["auth", "login"]).json(body),
        )
    }

    /// Ends the current session
    ///
    /// The access token and the refresh token of the session stop working.
    pub fn logout(&self) -> Request<()> {
        Request::new(self, Call::write(Method::POST, &["auth", "logout"]))
    }

    /// Exchanges a refresh token for new tokens
    ///
    /// The refresh token comes in the body or in the cookie. Each refresh token is used once; the use of an
    /// old one ends the session.
    pub fn refresh(&self, body: &Refresh) -> Request<TokenPair> {
        Request::new(
            self,
            Call::once(Method::POST, &["auth", "refresh"]).json(body),
        )
    }

    /// Registers a new user
    ///
    /// Available if the operator allows registration. Starts a session of the new user.
    pub fn register(&self, body: &Register) -> Request<TokenPair> {
        Request::new(
            self,
            Call::once(Method::POST, &["auth", "register"]).json(body),
        )
    }

    /// Ends all sessions of the caller
    ///
    /// The current session ends as well.
    pub fn end_all_sessions(&self) -> Request<()> {
        Request::new(self, Call::write(Method::DELETE, &["auth", "sessions"]))
    }

    /// Lists the sessions of the caller
    ///
    /// One entry for each device or browser that is logged in; `current` marks the session of this request.
    pub fn list_sessions(&self) -> Request<SessionList> {
        Request::new(self, Call::read(Method::GET, &["auth", "sessions"]))
    }

    /// Ends a session of the caller
    ///
    /// The tokens of that session stop working.
    pub fn end_session(&self, id: Uuid) -> Request<()> {
        Request::new(
            self,
            Call::write(Method::DELETE, &["auth", "sessions", &id.to_string()]),
        )
    }

    /// Lists the backups of the installation
    ///
    /// The newest backup comes first. Requires the admin role.
    pub fn list_backups(&self) -> Request<Backups> {
        Request::new(self, Call::read(Method::GET, &["backups"]))
    }

    /// Starts a backup
    ///
    /// A job writes the backup while the installation runs, reads it to the end to check it, and deletes
    /// backups that are too old to keep. Requires the admin role.
    pub fn create_backup(&self) -> Request<Job> {
        Request::new(self, Call::write(Method::POST, &["backups"]))
    }

    /// Lists the caller's conversations
    ///
    /// The conversation that changed last comes first. Archived and trashed conversations are listed only
    /// on request.
    pub fn list_conversations(&self, query: &ListConversationsQuery) -> Request<ConversationList> {
        Request::new(
            self,
            Call::read(Method::GET, &["conversations"]).query(query),
        )
    }

    /// Creates a conversation
    ///
    /// Uses the default assistant unless another one is given, with the caller's default model unless a
    /// model is given. Can post the first message as well: then either both happen or nothing does. Guests
    /// cannot create conversations.
    pub fn create_conversation(&self, body: &CreateConversation) -> Request<StartedConversation> {
        Request::new(
            self,
            Call::write(Method::POST, &["conversations"]).json(body),
        )
    }

    /// Empties the trash
    ///
    /// A job erases the conversations in the caller's trash, and the files that only they have. This cannot
    /// be undone.
    pub fn empty_trash(&self) -> Request<Job> {
        Request::new(
            self,
            Call::write(Method::POST, &["conversations", "empty-trash"]),
        )
    }

    /// Moves a conversation to the trash
    ///
    /// The conversation can be restored from there.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn trash_conversation(&self, id: Uuid) -> Request<()> {
        Request::new(
            self,
            Call::write(Method::DELETE, &["conversations", &id.to_string()]),
        )
    }

    /// Reads a conversation
    ///
    /// Only the owner can read a conversation.
    pub fn get_conversation(&self, id: Uuid) -> Request<Conversation> {
        Request::new(
            self,
            Call::read(Method::GET, &["conversations", &id.to_string()]),
        )
    }

    /// Changes a conversation
    ///
    /// Changes the given fields and leaves the others.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn update_conversation(
        &self,
        id: Uuid,
        body: &UpdateConversation,
    ) -> Request<Conversation> {
        Request::new(
            self,
            Call::write(Method::PATCH, &["conversations", &id.to_string()]).json(body),
        )
    }

    /// Erases a conversation
    ///
    /// Erases the conversation at once, whether it is in the trash or not, and the files that only this
    /// conversation has in a job. This cannot be undone.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn erase_conversation(&self, id: Uuid) -> Request<Job> {
        Request::new(
            self,
            Call::write(Method::POST, &["conversations", &id.to_string(), "erase"]),
        )
    }

    /// Exports a conversation as a file
    ///
    /// The reasoning of models is part of the JSON format only. The other formats say how an incomplete
    /// answer ended.
    pub fn export_conversation(
        &self,
        id: Uuid,
        query: &ExportConversationQuery,
    ) -> Request<Download> {
        Request::new(
            self,
            Call::read(Method::GET, &["conversations", &id.to_string(), "export"]).query(query),
        )
    }

    /// Lists the messages of a conversation
    ///
    /// Reads the path from a message, by default the newest one, to its root; the newest message comes
    /// first.
    pub fn list_messages(&self, id: Uuid, query: &ListMessagesQuery) -> Request<MessageList> {
        Request::new(
            self,
            Call::read(Method::GET, &["conversations", &id.to_string(), "messages"]).query(query),
        )
    }

    /// Posts a message
    ///
    /// Asks the assistant for an answer unless `respond` is false. The answer is written in the background:
    /// follow it with `GET /responses/{id}/stream`.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn post_message(&self, id: Uuid, body: &PostMessage) -> Request<Exchange> {
        Request::new(
            self,
            Call::write(
                Method::POST,
                &["conversations", &id.to_string(), "messages"],
            )
            .json(body),
        )
    }

    /// Moves the read marker
    ///
    /// Stores up to which message the caller has read, in the order in which the messages were posted. A
    /// marker never moves back: an earlier message changes nothing.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn move_read_marker(&self, id: Uuid, body: &MoveReadMarker) -> Request<()> {
        Request::new(
            self,
            Call::write(
                Method::PUT,
                &["conversations", &id.to_string(), "read-marker"],
            )
            .json(body),
        )
    }

    /// Restores a conversation from the trash
    ///
    /// The conversation is listed again.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn restore_conversation(&self, id: Uuid) -> Request<Conversation> {
        Request::new(
            self,
            Call::write(Method::POST, &["conversations", &id.to_string(), "restore"]),
        )
    }

    /// Follows a conversation
    ///
    /// Server-sent events: messages, runs, and the pieces of answers as they are written. Durable frames
    /// carry an `id`; send the last one as `Last-Event-ID` and nothing is missed. Without it and without
    /// `after`, the stream starts now. Frames: `message.posted`, `conversation.changed`,
    /// `read_marker.moved`, `response.started`, `response.delta`, `response.snapshot`, one of
    /// `response.completed`, `response.failed`, `response.interrupted` and `response.cancelled` per run,
    /// `stream.caught_up`, `stream.reset`, `stream.closed`. Ignore unknown frames.
    pub fn stream_conversation(&self, id: Uuid) -> Frames {
        Frames::new(
            self,
            Call::read(Method::GET, &["conversations", &id.to_string(), "stream"]),
        )
    }

    /// Deletes a document
    ///
    /// The document is no longer found; its encryption key and its file are destroyed.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn delete_document(&self, id: Uuid) -> Request<()> {
        Request::new(
            self,
            Call::write(Method::DELETE, &["documents", &id.to_string()]),
        )
    }

    /// Reads a document
    ///
    /// `status` shows whether processing has finished.
    pub fn get_document(&self, id: Uuid) -> Request<Document> {
        Request::new(
            self,
            Call::read(Method::GET, &["documents", &id.to_string()]),
        )
    }

    /// Lists the passages of a document
    ///
    /// The passages that searches find, in the order of the document.
    pub fn list_chunks(&self, id: Uuid, query: &ListChunksQuery) -> Request<ChunkList> {
        Request::new(
            self,
            Call::read(Method::GET, &["documents", &id.to_string(), "chunks"]).query(query),
        )
    }

    /// Downloads the file of a document
    ///
    /// The bytes as they were uploaded, as an attachment that no browser runs. Supports a single byte
    /// range.
    pub fn get_document_content(&self, id: Uuid) -> Request<Download> {
        Request::new(
            self,
            Call::read(Method::GET, &["documents", &id.to_string(), "content"]),
        )
    }

    /// Uploads a new version of a document
    ///
    /// Searches find the passages of the previous version until the new ones are ready.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn replace_document(&self, id: Uuid, upload: Upload) -> Request<Document> {
        Request::new(
            self,
            Call::write(Method::PUT, &["documents", &id.to_string(), "content"]).upload(upload),
        )
    }

    /// Processes a document again
    ///
    /// Uses the current settings of the knowledge base.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn reprocess_document(&self, id: Uuid) -> Request<Document> {
        Request::new(
            self,
            Call::write(Method::POST, &["documents", &id.to_string(), "reprocess"]),
        )
    }

    /// Lists the events of the log
    ///
    /// In the order of the log. Personal text stays encrypted. Requires the admin role.
    pub fn list_events(&self, query: &ListEventsQuery) -> Request<EventList> {
        Request::new(self, Call::read(Method::GET, &["events"]).query(query))
    }

    /// Follows the log
    ///
    /// Server-sent events: one `event` for each event in order, with an id for `Last-Event-ID`. Requires
    /// the admin role.
    pub fn stream_events(&self) -> Frames {
        Frames::new(self, Call::read(Method::GET, &["events", "stream"]))
    }

    /// Starts a verification of the log
    ///
    /// A job recomputes the hash chain and compares it with its anchors, the backups and the read models.
    /// Its result names the first position that does not match, and why. Requires the admin role.
    pub fn verify_events(&self) -> Request<Job> {
        Request::new(self, Call::write(Method::POST, &["events", "verify"]))
    }

    /// Exports everything that belongs to the caller
    ///
    /// One archive with all conversations, including those in the trash, files, assistants and knowledge
    /// bases. The archive is streamed; if the download is interrupted, it is incomplete and not valid. Its
    /// digest depends on the content and not on ids, so it is the same after an import elsewhere.
    pub fn export_everything(&self, query: &ExportEverythingQuery) -> Request<Download> {
        Request::new(
            self,
            Call::read(Method::GET, &["exports", "archive"]).query(query),
        )
    }

    /// Reads the events that concern the caller
    ///
    /// The events of the caller's account, of what belongs to it, and of the groups with which the caller's
    /// knowledge bases are shared, in the order of the log and with readable text. Erased text reads
    /// `[erased]`; addresses and reasons stay encrypted. With `Accept: text/event-stream` the answer is a
    /// stream of `event` frames, each with an id for `Last-Event-ID`, and `stream.caught_up`,
    /// `stream.reset` and `stream.closed`; it starts now unless `after` or `Last-Event-ID` is given.
    /// Otherwise the answer is a page, from the beginning unless `after` is given.
    pub fn get_feed(&self, query: &GetFeedQuery) -> Request<EventList> {
        Request::new(self, Call::read(Method::GET, &["feed"]).query(query))
    }

    /// Follows what [`Client::get_feed`] reads.
    pub fn stream_feed(&self) -> Frames {
        Frames::new(self, Call::read(Method::GET, &["feed"]))
    }

    /// Lists the caller's files
    ///
    /// The newest file comes first.
    pub fn list_files(&self) -> Request<FileList> {
        Request::new(self, Call::read(Method::GET, &["files"]))
    }

    /// Uploads a file
    ///
    /// Send one part named `file`, with a file name. Uploading the same bytes under the same name again
    /// returns the existing file; under another name they are a new file.
    pub fn upload_file(&self, upload: Upload) -> Request<File> {
        Request::new(self, Call::write(Method::POST, &["files"]).upload(upload))
    }

    /// Deletes a file
    ///
    /// Destroys its encryption key and deletes its bytes. A file that belongs to a document cannot be
    /// deleted.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn delete_file(&self, id: Uuid) -> Request<()> {
        Request::new(
            self,
            Call::write(Method::DELETE, &["files", &id.to_string()]),
        )
    }

    /// Reads the description of a file
    ///
    /// Name, type, size and digest, and why its text could not be read, if so.
    pub fn get_file(&self, id: Uuid) -> Request<File> {
        Request::new(self, Call::read(Method::GET, &["files", &id.to_string()]))
    }

    /// Downloads a file
    ///
    /// The bytes as they were uploaded, as an attachment that no browser runs. Supports a single byte
    /// range.
    pub fn get_file_content(&self, id: Uuid) -> Request<Download> {
        Request::new(
            self,
            Call::read(Method::GET, &["files", &id.to_string(), "content"]),
        )
    }

    /// Lists groups
    ///
    /// Managers and administrators see all groups, others the groups they belong to.
    pub fn list_groups(&self) -> Request<GroupList> {
        Request::new(self, Call::read(Method::GET, &["groups"]))
    }

    /// Creates a group
    ///
    /// Requires the manager or admin role.
    pub fn create_group(&self, body: &CreateGroup) -> Request<Group> {
        Request::new(self, Call::write(Method::POST, &["groups"]).json(body))
    }

    /// Deletes a group
    ///
    /// Everything shared with the group is no longer shared with it. Requires the admin role, or being the
    /// manager of this group.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn delete_group(&self, id: Uuid) -> Request<()> {
        Request::new(
            self,
            Call::write(Method::DELETE, &["groups", &id.to_string()]),
        )
    }

    /// Reads a group
    ///
    /// For its members, managers and administrators.
    pub fn get_group(&self, id: Uuid) -> Request<Group> {
        Request::new(self, Call::read(Method::GET, &["groups", &id.to_string()]))
    }

    /// Changes a group
    ///
    /// Changes the given fields and leaves the others. Requires the admin role, or being the manager of
    /// this group.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn update_group(&self, id: Uuid, body: &UpdateGroup) -> Request<Group> {
        Request::new(
            self,
            Call::write(Method::PATCH, &["groups", &id.to_string()]).json(body),
        )
    }

    /// Lists the members of a group
    ///
    /// Email addresses are shown to managers and administrators only.
    pub fn list_members(&self, id: Uuid) -> Request<MemberList> {
        Request::new(
            self,
            Call::read(Method::GET, &["groups", &id.to_string(), "members"]),
        )
    }

    /// Adds a user to a group
    ///
    /// By id or email. Managers can add users below the manager role, and themselves; administrators can
    /// add everyone.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn add_member(&self, id: Uuid, body: &AddMember) -> Request<Member> {
        Request::new(
            self,
            Call::write(Method::POST, &["groups", &id.to_string(), "members"]).json(body),
        )
    }

    /// Removes a user from a group
    ///
    /// Members can also remove themselves.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn remove_member(&self, id: Uuid, user_id: Uuid) -> Request<()> {
        Request::new(
            self,
            Call::write(
                Method::DELETE,
                &["groups", &id.to_string(), "members", &user_id.to_string()],
            ),
        )
    }

    /// Starts an import
    ///
    /// A job imports an uploaded file: its conversations with their times, and everything else that an
    /// archive contains. Importing the same file again changes nothing. Each user can run one import at a
    /// time. The result of the job counts new entries, entries that existed already, and entries that could
    /// not be imported.
    pub fn start_import(&self, body: &StartImport) -> Request<Job> {
        Request::new(self, Call::write(Method::POST, &["imports"]).json(body))
    }

    /// Lists the caller's jobs
    ///
    /// The newest job comes first.
    pub fn list_jobs(&self) -> Request<JobList> {
        Request::new(self, Call::read(Method::GET, &["jobs"]))
    }

    /// Reads a job
    ///
    /// Status, progress and result of a job that the caller started.
    pub fn get_job(&self, id: Uuid) -> Request<Job> {
        Request::new(self, Call::read(Method::GET, &["jobs", &id.to_string()]))
    }

    /// Cancels a job
    ///
    /// Asks the job to stop. Whatever it has done so far has no effect.
    pub fn cancel_job(&self, id: Uuid) -> Request<Job> {
        Request::new(
            self,
            Call::write(Method::POST, &["jobs", &id.to_string(), "cancel"]),
        )
    }

    /// Follows a job
    ///
    /// Server-sent events: `job.progress` whenever the job has moved on, `job.ended` at the end.
    pub fn stream_job(&self, id: Uuid) -> Frames {
        Frames::new(
            self,
            Call::read(Method::GET, &["jobs", &id.to_string(), "stream"]),
        )
    }

    /// Lists the knowledge bases that the caller may see
    ///
    /// The caller's own knowledge bases, those that are shared with the caller's groups, and those for
    /// everyone.
    pub fn list_knowledge_bases(
        &self,
        query: &ListKnowledgeBasesQuery,
    ) -> Request<KnowledgeBaseList> {
        Request::new(
            self,
            Call::read(Method::GET, &["knowledge-bases"]).query(query),
        )
    }

    /// Creates a knowledge base
    ///
    /// Guests cannot create knowledge bases.
    pub fn create_knowledge_base(&self, body: &CreateKnowledgeBase) -> Request<KnowledgeBase> {
        Request::new(
            self,
            Call::write(Method::POST, &["knowledge-bases"]).json(body),
        )
    }

    /// Deletes a knowledge base
    ///
    /// Searches no longer find its documents; a job erases them.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn delete_knowledge_base(&self, id: Uuid) -> Request<()> {
        Request::new(
            self,
            Call::write(Method::DELETE, &["knowledge-bases", &id.to_string()]),
        )
    }

    /// Reads a knowledge base
    ///
    /// For callers who may read its documents.
    pub fn get_knowledge_base(&self, id: Uuid) -> Request<KnowledgeBase> {
        Request::new(
            self,
            Call::read(Method::GET, &["knowledge-bases", &id.to_string()]),
        )
    }

    /// Changes a knowledge base
    ///
    /// Changes the given fields and leaves the others.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn update_knowledge_base(
        &self,
        id: Uuid,
        body: &UpdateKnowledgeBase,
    ) -> Request<KnowledgeBase> {
        Request::new(
            self,
            Call::write(Method::PATCH, &["knowledge-bases", &id.to_string()]).json(body),
        )
    }

    /// Lists the documents of a knowledge base
    ///
    /// In the order in which they were added.
    pub fn list_documents(&self, id: Uuid, query: &ListDocumentsQuery) -> Request<DocumentList> {
        Request::new(
            self,
            Call::read(
                Method::GET,
                &["knowledge-bases", &id.to_string(), "documents"],
            )
            .query(query),
        )
    }

    /// Adds a document to a knowledge base
    ///
    /// Uploading the same bytes under the same name again returns the existing document.
    pub fn add_document(&self, id: Uuid, upload: Upload) -> Request<Document> {
        Request::new(
            self,
            Call::write(
                Method::POST,
                &["knowledge-bases", &id.to_string(), "documents"],
            )
            .upload(upload),
        )
    }

    /// Searches knowledge bases for passages
    ///
    /// Finds the passages that answer a question, in knowledge bases that the caller may read.
    pub fn search_knowledge(&self, body: &SearchKnowledge) -> Request<KnowledgeHits> {
        Request::new(
            self,
            Call::read(Method::POST, &["knowledge", "search"]).json(body),
        )
    }

    /// Reads a message
    ///
    /// For the owner of the conversation.
    pub fn get_message(&self, id: Uuid) -> Request<Message> {
        Request::new(
            self,
            Call::read(Method::GET, &["messages", &id.to_string()]),
        )
    }

    /// Edits and resends a message
    ///
    /// The original stays; the new message becomes its sibling and is answered.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn edit_message(&self, id: Uuid, body: &EditMessage) -> Request<Exchange> {
        Request::new(
            self,
            Call::write(Method::POST, &["messages", &id.to_string(), "edit"]).json(body),
        )
    }

    /// Rates an answer
    ///
    /// Says whether an answer was good, or removes the rating.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn give_feedback(&self, id: Uuid, body: &GiveFeedback) -> Request<()> {
        Request::new(
            self,
            Call::write(Method::PUT, &["messages", &id.to_string(), "feedback"]).json(body),
        )
    }

    /// Regenerates an answer
    ///
    /// Requests another answer to the same question; the earlier answer is kept as its sibling.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn regenerate_answer(&self, id: Uuid, body: &RegenerateAnswer) -> Request<Exchange> {
        Request::new(
            self,
            Call::write(Method::POST, &["messages", &id.to_string(), "regenerate"]).json(body),
        )
    }

    /// Lists the models that the caller may use
    ///
    /// The models of all providers, and the built-in one. Models that an administrator has disabled are
    /// left out.
    pub fn list_models(&self, query: &ListModelsQuery) -> Request<ModelList> {
        Request::new(self, Call::read(Method::GET, &["models"]).query(query))
    }

    /// Lists the read models
    ///
    /// Shows the position that each read model has reached. Requires the admin role.
    pub fn list_projections(&self) -> Request<ProjectionList> {
        Request::new(self, Call::read(Method::GET, &["projections"]))
    }

    /// Lists what a read model has parked
    ///
    /// Objects whose events could not be applied; they wait until they are retried. Requires the admin
    /// role.
    pub fn list_parked(&self, name: &str) -> Request<ParkedScopeList> {
        Request::new(
            self,
            Call::read(Method::GET, &["projections", name, "parked"]),
        )
    }

    /// Retries a parked object
    ///
    /// Applies the waiting events of the object again. Requires the admin role.
    pub fn retry_parked(&self, name: &str, aggregate_id: Uuid) -> Request<()> {
        Request::new(
            self,
            Call::write(
                Method::POST,
                &[
                    "projections",
                    name,
                    "parked",
                    &aggregate_id.to_string(),
                    "retry",
                ],
            ),
        )
    }

    /// Starts a rebuild of a read model
    ///
    /// A job rebuilds it from the log; readers see the old state until the rebuild is complete. Requires
    /// the admin role.
    pub fn rebuild_projection(&self, name: &str) -> Request<Job> {
        Request::new(
            self,
            Call::write(Method::POST, &["projections", name, "rebuild"]),
        )
    }

    /// Lists the model providers
    ///
    /// Requires the admin role.
    pub fn list_providers(&self) -> Request<ProviderList> {
        Request::new(self, Call::read(Method::GET, &["providers"]))
    }

    /// Adds a model provider
    ///
    /// Checks the provider and waits a few seconds for the result. Requires the admin role.
    pub fn create_provider(&self, body: &CreateProvider) -> Request<Provider> {
        Request::new(self, Call::write(Method::POST, &["providers"]).json(body))
    }

    /// Lists model servers on this machine
    ///
    /// Servers such as Ollama that were found on the machine of this server. Each can be added with its
    /// `base_url`, without changing settings. Requires the admin role.
    pub fn list_local_servers(&self) -> Request<LocalServerList> {
        Request::new(self, Call::read(Method::GET, &["providers", "local"]))
    }

    /// Deletes a model provider
    ///
    /// Its models can no longer be used. Requires the admin role.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn delete_provider(&self, id: Uuid) -> Request<()> {
        Request::new(
            self,
            Call::write(Method::DELETE, &["providers", &id.to_string()]),
        )
    }

    /// Reads a model provider
    ///
    /// Requires the admin role.
    pub fn get_provider(&self, id: Uuid) -> Request<Provider> {
        Request::new(
            self,
            Call::read(Method::GET, &["providers", &id.to_string()]),
        )
    }

    /// Changes a model provider
    ///
    /// Changes its address, its API key or its lists of models, and checks the provider unless it only
    /// disables models. Requires the admin role.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn update_provider(&self, id: Uuid, body: &UpdateProvider) -> Request<Provider> {
        Request::new(
            self,
            Call::write(Method::PATCH, &["providers", &id.to_string()]).json(body),
        )
    }

    /// Refreshes the models of a provider
    ///
    /// Asks the provider for its list of models again. Requires the admin role.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn refresh_provider(&self, id: Uuid) -> Request<Provider> {
        Request::new(
            self,
            Call::write(Method::POST, &["providers", &id.to_string(), "refresh"]),
        )
    }

    /// Tests a model provider
    ///
    /// Asks the provider whether it answers. Requires the admin role.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn test_provider(&self, id: Uuid) -> Request<Provider> {
        Request::new(
            self,
            Call::write(Method::POST, &["providers", &id.to_string(), "test"]),
        )
    }

    /// Reads a run
    ///
    /// One run of an assistant: its status, its usage and how it ended.
    pub fn get_response(&self, id: Uuid) -> Request<Response> {
        Request::new(
            self,
            Call::read(Method::GET, &["responses", &id.to_string()]),
        )
    }

    /// Cancels a run
    ///
    /// Asks the run to stop. The text written so far is kept.
    pub fn cancel_response(&self, id: Uuid) -> Request<Response> {
        Request::new(
            self,
            Call::write(Method::POST, &["responses", &id.to_string(), "cancel"]),
        )
    }

    /// Reads the prompt of a run
    ///
    /// The messages that were sent to the model, the passages that the caller may still read, and the
    /// instructions of the assistant if the caller may change it.
    pub fn get_prompt(&self, id: Uuid) -> Request<Prompt> {
        Request::new(
            self,
            Call::read(Method::GET, &["responses", &id.to_string(), "prompt"]),
        )
    }

    /// Follows a run
    ///
    /// Server-sent events of this run from its start; the stream ends after the last event of the run.
    pub fn stream_response(&self, id: Uuid) -> Frames {
        Frames::new(
            self,
            Call::read(Method::GET, &["responses", &id.to_string(), "stream"]),
        )
    }

    /// Searches everything that the caller may read
    ///
    /// Searches the caller's conversations, assistants, and documents that the caller may read.
    pub fn search(&self, query: &SearchQuery) -> Request<SearchPage> {
        Request::new(self, Call::read(Method::GET, &["search"]).query(query))
    }

    /// Reads the settings of the installation
    ///
    /// Settings that apply to all users.
    pub fn get_settings(&self) -> Request<Settings> {
        Request::new(self, Call::read(Method::GET, &["settings"]))
    }

    /// Changes the settings of the installation
    ///
    /// Changes the given fields and leaves the others. Requires the admin role.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn update_settings(&self, body: &UpdateSettings) -> Request<Settings> {
        Request::new(self, Call::write(Method::PATCH, &["settings"]).json(body))
    }

    /// Reads whether setup is needed, and whether registration is open
    ///
    /// An installation needs setup until it has its first administrator.
    pub fn get_setup(&self) -> Request<SetupState> {
        Request::new(self, Call::read(Method::GET, &["setup"]))
    }

    /// Creates the first administrator
    ///
    /// Works once, with the token that the server prints when it starts for the first time. Starts a
    /// session of the administrator.
    pub fn set_up(&self, body: &Setup) -> Request<TokenPair> {
        Request::new(self, Call::once(Method::POST, &["setup"]).json(body))
    }

    /// Lists all users
    ///
    /// Requires the admin role.
    pub fn list_users(&self, query: &ListUsersQuery) -> Request<UserList> {
        Request::new(self, Call::read(Method::GET, &["users"]).query(query))
    }

    /// Creates a user
    ///
    /// Requires the admin role.
    pub fn create_user(&self, body: &CreateUser) -> Request<User> {
        Request::new(self, Call::write(Method::POST, &["users"]).json(body))
    }

    /// Reads the caller's account
    ///
    /// Name, email and role of the user who is logged in.
    pub fn get_me(&self) -> Request<User> {
        Request::new(self, Call::read(Method::GET, &["users", "me"]))
    }

    /// Changes the caller's account
    ///
    /// Changes the display name.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn update_me(&self, body: &UpdateMe) -> Request<User> {
        Request::new(
            self,
            Call::write(Method::PATCH, &["users", "me"]).json(body),
        )
    }

    /// Changes the caller's email address
    ///
    /// The caller signs in with the new address from then on.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn change_email(&self, body: &ChangeEmail) -> Request<User> {
        Request::new(
            self,
            Call::write(Method::PUT, &["users", "me", "email"]).json(body),
        )
    }

    /// Changes the caller's password
    ///
    /// Ends all other sessions of the caller.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn change_password(&self, body: &ChangePassword) -> Request<()> {
        Request::new(
            self,
            Call::write(Method::PUT, &["users", "me", "password"]).json(body),
        )
    }

    /// Reads the caller's preferences
    ///
    /// They apply on every device.
    pub fn get_preferences(&self) -> Request<Preferences> {
        Request::new(
            self,
            Call::read(Method::GET, &["users", "me", "preferences"]),
        )
    }

    /// Changes the caller's preferences
    ///
    /// Changes the given fields and leaves the others.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn update_preferences(&self, body: &UpdatePreferences) -> Request<Preferences> {
        Request::new(
            self,
            Call::write(Method::PATCH, &["users", "me", "preferences"]).json(body),
        )
    }

    /// Erases a user
    ///
    /// Erases the account at once, and everything that the user owns in a job. This cannot be undone.
    /// Requires the admin role; administrators cannot erase themselves, and the last administrator cannot
    /// be erased.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn delete_user(&self, id: Uuid) -> Request<Job> {
        Request::new(
            self,
            Call::write(Method::DELETE, &["users", &id.to_string()]),
        )
    }

    /// Reads a user
    ///
    /// Requires the admin role.
    pub fn get_user(&self, id: Uuid) -> Request<User> {
        Request::new(self, Call::read(Method::GET, &["users", &id.to_string()]))
    }

    /// Changes a user
    ///
    /// Changes the role, name or address, or suspends or reactivates the user. Requires the admin role; the
    /// last administrator stays one.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn update_user(&self, id: Uuid, body: &UpdateUser) -> Request<User> {
        Request::new(
            self,
            Call::write(Method::PATCH, &["users", &id.to_string()]).json(body),
        )
    }

    /// Resets the password of a user
    ///
    /// Sets the given password, or a generated one that is returned and cannot be read again. Ends all
    /// sessions of the user. Requires the admin role; administrators change their own password with `PUT
    /// /users/me/password`.
    ///
    /// Fails if the object has changed, with [`Request::if_match`].
    pub fn reset_password(&self, id: Uuid, body: &ResetPassword) -> Request<PasswordReset> {
        Request::new(
            self,
            Call::write(Method::PUT, &["users", &id.to_string(), "password"]).json(body),
        )
    }
}
