//! What is logged: to standard error, and by the server as lines of JSON into files that are kept some days.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::arguments::{Command, Serve};
use crate::config::Settings;
use crate::output;

/// The folder of the files, in the data folder.
pub const FOLDER: &str = "logs";
/// What their names end with.
pub const ENDING: &str = "jsonl";

/// Starts logging. Only the server logs more than errors. What is returned writes the last lines when it is dropped.
pub fn start(settings: &Settings, command: &Command) -> Option<WorkerGuard> {
    let serve = match command {
        Command::Serve(serve) => Some(serve),
        _ => None,
    };
    let level = serve.map_or("error", |_| settings.log_level.as_str());
    let shown = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let shown = match settings.log_json {
        true => shown.json().with_filter(filter(level)).boxed(),
        false => shown.with_target(false).with_filter(filter(level)).boxed(),
    };
    let file = serve.zip(settings.log_files.as_deref());
    let (kept, guard) = file
        .and_then(|(serve, level)| {
            let name = service(serve);
            let appender = appender(&settings.file(FOLDER), &name, settings.log_keep_days)?;
            let (writer, guard) = tracing_appender::non_blocking(appender);
            let kept = tracing_subscriber::fmt::layer().json().with_writer(writer);
            Some((kept.with_filter(filter(level)), guard))
        })
        .unzip();
    tracing_subscriber::registry().with(shown).with(kept).init();
    guard
}

fn filter(level: &str) -> EnvFilter {
    EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("warn"))
}

/// What a process is called by what it does: `server` where it does everything.
pub fn service(serve: &Serve) -> String {
    match serve.roles.as_slice() {
        [] => "server".to_owned(),
        roles => {
            let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
            names.join("-")
        }
    }
}

/// A server that cannot write its log files serves all the same.
fn appender(folder: &Path, name: &str, days: usize) -> Option<RollingFileAppender> {
    // What people do stands in them: they are for the operator alone.
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    if let Err(error) = made {
        output::talk(&format!("{}: {error}; no log files", folder.display()));
        return None;
    }
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(name)
        .filename_suffix(ENDING)
        .max_log_files(days.max(1))
        .build(folder);
    match appender {
        Ok(appender) => Some(appender),
        Err(error) => {
            output::talk(&format!("{}: {error}; no log files", folder.display()));
            None
        }
    }
}
