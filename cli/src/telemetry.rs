//! What is logged, to standard error.

use tracing_subscriber::EnvFilter;

use crate::arguments::Command;
use crate::config::Settings;

/// Starts logging. Only the server logs more than errors.
pub fn start(settings: &Settings, command: &Command) {
    let level = match command {
        Command::Serve(_) => settings.log_level.as_str(),
        _ => "error",
    };
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if settings.log_json {
        builder.json().init();
    } else {
        builder.with_target(false).init();
    }
}
