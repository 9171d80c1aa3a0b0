//! Why an installation command is refused.

use crate::refusal::refusals;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstallationError {
    #[error("default_model must be `<provider>/<model>`, such as openai/gpt-5")]
    DefaultModel,
}

refusals!(InstallationError {
    DefaultModel => "invalid_model", Invalid, "/default_model";
});
