//! Names of models, and what the models can do.

mod abilities;

pub use self::abilities::Abilities;
use crate::text;

/// The built-in model, which answers from the manual.
pub const GUIDE: &str = "builtin/guide";
const NAME_LIMIT: usize = 200;
/// Words in the names of models that are not chat models. Providers' model lists seldom say what a model is for.
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

/// Validates a model name of the form `<provider>/<model>`.
pub fn parse_name(text: &str) -> Option<String> {
    let (provider, model) = text.split_once('/')?;
    let is_complete = !provider.is_empty() && !model.is_empty();
    text::parse_line(text, NAME_LIMIT)
        .ok()
        .filter(|_| is_complete)
}

/// Whether a model generates text, judging by its name. Other models are listed last and never become the default.
pub fn is_chat_model(model: &str) -> bool {
    let name = model.to_lowercase();
    !words(&name).any(|word| word.starts_with("embed") || OTHER_USES.contains(&word))
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedding_speech_and_image_models_are_not_chat_models() {
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
            assert!(!is_chat_model(name), "{name}");
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
            assert!(is_chat_model(name), "{name}");
        }
    }

    #[test]
    fn a_name_requires_a_provider() {
        assert_eq!(parse_name("openai/gpt-5").as_deref(), Some("openai/gpt-5"));
        assert_eq!(
            parse_name("hub/org/model:7b").as_deref(),
            Some("hub/org/model:7b")
        );
        for text in [
            "gpt-5",
            "/gpt-5",
            "openai/",
            "openai/a\nb",
            &format!("a/{}", "b".repeat(300)),
        ] {
            assert_eq!(parse_name(text), None, "{text}");
        }
    }
}
