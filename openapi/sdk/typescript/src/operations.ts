// Generated from openapi.json by generate.py; run `scripts/sdk` instead of editing it.

import type { Call, Options, Page, Query, Schemas, Upload } from "./call.js";
import type { ListRequest, Request } from "./request.js";
import type { Frames, StreamOptions } from "./stream.js";

/** A method for each operation of the API. */
export abstract class Operations {
  protected abstract request<T>(call: Call): Request<T>;
  protected abstract list<P extends Page>(call: Call): ListRequest<P>;
  protected abstract download(call: Call): Request<Response>;
  protected abstract follow(path: Call["path"], options: StreamOptions): Frames;

  /**
   * Counts the answers of each assistant
   *
   * Runs, tokens and durations for each assistant over a range of days. Requires the admin role.
   */
  getAssistantUsage(query: Query<"getAssistantUsage"> = {}, options: Options<"minPosition"> = {}): Request<Schemas["UsageList"]> {
    return this.request({ method: "GET", path: ["analytics", "assistants"], query, options });
  }

  /**
   * Counts the use of each model
   *
   * Runs, tokens and durations for each model over a range of days. Requires the admin role.
   */
  getModelUsage(query: Query<"getModelUsage"> = {}, options: Options<"minPosition"> = {}): Request<Schemas["UsageList"]> {
    return this.request({ method: "GET", path: ["analytics", "models"], query, options });
  }

  /**
   * Reads the state of the installation
   *
   * Users, conversations, messages and runs of the whole installation, at most a second old; load, memory,
   * response times and uptime of the node that answers. Requires the admin role.
   */
  getOverview(options: Options<"minPosition"> = {}): Request<Schemas["Overview"]> {
    return this.request({ method: "GET", path: ["analytics", "overview"], options });
  }

  /**
   * Counts use over a range of days
   *
   * Runs, tokens and durations by day, model, assistant or user. Requires the admin role.
   */
  getUsage(query: Query<"getUsage"> = {}, options: Options<"minPosition"> = {}): Request<Schemas["UsageList"]> {
    return this.request({ method: "GET", path: ["analytics", "usage"], query, options });
  }

  /**
   * Lists the assistants that the caller may see
   *
   * The caller's own assistants and those that are visible to everyone.
   */
  listAssistants(query: Query<"listAssistants"> = {}, options: Options<"minPosition"> = {}): ListRequest<Schemas["AssistantList"]> {
    return this.list({ method: "GET", path: ["assistants"], query, options });
  }

  /**
   * Creates an assistant
   *
   * The assistant is a draft unless a status is given. Guests cannot create assistants.
   */
  createAssistant(body: Schemas["CreateAssistant"], options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["Assistant"]> {
    return this.request({ method: "POST", path: ["assistants"], body, options, repeat: "write" });
  }

  /**
   * Deletes an assistant
   *
   * Only the owner can delete an assistant. Its answers are kept.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  deleteAssistant(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "DELETE", path: ["assistants", id], options, repeat: "write" });
  }

  /**
   * Reads an assistant
   *
   * Instructions are shown only to callers who may change the assistant.
   */
  getAssistant(id: string, options: Options<"minPosition"> = {}): Request<Schemas["Assistant"]> {
    return this.request({ method: "GET", path: ["assistants", id], options });
  }

  /**
   * Changes an assistant
   *
   * Changes the given fields and leaves the others. A changed configuration becomes a new version.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  updateAssistant(id: string, body: Schemas["UpdateAssistant"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Assistant"]> {
    return this.request({ method: "PATCH", path: ["assistants", id], body, options, repeat: "write" });
  }

  /**
   * Activates an assistant
   *
   * Everyone who can see the assistant can then use it.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  activateAssistant(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Assistant"]> {
    return this.request({ method: "POST", path: ["assistants", id, "activate"], options, repeat: "write" });
  }

  /**
   * Deactivates an assistant
   *
   * Other users get 409 `assistant_not_active` until it is activated again.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  deactivateAssistant(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Assistant"]> {
    return this.request({ method: "POST", path: ["assistants", id, "deactivate"], options, repeat: "write" });
  }

  /**
   * Duplicates an assistant
   *
   * Creates a private draft of the caller with the same configuration. Requires the right to change the original.
   */
  duplicateAssistant(id: string, options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["Assistant"]> {
    return this.request({ method: "POST", path: ["assistants", id, "duplicate"], options, repeat: "write" });
  }

  /**
   * Counts how the answers of an assistant ended
   *
   * For the owner, and for managers if the assistant is visible to everyone.
   */
  getAssistantPerformance(id: string, options: Options<"minPosition"> = {}): Request<Schemas["AssistantPerformance"]> {
    return this.request({ method: "GET", path: ["assistants", id, "performance"], options });
  }

  /**
   * Lists the versions of an assistant
   *
   * The newest version comes first. Requires the right to change the assistant.
   */
  listAssistantVersions(id: string, options: Options<"minPosition"> = {}): ListRequest<Schemas["AssistantVersionList"]> {
    return this.list({ method: "GET", path: ["assistants", id, "versions"], options });
  }

  /**
   * Reads a version of an assistant
   *
   * Requires the right to change the assistant.
   */
  getAssistantVersion(id: string, n: number, options: Options<"minPosition"> = {}): Request<Schemas["AssistantVersion"]> {
    return this.request({ method: "GET", path: ["assistants", id, "versions", n], options });
  }

  /**
   * Restores a version of an assistant
   *
   * The configuration of the earlier version becomes the current one, as a new version.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  restoreAssistantVersion(id: string, n: number, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Assistant"]> {
    return this.request({ method: "POST", path: ["assistants", id, "versions", n, "restore"], options, repeat: "write" });
  }

  /**
   * Logs in with email and password
   *
   * Starts a session. With `cookie: true` the refresh token is set as an `HttpOnly` cookie and is not part of the
   * body.
   */
  login(body: Schemas["Login"], options: Options<"reason"> = {}): Request<Schemas["TokenPair"]> {
    return this.request({ method: "POST", path: ["auth", "login"], body, options, repeat: "once" });
  }

  /**
   * Ends the current session
   *
   * The access token and the refresh token of the session stop working.
   */
  logout(options: Options<"idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "POST", path: ["auth", "logout"], options, repeat: "write" });
  }

  /**
   * Exchanges a refresh token for new tokens
   *
   * The refresh token comes in the body or in the cookie. Each refresh token is used once; the use of an old one
   * ends the session.
   */
  refresh(body: Schemas["Refresh"], options: Options<"reason"> = {}): Request<Schemas["TokenPair"]> {
    return this.request({ method: "POST", path: ["auth", "refresh"], body, options, repeat: "once" });
  }

  /**
   * Registers a new user
   *
   * Available if the operator allows registration. Starts a session of the new user.
   */
  register(body: Schemas["Register"], options: Options<"reason"> = {}): Request<Schemas["TokenPair"]> {
    return this.request({ method: "POST", path: ["auth", "register"], body, options, repeat: "once" });
  }

  /**
   * Ends all sessions of the caller
   *
   * The current session ends as well.
   */
  endAllSessions(options: Options<"idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "DELETE", path: ["auth", "sessions"], options, repeat: "write" });
  }

  /**
   * Lists the sessions of the caller
   *
   * One entry for each device or browser that is logged in; `current` marks the session of this request.
   */
  listSessions(options: Options<"minPosition"> = {}): ListRequest<Schemas["SessionList"]> {
    return this.list({ method: "GET", path: ["auth", "sessions"], options });
  }

  /**
   * Ends a session of the caller
   *
   * The tokens of that session stop working.
   */
  endSession(id: string, options: Options<"idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "DELETE", path: ["auth", "sessions", id], options, repeat: "write" });
  }

  /**
   * Lists the backups of the installation
   *
   * The newest backup comes first. Requires the admin role.
   */
  listBackups(options: Options<"minPosition"> = {}): ListRequest<Schemas["Backups"]> {
    return this.list({ method: "GET", path: ["backups"], options });
  }

  /**
   * Starts a backup
   *
   * A job writes the backup while the installation runs, reads it to the end to check it, and deletes backups that
   * are too old to keep. Requires the admin role.
   */
  createBackup(options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["Job"]> {
    return this.request({ method: "POST", path: ["backups"], options, repeat: "write" });
  }

  /**
   * Lists the caller's conversations
   *
   * The conversation that changed last comes first. Archived and trashed conversations are listed only on request.
   */
  listConversations(query: Query<"listConversations"> = {}, options: Options<"minPosition"> = {}): ListRequest<Schemas["ConversationList"]> {
    return this.list({ method: "GET", path: ["conversations"], query, options });
  }

  /**
   * Creates a conversation
   *
   * Uses the default assistant unless another one is given, with the caller's default model unless a model is
   * given. Can post the first message as well: then either both happen or nothing does. Guests cannot create
   * conversations.
   */
  createConversation(body: Schemas["CreateConversation"], options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["StartedConversation"]> {
    return this.request({ method: "POST", path: ["conversations"], body, options, repeat: "write" });
  }

  /**
   * Empties the trash
   *
   * A job erases the conversations in the caller's trash, and the files that only they have. This cannot be
   * undone.
   */
  emptyTrash(options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["Job"]> {
    return this.request({ method: "POST", path: ["conversations", "empty-trash"], options, repeat: "write" });
  }

  /**
   * Moves a conversation to the trash
   *
   * The conversation can be restored from there.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  trashConversation(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "DELETE", path: ["conversations", id], options, repeat: "write" });
  }

  /**
   * Reads a conversation
   *
   * Only the owner can read a conversation.
   */
  getConversation(id: string, options: Options<"minPosition"> = {}): Request<Schemas["Conversation"]> {
    return this.request({ method: "GET", path: ["conversations", id], options });
  }

  /**
   * Changes a conversation
   *
   * Changes the given fields and leaves the others.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  updateConversation(id: string, body: Schemas["UpdateConversation"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Conversation"]> {
    return this.request({ method: "PATCH", path: ["conversations", id], body, options, repeat: "write" });
  }

  /**
   * Erases a conversation
   *
   * Erases the conversation at once, whether it is in the trash or not, and the files that only this conversation
   * has in a job. This cannot be undone.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  eraseConversation(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Job"]> {
    return this.request({ method: "POST", path: ["conversations", id, "erase"], options, repeat: "write" });
  }

  /**
   * Exports a conversation as a file
   *
   * The reasoning of models is part of the JSON format only. The other formats say how an incomplete answer ended.
   */
  exportConversation(id: string, query: Query<"exportConversation"> = {}, options: Options<"minPosition"> = {}): Request<Response> {
    return this.download({ method: "GET", path: ["conversations", id, "export"], query, options });
  }

  /**
   * Lists the messages of a conversation
   *
   * Reads the path from a message, by default the newest one, to its root; the newest message comes first.
   */
  listMessages(id: string, query: Query<"listMessages"> = {}, options: Options<"minPosition"> = {}): ListRequest<Schemas["MessageList"]> {
    return this.list({ method: "GET", path: ["conversations", id, "messages"], query, options });
  }

  /**
   * Posts a message
   *
   * Asks the assistant for an answer unless `respond` is false. The answer is written in the background: follow it
   * with `GET /responses/{id}/stream`.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  postMessage(id: string, body: Schemas["PostMessage"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Exchange"]> {
    return this.request({ method: "POST", path: ["conversations", id, "messages"], body, options, repeat: "write" });
  }

  /**
   * Moves the read marker
   *
   * Stores up to which message the caller has read, in the order in which the messages were posted. A marker never
   * moves back: an earlier message changes nothing.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  moveReadMarker(id: string, body: Schemas["MoveReadMarker"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "PUT", path: ["conversations", id, "read-marker"], body, options, repeat: "write" });
  }

  /**
   * Restores a conversation from the trash
   *
   * The conversation is listed again.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  restoreConversation(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Conversation"]> {
    return this.request({ method: "POST", path: ["conversations", id, "restore"], options, repeat: "write" });
  }

  /**
   * Follows a conversation
   *
   * Server-sent events: messages, runs, and the pieces of answers as they are written. Durable frames carry an
   * `id`; send the last one as `Last-Event-ID` and nothing is missed. Without it and without `after`, the stream
   * starts now. Frames: `message.posted`, `conversation.changed`, `read_marker.moved`, `response.started`,
   * `response.delta`, `response.snapshot`, one of `response.completed`, `response.failed`, `response.interrupted`
   * and `response.cancelled` per run, `stream.caught_up`, `stream.reset`, `stream.closed`. Ignore unknown frames.
   */
  streamConversation(id: string, options: StreamOptions = {}): Frames {
    return this.follow(["conversations", id, "stream"], options);
  }

  /**
   * Deletes a document
   *
   * The document is no longer found; its encryption key and its file are destroyed.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  deleteDocument(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "DELETE", path: ["documents", id], options, repeat: "write" });
  }

  /**
   * Reads a document
   *
   * `status` shows whether processing has finished.
   */
  getDocument(id: string, options: Options<"minPosition"> = {}): Request<Schemas["Document"]> {
    return this.request({ method: "GET", path: ["documents", id], options });
  }

  /**
   * Lists the passages of a document
   *
   * The passages that searches find, in the order of the document.
   */
  listChunks(id: string, query: Query<"listChunks"> = {}, options: Options<"minPosition"> = {}): ListRequest<Schemas["ChunkList"]> {
    return this.list({ method: "GET", path: ["documents", id, "chunks"], query, options });
  }

  /**
   * Downloads the file of a document
   *
   * The bytes as they were uploaded, as an attachment that no browser runs. Supports a single byte range.
   */
  getDocumentContent(id: string, options: Options<"minPosition" | "range"> = {}): Request<Response> {
    return this.download({ method: "GET", path: ["documents", id, "content"], options });
  }

  /**
   * Uploads a new version of a document
   *
   * Searches find the passages of the previous version until the new ones are ready.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  replaceDocument(id: string, upload: Upload, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Document"]> {
    return this.request({ method: "PUT", path: ["documents", id, "content"], upload, options, repeat: "write" });
  }

  /**
   * Processes a document again
   *
   * Uses the current settings of the knowledge base.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  reprocessDocument(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Document"]> {
    return this.request({ method: "POST", path: ["documents", id, "reprocess"], options, repeat: "write" });
  }

  /**
   * Lists the events of the log
   *
   * In the order of the log. Personal text stays encrypted. Requires the admin role.
   */
  listEvents(query: Query<"listEvents"> = {}, options: Options<"minPosition"> = {}): ListRequest<Schemas["EventList"]> {
    return this.list({ method: "GET", path: ["events"], query, options });
  }

  /**
   * Follows the log
   *
   * Server-sent events: one `event` for each event in order, with an id for `Last-Event-ID`. Requires the admin
   * role.
   */
  streamEvents(options: StreamOptions = {}): Frames {
    return this.follow(["events", "stream"], options);
  }

  /**
   * Starts a verification of the log
   *
   * A job recomputes the hash chain and compares it with its anchors, the backups and the read models. Its result
   * names the first position that does not match, and why. Requires the admin role.
   */
  verifyEvents(options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["Job"]> {
    return this.request({ method: "POST", path: ["events", "verify"], options, repeat: "write" });
  }

  /**
   * Exports everything that belongs to the caller
   *
   * One archive with all conversations, including those in the trash, files, assistants and knowledge bases. The
   * archive is streamed; if the download is interrupted, it is incomplete and not valid. Its digest depends on the
   * content and not on ids, so it is the same after an import elsewhere.
   */
  exportEverything(query: Query<"exportEverything"> = {}, options: Options<"minPosition"> = {}): Request<Response> {
    return this.download({ method: "GET", path: ["exports", "archive"], query, options });
  }

  /**
   * Reads the events that concern the caller
   *
   * The events of the caller's account, of what belongs to it, and of the groups with which the caller's knowledge
   * bases are shared, in the order of the log and with readable text. Erased text reads `[erased]`; addresses and
   * reasons stay encrypted. With `Accept: text/event-stream` the answer is a stream of `event` frames, each with
   * an id for `Last-Event-ID`, and `stream.caught_up`, `stream.reset` and `stream.closed`; it starts now unless
   * `after` or `Last-Event-ID` is given. Otherwise the answer is a page, from the beginning unless `after` is
   * given.
   */
  getFeed(query: Query<"getFeed"> = {}, options: Options<"minPosition"> = {}): ListRequest<Schemas["EventList"]> {
    return this.list({ method: "GET", path: ["feed"], query, options });
  }

  /** Follows what {@link getFeed} reads. */
  streamFeed(options: StreamOptions = {}): Frames {
    return this.follow(["feed"], options);
  }

  /**
   * Lists the caller's files
   *
   * The newest file comes first.
   */
  listFiles(query: Query<"listFiles"> = {}, options: Options<"minPosition"> = {}): ListRequest<Schemas["FileList"]> {
    return this.list({ method: "GET", path: ["files"], query, options });
  }

  /**
   * Uploads a file
   *
   * Send one part named `file`, with a file name. Uploading the same bytes under the same name again returns the
   * existing file; under another name they are a new file.
   */
  uploadFile(upload: Upload, options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["File"]> {
    return this.request({ method: "POST", path: ["files"], upload, options, repeat: "write" });
  }

  /**
   * Deletes a file
   *
   * Destroys its encryption key and deletes its bytes. A file that belongs to a document cannot be deleted.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  deleteFile(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "DELETE", path: ["files", id], options, repeat: "write" });
  }

  /**
   * Reads the description of a file
   *
   * Name, type, size and digest, and why its text could not be read, if so.
   */
  getFile(id: string, options: Options<"minPosition"> = {}): Request<Schemas["File"]> {
    return this.request({ method: "GET", path: ["files", id], options });
  }

  /**
   * Downloads a file
   *
   * The bytes as they were uploaded, as an attachment that no browser runs. Supports a single byte range.
   */
  getFileContent(id: string, options: Options<"minPosition" | "range"> = {}): Request<Response> {
    return this.download({ method: "GET", path: ["files", id, "content"], options });
  }

  /**
   * Lists groups
   *
   * Managers and administrators see all groups, others the groups they belong to.
   */
  listGroups(query: Query<"listGroups"> = {}, options: Options<"minPosition"> = {}): ListRequest<Schemas["GroupList"]> {
    return this.list({ method: "GET", path: ["groups"], query, options });
  }

  /**
   * Creates a group
   *
   * Requires the manager or admin role.
   */
  createGroup(body: Schemas["CreateGroup"], options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["Group"]> {
    return this.request({ method: "POST", path: ["groups"], body, options, repeat: "write" });
  }

  /**
   * Deletes a group
   *
   * Everything shared with the group is no longer shared with it. Requires the admin role, or being the manager of
   * this group.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  deleteGroup(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "DELETE", path: ["groups", id], options, repeat: "write" });
  }

  /**
   * Reads a group
   *
   * For its members, managers and administrators.
   */
  getGroup(id: string, options: Options<"minPosition"> = {}): Request<Schemas["Group"]> {
    return this.request({ method: "GET", path: ["groups", id], options });
  }

  /**
   * Changes a group
   *
   * Changes the given fields and leaves the others. Requires the admin role, or being the manager of this group.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  updateGroup(id: string, body: Schemas["UpdateGroup"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Group"]> {
    return this.request({ method: "PATCH", path: ["groups", id], body, options, repeat: "write" });
  }

  /**
   * Lists the members of a group
   *
   * Email addresses are shown to managers and administrators only.
   */
  listMembers(id: string, query: Query<"listMembers"> = {}, options: Options<"minPosition"> = {}): ListRequest<Schemas["MemberList"]> {
    return this.list({ method: "GET", path: ["groups", id, "members"], query, options });
  }

  /**
   * Adds a user to a group
   *
   * By id or email. Managers can add users below the manager role, and themselves; administrators can add
   * everyone.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  addMember(id: string, body: Schemas["AddMember"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Member"]> {
    return this.request({ method: "POST", path: ["groups", id, "members"], body, options, repeat: "write" });
  }

  /**
   * Removes a user from a group
   *
   * Members can also remove themselves.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  removeMember(id: string, user_id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "DELETE", path: ["groups", id, "members", user_id], options, repeat: "write" });
  }

  /**
   * Starts an import
   *
   * A job imports an uploaded file: its conversations with their times, and everything else that an archive
   * contains. Importing the same file again changes nothing. Each user can run one import at a time. The result of
   * the job counts new entries, entries that existed already, and entries that could not be imported.
   */
  startImport(body: Schemas["StartImport"], options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["Job"]> {
    return this.request({ method: "POST", path: ["imports"], body, options, repeat: "write" });
  }

  /**
   * Lists the caller's jobs
   *
   * The newest job comes first.
   */
  listJobs(query: Query<"listJobs"> = {}, options: Options<"minPosition"> = {}): ListRequest<Schemas["JobList"]> {
    return this.list({ method: "GET", path: ["jobs"], query, options });
  }

  /**
   * Reads a job
   *
   * Status, progress and result of a job that the caller started.
   */
  getJob(id: string, options: Options<"minPosition"> = {}): Request<Schemas["Job"]> {
    return this.request({ method: "GET", path: ["jobs", id], options });
  }

  /**
   * Cancels a job
   *
   * Asks the job to stop. Whatever it has done so far has no effect.
   */
  cancelJob(id: string, options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["Job"]> {
    return this.request({ method: "POST", path: ["jobs", id, "cancel"], options, repeat: "write" });
  }

  /**
   * Follows a job
   *
   * Server-sent events: `job.progress` whenever the job has moved on, `job.ended` at the end.
   */
  streamJob(id: string, options: Omit<StreamOptions, "after"> = {}): Frames {
    return this.follow(["jobs", id, "stream"], options);
  }

  /**
   * Lists the knowledge bases that the caller may see
   *
   * The caller's own knowledge bases, those that are shared with the caller's groups, and those for everyone.
   */
  listKnowledgeBases(query: Query<"listKnowledgeBases"> = {}, options: Options<"minPosition"> = {}): ListRequest<Schemas["KnowledgeBaseList"]> {
    return this.list({ method: "GET", path: ["knowledge-bases"], query, options });
  }

  /**
   * Creates a knowledge base
   *
   * Guests cannot create knowledge bases.
   */
  createKnowledgeBase(body: Schemas["CreateKnowledgeBase"], options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["KnowledgeBase"]> {
    return this.request({ method: "POST", path: ["knowledge-bases"], body, options, repeat: "write" });
  }

  /**
   * Deletes a knowledge base
   *
   * Searches no longer find its documents; a job erases them.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  deleteKnowledgeBase(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "DELETE", path: ["knowledge-bases", id], options, repeat: "write" });
  }

  /**
   * Reads a knowledge base
   *
   * For callers who may read its documents.
   */
  getKnowledgeBase(id: string, options: Options<"minPosition"> = {}): Request<Schemas["KnowledgeBase"]> {
    return this.request({ method: "GET", path: ["knowledge-bases", id], options });
  }

  /**
   * Changes a knowledge base
   *
   * Changes the given fields and leaves the others.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  updateKnowledgeBase(id: string, body: Schemas["UpdateKnowledgeBase"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["KnowledgeBase"]> {
    return this.request({ method: "PATCH", path: ["knowledge-bases", id], body, options, repeat: "write" });
  }

  /**
   * Lists the documents of a knowledge base
   *
   * In the order in which they were added.
   */
  listDocuments(id: string, query: Query<"listDocuments"> = {}, options: Options<"minPosition"> = {}): ListRequest<Schemas["DocumentList"]> {
    return this.list({ method: "GET", path: ["knowledge-bases", id, "documents"], query, options });
  }

  /**
   * Adds a document to a knowledge base
   *
   * Uploading the same bytes under the same name again returns the existing document.
   */
  addDocument(id: string, upload: Upload, options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["Document"]> {
    return this.request({ method: "POST", path: ["knowledge-bases", id, "documents"], upload, options, repeat: "write" });
  }

  /**
   * Searches knowledge bases for passages
   *
   * Finds the passages that answer a question, in knowledge bases that the caller may read.
   */
  searchKnowledge(body: Schemas["SearchKnowledge"], options: Options<"minPosition"> = {}): Request<Schemas["KnowledgeHits"]> {
    return this.request({ method: "POST", path: ["knowledge", "search"], body, options });
  }

  /**
   * Reads a message
   *
   * For the owner of the conversation.
   */
  getMessage(id: string, options: Options<"minPosition"> = {}): Request<Schemas["Message"]> {
    return this.request({ method: "GET", path: ["messages", id], options });
  }

  /**
   * Edits and resends a message
   *
   * The original stays; the new message becomes its sibling and is answered.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  editMessage(id: string, body: Schemas["EditMessage"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Exchange"]> {
    return this.request({ method: "POST", path: ["messages", id, "edit"], body, options, repeat: "write" });
  }

  /**
   * Rates an answer
   *
   * Says whether an answer was good, or removes the rating.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  giveFeedback(id: string, body: Schemas["GiveFeedback"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "PUT", path: ["messages", id, "feedback"], body, options, repeat: "write" });
  }

  /**
   * Regenerates an answer
   *
   * Requests another answer to the same question; the earlier answer is kept as its sibling.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  regenerateAnswer(id: string, body: Schemas["RegenerateAnswer"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Exchange"]> {
    return this.request({ method: "POST", path: ["messages", id, "regenerate"], body, options, repeat: "write" });
  }

  /**
   * Lists the models that the caller may use
   *
   * The models of all providers, and the built-in one. Models that an administrator has disabled are left out.
   */
  listModels(query: Query<"listModels"> = {}, options: Options<"minPosition"> = {}): ListRequest<Schemas["ModelList"]> {
    return this.list({ method: "GET", path: ["models"], query, options });
  }

  /**
   * Lists the read models
   *
   * Shows the position that each read model has reached. Requires the admin role.
   */
  listProjections(options: Options<"minPosition"> = {}): ListRequest<Schemas["ProjectionList"]> {
    return this.list({ method: "GET", path: ["projections"], options });
  }

  /**
   * Lists what a read model has parked
   *
   * Objects whose events could not be applied; they wait until they are retried. Requires the admin role.
   */
  listParked(name: string, options: Options<"minPosition"> = {}): ListRequest<Schemas["ParkedScopeList"]> {
    return this.list({ method: "GET", path: ["projections", name, "parked"], options });
  }

  /**
   * Retries a parked object
   *
   * Applies the waiting events of the object again. Requires the admin role.
   */
  retryParked(name: string, aggregate_id: string, options: Options<"idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "POST", path: ["projections", name, "parked", aggregate_id, "retry"], options, repeat: "write" });
  }

  /**
   * Starts a rebuild of a read model
   *
   * A job rebuilds it from the log; readers see the old state until the rebuild is complete. Requires the admin
   * role.
   */
  rebuildProjection(name: string, options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["Job"]> {
    return this.request({ method: "POST", path: ["projections", name, "rebuild"], options, repeat: "write" });
  }

  /**
   * Lists the model providers
   *
   * Requires the admin role.
   */
  listProviders(options: Options<"minPosition"> = {}): ListRequest<Schemas["ProviderList"]> {
    return this.list({ method: "GET", path: ["providers"], options });
  }

  /**
   * Adds a model provider
   *
   * Checks the provider and waits a few seconds for the result. Requires the admin role.
   */
  createProvider(body: Schemas["CreateProvider"], options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["Provider"]> {
    return this.request({ method: "POST", path: ["providers"], body, options, repeat: "write" });
  }

  /**
   * Lists model servers on this machine
   *
   * Servers such as Ollama that were found on the machine of this server. Each can be added with its `base_url`,
   * without changing settings. Requires the admin role.
   */
  listLocalServers(options: Options<"minPosition"> = {}): ListRequest<Schemas["LocalServerList"]> {
    return this.list({ method: "GET", path: ["providers", "local"], options });
  }

  /**
   * Deletes a model provider
   *
   * Its models can no longer be used. Requires the admin role.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  deleteProvider(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "DELETE", path: ["providers", id], options, repeat: "write" });
  }

  /**
   * Reads a model provider
   *
   * Requires the admin role.
   */
  getProvider(id: string, options: Options<"minPosition"> = {}): Request<Schemas["Provider"]> {
    return this.request({ method: "GET", path: ["providers", id], options });
  }

  /**
   * Changes a model provider
   *
   * Changes its address, its API key or its lists of models, and checks the provider unless it only disables
   * models. Requires the admin role.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  updateProvider(id: string, body: Schemas["UpdateProvider"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Provider"]> {
    return this.request({ method: "PATCH", path: ["providers", id], body, options, repeat: "write" });
  }

  /**
   * Refreshes the models of a provider
   *
   * Asks the provider for its list of models again. Requires the admin role.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  refreshProvider(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Provider"]> {
    return this.request({ method: "POST", path: ["providers", id, "refresh"], options, repeat: "write" });
  }

  /**
   * Tests a model provider
   *
   * Asks the provider whether it answers. Requires the admin role.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  testProvider(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Provider"]> {
    return this.request({ method: "POST", path: ["providers", id, "test"], options, repeat: "write" });
  }

  /**
   * Reads a run
   *
   * One run of an assistant: its status, its usage and how it ended.
   */
  getResponse(id: string, options: Options<"minPosition"> = {}): Request<Schemas["Response"]> {
    return this.request({ method: "GET", path: ["responses", id], options });
  }

  /**
   * Cancels a run
   *
   * Asks the run to stop. The text written so far is kept.
   */
  cancelResponse(id: string, options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["Response"]> {
    return this.request({ method: "POST", path: ["responses", id, "cancel"], options, repeat: "write" });
  }

  /**
   * Reads the prompt of a run
   *
   * The messages that were sent to the model, the passages that the caller may still read, and the instructions of
   * the assistant if the caller may change it.
   */
  getPrompt(id: string, options: Options<"minPosition"> = {}): Request<Schemas["Prompt"]> {
    return this.request({ method: "GET", path: ["responses", id, "prompt"], options });
  }

  /**
   * Follows a run
   *
   * Server-sent events of this run from its start; the stream ends after the last event of the run.
   */
  streamResponse(id: string, options: StreamOptions = {}): Frames {
    return this.follow(["responses", id, "stream"], options);
  }

  /**
   * Searches everything that the caller may read
   *
   * Searches the caller's conversations, assistants, and documents that the caller may read.
   */
  search(query: Query<"search">, options: Options<"minPosition"> = {}): ListRequest<Schemas["SearchPage"]> {
    return this.list({ method: "GET", path: ["search"], query, options });
  }

  /**
   * Reads the settings of the installation
   *
   * Settings that apply to all users.
   */
  getSettings(options: Options<"minPosition"> = {}): Request<Schemas["Settings"]> {
    return this.request({ method: "GET", path: ["settings"], options });
  }

  /**
   * Changes the settings of the installation
   *
   * Changes the given fields and leaves the others. Requires the admin role.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  updateSettings(body: Schemas["UpdateSettings"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Settings"]> {
    return this.request({ method: "PATCH", path: ["settings"], body, options, repeat: "write" });
  }

  /**
   * Reads whether setup is needed, and whether registration is open
   *
   * An installation needs setup until it has its first administrator.
   */
  getSetup(options: Options = {}): Request<Schemas["SetupState"]> {
    return this.request({ method: "GET", path: ["setup"], options });
  }

  /**
   * Creates the first administrator
   *
   * Works once, with the token that the server prints when it starts for the first time. Starts a session of the
   * administrator.
   */
  setUp(body: Schemas["Setup"], options: Options<"reason"> = {}): Request<Schemas["TokenPair"]> {
    return this.request({ method: "POST", path: ["setup"], body, options, repeat: "once" });
  }

  /**
   * Lists all users
   *
   * Requires the admin role.
   */
  listUsers(query: Query<"listUsers"> = {}, options: Options<"minPosition"> = {}): ListRequest<Schemas["UserList"]> {
    return this.list({ method: "GET", path: ["users"], query, options });
  }

  /**
   * Creates a user
   *
   * Requires the admin role.
   */
  createUser(body: Schemas["CreateUser"], options: Options<"idempotencyKey" | "reason"> = {}): Request<Schemas["User"]> {
    return this.request({ method: "POST", path: ["users"], body, options, repeat: "write" });
  }

  /**
   * Reads the caller's account
   *
   * Name, email and role of the user who is logged in.
   */
  getMe(options: Options<"minPosition"> = {}): Request<Schemas["User"]> {
    return this.request({ method: "GET", path: ["users", "me"], options });
  }

  /**
   * Changes the caller's account
   *
   * Changes the display name.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  updateMe(body: Schemas["UpdateMe"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["User"]> {
    return this.request({ method: "PATCH", path: ["users", "me"], body, options, repeat: "write" });
  }

  /**
   * Changes the caller's email address
   *
   * The caller signs in with the new address from then on.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  changeEmail(body: Schemas["ChangeEmail"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["User"]> {
    return this.request({ method: "PUT", path: ["users", "me", "email"], body, options, repeat: "write" });
  }

  /**
   * Changes the caller's password
   *
   * Ends all other sessions of the caller.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  changePassword(body: Schemas["ChangePassword"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<void> {
    return this.request({ method: "PUT", path: ["users", "me", "password"], body, options, repeat: "write" });
  }

  /**
   * Reads the caller's preferences
   *
   * They apply on every device.
   */
  getPreferences(options: Options<"minPosition"> = {}): Request<Schemas["Preferences"]> {
    return this.request({ method: "GET", path: ["users", "me", "preferences"], options });
  }

  /**
   * Changes the caller's preferences
   *
   * Changes the given fields and leaves the others.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  updatePreferences(body: Schemas["UpdatePreferences"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Preferences"]> {
    return this.request({ method: "PATCH", path: ["users", "me", "preferences"], body, options, repeat: "write" });
  }

  /**
   * Erases a user
   *
   * Erases the account at once, and everything that the user owns in a job. This cannot be undone. Requires the
   * admin role; administrators cannot erase themselves, and the last administrator cannot be erased.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  deleteUser(id: string, options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["Job"]> {
    return this.request({ method: "DELETE", path: ["users", id], options, repeat: "write" });
  }

  /**
   * Reads a user
   *
   * Requires the admin role.
   */
  getUser(id: string, options: Options<"minPosition"> = {}): Request<Schemas["User"]> {
    return this.request({ method: "GET", path: ["users", id], options });
  }

  /**
   * Changes a user
   *
   * Changes the role, name or address, or suspends or reactivates the user. Requires the admin role; the last
   * administrator stays one.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  updateUser(id: string, body: Schemas["UpdateUser"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["User"]> {
    return this.request({ method: "PATCH", path: ["users", id], body, options, repeat: "write" });
  }

  /**
   * Resets the password of a user
   *
   * Sets the given password, or a generated one that is returned and cannot be read again. Ends all sessions of
   * the user. Requires the admin role; administrators change their own password with `PUT /users/me/password`.
   *
   * Fails if the object has changed, with `ifMatch`.
   */
  resetPassword(id: string, body: Schemas["ResetPassword"], options: Options<"ifMatch" | "idempotencyKey" | "reason"> = {}): Request<Schemas["PasswordReset"]> {
    return this.request({ method: "PUT", path: ["users", id, "password"], body, options, repeat: "write" });
  }
}
