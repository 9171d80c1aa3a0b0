//! Form fields and notes of a page, which are not in its content stream.

use hayro_interpret::hayro_syntax::object::{
    Array, Dict, Name, Object, Stream, String as PdfString,
};
use hayro_interpret::hayro_syntax::page::Page;

use super::page::PageReader;
use super::strings::decode_text;

/// Maximum number of annotations per page.
const MAX_ANNOTATIONS: usize = 10_000;
/// Maximum nesting of fields.
const MAX_DEPTH: usize = 32;

const HIDDEN: u32 = 1 << 1;
const NO_VIEW: u32 = 1 << 5;
/// Field flags: password fields and push buttons.
const PASSWORD: i32 = 1 << 13;
const PUSH_BUTTON: i32 = 1 << 16;

/// Reads fields with their values and notes with their text, in page order.
pub(super) fn read<'a>(page: &Page<'a>, reader: &mut PageReader<'a>) -> Vec<String> {
    let Some(annotations) = page.raw().get::<Array<'a>>("Annots") else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    for annotation in annotations.iter::<Dict<'a>>().take(MAX_ANNOTATIONS) {
        let flags = annotation.get::<u32>("F").unwrap_or(0);
        if flags & (HIDDEN | NO_VIEW) != 0 {
            continue;
        }
        let note = match name_entry(&annotation, "Subtype").as_deref() {
            Some("Widget") => field_text(&annotation),
            // A link names its target; a popup belongs to a note that is in the list itself.
            Some("Link" | "Popup") => None,
            _ => contents(&annotation).or_else(|| appearance_text(&annotation, page, reader)),
        };
        let note = note.map(|note| note.trim().replace('\r', "\n"));
        notes.extend(note.filter(|note| !note.is_empty()));
    }
    notes
}

fn contents(annotation: &Dict<'_>) -> Option<String> {
    string_entry(annotation, "Contents").filter(|text| !text.trim().is_empty())
}

/// The text that an annotation without contents displays, such as a stamp.
fn appearance_text<'a>(
    annotation: &Dict<'a>,
    page: &Page<'a>,
    reader: &mut PageReader<'a>,
) -> Option<String> {
    let appearance = annotation.get::<Dict<'a>>("AP")?.get::<Stream<'a>>("N")?;
    Some(reader.read_stream(&appearance, page.resources()))
}

/// `Field name: value`
fn field_text(widget: &Dict<'_>) -> Option<String> {
    let flags = inherited(widget, "Ff")
        .and_then(Object::into_i32)
        .unwrap_or(0);
    let value = match inherited(widget, "FT")?.into_name()?.as_str() {
        "Tx" if flags & PASSWORD == 0 => value_text(&inherited(widget, "V")?)?,
        "Ch" => selected_options(widget)?,
        "Btn" if flags & PUSH_BUTTON == 0 => button_state(widget)?,
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

/// The description of a field, else its name.
fn label(widget: &Dict<'_>) -> Option<String> {
    ["TU", "T"].into_iter().find_map(|key| {
        let label = decode_text(inherited(widget, key)?.into_string()?.as_bytes());
        let label = label.trim().trim_end_matches(':').to_owned();
        (!label.is_empty()).then_some(label)
    })
}

fn value_text(value: &Object<'_>) -> Option<String> {
    match value {
        Object::String(value) => Some(decode_text(value.as_bytes())),
        Object::Stream(value) => Some(decode_text(&value.decoded_data().ok()?)),
        Object::Name(value) => Some(value.as_str().to_owned()),
        _ => None,
    }
}

/// The selected entries of a list, as displayed.
fn selected_options(widget: &Dict<'_>) -> Option<String> {
    let values = match inherited(widget, "V")? {
        Object::Array(values) => values.iter::<Object<'_>>().collect(),
        value => vec![value],
    };
    let texts = values.iter().filter_map(|value| {
        let value = value_text(value)?;
        Some(option_text(widget, &value).unwrap_or(value))
    });
    Some(texts.collect::<Vec<_>>().join(", "))
}

/// The displayed text of an option by its value.
fn option_text(widget: &Dict<'_>, value: &str) -> Option<String> {
    let options = inherited(widget, "Opt")?.into_array()?;
    options.iter::<Array<'_>>().find_map(|pair| {
        let mut pair = pair.iter::<PdfString<'_>>();
        let (export, display) = (pair.next()?, pair.next()?);
        (decode_text(export.as_bytes()) == value).then(|| decode_text(display.as_bytes()))
    })
}

/// The state of a checkbox or radio button that is on.
fn button_state(widget: &Dict<'_>) -> Option<String> {
    let state = name_entry(widget, "AS").or_else(|| value_text(&inherited(widget, "V")?))?;
    if state == "Off" {
        return None;
    }
    // The state is an index if the options have texts.
    let options = inherited(widget, "Opt").and_then(Object::into_array);
    let option = options.and_then(|options| {
        let option = options.iter::<PdfString<'_>>().nth(state.parse().ok()?)?;
        Some(decode_text(option.as_bytes()))
    });
    Some(option.unwrap_or(state))
}

/// A value of a field, or inherited from a parent field.
fn inherited<'a>(field: &Dict<'a>, key: &str) -> Option<Object<'a>> {
    let mut field = field.clone();
    for _ in 0..MAX_DEPTH {
        if let Some(value) = field.get::<Object<'a>>(key) {
            return Some(value);
        }
        field = field.get::<Dict<'a>>("Parent")?;
    }
    None
}

fn name_entry(dict: &Dict<'_>, key: &str) -> Option<String> {
    Some(dict.get::<Name<'_>>(key)?.as_str().to_owned())
}

fn string_entry(dict: &Dict<'_>, key: &str) -> Option<String> {
    Some(decode_text(dict.get::<PdfString<'_>>(key)?.as_bytes()))
}
