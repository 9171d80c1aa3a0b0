//! `GET /setup`

use std::sync::Arc;

use poem::Result;
use poem::web::Data;
use poem_openapi::OpenApi;
use projections::user::credentials;

use super::Tag;
use super::wire::SetupState;
use crate::http::{Problem, Unversioned};
use crate::state::App;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Setup")]
impl Operation {
    /// Reads whether setup is needed.
    ///
    /// An installation needs setup until it has its first administrator.
    #[oai(path = "/setup", method = "get", operation_id = "getSetup")]
    async fn get_setup(&self, app: Data<&Arc<App>>) -> Result<Unversioned<SetupState>, Problem> {
        let needed = !credentials::is_set_up(&app.pool).await?;
        Ok(Unversioned::new(SetupState { needed }, app.feed.head()))
    }
}
