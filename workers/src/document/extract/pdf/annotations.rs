//! Fields of forms and notes on a page: values that no content stream holds.

use hayro_interpret::hayro_syntax::object::{
    Array, Dict, Name, Object, Stream, String as PdfString,
};
use hayro_interpret::hayro_syntax::page::Page;

use super::page::Reader;
use super::strings::text;

/// Annotations of one page that are read, at most.
const MOST: usize = 10_000;
/// How deep fields may be nested.
const DEEPEST: usize = 32;

const HIDDEN: u32 = 1 << 1;
const NO_VIEW: u32 = 1 << 5;
/// Flags of fields: a password, and a button that only does something.
const PASSWORD: i32 = 1 << 13;
const PUSH_BUTTON: i32 = 1 << 16;

/// Fields with their values and notes with their text, in the order of the page.
pub fn read<'a>(page: &Page<'a>, reader: &mut Reader<'a>) -> Vec<String> {
    let Some(annotations) = page.raw().get::<Array<'a>>("Annots") else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    for annotation in annotations.iter::<Dict<'a>>().take(MOST) {
        let flags = annotation.get::<u32>("F").unwrap_or(0);
        if flags & (HIDDEN | NO_VIEW) != 0 {
            continue;
        }
        let note = match name(&annotation, "Subtype").as_deref() {
            Some("Widget") => field(&annotation),
            // A link names where it leads; a popup shows a note that stands in the list itself.
            Some("Link" | "Popup") => None,
            _ => written(&annotation).or_else(|| drawn(&annotation, page, reader)),
        };
        let note = note.map(|note| note.trim().replace('\r', "\n"));
        notes.extend(note.filter(|note| !note.is_empty()));
    }
    notes
}

fn written(annotation: &Dict<'_>) -> Option<String> {
    string(annotation, "Contents").filter(|text| !text.trim().is_empty())
}

/// What an annotation shows that has no text of its own, such as a stamp.
fn drawn<'a>(annotation: &Dict<'a>, page: &Page<'a>, reader: &mut Reader<'a>) -> Option<String> {
    let appearance = annotation.get::<Dict<'a>>("AP")?.get::<Stream<'a>>("N")?;
    Some(reader.text_of(&appearance, page.resources()))
}

/// `Name of the field: value`
fn field(widget: &Dict<'_>) -> Option<String> {
    let flags = inherited(widget, "Ff")
        .and_then(Object::into_i32)
        .unwrap_or(0);
    let value = match inherited(widget, "FT")?.into_name()?.as_str() {
        "Tx" if flags & PASSWORD == 0 => value_text(&inherited(widget, "V")?)?,
        "Ch" => chosen(widget)?,
        "Btn" if flags & PUSH_BUTTON == 0 => checked(widget)?,
        _ => return None,
    };
    if value.trim().is_empty() {
        return None;
    }
    Some(match label(widget) {
        Some(label) => format!("{label}: {value}"),
        None => value,
    })
}

/// What a person is told a field is for, or else its name in the form.
fn label(widget: &Dict<'_>) -> Option<String> {
    ["TU", "T"].into_iter().find_map(|key| {
        let label = text(inherited(widget, key)?.into_string()?.as_bytes());
        let label = label.trim().trim_end_matches(':').to_owned();
        (!label.is_empty()).then_some(label)
    })
}

fn value_text(value: &Object<'_>) -> Option<String> {
    match value {
        Object::String(value) => Some(text(value.as_bytes())),
        Object::Stream(value) => Some(text(&value.decoded_data().ok()?)),
        Object::Name(value) => Some(value.as_str().to_owned()),
        _ => None,
    }
}

/// The entries of a list that were chosen, as they are shown.
fn chosen(widget: &Dict<'_>) -> Option<String> {
    let values = match inherited(widget, "V")? {
        Object::Array(values) => values.iter::<Object<'_>>().collect(),
        value => vec![value],
    };
    let shown = values.iter().filter_map(|value| {
        let value = value_text(value)?;
        Some(option(widget, &value).unwrap_or(value))
    });
    Some(shown.collect::<Vec<_>>().join(", "))
}

/// The text of an option that stands for a value.
fn option(widget: &Dict<'_>, value: &str) -> Option<String> {
    let options = inherited(widget, "Opt")?.into_array()?;
    options.iter::<Array<'_>>().find_map(|pair| {
        let mut pair = pair.iter::<PdfString<'_>>();
        let (export, shown) = (pair.next()?, pair.next()?);
        (text(export.as_bytes()) == value).then(|| text(shown.as_bytes()))
    })
}

/// The state of a box or button that is switched on.
fn checked(widget: &Dict<'_>) -> Option<String> {
    let state = name(widget, "AS").or_else(|| value_text(&inherited(widget, "V")?))?;
    if state == "Off" {
        return None;
    }
    // The state is a number where the names of the choices stand elsewhere.
    let options = inherited(widget, "Opt").and_then(Object::into_array);
    let shown = options.and_then(|options| {
        let option = options.iter::<PdfString<'_>>().nth(state.parse().ok()?)?;
        Some(text(option.as_bytes()))
    });
    Some(shown.unwrap_or(state))
}

/// A value that a field has from itself or from a field above it.
fn inherited<'a>(field: &Dict<'a>, key: &str) -> Option<Object<'a>> {
    let mut field = field.clone();
    for _ in 0..DEEPEST {
        if let Some(value) = field.get::<Object<'a>>(key) {
            return Some(value);
        }
        field = field.get::<Dict<'a>>("Parent")?;
    }
    None
}

fn name(dict: &Dict<'_>, key: &str) -> Option<String> {
    Some(dict.get::<Name<'_>>(key)?.as_str().to_owned())
}

fn string(dict: &Dict<'_>, key: &str) -> Option<String> {
    Some(text(dict.get::<PdfString<'_>>(key)?.as_bytes()))
}
