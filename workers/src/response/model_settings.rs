//! The operator's settings for models.

use std::collections::{HashMap, VecDeque};

use domain::response::Usage;
use runtime::reply_slots::Lane;

/// The operator's settings for models.
#[derive(Debug, Clone, Default)]
pub struct ModelSettings {
    /// The fallbacks of a model, in order.
    pub fallback: HashMap<String, Vec<String>>,
    /// Prices of a million input and output tokens, in millionths of the operator's currency.
    pub prices: HashMap<String, (u64, u64)>,
    /// The model that titles conversations.
    pub titles: TitleModel,
}

impl ModelSettings {
    /// The model, followed by its fallbacks.
    pub fn fallback_chain(&self, model: &str) -> VecDeque<String> {
        let others = self.fallback.get(model).into_iter().flatten();
        std::iter::once(model.to_owned())
            .chain(others.cloned())
            .collect()
    }

    /// The cost of a call, in millionths of the currency.
    pub(super) fn cost(&self, model: &str, usage: Usage) -> Option<u64> {
        let (input, output) = self.prices.get(model)?;
        let price_of = |tokens: u64, price: u64| u128::from(tokens) * u128::from(price);
        let total = price_of(usage.input_tokens, *input) + price_of(usage.output_tokens, *output);
        Some(u64::try_from(total.div_ceil(1_000_000)).unwrap_or(u64::MAX))
    }
}

/// The model that titles conversations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TitleModel {
    /// The first question remains the title.
    #[default]
    None,
    /// The model that answered.
    SameAsAnswer,
    Named(String),
}

impl TitleModel {
    pub(super) fn resolve(&self, answered: &str) -> Option<String> {
        let model = match self {
            Self::None => return None,
            Self::SameAsAnswer => answered,
            Self::Named(model) => model,
        };
        (Lane::from_model(model) == Lane::Provider).then(|| model.to_owned())
    }
}
