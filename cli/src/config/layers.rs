//! Values by name with their origin; later layers override earlier ones.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::flags::{COPY_TO, TOKEN};

use super::keys::{KEYS, find, nearest};

const PREFIX: &str = "CONVOSPHERE_";
/// Variables with the prefix that are not settings.
const RESERVED: &[&str] = &["CONVOSPHERE_DATA_DIR", COPY_TO, TOKEN];

/// Well-known variables without the prefix, and their settings.
const WELL_KNOWN: &[(&str, &str)] = &[
    ("DATABASE_URL", "database.url"),
    ("NATS_URL", "nats.url"),
    ("MEILI_URL", "meilisearch.url"),
    ("MEILI_MASTER_KEY", "meilisearch.key"),
    ("AWS_ENDPOINT_URL", "files.endpoint"),
    ("AWS_REGION", "files.region"),
    ("AWS_ACCESS_KEY_ID", "files.access_key_id"),
    ("AWS_SECRET_ACCESS_KEY", "files.secret_access_key"),
];

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Default,
    File(PathBuf),
    Environment(String),
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag => f.write_str("flag"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pub text: String,
    pub origin: Origin,
    pub secret: bool,
}

/// The values of all layers read so far.
#[derive(Debug)]
pub struct Layers {
    values: BTreeMap<&'static str, Value>,
}

impl Layers {
    pub fn defaults() -> Self {
        let values = KEYS.iter().map(|key| {
            let value = Value {
                text: key.default.to_owned(),
                origin: Origin::Default,
                secret: key.secret,
            };
            (key.name, value)
        });
        Self {
            values: values.collect(),
        }
    }

    /// Sets a value. Returns false if there is no such setting; the caller reports it.
    pub fn set(&mut self, name: &str, text: String, origin: Origin) -> bool {
        let Some(key) = find(name) else {
            return false;
        };
        let value = Value {
            text,
            origin,
            secret: key.secret,
        };
        self.values.insert(key.name, value);
        true
    }

    pub fn text(&self, name: &str) -> &str {
        self.values
            .get(name)
            .map_or("", |value| value.text.as_str())
    }

    /// The entries of a list that is separated by commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        let entries = self.text(name).split(',').map(str::trim);
        let entries = entries.filter(|entry| !entry.is_empty());
        entries.map(str::to_owned).collect()
    }

    pub fn value(&self, name: &str) -> Value {
        self.values.get(name).cloned().unwrap_or(Value {
            text: String::new(),
            origin: Origin::Default,
            secret: false,
        })
    }

    pub fn parse<T: FromStr>(
        &self,
        name: &str,
        wanted: &str,
        errors: &mut Vec<String>,
    ) -> Option<T> {
        let text = self.text(name);
        let parsed = text.parse().ok();
        if parsed.is_none() {
            errors.push(format!("{name}: {text:?} is not {wanted}"));
        }
        parsed
    }
}

/// Reads a TOML file.
pub fn read_file(path: &Path, layers: &mut Layers, errors: &mut Vec<String>) {
    let table = match std::fs::read_to_string(path).map(|text| text.parse::<toml::Table>()) {
        Ok(Ok(table)) => table,
        Ok(Err(error)) => return errors.push(format!("{}: {}", path.display(), error.message())),
        Err(error) => return errors.push(format!("{}: {error}", path.display())),
    };
    let mut flat = Vec::new();
    flatten("", &toml::Value::Table(table), &mut flat);
    for (name, text) in flat {
        if !layers.set(&name, text, Origin::File(path.to_path_buf())) {
            errors.push(format!(
                "{}: there is no setting {name}; did you mean {}?",
                path.display(),
                nearest(&name)
            ));
        }
    }
}

fn flatten(name: &str, value: &toml::Value, flat: &mut Vec<(String, String)>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                let name = if name.is_empty() {
                    key.clone()
                } else {
                    format!("{name}.{key}")
                };
                flatten(&name, value, flat);
            }
        }
        toml::Value::Array(items) => {
            let items: Vec<String> = items.iter().map(scalar).collect();
            flat.push((name.to_owned(), items.join(",")));
        }
        value => flat.push((name.to_owned(), scalar(value))),
    }
}

fn scalar(value: &toml::Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Reads variables named `CONVOSPHERE_<SECTION>__<KEY>` and the well-known ones.
pub fn read_environment(
    variables: impl Iterator<Item = (String, String)>,
    layers: &mut Layers,
    errors: &mut Vec<String>,
) {
    for (variable, text) in variables {
        let well_known = WELL_KNOWN.iter().find(|(name, _)| *name == variable);
        if let Some((_, name)) = well_known.filter(|_| !text.is_empty()) {
            layers.set(name, text, Origin::Environment(variable));
            continue;
        }
        let Some(rest) = variable
            .strip_prefix(PREFIX)
            .filter(|_| !RESERVED.contains(&variable.as_str()))
        else {
            continue;
        };
        let name = rest.to_lowercase().replace("__", ".");
        if !layers.set(&name, text, Origin::Environment(variable.clone())) {
            errors.push(format!(
                "environment: there is no setting {variable}; did you mean {}?",
                nearest(&name)
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> (Layers, Vec<String>) {
        let (mut layers, mut errors) = (Layers::defaults(), Vec::new());
        let pairs = pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        read_environment(pairs, &mut layers, &mut errors);
        (layers, errors)
    }

    #[test]
    fn the_environment_sets_by_section_and_key() {
        let (layers, errors) = environment(&[
            ("CONVOSPHERE_SERVER__LISTEN", "127.0.0.1:1"),
            ("DATABASE_URL", "postgres://x"),
            ("CONVOSPHERE_DATA_DIR", "/x"),
            ("PATH", "/bin"),
        ]);
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(layers.text("server.listen"), "127.0.0.1:1");
        assert_eq!(
            layers.value("database.url").origin,
            Origin::Environment("DATABASE_URL".into())
        );
        assert!(layers.value("database.url").secret);
    }

    #[test]
    fn an_unknown_name_is_reported_with_the_nearest_one() {
        let (_, errors) = environment(&[
            ("CONVOSPHERE_SERVER__LISTN", "x"),
            ("CONVOSPHERE_LOG__LEVELS", "x"),
        ]);
        assert_eq!(errors.len(), 2);
        assert!(
            errors[0].contains("server.listen") && errors[1].contains("log.level"),
            "{errors:?}"
        );
    }

    #[test]
    fn a_file_is_read_by_section() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(
            &path,
            "[rate_limit]\nenabled = false\n[server]\nlistn = 'x'\n",
        )
        .unwrap();
        let (mut layers, mut errors) = (Layers::defaults(), Vec::new());
        read_file(&path, &mut layers, &mut errors);
        assert_eq!(layers.text("rate_limit.enabled"), "false");
        assert!(
            errors[0].contains("did you mean server.listen"),
            "{errors:?}"
        );
    }
}
