//! Logging: to standard error, and for the server also to JSON files that rotate daily.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use application::Role;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::Settings;
use crate::output;

/// The folder of the log files, in the data folder.
pub const LOG_FOLDER: &str = "logs";
pub const LOG_EXTENSION: &str = "jsonl";

/// Starts logging. Only a server, which has roles, logs more than errors, and to a file. Dropping the returned guard
/// flushes the file.
pub fn start(settings: &Settings, roles: Option<&[Role]>) -> Option<WorkerGuard> {
    let level = roles.map_or("error", |_| settings.log.level.as_str());
    let stderr = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let stderr = match settings.log.is_json {
        true => stderr.json().with_filter(parse_filter(level)).boxed(),
        false => stderr
            .with_target(false)
            .with_filter(parse_filter(level))
            .boxed(),
    };
    let file = roles.zip(settings.log.files.as_deref());
    let (file, guard) = file
        .and_then(|(roles, level)| {
            let name = process_name(roles);
            let folder = settings.file(LOG_FOLDER);
            let appender = open_appender(&folder, &name, settings.log.keep_days)?;
            let (writer, guard) = tracing_appender::non_blocking(appender);
            let file = tracing_subscriber::fmt::layer().json().with_writer(writer);
            Some((file.with_filter(parse_filter(level)), guard))
        })
        .unzip();
    tracing_subscriber::registry()
        .with(stderr)
        .with(file)
        .init();
    guard
}

fn parse_filter(level: &str) -> EnvFilter {
    EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("warn"))
}

/// The name of a process in the logs: its roles, or `server` if it has all of them.
fn process_name(roles: &[Role]) -> String {
    match roles {
        [] => "server".to_owned(),
        roles => {
            let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
            names.join("-")
        }
    }
}

/// Returns `None` if the log files cannot be written: the server runs without them.
fn open_appender(folder: &Path, name: &str, days: usize) -> Option<RollingFileAppender> {
    let report = |error: &dyn std::fmt::Display| {
        output::print_message(&format!(
            "cannot write log files to {}: {error}",
            folder.display()
        ));
    };
    // Log lines contain personal data: only the operator may read them.
    let created = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    if let Err(error) = created {
        report(&error);
        return None;
    }
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(name)
        .filename_suffix(LOG_EXTENSION)
        .max_log_files(days.max(1))
        .build(folder);
    match appender {
        Ok(appender) => Some(appender),
        Err(error) => {
            report(&error);
            None
        }
    }
}
