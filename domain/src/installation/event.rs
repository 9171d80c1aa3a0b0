//! Events of the installation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codec::stored_events;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum InstallationEvent {
    DefaultModelChosen {
        /// `<provider>/<model>`; `None` if the next working model becomes the default.
        model: Option<String>,
        /// Whether the server chose it as the first working model, rather than an administrator.
        automatic: bool,
    },
}

stored_events!(InstallationEvent {
    DefaultModelChosen => "default_model_chosen",
});
