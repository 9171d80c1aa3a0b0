//! What a provider's list says about the abilities of a model, in whatever shape it says it.

use domain::model::Abilities;
use serde_json::Value;

/// Objects that contain further details of a model.
const DETAILS: [&str; 7] = [
    "architecture",
    "capabilities",
    "details",
    "features",
    "meta",
    "metadata",
    "supports",
];
/// Names of lists with everything that a model reads.
const INPUTS: [&str; 3] = [
    "input_modalities",
    "supported_input_modalities",
    "inputModalities",
];
/// Names of lists with everything that a model produces.
const OUTPUTS: [&str; 3] = [
    "output_modalities",
    "supported_output_modalities",
    "outputModalities",
];
/// Names of lists that mention some abilities; the others remain unknown.
const MENTIONS: [&str; 5] = [
    "capabilities",
    "features",
    "supported_features",
    "supported_parameters",
    "tags",
];
/// Names of the purpose of a model.
const PURPOSES: [&str; 4] = ["type", "mode", "task", "model_type"];
/// Names of fields and words in lists.
const VISION: [&str; 9] = [
    "vision",
    "multimodal",
    "image",
    "image_input",
    "image-input",
    "supports_vision",
    "supports_image_input",
    "supports_images",
    "image-to-text",
];
const REASONING: [&str; 5] = [
    "reasoning",
    "thinking",
    "supports_reasoning",
    "supports_thinking",
    "include_reasoning",
];
const EMBEDDING: [&str; 6] = [
    "embedding",
    "embeddings",
    "embed",
    "text-embedding",
    "supports_embedding",
    "supports_embeddings",
];

/// The abilities that an entry of a list of models reports.
pub(super) fn parse_abilities(entry: &Value) -> Abilities {
    let details = DETAILS.iter().map(|name| &entry[*name]);
    let nested = &entry["capabilities"]["supports"];
    let objects: Vec<&Value> = std::iter::once(entry)
        .chain(details)
        .chain(std::iter::once(nested))
        .collect();
    let find =
        |names: &[&str]| find_flag(&objects, names).or_else(|| is_mentioned(&objects, names));
    let reads_images = find_list(&objects, &INPUTS).map(|inputs| mentions(inputs, &VISION));
    let embeds = find_list(&objects, &OUTPUTS).map(|outputs| mentions(outputs, &EMBEDDING));
    let purpose = find_purpose(&objects);
    Abilities {
        vision: reads_images
            .or_else(|| find(&VISION))
            .or((purpose == Some("vlm")).then_some(true)),
        reasoning: find(&REASONING),
        embedding: embeds
            .or_else(|| find(&EMBEDDING))
            .or(purpose.map(|purpose| purpose.contains("embed"))),
    }
}

/// The first of some fields that says yes or no. An object that says neither describes the ability.
fn find_flag(objects: &[&Value], names: &[&str]) -> Option<bool> {
    let mut fields = names
        .iter()
        .flat_map(|name| objects.iter().map(move |object| &object[*name]));
    fields.find_map(|field| match field {
        Value::Bool(flag) => Some(*flag),
        Value::Object(fields) => match fields.get("supported") {
            Some(Value::Bool(flag)) => Some(*flag),
            _ => (!fields.is_empty()).then_some(true),
        },
        _ => None,
    })
}

fn is_mentioned(objects: &[&Value], names: &[&str]) -> Option<bool> {
    let mut lists = MENTIONS
        .iter()
        .flat_map(|name| objects.iter().filter_map(|object| object[*name].as_array()));
    lists.any(|list| mentions(list, names)).then_some(true)
}

fn find_list<'a>(objects: &[&'a Value], names: &[&str]) -> Option<&'a Vec<Value>> {
    names
        .iter()
        .find_map(|name| objects.iter().find_map(|object| object[*name].as_array()))
}

fn mentions(list: &[Value], names: &[&str]) -> bool {
    let mut words = list.iter().filter_map(Value::as_str);
    words.any(|word| names.contains(&word.to_lowercase().as_str()))
}

/// What a model is for. `model` and `object` are types as well, but say nothing.
fn find_purpose<'a>(objects: &[&'a Value]) -> Option<&'a str> {
    let mut purposes = PURPOSES
        .iter()
        .flat_map(|name| objects.iter().filter_map(|object| object[*name].as_str()));
    purposes.find(|purpose| !["model", "object"].contains(purpose))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn abilities_have_many_shapes() {
        let (yes, no) = (Some(true), Some(false));
        for (provider, entry, expected) in [
            (
                "OpenRouter",
                json!({"architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
                       "supported_parameters": ["temperature", "reasoning", "include_reasoning"]}),
                (yes, yes, no),
            ),
            (
                "OpenRouter",
                json!({"architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
                       "supported_parameters": ["temperature"]}),
                (no, None, no),
            ),
            (
                "Ollama",
                json!({"capabilities": ["completion", "tools", "thinking"]}),
                (None, yes, None),
            ),
            (
                "Ollama",
                json!({"capabilities": ["embedding"]}),
                (None, None, yes),
            ),
            (
                "llama.cpp",
                json!({"capabilities": ["completion", "multimodal"]}),
                (yes, None, None),
            ),
            ("LM Studio", json!({"type": "vlm"}), (yes, None, no)),
            (
                "LM Studio",
                json!({"type": "llm", "capabilities": {"vision": false, "reasoning": {"default": "on"}}}),
                (no, yes, no),
            ),
            (
                "LM Studio",
                json!({"type": "embeddings"}),
                (None, None, yes),
            ),
            (
                "Mistral",
                json!({"capabilities": {"completion_chat": true, "vision": true, "reasoning": false}}),
                (yes, no, None),
            ),
            (
                "Anthropic",
                json!({"type": "model", "capabilities": {
                    "image_input": {"supported": true}, "thinking": {"supported": false, "types": {}}}}),
                (yes, no, None),
            ),
            ("Gemini", json!({"thinking": true}), (None, yes, None)),
            (
                "LiteLLM",
                json!({"mode": "chat", "model_info": {}, "supports_vision": true}),
                (yes, None, no),
            ),
            ("Together", json!({"type": "embedding"}), (None, None, yes)),
            (
                "Copilot",
                json!({"capabilities": {"type": "chat", "supports": {"vision": true}}}),
                (yes, None, no),
            ),
            (
                "Vercel",
                json!({"type": "language", "tags": ["reasoning", "vision"]}),
                (yes, yes, no),
            ),
            ("OpenAI", json!({"object": "model"}), (None, None, None)),
            (
                "nonsense",
                json!({"vision": "yes", "capabilities": [7, null], "type": 5, "tags": {}}),
                (None, None, None),
            ),
        ] {
            let found = parse_abilities(&entry);
            let found = (found.vision, found.reasoning, found.embedding);
            assert_eq!(found, expected, "{provider}: {entry}");
        }
    }
}
