//! Reranking with the OpenAI-compatible API, as Cohere, Jina, vLLM, llama.cpp, `LiteLLM` and others implement
//! `/rerank`.

use std::collections::HashSet;

use domain::provider::ProviderKind;
use domain::response::FailureCode;
use serde_json::{Value, json};

use crate::model::remote::RemoteModel;
use crate::model::wire::read_body;
use crate::model::{ModelError, lenient};

/// Bytes of a response: some servers send the texts back.
const BYTE_LIMIT: usize = 8 * 1024 * 1024;

impl RemoteModel {
    /// Indexes of the texts and how well each matches the question, the best first.
    pub async fn rerank(
        &self,
        question: &str,
        texts: &[String],
    ) -> Result<Vec<(usize, f64)>, ModelError> {
        if self.kind != ProviderKind::OpenaiCompatible {
            return Err(ModelError::new(
                FailureCode::ModelUnavailable,
                "reranking models require an OpenAI-compatible provider",
            ));
        }
        let body = json!({
            "model": self.model, "query": question, "documents": texts, "top_n": texts.len(),
        });
        let request = async {
            let response = self.send(self.post("rerank", &body)).await;
            let response = response.map_err(|failure| failure.error)?;
            read_body(response, BYTE_LIMIT, self.policy.begin_timeout()).await
        };
        let body = request.await.map_err(|error| self.mask_error(error))?;
        parse_ranking(&String::from_utf8_lossy(&body), texts.len())
    }
}

/// The indexes in a response, the best first. Invalid indexes and scores are ignored, and so are repeated indexes.
fn parse_ranking(response: &str, texts: usize) -> Result<Vec<(usize, f64)>, ModelError> {
    let invalid = || {
        ModelError::provider(
            "the provider returned no ranking; check that the model is a reranking model",
        )
    };
    let response = lenient::parse(response).ok_or_else(invalid)?;
    let entries = find_entries(&response).ok_or_else(invalid)?;
    let mut seen = HashSet::new();
    let mut order: Vec<(usize, f64)> = entries
        .iter()
        .filter_map(|entry| {
            let index = parse_number(&entry["index"])?;
            let score = ["relevance_score", "score"]
                .iter()
                .find_map(|name| parse_number(&entry[*name]))?;
            // Printed without a fraction or a sign, it is an index.
            let index = index.to_string().parse::<usize>().ok()?;
            let index = Some(index).filter(|index| *index < texts)?;
            seen.insert(index).then_some((index, score))
        })
        .collect();
    if order.is_empty() && texts > 0 {
        return Err(invalid());
    }
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    Ok(order)
}

/// The entries of a response, in whatever shape.
fn find_entries(response: &Value) -> Option<&Vec<Value>> {
    let found = ["results", "data"]
        .iter()
        .find_map(|name| response.get(*name));
    found.unwrap_or(response).as_array()
}

/// A finite number, also as a string.
fn parse_number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_f64(),
    };
    number.filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indexes(response: &Value) -> Vec<usize> {
        let order = parse_ranking(&response.to_string(), 3).unwrap();
        order.into_iter().map(|one| one.0).collect()
    }

    #[test]
    fn results_of_every_order_and_shape_are_sorted() {
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
        for response in shapes {
            assert_eq!(indexes(&response), [2, 0, 1], "{response}");
        }
    }

    #[test]
    fn invalid_and_repeated_results_are_ignored() {
        let response = json!({"results": [
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
        assert_eq!(indexes(&response), [1]);
    }

    #[test]
    fn a_response_without_a_ranking_is_an_error() {
        for response in [
            "",
            "no",
            "{}",
            "{\"results\": []}",
            "{\"results\": {\"0\": 1}}",
            "[1, 2]",
        ] {
            assert!(parse_ranking(response, 2).is_err(), "{response}");
        }
    }
}
