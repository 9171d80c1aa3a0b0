//! The characters of a part.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::Encoding;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use crate::document::extract::text::count_lost;
use crate::document::extract::{Failed, encoding};

/// What a part says, and how many of its characters are lost. Where it names no encoding, its bytes tell.
pub fn written(mail: &Message<'_>, part: &MessagePart<'_>) -> Result<(String, u32), Failed> {
    let (PartType::Text(text) | PartType::Html(text)) = &part.body else {
        return Ok((String::new(), 0));
    };
    if !part.is_encoding_problem && !text.contains('\u{fffd}') {
        return Ok((text.to_string(), 0));
    }
    // The places of parts are those in the whole file, also in mail within mail.
    let place = usize::try_from(part.offset_body)
        .ok()
        .zip(usize::try_from(part.offset_end).ok());
    let bytes = place.and_then(|(begin, end)| mail.raw_message.get(begin..end));
    let bytes = decoded(
        bytes.unwrap_or_default(),
        part.content_transfer_encoding().unwrap_or_default(),
    );
    let name = part
        .content_type()
        .and_then(|kind| kind.attribute("charset"));
    let text = match name.and_then(|name| Encoding::for_label(name.trim().as_bytes())) {
        Some(named) if part.is_encoding_problem => named.decode(&bytes).0.into_owned(),
        Some(_) => text.to_string(),
        None => encoding::decode(&bytes)?,
    };
    let lost = count_lost(&text, &bytes);
    Ok((text, lost))
}

/// The bytes of a part as they were before they were encoded for the way, as far as that goes.
fn decoded(bytes: &[u8], encoding: &str) -> Vec<u8> {
    if encoding.eq_ignore_ascii_case("base64") {
        base64_decode(bytes).unwrap_or_else(|| broken_base64(bytes))
    } else if encoding.eq_ignore_ascii_case("quoted-printable") {
        quoted_printable_decode(bytes).unwrap_or_else(|| broken_quotes(bytes))
    } else {
        bytes.to_vec()
    }
}

/// Lines of base64 with odd signs among them, and lines of text that were added on the way.
fn broken_base64(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut code = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let signs = line.trim_ascii();
        let own = || signs.iter().copied().filter(|byte| is_base64(*byte));
        // An odd sign may come between; blanks between words are text.
        let is_code = signs.len() - own().count() <= 1.max(signs.len() / 10)
            && !signs.iter().any(u8::is_ascii_whitespace);
        if is_code {
            code.extend(own());
        } else {
            decode(&mut code, &mut text);
            text.extend_from_slice(line);
        }
    }
    decode(&mut code, &mut text);
    text
}

const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

fn decode(code: &mut Vec<u8>, text: &mut Vec<u8>) {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    // One sign alone holds no byte.
    if code.len() % 4 == 1 {
        code.pop();
    }
    if let Ok(more) = GeneralPurpose::new(&STANDARD, lenient).decode(&*code) {
        text.extend(more);
    }
    code.clear();
}

/// Quoted printable text with equals signs that quote nothing.
fn broken_quotes(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, behind @ ..] = rest {
        rest = behind;
        if *first != b'=' {
            text.push(*first);
        } else if let [b'\r', b'\n', behind @ ..] | [b'\n', behind @ ..] = rest {
            rest = behind;
        } else if let [high, low, behind @ ..] = rest
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            text.push(high * 16 + low);
            rest = behind;
        } else {
            text.push(b'=');
        }
    }
    text
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}
