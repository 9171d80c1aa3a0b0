//! The areas of the contract.

use poem_openapi::Tags;

#[derive(Tags)]
pub enum Tag {
    /// The first administrator.
    Setup,
    /// Signing up, logging in, sessions.
    Auth,
    /// People.
    Users,
    /// People who were put together.
    Groups,
    /// Who answers, and how.
    Assistants,
    /// What can be asked.
    Models,
    /// What holds for the whole installation.
    Settings,
    /// Conversations and their streams.
    Conversations,
    /// Messages of conversations.
    Messages,
    /// What people have uploaded.
    Files,
    /// Documents that assistants answer from.
    Knowledge,
    /// Runs of assistants.
    Responses,
    /// Finding messages and conversations.
    Search,
    /// What takes longer than a request.
    Jobs,
    /// What happened to what is one's own.
    Feed,
    /// Numbers, for administrators.
    Analytics,
    /// The event log, for administrators.
    Log,
    /// Copies of everything, for administrators.
    Backups,
}
