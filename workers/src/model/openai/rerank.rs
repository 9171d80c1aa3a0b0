//! Reranking behind the same interface, as Cohere, Jina, vLLM, llama.cpp, `LiteLLM` and others answer `/rerank`.

use std::collections::HashSet;

use domain::provider::ProviderKind;
use domain::response::FailureCode;
use serde_json::{Value, json};

use crate::model::remote::Remote;
use crate::model::wire::body as body_of;
use crate::model::{ModelError, lenient};

/// Bytes of an answer: some servers send the texts back.
const BYTE_LIMIT: usize = 8 * 1024 * 1024;

impl Remote {
    /// Places of texts and how well each answers the question, the best first.
    pub async fn rerank(
        &self,
        question: &str,
        texts: &[String],
    ) -> Result<Vec<(usize, f64)>, ModelError> {
        if self.kind != ProviderKind::OpenaiCompatible {
            return Err(ModelError::new(
                FailureCode::ModelUnavailable,
                "models that rerank are asked at OpenAI-compatible providers alone",
            ));
        }
        let body = json!({
            "model": self.model, "query": question, "documents": texts, "top_n": texts.len(),
        });
        let answered = async {
            let response = self.ask(self.post("rerank", &body)).await;
            let response = response.map_err(|refusal| refusal.error)?;
            body_of(response, BYTE_LIMIT, self.terms.begin()).await
        };
        let said = answered.await.map_err(|error| self.masked(error))?;
        order(&String::from_utf8_lossy(&said), texts.len())
    }
}

/// The places of an answer, the best first. What has no place among the texts or no number is left out, and of a place
/// that is named twice the second time.
fn order(said: &str, texts: usize) -> Result<Vec<(usize, f64)>, ModelError> {
    let strange = || {
        ModelError::provider("the provider did not answer with an order; does the model rerank?")
    };
    let said = lenient::value(said).ok_or_else(strange)?;
    let entries = entries(&said).ok_or_else(strange)?;
    let mut known = HashSet::new();
    let mut order: Vec<(usize, f64)> = entries
        .iter()
        .filter_map(|entry| {
            let place = number(&entry["index"])?;
            let score = ["relevance_score", "score"]
                .iter()
                .find_map(|name| number(&entry[*name]))?;
            // Written without a fraction or a sign it is one of the places.
            let place = place.to_string().parse::<usize>().ok()?;
            let place = Some(place).filter(|place| *place < texts)?;
            known.insert(place).then_some((place, score))
        })
        .collect();
    if order.is_empty() && texts > 0 {
        return Err(strange());
    }
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    Ok(order)
}

/// What holds a place each, in whatever shape the answer is.
fn entries(said: &Value) -> Option<&Vec<Value>> {
    let found = ["results", "data"].iter().find_map(|name| said.get(*name));
    found.unwrap_or(said).as_array()
}

/// A finite number, or a text that is one.
fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_f64(),
    };
    number.filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(said: &Value) -> Vec<usize> {
        let order = order(&said.to_string(), 3).unwrap();
        order.into_iter().map(|one| one.0).collect()
    }

    #[test]
    fn the_best_come_first_in_whatever_order_and_shape_they_are_sent() {
        let results = json!([
            {"index": 0, "relevance_score": 0.2},
            {"index": 2, "relevance_score": 0.9, "document": {"text": "c"}},
            {"index": 1, "relevance_score": -3},
        ]);
        let shapes = [
            json!({"id": "x", "results": results, "meta": {}}),
            json!({"model": "m", "data": results}),
            results,
            json!([{"index": 2, "score": 0.9}, {"index": "0", "score": "0.2"}, {"index": 1.0, "score": "-3"}]),
        ];
        for said in shapes {
            assert_eq!(places(&said), [2, 0, 1], "{said}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let said = json!({"results": [
            {"index": 7, "relevance_score": 0.9},
            {"index": -1, "relevance_score": 0.9},
            {"index": 0.5, "relevance_score": 0.9},
            {"relevance_score": 0.9},
            {"index": 0, "relevance_score": "NaN"},
            {"index": 0, "relevance_score": null},
            {"index": 1, "relevance_score": 0.5},
            {"index": 1, "relevance_score": 0.8},
            "1",
        ]});
        assert_eq!(places(&said), [1]);
    }

    #[test]
    fn an_answer_without_any_order_is_an_error() {
        for said in [
            "",
            "no",
            "{}",
            "{\"results\": []}",
            "{\"results\": {\"0\": 1}}",
            "[1, 2]",
        ] {
            assert!(order(said, 2).is_err(), "{said}");
        }
    }
}
