//! `convosphere config`

use std::borrow::Cow;
use std::os::unix::fs::PermissionsExt;

use url::Url;

use crate::arguments::{Arguments, Config};
use crate::config::edit::{init, set};
use crate::config::{Origin, Settings, Value, config_file, load};
use crate::failure::Failure;
use crate::output;

pub fn run(command: &Config, arguments: &Arguments) -> Result<(), Failure> {
    match command {
        Config::Init => return init(&config_file(arguments)),
        Config::Set { name, value } => return set(arguments, name, value),
        Config::Check | Config::Show { .. } => {}
    }
    let settings = load(arguments)?;
    match command {
        Config::Init | Config::Set { .. } => {}
        Config::Check => {
            check_permissions(&settings)?;
            output::print_message("the configuration is valid");
        }
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
                let origin = value.origin.to_string();
                let value = serde_json::json!({"value": redact(value), "origin": origin});
                ((*name).to_owned(), value)
            })
            .collect();
        output::print_data(&serde_json::Value::Object(values).to_string());
        return;
    }
    output::print_data(&format!("data_dir = {}", settings.data_dir.display()));
    for (name, value) in &settings.values {
        let line = format!("{name} = {}", redact(value));
        match origin {
            true => output::print_data(&format!("{line}  ({})", value.origin)),
            false => output::print_data(&line),
        }
    }
}

/// Refuses a file that contains secrets and that other users can read.
fn check_permissions(settings: &Settings) -> Result<(), Failure> {
    let Ok(metadata) = settings.file.metadata() else {
        return Ok(());
    };
    let mode = metadata.permissions().mode() & 0o777;
    let values = settings.values.iter();
    let secrets = values.filter(|(_, value)| {
        let is_secret = value.secret || redact(value) != value.text;
        is_secret && !value.text.is_empty() && value.origin == Origin::File(settings.file.clone())
    });
    let secrets: Vec<&str> = secrets.map(|(name, _)| *name).collect();
    if secrets.is_empty() || mode.trailing_zeros() >= 6 {
        return Ok(());
    }
    let file = settings.file.display();
    Err(Failure::Usage(format!(
        "the configuration is invalid:\n  {file}: other users can read it (mode {mode:03o}), and it contains {}; run \
         `chmod 600 {file}` and change these secrets",
        secrets.join(", ")
    )))
}

/// Hides a secret value, or the password in a URL.
fn redact(value: &Value) -> Cow<'_, str> {
    if value.secret && !value.text.is_empty() {
        return "***".into();
    }
    let url = Url::parse(&value.text).ok();
    let redacted = url
        .filter(|url| url.password().is_some())
        .and_then(|mut url| {
            url.set_password(Some("***")).ok()?;
            Some(url.to_string())
        });
    redacted.map_or_else(|| value.text.as_str().into(), Cow::from)
}
