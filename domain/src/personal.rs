//! Personal text: readable while a command is handled, sealed in the log, `[erased]` once its key is destroyed.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The owner of a data key, as `<kind>:<id>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(String);

impl Subject {
    /// The subject of an aggregate or of the installation.
    pub fn new(kind: &str, id: Uuid) -> Self {
        Self(format!("{kind}:{id}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Subject {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// A sealed field as stored in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Version of the seal format.
    pub v: u8,
    /// The subjects, in byte order.
    pub k: Vec<Subject>,
    /// Nonce, base64url.
    pub n: String,
    /// Ciphertext and tag, base64url.
    pub c: String,
}

/// A value that the log seals for one or more subjects; destroying the key of any of them makes it unreadable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Personal<T> {
    /// Readable: created by a command or unsealed for a read model; never stored.
    #[serde(rename = "$personal")]
    Plain { k: Vec<Subject>, value: T },
    /// Sealed: what an aggregate gets when it is loaded, since aggregates hold no personal text.
    #[serde(rename = "$sealed")]
    Sealed(Sealed),
    /// The key was destroyed. The flag is always true; it exists because the JSON object needs a value.
    #[serde(rename = "$erased")]
    Erased(bool),
}

/// In schemas, a sealed field is an object with the schema of its content under `x-sealed`.
impl<T: JsonSchema> JsonSchema for Personal<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Personal_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let sealed = generator.subschema_for::<T>();
        json_schema!({"type": "object", "required": ["$sealed"], "x-sealed": sealed})
    }
}

impl<T> Personal<T> {
    /// Creates a readable value for 1 to 4 subjects.
    pub fn new(subjects: impl IntoIterator<Item = Subject>, value: T) -> Self {
        let mut k: Vec<Subject> = subjects.into_iter().collect();
        k.sort();
        k.dedup();
        Self::Plain { k, value }
    }

    /// The value, if it is readable.
    pub fn plain(&self) -> Option<&T> {
        match self {
            Self::Plain { value, .. } => Some(value),
            Self::Sealed(_) | Self::Erased(_) => None,
        }
    }

    /// The value, if it is readable.
    pub fn into_plain(self) -> Option<T> {
        match self {
            Self::Plain { value, .. } => Some(value),
            Self::Sealed(_) | Self::Erased(_) => None,
        }
    }
}

/// Shown in place of text whose key was destroyed.
pub const ERASED: &str = "[erased]";

impl Personal<String> {
    /// The text to show: the value, or `[erased]` if it is not readable.
    pub fn text(&self) -> &str {
        self.plain().map_or(ERASED, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_variant_has_its_json_form() {
        let user = Subject::new("user", Uuid::nil());
        let plain = Personal::new([user.clone(), user], "Grüße".to_owned());
        let json = serde_json::to_value(&plain).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"$personal": {"k": ["user:00000000-0000-0000-0000-000000000000"], "value": "Grüße"}})
        );
        let erased: Personal<String> = serde_json::from_str(r#"{"$erased":true}"#).unwrap();
        assert_eq!(erased.text(), "[erased]");
        let sealed: Personal<String> =
            serde_json::from_str(r#"{"$sealed":{"v":1,"k":[],"n":"","c":""}}"#).unwrap();
        assert_eq!(sealed.plain(), None);
    }
}
