//! `convosphere logs`: the lines that the processes of this installation have written, in the order of their times.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::arguments::{LogLevel, Logs};
use crate::config::Settings;
use crate::failure::Failure;
use crate::output;
use crate::telemetry::{ENDING, FOLDER};

/// Lines that are shown where no time is given.
const USUAL: usize = 200;
/// How often it is looked for new lines.
const LOOK: Duration = Duration::from_millis(200);

pub async fn run(settings: &Settings, asked: &Logs, json: bool) -> Result<(), Failure> {
    let wanted = Wanted::read(asked)?;
    let folder = settings.file(FOLDER);
    let mut files = Files::default();
    let mut found = files.new_lines(&folder, &wanted)?;
    if found.is_empty() && !asked.follow && !folder.exists() {
        return Err(Failure::NotFound(format!(
            "{} is not there: no server has run on this data folder, or log.files is off",
            folder.display()
        )));
    }
    let begin = match wanted.since {
        Some(_) => 0,
        None => found.len().saturating_sub(USUAL),
    };
    found.drain(..begin);
    loop {
        for line in &found {
            line.show(json);
        }
        if !asked.follow {
            return Ok(());
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = tokio::signal::ctrl_c() => return Ok(()),
        }
        found = files.new_lines(&folder, &wanted)?;
    }
}

/// Which lines are meant.
struct Wanted<'a> {
    name: Option<&'a str>,
    since: Option<DateTime<Utc>>,
    level: Option<LogLevel>,
    request_id: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    fn read(asked: &'a Logs) -> Result<Self, Failure> {
        let since = asked.since.as_deref().map(|text| {
            moment(text, Utc::now()).ok_or_else(|| {
                Failure::Usage(format!(
                    "--since: {text:?} is neither a time such as 2026-11-24T10:00:00Z nor an age such as 15m"
                ))
            })
        });
        Ok(Self {
            name: asked.name.as_deref(),
            since: since.transpose()?,
            level: asked.level,
            request_id: asked.request_id.as_deref(),
        })
    }

    fn takes(&self, line: &Line) -> bool {
        let request = || {
            let spans = line.told["spans"].as_array().into_iter().flatten();
            let mut places = spans.chain([&line.told["fields"], &line.told["span"]]);
            places.any(|place| place["request_id"].as_str() == self.request_id)
        };
        self.since.is_none_or(|since| line.at >= since)
            && self.level.is_none_or(|least| line.level <= least)
            && (self.request_id.is_none() || request())
    }
}

/// A time, or so long ago.
fn moment(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
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

/// A line of a process.
struct Line {
    at: DateTime<Utc>,
    level: LogLevel,
    service: String,
    told: Value,
}

impl Line {
    fn read(service: &str, text: &str) -> Option<Self> {
        let told: Value = serde_json::from_str(text).ok()?;
        let at = DateTime::parse_from_rfc3339(told["timestamp"].as_str()?).ok()?;
        let level = match told["level"].as_str()? {
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
            told,
        })
    }

    fn show(&self, json: bool) {
        if json {
            let mut told = self.told.clone();
            told["service"] = self.service.clone().into();
            return output::data(&told.to_string());
        }
        let at = self.at.format("%Y-%m-%dT%H:%M:%S%.3fZ");
        let level = self.told["level"].as_str().unwrap_or_default();
        let fields = &self.told["fields"];
        let mut line = format!("{at} {level:<5} {:<9}", self.service);
        let plain = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        if let Some(message) = fields.get("message") {
            line = format!("{line} {}", plain(message));
        }
        let others = fields.as_object().into_iter().flatten();
        for (name, value) in others.filter(|(name, _)| *name != "message") {
            line = format!("{line} {name}={}", plain(value));
        }
        output::data(&output::harmless(&line));
    }
}

/// How far each file was read.
#[derive(Default)]
struct Files(HashMap<PathBuf, u64>);

impl Files {
    /// What was written since the last time, a whole line at a time, in the order of their times.
    fn new_lines(&mut self, folder: &Path, wanted: &Wanted<'_>) -> Result<Vec<Line>, Failure> {
        let mut found = VecDeque::new();
        let Ok(entries) = std::fs::read_dir(folder) else {
            return Ok(Vec::new());
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let Some(service) = service_of(&path) else {
                continue;
            };
            if wanted.name.is_some_and(|name| name != service) {
                continue;
            }
            let at = self.0.entry(path.clone()).or_default();
            let mut file = BufReader::new(File::open(&path)?);
            file.seek(SeekFrom::Start(*at))?;
            let mut text = String::new();
            while file.read_line(&mut text)? > 0 && text.ends_with('\n') {
                *at += text.len() as u64;
                let line = Line::read(&service, &text);
                found.extend(line.filter(|line| wanted.takes(line)));
                if wanted.since.is_none() && found.len() > USUAL * 100 {
                    found.drain(..USUAL);
                }
                text.clear();
            }
        }
        let mut found = Vec::from(found);
        found.sort_by_key(|line| line.at);
        Ok(found)
    }
}

/// `server` of `server.2026-11-24.jsonl`.
fn service_of(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.strip_suffix(ENDING)?;
    let (service, _) = name.strip_suffix('.')?.split_once('.')?;
    Some(service.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_time_or_an_age() {
        let now = Utc::now();
        assert_eq!(moment("90s", now), Some(now - TimeDelta::seconds(90)));
        assert_eq!(moment("3d", now), Some(now - TimeDelta::days(3)));
        let time = moment("2026-11-24T10:00:00+01:00", now).unwrap();
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
            assert_eq!(moment(wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn names_of_files_tell_the_process() {
        let of = |name: &str| service_of(Path::new(name));
        assert_eq!(of("server.2026-11-24.jsonl").as_deref(), Some("server"));
        assert_eq!(
            of("api-indexer.2026-11-24.jsonl").as_deref(),
            Some("api-indexer")
        );
        assert_eq!(of("server.out"), None);
    }
}
