//! Responses as servers stream them, in the format of their documentation, and with the faults of networks, gateways and
//! careless servers: no text is lost, and each answer ends exactly once.

use std::cell::Cell;

use domain::response::FinishReason;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::answer::ModelEvents;
use super::decoder::ResponseDecoder;
use super::sse::SseParser;
use super::{ModelError, ModelEvent, anthropic, gemini, openai};

/// Mutated streams of each API type.
const CASES: u32 = 1_500;

type NewDecoder = fn(Option<u32>) -> ResponseDecoder;

/// Name, content, whether it contains reasoning, and input and output tokens.
type Recording = (&'static str, &'static str, bool, (u64, u64));

macro_rules! recordings {
    ($($name:literal, $reasons:literal, $counts:expr;)*) => {
        &[$(($name, include_str!(concat!("recordings/", $name, ".txt")), $reasons, $counts)),*]
    };
}

const OPENAI: &[Recording] = recordings! {
    "openai", false, (14, 8);
    "azure", false, (14, 8);
    "ollama", true, (15, 12);
    "llama_cpp", true, (15, 9);
    "vllm", true, (16, 10);
    "lm_studio", false, (24, 7);
    "litellm", true, (14, 20);
    "openrouter", true, (14, 18);
    "groq", false, (43, 8);
    "mistral", true, (12, 18);
    "deepseek", true, (17, 22);
    "together", false, (42, 8);
    "fireworks", true, (10, 20);
    "xai", true, (31, 8);
    "perplexity", false, (9, 8);
    "cerebras", false, (41, 8);
};
const ANTHROPIC: &[Recording] = recordings! {
    "anthropic", true, (25, 15);
    "bedrock_anthropic", true, (25, 15);
    "vertex_anthropic", true, (25, 15);
    "minimax_anthropic", true, (25, 15);
};
const GEMINI: &[Recording] = recordings! {
    "gemini", true, (7, 27);
    "vertex", false, (7, 7);
    "gemini_gateway", false, (7, 7);
};
const NOT_STREAMED: &[(NewDecoder, Recording)] = &[
    (
        openai::decoder,
        (
            "openai_whole",
            include_str!("recordings/openai_whole.txt"),
            false,
            (14, 8),
        ),
    ),
    (
        anthropic::decoder,
        (
            "anthropic_whole",
            include_str!("recordings/anthropic_whole.txt"),
            true,
            (25, 15),
        ),
    ),
    (
        gemini::decoder,
        (
            "gemini_whole",
            include_str!("recordings/gemini_whole.txt"),
            false,
            (7, 7),
        ),
    ),
];
const ANSWER: &str = "The capital of France is Paris.";
const REASONING: &str = "The user asks.";

/// What was decoded of an answer.
#[derive(Debug, Default)]
struct Decoded {
    text: String,
    reasoning: String,
    end: Option<Result<ModelEvent, ModelError>>,
}

impl Decoded {
    fn add(&mut self, events: ModelEvents) {
        for event in events {
            assert!(self.end.is_none(), "an event follows the end: {event:?}");
            match event {
                Ok(ModelEvent::Text(text)) => self.text.push_str(&text),
                Ok(ModelEvent::Reasoning(text)) => self.reasoning.push_str(&text),
                Ok(ModelEvent::TextWasReasoning) => {
                    self.reasoning.push_str(&std::mem::take(&mut self.text));
                }
                Ok(ModelEvent::Usage(_)) => {}
                end => self.end = Some(end),
            }
        }
    }
}

/// Decodes bytes that arrive in chunks of these lengths, repeated, like the port does.
fn decode(new_decoder: NewDecoder, bytes: &[u8], lengths: &[usize]) -> Decoded {
    let mut decoded = Decoded::default();
    let (mut decoder, mut parser) = (new_decoder(None), SseParser::default());
    let mut rest = bytes;
    let mut lengths = lengths.iter().cycle();
    while !rest.is_empty() && decoded.end.is_none() {
        let length = lengths.next().copied().unwrap_or(1).clamp(1, rest.len());
        let (chunk, after) = rest.split_at(length);
        rest = after;
        for event in parser.push(chunk).unwrap() {
            if decoded.end.is_none() {
                decoded.add(decoder.decode_event(&event.name, &event.data));
            }
        }
    }
    if decoded.end.is_none() {
        match parser.whole_body() {
            Some(body) => decoded.add(decoder.decode_body(&body, None)),
            None => {
                for event in parser.finish() {
                    decoded.add(decoder.decode_event(&event.name, &event.data));
                }
                if decoded.end.is_none() {
                    decoded.add(decoder.finish());
                }
            }
        }
    }
    assert!(decoded.end.is_some(), "the answer has no end");
    decoded
}

fn is_complete(decoded: &Decoded, (_, _, reasons, (input, output)): &Recording) -> bool {
    let has_finished = match &decoded.end {
        Some(Ok(ModelEvent::Finished { reason, usage })) => {
            *reason == FinishReason::Stop
                && (usage.input_tokens, usage.output_tokens) == (*input, *output)
        }
        _ => false,
    };
    has_finished
        && decoded.text == ANSWER
        && decoded.reasoning == if *reasons { REASONING } else { "" }
}

fn api_types() -> [(&'static str, NewDecoder, &'static [Recording]); 3] {
    [
        ("OpenAI-compatible", openai::decoder, OPENAI),
        ("Anthropic", anthropic::decoder, ANTHROPIC),
        ("Gemini", gemini::decoder, GEMINI),
    ]
}

#[test]
fn every_recording_is_decoded_in_chunks_of_every_length() {
    for (_, new_decoder, recordings) in api_types() {
        for recording in recordings {
            for length in [1, 2, 3, 7, 64, 1 << 20] {
                let decoded = decode(new_decoder, recording.1.as_bytes(), &[length]);
                assert!(
                    is_complete(&decoded, recording),
                    "{} in {length}: {decoded:?}",
                    recording.0
                );
            }
        }
    }
    for (new_decoder, recording) in NOT_STREAMED {
        for length in [1, 5, 1 << 20] {
            let decoded = decode(*new_decoder, recording.1.as_bytes(), &[length]);
            assert!(
                is_complete(&decoded, recording),
                "{} in {length}: {decoded:?}",
                recording.0
            );
        }
    }
}

/// Changes to a stream; the numbers choose where.
#[derive(Debug, Clone)]
struct Mutation {
    /// Fields of events that are dropped, duplicated or changed: which event, which field, what happens.
    fields: Vec<(usize, usize, usize)>,
    /// Lines that are inserted between events: where, and which.
    lines: Vec<(usize, usize)>,
    line_ending: usize,
    has_mark: bool,
    lengths: Vec<usize>,
}

fn mutations() -> impl Strategy<Value = Mutation> {
    let fields = prop::collection::vec((0..64_usize, 0..256_usize, 0..OTHER_VALUES + 2), 0..6);
    let lines = prop::collection::vec((0..64_usize, 0..UNKNOWN_LINES.len()), 0..5);
    let lengths = prop::collection::vec(1..200_usize, 1..8);
    (fields, lines, 0..3_usize, any::<bool>(), lengths).prop_map(
        |(fields, lines, line_ending, has_mark, lengths)| Mutation {
            fields,
            lines,
            line_ending,
            has_mark,
            lengths,
        },
    )
}

/// Unknown lines between events.
const UNKNOWN_LINES: [&str; 14] = [
    ": a comment",
    ":",
    "id: 7",
    "retry: 3000",
    "event: unheard_of\ndata: {\"type\":\"unheard_of\",\"sequence\":4}",
    "event: ping",
    "data: {\"id\":\"x\",\"choices\":[]}",
    "data: null",
    "data: []",
    "data: 7",
    "data: not JSON",
    "data: {\"broken",
    "data:",
    "unknown: line",
];
const OTHER_VALUES: usize = 10;

/// Another value for a field.
fn other_value(which: usize) -> Value {
    let others: [Value; OTHER_VALUES] = [
        json!(null),
        json!(true),
        json!(0),
        json!(-7),
        json!(2.5),
        json!(1e30),
        json!("other"),
        json!([]),
        json!([{"a": [null]}]),
        json!({"a": {"b": 1}}),
    ];
    others[which % OTHER_VALUES].clone()
}

/// Fields that contain text.
const TEXT_FIELDS: [&str; 10] = [
    "text",
    "content",
    "thinking",
    "reasoning",
    "reasoning_content",
    "reasoning_details",
    "parts",
    "delta",
    "thought",
    "content_block",
];

/// Whether a field or its content determines the text: these are not changed.
fn affects_text(name: &str, value: &Value) -> bool {
    TEXT_FIELDS.contains(&name)
        || match value {
            Value::Object(fields) => fields.iter().any(|(name, value)| affects_text(name, value)),
            Value::Array(values) => values.iter().any(|value| affects_text("", value)),
            Value::String(text) => name == "type" && text.contains("think"),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
}

/// The JSON pointers of all fields that do not affect the text.
fn find_fields(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut each = |name: &str, value: &Value| {
        let path = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        if !affects_text(name, value) {
            found.push(path.clone());
        }
        find_fields(value, &path, found);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| each(name, value)),
        Value::Array(values) => {
            for (nth, value) in values.iter().enumerate() {
                each(&nth.to_string(), value);
            }
        }
        _ => {}
    }
}

/// Changes one field that does not affect the text.
fn change_field(data: &str, field: usize, what: usize) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(data) else {
        return data.to_owned();
    };
    let mut found = vec![];
    find_fields(&value, "", &mut found);
    if found.is_empty() {
        return data.to_owned();
    }
    let path = &found[field % found.len()];
    let (parent, name) = path.rsplit_once('/').unwrap();
    if what >= OTHER_VALUES
        && let Some(Value::Object(fields)) = value.pointer_mut(parent)
    {
        let removed = fields.remove(name);
        let text = value.to_string();
        return match (what - OTHER_VALUES, parent) {
            // Twice, first with another value.
            (1, "") => format!(
                "{{\"{name}\":5,\"{name}\":{},{}",
                removed.unwrap_or_default(),
                &text[1..]
            ),
            _ => text,
        };
    }
    if let Some(place) = value.pointer_mut(path) {
        *place = other_value(what);
    }
    value.to_string()
}

/// Applies a mutation to a stream.
fn mutate(recording: &str, mutation: &Mutation) -> Vec<u8> {
    let mut events: Vec<String> = recording
        .trim_end()
        .split("\n\n")
        .map(str::to_owned)
        .collect();
    for (event, field, what) in &mutation.fields {
        let nth = event % events.len();
        let lines = events[nth]
            .lines()
            .map(|line| match line.strip_prefix("data: ") {
                Some(data) => format!("data: {}", change_field(data, *field, *what)),
                None => line.to_owned(),
            });
        events[nth] = lines.collect::<Vec<_>>().join("\n");
    }
    for (place, which) in &mutation.lines {
        events.insert(place % (events.len() + 1), UNKNOWN_LINES[*which].to_owned());
    }
    let end = ["\n", "\r\n", "\r"][mutation.line_ending];
    let text = format!("{}\n\n", events.join("\n\n")).replace('\n', end);
    let mark = if mutation.has_mark { "\u{feff}" } else { "" };
    format!("{mark}{text}").into_bytes()
}

/// The bytes of text in the complete events, decoded at once.
fn count_complete_text(new_decoder: NewDecoder, bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let complete = text.rfind("\n\n").map_or("", |end| &text[..end + 2]);
    let decoded = decode(
        new_decoder,
        format!(
            "{complete}
"
        )
        .as_bytes(),
        &[1 << 20],
    );
    decoded.text.len() + decoded.reasoning.len()
}

#[test]
fn no_text_is_lost_whatever_else_is_sent() {
    for (name, new_decoder, recordings) in api_types() {
        let (count, truncated) = (Cell::new(0), Cell::new(0));
        let mut runner = TestRunner::new(Config {
            cases: CASES,
            failure_persistence: None,
            ..Config::default()
        });
        let which = (0..recordings.len(), mutations(), 0..10_000_usize);
        let result = runner.run(&which, |(nth, mutation, place)| {
            let (server, recording, reasons, _) = &recordings[nth];
            let bytes = mutate(recording, &mutation);
            let decoded = decode(new_decoder, &bytes, &mutation.lengths);
            prop_assert_eq!(&decoded.text, ANSWER, "{}", server);
            prop_assert_eq!(
                &decoded.reasoning,
                if *reasons { REASONING } else { "" },
                "{}",
                server
            );
            count.set(count.get() + 1);
            // Truncated anywhere: all complete events are decoded, and nothing else.
            let bytes = &bytes[..place % (bytes.len() + 1)];
            let decoded = decode(new_decoder, bytes, &mutation.lengths);
            // Half a tag is text: one server sends reasoning between tags.
            if *server != "fireworks" {
                prop_assert!(
                    ANSWER.starts_with(&decoded.text),
                    "{}: {:?}",
                    server,
                    decoded
                );
                prop_assert!(
                    REASONING.starts_with(&decoded.reasoning),
                    "{}: {:?}",
                    server,
                    decoded
                );
                let minimum = count_complete_text(new_decoder, bytes);
                prop_assert!(
                    decoded.text.len() + decoded.reasoning.len() >= minimum,
                    "{}: {:?}",
                    server,
                    decoded
                );
            }
            truncated.set(truncated.get() + 1);
            Ok(())
        });
        if let Err(error) = result {
            panic!("{name}: {error}");
        }
        let servers = recordings.len();
        println!(
            "{name}: {} mutated streams of {servers} servers, {} of them truncated as well",
            count.get(),
            truncated.get()
        );
        assert_eq!(count.get(), CASES);
    }
}

/// Only the framing changes, so the answer stays complete.
#[test]
fn framing_does_not_change_an_answer() {
    for (_, new_decoder, recordings) in api_types() {
        for recording in recordings {
            for line_ending in 0..3 {
                for has_mark in [true, false] {
                    let mutation = Mutation {
                        fields: vec![],
                        lines: (0..UNKNOWN_LINES.len())
                            .map(|which| (which * 5, which))
                            .collect(),
                        line_ending,
                        has_mark,
                        lengths: vec![3, 1, 50],
                    };
                    let decoded = decode(
                        new_decoder,
                        &mutate(recording.1, &mutation),
                        &mutation.lengths,
                    );
                    assert!(
                        is_complete(&decoded, recording),
                        "{}: {decoded:?}",
                        recording.0
                    );
                }
            }
        }
    }
}
