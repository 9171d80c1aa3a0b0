//! Names of models.

use crate::text;

/// The built-in model, which answers from the manual.
pub const GUIDE: &str = "builtin/guide";
const NAME_LIMIT: usize = 200;
/// Words in the names of models that do something else than answer in text. Lists of models seldom say what each does.
const OTHER_USES: &[&str] = &[
    "asr",
    "audio",
    "babbage",
    "bge",
    "clip",
    "colbert",
    "dall",
    "dalle",
    "davinci",
    "diffusion",
    "e5",
    "flux",
    "gte",
    "guard",
    "image",
    "imagen",
    "minilm",
    "moderation",
    "ocr",
    "parakeet",
    "realtime",
    "rerank",
    "reranker",
    "sora",
    "speech",
    "stt",
    "transcribe",
    "tts",
    "veo",
    "whisper",
];

/// The name of a model, where a text is one: `<provider>/<model>`.
pub fn name(text: &str) -> Option<String> {
    let (provider, model) = text.split_once('/')?;
    let shaped = !provider.is_empty() && !model.is_empty();
    text::line(text, NAME_LIMIT).ok().filter(|_| shaped)
}

/// Whether a model answers in text, as far as its name tells: the others are offered last, and never as the default.
pub fn answers_in_text(model: &str) -> bool {
    let name = model.to_lowercase();
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    !words.any(|word| word.starts_with("embed") || OTHER_USES.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_that_embed_speak_or_paint_answer_nobody() {
        for name in [
            "text-embedding-3-large",
            "nomic-embed-text:latest",
            "BAAI/bge-m3",
            "intfloat/multilingual-e5-small",
            "gpt-4o-mini-tts",
            "gpt-4o-transcribe",
            "whisper-1",
            "dall-e-3",
            "gpt-image-1",
            "omni-moderation-latest",
            "gpt-4o-realtime-preview",
            "jina-reranker-v2",
            "llama-guard-3-8b",
            "stable-diffusion-3.5",
        ] {
            assert!(!answers_in_text(name), "{name}");
        }
        for name in [
            "gpt-5",
            "gpt-4o-mini",
            "claude-sonnet-4-5",
            "models/gemini-2.5-flash",
            "llama3.2:3b",
            "qwen3-coder-30b-a3b-instruct",
            "deepseek-r1",
            "mistral-small-latest",
            "phi4",
            "fake",
        ] {
            assert!(answers_in_text(name), "{name}");
        }
    }

    #[test]
    fn a_name_has_a_provider() {
        assert_eq!(name("openai/gpt-5").as_deref(), Some("openai/gpt-5"));
        assert_eq!(
            name("hub/org/model:7b").as_deref(),
            Some("hub/org/model:7b")
        );
        for text in [
            "gpt-5",
            "/gpt-5",
            "openai/",
            "openai/a\nb",
            &format!("a/{}", "b".repeat(300)),
        ] {
            assert_eq!(name(text), None, "{text}");
        }
    }
}
