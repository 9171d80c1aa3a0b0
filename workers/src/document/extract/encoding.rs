//! Decodes text files.
//!
//! The order: a byte order mark, then what the bytes imply (UTF-16 and UTF-32 without a mark, UTF-8, in which a wrong
//! byte costs one character), then the encoding that the text declares, then the one that a detector finds. Text that
//! looks like noise is refused.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};

use super::ExtractError;

/// Bytes at the beginning that may declare the encoding.
const DECLARATION_BYTES: usize = 4096;
/// One in this many letters outside of ASCII may be implausible.
const PLAUSIBLE_RATIO: usize = 10;

/// Decodes a file, or fails if its encoding is unknown.
pub(super) fn decode(bytes: &[u8]) -> Result<String, ExtractError> {
    if let Some(text) = decode_utf_32(bytes) {
        return Ok(text);
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok(encoding
            .decode_without_bom_handling(&bytes[mark..])
            .0
            .into_owned());
    }
    if let Some(text) = decode_utf_16(bytes) {
        return Ok(text);
    }
    let (valid, wrong) = count_sequences(bytes);
    if valid > 0 && valid >= wrong {
        return Ok(String::from_utf8_lossy(bytes).into_owned());
    }
    match declared_label(bytes) {
        Some(label) => decode_by_label(&label, bytes),
        None => detect_and_decode(bytes),
    }
}

/// Counts UTF-8 characters outside of ASCII, and invalid byte sequences.
fn count_sequences(bytes: &[u8]) -> (usize, usize) {
    let chunks = bytes.utf8_chunks();
    chunks.fold((0, 0), |(valid, wrong), chunk| {
        let more = chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        (
            valid + more,
            wrong + usize::from(!chunk.invalid().is_empty()),
        )
    })
}

fn decode_by_label(label: &str, bytes: &[u8]) -> Result<String, ExtractError> {
    // Programs use names that are not among the labels: latin-1, utf-8-sig, cp_1252.
    let normalized = label.to_lowercase().replace('_', "-");
    let normalized = normalized.trim_end_matches("-sig");
    let names = [label, normalized, &normalized.replace('-', "")];
    let encoding = names
        .iter()
        .find_map(|name| Encoding::for_label(name.as_bytes()))
        .filter(|encoding| *encoding != REPLACEMENT);
    let encoding = encoding.ok_or_else(|| {
        let label: String = label.chars().take(40).collect();
        ExtractError::unreadable(format!(
            "it declares the unknown encoding {label}; save it as UTF-8 and upload it again"
        ))
    })?;
    // Its declaration was read byte by byte, so it cannot be UTF-16.
    let encoding = match encoding == UTF_16LE || encoding == UTF_16BE {
        true => UTF_8,
        false => encoding,
    };
    Ok(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

fn detect_and_decode(bytes: &[u8]) -> Result<String, ExtractError> {
    if bytes.is_ascii() && !bytes.contains(&0x1b) {
        return Ok(String::from_utf8_lossy(bytes).into_owned());
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let decode_for = |country| {
        let encoding = detector.guess(country, Utf8Detection::Allow);
        let text = encoding.decode_without_bom_handling(bytes).0;
        (!looks_like_noise(&text)).then_some(text)
    };
    // A short East Asian text is ambiguous without a country.
    let decode_by_script = || {
        SCRIPTS.iter().find_map(|(country, ranges)| {
            decode_for(Some(*country)).filter(|text| is_in_script(text, ranges))
        })
    };
    let text = decode_for(None).or_else(decode_by_script);
    text.map(Cow::into_owned).ok_or_else(|| {
        ExtractError::unreadable(
            "the encoding of its text is unknown; save it as UTF-8 and upload it again",
        )
    })
}

/// Countries by their domains and the characters of their scripts; those with unique characters come first.
const SCRIPTS: [(&[u8], &[std::ops::RangeInclusive<char>]); 4] = [
    (b"jp", &['\u{3041}'..='\u{30ff}', '\u{4e00}'..='\u{9fff}']),
    (b"kr", &['\u{ac00}'..='\u{d7a3}']),
    (b"cn", &['\u{4e00}'..='\u{9fff}']),
    (b"tw", &['\u{4e00}'..='\u{9fff}']),
];

/// Whether all characters outside of ASCII belong to a script, and some to its first range.
fn is_in_script(text: &str, ranges: &[std::ops::RangeInclusive<char>]) -> bool {
    let is_punctuation =
        |c: &char| ('\u{3000}'..='\u{303f}').contains(c) || ('\u{ff00}'..='\u{ff60}').contains(c);
    let letters = || text.chars().filter(|c| !c.is_ascii() && !is_punctuation(c));
    letters().all(|c| ranges.iter().any(|range| range.contains(&c)))
        && letters().any(|c| ranges[0].contains(&c))
}

/// Whether many letters are implausible: control characters, replacement characters, symbols and capitals within words.
fn looks_like_noise(text: &str) -> bool {
    let (mut letters, mut implausible) = (0_usize, 0_usize);
    let mut previous = [' '; 2];
    for c in text.chars() {
        let [first, middle] = previous;
        if !middle.is_ascii() {
            letters += 1;
            implausible += usize::from(is_implausible(first, middle, c));
        }
        previous = [middle, c];
    }
    implausible * PLAUSIBLE_RATIO > letters
}

/// Whether a character outside of ASCII is implausible between two others.
fn is_implausible(before: char, c: char, after: char) -> bool {
    let in_word = before.is_alphabetic() && after.is_lowercase();
    let in_latin = before.is_ascii_alphabetic() && after.is_ascii_alphabetic();
    c == '\u{fffd}'
        || ('\u{80}'..='\u{9f}').contains(&c)
        || in_word && (c.is_uppercase() || !c.is_alphanumeric() && !may_occur_in_word(c))
        || in_latin && c.is_alphabetic() && !is_latin(c)
}

fn is_latin(c: char) -> bool {
    matches!(c, '\u{aa}'..='\u{2af}' | '\u{1e00}'..='\u{1eff}' | '\u{fb00}'..='\u{fb06}')
}

/// Characters that occur within words without being letters: apostrophes, hyphens, middle dots, combining marks.
fn may_occur_in_word(c: char) -> bool {
    matches!(
        c,
        '\u{b4}' | '\u{2bc}' | '\u{2019}' | '\u{2018}' | '\u{2010}'
            ..='\u{2015}' | '\u{b7}' | '\u{ad}' | '\u{2026}'
    ) || ('\u{300}'..='\u{36f}').contains(&c)
        || ('\u{200b}'..='\u{200f}').contains(&c)
        || u32::from(c) > 0x2100
        || c.is_whitespace()
}

/// The encoding declared at the beginning of HTML, XML, CSS and source code.
fn declared_label(bytes: &[u8]) -> Option<String> {
    let beginning =
        String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION_BYTES)]).to_ascii_lowercase();
    let start = beginning.trim_start();
    if let Some(xml) = start.strip_prefix("<?xml") {
        let (declaration, _) = xml.split_once("?>")?;
        if let Some(label) = attribute_value(declaration, "encoding") {
            return Some(label);
        }
    }
    if let Some(rest) = start.strip_prefix("@charset") {
        return attribute_value(&format!("charset={}", rest.trim_start()), "charset");
    }
    let tags = beginning.split("<meta").skip(1);
    let metas = tags.filter_map(|tag| attribute_value(tag.split('>').next()?, "charset"));
    let lines = beginning
        .lines()
        .take(2)
        .filter(|line| line.starts_with(['#', '"', '/', ';']));
    let comments = lines.filter_map(|line| attribute_value(line, "coding"));
    metas.chain(comments).next()
}

/// `name = "value"`, `name: value`
fn attribute_value(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(name)?;
    let rest = rest.trim_start().strip_prefix(['=', ':'])?;
    let rest = rest.trim_start_matches([' ', '\t', '"', '\'']);
    let value: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect();
    (!value.is_empty()).then_some(value)
}

/// UTF-16 without a byte order mark: every other byte of its spaces, line breaks and Latin letters is 0.
fn decode_utf_16(bytes: &[u8]) -> Option<String> {
    if bytes.len() < 2 || !bytes.contains(&0) {
        return None;
    }
    let zeros = |odd: usize| {
        bytes
            .iter()
            .skip(odd)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (high, low) = (zeros(0), zeros(1));
    // Valid UTF-8 is UTF-16 only if about every other byte is 0: a file may contain a zero by chance.
    if high.max(low) < bytes.len() / 4 && std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let encoding = match (high, low) {
        (high, low) if low > high * 8 => UTF_16LE,
        (high, low) if high > low * 8 => UTF_16BE,
        _ => return None,
    };
    let even = &bytes[..bytes.len() - bytes.len() % 2];
    let text = encoding.decode_without_bom_handling_and_without_replacement(even)?;
    is_printable(&text).then(|| Cow::into_owned(text))
}

/// UTF-32, with or without a byte order mark.
fn decode_utf_32(bytes: &[u8]) -> Option<String> {
    let has_mark = |mark: &[u8]| bytes.starts_with(mark);
    let decode = |bytes: &[u8], from_bytes: fn([u8; 4]) -> u32| -> Option<String> {
        let (words, _) = bytes.as_chunks::<4>();
        words
            .iter()
            .map(|word| char::from_u32(from_bytes(*word)))
            .collect()
    };
    if has_mark(&[0xff, 0xfe, 0, 0]) && bytes.len().is_multiple_of(4) {
        return decode(&bytes[4..], u32::from_le_bytes);
    }
    if has_mark(&[0, 0, 0xfe, 0xff]) {
        return decode(&bytes[4..], u32::from_be_bytes);
    }
    if bytes.len() < 8 || !bytes.len().is_multiple_of(4) || !bytes.contains(&0) {
        return None;
    }
    let is_plausible = |text: &String| is_printable(text) && is_in_first_plane(text);
    let decode_with = |from_bytes| decode(bytes, from_bytes).filter(is_plausible);
    decode_with(u32::from_le_bytes).or_else(|| decode_with(u32::from_be_bytes))
}

/// Whether nearly all characters are in the Basic Multilingual Plane, as in ordinary texts.
fn is_in_first_plane(text: &str) -> bool {
    let total = text.chars().count();
    text.chars().filter(|c| u32::from(*c) < 0x1_0000).count() * 10 >= total * 9
}

fn is_printable(text: &str) -> bool {
    !text
        .chars()
        .any(|c| c.is_control() && !"\t\n\r\u{c}".contains(c))
}

#[cfg(test)]
mod tests {
    use encoding_rs::{
        BIG5, EUC_JP, EUC_KR, GB18030, IBM866, ISO_2022_JP, ISO_8859_2, ISO_8859_7, KOI8_R,
        SHIFT_JIS, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254,
        WINDOWS_1255, WINDOWS_1256,
    };

    use super::*;

    const JAPANESE: &str = "会議は火曜日の午後三時に始まります。資料は前日までに配ってください。";
    const RUSSIAN: &str = "Маяк горит всю ночь. Смотритель меняет лампу каждое утро в шесть часов.";
    const GREEK: &str = "Ο φάρος ανάβει κάθε βράδυ και σβήνει το πρωί όταν βγαίνει ο ήλιος.";

    #[test]
    fn texts_are_decoded_in_their_encoding() {
        assert_eq!(decode("Grüße".as_bytes()).unwrap(), "Grüße");
        assert_eq!(decode(b"\xef\xbb\xbfGr").unwrap(), "Gr");
        assert_eq!(decode(b"Gr\xfc\xdfe").unwrap(), "Grüße");
        assert_eq!(decode(b"\xff\xfeG\0r\0").unwrap(), "Gr");
    }

    #[test]
    fn undeclared_encodings_are_detected() {
        let texts: [(&'static Encoding, &str); 17] = [
            (SHIFT_JIS, JAPANESE),
            (EUC_JP, JAPANESE),
            (ISO_2022_JP, JAPANESE),
            (
                EUC_KR,
                "회의는 화요일 오후 세 시에 시작합니다. 자료는 전날까지 나누어 주세요.",
            ),
            (
                GB18030,
                "会议于星期二下午三点开始。请在前一天之前分发材料。",
            ),
            (BIG5, "會議於星期二下午三點開始。請在前一天之前分發資料。"),
            (
                WINDOWS_1250,
                "Žluťoučký kůň pěl ďábelské ódy nad přístavem každý večer.",
            ),
            (
                ISO_8859_2,
                "Żółta łódź czeka w porcie na każdego gościa, który się spóźni.",
            ),
            (WINDOWS_1251, RUSSIAN),
            (KOI8_R, RUSSIAN),
            (IBM866, RUSSIAN),
            (ISO_8859_7, GREEK),
            (
                WINDOWS_1252,
                "Der Müll wird jeden Samstag früh um sechs geholt, außer an Feiertagen.",
            ),
            (
                WINDOWS_1254,
                "Gemi yarın sabah sekizde İstanbul'dan kalkıyor, geç kalmayın lütfen ağabey.",
            ),
            (
                WINDOWS_1255,
                "הספינה יוצאת מחר בבוקר בשעה שמונה מן הנמל הישן.",
            ),
            (
                WINDOWS_1256,
                "تغادر السفينة غدا في الساعة الثامنة صباحا من الميناء القديم.",
            ),
            (WINDOWS_874, "เรือจะออกจากท่าเรือเก่าพรุ่งนี้เช้าเวลาแปดโมง"),
        ];
        for (encoding, text) in texts {
            let (bytes, _, lossy) = encoding.encode(text);
            assert!(!lossy, "{}", encoding.name());
            assert_eq!(decode(&bytes).as_deref(), Ok(text), "{}", encoding.name());
        }
        for (encoding, text) in [
            (SHIFT_JIS, "会議は火曜"),
            (EUC_JP, "会議は火曜"),
            (EUC_KR, "회의는 화요일"),
            (GB18030, "会议在星期二"),
        ] {
            assert_eq!(
                decode(&encoding.encode(text).0).as_deref(),
                Ok(text),
                "{}",
                encoding.name()
            );
        }
    }

    #[test]
    fn declared_encodings_are_used() {
        let russian = |before: &str, after: &str| {
            let (bytes, ..) = WINDOWS_1251.encode("Чай");
            [before.as_bytes(), &bytes, after.as_bytes()].concat()
        };
        for (before, after) in [
            ("<meta charset=\"windows-1251\"><p>", "</p>"),
            ("<META CHARSET=cp1251><p>", "</p>"),
            (
                "<meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>",
                "",
            ),
            ("<?xml version=\"1.0\" encoding='windows-1251'?><a>", "</a>"),
            ("# -*- coding: cp1251 -*-\n# ", "\n"),
            ("@charset \"windows-1251\";\n/* ", " */"),
        ] {
            let text = decode(&russian(before, after)).unwrap();
            assert_eq!(text, format!("{before}Чай{after}"));
        }
        // Editors save as UTF-8 and leave an old declaration unchanged.
        assert!(
            decode("<meta charset=latin1>Grüße".as_bytes())
                .unwrap()
                .ends_with("Grüße")
        );
        let unknown = decode(&russian("<meta charset=x-nobody>", "")).unwrap_err();
        assert!(unknown.detail.contains("x-nobody"), "{unknown}");
    }

    #[test]
    fn a_wrong_byte_costs_one_character() {
        for wrong in [b"\xff".as_slice(), b"\xc3", b"\x80"] {
            let bytes = [
                b"M\xc3\xbcller f\xc3\xa4llt aus".as_slice(),
                wrong,
                b" heute",
            ]
            .concat();
            assert_eq!(decode(&bytes).unwrap(), "Müller fällt aus\u{fffd} heute");
        }
    }

    #[test]
    fn utf_16_and_utf_32_are_decoded() {
        let text = "Tide tables: Ærø, 12 m\n\u{1f6a2} 会議\n";
        let encode_utf_16 = |big_endian: bool| -> Vec<u8> {
            let units = text.encode_utf16();
            units
                .flat_map(|unit| {
                    if big_endian {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    }
                })
                .collect()
        };
        let encode_utf_32 = |mark: &str, big_endian: bool| -> Vec<u8> {
            let chars = mark.chars().chain(text.chars()).map(u32::from);
            chars
                .flat_map(|c| {
                    if big_endian {
                        c.to_be_bytes()
                    } else {
                        c.to_le_bytes()
                    }
                })
                .collect()
        };
        for big_endian in [true, false] {
            assert_eq!(decode(&encode_utf_16(big_endian)).as_deref(), Ok(text));
            assert_eq!(
                decode(&encode_utf_32("\u{feff}", big_endian)).as_deref(),
                Ok(text)
            );
            assert_eq!(decode(&encode_utf_32("", big_endian)).as_deref(), Ok(text));
        }
    }

    #[test]
    fn noise_is_refused() {
        // Code page 437 and Mac OS Roman: "Käse, Öl, schöne Grüße aus Köln".
        for bytes in [
            b"K\x84se, \x99l, sch\x94ne Gr\x81\xe1e aus K\x94ln".as_slice(),
            b"K\x8ase, \x85l, sch\x9ane Gr\x9f\xa7e aus K\x9aln",
        ] {
            let refused = decode(bytes).unwrap_err();
            assert!(
                refused
                    .detail
                    .contains("the encoding of its text is unknown"),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_stray_zero_byte_does_not_change_the_encoding() {
        for text in [
            "ab\0The pier fee is 35 euro today",
            "Gebühr: 35 Euro\0\nheute",
        ] {
            assert_eq!(decode(text.as_bytes()).as_deref(), Ok(text));
        }
        let two: Vec<u8> = "Ada pays"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decode(&two).as_deref(), Ok("Ada pays"));
    }

    #[test]
    fn encoding_names_are_accepted_as_programs_write_them() {
        for name in ["latin-1", "Latin_1", "iso_8859-1", "cp1252"] {
            let text = format!("# -*- coding: {name} -*-\nprice = 'Gr\u{fc}n'\n");
            let bytes: Vec<u8> = text
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap())
                .collect();
            assert_eq!(decode(&bytes).as_deref(), Ok(text.as_str()), "{name}");
        }
        let marked = "# -*- coding: utf-8-sig -*-\nprice = 'Grün'\n";
        assert_eq!(decode(marked.as_bytes()).as_deref(), Ok(marked));
    }
}
