//! What a text means as a direction: what an embedding model says of it, kept in a byte per number.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Numbers of one vector, at most.
const DIMENSIONS: usize = 8_192;
/// The largest step of a number.
const STEPS: f32 = 127.0;

/// A vector of length one. Each number is kept as one of 255 steps between the largest and its negative: a quarter of
/// the space, and the order of what is near stays.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector {
    /// What a step is worth.
    step: f32,
    numbers: Vec<i8>,
}

impl Vector {
    /// None where there are no numbers or too many, where one is not finite, or where all of them are zero.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "between -127 and 127 by the division"
    )]
    pub fn of(numbers: &[f32]) -> Option<Self> {
        if numbers.len() > DIMENSIONS || !numbers.iter().all(|number| number.is_finite()) {
            return None;
        }
        let largest = numbers
            .iter()
            .fold(0.0_f32, |most, one| most.max(one.abs()));
        // Divided first, so that no square overflows.
        let square: f32 = numbers.iter().map(|one| (one / largest).powi(2)).sum();
        let length = square.sqrt();
        if !length.is_normal() {
            return None;
        }
        let steps = numbers
            .iter()
            .map(|one| (one / largest * STEPS).round() as i8);
        Some(Self {
            step: 1.0 / (length * STEPS),
            numbers: steps.collect(),
        })
    }

    pub fn dimensions(&self) -> usize {
        self.numbers.len()
    }

    /// The cosine of the angle between two: 1 in the same direction. None where their dimensions differ.
    #[expect(
        clippy::cast_precision_loss,
        reason = "8,192 products of two bytes stay below 2^27, and the order of far digits means nothing"
    )]
    pub fn similarity(&self, other: &Self) -> Option<f32> {
        if self.dimensions() != other.dimensions() {
            return None;
        }
        let products = self.numbers.iter().zip(&other.numbers);
        let sum: i32 = products.map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
        Some(sum as f32 * self.step * other.step)
    }

    /// The worth of a step, little-endian, and a byte per number.
    pub fn to_bytes(&self) -> Vec<u8> {
        let numbers = self.numbers.iter().map(|number| number.cast_unsigned());
        self.step.to_le_bytes().into_iter().chain(numbers).collect()
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (step, numbers) = bytes.split_first_chunk::<4>()?;
        let step = f32::from_le_bytes(*step);
        let numbers: Vec<i8> = numbers.iter().map(|byte| byte.cast_signed()).collect();
        let whole = step.is_finite() && !numbers.is_empty() && numbers.len() <= DIMENSIONS;
        whole.then_some(Self { step, numbers })
    }
}

/// In an event: base64 of the bytes.
impl Serialize for Vector {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD_NO_PAD.encode(self.to_bytes()))
    }
}

impl<'de> Deserialize<'de> for Vector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD_NO_PAD.decode(text).map_err(D::Error::custom)?;
        Self::from_bytes(&bytes).ok_or_else(|| D::Error::custom("these bytes are no vector"))
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
    fn what_has_no_direction_is_no_vector() {
        for numbers in [
            vec![],
            vec![0.0, 0.0],
            vec![1.0, f32::NAN],
            vec![f32::INFINITY],
            vec![1.0; DIMENSIONS + 1],
        ] {
            assert_eq!(Vector::of(&numbers), None, "{:?}", numbers.first());
        }
        assert!(Vector::of(&[f32::MAX, f32::MAX]).is_some());
    }

    #[test]
    fn only_vectors_of_one_kind_are_compared() {
        let (two, three) = (Vector::of(&[1.0, 0.0]), Vector::of(&[1.0, 0.0, 0.0]));
        assert_eq!(two.unwrap().similarity(&three.unwrap()), None);
    }

    fn numbers() -> impl Strategy<Value = Vec<f32>> {
        prop::collection::vec(-10.0_f32..10.0, 8).prop_filter("a direction", |numbers| {
            numbers.iter().any(|one| one.abs() > 0.1)
        })
    }

    fn cosine(a: &[f32], b: &[f32]) -> f32 {
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    }

    proptest! {
        #[test]
        fn a_step_changes_an_angle_little(a in numbers(), b in numbers()) {
            let near = Vector::of(&a).unwrap().similarity(&Vector::of(&b).unwrap()).unwrap();
            prop_assert!((near - cosine(&a, &b)).abs() < 0.03);
        }

        #[test]
        fn a_vector_is_read_as_it_was_written(numbers in numbers()) {
            let vector = Vector::of(&numbers).unwrap();
            let text = serde_json::to_string(&vector).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Vector>(&text).unwrap(), &vector);
            prop_assert_eq!(Vector::from_bytes(&vector.to_bytes()), Some(vector));
        }
    }
}
