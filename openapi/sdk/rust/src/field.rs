//! Fields that may be null or missing, and enumerations that later versions may extend.

use serde::{Serialize, Serializer};

/// A field of a request for which null differs from a field that is not sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// Not sent: the value stays unchanged.
    #[default]
    Omitted,
    /// Sent as null; the documentation of the field says what this does.
    Null,
    Value(T),
}

impl<T> Field<T> {
    pub(crate) fn is_omitted(&self) -> bool {
        matches!(self, Self::Omitted)
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// `None` is null.
impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Omitted | Self::Null => serializer.serialize_none(),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

/// Defines an enumeration of strings with a variant for values that this version does not know.
macro_rules! string_enum {
    ($(#[$attribute:meta])* pub enum $name:ident { $($variant:ident = $text:literal,)+ }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($variant,)+
            /// A value that this version of the client does not know.
            Other(String),
        }

        impl $name {
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from(String::deserialize(deserializer)?.as_str()))
            }
        }
    };
}
pub(crate) use string_enum;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::Field;
    use crate::types::{UpdateConversation, UserRole};

    #[test]
    fn omitted_fields_are_not_sent_and_null_is() {
        let body = |model| {
            let body = UpdateConversation {
                model,
                ..UpdateConversation::default()
            };
            serde_json::to_value(body).unwrap()
        };
        assert_eq!(body(Field::Omitted), json!({}));
        assert_eq!(body(Field::Null), json!({"model": null}));
        assert_eq!(body("a/b".to_owned().into()), json!({"model": "a/b"}));
    }

    #[test]
    fn unknown_values_of_an_enumeration_survive() {
        let role: UserRole = serde_json::from_value(json!("auditor")).unwrap();
        assert_eq!(role, UserRole::Other("auditor".to_owned()));
        assert_eq!(serde_json::to_value(&role).unwrap(), json!("auditor"));
        assert_eq!(UserRole::from("admin"), UserRole::Admin);
    }
}
