//! What models can do: what their providers report, else what is known about their families.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{is_chat_model, words};

/// What a model can do; `None` if it is unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Abilities {
    /// Whether it reads images.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vision: Option<bool>,
    /// Whether it reasons before it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<bool>,
    /// Whether it turns texts into vectors and does not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embedding: Option<bool>,
}

/// Beginnings of names, whether these models read images and whether they reason. The first match decides, so
/// exceptions precede their family. Only models whose providers report nothing need an entry.
const FAMILIES: &[(&str, bool, bool)] = &[
    ("gpt-oss", false, true),
    ("gpt-5-chat", true, false),
    ("gpt-5", true, true),
    ("gpt-4o", true, false),
    ("chatgpt-4o", true, false),
    ("gpt-4.1", true, false),
    ("gpt-4-turbo", true, false),
    ("gpt-4", false, false),
    ("gpt-3.5", false, false),
    ("o1-mini", false, true),
    ("o1-preview", false, true),
    ("o1", true, true),
    ("o3-mini", false, true),
    ("o3", true, true),
    ("o4", true, true),
    ("claude-2", false, false),
    ("claude-instant", false, false),
    ("claude-3-7", true, true),
    ("claude-3.7", true, true),
    ("claude-3", true, false),
    ("claude", true, true),
    ("gemini-1", true, false),
    ("gemini-2.0", true, false),
    ("gemini", true, true),
    ("gemma-3-1b", false, false),
    ("gemma3:1b", false, false),
    ("gemma-3-", true, false),
    ("gemma3", true, false),
    ("llama-4", true, false),
    ("llama4", true, false),
    ("deepseek-r1", false, true),
    ("deepseek-reasoner", false, true),
    ("deepseek-chat", false, false),
    ("qwq", false, true),
];
/// Words in the names of models that read images. `vl` also ends words, as in qwen2.5vl.
const VISION: &[&str] = &[
    "vision",
    "vl",
    "llava",
    "bakllava",
    "pixtral",
    "moondream",
    "internvl",
    "smolvlm",
];
/// Words in the names of models that reason.
const REASONING: &[&str] = &["thinking", "reasoning", "reasoner", "magistral", "r1"];
/// Words in the names of embedding models, in addition to those that start with `embed`.
const EMBEDDING: &[&str] = &["bge", "e5", "gte", "minilm"];

impl Abilities {
    /// Judges by the name of a model.
    pub fn from_name(model: &str) -> Self {
        let name = model.to_lowercase();
        // Many providers put the maker in front of the name.
        let own = name.rsplit('/').next().unwrap_or(&name);
        let has = |known: &[&str]| words(&name).any(|word| known.contains(&word));
        let embeds = words(&name).any(|word| word.starts_with("embed")) || has(EMBEDDING);
        if embeds || !is_chat_model(&name) {
            return Self {
                embedding: Some(embeds && !has(&["rerank", "reranker"])),
                ..Self::default()
            };
        }
        let family = FAMILIES.iter().find(|family| own.starts_with(family.0));
        let sees = has(VISION) || words(&name).any(|word| word.ends_with("vl"));
        Self {
            vision: sees.then_some(true).or(family.map(|family| family.1)),
            reasoning: has(REASONING)
                .then_some(true)
                .or(family.map(|family| family.2)),
            embedding: family.map(|_| false),
        }
    }

    /// Completes what is unknown.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            vision: self.vision.or(other.vision),
            reasoning: self.reasoning.or(other.reasoning),
            embedding: self.embedding.or(other.embedding),
        }
    }

    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_families_and_telling_words_decide() {
        let (yes, no) = (Some(true), Some(false));
        for (name, vision, reasoning) in [
            ("gpt-5-nano", yes, yes),
            ("openai/gpt-4o-mini", yes, no),
            ("gpt-3.5-turbo", no, no),
            ("gpt-oss:20b", no, yes),
            ("o3-mini", no, yes),
            ("claude-sonnet-4-5-20250929", yes, yes),
            ("anthropic/claude-3.7-sonnet", yes, yes),
            ("claude-3-haiku-20240307", yes, no),
            ("gemini-2.5-flash", yes, yes),
            ("google/gemma-3-27b-it", yes, no),
            ("deepseek-r1:8b", no, yes),
            ("qwen2.5vl:7b", yes, None),
            ("Qwen/Qwen3-VL-8B-Thinking", yes, yes),
            ("llama3.2-vision:11b", yes, None),
            ("magistral-small", None, yes),
            ("mistral-small", None, None),
            ("echo-50-0", None, None),
        ] {
            let found = Abilities::from_name(name);
            assert_eq!(
                (found.vision, found.reasoning),
                (vision, reasoning),
                "{name}"
            );
            assert_ne!(found.embedding, yes, "{name}");
        }
    }

    #[test]
    fn embedding_models_are_recognised() {
        for (name, embedding) in [
            ("text-embedding-3-large", true),
            ("nomic-embed-text:latest", true),
            ("BAAI/bge-m3", true),
            ("all-minilm", true),
            ("bge-reranker-v2-m3", false),
            ("whisper-1", false),
        ] {
            let found = Abilities::from_name(name);
            assert_eq!(found.embedding, Some(embedding), "{name}");
            assert_eq!((found.vision, found.reasoning), (None, None), "{name}");
        }
    }

    #[test]
    fn what_is_reported_takes_precedence() {
        let reported = Abilities {
            vision: Some(false),
            ..Abilities::default()
        };
        let known = reported.or(Abilities::from_name("gpt-5"));
        assert_eq!((known.vision, known.reasoning), (Some(false), Some(true)));
    }
}
