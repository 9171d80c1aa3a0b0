//! Number formats and fonts of cells.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ssfmt::{DateSystem, FormatOptions, NumberFormat, format_code_from_id};

use super::dates::{Language, has_era, insert_era, insert_general, quote_units};
use super::number_sign::restore_sign;
use super::rich::{TextStyle, parse_script};
use crate::document::extract::ExtractError;
use crate::document::extract::office::package::{attribute, child, children, is_on, parse, value};

/// Dates and times in the format of the reader's system, which is not in the file: written as ISO 8601.
const SYSTEM_DATES: [&str; 2] = ["yyyy-mm-dd", "yyyy-mm-dd hh:mm"];

#[derive(Debug, Default)]
pub(super) struct Styles {
    cells: Vec<CellStyle>,
}

#[derive(Debug)]
struct CellStyle {
    format: Option<Format>,
    bold: bool,
    text_style: TextStyle,
}

/// The number format of a cell.
#[derive(Debug)]
struct Format {
    /// Includes the names of months and days in its language.
    options: FormatOptions,
    code: Code,
    /// The code without the language.
    source: String,
}

#[derive(Debug)]
enum Code {
    Parsed(NumberFormat),
    /// A date in an era, whose name and year depend on the date.
    Era(String, Option<Language>),
    /// A number without a format within other text.
    General(String),
}

impl Format {
    fn format(&self, value: f64) -> Option<String> {
        let apply = |code: &str, value: f64| {
            let format = NumberFormat::parse(code).ok()?;
            format.try_format(value, &self.options).ok()
        };
        match &self.code {
            Code::Parsed(format) => format.try_format(value, &self.options).ok(),
            Code::Era(code, language) => {
                let code = insert_era(code, language.as_ref(), value, self.options.date_system)?;
                apply(&code, value)
            }
            Code::General(code) => {
                let filled = insert_general(code, &format_general(value.abs()))?;
                // A single section applies to all numbers; the sign precedes it.
                match code.contains(';') {
                    true => apply(&filled, value),
                    false => {
                        let sign = if value < 0.0 { "-" } else { "" };
                        Some(format!("{sign}{}", apply(&filled, value.abs())?))
                    }
                }
            }
        }
    }
}

impl Styles {
    pub(super) fn read(text: &str, epoch_1904: bool) -> Result<Self, ExtractError> {
        let tree = parse(text)?;
        let root = tree.root_element();
        let options = FormatOptions {
            date_system: match epoch_1904 {
                true => DateSystem::Date1904,
                false => DateSystem::Date1900,
            },
            ..FormatOptions::default()
        };
        let codes: Vec<(u32, &str)> = child(root, "numFmts")
            .into_iter()
            .flat_map(|list| children(list, "numFmt"))
            .filter_map(|node| {
                Some((
                    attribute(node, "numFmtId")?.parse().ok()?,
                    attribute(node, "formatCode")?,
                ))
            })
            .collect();
        let fonts = child(root, "fonts")
            .into_iter()
            .flat_map(|list| children(list, "font"));
        let text_style = |font| TextStyle {
            struck: is_on(Some(font), "strike"),
            script: value(Some(font), "vertAlign").and_then(parse_script),
        };
        let fonts: Vec<(bool, TextStyle)> = fonts
            .map(|font| (is_on(Some(font), "b"), text_style(font)))
            .collect();
        let cells = child(root, "cellXfs")
            .into_iter()
            .flat_map(|list| children(list, "xf"));
        let cells = cells.map(|cell| {
            let number = |name| attribute(cell, name).and_then(|number| number.parse::<u32>().ok());
            let font = number("fontId").and_then(|id| usize::try_from(id).ok());
            let (bold, text_style) = font
                .and_then(|font| fonts.get(font).copied())
                .unwrap_or_default();
            CellStyle {
                format: number("numFmtId").and_then(|id| parse_format(id, &codes, &options)),
                bold,
                text_style,
            }
        });
        Ok(Self {
            cells: cells.collect(),
        })
    }

    pub(super) fn is_bold(&self, style: Option<usize>) -> bool {
        style
            .and_then(|style| self.cells.get(style))
            .is_some_and(|style| style.bold)
    }

    pub(super) fn text_style(&self, style: Option<usize>) -> TextStyle {
        style
            .and_then(|style| self.cells.get(style))
            .map(|style| style.text_style)
            .unwrap_or_default()
    }

    /// Formats a number as its cell displays it.
    pub(super) fn format_number(&self, number: &str, style: Option<usize>) -> String {
        let Ok(value) = number.trim().parse::<f64>() else {
            return number.trim().to_owned();
        };
        let format = style.and_then(|style| self.cells.get(style)?.format.as_ref());
        // A broken format affects only one value.
        let formatted = |format: &Format| {
            let text = catch_unwind(AssertUnwindSafe(|| format.format(value)));
            text.ok().flatten()
        };
        let text = format.and_then(formatted);
        match text {
            // A cell too narrow for its value shows `#`; the value is meant.
            Some(text) if !text.is_empty() && text.chars().all(|c| c == '#') => {
                format_general(value)
            }
            Some(text) => {
                let text = text.replace('\u{a0}', " ").trim().to_owned();
                match format {
                    Some(format) => restore_sign(&format.source, value, text),
                    None => text,
                }
            }
            None => format_general(value),
        }
    }
}

/// Above this, 64-bit floating-point numbers cannot represent every integer.
const MAX_INTEGER: f64 = 9_007_199_254_740_992.0;

/// Formats a number without a format. Integers keep all digits: they may be article or order numbers.
fn format_general(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < MAX_INTEGER {
        return format!("{value:.0}");
    }
    ssfmt::format_default(value, "General").unwrap_or_else(|_| value.to_string())
}

fn parse_format(id: u32, codes: &[(u32, &str)], options: &FormatOptions) -> Option<Format> {
    let custom = codes
        .iter()
        .find(|(number, _)| *number == id)
        .map(|(_, code)| *code);
    let code = match (custom, id) {
        (Some(code), _) => system_format(code).unwrap_or(code),
        (None, 14 | 27..=31 | 36 | 50..=54 | 57 | 58) => SYSTEM_DATES[0],
        (None, 22) => SYSTEM_DATES[1],
        (None, id) => format_code_from_id(id)?,
    };
    if code.eq_ignore_ascii_case("general") {
        return None;
    }
    let (language, code) = Language::parse(code);
    let options = FormatOptions {
        locale: language
            .as_ref()
            .and_then(|language| language.locale(&code))
            .unwrap_or_default(),
        ..options.clone()
    };
    let code = quote_units(&code);
    let source = code.clone();
    let code = match has_era(&code, language.as_ref()) {
        true => Code::Era(code, language),
        false if insert_general(&code, "").is_some() => Code::General(code),
        false => {
            let parsed = catch_unwind(|| NumberFormat::parse(&code).ok());
            Code::Parsed(parsed.ok().flatten()?)
        }
    };
    Some(Format {
        options,
        code,
        source,
    })
}

/// Codes for the date and time format of the reader's system.
fn system_format(code: &str) -> Option<&'static str> {
    let code = code.to_ascii_uppercase();
    let has_prefix = |prefix: &str| code.starts_with(prefix);
    match () {
        () if has_prefix("[$-F800]") || has_prefix("[$-X-SYSDATE]") => Some("yyyy-mm-dd"),
        () if has_prefix("[$-F400]") || has_prefix("[$-X-SYSTIME]") => Some("hh:mm:ss"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_keep_their_digits() {
        for (value, expected) in [
            (4_006_381_333_931.0, "4006381333931"),
            (202_400_000_124.0, "202400000124"),
            (-12_345_678_901_234.0, "-12345678901234"),
            (0.0, "0"),
            (0.5, "0.5"),
            (1.0e300, "1E+300"),
        ] {
            assert_eq!(format_general(value), expected);
        }
    }
}
