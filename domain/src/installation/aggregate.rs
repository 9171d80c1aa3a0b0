//! The installation, a singleton.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{InstallationCommand, InstallationError, InstallationEvent};
use crate::event::StoredAggregate;
use crate::model;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Installation {
    default_model: Option<String>,
    automatic: bool,
}

impl Installation {
    /// A log belongs to one installation, so the id is a constant.
    pub const ID: Uuid = Uuid::from_u128(0x0193_f0a0_0000_7000_8000_0000_0000_0001);

    fn decide(
        &self,
        command: InstallationCommand,
    ) -> Result<Option<InstallationEvent>, InstallationError> {
        let (model, automatic) = match command {
            InstallationCommand::ChooseDefaultModel { model } => (model, false),
            InstallationCommand::OfferDefaultModel { .. } if self.default_model.is_some() => {
                return Ok(None);
            }
            InstallationCommand::OfferDefaultModel { model } => (Some(model), true),
        };
        let parse = |text: String| model::parse_name(&text).ok_or(InstallationError::DefaultModel);
        let model = model.map(parse).transpose()?;
        if (&model, automatic) == (&self.default_model, self.automatic) {
            return Ok(None);
        }
        Ok(Some(InstallationEvent::DefaultModelChosen {
            model,
            automatic,
        }))
    }
}

impl StoredAggregate for Installation {
    const OWNS_KEY: bool = false;
}

impl Aggregate for Installation {
    const TYPE: &'static str = "installation";
    type Command = InstallationCommand;
    type Event = InstallationEvent;
    type Error = InstallationError;
    type Services = ();

    async fn handle(
        &mut self,
        command: InstallationCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), InstallationError> {
        if let Some(event) = self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: InstallationEvent) {
        match event {
            InstallationEvent::DefaultModelChosen { model, automatic } => {
                self.default_model = model;
                self.automatic = automatic;
            }
        }
    }
}
