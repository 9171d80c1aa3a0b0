//! Decides which parts of a mail are text, which are files, and which are nested mail.

use std::collections::HashSet;

use domain::document::Omission;
use mail_parser::{ContentType, Message, MessagePart, MimeHeaders, PartType};

use super::decode::decode_text;
use crate::document::extract::{ExtractError, Section, html};

/// Maximum number of text parts that are read; the rest is left out.
const MAX_PARTS: usize = 1_000;
/// Nested multiparts are read to this depth; deeper parts are read afterwards.
const MAX_DEPTH: usize = 50;

/// The content of a mail besides its header fields.
pub(super) struct MailContent<'a> {
    pub text: BodyText,
    /// Files and parts that are not read, in their order.
    pub files: Vec<&'a MessagePart<'a>>,
    pub mails: Vec<&'a MessagePart<'a>>,
}

/// The text of some parts of a mail.
#[derive(Default)]
pub(super) struct BodyText {
    pub sections: Vec<Section>,
    pub left_out: Vec<Omission>,
    pub lost: u32,
    /// Content ids of the pictures that it shows.
    displayed_pictures: HashSet<String>,
}

impl BodyText {
    fn extend(&mut self, more: Self) {
        self.sections.extend(more.sections);
        self.left_out.extend(more.left_out);
        self.lost = self.lost.saturating_add(more.lost);
        self.displayed_pictures.extend(more.displayed_pictures);
    }

    /// Whether there is something to read. Text that is entirely struck counts as well.
    fn has_content(&self) -> bool {
        !self.left_out.is_empty()
            || self
                .sections
                .iter()
                .any(|section| !section.text.trim().is_empty())
    }
}

/// Reads the body of a mail.
pub(super) struct BodyReader<'a, 'p> {
    mail: &'a Message<'a>,
    /// Whether nested mail is read.
    reads_nested: bool,
    /// Text parts read so far.
    parts: &'p mut usize,
    seen: Vec<bool>,
    files: Vec<u32>,
    mails: Vec<u32>,
    /// Whether another alternative of the text was read already.
    skips_text: bool,
}

/// The position of a part in its multipart.
#[derive(Clone, Copy)]
struct Position {
    is_first: bool,
    /// Whether the multipart is `related`: the other parts belong to the first.
    is_related: bool,
}

const STANDALONE: Position = Position {
    is_first: true,
    is_related: false,
};

impl<'a, 'p> BodyReader<'a, 'p> {
    pub(super) fn read(
        mail: &'a Message<'a>,
        reads_nested: bool,
        parts: &'p mut usize,
    ) -> MailContent<'a> {
        let mut reader = Self {
            mail,
            reads_nested,
            parts,
            seen: vec![false; mail.parts.len()],
            files: Vec::new(),
            mails: Vec::new(),
            skips_text: false,
        };
        let mut text = BodyText::default();
        // The first part contains all others, unless the mail is broken or nests too deeply.
        for id in 0..u32::try_from(mail.parts.len()).unwrap_or(u32::MAX) {
            text.extend(reader.read_part(id, STANDALONE, MAX_DEPTH));
        }
        let parts_of = |mut ids: Vec<u32>| {
            ids.sort_unstable();
            ids.into_iter()
                .filter_map(|id| mail.part(id))
                .collect::<Vec<_>>()
        };
        let mut files = parts_of(reader.files);
        files.retain(|file| !is_decoration(file, &text.displayed_pictures));
        MailContent {
            files,
            mails: parts_of(reader.mails),
            text,
        }
    }

    fn read_part(&mut self, id: u32, position: Position, depth: usize) -> BodyText {
        let seen = usize::try_from(id)
            .ok()
            .and_then(|index| self.seen.get_mut(index));
        let (Some(seen), Some(part)) = (seen, self.mail.part(id)) else {
            return BodyText::default();
        };
        if std::mem::replace(seen, true) {
            return BodyText::default();
        }
        match &part.body {
            PartType::Multipart(_) if depth == 0 => {}
            PartType::Multipart(alternatives) if has_type(part, "multipart", "alternative") => {
                return self.read_alternative(alternatives, depth - 1);
            }
            PartType::Multipart(inner) => {
                let is_related = has_type(part, "multipart", "related");
                let mut text = BodyText::default();
                for (index, id) in inner.iter().enumerate() {
                    let is_first = index == 0;
                    let position = Position {
                        is_first,
                        is_related,
                    };
                    text.extend(self.read_part(*id, position, depth - 1));
                }
                return text;
            }
            PartType::Message(_) if self.reads_nested => self.mails.push(id),
            PartType::Text(_) | PartType::Html(_) if is_body(part, position) => {
                return self.read_body(id, part);
            }
            _ => self.files.push(id),
        }
        BodyText::default()
    }

    /// Reads the alternative with HTML, or the last one; if it is empty, the next best.
    fn read_alternative(&mut self, alternatives: &[u32], depth: usize) -> BodyText {
        let mut order: Vec<u32> = alternatives.iter().rev().copied().collect();
        order.sort_by_key(|id| !self.has_html(*id, depth));
        let mut best = BodyText::default();
        for id in order {
            let previous = self.skips_text;
            self.skips_text |= best.has_content();
            let alternative = self.read_part(id, STANDALONE, depth);
            self.skips_text = previous;
            if alternative.has_content() {
                best = alternative;
            }
        }
        best
    }

    fn has_html(&self, id: u32, depth: usize) -> bool {
        let Some(part) = self.mail.part(id) else {
            return false;
        };
        match &part.body {
            PartType::Multipart(inner) => {
                depth > 0 && inner.iter().any(|id| self.has_html(*id, depth - 1))
            }
            _ => has_type(part, "text", "html") && is_body(part, STANDALONE),
        }
    }

    fn read_body(&mut self, id: u32, part: &MessagePart<'_>) -> BodyText {
        if self.skips_text {
            return BodyText::default();
        }
        *self.parts += 1;
        let text = match *self.parts > MAX_PARTS {
            true => Err(ExtractError::too_large("the mail has too many parts")),
            false => read_text(self.mail, part),
        };
        // A broken part does not make the others unreadable.
        text.unwrap_or_else(|_| {
            self.files.push(id);
            BodyText::default()
        })
    }
}

fn read_text(mail: &Message<'_>, part: &MessagePart<'_>) -> Result<BodyText, ExtractError> {
    let (text, lost) = decode_text(mail, part)?;
    if !has_type(part, "text", "html") {
        let section = Section {
            text,
            ..Section::default()
        };
        return Ok(BodyText {
            sections: vec![section],
            lost,
            ..BodyText::default()
        });
    }
    let page = html::extract(&text)?;
    Ok(BodyText {
        sections: page.sections,
        left_out: page.left_out,
        lost,
        displayed_pictures: picture_ids(&text).collect(),
    })
}

/// The content ids after `cid:` in a page.
fn picture_ids(page: &str) -> impl Iterator<Item = String> {
    page.split("cid:").skip(1).map(|rest| {
        let name = rest.split(['"', '\'', ' ', '>', ')', '&', '\r', '\n']);
        name.take(1).collect::<String>().replace("%40", "@")
    })
}

/// Whether a part is inline text rather than a file.
fn is_body(part: &MessagePart<'_>, position: Position) -> bool {
    let is_attached = part
        .content_disposition()
        .is_some_and(ContentType::is_attachment);
    let is_readable = part.content_type().is_none()
        || has_type(part, "text", "plain")
        || has_type(part, "text", "html");
    let is_named = part
        .content_type()
        .is_some_and(|kind| kind.has_attribute("name"));
    let belongs = position.is_related && part.content_id().is_some();
    is_readable && !is_attached && (position.is_first || !is_named && !belongs)
}

fn has_type(part: &MessagePart<'_>, main_type: &str, subtype: &str) -> bool {
    part.content_type().is_some_and(|content_type| {
        content_type.ctype().eq_ignore_ascii_case(main_type)
            && content_type
                .subtype()
                .is_some_and(|value| value.eq_ignore_ascii_case(subtype))
    })
}

/// Whether a file is an inline picture of the text.
fn is_decoration(part: &MessagePart<'_>, displayed_pictures: &HashSet<String>) -> bool {
    let is_picture = part
        .content_type()
        .is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
    let is_attached = part
        .content_disposition()
        .is_some_and(ContentType::is_attachment);
    is_picture
        && !is_attached
        && part
            .content_id()
            .is_some_and(|name| displayed_pictures.contains(name))
}
