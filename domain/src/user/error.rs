//! Why a user account command is refused.

use crate::refusal::refusals;
use crate::text::TextError;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UserError {
    #[error("there is no such user")]
    NotFound,
    #[error("this user already exists")]
    AlreadyRegistered,
    #[error("the account is suspended")]
    Suspended,
    #[error("the account is not suspended")]
    NotSuspended,
    #[error("the user is an administrator")]
    IsAdmin,
    #[error("only the local user, who has no email address, can be claimed")]
    NotLocal,
    #[error("display_name {0}")]
    DisplayName(TextError),
    #[error("email must be an address such as ada@example.org")]
    Email,
    #[error("default_model must be `<provider>/<model>`, such as openai/gpt-5")]
    DefaultModel,
    #[error("each name in favorite_models must be `<provider>/<model>`, such as openai/gpt-5")]
    FavoriteModels,
    #[error("favorite_models can have at most 100 names")]
    TooManyFavoriteModels,
}

refusals!(UserError {
    NotFound => "not_found", NotFound;
    AlreadyRegistered => "already_registered", Conflict;
    Suspended => "suspended", Conflict;
    NotSuspended => "not_suspended", Conflict;
    IsAdmin => "is_admin", Conflict;
    NotLocal => "not_local", Conflict;
    DisplayName => "invalid_display_name", Invalid, "/display_name";
    Email => "invalid_email", Invalid, "/email";
    DefaultModel => "invalid_model", Invalid, "/default_model";
    FavoriteModels => "invalid_models", Invalid, "/favorite_models";
    TooManyFavoriteModels => "too_many", Invalid, "/favorite_models";
});
