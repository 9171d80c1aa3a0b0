//! Why a provider command is refused.

use crate::egress::UrlError;
use crate::refusal::refusals;
use crate::text::TextError;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    #[error("there is no such provider")]
    NotFound,
    #[error("this provider already exists")]
    AlreadyAdded,
    #[error(
        "name must be 1 to 40 characters from a-z, 0-9 and -, start with a letter or digit, and not be builtin"
    )]
    Name,
    #[error("base_url {0}")]
    BaseUrl(UrlError),
    #[error("api_key {0}")]
    ApiKey(TextError),
    #[error(
        "send api_key again, or null to remove it; the stored key is not sent to another address"
    )]
    MissingApiKey,
    #[error("a name in models {0}; use the provider's names, such as qwen3:8b")]
    Models(TextError),
    #[error("models can have at most 100 names; list only those you use")]
    TooManyModels,
    #[error("a name in disabled_models {0}; use the provider's names, such as qwen3:8b")]
    DisabledModels(TextError),
    #[error("disabled_models can have at most 1000 names")]
    TooManyDisabledModels,
    #[error("the result belongs to an earlier check")]
    StaleCheck,
}

refusals!(ProviderError {
    NotFound => "not_found", NotFound;
    AlreadyAdded => "already_added", Conflict;
    Name => "invalid_name", Invalid, "/name";
    BaseUrl => "invalid_base_url", Invalid, "/base_url";
    ApiKey => "invalid_api_key", Invalid, "/api_key";
    MissingApiKey => "missing", Invalid, "/api_key";
    Models => "invalid_models", Invalid, "/models";
    TooManyModels => "too_many", Invalid, "/models";
    DisabledModels => "invalid_models", Invalid, "/disabled_models";
    TooManyDisabledModels => "too_many", Invalid, "/disabled_models";
    StaleCheck => "other_check", Conflict;
});
