//! Mail (RFC 5322 and MIME): header fields first, then the body. Of several alternatives the HTML is read, unless it is
//! empty; nested mail is read below its subject. Attached files and unreadable parts are listed and left out.

mod body;
mod decode;
mod fields;
#[cfg(test)]
mod tests;

use domain::document::{Omission, OmissionKind};
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use self::body::BodyReader;
use self::fields::{collapse_whitespace, write_fields};
use super::text::count_lost;
use super::{ExtractError, ExtractedDocument, Section};

/// Nested mail is read to this depth.
const MAX_DEPTH: usize = 5;

pub(super) fn extract(bytes: &[u8]) -> Result<ExtractedDocument, ExtractError> {
    let mail = MessageParser::default().parse(bytes);
    let mail = mail.ok_or_else(|| ExtractError::unreadable("it is not valid mail"))?;
    let mut reader = MailReader::default();
    reader.read_mail(&mail, &[], MAX_DEPTH);
    let mut found = reader.found;
    let files = u32::try_from(reader.files).unwrap_or(u32::MAX);
    for (kind, count) in [
        (OmissionKind::EmbeddedFile, files),
        (OmissionKind::UnknownCharacters, reader.lost),
    ] {
        if count > 0 {
            found.left_out.push(Omission::with_count(kind, count));
        }
    }
    Ok(found)
}

/// Whether a text is mail: it begins with header fields only, and two of them are specific to mail. A content type also
/// occurs in HTTP responses.
pub(super) fn looks_like_mail(text: &str) -> bool {
    const MAIL_FIELDS: [&str; 5] = [
        "message-id",
        "mime-version",
        "received",
        "return-path",
        "delivered-to",
    ];
    let mut found = [false; MAIL_FIELDS.len()];
    let mut has_type = false;
    for (number, line) in text.lines().enumerate() {
        if line.is_empty() {
            let count = found.iter().filter(|is_present| **is_present).count();
            return count > 0 && count + usize::from(has_type) > 1;
        }
        if number > 0 && line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            return false;
        };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            return false;
        }
        has_type |= name.eq_ignore_ascii_case("content-type");
        for (mail_field, is_present) in MAIL_FIELDS.iter().zip(&mut found) {
            *is_present |= name.eq_ignore_ascii_case(mail_field);
        }
    }
    false
}

#[derive(Default)]
struct MailReader {
    found: ExtractedDocument,
    /// Files and parts that are not read.
    files: usize,
    /// Text parts read so far, in all mails.
    parts: usize,
    /// Characters that could not be decoded.
    lost: u32,
}

impl MailReader {
    fn read_mail(&mut self, mail: &Message<'_>, above: &[String], depth: usize) {
        let subject = mail
            .subject()
            .map(collapse_whitespace)
            .filter(|subject| !subject.is_empty());
        let headings: Vec<String> = above.iter().cloned().chain(subject).collect();
        let content = BodyReader::read(mail, depth > 0, &mut self.parts);
        let mut text = write_fields(mail);
        for file in &content.files {
            self.files += 1;
            if let Some(name) = file.attachment_name() {
                text.extend(["Attachment: ", &collapse_whitespace(name), "\n"]);
            }
        }
        let head = mail.parts.first().and_then(|part| {
            let begin = usize::try_from(part.offset_header).ok()?;
            mail.raw_message
                .get(begin..usize::try_from(part.offset_body).ok()?)
        });
        self.lost = self
            .lost
            .saturating_add(count_lost(&text, head.unwrap_or_default()))
            .saturating_add(content.text.lost);
        self.found.sections.push(Section {
            headings: headings.clone(),
            text,
            ..Section::default()
        });
        self.found.left_out.extend(content.text.left_out);
        for mut section in content.text.sections {
            let section_headings = headings.iter().cloned().chain(section.headings);
            section.headings = section_headings.collect();
            self.found.sections.push(section);
        }
        for part in content.mails {
            if let PartType::Message(inner) = &part.body {
                self.read_mail(inner, &headings, depth - 1);
            }
        }
    }
}
