//! The settings of logging.

use super::layers::Layers;

#[derive(Debug, Clone)]
pub struct Log {
    pub level: String,
    pub is_json: bool,
    /// The level of the log files; `None` writes no files.
    pub files: Option<String>,
    pub keep_days: usize,
}

pub fn read(layers: &Layers, errors: &mut Vec<String>) -> Option<Log> {
    let is_json = match layers.text("log.format") {
        "text" => Some(false),
        "json" => Some(true),
        other => {
            errors.push(format!("log.format: {other:?} must be text or json"));
            None
        }
    };
    let keep_days = layers.parse("log.keep_days", "a number of days", errors);
    Some(Log {
        level: layers.text("log.level").to_owned(),
        is_json: is_json?,
        files: Some(layers.text("log.files"))
            .filter(|level| *level != "off")
            .map(str::to_owned),
        keep_days: keep_days?,
    })
}
