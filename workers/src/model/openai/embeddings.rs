//! Embeddings with the OpenAI-compatible API, in the variants that servers send.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::document::Vector;
use domain::provider::ProviderKind;
use domain::response::FailureCode;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::model::remote::RemoteModel;
use crate::model::restrictions::{self, Restrictions};
use crate::model::wire::{RequestFailure, read_body};
use crate::model::{ModelError, lenient};

/// Bytes of a response: a hundred vectors of eight thousand decimal numbers fit.
const BYTE_LIMIT: usize = 32 * 1024 * 1024;

impl RemoteModel {
    /// One vector for each text, in the same order.
    pub async fn embed(&self, texts: &[String]) -> Result<Vec<Vector>, ModelError> {
        if self.kind != ProviderKind::OpenaiCompatible {
            return Err(ModelError::new(
                FailureCode::ModelUnavailable,
                "embedding models require an OpenAI-compatible provider",
            ));
        }
        let mut vectors: Vec<Vector> = Vec::with_capacity(texts.len());
        while vectors.len() < texts.len() {
            let more = self.embed_batch(&texts[vectors.len()..]).await;
            vectors.extend(more.map_err(|error| self.mask_error(error))?);
        }
        let has_same_length = |pair: &[Vector]| pair[0].dimensions() == pair[1].dimensions();
        match vectors.windows(2).all(has_same_length) {
            true => Ok(vectors),
            false => Err(ModelError::provider(
                "the provider returned vectors of different lengths",
            )),
        }
    }

    /// Embeds as many of the texts as the provider accepts at once. What it rejects is omitted from the next request,
    /// which is remembered if that helped.
    async fn embed_batch(&self, texts: &[String]) -> Result<Vec<Vector>, ModelError> {
        let known = self.restrictions();
        let mut restrictions = known.clone();
        loop {
            let batch = restrictions
                .batch
                .unwrap_or(texts.len())
                .clamp(1, texts.len());
            let texts = &texts[..batch];
            let full_body =
                json!({"model": self.model, "input": texts, "encoding_format": "float"});
            let body = restrictions::apply(full_body, &restrictions);
            match self.send(self.post("embeddings", &body)).await {
                Ok(response) => {
                    let idle = self.policy.begin_timeout();
                    let body = read_body(response, BYTE_LIMIT, idle).await?;
                    let vectors = parse_vectors(&String::from_utf8_lossy(&body), batch)?;
                    if restrictions != known {
                        self.remember(&restrictions);
                    }
                    return Ok(vectors);
                }
                Err(failure) => match shrink_request(&body, &failure, &restrictions, batch) {
                    Some(next) => restrictions = next,
                    None => return Err(failure.error),
                },
            }
        }
    }
}

/// How to retry after a failure: without an optional field, otherwise with half of the texts.
fn shrink_request(
    body: &Value,
    failure: &RequestFailure,
    restrictions: &Restrictions,
    batch: usize,
) -> Option<Restrictions> {
    let is_too_large = failure.status == Some(StatusCode::PAYLOAD_TOO_LARGE);
    if !is_too_large && !failure.is_bad_request() {
        return None;
    }
    let with_fewer_fields = restrictions::next_restrictions(body, &failure.body, restrictions)
        .filter(|_| !is_too_large);
    with_fewer_fields.or_else(|| {
        (batch > 1).then(|| Restrictions {
            batch: Some(batch / 2),
            ..restrictions.clone()
        })
    })
}

/// The vectors of a response in the order of the texts: by their indexes if they have any, otherwise as received.
fn parse_vectors(response: &str, texts: usize) -> Result<Vec<Vector>, ModelError> {
    let invalid = || {
        ModelError::provider(
            "the provider returned no embeddings; check that the model is an embedding model",
        )
    };
    let response = lenient::parse(response).ok_or_else(invalid)?;
    let entries = find_entries(&response).ok_or_else(invalid)?;
    let mut vectors: Vec<Option<Vector>> = vec![None; texts];
    for (nth, entry) in entries.into_iter().enumerate() {
        let index = entry["index"].as_u64().map(usize::try_from);
        let position = index.map_or(Some(nth), Result::ok);
        if let Some(slot) = position.and_then(|position| vectors.get_mut(position)) {
            *slot = parse_vector(entry).and_then(|numbers| Vector::from_floats(&numbers));
        }
    }
    let vectors: Option<Vec<Vector>> = vectors.into_iter().collect();
    vectors.ok_or_else(|| {
        ModelError::provider("the provider returned no vector or an empty one for some texts")
    })
}

/// The entries of a response, in whatever shape.
fn find_entries(response: &Value) -> Option<Vec<&Value>> {
    let found = ["data", "embeddings", "embedding"]
        .iter()
        .find_map(|name| response.get(*name))
        .unwrap_or(response);
    match found {
        // A single vector.
        Value::Array(list) if list.first().is_some_and(Value::is_number) => Some(vec![found]),
        Value::Array(list) => Some(list.iter().collect()),
        Value::Object(_) if found.get("embedding").is_some() => Some(vec![found]),
        // Lists by encoding.
        Value::Object(fields) => Some(fields.get("float")?.as_array()?.iter().collect()),
        _ => None,
    }
}

/// The numbers of a vector: an array, or base64.
fn parse_vector(entry: &Value) -> Option<Vec<f32>> {
    let vector = ["embedding", "vector", "values"]
        .iter()
        .find_map(|name| entry.get(*name))
        .unwrap_or(entry);
    match vector {
        // Some servers nest it once more.
        Value::Array(list) if list.len() == 1 && list[0].is_array() => parse_vector(&list[0]),
        Value::Array(list) => list.iter().map(parse_number).collect(),
        Value::String(text) => {
            let bytes = BASE64_STANDARD.decode(text.trim()).ok()?;
            let (numbers, rest) = bytes.as_chunks::<4>();
            let number = |bytes: &[u8; 4]| f32::from_le_bytes(*bytes);
            rest.is_empty()
                .then(|| numbers.iter().map(number).collect())
        }
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "vectors are kept in this precision"
)]
fn parse_number(value: &Value) -> Option<f32> {
    value.as_f64().map(|number| number as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &Value) -> Result<Vec<Vector>, ModelError> {
        parse_vectors(&json!({"data": body}).to_string(), 2)
    }

    #[test]
    fn vectors_are_put_in_the_order_of_their_texts() {
        let body = json!([{"index": 1, "embedding": [0, 1]}, {"index": 0, "embedding": [1, 0]}]);
        let vectors = parse(&body).unwrap();
        assert_eq!(vectors[0], Vector::from_floats(&[1.0, 0.0]).unwrap());
    }

    #[test]
    fn missing_and_empty_vectors_are_refused() {
        for body in [
            json!([{"index": 0, "embedding": [1, 0]}]),
            json!([{"index": 0, "embedding": [1, 0]}, {"index": 7, "embedding": [1, 0]}]),
            json!([{"index": 0, "embedding": [1, 0]}, {"index": 1, "embedding": [0, 0]}]),
            json!([{"embedding": [1, 0]}, {"embedding": "no base64!"}]),
            json!([{"embedding": [1, 0]}, {"embedding": ["a"]}]),
            json!(5),
        ] {
            assert!(parse(&body).is_err(), "{body}");
        }
        assert!(parse_vectors("<html>", 2).is_err());
    }

    #[test]
    fn vectors_are_read_in_every_variant() {
        let base64 = |numbers: [f32; 2]| {
            let bytes: Vec<u8> = numbers.iter().flat_map(|one| one.to_le_bytes()).collect();
            BASE64_STANDARD.encode(bytes)
        };
        let wanted = [
            Vector::from_floats(&[1.0, 0.0]).unwrap(),
            Vector::from_floats(&[0.0, 1.0]).unwrap(),
        ];
        for body in [
            json!({"data": [{"embedding": [1, 0]}, {"embedding": [0, 1]}]}),
            json!({"data": [{"index": null, "embedding": [1, 0]}, {"embedding": [0, 1]}]}),
            json!({"data": [{"embedding": base64([1.0, 0.0])}, {"embedding": base64([0.0, 1.0])}]}),
            json!([{"embedding": [1, 0]}, {"embedding": [0, 1]}]),
            json!([{"embedding": [[1, 0]]}, {"embedding": [[0, 1]]}]),
            json!([[1, 0], [0, 1]]),
            json!({"embeddings": [[1, 0], [0, 1]]}),
            json!({"embeddings": {"float": [[1, 0], [0, 1]]}}),
            json!({"data": [[1.0, 0.0], [0.0, 1.0]]}),
        ] {
            assert_eq!(
                parse_vectors(&body.to_string(), 2).unwrap(),
                wanted,
                "{body}"
            );
        }
        let one = parse_vectors(&json!({"embedding": [1, 0]}).to_string(), 1).unwrap();
        assert_eq!(one, wanted[..1]);
    }
}
