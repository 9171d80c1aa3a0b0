//! A question as a model that embeds is asked for it: in one call, in the forms that find most with that model.

use domain::document::Vector;

use super::{EmbedError, Embedder};
use crate::search::terms::stems;

/// Two texts of the same words. A model that reads sentences tells them apart, one that averages the vectors of words
/// does not.
const SAME_WORDS: [&str; 2] = [
    "nobody who knows the city would leave the car here",
    "nobody who leave the car would knows the city here",
];
/// The cosine from which on two vectors are one: what is averaged differs in its rounding alone, and small models that
/// read sentences stay below 0.99.
const SAME: f32 = 0.999;

/// The vectors of a question. A model that averages words is pulled by those that carry no meaning, so it is asked without
/// them as well, and so is one of which that is not known yet; a model that reads sentences needs them to know what is
/// asked.
pub(super) async fn embed(
    embedder: &dyn Embedder,
    question: &str,
) -> Result<Vec<Vector>, EmbedError> {
    let content = stems::content_words(question);
    let mut texts = vec![question.to_owned()];
    if embedder.averages_words() != Some(false) && !content.is_empty() && content != question {
        texts.push(content);
    }
    embedder.embed(texts).await
}

/// Asks a model whether it averages the vectors of words.
pub async fn detect_word_averaging(embedder: &dyn Embedder) -> Result<bool, EmbedError> {
    let vectors = embedder
        .embed(SAME_WORDS.map(str::to_owned).to_vec())
        .await?;
    Ok(matches!(vectors.as_slice(), [one, other] if is_same(one, other)))
}

/// Whether two vectors are one, but for the rounding of their numbers.
fn is_same(one: &Vector, other: &Vector) -> bool {
    let lengths = one.similarity(one).zip(other.similarity(other));
    one.similarity(other)
        .zip(lengths)
        .is_some_and(|(both, (one, other))| both >= SAME * (one * other).sqrt())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::FutureExt;
    use futures_util::future::BoxFuture;

    use super::*;

    /// Adds up a direction for each word; where order counts, what comes later counts more.
    #[derive(Debug, Default)]
    struct Fake {
        order_counts: bool,
        averages: Option<bool>,
        asked: Mutex<Vec<Vec<String>>>,
    }

    impl Fake {
        fn vector(&self, text: &str) -> Vector {
            let mut numbers = [0.1_f32; 64];
            for (place, word) in (0_u8..).zip(text.split(' ')) {
                let sum = word.bytes().map(usize::from).sum::<usize>();
                let weight = f32::from(place * u8::from(self.order_counts));
                numbers[sum % 64] += 1.0 + weight;
            }
            Vector::from_floats(&numbers).unwrap()
        }

        /// The texts that it is asked for a question.
        async fn ask(&self, question: &str) -> Vec<String> {
            let vectors = embed(self, question).await.unwrap();
            let asked = self.asked.lock().unwrap().pop().unwrap();
            assert_eq!(vectors[0], self.vector(question));
            assert_eq!(vectors.len(), asked.len());
            asked
        }
    }

    impl Embedder for Fake {
        fn model(&self) -> &'static str {
            "test/fake"
        }

        fn averages_words(&self) -> Option<bool> {
            self.averages
        }

        fn embed(&self, texts: Vec<String>) -> BoxFuture<'_, Result<Vec<Vector>, EmbedError>> {
            let vectors = texts.iter().map(|text| self.vector(text)).collect();
            self.asked.lock().unwrap().push(texts);
            async move { Ok(vectors) }.boxed()
        }
    }

    const QUESTION: &str = "How large may a tour group be?";
    const CONTENT: &str = "large tour group";

    #[tokio::test]
    async fn a_model_that_reads_sentences_is_asked_the_question_alone() {
        for (averages, texts) in [
            (None, vec![QUESTION, CONTENT]),
            (Some(true), vec![QUESTION, CONTENT]),
            (Some(false), vec![QUESTION]),
        ] {
            let model = Fake {
                averages,
                ..Fake::default()
            };
            assert_eq!(model.ask(QUESTION).await, texts, "{averages:?}");
        }
    }

    #[tokio::test]
    async fn a_model_averages_words_where_their_order_tells_it_nothing() {
        for order_counts in [false, true] {
            let model = Fake {
                order_counts,
                ..Fake::default()
            };
            assert_eq!(detect_word_averaging(&model).await, Ok(!order_counts));
        }
    }
}
