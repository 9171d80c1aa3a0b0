//! Commands of a provider. The caller authorises: only administrators may send them.

mod add;
mod check;
mod configure;

pub use add::AddProvider;
pub use check::{RecordCheck, RequestCheck};
pub use configure::{ConfigureProvider, RemoveProvider};

use super::Provider;
use crate::command::commands;

commands! {
    ProviderCommand for Provider {
        AddProvider,
        ConfigureProvider,
        RequestCheck,
        RecordCheck,
        RemoveProvider,
    }
}
