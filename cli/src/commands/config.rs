//! `convosphere config`

use std::borrow::Cow;
use std::os::unix::fs::PermissionsExt;

use clap::Subcommand;
use url::Url;

use crate::config::edit::{init, set};
use crate::config::{Origin, Settings, Value, config_file, load};
use crate::failure::Failure;
use crate::flags::Flags;
use crate::{output, privileges};

#[derive(Debug, Subcommand)]
pub enum Config {
    /// Writes a configuration file with every setting, its default and a description.
    Init,
    /// Changes a setting in the file; an invalid value is refused and the file stays unchanged.
    Set {
        /// The setting, such as server.listen.
        name: String,
        value: String,
    },
    /// Reports all errors in the configuration.
    Check,
    /// Shows the effective configuration.
    Show {
        /// Shows where each value comes from.
        #[arg(long)]
        origin: bool,
    },
}

impl Config {
    pub fn run(self, flags: &Flags) -> Result<(), Failure> {
        let writes = matches!(self, Self::Init | Self::Set { .. });
        privileges::drop_privileges_for_config(flags, writes)?;
        match self {
            Self::Init => init(&config_file(flags)),
            Self::Set { name, value } => set(flags, &name, &value),
            Self::Check => {
                check_permissions(&load(flags, &[])?)?;
                output::print_message("the configuration is valid");
                Ok(())
            }
            Self::Show { origin } => {
                show(&load(flags, &[])?, origin, flags.json);
                Ok(())
            }
        }
    }
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
