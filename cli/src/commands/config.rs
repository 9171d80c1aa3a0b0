//! `convosphere config`

use crate::arguments::{Arguments, Config};
use crate::config::edit::{init, set};
use crate::config::{Settings, Value, file_of, load};
use crate::failure::Failure;
use crate::output;

pub fn run(command: &Config, arguments: &Arguments) -> Result<(), Failure> {
    match command {
        Config::Init => return init(&file_of(arguments)),
        Config::Set { name, value } => return set(arguments, name, value),
        Config::Check | Config::Show { .. } => {}
    }
    let settings = load(arguments)?;
    match command {
        Config::Init | Config::Set { .. } => {}
        Config::Check => output::talk("the configuration has no faults"),
        Config::Show { origin } => show(&settings, *origin, arguments.json),
    }
    Ok(())
}

fn show(settings: &Settings, origin: bool, json: bool) {
    if json {
        let values: serde_json::Map<String, serde_json::Value> = settings
            .values
            .iter()
            .map(|(name, value)| {
                let shown =
                    serde_json::json!({"value": text(value), "origin": value.origin.to_string()});
                ((*name).to_owned(), shown)
            })
            .collect();
        output::data(&serde_json::Value::Object(values).to_string());
        return;
    }
    output::data(&format!("data_dir = {}", settings.data_dir.display()));
    for (name, value) in &settings.values {
        let line = format!("{name} = {}", text(value));
        match origin {
            true => output::data(&format!("{line}  ({})", value.origin)),
            false => output::data(&line),
        }
    }
}

fn text(value: &Value) -> &str {
    if value.secret && !value.text.is_empty() {
        "***"
    } else {
        &value.text
    }
}
