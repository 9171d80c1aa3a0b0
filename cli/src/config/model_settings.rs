//! Fallback models, the model for titles, and prices.

use std::collections::HashMap;

use workers::{ModelSettings, TitleModel};

use super::layers::Layers;

/// Maximum number of decimals in a price: prices are stored in millionths.
const DECIMALS: usize = 6;

pub fn read(layers: &Layers, errors: &mut Vec<String>) -> ModelSettings {
    ModelSettings {
        fallback: parse_fallback(layers.text("models.fallback"), errors),
        prices: parse_prices(layers.text("models.prices"), errors),
        titles: parse_titles(layers.text("models.titles"), errors),
    }
}

fn parse_titles(text: &str, errors: &mut Vec<String>) -> TitleModel {
    match text.trim() {
        "same" => TitleModel::SameAsAnswer,
        "none" => TitleModel::None,
        model => {
            if !is_model(model) {
                errors.push(format!(
                    "models.titles: {model:?} must be same, none, or a model as PROVIDER/MODEL"
                ));
            }
            TitleModel::Named(model.to_owned())
        }
    }
}

fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
}

fn is_model(name: &str) -> bool {
    name.split_once('/')
        .is_some_and(|(provider, model)| !provider.is_empty() && !model.is_empty())
}

fn parse_fallback(text: &str, errors: &mut Vec<String>) -> HashMap<String, Vec<String>> {
    let mut fallback = HashMap::new();
    for entry in entries(text) {
        let mut models = entry.split('>').map(|name| name.trim().to_owned());
        let first = models.next().unwrap_or_default();
        let others: Vec<String> = models.collect();
        if !is_model(&first) || others.is_empty() || !others.iter().all(|name| is_model(name)) {
            errors.push(format!(
                "models.fallback: {entry:?} is not a chain of PROVIDER/MODEL, such as openai/gpt-5>builtin/guide"
            ));
        } else if fallback.insert(first.clone(), others).is_some() {
            errors.push(format!("models.fallback: {first} has two chains"));
        }
    }
    fallback
}

fn parse_prices(text: &str, errors: &mut Vec<String>) -> HashMap<String, (u64, u64)> {
    let mut prices = HashMap::new();
    for entry in entries(text) {
        let parts = entry.split_once('=').and_then(|(model, both)| {
            let (input, output) = both.split_once('/')?;
            Some((model.trim(), parse_price(input)?, parse_price(output)?))
        });
        match parts.filter(|(model, ..)| is_model(model)) {
            Some((model, input, output)) => {
                prices.insert(model.to_owned(), (input, output));
            }
            None => errors.push(format!(
                "models.prices: {entry:?} is not PROVIDER/MODEL=INPUT/OUTPUT per million tokens, such as \
                 openai/gpt-5=1.25/10"
            )),
        }
    }
    prices
}

/// Parses a decimal into millionths.
fn parse_price(text: &str) -> Option<u64> {
    let text = text.trim();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > DECIMALS || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let part: u64 = format!("{part:0<DECIMALS$}").parse().ok()?;
    whole.checked_mul(1_000_000)?.checked_add(part)
}

/// The model that embeds documents.
pub fn read_embedding(layers: &Layers, errors: &mut Vec<String>) -> Option<String> {
    let example = "openai/text-embedding-3-small";
    parse_model(layers, ("models.embedding", example), errors)
}

/// The model that reranks search results.
pub fn read_reranking(layers: &Layers, errors: &mut Vec<String>) -> Option<String> {
    let example = "jina/jina-reranker-v2-base-multilingual";
    parse_model(layers, ("models.reranking", example), errors)
}

/// A model as PROVIDER/MODEL, if the setting is not empty.
fn parse_model(
    layers: &Layers,
    (key, example): (&str, &str),
    errors: &mut Vec<String>,
) -> Option<String> {
    let text = layers.text(key);
    if text.is_empty() {
        return None;
    }
    if !is_model(text) {
        errors.push(format!(
            "{key}: {text:?} is not PROVIDER/MODEL, such as {example}"
        ));
    }
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_decimals_per_million_tokens() {
        let mut errors = Vec::new();
        let read = parse_prices("openai/gpt-5=1.25/10, a/b=0/0.000001", &mut errors);
        assert_eq!(read["openai/gpt-5"], (1_250_000, 10_000_000));
        assert_eq!(read["a/b"], (0, 1));
        for wrong in [
            "a/b",
            "a/b=1",
            "ab=1/1",
            "a/b=-1/1",
            "a/b=1/0.0000001",
            "a/b=1,5/2",
        ] {
            let mut errors = Vec::new();
            parse_prices(wrong, &mut errors);
            assert!(!errors.is_empty(), "{wrong}");
        }
        assert!(errors.is_empty());
    }

    #[test]
    fn fallback_chains_keep_the_order_of_models() {
        let mut errors = Vec::new();
        let read = parse_fallback("a/b>c/d > builtin/guide,e/f>a/b", &mut errors);
        assert_eq!(read["a/b"], ["c/d", "builtin/guide"]);
        assert_eq!(read["e/f"], ["a/b"]);
        assert!(errors.is_empty());
        for wrong in ["a/b", "a/b>", "a>b/c", "a/b>c/d,a/b>e/f"] {
            let mut errors = Vec::new();
            parse_fallback(wrong, &mut errors);
            assert!(!errors.is_empty(), "{wrong}");
        }
    }

    #[test]
    fn titles_come_from_the_same_model_another_one_or_none() {
        let mut errors = Vec::new();
        assert_eq!(parse_titles("same", &mut errors), TitleModel::SameAsAnswer);
        assert_eq!(parse_titles(" none ", &mut errors), TitleModel::None);
        let named = TitleModel::Named("a/b".to_owned());
        assert_eq!(parse_titles("a/b", &mut errors), named);
        assert!(errors.is_empty());
        for wrong in ["", "a", "off", "/b"] {
            let mut errors = Vec::new();
            parse_titles(wrong, &mut errors);
            assert!(!errors.is_empty(), "{wrong}");
        }
    }
}
