//! Days in the words and eras that a format names: `[$-407]mmmm` is a month in German.

use chrono::{Datelike, Days, NaiveDate};
use pure_rust_locales::{Locale as Names, locale_match};
use ssfmt::{DateSystem, Locale};

/// The languages of Windows by their numbers (MS-LCID, the lower ten bits).
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

/// The number of Chinese in Taiwan, which counts years from 1912.
const TAIWAN: u32 = 0x404;
/// The calendar of Thailand, in the third byte of a number.
const BUDDHIST: u32 = 0x07;

/// The eras of Japan: their first days, and their names in one letter, one sign and two.
const ERAS: [(i32, u32, u32, [&str; 3]); 5] = [
    (2019, 5, 1, ["R", "令", "令和"]),
    (1989, 1, 8, ["H", "平", "平成"]),
    (1926, 12, 25, ["S", "昭", "昭和"]),
    (1912, 7, 30, ["T", "大", "大正"]),
    (1868, 1, 25, ["M", "明", "明治"]),
];

/// What a code says of the language of its days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Language {
    /// The number of Windows; 0 where a name is given instead.
    number: u32,
    name: String,
}

impl Language {
    /// The first language that a code names, and the code without it.
    pub fn of(code: &str) -> (Option<Self>, String) {
        let Some((before, rest)) = code.split_once("[$-") else {
            return (None, code.to_owned());
        };
        let Some((name, behind)) = rest.split_once(']') else {
            return (None, code.to_owned());
        };
        let number = u32::from_str_radix(name, 16).ok();
        let language = Self {
            number: number.unwrap_or_default(),
            name: number.map_or_else(|| name.to_lowercase(), |_| String::new()),
        };
        (Some(language), format!("{before}{behind}"))
    }

    /// The names of its months and days.
    pub fn names(&self) -> Option<Locale> {
        let short = self.name.split(['-', ',']).next().unwrap_or_default();
        let found = LANGUAGES
            .iter()
            .find(|(number, name, _)| match self.number {
                0 => *name == short,
                own => own & 0x3ff == *number,
            });
        let (_, _, names) = found?;
        let names = *names;
        Some(Locale {
            month_names_full: locale_match!(names => LC_TIME::MON).try_into().ok()?,
            month_names_short: locale_match!(names => LC_TIME::ABMON).try_into().ok()?,
            day_names_full: locale_match!(names => LC_TIME::DAY).try_into().ok()?,
            day_names_short: locale_match!(names => LC_TIME::ABDAY).try_into().ok()?,
            ..Locale::default()
        })
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

/// Whether the years of a code are those of an era.
pub fn has_era(code: &str, language: Option<&Language>) -> bool {
    let is_era = |sign: char| match sign {
        'g' | 'b' => true,
        'e' => language.is_some_and(|own| own.is_japanese() || own.is_taiwanese()),
        'y' => language.is_some_and(Language::is_buddhist),
        _ => false,
    };
    let mut signs = parts(code).into_iter();
    !code.to_lowercase().contains("general")
        && signs.any(|(part, is_own)| is_own && part.starts_with(is_era))
}

/// A code with the era and the year of one day in it.
pub fn with_era(
    code: &str,
    language: Option<&Language>,
    value: f64,
    epoch: DateSystem,
) -> Option<String> {
    let first = match epoch {
        DateSystem::Date1900 => NaiveDate::from_ymd_opt(1899, 12, 30)?,
        DateSystem::Date1904 => NaiveDate::from_ymd_opt(1904, 1, 1)?,
    };
    if !(0.0..3_000_000.0).contains(&value) {
        return None;
    }
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the bounds above"
    )]
    let day = first.checked_add_days(Days::new(value.floor() as u64))?;
    let taiwanese = language.is_some_and(Language::is_taiwanese);
    let (names, year) = match taiwanese {
        true => (["民國", "民國", "民國"], day.year() - 1911),
        false => {
            let begun = |(year, month, first, _): &&(i32, u32, u32, [&str; 3])| {
                (day.year(), day.month(), day.day()) >= (*year, *month, *first)
            };
            let (first, _, _, names) = ERAS.iter().find(begun)?;
            (*names, day.year() - first + 1)
        }
    };
    let buddhist = language.is_some_and(Language::is_buddhist);
    let shown = parts(code).into_iter().map(|(part, is_own)| {
        let number = |number: i32| match part.len() {
            1 | 2 => format!("\"{:02}\"", number % 100),
            _ => format!("\"{number}\""),
        };
        match part.chars().next() {
            Some('g') if is_own => format!("\"{}\"", names[part.len().clamp(1, 3) - 1]),
            Some('e') if is_own && part.len() > 1 => format!("\"{year:02}\""),
            Some('e') if is_own => format!("\"{year}\""),
            Some('b') if is_own => number(day.year() + 543),
            Some('y') if is_own && buddhist => number(day.year() + 543),
            _ => part.to_owned(),
        }
    });
    Some(shown.collect())
}

/// A code whose numbers without a format of their own (`General`) are written out, where it has some.
pub fn with_general(code: &str, number: &str) -> Option<String> {
    const GENERAL: &str = "general";
    let mut shown = String::new();
    let mut is_found = false;
    let mut end = 0;
    let mut at = 0;
    for (part, is_own) in parts(code) {
        let word = code.get(at..at + GENERAL.len());
        if at >= end && is_own && word.is_some_and(|word| word.eq_ignore_ascii_case(GENERAL)) {
            shown.extend(["\"", number, "\""]);
            is_found = true;
            end = at + GENERAL.len();
        } else if at >= end {
            shown.push_str(part);
        }
        at += part.len();
    }
    is_found.then_some(shown)
}

/// A code in runs of one letter; what is quoted, escaped or in brackets is not its own.
fn parts(code: &str) -> Vec<(&str, bool)> {
    let mut parts: Vec<(&str, bool)> = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let until = |end: char| rest[1..].find(end).map_or(rest.len(), |at| at + 2);
        let (length, is_own) = match first {
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
        let (part, behind) = rest.split_at(length.min(rest.len()));
        parts.push((part, is_own));
        rest = behind;
    }
    parts
}
