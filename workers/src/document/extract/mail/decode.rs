//! Decodes the text of a part.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::Encoding;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use crate::document::extract::text::count_lost;
use crate::document::extract::{ExtractError, encoding};

/// Returns the text of a part and the number of lost characters. Without a declared encoding, the bytes decide.
pub(super) fn decode_text(
    mail: &Message<'_>,
    part: &MessagePart<'_>,
) -> Result<(String, u32), ExtractError> {
    let (PartType::Text(text) | PartType::Html(text)) = &part.body else {
        return Ok((String::new(), 0));
    };
    if !part.is_encoding_problem && !text.contains('\u{fffd}') {
        return Ok((text.to_string(), 0));
    }
    // Offsets refer to the whole file, also in nested mail.
    let range = usize::try_from(part.offset_body)
        .ok()
        .zip(usize::try_from(part.offset_end).ok());
    let bytes = range.and_then(|(begin, end)| mail.raw_message.get(begin..end));
    let bytes = decode_transfer(
        bytes.unwrap_or_default(),
        part.content_transfer_encoding().unwrap_or_default(),
    );
    let name = part
        .content_type()
        .and_then(|kind| kind.attribute("charset"));
    let text = match name.and_then(|name| Encoding::for_label(name.trim().as_bytes())) {
        Some(encoding) if part.is_encoding_problem => encoding.decode(&bytes).0.into_owned(),
        Some(_) => text.to_string(),
        None => encoding::decode(&bytes)?,
    };
    let lost = count_lost(&text, &bytes);
    Ok((text, lost))
}

/// Reverts the content transfer encoding as far as possible.
fn decode_transfer(bytes: &[u8], encoding: &str) -> Vec<u8> {
    if encoding.eq_ignore_ascii_case("base64") {
        base64_decode(bytes).unwrap_or_else(|| decode_broken_base64(bytes))
    } else if encoding.eq_ignore_ascii_case("quoted-printable") {
        quoted_printable_decode(bytes).unwrap_or_else(|| decode_broken_quoted_printable(bytes))
    } else {
        bytes.to_vec()
    }
}

/// Decodes base64 with stray characters, and keeps lines of text that were added in transit.
fn decode_broken_base64(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut code = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let characters = line.trim_ascii();
        let code_bytes = || characters.iter().copied().filter(|byte| is_base64(*byte));
        // A stray character is allowed; spaces between words mean text.
        let is_code = characters.len() - code_bytes().count() <= 1.max(characters.len() / 10)
            && !characters.iter().any(u8::is_ascii_whitespace);
        if is_code {
            code.extend(code_bytes());
        } else {
            decode_base64(&mut code, &mut text);
            text.extend_from_slice(line);
        }
    }
    decode_base64(&mut code, &mut text);
    text
}

const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

fn decode_base64(code: &mut Vec<u8>, text: &mut Vec<u8>) {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    // A single leftover character holds no complete byte.
    if code.len() % 4 == 1 {
        code.pop();
    }
    if let Ok(more) = GeneralPurpose::new(&STANDARD, lenient).decode(&*code) {
        text.extend(more);
    }
    code.clear();
}

/// Decodes quoted-printable text with stray equals signs.
fn decode_broken_quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'=' {
            text.push(*first);
        } else if let [b'\r', b'\n', tail @ ..] | [b'\n', tail @ ..] = rest {
            rest = tail;
        } else if let [high, low, tail @ ..] = rest
            && let (Some(high), Some(low)) = (hex_digit(*high), hex_digit(*low))
        {
            text.push(high * 16 + low);
            rest = tail;
        } else {
            text.push(b'=');
        }
    }
    text
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|hex_digit| u8::try_from(hex_digit).ok())
}
