//! `convosphere logs`: the log lines of all processes of this installation, ordered by time.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::config::Settings;
use crate::failure::Failure;
use crate::output;
use crate::telemetry::{LOG_EXTENSION, LOG_FOLDER};

/// Number of lines without `--since`.
const DEFAULT_LINES: usize = 200;
/// How often files are checked for new lines.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// Shows the logs of this installation.
#[derive(Debug, Args)]
pub struct Logs {
    /// Only this process, such as server or projector.
    name: Option<String>,
    /// Continues to print new lines.
    #[arg(long, short)]
    follow: bool,
    /// Only lines since this time, such as 2026-11-24T10:00:00Z, or this age, such as 90s, 15m, 2h or 3d.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only lines of this level or more severe.
    #[arg(long, value_enum)]
    level: Option<LogLevel>,
    /// Only lines of one request: the X-Request-Id of its response.
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
}

/// The severity of a log line, most severe first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

pub async fn run(settings: &Settings, options: &Logs, json: bool) -> Result<(), Failure> {
    let filter = Filter::parse(options)?;
    let folder = settings.file(LOG_FOLDER);
    let mut files = LogFiles::default();
    let mut lines = files.read_new_lines(&folder, &filter)?;
    if lines.is_empty() && !options.follow && !folder.exists() {
        return Err(Failure::NotFound(format!(
            "{} does not exist: no server has run on this data folder, or log.files is off",
            folder.display()
        )));
    }
    if filter.since.is_none() {
        lines.drain(..lines.len().saturating_sub(DEFAULT_LINES));
    }
    loop {
        for line in &lines {
            line.show(json);
        }
        if !options.follow {
            return Ok(());
        }
        tokio::select! {
            () = tokio::time::sleep(POLL_INTERVAL) => {}
            _ = tokio::signal::ctrl_c() => return Ok(()),
        }
        lines = files.read_new_lines(&folder, &filter)?;
    }
}

/// Selects lines.
struct Filter<'a> {
    name: Option<&'a str>,
    since: Option<DateTime<Utc>>,
    level: Option<LogLevel>,
    request_id: Option<&'a str>,
}

impl<'a> Filter<'a> {
    fn parse(options: &'a Logs) -> Result<Self, Failure> {
        let since = options.since.as_deref().map(|text| {
            parse_time(text, eventstore::Clock::system().now()).ok_or_else(|| {
                Failure::Usage(format!(
                    "--since: {text:?} is not a time such as 2026-11-24T10:00:00Z or an age such as 15m"
                ))
            })
        });
        Ok(Self {
            name: options.name.as_deref(),
            since: since.transpose()?,
            level: options.level,
            request_id: options.request_id.as_deref(),
        })
    }

    fn matches(&self, line: &Line) -> bool {
        let has_request_id = || {
            let spans = line.entry["spans"].as_array().into_iter().flatten();
            let mut objects = spans.chain([&line.entry["fields"], &line.entry["span"]]);
            objects.any(|object| object["request_id"].as_str() == self.request_id)
        };
        self.since.is_none_or(|since| line.at >= since)
            && self.level.is_none_or(|level| line.level <= level)
            && (self.request_id.is_none() || has_request_id())
    }
}

/// Parses a time or an age.
fn parse_time(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    let unit = text.chars().last().filter(char::is_ascii)?;
    let number: i64 = text[..text.len() - 1].parse().ok().filter(|n| *n >= 0)?;
    let age = match unit {
        's' => TimeDelta::try_seconds(number),
        'm' => TimeDelta::try_minutes(number),
        'h' => TimeDelta::try_hours(number),
        'd' => TimeDelta::try_days(number),
        _ => None,
    };
    now.checked_sub_signed(age?)
}

/// A parsed log line.
struct Line {
    at: DateTime<Utc>,
    level: LogLevel,
    service: String,
    entry: Value,
}

impl Line {
    fn parse(service: &str, text: &str) -> Option<Self> {
        let entry: Value = serde_json::from_str(text).ok()?;
        let at = DateTime::parse_from_rfc3339(entry["timestamp"].as_str()?).ok()?;
        let level = match entry["level"].as_str()? {
            "ERROR" => LogLevel::Error,
            "WARN" => LogLevel::Warn,
            "INFO" => LogLevel::Info,
            "DEBUG" => LogLevel::Debug,
            _ => LogLevel::Trace,
        };
        Some(Self {
            at: at.to_utc(),
            level,
            service: service.to_owned(),
            entry,
        })
    }

    fn show(&self, json: bool) {
        if json {
            let mut entry = self.entry.clone();
            entry["service"] = self.service.clone().into();
            return output::print_data(&entry.to_string());
        }
        let at = self.at.format("%Y-%m-%dT%H:%M:%S%.3fZ");
        let level = self.entry["level"].as_str().unwrap_or_default();
        let fields = &self.entry["fields"];
        let mut line = format!("{at} {level:<5} {:<9}", self.service);
        let plain = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        if let Some(message) = fields.get("message") {
            line = format!("{line} {}", plain(message));
        }
        let fields = fields.as_object().into_iter().flatten();
        for (name, value) in fields.filter(|(name, _)| *name != "message") {
            line = format!("{line} {name}={}", plain(value));
        }
        output::print_data(&output::sanitize(&line));
    }
}

/// The log files and how far each has been read.
#[derive(Default)]
struct LogFiles(HashMap<PathBuf, u64>);

impl LogFiles {
    /// Reads the complete lines since the last call, ordered by time.
    fn read_new_lines(&mut self, folder: &Path, filter: &Filter<'_>) -> Result<Vec<Line>, Failure> {
        let mut lines = VecDeque::new();
        let Ok(entries) = std::fs::read_dir(folder) else {
            return Ok(Vec::new());
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let Some(service) = process_name(&path) else {
                continue;
            };
            if filter.name.is_some_and(|name| name != service) {
                continue;
            }
            let offset = self.0.entry(path.clone()).or_default();
            let mut file = BufReader::new(File::open(&path)?);
            file.seek(SeekFrom::Start(*offset))?;
            let mut text = String::new();
            while file.read_line(&mut text)? > 0 && text.ends_with('\n') {
                *offset += text.len() as u64;
                let line = Line::parse(&service, &text);
                lines.extend(line.filter(|line| filter.matches(line)));
                if filter.since.is_none() && lines.len() > DEFAULT_LINES * 100 {
                    lines.drain(..DEFAULT_LINES);
                }
                text.clear();
            }
        }
        let mut lines = Vec::from(lines);
        lines.sort_by_key(|line| line.at);
        Ok(lines)
    }
}

/// The name of the process that writes a file: `server` for `server.2026-11-24.jsonl`.
fn process_name(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.strip_suffix(LOG_EXTENSION)?;
    let (service, _) = name.strip_suffix('.')?.split_once('.')?;
    Some(service.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_can_be_absolute_or_an_age() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        assert_eq!(parse_time("90s", now), Some(now - TimeDelta::seconds(90)));
        assert_eq!(parse_time("3d", now), Some(now - TimeDelta::days(3)));
        let time = parse_time("2026-11-24T10:00:00+01:00", now).unwrap();
        assert_eq!(time.to_rfc3339(), "2026-11-24T09:00:00+00:00");
        for wrong in [
            "",
            "m",
            "-1m",
            "1y",
            "yesterday",
            "1.5h",
            "9999999999999999d",
            "ä",
        ] {
            assert_eq!(parse_time(wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn the_file_name_contains_the_name_of_the_process() {
        for (file, name) in [
            ("server.2026-11-24.jsonl", Some("server")),
            ("api-indexer.2026-11-24.jsonl", Some("api-indexer")),
            ("server.out", None),
        ] {
            assert_eq!(process_name(Path::new(file)).as_deref(), name);
        }
    }
}
