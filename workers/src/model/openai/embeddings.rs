//! Embeddings behind the same interface, in the dialects in which servers answer.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::document::Vector;
use domain::provider::ProviderKind;
use domain::response::FailureCode;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::model::remote::Remote;
use crate::model::terms::{self, Refused};
use crate::model::wire::{Refusal, body as body_of};
use crate::model::{ModelError, lenient};

/// Bytes of an answer: a hundred vectors of eight thousand written numbers fit.
const BYTE_LIMIT: usize = 32 * 1024 * 1024;

impl Remote {
    /// One vector for each text, in their order.
    pub async fn embed(&self, texts: &[String]) -> Result<Vec<Vector>, ModelError> {
        if self.kind != ProviderKind::OpenaiCompatible {
            return Err(ModelError::new(
                FailureCode::ModelUnavailable,
                "models that embed are asked at OpenAI-compatible providers alone",
            ));
        }
        let mut vectors: Vec<Vector> = Vec::with_capacity(texts.len());
        while vectors.len() < texts.len() {
            let more = self.embed_some(&texts[vectors.len()..]).await;
            vectors.extend(more.map_err(|error| self.masked(error))?);
        }
        let same = |pair: &[Vector]| pair[0].dimensions() == pair[1].dimensions();
        match vectors.windows(2).all(same) {
            true => Ok(vectors),
            false => Err(ModelError::provider(
                "the provider answered with vectors of different lengths",
            )),
        }
    }

    /// Vectors of as many of the texts as the provider takes at once. What it refuses is left out the next time, and
    /// remembered where that helped.
    async fn embed_some(&self, texts: &[String]) -> Result<Vec<Vector>, ModelError> {
        let known = self.known();
        let mut refused = known.clone();
        loop {
            let batch = refused.batch.unwrap_or(texts.len()).clamp(1, texts.len());
            let texts = &texts[..batch];
            let whole = json!({"model": self.model, "input": texts, "encoding_format": "float"});
            let body = terms::without(whole, &refused);
            match self.ask(self.post("embeddings", &body)).await {
                Ok(response) => {
                    let idle = self.terms.begin();
                    let said = body_of(response, BYTE_LIMIT, idle).await?;
                    let vectors = in_order(&String::from_utf8_lossy(&said), batch)?;
                    if refused != known {
                        self.remember(&refused);
                    }
                    return Ok(vectors);
                }
                Err(refusal) => match smaller(&body, &refusal, &refused, batch) {
                    Some(next) => refused = next,
                    None => return Err(refusal.error),
                },
            }
        }
    }
}

/// How to ask after a refusal: without a field that may be missing, else with half of the texts.
fn smaller(body: &Value, refusal: &Refusal, refused: &Refused, batch: usize) -> Option<Refused> {
    let too_large = refusal.status == Some(StatusCode::PAYLOAD_TOO_LARGE);
    if !too_large && !refusal.is_about_the_body() {
        return None;
    }
    let without = terms::next(body, &refusal.said, refused).filter(|_| !too_large);
    without.or_else(|| {
        (batch > 1).then(|| Refused {
            batch: Some(batch / 2),
            ..refused.clone()
        })
    })
}

/// The vectors of an answer in the order of their texts: by their numbers where they have them, else as they stand.
fn in_order(said: &str, texts: usize) -> Result<Vec<Vector>, ModelError> {
    let strange = || {
        ModelError::provider("the provider did not answer with embeddings; does the model embed?")
    };
    let said = lenient::value(said).ok_or_else(strange)?;
    let entries = entries(&said).ok_or_else(strange)?;
    let mut places: Vec<Option<Vector>> = vec![None; texts];
    for (nth, entry) in entries.into_iter().enumerate() {
        let index = entry["index"].as_u64().map(usize::try_from);
        let place = index.map_or(Some(nth), Result::ok);
        if let Some(place) = place.and_then(|place| places.get_mut(place)) {
            *place = numbers(entry).and_then(|numbers| Vector::from_floats(&numbers));
        }
    }
    let vectors: Option<Vec<Vector>> = places.into_iter().collect();
    vectors.ok_or_else(|| {
        ModelError::provider(
            "the provider left texts without a vector, or with one that says nothing",
        )
    })
}

/// What holds a vector each, in whatever shape the answer is.
fn entries(said: &Value) -> Option<Vec<&Value>> {
    let found = ["data", "embeddings", "embedding"]
        .iter()
        .find_map(|name| said.get(*name))
        .unwrap_or(said);
    match found {
        // A single vector.
        Value::Array(list) if list.first().is_some_and(Value::is_number) => Some(vec![found]),
        Value::Array(list) => Some(list.iter().collect()),
        Value::Object(_) if found.get("embedding").is_some() => Some(vec![found]),
        // Lists by the encoding that they are in.
        Value::Object(fields) => Some(fields.get("float")?.as_array()?.iter().collect()),
        _ => None,
    }
}

/// The numbers of a vector: a list, or the bytes of one in base64.
fn numbers(entry: &Value) -> Option<Vec<f32>> {
    let vector = ["embedding", "vector", "values"]
        .iter()
        .find_map(|name| entry.get(*name))
        .unwrap_or(entry);
    match vector {
        // Some servers wrap it once more.
        Value::Array(list) if list.len() == 1 && list[0].is_array() => numbers(&list[0]),
        Value::Array(list) => list.iter().map(number).collect(),
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
fn number(told: &Value) -> Option<f32> {
    told.as_f64().map(|number| number as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &Value) -> Result<Vec<Vector>, ModelError> {
        in_order(&json!({"data": body}).to_string(), 2)
    }

    #[test]
    fn vectors_are_put_in_the_order_of_their_texts() {
        let body = json!([{"index": 1, "embedding": [0, 1]}, {"index": 0, "embedding": [1, 0]}]);
        let vectors = said(&body).unwrap();
        assert_eq!(vectors[0], Vector::from_floats(&[1.0, 0.0]).unwrap());
    }

    #[test]
    fn what_is_missing_or_empty_is_refused() {
        for body in [
            json!([{"index": 0, "embedding": [1, 0]}]),
            json!([{"index": 0, "embedding": [1, 0]}, {"index": 7, "embedding": [1, 0]}]),
            json!([{"index": 0, "embedding": [1, 0]}, {"index": 1, "embedding": [0, 0]}]),
            json!([{"embedding": [1, 0]}, {"embedding": "no base64!"}]),
            json!([{"embedding": [1, 0]}, {"embedding": ["a"]}]),
            json!(5),
        ] {
            assert!(said(&body).is_err(), "{body}");
        }
        assert!(in_order("<html>", 2).is_err());
    }

    #[test]
    fn vectors_are_read_in_every_dialect() {
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
            assert_eq!(in_order(&body.to_string(), 2).unwrap(), wanted, "{body}");
        }
        let one = in_order(&json!({"embedding": [1, 0]}).to_string(), 1).unwrap();
        assert_eq!(one, wanted[..1]);
    }
}
