//! Reads JSON of other programs without a schema: a field that is missing, null or of another type is `None`, and
//! unused values are not built.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::limits::TooMany;

/// The text of a value.
pub(super) type Raw<'a> = &'a RawValue;

/// The values of some fields of an object; all `None` if it is not an object.
pub(super) fn fields<'a, const N: usize>(raw: Raw<'a>, names: [&str; N]) -> [Option<Raw<'a>>; N] {
    let mut found = [None; N];
    if starts_with(raw, '{') {
        let mut text = serde_json::Deserializer::from_str(raw.get());
        let _ = text.deserialize_map(Fields(&names, &mut found));
    }
    found.map(|value| value.filter(|value: &Raw<'a>| value.get() != "null"))
}

struct Fields<'f, 'a, const N: usize>(&'f [&'f str; N], &'f mut [Option<Raw<'a>>; N]);

impl<'de, const N: usize> Visitor<'de> for Fields<'_, 'de, N> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Name(name)) = map.next_key()? {
            match self.0.iter().position(|field| *field == name) {
                Some(index) => self.1[index] = Some(map.next_value()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// The elements of a list up to a limit; empty if it is not a list.
pub(super) fn list<'a>(
    raw: Option<Raw<'a>>,
    (what, limit): (&'static str, usize),
) -> Result<Vec<Raw<'a>>, TooMany> {
    let mut found = Vec::new();
    let Some(raw) = raw.filter(|raw| starts_with(raw, '[')) else {
        return Ok(found);
    };
    let mut text = serde_json::Deserializer::from_str(raw.get());
    let is_complete = text
        .deserialize_seq(List(&mut found, limit))
        .unwrap_or(true);
    match is_complete {
        true => Ok(found),
        false => Err(TooMany::new(what, limit)),
    }
}

/// Returns whether the limit was kept.
struct List<'f, 'a>(&'f mut Vec<Raw<'a>>, usize);

impl<'de> Visitor<'de> for List<'_, 'de> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        while self.0.len() < self.1 {
            match list.next_element()? {
                Some(one) => self.0.push(one),
                None => return Ok(true),
            }
        }
        let mut is_complete = true;
        while list.next_element::<IgnoredAny>()?.is_some() {
            is_complete = false;
        }
        Ok(is_complete)
    }
}

/// The members of an object up to a limit; empty if it is not an object.
pub(super) fn members<'a>(
    raw: Raw<'a>,
    (what, limit): (&'static str, usize),
) -> Result<Vec<(Cow<'a, str>, Raw<'a>)>, TooMany> {
    let mut found = Vec::new();
    if !starts_with(raw, '{') {
        return Ok(found);
    }
    let mut text = serde_json::Deserializer::from_str(raw.get());
    let is_complete = text
        .deserialize_map(Members(&mut found, limit))
        .unwrap_or(true);
    match is_complete {
        true => Ok(found),
        false => Err(TooMany::new(what, limit)),
    }
}

struct Members<'f, 'a>(&'f mut Vec<(Cow<'a, str>, Raw<'a>)>, usize);

impl<'de> Visitor<'de> for Members<'_, 'de> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        while self.0.len() < self.1 {
            match map.next_entry::<Name<'de>, Raw<'de>>()? {
                Some((Name(name), value)) => self.0.push((name, value)),
                None => return Ok(true),
            }
        }
        let mut is_complete = true;
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            is_complete = false;
        }
        Ok(is_complete)
    }
}

/// Whether a value starts with a character.
pub(super) fn starts_with(raw: &RawValue, character: char) -> bool {
    raw.get().starts_with(character)
}

/// A string, or a number as text. Lone surrogates, left by programs that truncate texts, are replaced.
pub(super) fn text(raw: Option<Raw<'_>>) -> Option<String> {
    let raw = raw?;
    if !starts_with(raw, '"') {
        let is_number = raw
            .get()
            .starts_with(|c: char| c == '-' || c.is_ascii_digit());
        return is_number.then(|| raw.get().to_owned());
    }
    Bytes
        .deserialize(&mut serde_json::Deserializer::from_str(raw.get()))
        .ok()
}

struct Bytes;

impl<'de> DeserializeSeed<'de> for Bytes {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Bytes {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<String, E> {
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// A number, also as a string.
pub(super) fn number(raw: Option<Raw<'_>>) -> Option<f64> {
    text(raw)?.trim().parse().ok()
}

/// A boolean, also as a string; numbers other than 0 are true.
pub(super) fn flag(raw: Option<Raw<'_>>) -> bool {
    match raw.map(RawValue::get) {
        Some("true" | "\"true\"") => true,
        Some("false" | "\"false\"") | None => false,
        Some(_) => number(raw).is_some_and(|number| number != 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    #[test]
    fn a_field_of_another_type_is_none_and_the_others_are_read() {
        let object = raw(r#"{"a": null, "x": [[{}]], "b": 5, "c": "\ud83c tea", "a\u0064": true}"#);
        let [absent, b, c, d, missing] = fields(&object, ["a", "b", "c", "ad", "e"]);
        assert!(absent.is_none() && missing.is_none());
        assert_eq!((text(b).as_deref(), number(b)), (Some("5"), Some(5.0)));
        assert!(text(c).unwrap().ends_with(" tea"));
        assert!(flag(d) && flag(b) && !flag(c));
        assert!(fields(&raw("[1]"), ["a"])[0].is_none());
    }

    #[test]
    fn lists_and_objects_above_the_limit_are_rejected() {
        let many = raw(&format!("[{}0]", "{},".repeat(5)));
        let limit = |limit| list(Some(&many), ("things", limit));
        assert_eq!(limit(6).unwrap().len(), 6);
        assert_eq!(
            limit(5).unwrap_err().to_string(),
            "it has more than 5 things"
        );
        let object = raw(r#"{"a":1,"a":2,"b":3}"#);
        assert_eq!(members(&object, ("nodes", 3)).unwrap().len(), 3);
        assert!(members(&object, ("nodes", 2)).is_err());
        assert!(members(&raw("7"), ("nodes", 2)).unwrap().is_empty());
        let deep = raw(&format!("{}{}", "[".repeat(200_000), "]".repeat(200_000)));
        assert_eq!(list(Some(&deep), ("things", 2)).unwrap().len(), 1);
    }
}
