//! Which models stand in for others, which name conversations, and what they cost.

use std::collections::HashMap;

use workers::{Tariff, TitleModel};

use super::layers::Layers;

/// Digits after the point that a price may have: the cost of a token is counted in millionths.
const DECIMALS: usize = 6;

pub fn read(layers: &Layers, faults: &mut Vec<String>) -> Tariff {
    Tariff {
        fallback: fallback(layers.text("models.fallback"), faults),
        prices: prices(layers.text("models.prices"), faults),
        titles: titles(layers.text("models.titles"), faults),
    }
}

fn titles(text: &str, faults: &mut Vec<String>) -> TitleModel {
    match text.trim() {
        "same" => TitleModel::SameAsAnswer,
        "none" => TitleModel::Nobody,
        model => {
            if !is_model(model) {
                faults.push(format!(
                    "models.titles: {model:?} is none of same, none and a model as PROVIDER/MODEL"
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

fn fallback(text: &str, faults: &mut Vec<String>) -> HashMap<String, Vec<String>> {
    let mut fallback = HashMap::new();
    for entry in entries(text) {
        let mut models = entry.split('>').map(|name| name.trim().to_owned());
        let first = models.next().unwrap_or_default();
        let others: Vec<String> = models.collect();
        if !is_model(&first) || others.is_empty() || !others.iter().all(|name| is_model(name)) {
            faults.push(format!(
                "models.fallback: {entry:?} is no chain of PROVIDER/MODEL, such as openai/gpt-5>builtin/guide"
            ));
        } else if fallback.insert(first.clone(), others).is_some() {
            faults.push(format!("models.fallback: {first} has two chains"));
        }
    }
    fallback
}

fn prices(text: &str, faults: &mut Vec<String>) -> HashMap<String, (u64, u64)> {
    let mut prices = HashMap::new();
    for entry in entries(text) {
        let parts = entry.split_once('=').and_then(|(model, both)| {
            let (input, output) = both.split_once('/')?;
            Some((model.trim(), price(input)?, price(output)?))
        });
        match parts.filter(|(model, ..)| is_model(model)) {
            Some((model, input, output)) => {
                prices.insert(model.to_owned(), (input, output));
            }
            None => faults.push(format!(
                "models.prices: {entry:?} is not PROVIDER/MODEL=IN/OUT for a million tokens, such as openai/gpt-5=1.25/10"
            )),
        }
    }
    prices
}

/// A decimal in millionths.
fn price(text: &str) -> Option<u64> {
    let text = text.trim();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > DECIMALS || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let part: u64 = format!("{part:0<DECIMALS$}").parse().ok()?;
    whole.checked_mul(1_000_000)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_decimals_for_a_million_tokens() {
        let mut faults = Vec::new();
        let read = prices("openai/gpt-5=1.25/10, a/b=0/0.000001", &mut faults);
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
            let mut faults = Vec::new();
            prices(wrong, &mut faults);
            assert!(!faults.is_empty(), "{wrong}");
        }
        assert!(faults.is_empty());
    }

    #[test]
    fn chains_name_models_in_their_order() {
        let mut faults = Vec::new();
        let read = fallback("a/b>c/d > builtin/guide,e/f>a/b", &mut faults);
        assert_eq!(read["a/b"], ["c/d", "builtin/guide"]);
        assert_eq!(read["e/f"], ["a/b"]);
        assert!(faults.is_empty());
        for wrong in ["a/b", "a/b>", "a>b/c", "a/b>c/d,a/b>e/f"] {
            let mut faults = Vec::new();
            fallback(wrong, &mut faults);
            assert!(!faults.is_empty(), "{wrong}");
        }
    }

    #[test]
    fn titles_are_by_the_same_model_another_one_or_nobody() {
        let mut faults = Vec::new();
        assert_eq!(titles("same", &mut faults), TitleModel::SameAsAnswer);
        assert_eq!(titles(" none ", &mut faults), TitleModel::Nobody);
        let named = TitleModel::Named("a/b".to_owned());
        assert_eq!(titles("a/b", &mut faults), named);
        assert!(faults.is_empty());
        for wrong in ["", "a", "off", "/b"] {
            let mut faults = Vec::new();
            titles(wrong, &mut faults);
            assert!(!faults.is_empty(), "{wrong}");
        }
    }
}
