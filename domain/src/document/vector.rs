//! Embedding vectors, quantised to one byte per dimension.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Maximum number of dimensions.
const MAX_DIMENSIONS: usize = 8_192;
/// The largest quantised value.
const MAX_STEP: f32 = 127.0;

/// A vector of length one. Each number is rounded to one of 255 steps, which takes a quarter of the space and hardly
/// changes similarities.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector {
    /// The value of one step.
    step: f32,
    numbers: Vec<i8>,
}

impl Vector {
    /// Normalises and quantises a vector. `None` if it has no dimensions or too many, if a number is not finite, or if
    /// all are zero.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "between -127 and 127 by the division"
    )]
    pub fn from_floats(numbers: &[f32]) -> Option<Self> {
        if numbers.len() > MAX_DIMENSIONS || !numbers.iter().all(|number| number.is_finite()) {
            return None;
        }
        let largest = numbers
            .iter()
            .fold(0.0_f32, |largest, number| largest.max(number.abs()));
        // Divide before squaring, so that no square overflows.
        let squares = numbers.iter().map(|number| (number / largest).powi(2));
        let length = squares.sum::<f32>().sqrt();
        if !length.is_normal() {
            return None;
        }
        let steps = numbers
            .iter()
            .map(|number| (number / largest * MAX_STEP).round() as i8);
        Some(Self {
            step: 1.0 / (length * MAX_STEP),
            numbers: steps.collect(),
        })
    }

    pub fn dimensions(&self) -> usize {
        self.numbers.len()
    }

    /// Cosine similarity: 1 for the same direction. `None` if the dimensions differ.
    #[expect(
        clippy::cast_precision_loss,
        reason = "8,192 products of two bytes stay below 2^27, and f32 is precise enough to rank them"
    )]
    pub fn similarity(&self, other: &Self) -> Option<f32> {
        if self.dimensions() != other.dimensions() {
            return None;
        }
        let products = self.numbers.iter().zip(&other.numbers);
        let sum: i32 = products.map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
        Some(sum as f32 * self.step * other.step)
    }

    /// The step as a little-endian f32, followed by one byte per number.
    pub fn to_bytes(&self) -> Vec<u8> {
        let numbers = self.numbers.iter().map(|number| number.cast_unsigned());
        self.step.to_le_bytes().into_iter().chain(numbers).collect()
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (step, numbers) = bytes.split_first_chunk::<4>()?;
        let step = f32::from_le_bytes(*step);
        let numbers: Vec<i8> = numbers.iter().map(|byte| byte.cast_signed()).collect();
        let is_valid = step.is_finite() && !numbers.is_empty() && numbers.len() <= MAX_DIMENSIONS;
        is_valid.then_some(Self { step, numbers })
    }
}

/// Serialises to base64 of [`Vector::to_bytes`].
impl Serialize for Vector {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD_NO_PAD.encode(self.to_bytes()))
    }
}

impl<'de> Deserialize<'de> for Vector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD_NO_PAD.decode(text).map_err(D::Error::custom)?;
        Self::from_bytes(&bytes).ok_or_else(|| D::Error::custom("invalid bytes of a vector"))
    }
}

impl JsonSchema for Vector {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Vector".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        generator.subschema_for::<String>()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn invalid_numbers_are_refused() {
        for numbers in [
            vec![],
            vec![0.0, 0.0],
            vec![1.0, f32::NAN],
            vec![f32::INFINITY],
            vec![1.0; MAX_DIMENSIONS + 1],
        ] {
            assert_eq!(Vector::from_floats(&numbers), None, "{:?}", numbers.first());
        }
        assert!(Vector::from_floats(&[f32::MAX, f32::MAX]).is_some());
    }

    #[test]
    fn vectors_of_different_dimensions_are_not_compared() {
        let (two, three) = (
            Vector::from_floats(&[1.0, 0.0]),
            Vector::from_floats(&[1.0, 0.0, 0.0]),
        );
        assert_eq!(two.unwrap().similarity(&three.unwrap()), None);
    }

    fn numbers() -> impl Strategy<Value = Vec<f32>> {
        prop::collection::vec(-10.0_f32..10.0, 8).prop_filter("not nearly zero", |numbers| {
            numbers.iter().any(|number| number.abs() > 0.1)
        })
    }

    fn cosine(a: &[f32], b: &[f32]) -> f32 {
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    }

    proptest! {
        #[test]
        fn quantisation_hardly_changes_similarity(a in numbers(), b in numbers()) {
            let similarity = Vector::from_floats(&a).unwrap().similarity(&Vector::from_floats(&b).unwrap()).unwrap();
            prop_assert!((similarity - cosine(&a, &b)).abs() < 0.03);
        }

        #[test]
        fn a_vector_survives_serialisation(numbers in numbers()) {
            let vector = Vector::from_floats(&numbers).unwrap();
            let text = serde_json::to_string(&vector).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Vector>(&text).unwrap(), &vector);
            prop_assert_eq!(Vector::from_bytes(&vector.to_bytes()), Some(vector));
        }
    }
}
