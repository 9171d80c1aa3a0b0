//! `convosphere config`

use std::borrow::Cow;
use std::os::unix::fs::PermissionsExt;

use url::Url;

use crate::arguments::{Arguments, Config};
use crate::config::edit::{init, set};
use crate::config::{Origin, Settings, Value, file_of, load};
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
        Config::Check => {
            secrets_are_kept(&settings)?;
            output::talk("the configuration has no faults");
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

/// Refuses a file that others may read and that holds what they may not.
fn secrets_are_kept(settings: &Settings) -> Result<(), Failure> {
    let Ok(metadata) = settings.file.metadata() else {
        return Ok(());
    };
    let mode = metadata.permissions().mode() & 0o777;
    let values = settings.values.iter();
    let secrets = values.filter(|(_, value)| {
        let is_secret = value.secret || text(value) != value.text;
        is_secret && !value.text.is_empty() && value.origin == Origin::File(settings.file.clone())
    });
    let secrets: Vec<&str> = secrets.map(|(name, _)| *name).collect();
    if secrets.is_empty() || mode.trailing_zeros() >= 6 {
        return Ok(());
    }
    let file = settings.file.display();
    Err(Failure::Usage(format!(
        "the configuration has faults\n  {file}: others may read it (mode {mode:03o}), and it holds {}; `chmod 600 {file}`, \
         and change what they may have read",
        secrets.join(", ")
    )))
}

/// Without what others must not see: all of a secret, and the password of an address.
fn text(value: &Value) -> Cow<'_, str> {
    if value.secret && !value.text.is_empty() {
        return "***".into();
    }
    let url = Url::parse(&value.text).ok();
    let hidden = url
        .filter(|url| url.password().is_some())
        .and_then(|mut url| {
            url.set_password(Some("***")).ok()?;
            Some(url.to_string())
        });
    hidden.map_or_else(|| value.text.as_str().into(), Cow::from)
}
