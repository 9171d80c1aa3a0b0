//! The installation, a singleton.

use cqrs_es::Aggregate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{InstallationCommand, InstallationError, InstallationEvent};
use crate::command::handle_commands;
use crate::event::StoredAggregate;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Installation {
    pub(super) default_model: Option<String>,
    pub(super) automatic: bool,
}

impl Installation {
    /// A log belongs to one installation, so the id is a constant.
    pub const ID: Uuid = Uuid::from_u128(0x0193_f0a0_0000_7000_8000_0000_0000_0001);
}

impl StoredAggregate for Installation {
    const OWNS_KEY: bool = false;
}

impl Aggregate for Installation {
    const TYPE: &'static str = "installation";
    type Command = InstallationCommand;
    type Event = InstallationEvent;
    type Error = InstallationError;
    handle_commands!();

    fn apply(&mut self, event: InstallationEvent) {
        match event {
            InstallationEvent::DefaultModelChosen { model, automatic } => {
                self.default_model = model;
                self.automatic = automatic;
            }
        }
    }
}
