//! Answers as servers really stream them, in the form of their documentation, and what a network, a gateway or a careless
//! server makes of them: no word that was heard is lost, and each ends exactly once.

use std::cell::Cell;

use domain::response::FinishReason;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::events::Events;
use super::heard::Said;
use super::hearing::Hearing;
use super::{ModelError, Piece, anthropic, gemini, openai};

/// Mutated streams of each form.
const CASES: u32 = 1_500;

type Form = fn(Option<u32>) -> Hearing;

/// What a recording is called, what it holds, whether it thinks, and tokens in and out.
type Recording = (&'static str, &'static str, bool, (u64, u64));

macro_rules! recorded {
    ($($name:literal, $thinks:literal, $counts:expr;)*) => {
        &[$(($name, include_str!(concat!("recorded/", $name, ".txt")), $thinks, $counts)),*]
    };
}

const OPENAI: &[Recording] = recorded! {
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
const ANTHROPIC: &[Recording] = recorded! {
    "anthropic", true, (25, 15);
    "bedrock_anthropic", true, (25, 15);
    "vertex_anthropic", true, (25, 15);
    "minimax_anthropic", true, (25, 15);
};
const GEMINI: &[Recording] = recorded! {
    "gemini", true, (7, 27);
    "vertex", false, (7, 7);
    "gemini_gateway", false, (7, 7);
};
const WHOLE: &[(Form, Recording)] = &[
    (
        openai::chunks,
        (
            "openai_whole",
            include_str!("recorded/openai_whole.txt"),
            false,
            (14, 8),
        ),
    ),
    (
        anthropic::events,
        (
            "anthropic_whole",
            include_str!("recorded/anthropic_whole.txt"),
            true,
            (25, 15),
        ),
    ),
    (
        gemini::chunks,
        (
            "gemini_whole",
            include_str!("recorded/gemini_whole.txt"),
            false,
            (7, 7),
        ),
    ),
];
const ANSWER: &str = "The capital of France is Paris.";
const THOUGHT: &str = "The user asks.";

/// What was heard of an answer.
#[derive(Debug, Default)]
struct Told {
    text: String,
    thought: String,
    end: Option<Result<Piece, ModelError>>,
}

impl Told {
    fn take(&mut self, said: Said) {
        for piece in said {
            assert!(
                self.end.is_none(),
                "something was said after the end: {piece:?}"
            );
            match piece {
                Ok(Piece::Text(text)) => self.text.push_str(&text),
                Ok(Piece::Reasoning(text)) => self.thought.push_str(&text),
                Ok(Piece::WasThinking) => self.thought.push_str(&std::mem::take(&mut self.text)),
                Ok(Piece::Counted(_)) => {}
                end => self.end = Some(end),
            }
        }
    }
}

/// Hears bytes that come in pieces of these lengths, over and over, as the port does.
fn hear(form: Form, bytes: &[u8], lengths: &[usize]) -> Told {
    let mut told = Told::default();
    let (mut hearing, mut events) = (form(None), Events::default());
    let mut rest = bytes;
    let mut lengths = lengths.iter().cycle();
    while !rest.is_empty() && told.end.is_none() {
        let length = lengths.next().copied().unwrap_or(1).clamp(1, rest.len());
        let (piece, after) = rest.split_at(length);
        rest = after;
        for event in events.take(piece).unwrap() {
            if told.end.is_none() {
                told.take(hearing.hear(&event.name, &event.data));
            }
        }
    }
    if told.end.is_none() {
        match events.whole() {
            Some(whole) => told.take(hearing.hear_whole(&whole, None)),
            None => {
                for event in events.end() {
                    told.take(hearing.hear(&event.name, &event.data));
                }
                if told.end.is_none() {
                    told.take(hearing.end());
                }
            }
        }
    }
    assert!(told.end.is_some(), "nothing was said of the end");
    told
}

fn is_whole(told: &Told, (_, _, thinks, (input, output)): &Recording) -> bool {
    let counted = match &told.end {
        Some(Ok(Piece::Finished { reason, usage })) => {
            *reason == FinishReason::Stop
                && (usage.input_tokens, usage.output_tokens) == (*input, *output)
        }
        _ => false,
    };
    counted && told.text == ANSWER && told.thought == if *thinks { THOUGHT } else { "" }
}

fn forms() -> [(&'static str, Form, &'static [Recording]); 3] {
    [
        ("OpenAI-compatible", openai::chunks, OPENAI),
        ("Anthropic", anthropic::events, ANTHROPIC),
        ("Gemini", gemini::chunks, GEMINI),
    ]
}

#[test]
fn every_recording_is_heard_in_pieces_of_every_length() {
    for (_, form, recordings) in forms() {
        for recording in recordings {
            for length in [1, 2, 3, 7, 64, 1 << 20] {
                let told = hear(form, recording.1.as_bytes(), &[length]);
                assert!(
                    is_whole(&told, recording),
                    "{} in {length}: {told:?}",
                    recording.0
                );
            }
        }
    }
    for (form, recording) in WHOLE {
        for length in [1, 5, 1 << 20] {
            let told = hear(*form, recording.1.as_bytes(), &[length]);
            assert!(
                is_whole(&told, recording),
                "{} in {length}: {told:?}",
                recording.0
            );
        }
    }
}

/// What is done to a stream, each by numbers that choose where.
#[derive(Debug, Clone)]
struct Mutation {
    /// Fields of events that are dropped, doubled or made another value: which event, which field, what becomes of it.
    fields: Vec<(usize, usize, usize)>,
    /// Lines that are put between events: where, and which.
    strange: Vec<(usize, usize)>,
    ending: usize,
    mark: bool,
    lengths: Vec<usize>,
}

fn mutations() -> impl Strategy<Value = Mutation> {
    let fields = prop::collection::vec((0..64_usize, 0..256_usize, 0..OTHERS + 2), 0..6);
    let strange = prop::collection::vec((0..64_usize, 0..STRANGE.len()), 0..5);
    let lengths = prop::collection::vec(1..200_usize, 1..8);
    (fields, strange, 0..3_usize, any::<bool>(), lengths).prop_map(
        |(fields, strange, ending, mark, lengths)| Mutation {
            fields,
            strange,
            ending,
            mark,
            lengths,
        },
    )
}

/// What nobody knows stands between events.
const STRANGE: [&str; 14] = [
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
const OTHERS: usize = 10;

/// Another value in the place of a field's.
fn other(which: usize) -> Value {
    let others: [Value; OTHERS] = [
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
    others[which % OTHERS].clone()
}

/// Fields that say something, or would.
const VOICES: [&str; 10] = [
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

/// Whether a field, or what is in it, decides what was said: these are left alone.
fn says(name: &str, value: &Value) -> bool {
    VOICES.contains(&name)
        || match value {
            Value::Object(fields) => fields.iter().any(|(name, value)| says(name, value)),
            Value::Array(values) => values.iter().any(|value| says("", value)),
            Value::String(text) => name == "type" && text.contains("think"),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
}

/// The places of all fields that say nothing, as paths.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut each = |name: &str, value: &Value| {
        let path = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        if !says(name, value) {
            found.push(path.clone());
        }
        places(value, &path, found);
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

/// An event's data with one field that says nothing changed.
fn changed(data: &str, field: usize, what: usize) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(data) else {
        return data.to_owned();
    };
    let mut found = vec![];
    places(&value, "", &mut found);
    if found.is_empty() {
        return data.to_owned();
    }
    let path = &found[field % found.len()];
    let (parent, name) = path.rsplit_once('/').unwrap();
    if what >= OTHERS
        && let Some(Value::Object(fields)) = value.pointer_mut(parent)
    {
        let taken = fields.remove(name);
        let text = value.to_string();
        return match (what - OTHERS, parent) {
            // Twice, with another value the first time.
            (1, "") => format!(
                "{{\"{name}\":5,\"{name}\":{},{}",
                taken.unwrap_or_default(),
                &text[1..]
            ),
            _ => text,
        };
    }
    if let Some(place) = value.pointer_mut(path) {
        *place = other(what);
    }
    value.to_string()
}

/// The stream as it is after a mutation.
fn mutated(recording: &str, mutation: &Mutation) -> Vec<u8> {
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
                Some(data) => format!("data: {}", changed(data, *field, *what)),
                None => line.to_owned(),
            });
        events[nth] = lines.collect::<Vec<_>>().join("\n");
    }
    for (place, which) in &mutation.strange {
        events.insert(place % (events.len() + 1), STRANGE[*which].to_owned());
    }
    let end = ["\n", "\r\n", "\r"][mutation.ending];
    let text = format!("{}\n\n", events.join("\n\n")).replace('\n', end);
    let mark = if mutation.mark { "\u{feff}" } else { "" };
    format!("{mark}{text}").into_bytes()
}

/// Bytes of text in the events that are whole, heard at once.
fn heard_until(form: Form, bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let whole = text.rfind("\n\n").map_or("", |end| &text[..end + 2]);
    let told = hear(form, format!("{whole}\n").as_bytes(), &[1 << 20]);
    told.text.len() + told.thought.len()
}

#[test]
fn nothing_that_was_heard_is_lost_whatever_else_is_sent() {
    for (name, form, recordings) in forms() {
        let (count, cut) = (Cell::new(0), Cell::new(0));
        let mut runner = TestRunner::new(Config {
            cases: CASES,
            failure_persistence: None,
            ..Config::default()
        });
        let which = (0..recordings.len(), mutations(), 0..10_000_usize);
        let ran = runner.run(&which, |(nth, mutation, place)| {
            let (server, recording, thinks, _) = &recordings[nth];
            let bytes = mutated(recording, &mutation);
            let told = hear(form, &bytes, &mutation.lengths);
            prop_assert_eq!(&told.text, ANSWER, "{}", server);
            prop_assert_eq!(
                &told.thought,
                if *thinks { THOUGHT } else { "" },
                "{}",
                server
            );
            count.set(count.get() + 1);
            // Broken off anywhere: what came whole until then is there, and nothing else.
            let bytes = &bytes[..place % (bytes.len() + 1)];
            let told = hear(form, bytes, &mutation.lengths);
            // Half a tag is text: one server tells its thinking between tags.
            if *server != "fireworks" {
                prop_assert!(ANSWER.starts_with(&told.text), "{}: {:?}", server, told);
                prop_assert!(THOUGHT.starts_with(&told.thought), "{}: {:?}", server, told);
                let least = heard_until(form, bytes);
                prop_assert!(
                    told.text.len() + told.thought.len() >= least,
                    "{}: {:?}",
                    server,
                    told
                );
            }
            cut.set(cut.get() + 1);
            Ok(())
        });
        if let Err(error) = ran {
            panic!("{name}: {error}");
        }
        let servers = recordings.len();
        println!(
            "{name}: {} mutated streams of {servers} servers, {} of them broken off as well",
            count.get(),
            cut.get()
        );
        assert_eq!(count.get(), CASES);
    }
}

/// What no field of an event says stays whole: its framing alone is changed.
#[test]
fn framing_changes_nothing_of_an_answer() {
    for (_, form, recordings) in forms() {
        for recording in recordings {
            for ending in 0..3 {
                for mark in [true, false] {
                    let mutation = Mutation {
                        fields: vec![],
                        strange: (0..STRANGE.len()).map(|which| (which * 5, which)).collect(),
                        ending,
                        mark,
                        lengths: vec![3, 1, 50],
                    };
                    let told = hear(form, &mutated(recording.1, &mutation), &mutation.lengths);
                    assert!(is_whole(&told, recording), "{}: {told:?}", recording.0);
                }
            }
        }
    }
}
