//! What the installation does, in numbers, for administrators.

mod machine;
mod overview;
mod recent;

use std::sync::Arc;

use poem::Result;
use poem::web::Data;
use poem_openapi::OpenApi;

pub use self::machine::Machine;
pub use self::overview::Overviews;
use self::overview::{OverviewResource, ResponseTime};
pub use self::recent::{Recent, Spread};
use crate::answer::Plain;
use crate::auth::Auth;
use crate::head::Head;
use crate::problem::Problem;
use crate::state::App;
use crate::tag::Tag;

#[derive(Debug, Clone, Copy)]
pub struct AnalyticsApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Analytics")]
impl AnalyticsApi {
    /// Counts what there is and what happens now, at most a second old. For administrators.
    ///
    /// People, conversations, messages and answers are those of the whole installation; load, memory, response times
    /// and the time of running are those of the node that answers.
    #[oai(
        path = "/analytics/overview",
        method = "get",
        operation_id = "getOverview"
    )]
    async fn get_overview(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
    ) -> Result<Plain<OverviewResource>, Problem> {
        auth.0.admin()?;
        let position = app.read_position(auth.0.id, head.min_position).await?;
        let (counts, active_users) = app.overview.counts(&app.pool, position).await?;
        let overview = OverviewResource {
            users: counts.users,
            active_users,
            conversations: counts.conversations,
            messages: counts.messages,
            running_responses: counts.running_responses,
            response_time: ResponseTime::of(app.metrics.recent()),
            machine: app.machine.load(),
            uptime_seconds: app.machine.uptime().as_secs(),
        };
        Ok(Plain::new(overview, position))
    }
}
