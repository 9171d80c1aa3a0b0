//! The visible header fields of a mail.

use mail_parser::{Address, DateTime, HeaderName, HeaderValue, Message};

/// Writes the visible header fields, one per line.
pub(super) fn write_fields(mail: &Message<'_>) -> String {
    let mut text = String::new();
    let mut field = |name: &str, value: String| {
        if !value.is_empty() {
            text.extend([name, ": ", &value, "\n"]);
        }
    };
    field(
        "Subject",
        mail.subject().map(collapse_whitespace).unwrap_or_default(),
    );
    field(
        "From",
        mail.from().map(format_addresses).unwrap_or_default(),
    );
    field("To", mail.to().map(format_addresses).unwrap_or_default());
    field("Cc", mail.cc().map(format_addresses).unwrap_or_default());
    let written = mail
        .header_raw("Date")
        .map(collapse_whitespace)
        .unwrap_or_default();
    let date = match mail.header(HeaderName::Date) {
        Some(HeaderValue::DateTime(date)) if is_date(date, &written) => date.to_rfc3339(),
        _ => written,
    };
    field("Date", date);
    text
}

/// `Ada Lovelace <ada@example.org>, bob@example.org`
fn format_addresses(addresses: &Address<'_>) -> String {
    let format_address = |name: Option<&str>, address: Option<&str>| match (name, address) {
        (Some(name), Some(address)) => format!("{} <{address}>", collapse_whitespace(name)),
        (name, address) => collapse_whitespace(name.or(address).unwrap_or_default()),
    };
    let formatted = addresses
        .iter()
        .map(|address| format_address(address.name.as_deref(), address.address.as_deref()));
    formatted
        .filter(|address| !address.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Whether the parsed date is the written one, as in `[Sun,] 1 Mar 2026 14:30:00 +0100`. The parser also accepts dates
/// in other forms and languages, and gets them wrong.
fn is_date(date: &DateTime, written: &str) -> bool {
    let (_, rest) = written.split_once(',').unwrap_or(("", written));
    let mut words = rest.split_whitespace();
    let mut word = || words.next().unwrap_or_default();
    let (day, month, year) = (word(), word(), word());
    let name = usize::from(date.month)
        .checked_sub(1)
        .and_then(|at| MONTHS.get(at));
    let is_month = name.is_some_and(|name| month.eq_ignore_ascii_case(name));
    let is_year = match year.parse::<u16>() {
        Ok(year) if year < 100 => date.year % 100 == year,
        year => year == Ok(date.year),
    };
    let time = word();
    let is_zone = match word() {
        "GMT" | "UT" | "UTC" | "Z" => date.tz_hour == 0 && date.tz_minute == 0,
        zone => zone.len() == 5 && zone.starts_with(['+', '-']) && zone[1..].parse::<u16>().is_ok(),
    };
    date.is_valid()
        && date.day <= days_in_month(date)
        && day.parse() == Ok(date.day)
        && is_month
        && is_year
        && time.contains(':')
        && is_zone
}

const fn days_in_month(date: &DateTime) -> u8 {
    let is_leap = date.year.is_multiple_of(4)
        && (!date.year.is_multiple_of(100) || date.year.is_multiple_of(400));
    match date.month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

pub(super) fn collapse_whitespace(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
