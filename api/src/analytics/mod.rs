//! Statistics of the installation, for administrators.

mod get_assistant_usage;
mod get_model_usage;
mod get_overview;
mod get_usage;
mod machine;
mod overview;
mod recent;
mod usage;

use poem_openapi::{OpenApi, Tags};

pub(crate) use self::machine::Machine;
pub(crate) use self::overview::OverviewCache;
pub(crate) use self::recent::{Percentiles, RecentDurations};

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Statistics of the installation, for administrators.
    Analytics,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (
        get_overview::Operation,
        get_usage::Operation,
        get_model_usage::Operation,
        get_assistant_usage::Operation,
    )
}
