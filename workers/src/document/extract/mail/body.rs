//! Which parts of a mail are read, which are files, and which are mail again.

use std::collections::HashSet;

use domain::document::Omission;
use mail_parser::{ContentType, Message, MessagePart, MimeHeaders, PartType};

use super::written::written;
use crate::document::extract::{Failed, Section, html};

/// Texts of one mail that are read, at most; those behind are left out.
const PARTS: usize = 1_000;
/// Groups of parts are read to this depth at once; what is deeper follows on its own.
const DEEPEST: usize = 50;

/// What a mail holds besides its fields.
pub struct Said<'a> {
    pub text: Text,
    /// Files and parts that are not read, in their order.
    pub files: Vec<&'a MessagePart<'a>>,
    pub mails: Vec<&'a MessagePart<'a>>,
}

/// What some parts of a mail say.
#[derive(Default)]
pub struct Text {
    pub sections: Vec<Section>,
    pub left_out: Vec<Omission>,
    pub lost: u32,
    /// The names of the pictures that it shows.
    shown: HashSet<String>,
}

impl Text {
    fn extend(&mut self, more: Self) {
        self.sections.extend(more.sections);
        self.left_out.extend(more.left_out);
        self.lost = self.lost.saturating_add(more.lost);
        self.shown.extend(more.shown);
    }

    /// Whether there is something to read. A text that is struck through altogether says that, too.
    fn says_something(&self) -> bool {
        !self.left_out.is_empty() || self.sections.iter().any(|one| !one.text.trim().is_empty())
    }
}

/// A mail while it is read.
pub struct Reading<'a, 'p> {
    mail: &'a Message<'a>,
    /// Whether mail within it is read.
    has_inner: bool,
    /// Texts that were read so far.
    parts: &'p mut usize,
    seen: Vec<bool>,
    files: Vec<u32>,
    mails: Vec<u32>,
    /// Whether another form of the text is read.
    is_told: bool,
}

/// Where a part stands in its group.
#[derive(Clone, Copy)]
struct Place {
    is_first: bool,
    /// Whether the parts behind the first belong to it.
    is_related: bool,
}

const ALONE: Place = Place {
    is_first: true,
    is_related: false,
};

impl<'a, 'p> Reading<'a, 'p> {
    pub fn of(mail: &'a Message<'a>, has_inner: bool, parts: &'p mut usize) -> Said<'a> {
        let mut reading = Self {
            mail,
            has_inner,
            parts,
            seen: vec![false; mail.parts.len()],
            files: Vec::new(),
            mails: Vec::new(),
            is_told: false,
        };
        let mut text = Text::default();
        // All are below the first, unless the mail is broken or nests too deeply.
        for id in 0..u32::try_from(mail.parts.len()).unwrap_or(u32::MAX) {
            text.extend(reading.part(id, ALONE, DEEPEST));
        }
        let named = |mut ids: Vec<u32>| {
            ids.sort_unstable();
            ids.into_iter()
                .filter_map(|id| mail.part(id))
                .collect::<Vec<_>>()
        };
        let mut files = named(reading.files);
        files.retain(|file| !is_decoration(file, &text.shown));
        Said {
            files,
            mails: named(reading.mails),
            text,
        }
    }

    fn part(&mut self, id: u32, place: Place, left: usize) -> Text {
        let seen = usize::try_from(id)
            .ok()
            .and_then(|at| self.seen.get_mut(at));
        let (Some(seen), Some(part)) = (seen, self.mail.part(id)) else {
            return Text::default();
        };
        if std::mem::replace(seen, true) {
            return Text::default();
        }
        match &part.body {
            PartType::Multipart(_) if left == 0 => {}
            PartType::Multipart(forms) if is_a(part, "multipart", "alternative") => {
                return self.best(forms, left - 1);
            }
            PartType::Multipart(inner) => {
                let is_related = is_a(part, "multipart", "related");
                let mut text = Text::default();
                for (at, id) in inner.iter().enumerate() {
                    let is_first = at == 0;
                    let place = Place {
                        is_first,
                        is_related,
                    };
                    text.extend(self.part(*id, place, left - 1));
                }
                return text;
            }
            PartType::Message(_) if self.has_inner => self.mails.push(id),
            PartType::Text(_) | PartType::Html(_) if is_body(part, place) => {
                return self.body(id, part);
            }
            _ => self.files.push(id),
        }
        Text::default()
    }

    /// Of a text in several forms the one with HTML, or the last; where it says nothing, the next best.
    fn best(&mut self, forms: &[u32], left: usize) -> Text {
        let mut order: Vec<u32> = forms.iter().rev().copied().collect();
        order.sort_by_key(|id| !self.has_html(*id, left));
        let mut best = Text::default();
        for id in order {
            let before = self.is_told;
            self.is_told |= best.says_something();
            let form = self.part(id, ALONE, left);
            self.is_told = before;
            if form.says_something() {
                best = form;
            }
        }
        best
    }

    fn has_html(&self, id: u32, left: usize) -> bool {
        let Some(part) = self.mail.part(id) else {
            return false;
        };
        match &part.body {
            PartType::Multipart(inner) => {
                left > 0 && inner.iter().any(|id| self.has_html(*id, left - 1))
            }
            _ => is_a(part, "text", "html") && is_body(part, ALONE),
        }
    }

    fn body(&mut self, id: u32, part: &MessagePart<'_>) -> Text {
        if self.is_told {
            return Text::default();
        }
        *self.parts += 1;
        let text = match *self.parts > PARTS {
            true => Err(Failed::too_large("the mail has too many parts")),
            false => read(self.mail, part),
        };
        // One bad part is no reason to refuse the others.
        text.unwrap_or_else(|_| {
            self.files.push(id);
            Text::default()
        })
    }
}

fn read(mail: &Message<'_>, part: &MessagePart<'_>) -> Result<Text, Failed> {
    let (text, lost) = written(mail, part)?;
    if !is_a(part, "text", "html") {
        let section = Section {
            text,
            ..Section::default()
        };
        return Ok(Text {
            sections: vec![section],
            lost,
            ..Text::default()
        });
    }
    let page = html::extract(&text)?;
    Ok(Text {
        sections: page.sections,
        left_out: page.left_out,
        lost,
        shown: pictures(&text).collect(),
    })
}

/// The names behind `cid:` in a page.
fn pictures(page: &str) -> impl Iterator<Item = String> {
    page.split("cid:").skip(1).map(|rest| {
        let name = rest.split(['"', '\'', ' ', '>', ')', '&', '\r', '\n']);
        name.take(1).collect::<String>().replace("%40", "@")
    })
}

/// Whether a part is text to be read where it stands, and no file.
fn is_body(part: &MessagePart<'_>, place: Place) -> bool {
    let is_attached = part
        .content_disposition()
        .is_some_and(ContentType::is_attachment);
    let is_readable =
        part.content_type().is_none() || is_a(part, "text", "plain") || is_a(part, "text", "html");
    let is_named = part
        .content_type()
        .is_some_and(|kind| kind.has_attribute("name"));
    let belongs = place.is_related && part.content_id().is_some();
    is_readable && !is_attached && (place.is_first || !is_named && !belongs)
}

fn is_a(part: &MessagePart<'_>, kind: &str, form: &str) -> bool {
    part.content_type().is_some_and(|own| {
        own.ctype().eq_ignore_ascii_case(kind)
            && own
                .subtype()
                .is_some_and(|own| own.eq_ignore_ascii_case(form))
    })
}

/// Whether a file is a picture that the text shows.
fn is_decoration(part: &MessagePart<'_>, shown: &HashSet<String>) -> bool {
    let is_picture = part
        .content_type()
        .is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
    let is_attached = part
        .content_disposition()
        .is_some_and(ContentType::is_attachment);
    is_picture && !is_attached && part.content_id().is_some_and(|name| shown.contains(name))
}
