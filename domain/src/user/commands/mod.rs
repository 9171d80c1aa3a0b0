//! Commands of a user.

mod preferences;
mod profile;
mod register;
mod role;
mod session;
mod status;

pub use preferences::ChangePreferences;
pub use profile::{ChangeDisplayName, ChangeEmail, ChangePassword};
pub use register::{ClaimLocalUser, RegisterUser};
pub use role::{ChangeRole, RequireNotAdmin};
pub use session::{EndSession, StartSession};
pub use status::{EraseUser, ReactivateUser, SuspendUser};

use super::User;
use crate::command::commands;

commands! {
    UserCommand for User {
        RegisterUser,
        ClaimLocalUser,
        ChangeDisplayName,
        ChangeEmail,
        ChangePassword,
        ChangePreferences,
        ChangeRole,
        RequireNotAdmin,
        SuspendUser,
        ReactivateUser,
        EraseUser,
        StartSession,
        EndSession,
    }
}
