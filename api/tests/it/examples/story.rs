//! The scenario of the examples: the features call their operations in a new installation.

use serde_json::Value;
use testing::provider::Provider;

use super::recorder::Recorder;
use crate::FEATURES;
use crate::test_app::{TestApp, TestOptions};

/// Model names of the test provider, and realistic replacements.
const MODELS: [(&str, &str); 3] = [
    ("held-40", "mistral-small"),
    ("echo-50-0", "llama3.2"),
    ("echo-20-2", "qwen3"),
];

/// Runs the scenario and returns the examples by operation.
pub async fn record() -> Value {
    let provider = Provider::start().await;
    let setting = TestOptions {
        allowed_port: Some(provider.port),
        local_port: Some(provider.port),
        ..TestOptions::default()
    };
    let app = TestApp::with(setting).await;
    let mut recorder = Recorder::new(&app, &provider);
    for feature in FEATURES {
        feature.record(&mut recorder).await;
    }
    let examples = recorder.into_examples();
    let text = examples
        .to_string()
        .replace(&provider.port.to_string(), "11434");
    let text = MODELS
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to));
    serde_json::from_str(&text).unwrap()
}
