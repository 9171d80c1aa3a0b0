//! Images in requests, and how providers say that a model does not see.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::response::PromptImage;

/// What a request omits for models that do not see.
pub(super) const IMAGES: &str = "images";

pub(super) fn to_base64(image: &PromptImage) -> String {
    STANDARD.encode(&image.bytes)
}

/// Whether an error may mean that the model does not see.
pub(super) fn is_about_images(message: &str) -> bool {
    let message = message.to_lowercase();
    let words = [
        "image",
        "vision",
        "multimodal",
        "multi-modal",
        "inlinedata",
        "inline_data",
    ];
    words.iter().any(|word| message.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_servers_without_vision_are_recognised() {
        for message in [
            "Invalid content type. image_url is only supported by certain models.",
            "image input is not supported - hint: you may need to provide the mmproj",
            "unknown variant `image_url`, expected `text`",
            "phi-4 is not a multimodal model",
            "Image input modality is not enabled for models/gemma-3-1b-it",
        ] {
            assert!(is_about_images(message), "{message}");
        }
        assert!(!is_about_images("max_tokens is too large: 100000"));
    }
}
