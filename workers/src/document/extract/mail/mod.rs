//! Mail (RFC 5322 and MIME): who wrote what to whom and when, then what it says. Of a text in several forms the HTML is
//! read, unless it says nothing; mail within mail is read below its subject. Attached files are named and left out, and
//! so is a part that cannot be read.

mod body;
mod fields;
#[cfg(test)]
mod tests;
mod written;

use domain::document::{Omission, OmissionKind};
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use self::body::Reading;
use self::fields::{fields, one_line};
use super::text::count_lost;
use super::{Extracted, Failed, Section};

/// Mail within mail is read to this depth.
const DEEPEST: usize = 5;

pub fn extract(bytes: &[u8]) -> Result<Extracted, Failed> {
    let mail = MessageParser::default().parse(bytes);
    let mail = mail.ok_or_else(|| Failed::unreadable("it is no mail"))?;
    let mut reader = Reader::default();
    reader.mail(&mail, &[], DEEPEST);
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

/// Whether a text is mail: it begins with fields alone, two of which nothing but mail has. A web server's answer has a
/// content type as well.
pub fn is_one(text: &str) -> bool {
    const OWN: [&str; 5] = [
        "message-id",
        "mime-version",
        "received",
        "return-path",
        "delivered-to",
    ];
    let mut known = [false; OWN.len()];
    let mut has_type = false;
    for (number, line) in text.lines().enumerate() {
        if line.is_empty() {
            let names = known.iter().filter(|is_there| **is_there).count();
            return names > 0 && names + usize::from(has_type) > 1;
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
        for (own, is_there) in OWN.iter().zip(&mut known) {
            *is_there |= name.eq_ignore_ascii_case(own);
        }
    }
    false
}

#[derive(Default)]
struct Reader {
    found: Extracted,
    /// Files and parts that are not read.
    files: usize,
    /// Texts that are read, in all mails.
    parts: usize,
    /// Characters that are not of their part's encoding.
    lost: u32,
}

impl Reader {
    fn mail(&mut self, mail: &Message<'_>, above: &[String], left: usize) {
        let subject = mail
            .subject()
            .map(one_line)
            .filter(|subject| !subject.is_empty());
        let headings: Vec<String> = above.iter().cloned().chain(subject).collect();
        let said = Reading::of(mail, left > 0, &mut self.parts);
        let mut text = fields(mail);
        for file in &said.files {
            self.files += 1;
            if let Some(name) = file.attachment_name() {
                text.extend(["Attachment: ", &one_line(name), "\n"]);
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
            .saturating_add(said.text.lost);
        self.found.sections.push(Section {
            headings: headings.clone(),
            text,
            ..Section::default()
        });
        self.found.left_out.extend(said.text.left_out);
        for mut section in said.text.sections {
            let own = headings.iter().cloned().chain(section.headings);
            section.headings = own.collect();
            self.found.sections.push(section);
        }
        for part in said.mails {
            if let PartType::Message(inner) = &part.body {
                self.mail(inner, &headings, left - 1);
            }
        }
    }
}
