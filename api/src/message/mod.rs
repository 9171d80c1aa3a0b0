//! Messages: reading, editing and rating them, regenerating answers.

mod edit;
mod get;
mod give_feedback;
mod regenerate;
mod run;
mod wire;

use poem_openapi::{OpenApi, Tags};

pub(crate) use self::run::{ExchangePlan, NewRun};
pub(crate) use self::wire::Exchange;
pub(crate) use self::wire::{MessageResource, PostMessage};

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Messages: editing them, regenerating answers, rating them.
    Messages,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (
        get::Operation,
        edit::Operation,
        regenerate::Operation,
        give_feedback::Operation,
    )
}
