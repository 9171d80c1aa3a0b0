"""Generated from openapi.json by generate.py; run `scripts/sdk` instead of editing it."""

from datetime import date, datetime
from uuid import UUID

from . import models
from .call import Call, Repeat, returns, returns_bytes, returns_nothing
from .operation import operation, stream
from .upload import Upload


class Operations:
    """A method for each operation of the API."""

    @operation
    def get_assistant_usage(
        self,
        *,
        from_: date | None = None,
        until: date | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.UsageList]:
        """Counts the answers of each assistant

        Runs, tokens and durations for each assistant over a range of days. Requires the admin role.

        from_: The first day in UTC; 29 days before `until` by default.

        until: The last day in UTC, at most 730 days after `from`; today by default.
        """
        return Call(
            "GET",
            ("analytics", "assistants"),
            returns(models.UsageList),
            query={"from": from_, "until": until},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def get_model_usage(
        self,
        *,
        from_: date | None = None,
        until: date | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.UsageList]:
        """Counts the use of each model

        Runs, tokens and durations for each model over a range of days. Requires the admin role.

        from_: The first day in UTC; 29 days before `until` by default.

        until: The last day in UTC, at most 730 days after `from`; today by default.
        """
        return Call(
            "GET",
            ("analytics", "models"),
            returns(models.UsageList),
            query={"from": from_, "until": until},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def get_overview(self, *, min_position: int | None = None, timeout: float | None = None) -> Call[models.Overview]:
        """Reads the state of the installation

        Users, conversations, messages and runs of the whole installation, at most a second old; load, memory,
        response times and uptime of the node that answers. Requires the admin role.
        """
        return Call(
            "GET",
            ("analytics", "overview"),
            returns(models.Overview),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def get_usage(
        self,
        *,
        by: models.UsageBy | None = None,
        from_: date | None = None,
        until: date | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.UsageList]:
        """Counts use over a range of days

        Runs, tokens and durations by day, model, assistant or user. Requires the admin role.

        by: What the counts are grouped by; `day` by default.

        from_: The first day in UTC; 29 days before `until` by default.

        until: The last day in UTC, at most 730 days after `from`; today by default.
        """
        return Call(
            "GET",
            ("analytics", "usage"),
            returns(models.UsageList),
            query={"by": by, "from": from_, "until": until},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def list_assistants(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.AssistantList]:
        """Lists the assistants that the caller may see

        The caller's own assistants and those that are visible to everyone.

        limit: The number of entries in a page, 1 to 200; 50 by default.

        cursor: The `next_cursor` of the previous page.
        """
        return Call(
            "GET",
            ("assistants",),
            returns(models.AssistantList),
            query={"limit": limit, "cursor": cursor},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def create_assistant(
        self,
        body: models.CreateAssistant,
        *,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Assistant]:
        """Creates an assistant

        The assistant is a draft unless a status is given. Guests cannot create assistants.
        """
        return Call(
            "POST",
            ("assistants",),
            returns(models.Assistant),
            body=body,
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def delete_assistant(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[None]:
        """Deletes an assistant

        Only the owner can delete an assistant. Its answers are kept.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "DELETE",
            ("assistants", id),
            returns_nothing,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def get_assistant(
        self, id: UUID, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.Assistant]:
        """Reads an assistant

        Instructions are shown only to callers who may change the assistant.
        """
        return Call(
            "GET",
            ("assistants", id),
            returns(models.Assistant),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def update_assistant(
        self,
        id: UUID,
        body: models.UpdateAssistant,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Assistant]:
        """Changes an assistant

        Changes the given fields and leaves the others. A changed configuration becomes a new version.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PATCH",
            ("assistants", id),
            returns(models.Assistant),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def activate_assistant(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Assistant]:
        """Activates an assistant

        Everyone who can see the assistant can then use it.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "POST",
            ("assistants", id, "activate"),
            returns(models.Assistant),
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def deactivate_assistant(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Assistant]:
        """Deactivates an assistant

        Other users get 409 `assistant_not_active` until it is activated again.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "POST",
            ("assistants", id, "deactivate"),
            returns(models.Assistant),
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def duplicate_assistant(
        self, id: UUID, *, idempotency_key: str | None = None, reason: str | None = None, timeout: float | None = None
    ) -> Call[models.Assistant]:
        """Duplicates an assistant

        Creates a private draft of the caller with the same configuration. Requires the right to change the
        original.
        """
        return Call(
            "POST",
            ("assistants", id, "duplicate"),
            returns(models.Assistant),
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def get_assistant_performance(
        self, id: UUID, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.AssistantPerformance]:
        """Counts how the answers of an assistant ended

        For the owner, and for managers if the assistant is visible to everyone.
        """
        return Call(
            "GET",
            ("assistants", id, "performance"),
            returns(models.AssistantPerformance),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def list_assistant_versions(
        self, id: UUID, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.AssistantVersionList]:
        """Lists the versions of an assistant

        The newest version comes first. Requires the right to change the assistant.
        """
        return Call(
            "GET",
            ("assistants", id, "versions"),
            returns(models.AssistantVersionList),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def get_assistant_version(
        self, id: UUID, n: int, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.AssistantVersion]:
        """Reads a version of an assistant

        Requires the right to change the assistant.
        """
        return Call(
            "GET",
            ("assistants", id, "versions", n),
            returns(models.AssistantVersion),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def restore_assistant_version(
        self,
        id: UUID,
        n: int,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Assistant]:
        """Restores a version of an assistant

        The configuration of the earlier version becomes the current one, as a new version.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "POST",
            ("assistants", id, "versions", n, "restore"),
            returns(models.Assistant),
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def login(
        self, body: models.Login, *, reason: str | None = None, timeout: float | None = None
    ) -> Call[models.TokenPair]:
        """Logs in with email and password

        Starts a session. With `cookie: true` the refresh token is set as an `HttpOnly` cookie and is not part of
        the body.
        """
        return Call(
            "POST",
            ("auth", "login"),
            returns(models.TokenPair),
            body=body,
            headers={"ConvoSphere-Reason": reason},
            repeat=Repeat.ONCE,
            timeout=timeout,
        )

    @operation
    def logout(
        self, *, idempotency_key: str | None = None, reason: str | None = None, timeout: float | None = None
    ) -> Call[None]:
        """Ends the current session

        The access token and the refresh token of the session stop working.
        """
        return Call(
            "POST",
            ("auth", "logout"),
            returns_nothing,
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def refresh(
        self, body: models.Refresh, *, reason: str | None = None, timeout: float | None = None
    ) -> Call[models.TokenPair]:
        """Exchanges a refresh token for new tokens

        The refresh token comes in the body or in the cookie. Each refresh token is used once; the use of an old one
        ends the session.
        """
        return Call(
            "POST",
            ("auth", "refresh"),
            returns(models.TokenPair),
            body=body,
            headers={"ConvoSphere-Reason": reason},
            repeat=Repeat.ONCE,
            timeout=timeout,
        )

    @operation
    def register(
        self, body: models.Register, *, reason: str | None = None, timeout: float | None = None
    ) -> Call[models.TokenPair]:
        """Registers a new user

        Available if the operator allows registration. Starts a session of the new user.
        """
        return Call(
            "POST",
            ("auth", "register"),
            returns(models.TokenPair),
            body=body,
            headers={"ConvoSphere-Reason": reason},
            repeat=Repeat.ONCE,
            timeout=timeout,
        )

    @operation
    def end_all_sessions(
        self, *, idempotency_key: str | None = None, reason: str | None = None, timeout: float | None = None
    ) -> Call[None]:
        """Ends all sessions of the caller

        The current session ends as well.
        """
        return Call(
            "DELETE",
            ("auth", "sessions"),
            returns_nothing,
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def list_sessions(
        self, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.SessionList]:
        """Lists the sessions of the caller

        One entry for each device or browser that is logged in; `current` marks the session of this request.
        """
        return Call(
            "GET",
            ("auth", "sessions"),
            returns(models.SessionList),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def end_session(
        self, id: UUID, *, idempotency_key: str | None = None, reason: str | None = None, timeout: float | None = None
    ) -> Call[None]:
        """Ends a session of the caller

        The tokens of that session stop working.
        """
        return Call(
            "DELETE",
            ("auth", "sessions", id),
            returns_nothing,
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def list_backups(self, *, min_position: int | None = None, timeout: float | None = None) -> Call[models.Backups]:
        """Lists the backups of the installation

        The newest backup comes first. Requires the admin role.
        """
        return Call(
            "GET",
            ("backups",),
            returns(models.Backups),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def create_backup(
        self, *, idempotency_key: str | None = None, reason: str | None = None, timeout: float | None = None
    ) -> Call[models.Job]:
        """Starts a backup

        A job writes the backup while the installation runs, reads it to the end to check it, and deletes backups
        that are too old to keep. Requires the admin role.
        """
        return Call(
            "POST",
            ("backups",),
            returns(models.Job),
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def list_conversations(
        self,
        *,
        q: str | None = None,
        archived: bool | None = None,
        trashed: bool | None = None,
        pinned: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.ConversationList]:
        """Lists the caller's conversations

        The conversation that changed last comes first. Archived and trashed conversations are listed only on
        request.

        q: Only conversations whose title contains this text.

        archived: True lists archived conversations instead.

        trashed: True lists the conversations in the trash instead.

        pinned: Only conversations that are pinned (true) or not (false).

        limit: The number of entries in a page, 1 to 200; 50 by default.

        cursor: The `next_cursor` of the previous page.
        """
        return Call(
            "GET",
            ("conversations",),
            returns(models.ConversationList),
            query={
                "q": q,
                "archived": archived,
                "trashed": trashed,
                "pinned": pinned,
                "limit": limit,
                "cursor": cursor,
            },
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def create_conversation(
        self,
        body: models.CreateConversation,
        *,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.StartedConversation]:
        """Creates a conversation

        Uses the default assistant unless another one is given, with the caller's default model unless a model is
        given. Can post the first message as well: then either both happen or nothing does. Guests cannot create
        conversations.
        """
        return Call(
            "POST",
            ("conversations",),
            returns(models.StartedConversation),
            body=body,
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def empty_trash(
        self, *, idempotency_key: str | None = None, reason: str | None = None, timeout: float | None = None
    ) -> Call[models.Job]:
        """Empties the trash

        A job erases the conversations in the caller's trash, and the files that only they have. This cannot be
        undone.
        """
        return Call(
            "POST",
            ("conversations", "empty-trash"),
            returns(models.Job),
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def trash_conversation(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[None]:
        """Moves a conversation to the trash

        The conversation can be restored from there.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "DELETE",
            ("conversations", id),
            returns_nothing,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def get_conversation(
        self, id: UUID, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.Conversation]:
        """Reads a conversation

        Only the owner can read a conversation.
        """
        return Call(
            "GET",
            ("conversations", id),
            returns(models.Conversation),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def update_conversation(
        self,
        id: UUID,
        body: models.UpdateConversation,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Conversation]:
        """Changes a conversation

        Changes the given fields and leaves the others.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PATCH",
            ("conversations", id),
            returns(models.Conversation),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def erase_conversation(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Job]:
        """Erases a conversation

        Erases the conversation at once, whether it is in the trash or not, and the files that only this
        conversation has in a job. This cannot be undone.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "POST",
            ("conversations", id, "erase"),
            returns(models.Job),
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def export_conversation(
        self,
        id: UUID,
        *,
        format: models.ExportFormat | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[bytes]:
        """Exports a conversation as a file

        The reasoning of models is part of the JSON format only. The other formats say how an incomplete answer
        ended.

        format: The format of the file; `json` by default.
        """
        return Call(
            "GET",
            ("conversations", id, "export"),
            returns_bytes,
            query={"format": format},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def list_messages(
        self,
        id: UUID,
        *,
        leaf: UUID | None = None,
        through: UUID | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.MessageList]:
        """Lists the messages of a conversation

        Reads the path from a message, by default the newest one, to its root; the newest message comes first.

        leaf: The message at which the path ends; the newest one by default.

        through: Instead of `leaf`: a message on the path, which ends at the newest message below it.

        limit: The number of entries in a page, 1 to 200; 50 by default.

        cursor: The `next_cursor` of the previous page.
        """
        return Call(
            "GET",
            ("conversations", id, "messages"),
            returns(models.MessageList),
            query={"leaf": leaf, "through": through, "limit": limit, "cursor": cursor},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def post_message(
        self,
        id: UUID,
        body: models.PostMessage,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Exchange]:
        """Posts a message

        Asks the assistant for an answer unless `respond` is false. The answer is written in the background: follow
        it with `GET /responses/{id}/stream`.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "POST",
            ("conversations", id, "messages"),
            returns(models.Exchange),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def move_read_marker(
        self,
        id: UUID,
        body: models.MoveReadMarker,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[None]:
        """Moves the read marker

        Stores up to which message the caller has read, in the order in which the messages were posted. A marker
        never moves back: an earlier message changes nothing.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PUT",
            ("conversations", id, "read-marker"),
            returns_nothing,
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def restore_conversation(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Conversation]:
        """Restores a conversation from the trash

        The conversation is listed again.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "POST",
            ("conversations", id, "restore"),
            returns(models.Conversation),
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @stream
    def stream_conversation(self, id: UUID, *, after: str | None = None) -> Call[None]:
        """Follows a conversation

        Server-sent events: messages, runs, and the pieces of answers as they are written. Durable frames carry an
        `id`; send the last one as `Last-Event-ID` and nothing is missed. Without it and without `after`, the stream
        starts now. Frames: `message.posted`, `conversation.changed`, `read_marker.moved`, `response.started`,
        `response.delta`, `response.snapshot`, one of `response.completed`, `response.failed`,
        `response.interrupted` and `response.cancelled` per run, `stream.caught_up`, `stream.reset`,
        `stream.closed`. Ignore unknown frames.

        after: An event id or a position; only later events are sent.
        """
        return Call("GET", ("conversations", id, "stream"), returns_nothing, query={"after": after})

    @operation
    def delete_document(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[None]:
        """Deletes a document

        The document is no longer found; its encryption key and its file are destroyed.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "DELETE",
            ("documents", id),
            returns_nothing,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def get_document(
        self, id: UUID, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.Document]:
        """Reads a document

        `status` shows whether processing has finished.
        """
        return Call(
            "GET",
            ("documents", id),
            returns(models.Document),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def list_chunks(
        self,
        id: UUID,
        *,
        around: UUID | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.ChunkList]:
        """Lists the passages of a document

        The passages that searches find, in the order of the document.

        around: Starts the page a little before this passage.

        limit: The number of entries in a page, 1 to 200; 50 by default.

        cursor: The `next_cursor` of the previous page.
        """
        return Call(
            "GET",
            ("documents", id, "chunks"),
            returns(models.ChunkList),
            query={"around": around, "limit": limit, "cursor": cursor},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def get_document_content(
        self, id: UUID, *, min_position: int | None = None, range_: str | None = None, timeout: float | None = None
    ) -> Call[bytes]:
        """Downloads the file of a document

        The bytes as they were uploaded, as an attachment that no browser runs. Supports a single byte range.
        """
        return Call(
            "GET",
            ("documents", id, "content"),
            returns_bytes,
            headers={"ConvoSphere-Min-Position": min_position, "Range": range_},
            timeout=timeout,
        )

    @operation
    def replace_document(
        self,
        id: UUID,
        upload: Upload,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Document]:
        """Uploads a new version of a document

        Searches find the passages of the previous version until the new ones are ready.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PUT",
            ("documents", id, "content"),
            returns(models.Document),
            upload=upload,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def reprocess_document(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Document]:
        """Processes a document again

        Uses the current settings of the knowledge base.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "POST",
            ("documents", id, "reprocess"),
            returns(models.Document),
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def list_events(
        self,
        *,
        after: int | None = None,
        aggregate_id: UUID | None = None,
        event_type: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.EventList]:
        """Lists the events of the log

        In the order of the log. Personal text stays encrypted. Requires the admin role.

        after: Only events after this position.

        aggregate_id: Only events of this object.

        event_type: Only events of this type, such as `message_posted`.

        limit: The number of entries in a page, 1 to 200; 50 by default.

        cursor: The `next_cursor` of the previous page.
        """
        return Call(
            "GET",
            ("events",),
            returns(models.EventList),
            query={
                "after": after,
                "aggregate_id": aggregate_id,
                "event_type": event_type,
                "limit": limit,
                "cursor": cursor,
            },
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @stream
    def stream_events(self, *, after: str | None = None) -> Call[None]:
        """Follows the log

        Server-sent events: one `event` for each event in order, with an id for `Last-Event-ID`. Requires the admin
        role.

        after: An event id or a position; only later events are sent. By default, the stream starts now.
        """
        return Call("GET", ("events", "stream"), returns_nothing, query={"after": after})

    @operation
    def verify_events(
        self, *, idempotency_key: str | None = None, reason: str | None = None, timeout: float | None = None
    ) -> Call[models.Job]:
        """Starts a verification of the log

        A job recomputes the hash chain and compares it with its anchors, the backups and the read models. Its
        result names the first position that does not match, and why. Requires the admin role.
        """
        return Call(
            "POST",
            ("events", "verify"),
            returns(models.Job),
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def export_everything(
        self, *, files: bool | None = None, min_position: int | None = None, timeout: float | None = None
    ) -> Call[bytes]:
        """Exports everything that belongs to the caller

        One archive with all conversations, including those in the trash, files, assistants and knowledge bases. The
        archive is streamed; if the download is interrupted, it is incomplete and not valid. Its digest depends on
        the content and not on ids, so it is the same after an import elsewhere.

        files: Whether the archive contains the bytes of files; true by default.
        """
        return Call(
            "GET",
            ("exports", "archive"),
            returns_bytes,
            query={"files": files},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def get_feed(
        self,
        *,
        after: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.EventList]:
        """Reads the events that concern the caller

        The events of the caller's account, of what belongs to it, and of the groups with which the caller's
        knowledge bases are shared, in the order of the log and with readable text. Erased text reads `[erased]`;
        addresses and reasons stay encrypted. With `Accept: text/event-stream` the answer is a stream of `event`
        frames, each with an id for `Last-Event-ID`, and `stream.caught_up`, `stream.reset` and `stream.closed`; it
        starts now unless `after` or `Last-Event-ID` is given. Otherwise the answer is a page, from the beginning
        unless `after` is given.

        after: An event id or a position; only later events are returned.

        limit: The number of entries in a page, 1 to 200; 50 by default.

        cursor: The `next_cursor` of the previous page.
        """
        return Call(
            "GET",
            ("feed",),
            returns(models.EventList),
            query={"after": after, "limit": limit, "cursor": cursor},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @stream
    def stream_feed(self, *, after: str | None = None) -> Call[None]:
        """Follows what `get_feed` reads."""
        return Call("GET", ("feed",), returns_nothing, query={"after": after})

    @operation
    def list_files(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.FileList]:
        """Lists the caller's files

        The newest file comes first.

        limit: The number of entries in a page, 1 to 200; 50 by default.

        cursor: The `next_cursor` of the previous page.
        """
        return Call(
            "GET",
            ("files",),
            returns(models.FileList),
            query={"limit": limit, "cursor": cursor},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def upload_file(
        self,
        upload: Upload,
        *,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.File]:
        """Uploads a file

        Send one part named `file`, with a file name. Uploading the same bytes under the same name again returns the
        existing file; under another name they are a new file.
        """
        return Call(
            "POST",
            ("files",),
            returns(models.File),
            upload=upload,
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def delete_file(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[None]:
        """Deletes a file

        Destroys its encryption key and deletes its bytes. A file that belongs to a document cannot be deleted.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "DELETE",
            ("files", id),
            returns_nothing,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def get_file(self, id: UUID, *, min_position: int | None = None, timeout: float | None = None) -> Call[models.File]:
        """Reads the description of a file

        Name, type, size and digest, and why its text could not be read, if so.
        """
        return Call(
            "GET",
            ("files", id),
            returns(models.File),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def get_file_content(
        self, id: UUID, *, min_position: int | None = None, range_: str | None = None, timeout: float | None = None
    ) -> Call[bytes]:
        """Downloads a file

        The bytes as they were uploaded, as an attachment that no browser runs. Supports a single byte range.
        """
        return Call(
            "GET",
            ("files", id, "content"),
            returns_bytes,
            headers={"ConvoSphere-Min-Position": min_position, "Range": range_},
            timeout=timeout,
        )

    @operation
    def list_groups(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.GroupList]:
        """Lists groups

        Managers and administrators see all groups, others the groups they belong to.

        limit: The number of entries in a page, 1 to 200; 50 by default.

        cursor: The `next_cursor` of the previous page.
        """
        return Call(
            "GET",
            ("groups",),
            returns(models.GroupList),
            query={"limit": limit, "cursor": cursor},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def create_group(
        self,
        body: models.CreateGroup,
        *,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Group]:
        """Creates a group

        Requires the manager or admin role.
        """
        return Call(
            "POST",
            ("groups",),
            returns(models.Group),
            body=body,
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def delete_group(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[None]:
        """Deletes a group

        Everything shared with the group is no longer shared with it. Requires the admin role, or being the manager
        of this group.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "DELETE",
            ("groups", id),
            returns_nothing,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def get_group(
        self, id: UUID, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.Group]:
        """Reads a group

        For its members, managers and administrators.
        """
        return Call(
            "GET",
            ("groups", id),
            returns(models.Group),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def update_group(
        self,
        id: UUID,
        body: models.UpdateGroup,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Group]:
        """Changes a group

        Changes the given fields and leaves the others. Requires the admin role, or being the manager of this group.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PATCH",
            ("groups", id),
            returns(models.Group),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def list_members(
        self,
        id: UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.MemberList]:
        """Lists the members of a group

        Email addresses are shown to managers and administrators only.

        limit: The number of entries in a page, 1 to 200; 50 by default.

        cursor: The `next_cursor` of the previous page.
        """
        return Call(
            "GET",
            ("groups", id, "members"),
            returns(models.MemberList),
            query={"limit": limit, "cursor": cursor},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def add_member(
        self,
        id: UUID,
        body: models.AddMember,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Member]:
        """Adds a user to a group

        By id or email. Managers can add users below the manager role, and themselves; administrators can add
        everyone.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "POST",
            ("groups", id, "members"),
            returns(models.Member),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def remove_member(
        self,
        id: UUID,
        user_id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[None]:
        """Removes a user from a group

        Members can also remove themselves.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "DELETE",
            ("groups", id, "members", user_id),
            returns_nothing,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def start_import(
        self,
        body: models.StartImport,
        *,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Job]:
        """Starts an import

        A job imports an uploaded file: its conversations with their times, and everything else that an archive
        contains. Importing the same file again changes nothing. Each user can run one import at a time. The result
        of the job counts new entries, entries that existed already, and entries that could not be imported.
        """
        return Call(
            "POST",
            ("imports",),
            returns(models.Job),
            body=body,
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def list_jobs(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.JobList]:
        """Lists the caller's jobs

        The newest job comes first.

        limit: The number of entries in a page, 1 to 200; 50 by default.

        cursor: The `next_cursor` of the previous page.
        """
        return Call(
            "GET",
            ("jobs",),
            returns(models.JobList),
            query={"limit": limit, "cursor": cursor},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def get_job(self, id: UUID, *, min_position: int | None = None, timeout: float | None = None) -> Call[models.Job]:
        """Reads a job

        Status, progress and result of a job that the caller started.
        """
        return Call(
            "GET",
            ("jobs", id),
            returns(models.Job),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def cancel_job(
        self, id: UUID, *, idempotency_key: str | None = None, reason: str | None = None, timeout: float | None = None
    ) -> Call[models.Job]:
        """Cancels a job

        Asks the job to stop. Whatever it has done so far has no effect.
        """
        return Call(
            "POST",
            ("jobs", id, "cancel"),
            returns(models.Job),
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @stream
    def stream_job(self, id: UUID) -> Call[None]:
        """Follows a job

        Server-sent events: `job.progress` whenever the job has moved on, `job.ended` at the end.
        """
        return Call("GET", ("jobs", id, "stream"), returns_nothing)

    @operation
    def list_knowledge_bases(
        self,
        *,
        tag: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.KnowledgeBaseList]:
        """Lists the knowledge bases that the caller may see

        The caller's own knowledge bases, those that are shared with the caller's groups, and those for everyone.

        tag: Only knowledge bases with this tag.

        limit: The number of entries in a page, 1 to 200; 50 by default.

        cursor: The `next_cursor` of the previous page.
        """
        return Call(
            "GET",
            ("knowledge-bases",),
            returns(models.KnowledgeBaseList),
            query={"tag": tag, "limit": limit, "cursor": cursor},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def create_knowledge_base(
        self,
        body: models.CreateKnowledgeBase,
        *,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.KnowledgeBase]:
        """Creates a knowledge base

        Guests cannot create knowledge bases.
        """
        return Call(
            "POST",
            ("knowledge-bases",),
            returns(models.KnowledgeBase),
            body=body,
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def delete_knowledge_base(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[None]:
        """Deletes a knowledge base

        Searches no longer find its documents; a job erases them.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "DELETE",
            ("knowledge-bases", id),
            returns_nothing,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def get_knowledge_base(
        self, id: UUID, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.KnowledgeBase]:
        """Reads a knowledge base

        For callers who may read its documents.
        """
        return Call(
            "GET",
            ("knowledge-bases", id),
            returns(models.KnowledgeBase),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def update_knowledge_base(
        self,
        id: UUID,
        body: models.UpdateKnowledgeBase,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.KnowledgeBase]:
        """Changes a knowledge base

        Changes the given fields and leaves the others.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PATCH",
            ("knowledge-bases", id),
            returns(models.KnowledgeBase),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def list_documents(
        self,
        id: UUID,
        *,
        status: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.DocumentList]:
        """Lists the documents of a knowledge base

        In the order in which they were added.

        status: Only documents with this status: `queued`, `processing`, `ready` or `failed`.

        limit: The number of entries in a page, 1 to 200; 50 by default.

        cursor: The `next_cursor` of the previous page.
        """
        return Call(
            "GET",
            ("knowledge-bases", id, "documents"),
            returns(models.DocumentList),
            query={"status": status, "limit": limit, "cursor": cursor},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def add_document(
        self,
        id: UUID,
        upload: Upload,
        *,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Document]:
        """Adds a document to a knowledge base

        Uploading the same bytes under the same name again returns the existing document.
        """
        return Call(
            "POST",
            ("knowledge-bases", id, "documents"),
            returns(models.Document),
            upload=upload,
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def search_knowledge(
        self, body: models.SearchKnowledge, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.KnowledgeHits]:
        """Searches knowledge bases for passages

        Finds the passages that answer a question, in knowledge bases that the caller may read.
        """
        return Call(
            "POST",
            ("knowledge", "search"),
            returns(models.KnowledgeHits),
            body=body,
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def get_message(
        self, id: UUID, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.Message]:
        """Reads a message

        For the owner of the conversation.
        """
        return Call(
            "GET",
            ("messages", id),
            returns(models.Message),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def edit_message(
        self,
        id: UUID,
        body: models.EditMessage,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Exchange]:
        """Edits and resends a message

        The original stays; the new message becomes its sibling and is answered.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "POST",
            ("messages", id, "edit"),
            returns(models.Exchange),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def give_feedback(
        self,
        id: UUID,
        body: models.GiveFeedback,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[None]:
        """Rates an answer

        Says whether an answer was good, or removes the rating.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PUT",
            ("messages", id, "feedback"),
            returns_nothing,
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def regenerate_answer(
        self,
        id: UUID,
        body: models.RegenerateAnswer,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Exchange]:
        """Regenerates an answer

        Requests another answer to the same question; the earlier answer is kept as its sibling.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "POST",
            ("messages", id, "regenerate"),
            returns(models.Exchange),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def list_models(
        self, *, include_disabled: bool | None = None, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.ModelList]:
        """Lists the models that the caller may use

        The models of all providers, and the built-in one. Models that an administrator has disabled are left out.

        include_disabled: True includes disabled models. Requires the admin role.
        """
        return Call(
            "GET",
            ("models",),
            returns(models.ModelList),
            query={"include_disabled": include_disabled},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def list_projections(
        self, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.ProjectionList]:
        """Lists the read models

        Shows the position that each read model has reached. Requires the admin role.
        """
        return Call(
            "GET",
            ("projections",),
            returns(models.ProjectionList),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def list_parked(
        self, name: str, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.ParkedScopeList]:
        """Lists what a read model has parked

        Objects whose events could not be applied; they wait until they are retried. Requires the admin role.
        """
        return Call(
            "GET",
            ("projections", name, "parked"),
            returns(models.ParkedScopeList),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def retry_parked(
        self,
        name: str,
        aggregate_id: UUID,
        *,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[None]:
        """Retries a parked object

        Applies the waiting events of the object again. Requires the admin role.
        """
        return Call(
            "POST",
            ("projections", name, "parked", aggregate_id, "retry"),
            returns_nothing,
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def rebuild_projection(
        self, name: str, *, idempotency_key: str | None = None, reason: str | None = None, timeout: float | None = None
    ) -> Call[models.Job]:
        """Starts a rebuild of a read model

        A job rebuilds it from the log; readers see the old state until the rebuild is complete. Requires the admin
        role.
        """
        return Call(
            "POST",
            ("projections", name, "rebuild"),
            returns(models.Job),
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def list_providers(
        self, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.ProviderList]:
        """Lists the model providers

        Requires the admin role.
        """
        return Call(
            "GET",
            ("providers",),
            returns(models.ProviderList),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def create_provider(
        self,
        body: models.CreateProvider,
        *,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Provider]:
        """Adds a model provider

        Checks the provider and waits a few seconds for the result. Requires the admin role.
        """
        return Call(
            "POST",
            ("providers",),
            returns(models.Provider),
            body=body,
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def list_local_servers(
        self, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.LocalServerList]:
        """Lists model servers on this machine

        Servers such as Ollama that were found on the machine of this server. Each can be added with its `base_url`,
        without changing settings. Requires the admin role.
        """
        return Call(
            "GET",
            ("providers", "local"),
            returns(models.LocalServerList),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def delete_provider(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[None]:
        """Deletes a model provider

        Its models can no longer be used. Requires the admin role.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "DELETE",
            ("providers", id),
            returns_nothing,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def get_provider(
        self, id: UUID, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.Provider]:
        """Reads a model provider

        Requires the admin role.
        """
        return Call(
            "GET",
            ("providers", id),
            returns(models.Provider),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def update_provider(
        self,
        id: UUID,
        body: models.UpdateProvider,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Provider]:
        """Changes a model provider

        Changes its address, its API key or its lists of models, and checks the provider unless it only disables
        models. Requires the admin role.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PATCH",
            ("providers", id),
            returns(models.Provider),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def refresh_provider(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Provider]:
        """Refreshes the models of a provider

        Asks the provider for its list of models again. Requires the admin role.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "POST",
            ("providers", id, "refresh"),
            returns(models.Provider),
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def test_provider(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Provider]:
        """Tests a model provider

        Asks the provider whether it answers. Requires the admin role.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "POST",
            ("providers", id, "test"),
            returns(models.Provider),
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def get_response(
        self, id: UUID, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.Response]:
        """Reads a run

        One run of an assistant: its status, its usage and how it ended.
        """
        return Call(
            "GET",
            ("responses", id),
            returns(models.Response),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def cancel_response(
        self, id: UUID, *, idempotency_key: str | None = None, reason: str | None = None, timeout: float | None = None
    ) -> Call[models.Response]:
        """Cancels a run

        Asks the run to stop. The text written so far is kept.
        """
        return Call(
            "POST",
            ("responses", id, "cancel"),
            returns(models.Response),
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def get_prompt(
        self, id: UUID, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.Prompt]:
        """Reads the prompt of a run

        The messages that were sent to the model, the passages that the caller may still read, and the instructions
        of the assistant if the caller may change it.
        """
        return Call(
            "GET",
            ("responses", id, "prompt"),
            returns(models.Prompt),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @stream
    def stream_response(self, id: UUID, *, after: str | None = None) -> Call[None]:
        """Follows a run

        Server-sent events of this run from its start; the stream ends after the last event of the run.

        after: An event id or a position; only later events are sent.
        """
        return Call("GET", ("responses", id, "stream"), returns_nothing, query={"after": after})

    @operation
    def search(
        self,
        *,
        q: str,
        kind: models.SearchKind | None = None,
        conversation_id: UUID | None = None,
        knowledge_base_id: UUID | None = None,
        role: models.SearchRole | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        mode: models.SearchMode | None = None,
        facets: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.SearchPage]:
        """Searches everything that the caller may read

        Searches the caller's conversations, assistants, and documents that the caller may read.

        q: The words to search for, or their beginnings; 1 to 500 characters.

        kind: Only hits of this kind.

        conversation_id: Only in this conversation.

        knowledge_base_id: Only in this knowledge base.

        role: Only messages that the caller wrote, or that assistants wrote.

        since: Only what was created at this time or later, to the second.

        until: Only what was created before this time, to the second.

        mode: How to search; `words` by default. `hybrid` also finds passages by meaning, unless `role`, `since` or
        `until` is given.

        facets: Whether to count hits by kind, role and knowledge base.

        limit: The number of entries in a page, 1 to 200; 50 by default.

        cursor: The `next_cursor` of the previous page.
        """
        return Call(
            "GET",
            ("search",),
            returns(models.SearchPage),
            query={
                "q": q,
                "kind": kind,
                "conversation_id": conversation_id,
                "knowledge_base_id": knowledge_base_id,
                "role": role,
                "since": since,
                "until": until,
                "mode": mode,
                "facets": facets,
                "limit": limit,
                "cursor": cursor,
            },
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def get_settings(self, *, min_position: int | None = None, timeout: float | None = None) -> Call[models.Settings]:
        """Reads the settings of the installation

        Settings that apply to all users.
        """
        return Call(
            "GET",
            ("settings",),
            returns(models.Settings),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def update_settings(
        self,
        body: models.UpdateSettings,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Settings]:
        """Changes the settings of the installation

        Changes the given fields and leaves the others. Requires the admin role.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PATCH",
            ("settings",),
            returns(models.Settings),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def get_setup(self, *, timeout: float | None = None) -> Call[models.SetupState]:
        """Reads whether setup is needed, and whether registration is open

        An installation needs setup until it has its first administrator.
        """
        return Call("GET", ("setup",), returns(models.SetupState), timeout=timeout)

    @operation
    def set_up(
        self, body: models.Setup, *, reason: str | None = None, timeout: float | None = None
    ) -> Call[models.TokenPair]:
        """Creates the first administrator

        Works once, with the token that the server prints when it starts for the first time. Starts a session of the
        administrator.
        """
        return Call(
            "POST",
            ("setup",),
            returns(models.TokenPair),
            body=body,
            headers={"ConvoSphere-Reason": reason},
            repeat=Repeat.ONCE,
            timeout=timeout,
        )

    @operation
    def list_users(
        self,
        *,
        q: str | None = None,
        sort: models.UserSort | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        min_position: int | None = None,
        timeout: float | None = None,
    ) -> Call[models.UserList]:
        """Lists all users

        Requires the admin role.

        q: Only users whose name or address contains this text.

        sort: The order; that of registration by default.

        limit: The number of entries in a page, 1 to 200; 50 by default.

        cursor: The `next_cursor` of the previous page.
        """
        return Call(
            "GET",
            ("users",),
            returns(models.UserList),
            query={"q": q, "sort": sort, "limit": limit, "cursor": cursor},
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def create_user(
        self,
        body: models.CreateUser,
        *,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.User]:
        """Creates a user

        Requires the admin role.
        """
        return Call(
            "POST",
            ("users",),
            returns(models.User),
            body=body,
            headers={"Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def get_me(self, *, min_position: int | None = None, timeout: float | None = None) -> Call[models.User]:
        """Reads the caller's account

        Name, email and role of the user who is logged in.
        """
        return Call(
            "GET",
            ("users", "me"),
            returns(models.User),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def update_me(
        self,
        body: models.UpdateMe,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.User]:
        """Changes the caller's account

        Changes the display name.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PATCH",
            ("users", "me"),
            returns(models.User),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def change_email(
        self,
        body: models.ChangeEmail,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.User]:
        """Changes the caller's email address

        The caller signs in with the new address from then on.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PUT",
            ("users", "me", "email"),
            returns(models.User),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def change_password(
        self,
        body: models.ChangePassword,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[None]:
        """Changes the caller's password

        Ends all other sessions of the caller.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PUT",
            ("users", "me", "password"),
            returns_nothing,
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def get_preferences(
        self, *, min_position: int | None = None, timeout: float | None = None
    ) -> Call[models.Preferences]:
        """Reads the caller's preferences

        They apply on every device.
        """
        return Call(
            "GET",
            ("users", "me", "preferences"),
            returns(models.Preferences),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def update_preferences(
        self,
        body: models.UpdatePreferences,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Preferences]:
        """Changes the caller's preferences

        Changes the given fields and leaves the others.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PATCH",
            ("users", "me", "preferences"),
            returns(models.Preferences),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def delete_user(
        self,
        id: UUID,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.Job]:
        """Erases a user

        Erases the account at once, and everything that the user owns in a job. This cannot be undone. Requires the
        admin role; administrators cannot erase themselves, and the last administrator cannot be erased.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "DELETE",
            ("users", id),
            returns(models.Job),
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def get_user(self, id: UUID, *, min_position: int | None = None, timeout: float | None = None) -> Call[models.User]:
        """Reads a user

        Requires the admin role.
        """
        return Call(
            "GET",
            ("users", id),
            returns(models.User),
            headers={"ConvoSphere-Min-Position": min_position},
            timeout=timeout,
        )

    @operation
    def update_user(
        self,
        id: UUID,
        body: models.UpdateUser,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.User]:
        """Changes a user

        Changes the role, name or address, or suspends or reactivates the user. Requires the admin role; the last
        administrator stays one.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PATCH",
            ("users", id),
            returns(models.User),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )

    @operation
    def reset_password(
        self,
        id: UUID,
        body: models.ResetPassword,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> Call[models.PasswordReset]:
        """Resets the password of a user

        Sets the given password, or a generated one that is returned and cannot be read again. Ends all sessions of
        the user. Requires the admin role; administrators change their own password with `PUT /users/me/password`.

        if_match: Fails if the object no longer has this version.
        """
        return Call(
            "PUT",
            ("users", id, "password"),
            returns(models.PasswordReset),
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "ConvoSphere-Reason": reason},
            repeat=Repeat.WRITE,
            timeout=timeout,
        )
