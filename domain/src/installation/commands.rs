//! Commands of the installation. The caller authorises: only administrators and workers may send them.

use super::{Installation, InstallationError, InstallationEvent};
use crate::command::{Command, Decision, commands};
use crate::model;

commands! {
    InstallationCommand for Installation { ChooseDefaultModel, OfferDefaultModel }
}

/// An administrator's choice. `None` lets the next model that is found to work become the default.
#[derive(Debug, Clone, PartialEq)]
pub struct ChooseDefaultModel {
    pub model: Option<String>,
}

impl Command<Installation> for ChooseDefaultModel {
    fn decide(self, state: &Installation) -> Decision<Installation> {
        let model = self.model.map(parse).transpose()?;
        if (&model, false) == (&state.default_model, state.automatic) {
            return Ok(vec![]);
        }
        Ok(vec![InstallationEvent::DefaultModelChosen {
            model,
            automatic: false,
        }])
    }
}

/// A model that works; it becomes the default if there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferDefaultModel {
    pub model: String,
}

impl Command<Installation> for OfferDefaultModel {
    fn decide(self, state: &Installation) -> Decision<Installation> {
        if state.default_model.is_some() {
            return Ok(vec![]);
        }
        Ok(vec![InstallationEvent::DefaultModelChosen {
            model: Some(parse(self.model)?),
            automatic: true,
        }])
    }
}

fn parse(model: String) -> Result<String, InstallationError> {
    model::parse_name(&model).ok_or(InstallationError::DefaultModel)
}
