//! What happened to the installation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::recorded::stored_events;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum InstallationEvent {
    DefaultModelChosen {
        /// As `<provider>/<model>`; none where the next provider that works decides.
        model: Option<String>,
        /// Whether it was the first that worked, and not an administrator's choice.
        automatic: bool,
    },
}

stored_events!(InstallationEvent {
    DefaultModelChosen => "default_model_chosen",
});
