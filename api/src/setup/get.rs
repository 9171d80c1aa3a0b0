//! `GET /setup`

use std::sync::Arc;

use poem::Result;
use poem::web::Data;
use poem_openapi::OpenApi;
use projections::user::credentials;

use super::Tag;
use super::wire::SetupState;
use crate::http::{Problem, Unversioned};
use crate::state::{App, Registration};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Setup")]
impl Operation {
    /// Reads whether setup is needed, and whether registration is open.
    ///
    /// An installation needs setup until it has its first administrator.
    #[oai(path = "/setup", method = "get", operation_id = "getSetup")]
    async fn get_setup(&self, app: Data<&Arc<App>>) -> Result<Unversioned<SetupState>, Problem> {
        let needed = !credentials::is_set_up(&app.pool).await?;
        let state = SetupState {
            needed,
            registration_open: !needed && app.settings.registration == Registration::Open,
        };
        Ok(Unversioned::new(state, app.feed.head()))
    }
}
