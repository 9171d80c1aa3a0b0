//! The characters of a text file.
//!
//! The rule: a mark at the beginning, then what the bytes cannot help being (UTF-16 and UTF-32 without a mark, UTF-8,
//! in which a wrong byte costs one character), then what the text declares of itself, then what a detector makes of it.
//! What reads like noise is refused.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};

use super::Failed;

/// Bytes in which a text declares its encoding.
const DECLARED: usize = 4096;
/// The part of the letters outside of ASCII, one in so many, that may be implausible.
const ODD: usize = 10;

/// The text of a file, or that its encoding is not known.
pub fn decode(bytes: &[u8]) -> Result<String, Failed> {
    if let Some(text) = utf_32(bytes) {
        return Ok(text);
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok(encoding
            .decode_without_bom_handling(&bytes[mark..])
            .0
            .into_owned());
    }
    if let Some(text) = utf_16(bytes) {
        return Ok(text);
    }
    let (valid, wrong) = sequences(bytes);
    if valid > 0 && valid >= wrong {
        return Ok(String::from_utf8_lossy(bytes).into_owned());
    }
    match declared(bytes) {
        Some(label) => by_name(&label, bytes),
        None => detected(bytes),
    }
}

/// How many characters of UTF-8 outside of ASCII there are, and how many stretches of bytes are none.
fn sequences(bytes: &[u8]) -> (usize, usize) {
    let chunks = bytes.utf8_chunks();
    chunks.fold((0, 0), |(valid, wrong), chunk| {
        let more = chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        (
            valid + more,
            wrong + usize::from(!chunk.invalid().is_empty()),
        )
    })
}

fn by_name(label: &str, bytes: &[u8]) -> Result<String, Failed> {
    // Programs write more names than there are labels: latin-1, utf-8-sig, cp_1252.
    let plain = label.to_lowercase().replace('_', "-");
    let plain = plain.trim_end_matches("-sig");
    let names = [label, plain, &plain.replace('-', "")];
    let encoding = names
        .iter()
        .find_map(|name| Encoding::for_label(name.as_bytes()))
        .filter(|one| *one != REPLACEMENT);
    let encoding = encoding.ok_or_else(|| {
        let label: String = label.chars().take(40).collect();
        Failed::unreadable(format!(
            "it is said to be in the encoding {label}, which is not known; save it as UTF-8 and upload it again"
        ))
    })?;
    // A text of single bytes that says so is none of double bytes.
    let encoding = match encoding == UTF_16LE || encoding == UTF_16BE {
        true => UTF_8,
        false => encoding,
    };
    Ok(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

fn detected(bytes: &[u8]) -> Result<String, Failed> {
    if bytes.is_ascii() && !bytes.contains(&0x1b) {
        return Ok(String::from_utf8_lossy(bytes).into_owned());
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let as_from = |country| {
        let encoding = detector.guess(country, Utf8Detection::Allow);
        let text = encoding.decode_without_bom_handling(bytes).0;
        (!reads_like_noise(&text)).then_some(text)
    };
    // A few signs of East Asia tell little by themselves.
    let of_script = || {
        SCRIPTS.iter().find_map(|(country, ranges)| {
            as_from(Some(*country)).filter(|text| is_in(text, ranges))
        })
    };
    let text = as_from(None).or_else(of_script);
    text.map(Cow::into_owned).ok_or_else(|| {
        Failed::unreadable(
            "the encoding of its text is not known; save it as UTF-8 and upload it again",
        )
    })
}

/// Countries by their domains, and the signs of their scripts; those that have signs of their own come first.
const SCRIPTS: [(&[u8], &[std::ops::RangeInclusive<char>]); 4] = [
    (b"jp", &['\u{3041}'..='\u{30ff}', '\u{4e00}'..='\u{9fff}']),
    (b"kr", &['\u{ac00}'..='\u{d7a3}']),
    (b"cn", &['\u{4e00}'..='\u{9fff}']),
    (b"tw", &['\u{4e00}'..='\u{9fff}']),
];

/// Whether all that is not ASCII is of a script, and something of its first signs.
fn is_in(text: &str, ranges: &[std::ops::RangeInclusive<char>]) -> bool {
    let marks =
        |c: &char| ('\u{3000}'..='\u{303f}').contains(c) || ('\u{ff00}'..='\u{ff60}').contains(c);
    let others = || text.chars().filter(|c| !c.is_ascii() && !marks(c));
    others().all(|c| ranges.iter().any(|range| range.contains(&c)))
        && others().any(|c| ranges[0].contains(&c))
}

/// Whether many of the letters are implausible: controls, characters that do not exist, signs and capitals in the
/// middle of words.
fn reads_like_noise(text: &str) -> bool {
    let (mut letters, mut odd) = (0_usize, 0_usize);
    let mut before = [' '; 2];
    for c in text.chars() {
        let [first, middle] = before;
        if !middle.is_ascii() {
            letters += 1;
            odd += usize::from(is_odd(first, middle, c));
        }
        before = [middle, c];
    }
    odd * ODD > letters
}

/// Whether a character outside of ASCII is implausible between two others.
fn is_odd(before: char, c: char, behind: char) -> bool {
    let in_word = before.is_alphabetic() && behind.is_lowercase();
    let in_latin = before.is_ascii_alphabetic() && behind.is_ascii_alphabetic();
    c == '\u{fffd}'
        || ('\u{80}'..='\u{9f}').contains(&c)
        || in_word && (c.is_uppercase() || !c.is_alphanumeric() && !joins(c))
        || in_latin && c.is_alphabetic() && !is_latin(c)
}

fn is_latin(c: char) -> bool {
    matches!(c, '\u{aa}'..='\u{2af}' | '\u{1e00}'..='\u{1eff}' | '\u{fb00}'..='\u{fb06}')
}

/// What occurs within words and is no letter: apostrophes, hyphens, dots in the middle, marks above letters.
fn joins(c: char) -> bool {
    matches!(
        c,
        '\u{b4}' | '\u{2bc}' | '\u{2019}' | '\u{2018}' | '\u{2010}'
            ..='\u{2015}' | '\u{b7}' | '\u{ad}' | '\u{2026}'
    ) || ('\u{300}'..='\u{36f}').contains(&c)
        || ('\u{200b}'..='\u{200f}').contains(&c)
        || u32::from(c) > 0x2100
        || c.is_whitespace()
}

/// The encoding that a text names at its beginning: HTML, XML, CSS, and programs.
fn declared(bytes: &[u8]) -> Option<String> {
    let beginning =
        String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARED)]).to_ascii_lowercase();
    let start = beginning.trim_start();
    if let Some(xml) = start.strip_prefix("<?xml") {
        let (declaration, _) = xml.split_once("?>")?;
        if let Some(label) = value_of(declaration, "encoding") {
            return Some(label);
        }
    }
    if let Some(rest) = start.strip_prefix("@charset") {
        return value_of(&format!("charset={}", rest.trim_start()), "charset");
    }
    let tags = beginning.split("<meta").skip(1);
    let metas = tags.filter_map(|tag| value_of(tag.split('>').next()?, "charset"));
    let lines = beginning
        .lines()
        .take(2)
        .filter(|line| line.starts_with(['#', '"', '/', ';']));
    let comments = lines.filter_map(|line| value_of(line, "coding"));
    metas.chain(comments).next()
}

/// `name = "value"`, `name: value`
fn value_of(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(name)?;
    let rest = rest.trim_start().strip_prefix(['=', ':'])?;
    let rest = rest.trim_start_matches([' ', '\t', '"', '\'']);
    let value: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect();
    (!value.is_empty()).then_some(value)
}

/// Text in two bytes a character that has no mark: every other byte of its spaces, line breaks and Latin letters is 0.
fn utf_16(bytes: &[u8]) -> Option<String> {
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
    // What reads as UTF-8 is Latin text in two bytes only where about every other byte is 0: a file may have one by chance.
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
    is_printed(&text).then(|| Cow::into_owned(text))
}

/// Text in four bytes a character, with or without a mark.
fn utf_32(bytes: &[u8]) -> Option<String> {
    let marked = |mark: &[u8]| bytes.starts_with(mark);
    let read = |bytes: &[u8], number: fn([u8; 4]) -> u32| -> Option<String> {
        let (words, _) = bytes.as_chunks::<4>();
        words
            .iter()
            .map(|word| char::from_u32(number(*word)))
            .collect()
    };
    if marked(&[0xff, 0xfe, 0, 0]) && bytes.len().is_multiple_of(4) {
        return read(&bytes[4..], u32::from_le_bytes);
    }
    if marked(&[0, 0, 0xfe, 0xff]) {
        return read(&bytes[4..], u32::from_be_bytes);
    }
    if bytes.len() < 8 || !bytes.len().is_multiple_of(4) || !bytes.contains(&0) {
        return None;
    }
    let is_plausible = |text: &String| is_printed(text) && is_of_first_plane(text);
    let read_as = |number| read(bytes, number).filter(is_plausible);
    read_as(u32::from_le_bytes).or_else(|| read_as(u32::from_be_bytes))
}

/// Whether nearly all characters are among the first 65,536, as those of texts are.
fn is_of_first_plane(text: &str) -> bool {
    let all = text.chars().count();
    text.chars().filter(|c| u32::from(*c) < 0x1_0000).count() * 10 >= all * 9
}

fn is_printed(text: &str) -> bool {
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
    fn texts_are_read_in_the_encoding_that_they_have() {
        assert_eq!(decode("Grüße".as_bytes()).unwrap(), "Grüße");
        assert_eq!(decode(b"\xef\xbb\xbfGr").unwrap(), "Gr");
        assert_eq!(decode(b"Gr\xfc\xdfe").unwrap(), "Grüße");
        assert_eq!(decode(b"\xff\xfeG\0r\0").unwrap(), "Gr");
    }

    #[test]
    fn what_no_text_declares_is_detected() {
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
    fn what_a_text_declares_counts() {
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
        // Editors save as UTF-8 and leave the declaration as it was.
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
    fn two_and_four_bytes_a_character_are_read() {
        let text = "Tide tables: Ærø, 12 m\n\u{1f6a2} 会議\n";
        let two = |big: bool| -> Vec<u8> {
            let units = text.encode_utf16();
            units
                .flat_map(|unit| {
                    if big {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    }
                })
                .collect()
        };
        let four = |mark: &str, big: bool| -> Vec<u8> {
            let chars = mark.chars().chain(text.chars()).map(u32::from);
            chars
                .flat_map(|c| {
                    if big {
                        c.to_be_bytes()
                    } else {
                        c.to_le_bytes()
                    }
                })
                .collect()
        };
        for big in [true, false] {
            assert_eq!(decode(&two(big)).as_deref(), Ok(text));
            assert_eq!(decode(&four("\u{feff}", big)).as_deref(), Ok(text));
            assert_eq!(decode(&four("", big)).as_deref(), Ok(text));
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
                    .contains("the encoding of its text is not known"),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_stray_zero_makes_no_other_encoding_of_a_text() {
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
    fn names_of_encodings_are_read_as_programs_write_them() {
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
