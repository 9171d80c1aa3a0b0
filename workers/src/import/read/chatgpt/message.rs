//! One message: who wrote it, what was visible of it, and what cannot be read.

use chrono::{DateTime, Utc};
use domain::conversation::ImportedRole;
use domain::response::AnswerPart;

use super::super::json::{self, Raw, fields, flag, list, text};
use super::super::limits::{PARTS, TooMany};
use super::files::AttachedFile;
use super::parse_time;

/// The delimiters of a citation that has no target outside of `ChatGPT`.
const CITATION: (char, char) = ('\u{e200}', '\u{e201}');
/// Content types that are not part of the conversation: settings, tool output, and notes on how long a model thought.
const HIDDEN_TYPES: [&str; 11] = [
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
pub(super) struct VisibleMessage {
    pub role: ImportedRole,
    pub parts: Vec<AnswerPart>,
    pub attachments: Vec<AttachedFile>,
    pub model: Option<String>,
    pub written_at: Option<DateTime<Utc>>,
}

#[derive(Default)]
pub(super) struct ParsedMessage {
    pub message: Option<VisibleMessage>,
    /// The number of hidden messages, messages of tools, and media.
    pub skipped: u64,
    /// Reasons why parts cannot be read.
    pub errors: Vec<String>,
}

pub(super) fn parse_message(raw: Raw<'_>) -> Result<ParsedMessage, TooMany> {
    let names = [
        "author",
        "create_time",
        "content",
        "recipient",
        "status",
        "metadata",
    ];
    let [author, created, content, recipient, status, metadata] = fields(raw, names);
    let content = Content::parse(content)?;
    let names = [
        "is_visually_hidden_from_conversation",
        "attachments",
        "model_slug",
        "resolved_model_slug",
        "default_model_slug",
    ];
    let details = metadata.map(|metadata| fields(metadata, names));
    let [hidden, attachments, model, resolved, default] = details.unwrap_or_default();
    let is_to_all = recipient.is_none_or(|to| !json::starts_with(to, '"') || to.get() == "\"all\"");
    let author_role = author.and_then(find_role);
    let role = match (author_role.as_deref(), text(status).as_deref()) {
        _ if flag(hidden) || !is_to_all => None,
        (Some("user"), _) => Some(ImportedRole::Question),
        (Some("assistant"), Some("in_progress")) => Some(ImportedRole::Interrupted),
        (Some("assistant"), _) => Some(ImportedRole::Answer),
        _ => None,
    };
    let has_text = u64::from(!content.text.trim().is_empty());
    let mut parsed = ParsedMessage::default();
    let Some(role) = role else {
        match author_role {
            None if has_text == 1 => {
                parsed
                    .errors
                    .push("a message does not say who wrote it".to_owned());
            }
            _ => parsed.skipped = has_text,
        }
        return Ok(parsed);
    };
    let attachments = find_attachments(attachments, &content.images)?;
    let Some(part) = content.to_part(!attachments.is_empty()) else {
        parsed.skipped = content.media.max(has_text);
        parsed.errors = content.errors;
        return Ok(parsed);
    };
    parsed.skipped = content.media;
    parsed.errors = content.errors;
    let mut models = [model, resolved, default].into_iter();
    parsed.message = Some(VisibleMessage {
        role,
        parts: vec![part],
        attachments,
        model: models.find_map(text).filter(|_| role.is_answer()),
        written_at: parse_time(created),
    });
    Ok(parsed)
}

/// The role of an author, or the role itself in place of an author.
fn find_role(author: Raw<'_>) -> Option<String> {
    match json::starts_with(author, '{') {
        true => text(fields(author, ["role"])[0]),
        false => text(Some(author)),
    }
}

/// The files that a message lists, and images that it only displays.
fn find_attachments(
    listed: Option<Raw<'_>>,
    images: &[String],
) -> Result<Vec<AttachedFile>, TooMany> {
    let listed = list(listed, ("attachments in one message", PARTS))?;
    let files = listed.into_iter().filter_map(|file| {
        let [id, name, kind, other_kind] = fields(file, ["id", "name", "mime_type", "mimeType"]);
        Some(AttachedFile {
            id: text(id).filter(|id| !id.is_empty())?,
            name: text(name),
            media_type: text(kind).or_else(|| text(other_kind)),
        })
    });
    let mut attachments: Vec<AttachedFile> = files.collect();
    for id in images {
        if attachments.iter().all(|file| file.id != *id) {
            attachments.push(AttachedFile {
                id: id.clone(),
                name: None,
                media_type: None,
            });
        }
    }
    Ok(attachments)
}

/// The content of a message.
#[derive(Default)]
struct Content {
    kind: String,
    text: String,
    images: Vec<String>,
    media: u64,
    errors: Vec<String>,
}

impl Content {
    fn parse(content: Option<Raw<'_>>) -> Result<Self, TooMany> {
        let mut parsed = Self::default();
        let Some(content) = content else {
            return Ok(parsed);
        };
        if !json::starts_with(content, '{') {
            parsed.text = clean_text(&text(Some(content)).unwrap_or_default());
            return Ok(parsed);
        }
        let names = ["content_type", "parts", "text", "thoughts"];
        let [kind, parts, plain, thoughts] = fields(content, names);
        parsed.kind = text(kind).unwrap_or_default();
        let mut texts = Vec::new();
        match parts {
            Some(parts) if json::starts_with(parts, '[') => {
                for part in list(Some(parts), ("parts in one message", PARTS))? {
                    texts.extend(parsed.read_part(part));
                }
            }
            Some(part) => texts.extend(parsed.read_part(part)),
            None => {}
        }
        texts.extend(text(plain));
        let mut separator = "\n";
        if thoughts.is_some() {
            separator = "\n\n";
            for thought in list(thoughts, ("thoughts in one message", PARTS))? {
                texts.extend(reasoning_text(thought));
            }
        }
        parsed.text = clean_text(&texts.join(separator));
        Ok(parsed)
    }

    /// The text of a part; parts without text are counted.
    fn read_part(&mut self, part: Raw<'_>) -> Option<String> {
        if part.get() == "null" {
            return None;
        }
        if !json::starts_with(part, '{') {
            let text = text(Some(part));
            if text.is_none() {
                self.errors
                    .push("a part of a message is not text".to_owned());
            }
            return text;
        }
        let names = ["content_type", "type", "text", "content", "asset_pointer"];
        let [kind, other_kind, plain, content, pointer] = fields(part, names);
        let kind = text(kind).or_else(|| text(other_kind)).unwrap_or_default();
        if let Some(text) = text(plain).or_else(|| text(content)) {
            return Some(text);
        }
        if kind.contains("audio") || kind.contains("video") {
            self.media += 1;
        } else if let Some(pointer) = text(pointer) {
            self.images.push(asset_id(&pointer));
        } else {
            let kind: String = kind.chars().take(50).collect();
            self.errors.push(format!(
                "a part of a message has the type {kind:?}, which is not supported"
            ));
        }
        None
    }

    /// The visible part of an answer, if there is any.
    fn to_part(&self, has_files: bool) -> Option<AnswerPart> {
        let text = self.text.clone();
        let is_empty = text.trim().is_empty();
        match self.kind.as_str() {
            kind if HIDDEN_TYPES.contains(&kind) => None,
            "thoughts" => (!is_empty).then_some(AnswerPart::reasoning(text)),
            _ => (!is_empty || has_files).then_some(AnswerPart::Text { text }),
        }
    }
}

/// The reasoning, or else its summary.
fn reasoning_text(thought: Raw<'_>) -> Option<String> {
    let [content, summary] = fields(thought, ["content", "summary"]);
    let content = text(content).filter(|text| !text.trim().is_empty());
    content
        .or_else(|| text(summary))
        .or_else(|| text(Some(thought)))
}

/// The id in an asset pointer such as `file-service://file-ID`.
fn asset_id(pointer: &str) -> String {
    let id = pointer.rsplit("://").next().unwrap_or_default();
    let end = id.find(['#', '?']).unwrap_or(id.len());
    id[..end].to_owned()
}

/// Removes control characters, and citations without a target.
fn clean_text(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut in_citation = false;
    for c in text.chars() {
        match c {
            c if c == CITATION.0 => in_citation = true,
            c if c == CITATION.1 && in_citation => in_citation = false,
            _ if in_citation => {}
            '\n' | '\r' | '\t' => clean.push(c),
            c if c.is_control() => {}
            c => clean.push(c),
        }
    }
    clean
}
