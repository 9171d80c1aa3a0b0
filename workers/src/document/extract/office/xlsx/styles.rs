//! How cells show their numbers.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ssfmt::{DateSystem, FormatOptions, NumberFormat, format_code_from_id};

use super::days::{Language, has_era, with_era, with_general, with_units};
use super::rich::{Look, height};
use super::signs::signed;
use crate::document::extract::Failed;
use crate::document::extract::office::package::{attribute, child, children, is_on, parse, value};

/// Days and times whose form is the reader's own, and so in the file nowhere: they are shown by ISO 8601.
const OWN_DAYS: [&str; 2] = ["yyyy-mm-dd", "yyyy-mm-dd hh:mm"];

#[derive(Debug, Default)]
pub struct Styles {
    cells: Vec<CellStyle>,
}

#[derive(Debug)]
struct CellStyle {
    format: Option<Format>,
    bold: bool,
    look: Look,
}

/// How the numbers of a cell are shown.
#[derive(Debug)]
struct Format {
    /// With the names of the months and days of its language.
    options: FormatOptions,
    code: Code,
    /// As it is written, without the language.
    written: String,
}

#[derive(Debug)]
enum Code {
    Parsed(NumberFormat),
    /// Of days in an era, whose name and year are of each day.
    OfEra(String, Option<Language>),
    /// Of numbers without a format among other text.
    OfGeneral(String),
}

impl Format {
    fn show(&self, value: f64) -> Option<String> {
        let shown = |code: &str, value: f64| {
            let format = NumberFormat::parse(code).ok()?;
            format.try_format(value, &self.options).ok()
        };
        match &self.code {
            Code::Parsed(format) => format.try_format(value, &self.options).ok(),
            Code::OfEra(code, language) => {
                let code = with_era(code, language.as_ref(), value, self.options.date_system)?;
                shown(&code, value)
            }
            Code::OfGeneral(code) => {
                let written = with_general(code, &general(value.abs()))?;
                // One section is for all numbers, and the sign comes before it.
                match code.contains(';') {
                    true => shown(&written, value),
                    false => {
                        let sign = if value < 0.0 { "-" } else { "" };
                        Some(format!("{sign}{}", shown(&written, value.abs())?))
                    }
                }
            }
        }
    }
}

impl Styles {
    pub fn read(text: &str, epoch_1904: bool) -> Result<Self, Failed> {
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
            .filter_map(|own| {
                Some((
                    attribute(own, "numFmtId")?.parse().ok()?,
                    attribute(own, "formatCode")?,
                ))
            })
            .collect();
        let fonts = child(root, "fonts")
            .into_iter()
            .flat_map(|list| children(list, "font"));
        let look = |font| Look {
            struck: is_on(Some(font), "strike"),
            height: value(Some(font), "vertAlign").and_then(height),
        };
        let fonts: Vec<(bool, Look)> = fonts
            .map(|font| (is_on(Some(font), "b"), look(font)))
            .collect();
        let cells = child(root, "cellXfs")
            .into_iter()
            .flat_map(|list| children(list, "xf"));
        let cells = cells.map(|cell| {
            let number = |name| attribute(cell, name).and_then(|number| number.parse::<u32>().ok());
            let font = number("fontId").and_then(|id| usize::try_from(id).ok());
            let (bold, look) = font
                .and_then(|font| fonts.get(font).copied())
                .unwrap_or_default();
            CellStyle {
                format: number("numFmtId").and_then(|id| format(id, &codes, &options)),
                bold,
                look,
            }
        });
        Ok(Self {
            cells: cells.collect(),
        })
    }

    pub fn is_bold(&self, style: Option<usize>) -> bool {
        style
            .and_then(|style| self.cells.get(style))
            .is_some_and(|style| style.bold)
    }

    pub fn look(&self, style: Option<usize>) -> Look {
        style
            .and_then(|style| self.cells.get(style))
            .map(|style| style.look)
            .unwrap_or_default()
    }

    /// A number as its cell shows it.
    pub fn shown(&self, number: &str, style: Option<usize>) -> String {
        let Ok(value) = number.trim().parse::<f64>() else {
            return number.trim().to_owned();
        };
        let format = style.and_then(|style| self.cells.get(style)?.format.as_ref());
        // What a strange format breaks is one value.
        let formatted = |format: &Format| {
            let shown = catch_unwind(AssertUnwindSafe(|| format.show(value)));
            shown.ok().flatten()
        };
        let shown = format.and_then(formatted);
        match shown {
            // A cell too narrow for its value shows marks; the value is what is meant.
            Some(shown) if !shown.is_empty() && shown.chars().all(|c| c == '#') => general(value),
            Some(shown) => {
                let shown = shown.replace('\u{a0}', " ").trim().to_owned();
                match format {
                    Some(own) => signed(&own.written, value, shown),
                    None => shown,
                }
            }
            None => general(value),
        }
    }
}

/// Above this a number with a fraction of 64 bits is no whole number any more.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// A number without a format. Whole ones keep their digits: programs write numbers of articles and orders so.
fn general(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < WHOLE {
        return format!("{value:.0}");
    }
    ssfmt::format_default(value, "General").unwrap_or_else(|_| value.to_string())
}

fn format(id: u32, codes: &[(u32, &str)], options: &FormatOptions) -> Option<Format> {
    let own = codes
        .iter()
        .find(|(number, _)| *number == id)
        .map(|(_, code)| *code);
    let code = match (own, id) {
        (Some(code), _) => of_reader(code).unwrap_or(code),
        (None, 14 | 27..=31 | 36 | 50..=54 | 57 | 58) => OWN_DAYS[0],
        (None, 22) => OWN_DAYS[1],
        (None, id) => format_code_from_id(id)?,
    };
    if code.eq_ignore_ascii_case("general") {
        return None;
    }
    let (language, code) = Language::of(code);
    let options = FormatOptions {
        locale: language
            .as_ref()
            .and_then(|language| language.names(&code))
            .unwrap_or_default(),
        ..options.clone()
    };
    let code = with_units(&code);
    let written = code.clone();
    let code = match has_era(&code, language.as_ref()) {
        true => Code::OfEra(code, language),
        false if with_general(&code, "").is_some() => Code::OfGeneral(code),
        false => {
            let parsed = catch_unwind(|| NumberFormat::parse(&code).ok());
            Code::Parsed(parsed.ok().flatten()?)
        }
    };
    Some(Format {
        options,
        code,
        written,
    })
}

/// Codes for the format of the reader's own system.
fn of_reader(code: &str) -> Option<&'static str> {
    let code = code.to_ascii_uppercase();
    let is = |mark: &str| code.starts_with(mark);
    match () {
        () if is("[$-F800]") || is("[$-X-SYSDATE]") => Some("yyyy-mm-dd"),
        () if is("[$-F400]") || is("[$-X-SYSTIME]") => Some("hh:mm:ss"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_keep_their_digits() {
        for (value, shown) in [
            (4_006_381_333_931.0, "4006381333931"),
            (202_400_000_124.0, "202400000124"),
            (-12_345_678_901_234.0, "-12345678901234"),
            (0.0, "0"),
            (0.5, "0.5"),
            (1.0e300, "1E+300"),
        ] {
            assert_eq!(general(value), shown);
        }
    }
}
