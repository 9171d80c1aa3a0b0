//! Embeddings behind the same interface.

use domain::document::Vector;
use domain::provider::ProviderKind;
use domain::response::FailureCode;
use serde::Deserialize;
use serde_json::json;

use crate::model::ModelError;
use crate::model::remote::Remote;
use crate::model::wire::body as body_of;

/// Bytes of an answer: a hundred vectors of eight thousand written numbers fit.
const BYTE_LIMIT: usize = 32 * 1024 * 1024;

#[derive(Deserialize)]
struct Said {
    data: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    index: usize,
    embedding: Vec<f32>,
}

impl Remote {
    /// One vector for each text, in their order.
    pub async fn embed(&self, texts: &[String]) -> Result<Vec<Vector>, ModelError> {
        if self.kind != ProviderKind::OpenaiCompatible {
            return Err(ModelError::new(
                FailureCode::ModelUnavailable,
                "models that embed are asked at OpenAI-compatible providers alone",
            ));
        }
        let body = json!({"model": self.model, "input": texts, "encoding_format": "float"});
        let response = self.ask(self.post("embeddings", &body)).await?;
        let said = body_of(response, BYTE_LIMIT).await?;
        let said: Said = serde_json::from_slice(&said).map_err(|_| {
            ModelError::provider(
                "the provider did not answer with embeddings; does the model embed?",
            )
        })?;
        in_order(said, texts.len())
    }
}

/// Each text has one vector, all of the same length.
fn in_order(said: Said, texts: usize) -> Result<Vec<Vector>, ModelError> {
    let mut places: Vec<Option<Vector>> = vec![None; texts];
    for one in said.data {
        if let Some(place) = places.get_mut(one.index) {
            *place = Vector::of(&one.embedding);
        }
    }
    let vectors: Option<Vec<Vector>> = places.into_iter().collect();
    let vectors = vectors.ok_or_else(|| {
        ModelError::provider(
            "the provider left texts without a vector, or with one that says nothing",
        )
    })?;
    let same = |pair: &[Vector]| pair[0].dimensions() == pair[1].dimensions();
    match vectors.windows(2).all(same) {
        true => Ok(vectors),
        false => Err(ModelError::provider(
            "the provider answered with vectors of different lengths",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &serde_json::Value) -> Result<Vec<Vector>, ModelError> {
        in_order(serde_json::from_value(json!({"data": body})).unwrap(), 2)
    }

    #[test]
    fn vectors_are_put_in_the_order_of_their_texts() {
        let body = json!([{"index": 1, "embedding": [0, 1]}, {"index": 0, "embedding": [1, 0]}]);
        let vectors = said(&body).unwrap();
        assert_eq!(vectors[0], Vector::of(&[1.0, 0.0]).unwrap());
    }

    #[test]
    fn what_is_missing_empty_or_uneven_is_refused() {
        for body in [
            json!([{"index": 0, "embedding": [1, 0]}]),
            json!([{"index": 0, "embedding": [1, 0]}, {"index": 7, "embedding": [1, 0]}]),
            json!([{"index": 0, "embedding": [1, 0]}, {"index": 1, "embedding": [0, 0]}]),
            json!([{"index": 0, "embedding": [1, 0]}, {"index": 1, "embedding": [1, 0, 0]}]),
        ] {
            assert!(said(&body).is_err(), "{body}");
        }
    }
}
