//! On which terms a model is asked: how long it may take, and what its provider does not take.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

/// How long providers may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Until an answer begins.
    pub begin: Duration,
    /// Until one begins at a private address, where a model may have to be loaded first.
    pub begin_private: Duration,
    /// Between two signs of life of an answer that has begun.
    pub idle: Duration,
    /// Of a whole answer.
    pub total: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            begin: Duration::from_mins(2),
            begin_private: Duration::from_mins(10),
            idle: Duration::from_mins(2),
            total: Duration::from_hours(1),
        }
    }
}

/// The terms of one model.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    pub times: Times,
    /// Whether it is at a private address.
    pub private: bool,
    /// Tokens that it says at most, where its provider lists that.
    pub max_output: Option<u32>,
    pub known: Known,
}

impl Terms {
    /// How long it may take until its answer begins.
    pub(super) fn begin(&self) -> Duration {
        match self.private {
            true => self.times.begin_private,
            false => self.times.begin,
        }
    }
}

/// What providers have refused, by their addresses and models, for as long as the process runs.
#[derive(Debug, Clone, Default)]
pub struct Known(Arc<Mutex<HashMap<(String, String), Learned>>>);

/// What is known of one model.
#[derive(Debug, Default)]
struct Learned {
    refused: Refused,
    /// What was left out once on a guess, and helped: it may have been chance.
    guess: Option<Refused>,
}

/// What one model is not asked with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Refused {
    /// Fields that are left out.
    pub fields: BTreeSet<&'static str>,
    /// The limit of tokens that it takes.
    pub limit: Option<u32>,
    /// Texts that it embeds at once.
    pub batch: Option<usize>,
}

impl Known {
    fn lock(&self) -> MutexGuard<'_, HashMap<(String, String), Learned>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn of(&self, base_url: &str, model: &str) -> Refused {
        let key = (base_url.to_owned(), model.to_owned());
        let known = self.lock();
        known
            .get(&key)
            .map(|known| known.refused.clone())
            .unwrap_or_default()
    }

    pub(super) fn remember(&self, base_url: &str, model: &str, refused: Refused) {
        let key = (base_url.to_owned(), model.to_owned());
        let guess = None;
        self.lock().insert(key, Learned { refused, guess });
    }

    /// Remembers a guess that has helped once it has helped before.
    pub(super) fn suspect(&self, base_url: &str, model: &str, refused: Refused) {
        let key = (base_url.to_owned(), model.to_owned());
        let mut known = self.lock();
        let known = known.entry(key).or_default();
        match known.guess.replace(refused.clone()) {
            Some(before) if before == refused => known.refused = refused,
            _ => {}
        }
    }
}

/// Fields that nobody has chosen: they are the first to be left out.
const UNASKED: [&str; 2] = ["stream_options", "encoding_format"];
/// Fields that an answer can do without.
const OPTIONAL: [&str; 5] = [
    "temperature",
    "max_tokens",
    "max_completion_tokens",
    "maxOutputTokens",
    "top_p",
];
/// What is left out only where the refusal names it: the answer comes in another way then.
const NAMED: [&str; 2] = ["stream", "system"];
/// The two names of one field.
const LIMITS: [&str; 2] = ["max_tokens", "max_completion_tokens"];
/// Below this no limit is tried.
const LEAST: u32 = 256;
const LOW: u32 = 4_096;

/// What to leave out of a body that was refused, beside what is left out already; none where there is nothing left to
/// try. A field that the refusal names goes first, else those that nobody has chosen, else all that may be missing.
pub(super) fn next(body: &Value, said: &str, before: &Refused) -> Option<Refused> {
    let mut leaving = named_in(body, said);
    for fields in [&UNASKED[..], &OPTIONAL] {
        if leaving.is_empty() {
            leaving = present(body, fields).collect();
        }
    }
    with(before, leaving)
}

/// The same after a fault of the server itself: only what it names. Such faults tell of streams that broke as well.
pub(super) fn named(body: &Value, said: &str, before: &Refused) -> Option<Refused> {
    let mut leaving = named_in(body, said);
    leaving.retain(|name| *name != "stream");
    with(before, leaving)
}

/// The fields of a body that a refusal names.
fn named_in(body: &Value, said: &str) -> Vec<&'static str> {
    let all = [&UNASKED[..], &OPTIONAL, &NAMED];
    let present = all.into_iter().flat_map(|fields| present(body, fields));
    present.filter(|name| is_named(name, said)).collect()
}

/// Those of the fields that a body has.
fn present<'a>(
    body: &'a Value,
    fields: &'a [&'static str],
) -> impl Iterator<Item = &'static str> + 'a {
    let fields = fields.iter().copied();
    fields.filter(|name| {
        body.get(*name).is_some()
            || body["generationConfig"].get(*name).is_some()
            || *name == "system" && has_system(body)
    })
}

/// What is left out with further fields; none where that is no more than before.
fn with(before: &Refused, fields: Vec<&'static str>) -> Option<Refused> {
    let mut found = before.clone();
    found.fields.extend(fields);
    (found.fields != before.fields).then_some(found)
}

/// The limit to ask with after one was refused, where the refusal is about that.
pub(super) fn lower_limit(refused: u32, said: &str) -> Option<u32> {
    if !names(said, "max_tokens") {
        return None;
    }
    let numbers = said
        .split(|sign: char| !sign.is_ascii_digit())
        .filter_map(|digits| digits.parse::<u32>().ok());
    let told = numbers
        .filter(|limit| (LEAST..refused).contains(limit))
        .max();
    told.or((refused > LOW).then_some(LOW))
}

/// Whether a refusal is about how long this question and its answer are together: another question may be shorter.
pub(super) fn is_about_the_length(said: &str) -> bool {
    let said = said.to_lowercase();
    let words = [
        "context",
        "input token",
        "prompt token",
        "prompt is too long",
        "input length",
    ];
    words.iter().any(|words| said.contains(words))
}

/// Whether what was left out is a guess: the refusal has named none of it.
pub(super) fn is_guess(before: &Refused, after: &Refused, said: &str) -> bool {
    let mut new = after.fields.difference(&before.fields);
    new.any(|name| !is_named(name, said))
}

/// Whether a refusal names a field.
fn is_named(field: &str, said: &str) -> bool {
    match field {
        "system" => is_about_the_system(said),
        field => names(said, field),
    }
}

fn has_system(body: &Value) -> bool {
    body["messages"][0]["role"] == "system" || body.get("systemInstruction").is_some()
}

/// Whether a refusal is about instructions that are told apart from the questions, and not about a system that is busy.
fn is_about_the_system(said: &str) -> bool {
    let said = said.to_lowercase();
    let apart = [
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
    names(&said, "system") && apart.iter().any(|word| said.contains(word))
        || said.contains("developer instruction")
        || said.contains("system_instruction")
        || said.contains("systeminstruction")
        || said.contains("user and assistant") && said.contains("role")
        // Those of a prompt do, but for the instructions in front.
        || said.contains("must alternate")
}

/// Whether a text names a field: as a word of its own.
fn names(text: &str, field: &str) -> bool {
    let (text, field) = (text.to_lowercase(), field.to_lowercase());
    let part = |sign: char| sign.is_alphanumeric() || sign == '_';
    text.match_indices(&field).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + field.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

/// A body without what its model is not asked with.
pub(super) fn without(mut body: Value, refused: &Refused) -> Value {
    for field in &refused.fields {
        if *field == "system" {
            fold_system(&mut body);
        }
        let taken = body.as_object_mut().and_then(|body| body.remove(*field));
        if let Some(config) = body["generationConfig"].as_object_mut() {
            config.remove(*field);
        }
        // The limit has two names: one that does not take the first may take the other.
        let other = LIMITS
            .iter()
            .find(|name| *name != field && LIMITS.contains(field));
        if let (Some(taken), Some(other)) = (taken, other)
            && !refused.fields.contains(other)
        {
            body[*other] = taken;
        }
    }
    if refused.fields.contains("stream")
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

/// Tells the instructions in front of the first question, where a model takes none apart.
fn fold_system(body: &mut Value) {
    let Some(told) = take_system(body) else {
        return;
    };
    let question = match body.get_mut("contents") {
        Some(contents) => &mut contents[0]["parts"][0]["text"],
        None => &mut body["messages"][0]["content"],
    };
    let asked = question.as_str().unwrap_or_default();
    *question = Value::from(format!("{told}\n\n{asked}"));
}

/// Takes the instructions out of a body, in any of the three languages.
fn take_system(body: &mut Value) -> Option<String> {
    let fields = body.as_object_mut()?;
    let apart = match fields.remove("systemInstruction") {
        Some(told) => Some(told["parts"][0]["text"].clone()),
        None => fields.remove("system"),
    };
    if let Some(told) = apart {
        return told.as_str().map(str::to_owned);
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

    /// What is left out after each refusal, until there is nothing to try.
    fn tried(refusals: &[&str]) -> Vec<Vec<&'static str>> {
        let mut refused = Refused::default();
        let mut tried = vec![];
        for said in refusals {
            let Some(next) = next(&without(body(), &refused), said, &refused) else {
                break;
            };
            tried.push(next.fields.iter().copied().collect());
            refused = next;
        }
        tried
    }

    #[test]
    fn a_field_that_is_named_is_left_out_alone() {
        let said = r#"{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}"#;
        assert_eq!(tried(&[said]), [["stream_options"]]);
        assert_eq!(tried(&["temperature is not supported"]), [["temperature"]]);
        assert_eq!(
            tried(&["streaming is not offered; set stream to false"]),
            [["stream"]]
        );
        assert_eq!(tried(&["the role system is not supported"]), [["system"]]);
    }

    #[test]
    fn without_a_name_what_nobody_has_chosen_goes_first() {
        let vague = "bad request";
        let all = vec!["max_tokens", "stream_options", "temperature"];
        assert_eq!(
            tried(&[vague, vague, vague, vague]),
            [
                vec!["stream_options"],
                all.clone(),
                [vec!["max_completion_tokens"], all].concat()
            ]
        );
    }

    #[test]
    fn the_limit_has_another_name_and_instructions_another_place() {
        let refused = |fields: &[&'static str]| Refused {
            fields: fields.iter().copied().collect(),
            ..Refused::default()
        };
        let body = |fields: &[&'static str]| without(body(), &refused(fields));
        assert_eq!(body(&["max_tokens"])["max_completion_tokens"], 100);
        assert!(body(&["max_tokens"]).get("max_tokens").is_none());
        let neither = body(&["max_tokens", "max_completion_tokens"]);
        assert!(
            neither.get("max_tokens").is_none() && neither.get("max_completion_tokens").is_none()
        );
        let folded = body(&["system"]);
        assert_eq!(
            folded["messages"],
            json!([{"role": "user", "content": "Be brief.\n\nHi"}])
        );
        assert!(body(&["stream"]).get("stream_options").is_none());
    }

    #[test]
    fn a_limit_that_is_too_high_is_lowered_to_what_is_named() {
        let said = "max_tokens: 64000 > 8192, which is the maximum allowed number of output tokens for m-20240229";
        assert_eq!(lower_limit(64_000, said), Some(8_192));
        assert_eq!(lower_limit(64_000, "max_tokens is too large"), Some(LOW));
        assert_eq!(lower_limit(LOW, "max_tokens is too large"), None);
        assert_eq!(lower_limit(64_000, "overloaded"), None);
    }

    /// Each language has its own place for instructions, and each server its own words.
    #[test]
    fn instructions_that_are_not_taken_apart_come_before_the_question() {
        let openai = json!({"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]});
        let anthropic = json!({"system": "Be brief.", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 9});
        let gemini = json!({
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "contents": [{"role": "user", "parts": [{"text": "Hi"}]}], "generationConfig": {"temperature": 1},
        });
        for said in [
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
                let refused = next(body, said, &Refused::default()).unwrap();
                assert_eq!(refused.fields, BTreeSet::from(["system"]), "{said}");
                assert!(!is_guess(&Refused::default(), &refused, said));
                let folded = without(body.clone(), &refused);
                assert_eq!(folded.pointer(place).unwrap(), "Be brief.\n\nHi", "{said}");
                assert!(
                    folded.get("system").is_none() && folded.get("systemInstruction").is_none()
                );
                assert!(!folded.to_string().contains("null"), "{folded}");
            }
        }
        let busy = next(
            &openai,
            "the system is busy, try again",
            &Refused::default(),
        );
        assert_eq!(busy, None);
    }

    /// A server that fails may name what it does not take, or tell of something that broke within.
    #[test]
    fn after_a_fault_only_what_it_names_is_left_out() {
        let before = Refused::default();
        let left_out = |said: &str| {
            let next = named(&body(), said, &before)?;
            Some(next.fields.into_iter().collect::<Vec<_>>())
        };
        let thrown = "System role not supported at row 1, column 57: {% if messages[0]['role'] ==";
        assert_eq!(left_out(thrown), Some(vec!["system"]));
        let thrown = "roles must alternate user/assistant";
        assert_eq!(left_out(thrown), Some(vec!["system"]));
        let thrown = "unexpected keyword argument 'temperature'";
        assert_eq!(left_out(thrown), Some(vec!["temperature"]));
        for said in [
            "internal error",
            "stream error: stream ID 1; INTERNAL_ERROR",
            "the system is busy",
            "",
        ] {
            assert_eq!(left_out(said), None, "{said}");
        }
    }

    #[test]
    fn a_question_that_is_too_long_says_nothing_of_the_next_one() {
        for said in [
            "'max_tokens' is too large: 100. This model's maximum context length is 2048 tokens and your request has 2000 input tokens",
            "input length and `max_tokens` exceed context limit: 150240 + 64000 > 200000",
        ] {
            assert!(is_about_the_length(said), "{said}");
        }
        assert!(!is_about_the_length("max_tokens: 64000 > 8192"));
    }

    /// One passing failure is no reason to leave something out for good.
    #[test]
    fn a_guess_is_remembered_once_it_has_helped_twice() {
        let known = Known::default();
        let refused = next(&body(), "bad request", &Refused::default()).unwrap();
        assert!(is_guess(&Refused::default(), &refused, "bad request"));
        known.suspect("http://a", "m", refused.clone());
        assert_eq!(known.of("http://a", "m"), Refused::default());
        known.suspect("http://a", "m", refused.clone());
        assert_eq!(known.of("http://a", "m"), refused);
    }
}
