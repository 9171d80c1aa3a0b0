//! Refusals of a provider.

use crate::egress::UrlFault;
use crate::refusal::refusals;
use crate::text::TextFault;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    #[error("there is no such provider")]
    NotFound,
    #[error("this provider exists already")]
    AlreadyAdded,
    #[error(
        "name must be 1 to 40 of a-z, 0-9 and -, must begin with a letter or digit, and must not be builtin"
    )]
    Name,
    #[error("base_url {0}")]
    BaseUrl(UrlFault),
    #[error("api_key {0}")]
    ApiKey(TextFault),
    #[error("send api_key again, or null to remove it: the stored key is sent to no other address")]
    KeyNotGiven,
    #[error("models holds a name that {0}; name each as the provider does, such as qwen3:8b")]
    Models(TextFault),
    #[error("models holds more than 100 names; name those that are asked")]
    TooManyModels,
    #[error("the result is that of an earlier check")]
    OtherCheck,
}

refusals!(ProviderError {
    NotFound => "not_found", NotFound;
    AlreadyAdded => "already_added", Conflict;
    Name => "invalid_name", Invalid, "/name";
    BaseUrl => "invalid_base_url", Invalid, "/base_url";
    ApiKey => "invalid_api_key", Invalid, "/api_key";
    KeyNotGiven => "missing", Invalid, "/api_key";
    Models => "invalid_models", Invalid, "/models";
    TooManyModels => "too_many", Invalid, "/models";
    OtherCheck => "other_check", Conflict;
});
