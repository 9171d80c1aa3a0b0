//! The areas of the contract.

use poem_openapi::Tags;

#[derive(Tags)]
pub(crate) enum Tag {
    /// The first start: creating the first administrator.
    Setup,
    /// Registration, login and sessions.
    Auth,
    /// Users, their roles and preferences.
    Users,
    /// Groups of users, with whom knowledge bases are shared.
    Groups,
    /// Assistants, their versions and their performance.
    Assistants,
    /// Models, and the providers that offer them.
    Models,
    /// Settings of the whole installation.
    Settings,
    /// Conversations: reading, writing, following, exporting and importing them.
    Conversations,
    /// Messages: editing them, regenerating answers, rating them.
    Messages,
    /// Uploaded files.
    Files,
    /// Knowledge bases and the documents that assistants answer from.
    Knowledge,
    /// Runs of assistants; each run writes an answer.
    Responses,
    /// Search in conversations, assistants and documents.
    Search,
    /// Work that takes longer than a request.
    Jobs,
    /// Events that concern the caller.
    Feed,
    /// Statistics of the installation, for administrators.
    Analytics,
    /// The event log and its read models, for administrators.
    Log,
    /// Backups of the installation, for administrators.
    Backups,
}
