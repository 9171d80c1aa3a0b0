//! Dates in the language and era of a format: `[$-407]mmmm` is a month in German.

use chrono::{Datelike, Days, NaiveDate};
use pure_rust_locales::{Locale as Names, locale_match};
use ssfmt::{DateSystem, Locale};

/// Windows languages by their identifiers (MS-LCID, the lower ten bits).
const LANGUAGES: &[(u32, &str, Names)] = &[
    (0x01, "ar", Names::ar_EG),
    (0x02, "bg", Names::bg_BG),
    (0x03, "ca", Names::ca_ES),
    (0x04, "zh", Names::zh_CN),
    (0x05, "cs", Names::cs_CZ),
    (0x06, "da", Names::da_DK),
    (0x07, "de", Names::de_DE),
    (0x08, "el", Names::el_GR),
    (0x0a, "es", Names::es_ES),
    (0x0b, "fi", Names::fi_FI),
    (0x0c, "fr", Names::fr_FR),
    (0x0d, "he", Names::he_IL),
    (0x0e, "hu", Names::hu_HU),
    (0x0f, "is", Names::is_IS),
    (0x10, "it", Names::it_IT),
    (0x11, "ja", Names::ja_JP),
    (0x12, "ko", Names::ko_KR),
    (0x13, "nl", Names::nl_NL),
    (0x14, "nb", Names::nb_NO),
    (0x15, "pl", Names::pl_PL),
    (0x16, "pt", Names::pt_PT),
    (0x18, "ro", Names::ro_RO),
    (0x19, "ru", Names::ru_RU),
    (0x1a, "hr", Names::hr_HR),
    (SERBIAN, "sr", Names::sr_RS),
    (SERBIAN_LATIN, "sr-latn", Names::sr_RS_latin),
    (BOSNIAN, "bs", Names::bs_BA),
    (0x1b, "sk", Names::sk_SK),
    (0x1d, "sv", Names::sv_SE),
    (0x1e, "th", Names::th_TH),
    (0x1f, "tr", Names::tr_TR),
    (0x21, "id", Names::id_ID),
    (0x22, "uk", Names::uk_UA),
    (0x24, "sl", Names::sl_SI),
    (0x25, "et", Names::et_EE),
    (0x26, "lv", Names::lv_LV),
    (0x27, "lt", Names::lt_LT),
    (0x29, "fa", Names::fa_IR),
    (0x2a, "vi", Names::vi_VN),
    (0x2d, "eu", Names::eu_ES),
];

/// Languages that share the lower ten bits of Croatian and differ in the upper ones.
const SERBIAN: u32 = 0x0c1a;
const SERBIAN_LATIN: u32 = 0x081a;
const BOSNIAN: u32 = 0x141a;
const CROATIAN: u32 = 0x1a;

/// The identifier of Chinese in Taiwan, which counts years from 1912.
const TAIWAN: u32 = 0x404;
/// The Thai Buddhist calendar, in the third byte of an identifier.
const BUDDHIST: u32 = 0x07;

/// The Japanese eras: their first days, and their names as one letter, one character and two.
const ERAS: [(i32, u32, u32, [&str; 3]); 5] = [
    (2019, 5, 1, ["R", "令", "令和"]),
    (1989, 1, 8, ["H", "平", "平成"]),
    (1926, 12, 25, ["S", "昭", "昭和"]),
    (1912, 7, 30, ["T", "大", "大正"]),
    (1868, 1, 25, ["M", "明", "明治"]),
];

/// The language of a date format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Language {
    /// The Windows identifier; 0 if a name is given instead.
    number: u32,
    name: String,
}

impl Language {
    /// Parses the first language of a format code, and returns the code without it.
    pub(super) fn parse(code: &str) -> (Option<Self>, String) {
        let Some((before, rest)) = code.split_once("[$-") else {
            return (None, code.to_owned());
        };
        let Some((name, after)) = rest.split_once(']') else {
            return (None, code.to_owned());
        };
        // `de` is a name and also a hexadecimal number, which no language has.
        let is_name = LANGUAGES
            .iter()
            .any(|(_, language, _)| language.eq_ignore_ascii_case(name));
        let number = u32::from_str_radix(name, 16).ok().filter(|_| !is_name);
        let language = Self {
            number: number.unwrap_or_default(),
            name: number.map_or_else(|| name.to_lowercase(), |_| String::new()),
        };
        (Some(language), format!("{before}{after}"))
    }

    /// The names of its months and days. In some languages a month without a day has another form.
    pub(super) fn locale(&self, code: &str) -> Option<Locale> {
        let names = self.locale_data()?;
        let has_day = unquoted_tokens(code).any(|token| matches!(token, "d" | "dd" | "D" | "DD"));
        let with_day = locale_match!(names => LC_TIME::MON);
        let standalone = locale_match!(names => LC_TIME::ALT_MON).filter(|_| !has_day);
        Some(Locale {
            month_names_full: standalone.unwrap_or(with_day).try_into().ok()?,
            month_names_short: locale_match!(names => LC_TIME::ABMON).try_into().ok()?,
            day_names_full: locale_match!(names => LC_TIME::DAY).try_into().ok()?,
            day_names_short: locale_match!(names => LC_TIME::ABDAY).try_into().ok()?,
            ..Locale::default()
        })
    }

    fn locale_data(&self) -> Option<Names> {
        let by_number = |expected: u32| LANGUAGES.iter().find(|(id, ..)| *id == expected);
        let by_name = |expected: &str| LANGUAGES.iter().find(|(_, name, _)| *name == expected);
        let short = self.name.split(['-', ',']).next().unwrap_or_default();
        let found = match self.number & 0xffff {
            0 if self.name.starts_with("sr-latn") => by_number(SERBIAN_LATIN),
            0 if self.name.starts_with("bs-cyrl") => None,
            0 => by_name(short),
            id if id & 0x3ff == CROATIAN => match id {
                CROATIAN | 0x041a | 0x101a => by_number(CROATIAN),
                SERBIAN | 0x1c1a | 0x281a | 0x301a | 0x6c1a => by_number(SERBIAN),
                SERBIAN_LATIN | 0x181a | 0x241a | 0x2c1a | 0x701a | 0x7c1a => {
                    by_number(SERBIAN_LATIN)
                }
                BOSNIAN | 0x681a | 0x781a => by_number(BOSNIAN),
                _ => None,
            },
            id => by_number(id & 0x3ff),
        };
        found.map(|(_, _, names)| *names)
    }

    fn is_japanese(&self) -> bool {
        self.number & 0xffff == 0x411 || self.name.starts_with("ja")
    }

    fn is_taiwanese(&self) -> bool {
        self.number & 0xffff == TAIWAN || self.name.starts_with("zh-tw")
    }

    fn is_buddhist(&self) -> bool {
        self.number >> 16 & 0xff == BUDDHIST
    }
}

/// Whether a code has years of an era: together with a year, a month or a day, and not with digits, where the same
/// letters are units.
pub(super) fn has_era(code: &str, language: Option<&Language>) -> bool {
    let is_era = |token: &str| match initial(token) {
        Some('g' | 'b') => true,
        Some('e') => {
            language.is_some_and(|language| language.is_japanese() || language.is_taiwanese())
        }
        Some('y') => language.is_some_and(Language::is_buddhist),
        _ => false,
    };
    let is_date_token = |token: &str| matches!(initial(token), Some('y' | 'e' | 'm' | 'd'));
    !code.to_lowercase().contains("general")
        && !has_digits(code)
        && unquoted_tokens(code).any(is_era)
        && unquoted_tokens(code).any(is_date_token)
}

/// Quotes letters of units, which would be read as eras.
pub(super) fn quote_units(code: &str) -> String {
    if !has_digits(code) || code.to_lowercase().contains("general") {
        return code.to_owned();
    }
    let quoted = split_tokens(code).into_iter().map(|(token, is_unquoted)| {
        let is_unit = is_unquoted && matches!(initial(token), Some('g' | 'b'));
        match is_unit {
            true => format!("\"{token}\""),
            false => token.to_owned(),
        }
    });
    quoted.collect()
}

/// Whether a code has digit placeholders.
fn has_digits(code: &str) -> bool {
    unquoted_tokens(code).any(|token| token.starts_with(['0', '#', '?']))
}

fn unquoted_tokens(code: &str) -> impl Iterator<Item = &str> {
    let tokens = split_tokens(code).into_iter();
    tokens.filter_map(|(token, is_unquoted)| is_unquoted.then_some(token))
}

/// The letter of a token; codes are case-insensitive.
fn initial(token: &str) -> Option<char> {
    token.chars().next().map(|first| first.to_ascii_lowercase())
}

/// Inserts the era and the year of a date into a code.
pub(super) fn insert_era(
    code: &str,
    language: Option<&Language>,
    value: f64,
    epoch: DateSystem,
) -> Option<String> {
    let start = match epoch {
        DateSystem::Date1900 => NaiveDate::from_ymd_opt(1899, 12, 30)?,
        DateSystem::Date1904 => NaiveDate::from_ymd_opt(1904, 1, 1)?,
    };
    if !(0.0..3_000_000.0).contains(&value) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the bounds above"
    )]
    let day = start.checked_add_days(Days::new(value.floor() as u64))?;
    let taiwanese = language.is_some_and(Language::is_taiwanese);
    let (names, year) = match taiwanese {
        true => (["民國", "民國", "民國"], day.year() - 1911),
        false => {
            let has_started = |(year, month, start, _): &&(i32, u32, u32, [&str; 3])| {
                (day.year(), day.month(), day.day()) >= (*year, *month, *start)
            };
            let (start, _, _, names) = ERAS.iter().find(has_started)?;
            (*names, day.year() - start + 1)
        }
    };
    let buddhist = language.is_some_and(Language::is_buddhist);
    let tokens = split_tokens(code).into_iter().map(|(token, is_unquoted)| {
        let format_year = |year: i32| match token.len() {
            1 | 2 => format!("\"{:02}\"", year % 100),
            _ => format!("\"{year}\""),
        };
        match initial(token) {
            Some('g') if is_unquoted => format!("\"{}\"", names[token.len().clamp(1, 3) - 1]),
            Some('e') if is_unquoted && token.len() > 1 => format!("\"{year:02}\""),
            Some('e') if is_unquoted => format!("\"{year}\""),
            Some('b') if is_unquoted => format_year(day.year() + 543),
            Some('y') if is_unquoted && buddhist => format_year(day.year() + 543),
            _ => token.to_owned(),
        }
    });
    Some(tokens.collect())
}

/// Replaces `General` in a code by the number, if the code contains it.
pub(super) fn insert_general(code: &str, number: &str) -> Option<String> {
    const GENERAL: &str = "general";
    let mut result = String::new();
    let mut is_found = false;
    let mut end = 0;
    let mut position = 0;
    for (token, is_unquoted) in split_tokens(code) {
        let word = code.get(position..position + GENERAL.len());
        if position >= end
            && is_unquoted
            && word.is_some_and(|word| word.eq_ignore_ascii_case(GENERAL))
        {
            result.extend(["\"", number, "\""]);
            is_found = true;
            end = position + GENERAL.len();
        } else if position >= end {
            result.push_str(token);
        }
        position += token.len();
    }
    is_found.then_some(result)
}

/// Splits a code into runs of one letter. Quoted, escaped and bracketed text is marked as literal.
pub(super) fn split_tokens(code: &str) -> Vec<(&str, bool)> {
    let mut tokens: Vec<(&str, bool)> = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let until = |end: char| rest[1..].find(end).map_or(rest.len(), |at| at + 2);
        let (length, is_unquoted) = match first {
            '"' => (until('"'), false),
            '[' => (until(']'), false),
            '\\' | '_' | '*' => {
                let next = rest[1..].chars().next();
                (1 + next.map_or(0, char::len_utf8), false)
            }
            first => {
                let other = rest.find(|c| c != first);
                (other.unwrap_or(rest.len()), true)
            }
        };
        let (token, after) = rest.split_at(length.min(rest.len()));
        tokens.push((token, is_unquoted));
        rest = after;
    }
    tokens
}
