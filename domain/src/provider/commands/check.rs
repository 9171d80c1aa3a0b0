//! Checking whether a provider can be used, and which models it lists.

use super::configure::MODEL_LIMIT;
use crate::command::{Command, Decision};
use crate::provider::{CheckFault, Health, ListedModel, Provider, ProviderError, ProviderEvent};
use crate::text;

/// Maximum number of listed models.
const MAX_LISTED_MODELS: usize = 500;

#[derive(Debug, Clone, PartialEq)]
pub struct RequestCheck;

impl Command<Provider> for RequestCheck {
    fn decide(self, state: &Provider) -> Decision<Provider> {
        state.require_existing()?;
        Ok(vec![ProviderEvent::ProviderCheckRequested {}])
    }
}

/// Records the result of a check. A provider without a readable model list is healthy if models were added by hand; the
/// fault is still recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordCheck {
    pub check: u32,
    pub result: Result<Vec<ListedModel>, CheckFault>,
}

impl Command<Provider> for RecordCheck {
    fn decide(self, state: &Provider) -> Decision<Provider> {
        state.require_existing()?;
        if state.checked || self.check != state.check {
            return Err(ProviderError::StaleCheck);
        }
        let (health, fault) = match &self.result {
            Ok(_) => (Health::Ok, None),
            Err(CheckFault::NotUnderstood) if !state.added_models.is_empty() => {
                (Health::Ok, Some(CheckFault::NotUnderstood))
            }
            Err(fault) => (Health::Unreachable, Some(*fault)),
        };
        let mut models = self.result.unwrap_or_default();
        models.retain(|listed| text::parse_line(&listed.model, MODEL_LIMIT).is_ok());
        models.truncate(MAX_LISTED_MODELS);
        Ok(vec![ProviderEvent::ProviderChecked {
            check: self.check,
            health,
            fault,
            models,
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::model::Abilities;
    use crate::provider::fixture::{added, models_added};

    fn checked(check: u32, models: Vec<ListedModel>) -> ProviderEvent {
        ProviderEvent::ProviderChecked {
            check,
            health: Health::Ok,
            fault: None,
            models,
        }
    }

    #[test]
    fn the_result_of_an_earlier_check_is_refused() {
        let record = |check| RecordCheck {
            check,
            result: Ok(vec![]),
        };
        assert_eq!(decide([added()], record(1)), Ok(vec![checked(1, vec![])]));
        let again = [added(), ProviderEvent::ProviderCheckRequested {}];
        assert_eq!(
            decide(again.clone(), record(1)),
            Err(ProviderError::StaleCheck)
        );
        assert_eq!(decide(again, record(2)), Ok(vec![checked(2, vec![])]));
        assert_eq!(
            decide([added(), checked(1, vec![])], record(1)),
            Err(ProviderError::StaleCheck)
        );
    }

    #[test]
    fn the_list_of_models_is_bounded() {
        let listed = |model: String| ListedModel {
            model,
            context_window: None,
            max_output_tokens: None,
            abilities: Abilities::default(),
        };
        let mut models: Vec<ListedModel> = (0..600).map(|n| listed(format!("m{n}"))).collect();
        let bounded = checked(1, models[..500].to_vec());
        models.insert(0, listed("x".repeat(1_000)));
        models.insert(0, listed("a\u{0}b".into()));
        let record = RecordCheck {
            check: 1,
            result: Ok(models),
        };
        assert_eq!(decide([added()], record), Ok(vec![bounded]));
    }

    #[test]
    fn commands_on_a_removed_provider_are_refused() {
        let removed = [added(), ProviderEvent::ProviderRemoved {}];
        assert_eq!(decide(removed, RequestCheck), Err(ProviderError::NotFound));
    }

    #[test]
    fn a_provider_without_a_readable_list_is_healthy_if_models_were_added() {
        let with_model = || vec![added(), models_added(&["a"])];
        for (given, fault, health) in [
            (
                vec![added()],
                CheckFault::NotUnderstood,
                Health::Unreachable,
            ),
            (with_model(), CheckFault::NotUnderstood, Health::Ok),
            (with_model(), CheckFault::NoConnection, Health::Unreachable),
            (with_model(), CheckFault::Unauthorized, Health::Unreachable),
            (
                vec![added(), models_added(&["a"]), models_added(&[])],
                CheckFault::NotUnderstood,
                Health::Unreachable,
            ),
        ] {
            let record = RecordCheck {
                check: 1,
                result: Err(fault),
            };
            let checked = ProviderEvent::ProviderChecked {
                check: 1,
                health,
                fault: Some(fault),
                models: vec![],
            };
            assert_eq!(decide(given, record), Ok(vec![checked]));
        }
    }
}
