//! One message: who wrote it, what was visible of it, and what cannot be read.

use chrono::{DateTime, Utc};
use domain::conversation::ImportedRole;
use domain::response::AnswerPart;

use super::super::json::{self, Raw, fields, flag, list, text};
use super::super::limits::{PARTS, TooMany};
use super::files::Attached;
use super::time;

/// The delimiters of a citation that has no target outside of `ChatGPT`.
const CITATION: (char, char) = ('\u{e200}', '\u{e201}');
/// Content types that are not part of the conversation: settings, tool output, and notes on how long a model thought.
const UNSAID: [&str; 11] = [
    "app_pairing_content",
    "computer_output",
    "execution_output",
    "model_editable_context",
    "reasoning_recap",
    "sonic_webpage",
    "system_error",
    "tether_browsing_code",
    "tether_browsing_display",
    "tether_quote",
    "user_editable_context",
];

/// A message that was visible.
pub(super) struct Shown {
    pub said: ImportedRole,
    pub parts: Vec<AnswerPart>,
    pub attached: Vec<Attached>,
    pub model: Option<String>,
    pub written_at: Option<DateTime<Utc>>,
}

#[derive(Default)]
pub(super) struct Read {
    pub shown: Option<Shown>,
    /// The number of hidden messages, messages of tools, and sounds.
    pub left_out: u64,
    /// Reasons why parts cannot be read.
    pub unread: Vec<String>,
}

pub(super) fn read(raw: Raw<'_>) -> Result<Read, TooMany> {
    let names = [
        "author",
        "create_time",
        "content",
        "recipient",
        "status",
        "metadata",
    ];
    let [author, created, content, recipient, status, metadata] = fields(raw, names);
    let content = Content::read(content)?;
    let names = [
        "is_visually_hidden_from_conversation",
        "attachments",
        "model_slug",
        "resolved_model_slug",
        "default_model_slug",
    ];
    let about = metadata.map(|metadata| fields(metadata, names));
    let [hidden, attachments, model, resolved, default] = about.unwrap_or_default();
    let is_to_all = recipient.is_none_or(|to| !json::is(to, '"') || to.get() == "\"all\"");
    let role = author.and_then(role);
    let said = match (role.as_deref(), text(status).as_deref()) {
        _ if flag(hidden) || !is_to_all => None,
        (Some("user"), _) => Some(ImportedRole::Question),
        (Some("assistant"), Some("in_progress")) => Some(ImportedRole::Interrupted),
        (Some("assistant"), _) => Some(ImportedRole::Answer),
        _ => None,
    };
    let says_something = u64::from(!content.text.trim().is_empty());
    let mut read = Read::default();
    let Some(said) = said else {
        match role {
            None if says_something == 1 => {
                read.unread
                    .push("a message does not say who wrote it".to_owned());
            }
            _ => read.left_out = says_something,
        }
        return Ok(read);
    };
    let attached = attached(attachments, &content.pictures)?;
    let Some(part) = content.part(!attached.is_empty()) else {
        read.left_out = content.sounds.max(says_something);
        read.unread = content.unread;
        return Ok(read);
    };
    read.left_out = content.sounds;
    read.unread = content.unread;
    let mut models = [model, resolved, default].into_iter();
    read.shown = Some(Shown {
        said,
        parts: vec![part],
        attached,
        model: models.find_map(text).filter(|_| said.is_answer()),
        written_at: time(created),
    });
    Ok(read)
}

/// The role of an author, or the role itself in place of an author.
fn role(author: Raw<'_>) -> Option<String> {
    match json::is(author, '{') {
        true => text(fields(author, ["role"])[0]),
        false => text(Some(author)),
    }
}

/// The files that a message lists, and images that it only displays.
fn attached(named: Option<Raw<'_>>, pictures: &[String]) -> Result<Vec<Attached>, TooMany> {
    let named = list(named, ("attachments in one message", PARTS))?;
    let named = named.into_iter().filter_map(|file| {
        let [id, name, kind, other_kind] = fields(file, ["id", "name", "mime_type", "mimeType"]);
        Some(Attached {
            id: text(id).filter(|id| !id.is_empty())?,
            name: text(name),
            media_type: text(kind).or_else(|| text(other_kind)),
        })
    });
    let mut attached: Vec<Attached> = named.collect();
    for id in pictures {
        if attached.iter().all(|file| file.id != *id) {
            attached.push(Attached {
                id: id.clone(),
                name: None,
                media_type: None,
            });
        }
    }
    Ok(attached)
}

/// The content of a message.
#[derive(Default)]
struct Content {
    kind: String,
    text: String,
    pictures: Vec<String>,
    sounds: u64,
    unread: Vec<String>,
}

impl Content {
    fn read(content: Option<Raw<'_>>) -> Result<Self, TooMany> {
        let mut read = Self::default();
        let Some(content) = content else {
            return Ok(read);
        };
        if !json::is(content, '{') {
            read.text = readable(&text(Some(content)).unwrap_or_default());
            return Ok(read);
        }
        let names = ["content_type", "parts", "text", "thoughts"];
        let [kind, parts, whole, thoughts] = fields(content, names);
        read.kind = text(kind).unwrap_or_default();
        let mut texts = Vec::new();
        match parts {
            Some(parts) if json::is(parts, '[') => {
                for part in list(Some(parts), ("parts in one message", PARTS))? {
                    texts.extend(read.part_of(part));
                }
            }
            Some(part) => texts.extend(read.part_of(part)),
            None => {}
        }
        texts.extend(text(whole));
        let mut between = "\n";
        if thoughts.is_some() {
            between = "\n\n";
            for thought in list(thoughts, ("thoughts in one message", PARTS))? {
                texts.extend(thought_text(thought));
            }
        }
        read.text = readable(&texts.join(between));
        Ok(read)
    }

    /// The text of a part; parts without text are counted.
    fn part_of(&mut self, part: Raw<'_>) -> Option<String> {
        if part.get() == "null" {
            return None;
        }
        if !json::is(part, '{') {
            let said = text(Some(part));
            if said.is_none() {
                self.unread
                    .push("a part of a message is no text".to_owned());
            }
            return said;
        }
        let names = ["content_type", "type", "text", "content", "asset_pointer"];
        let [kind, other_kind, said, content, pointer] = fields(part, names);
        let kind = text(kind).or_else(|| text(other_kind)).unwrap_or_default();
        if let Some(said) = text(said).or_else(|| text(content)) {
            return Some(said);
        }
        if kind.contains("audio") || kind.contains("video") {
            self.sounds += 1;
        } else if let Some(pointer) = text(pointer) {
            self.pictures.push(asset(&pointer));
        } else {
            let kind: String = kind.chars().take(50).collect();
            self.unread.push(format!(
                "a part of a message has the type {kind:?}, which is not read"
            ));
        }
        None
    }

    /// The visible part of an answer, if there is any.
    fn part(&self, carries_files: bool) -> Option<AnswerPart> {
        let text = self.text.clone();
        let is_empty = text.trim().is_empty();
        match self.kind.as_str() {
            kind if UNSAID.contains(&kind) => None,
            "thoughts" => (!is_empty).then_some(AnswerPart::Reasoning { text }),
            _ => (!is_empty || carries_files).then_some(AnswerPart::Text { text }),
        }
    }
}

/// The reasoning, or else its summary.
fn thought_text(thought: Raw<'_>) -> Option<String> {
    let [content, summary] = fields(thought, ["content", "summary"]);
    let whole = text(content).filter(|text| !text.trim().is_empty());
    whole
        .or_else(|| text(summary))
        .or_else(|| text(Some(thought)))
}

/// The id in an asset pointer such as `file-service://file-ID`.
fn asset(pointer: &str) -> String {
    let id = pointer.rsplit("://").next().unwrap_or_default();
    let end = id.find(['#', '?']).unwrap_or(id.len());
    id[..end].to_owned()
}

/// Removes control characters, and citations without a target.
fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut within = false;
    for c in text.chars() {
        match c {
            c if c == CITATION.0 => within = true,
            c if c == CITATION.1 && within => within = false,
            _ if within => {}
            '\n' | '\r' | '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
