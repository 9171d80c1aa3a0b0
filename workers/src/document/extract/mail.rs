//! Mail (RFC 5322 and MIME): who wrote what to whom and when, then what it says. Of a text in several forms the HTML is
//! read; mail within mail is read below its subject. Attached files are named and left out.

use domain::document::{LeftOut, LeftOutKind};
use mail_parser::{
    Address, Encoding, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders,
    PartType,
};

use super::text::count_lost;
use super::{Extracted, Failed, Section, encoding, html};

/// Mail within mail is read to this depth.
const DEEPEST: usize = 5;
/// Parts of one mail that are read, at most.
const PARTS: usize = 1_000;

pub fn extract(bytes: &[u8]) -> Result<Extracted, Failed> {
    let mail = MessageParser::default().parse(bytes);
    let mail = mail.ok_or_else(|| Failed::unreadable("it is no mail"))?;
    let mut reader = Reader::default();
    reader.mail(&mail, &[], DEEPEST)?;
    let files = u32::try_from(reader.files).unwrap_or(u32::MAX);
    let mut found = reader.found;
    if files > 0 {
        let files = LeftOut::counted(LeftOutKind::EmbeddedFile, files);
        found.left_out.push(files);
    }
    let lost: u32 = found
        .sections
        .iter()
        .map(|one| count_lost(&one.text, bytes))
        .sum();
    if lost > 0 {
        let lost = LeftOut::counted(LeftOutKind::UnknownCharacters, lost);
        found.left_out.push(lost);
    }
    Ok(found)
}

/// Whether a text is mail: it begins with fields alone, some of which nothing but mail has.
pub fn is_one(text: &str) -> bool {
    let mut known = 0;
    for (number, line) in text.lines().take(200).enumerate() {
        if line.is_empty() {
            return known > 1;
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
        let own = [
            "message-id",
            "mime-version",
            "received",
            "return-path",
            "delivered-to",
            "content-type",
        ];
        known += usize::from(own.contains(&name.to_ascii_lowercase().as_str()));
    }
    false
}

#[derive(Default)]
struct Reader {
    found: Extracted,
    files: usize,
    parts: usize,
}

impl Reader {
    fn mail(&mut self, mail: &Message<'_>, above: &[String], left: usize) -> Result<(), Failed> {
        let subject = mail
            .subject()
            .map(one_line)
            .filter(|subject| !subject.is_empty());
        let headings: Vec<String> = above.iter().cloned().chain(subject).collect();
        let mut text = fields(mail);
        for file in mail.attachments() {
            // Mail within it follows below.
            if matches!(file.body, PartType::Message(_)) && left > 0 || is_decoration(file) {
                continue;
            }
            self.files += 1;
            if let Some(name) = file.attachment_name() {
                text.extend(["Attachment: ", &one_line(name), "\n"]);
            }
        }
        self.add(&headings, text);
        for part in mail.html_bodies() {
            self.parts += 1;
            if self.parts > PARTS {
                return Err(Failed::too_large(format!(
                    "the mail has more than {PARTS} parts"
                )));
            }
            self.body(mail, part, &headings)?;
        }
        for file in mail.attachments() {
            if let (PartType::Message(inner), true) = (&file.body, left > 0) {
                self.mail(inner, &headings, left - 1)?;
            }
        }
        Ok(())
    }

    fn body(
        &mut self,
        mail: &Message<'_>,
        part: &MessagePart<'_>,
        above: &[String],
    ) -> Result<(), Failed> {
        match &part.body {
            PartType::Html(text) => {
                let page = html::extract(&written(mail, part, text)?)?;
                self.found.left_out.extend(page.left_out);
                for mut section in page.sections {
                    let headings = above.iter().cloned().chain(section.headings);
                    section.headings = headings.collect();
                    self.found.sections.push(section);
                }
            }
            PartType::Text(text) => self.add(above, written(mail, part, text)?),
            _ => {}
        }
        Ok(())
    }

    fn add(&mut self, headings: &[String], text: String) {
        self.found.sections.push(Section {
            headings: headings.to_vec(),
            text,
            ..Section::default()
        });
    }
}

/// What a part says. Where it names no encoding, its bytes tell.
fn written(mail: &Message<'_>, part: &MessagePart<'_>, text: &str) -> Result<String, Failed> {
    let is_named = part
        .content_type()
        .is_some_and(|kind| kind.has_attribute("charset"));
    let place = usize::try_from(part.offset_body)
        .ok()
        .zip(usize::try_from(part.offset_end).ok());
    let bytes = place.and_then(|(begin, end)| mail.raw_message().get(begin..end));
    match bytes {
        Some(bytes)
            if !is_named && part.encoding == Encoding::None && text.contains('\u{fffd}') =>
        {
            encoding::decode(bytes)
        }
        _ => Ok(text.to_owned()),
    }
}

/// The fields that a reader sees, a line each.
fn fields(mail: &Message<'_>) -> String {
    let mut text = String::new();
    let mut field = |name: &str, value: String| {
        if !value.is_empty() {
            text.extend([name, ": ", &value, "\n"]);
        }
    };
    field("Subject", mail.subject().map(one_line).unwrap_or_default());
    field("From", mail.from().map(people).unwrap_or_default());
    field("To", mail.to().map(people).unwrap_or_default());
    field("Cc", mail.cc().map(people).unwrap_or_default());
    let date = match mail.header(HeaderName::Date) {
        Some(HeaderValue::DateTime(date)) => date.to_rfc3339(),
        _ => mail.header_raw("Date").map(one_line).unwrap_or_default(),
    };
    field("Date", date);
    text
}

/// `Ada Lovelace <ada@example.org>, bob@example.org`
fn people(all: &Address<'_>) -> String {
    let one = |name: Option<&str>, address: Option<&str>| match (name, address) {
        (Some(name), Some(address)) => format!("{} <{address}>", one_line(name)),
        (name, address) => one_line(name.or(address).unwrap_or_default()),
    };
    let people = all
        .iter()
        .map(|own| one(own.name.as_deref(), own.address.as_deref()));
    people
        .filter(|own| !own.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Whether a file is a picture that the text shows.
fn is_decoration(part: &MessagePart<'_>) -> bool {
    let is_picture = part
        .content_type()
        .is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
    let is_attached = part
        .content_disposition()
        .is_some_and(mail_parser::ContentType::is_attachment);
    is_picture && part.content_id().is_some() && !is_attached
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::extract as read;
    use super::*;

    type LeftOutCount = (LeftOutKind, Option<u32>);

    /// The text, the headings of its last section, and what is left out.
    fn told(mail: &[u8]) -> (String, Vec<String>, Vec<LeftOutCount>) {
        let found = read("message/rfc822", mail).unwrap();
        let text = found.sections.iter().map(|one| one.text.as_str());
        let last = found.sections.last().unwrap();
        let left_out = found.left_out.iter().map(|one| (one.kind, one.count));
        (text.collect(), last.headings.clone(), left_out.collect())
    }

    const HEAD: &str = "Received: from x\r\nMessage-ID: <1@x>\r\nFrom: =?utf-8?Q?J=C3=B6rg?= <j@example.org>\r\n\
                        To: \"Ada, L.\" <ada@example.org>, bob@example.org\r\nDate: Sun, 1 Mar 2026 14:30:00 +0100\r\n\
                        Subject: =?iso-8859-1?B?R2Vi/GhyZW4=?=\r\n";

    #[test]
    fn fields_are_read_as_they_are_shown() {
        let (text, headings, _) = told(format!("{HEAD}\r\nPaid.\r\n").as_bytes());
        assert_eq!(headings, ["Gebühren"]);
        for line in [
            "Subject: Gebühren\n",
            "From: Jörg <j@example.org>\n",
            "To: Ada, L. <ada@example.org>, bob@example.org\n",
            "Date: 2026-03-01T14:30:00+01:00\n",
            "Paid.",
        ] {
            assert!(text.contains(line), "{text}");
        }
        assert!(
            !text.contains("Received") && !text.contains("Message-ID"),
            "{text}"
        );
    }

    #[test]
    fn texts_are_read_in_every_encoding() {
        for (kind, encoding, body) in [
            (
                "text/plain; charset=utf-8",
                "quoted-printable",
                &b"Die Geb=C3=BChr betr=\r\n=C3=A4gt 35 Euro."[..],
            ),
            (
                "text/plain; charset=utf-8",
                "base64",
                b"RGllIEdlYsO8aHIgYmV0csOkZ3QgMzUg\r\nRXVyby4=",
            ),
            (
                "text/plain; charset=windows-1252",
                "8bit",
                b"Die Geb\xfchr betr\xe4gt 35 Euro.",
            ),
            (
                "text/html; charset=iso-8859-1",
                "quoted-printable",
                b"<p>Die Geb=FChr <b>betr=E4gt</b> 35&nbsp;Euro.</p>",
            ),
            (
                "text/plain",
                "8bit",
                b"Die Geb\xfchr betr\xe4gt 35 Euro, und das f\xfcr alle.",
            ),
        ] {
            let mut mail = format!("{HEAD}MIME-Version: 1.0\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n").into_bytes();
            mail.extend_from_slice(body);
            let (text, _, left_out) = told(&mail);
            let text = text.replace('\u{a0}', " ");
            assert!(text.contains("Die Gebühr beträgt 35 Euro"), "{kind} {text}");
            assert_eq!(left_out, []);
        }
    }

    #[test]
    fn one_of_several_forms_is_read_and_files_are_named() {
        let part = |fields: &str, body: &str| format!("--b\r\n{fields}\r\n\r\n{body}\r\n");
        let forms = "Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\nThe fee is 35.\r\n\
                     --a\r\nContent-Type: text/html\r\n\r\n<h2>Fees</h2><table><tr><th>Name<th>Fee<tr><td>Ada<td><s>30</s> 35</table><img src=cid:p>\r\n--a--";
        let mail = format!(
            "{HEAD}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{forms}\r\n{}{}{}{}--b--\r\n",
            part(
                "Content-Type: application/pdf; name=\"fees.pdf\"\r\nContent-Disposition: attachment; filename=\"fees.pdf\"\r\nContent-Transfer-Encoding: base64",
                "canary"
            ),
            part(
                "Content-Type: text/csv\r\nContent-Disposition: attachment; filename*=utf-8''Geb%C3%BChren.csv",
                "canary;1"
            ),
            part(
                "Content-Type: image/png\r\nContent-ID: <p>\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64",
                "AAAA"
            ),
            part(
                "Content-Type: message/rfc822",
                "From: eve@example.org\r\nSubject: Older\r\n\r\nIt was 30."
            )
        );
        let (text, headings, left_out) = told(mail.as_bytes());
        assert!(text.contains("Name: Ada; Fee: 35"), "{text}");
        assert!(
            !text.contains("The fee is") && !text.contains("canary"),
            "{text}"
        );
        assert!(
            text.contains("Attachment: fees.pdf\nAttachment: Gebühren.csv\n"),
            "{text}"
        );
        assert!(
            text.contains("From: eve@example.org") && text.contains("It was 30."),
            "{text}"
        );
        assert_eq!(headings, ["Gebühren", "Older"]);
        assert_eq!(
            left_out,
            [
                (LeftOutKind::StruckText, Some(1)),
                (LeftOutKind::EmbeddedFile, Some(2))
            ]
        );
    }

    #[test]
    fn mail_is_told_from_texts() {
        for (text, is) in [
            (HEAD.to_owned() + "MIME-Version: 1.0\r\n\r\nx", true),
            (
                "Return-Path: <x>\nReceived: from a\n by b\n\nx".to_owned(),
                true,
            ),
            (
                "From: Ada\nTo: Bob\nSubject: Fees\n\nAs agreed.".to_owned(),
                false,
            ),
            (
                "Note: x\nMIME-Version: 1.0 and Received: are fields\n\n".to_owned(),
                false,
            ),
            ("key: value\nother: 1\n\n".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(is_one(&text), is, "{text}");
        }
        let found = read(
            "text/plain",
            format!("{HEAD}MIME-Version: 1.0\r\n\r\nPaid.").as_bytes(),
        )
        .unwrap();
        assert!(found.sections[0].text.starts_with("Subject: Gebühren\n"));
    }

    #[test]
    fn broken_mail_is_read_as_far_as_it_goes() {
        let whole = format!(
            "{HEAD}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nPaid.\r\n--b--"
        );
        for end in 0..whole.len() {
            let _ = extract(&whole.as_bytes()[..end]);
        }
        let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(10_000);
        let _ = extract(nested.as_bytes());
        let nested = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".repeat(10_000);
        let _ = extract(nested.as_bytes());
    }
}
