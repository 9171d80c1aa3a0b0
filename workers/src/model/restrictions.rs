//! What providers are known to reject, and how to retry a request that was rejected.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::images::IMAGES;

/// What providers have rejected, by base URL and model, for the lifetime of the process.
#[derive(Debug, Clone, Default)]
pub struct RestrictionCache(Arc<Mutex<HashMap<Key, Entry>>>);

/// What is known about one model.
#[derive(Debug, Default)]
struct Entry {
    restrictions: Restrictions,
    /// Restrictions that were guessed once and helped, possibly by chance.
    guess: Option<Restrictions>,
}

/// What requests to one model omit or reduce.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Restrictions {
    /// Fields that are omitted.
    pub fields: BTreeSet<&'static str>,
    /// The highest token limit that it accepts.
    pub limit: Option<u32>,
    /// The number of texts that it embeds at once.
    pub batch: Option<usize>,
}

impl Restrictions {
    /// What is remembered: one rejected image does not show that a model never sees.
    pub(super) fn without_images(&self) -> Self {
        let mut remembered = self.clone();
        remembered.fields.remove(IMAGES);
        remembered
    }
}

/// Base URL and model.
type Key = (String, String);

impl RestrictionCache {
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn find(&self, base_url: &str, model: &str) -> Restrictions {
        let key = (base_url.to_owned(), model.to_owned());
        let entries = self.lock();
        entries
            .get(&key)
            .map(|entry| entry.restrictions.clone())
            .unwrap_or_default()
    }

    pub(super) fn remember(&self, base_url: &str, model: &str, restrictions: Restrictions) {
        let key = (base_url.to_owned(), model.to_owned());
        let guess = None;
        self.lock().insert(
            key,
            Entry {
                restrictions,
                guess,
            },
        );
    }

    /// Remembers a guess once it has helped twice.
    pub(super) fn suspect(&self, base_url: &str, model: &str, restrictions: Restrictions) {
        let key = (base_url.to_owned(), model.to_owned());
        let mut entries = self.lock();
        let entry = entries.entry(key).or_default();
        match entry.guess.replace(restrictions.clone()) {
            Some(before) if before == restrictions => entry.restrictions = restrictions,
            _ => {}
        }
    }
}

/// Fields that nobody has set: they are omitted first.
const UNSET: [&str; 2] = ["stream_options", "encoding_format"];
/// Fields that a request does not need.
const OPTIONAL: [&str; 5] = [
    "temperature",
    "max_tokens",
    "max_completion_tokens",
    "maxOutputTokens",
    "top_p",
];
/// Fields that are only omitted if the error names them, because the response changes.
const ONLY_IF_NAMED: [&str; 2] = ["stream", "system"];
/// The two names of one field.
const LIMIT_NAMES: [&str; 2] = ["max_tokens", "max_completion_tokens"];
/// No lower token limit is tried.
const LOWEST_LIMIT: u32 = 256;
const FALLBACK_LIMIT: u32 = 4_096;

/// The restrictions to retry with after a body was rejected; `None` if nothing is left to try. Fields that the error
/// names are omitted first, then fields that nobody has set, then all optional ones.
pub(super) fn next_restrictions(
    body: &Value,
    message: &str,
    before: &Restrictions,
) -> Option<Restrictions> {
    let mut omitted = find_named_fields(body, message);
    for fields in [&UNSET[..], &OPTIONAL] {
        if omitted.is_empty() {
            omitted = fields_in(body, fields).collect();
        }
    }
    extend(before, omitted)
}

/// The same after a server error, for named fields only. Such errors also report streams that broke, so `stream` is
/// ignored.
pub(super) fn next_named_restrictions(
    body: &Value,
    message: &str,
    before: &Restrictions,
) -> Option<Restrictions> {
    let mut omitted = find_named_fields(body, message);
    omitted.retain(|name| *name != "stream");
    extend(before, omitted)
}

/// The fields of a body that an error names.
fn find_named_fields(body: &Value, message: &str) -> Vec<&'static str> {
    let all = [&UNSET[..], &OPTIONAL, &ONLY_IF_NAMED];
    let fields = all.into_iter().flat_map(|fields| fields_in(body, fields));
    fields.filter(|name| is_named(name, message)).collect()
}

/// The fields that a body contains.
fn fields_in<'a>(
    body: &'a Value,
    fields: &'a [&'static str],
) -> impl Iterator<Item = &'static str> + 'a {
    let fields = fields.iter().copied();
    fields.filter(|name| {
        body.get(*name).is_some()
            || body["generationConfig"].get(*name).is_some()
            || *name == "system" && has_system_prompt(body)
    })
}

/// Adds fields; `None` if all are included already.
fn extend(before: &Restrictions, fields: Vec<&'static str>) -> Option<Restrictions> {
    let mut found = before.clone();
    found.fields.extend(fields);
    (found.fields != before.fields).then_some(found)
}

/// A lower token limit to retry with, if the error is about the limit.
pub(super) fn lower_limit(rejected: u32, message: &str) -> Option<u32> {
    if !contains_name(message, "max_tokens") {
        return None;
    }
    let numbers = message
        .split(|character: char| !character.is_ascii_digit())
        .filter_map(|digits| digits.parse::<u32>().ok());
    let named = numbers
        .filter(|limit| (LOWEST_LIMIT..rejected).contains(limit))
        .max();
    named.or((rejected > FALLBACK_LIMIT).then_some(FALLBACK_LIMIT))
}

/// Whether an error is about the length of this prompt and its answer: another prompt may be shorter.
pub(super) fn is_about_context_length(message: &str) -> bool {
    let message = message.to_lowercase();
    let words = [
        "context",
        "input token",
        "prompt token",
        "prompt is too long",
        "input length",
    ];
    words.iter().any(|words| message.contains(words))
}

/// Whether a restriction is a guess: the error names none of the new fields.
pub(super) fn is_guess(before: &Restrictions, after: &Restrictions, message: &str) -> bool {
    let mut new = after.fields.difference(&before.fields);
    new.any(|name| !is_named(name, message))
}

/// Whether an error names a field.
fn is_named(field: &str, message: &str) -> bool {
    match field {
        "system" => is_about_system_prompt(message),
        field => contains_name(message, field),
    }
}

fn has_system_prompt(body: &Value) -> bool {
    body["messages"][0]["role"] == "system" || body.get("systemInstruction").is_some()
}

/// Whether an error is about system prompts, and not about a busy system.
fn is_about_system_prompt(message: &str) -> bool {
    let message = message.to_lowercase();
    let hints = [
        "role",
        "prompt",
        "message",
        "instruction",
        "field",
        "parameter",
        "property",
        "input",
        "'system'",
        "\"system\"",
    ];
    contains_name(&message, "system") && hints.iter().any(|word| message.contains(word))
        || message.contains("developer instruction")
        || message.contains("system_instruction")
        || message.contains("systeminstruction")
        || message.contains("user and assistant") && message.contains("role")
        // Those of a prompt do alternate, except for the system prompt.
        || message.contains("must alternate")
}

/// Whether a text contains a field name as a whole word.
fn contains_name(text: &str, field: &str) -> bool {
    let (text, field) = (text.to_lowercase(), field.to_lowercase());
    let is_name_part = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(&field).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + field.len()..].chars().next();
        !before.is_some_and(is_name_part) && !after.is_some_and(is_name_part)
    })
}

/// Removes from a body what the model rejects.
pub(super) fn apply(mut body: Value, restrictions: &Restrictions) -> Value {
    for field in &restrictions.fields {
        if *field == "system" {
            merge_system_prompt(&mut body);
        }
        let removed = body.as_object_mut().and_then(|body| body.remove(*field));
        if let Some(config) = body["generationConfig"].as_object_mut() {
            config.remove(*field);
        }
        // The limit has two names: a model that rejects one may accept the other.
        let other = LIMIT_NAMES
            .iter()
            .find(|name| *name != field && LIMIT_NAMES.contains(field));
        if let (Some(removed), Some(other)) = (removed, other)
            && !restrictions.fields.contains(other)
        {
            body[*other] = removed;
        }
    }
    if restrictions.fields.contains("stream")
        && let Some(body) = body.as_object_mut()
    {
        body.remove("stream_options");
    }
    if body["generationConfig"].is_null()
        && let Some(body) = body.as_object_mut()
    {
        body.remove("generationConfig");
    }
    body
}

/// Puts the system prompt in front of the first question, for models that accept none.
fn merge_system_prompt(body: &mut Value) {
    let Some(prompt) = take_system_prompt(body) else {
        return;
    };
    let question = match body.get_mut("contents") {
        Some(contents) => &mut contents[0]["parts"][0]["text"],
        None => match &mut body["messages"][0]["content"] {
            // With images, the text is the first part.
            Value::Array(parts) => &mut parts[0]["text"],
            text => text,
        },
    };
    let text = question.as_str().unwrap_or_default();
    *question = Value::from(format!("{prompt}\n\n{text}"));
}

/// Removes the system prompt from a body of any API type.
fn take_system_prompt(body: &mut Value) -> Option<String> {
    let fields = body.as_object_mut()?;
    let separate = match fields.remove("systemInstruction") {
        Some(prompt) => Some(prompt["parts"][0]["text"].clone()),
        None => fields.remove("system"),
    };
    if let Some(prompt) = separate {
        return prompt.as_str().map(str::to_owned);
    }
    let messages = fields.get_mut("messages")?.as_array_mut()?;
    if messages.len() < 2 || messages[0]["role"] != "system" {
        return None;
    }
    messages.remove(0)["content"].as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body() -> Value {
        json!({
            "model": "m", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
            "stream": true, "stream_options": {"include_usage": true}, "temperature": 0.5, "max_tokens": 100,
        })
    }

    /// The fields that are omitted after each error, until nothing is left to try.
    fn omitted_after(errors: &[&str]) -> Vec<Vec<&'static str>> {
        let mut restrictions = Restrictions::default();
        let mut omitted = vec![];
        for message in errors {
            let Some(next) =
                next_restrictions(&apply(body(), &restrictions), message, &restrictions)
            else {
                break;
            };
            omitted.push(next.fields.iter().copied().collect());
            restrictions = next;
        }
        omitted
    }

    #[test]
    fn only_the_named_field_is_omitted() {
        let message = r#"{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}"#;
        assert_eq!(omitted_after(&[message]), [["stream_options"]]);
        assert_eq!(
            omitted_after(&["temperature is not supported"]),
            [["temperature"]]
        );
        assert_eq!(
            omitted_after(&["streaming is not offered; set stream to false"]),
            [["stream"]]
        );
        assert_eq!(
            omitted_after(&["the role system is not supported"]),
            [["system"]]
        );
    }

    #[test]
    fn without_a_name_unset_fields_are_omitted_first() {
        let vague = "bad request";
        let all = vec!["max_tokens", "stream_options", "temperature"];
        assert_eq!(
            omitted_after(&[vague, vague, vague, vague]),
            [
                vec!["stream_options"],
                all.clone(),
                [vec!["max_completion_tokens"], all].concat()
            ]
        );
    }

    #[test]
    fn the_limit_is_renamed_and_the_system_prompt_merged() {
        let restrictions = |fields: &[&'static str]| Restrictions {
            fields: fields.iter().copied().collect(),
            ..Restrictions::default()
        };
        let body = |fields: &[&'static str]| apply(body(), &restrictions(fields));
        assert_eq!(body(&["max_tokens"])["max_completion_tokens"], 100);
        assert!(body(&["max_tokens"]).get("max_tokens").is_none());
        let neither = body(&["max_tokens", "max_completion_tokens"]);
        assert!(
            neither.get("max_tokens").is_none() && neither.get("max_completion_tokens").is_none()
        );
        let merged = body(&["system"]);
        assert_eq!(
            merged["messages"],
            json!([{"role": "user", "content": "Be brief.\n\nHi"}])
        );
        assert!(body(&["stream"]).get("stream_options").is_none());
    }

    #[test]
    fn a_rejected_token_limit_is_lowered_to_the_named_one() {
        let message = "max_tokens: 64000 > 8192, which is the maximum allowed number of output tokens for m-20240229";
        assert_eq!(lower_limit(64_000, message), Some(8_192));
        assert_eq!(
            lower_limit(64_000, "max_tokens is too large"),
            Some(FALLBACK_LIMIT)
        );
        assert_eq!(lower_limit(FALLBACK_LIMIT, "max_tokens is too large"), None);
        assert_eq!(lower_limit(64_000, "overloaded"), None);
    }

    /// Each API type has its own place for the system prompt, and each server its own error text.
    #[test]
    fn a_rejected_system_prompt_comes_before_the_question() {
        let openai = json!({"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]});
        let anthropic = json!({"system": "Be brief.", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 9});
        let gemini = json!({
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "contents": [{"role": "user", "parts": [{"text": "Hi"}]}], "generationConfig": {"temperature": 1},
        });
        for message in [
            "System role not supported",
            "Only user and assistant roles are supported!",
            "Conversation roles must alternate user/assistant/user/assistant/...",
            "Developer instruction is not enabled for models/gemma-3-27b-it",
            "messages[0].role' does not support 'system' with this model",
            "system: Extra inputs are not permitted; remove the field",
        ] {
            for (body, place) in [
                (&openai, "/messages/0/content"),
                (&anthropic, "/messages/0/content"),
                (&gemini, "/contents/0/parts/0/text"),
            ] {
                let restrictions =
                    next_restrictions(body, message, &Restrictions::default()).unwrap();
                assert_eq!(restrictions.fields, BTreeSet::from(["system"]), "{message}");
                assert!(!is_guess(&Restrictions::default(), &restrictions, message));
                let merged = apply(body.clone(), &restrictions);
                assert_eq!(
                    merged.pointer(place).unwrap(),
                    "Be brief.\n\nHi",
                    "{message}"
                );
                assert!(
                    merged.get("system").is_none() && merged.get("systemInstruction").is_none()
                );
                assert!(!merged.to_string().contains("null"), "{merged}");
            }
        }
        let busy = next_restrictions(
            &openai,
            "the system is busy, try again",
            &Restrictions::default(),
        );
        assert_eq!(busy, None);
    }

    /// A server error may name a field that is not accepted, or report a fault of the server.
    #[test]
    fn after_a_server_error_only_named_fields_are_omitted() {
        let before = Restrictions::default();
        let omitted = |message: &str| {
            let next = next_named_restrictions(&body(), message, &before)?;
            Some(next.fields.into_iter().collect::<Vec<_>>())
        };
        let message = "System role not supported at row 1, column 57: {% if messages[0]['role'] ==";
        assert_eq!(omitted(message), Some(vec!["system"]));
        let message = "roles must alternate user/assistant";
        assert_eq!(omitted(message), Some(vec!["system"]));
        let message = "unexpected keyword argument 'temperature'";
        assert_eq!(omitted(message), Some(vec!["temperature"]));
        for message in [
            "internal error",
            "stream error: stream ID 1; INTERNAL_ERROR",
            "the system is busy",
            "",
        ] {
            assert_eq!(omitted(message), None, "{message}");
        }
    }

    #[test]
    fn a_prompt_that_is_too_long_does_not_affect_the_next_one() {
        for message in [
            "'max_tokens' is too large: 100. This model's maximum context length is 2048 tokens and your request has 2000 input tokens",
            "input length and `max_tokens` exceed context limit: 150240 + 64000 > 200000",
        ] {
            assert!(is_about_context_length(message), "{message}");
        }
        assert!(!is_about_context_length("max_tokens: 64000 > 8192"));
    }

    /// One temporary failure is no reason to omit a field permanently.
    #[test]
    fn a_guess_is_remembered_after_it_has_helped_twice() {
        let cache = RestrictionCache::default();
        let restrictions =
            next_restrictions(&body(), "bad request", &Restrictions::default()).unwrap();
        assert!(is_guess(
            &Restrictions::default(),
            &restrictions,
            "bad request"
        ));
        cache.suspect("http://a", "m", restrictions.clone());
        assert_eq!(cache.find("http://a", "m"), Restrictions::default());
        cache.suspect("http://a", "m", restrictions.clone());
        assert_eq!(cache.find("http://a", "m"), restrictions);
    }
}
