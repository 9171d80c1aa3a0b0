//! Embeds a question in one call, in the forms that find the most with the model.

use domain::document::Vector;

use super::{EmbedError, Embedder};
use crate::search::terms::stems;

/// Two texts with the same words. A model that reads sentences distinguishes them; one that averages the vectors of words
/// does not.
const SAME_WORDS: [&str; 2] = [
    "nobody who knows the city would leave the car here",
    "nobody who leave the car would knows the city here",
];
/// The cosine above which two vectors are equal: averages differ only by rounding, and even small models that read
/// sentences stay below 0.99.
const EQUAL_COSINE: f32 = 0.999;

/// Embeds a question. Stop words distort the vectors of a model that averages words, so such a model, or one of which
/// that is unknown, embeds the question without them as well. A model that reads sentences needs them.
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

/// Tests whether a model averages the vectors of words.
pub async fn detect_word_averaging(embedder: &dyn Embedder) -> Result<bool, EmbedError> {
    let vectors = embedder
        .embed(SAME_WORDS.map(str::to_owned).to_vec())
        .await?;
    Ok(matches!(vectors.as_slice(), [first, second] if are_equal(first, second)))
}

/// Whether two vectors are equal except for rounding.
fn are_equal(first: &Vector, second: &Vector) -> bool {
    let norms = first.similarity(first).zip(second.similarity(second));
    first
        .similarity(second)
        .zip(norms)
        .is_some_and(|(product, (a, b))| product >= EQUAL_COSINE * (a * b).sqrt())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::FutureExt;
    use futures_util::future::BoxFuture;

    use super::*;

    /// Adds up a direction for each word. If `order_counts`, later words weigh more.
    #[derive(Debug, Default)]
    struct FakeEmbedder {
        order_counts: bool,
        averages: Option<bool>,
        requests: Mutex<Vec<Vec<String>>>,
    }

    impl FakeEmbedder {
        fn vector(&self, text: &str) -> Vector {
            let mut numbers = [0.1_f32; 64];
            for (index, word) in (0_u8..).zip(text.split(' ')) {
                let sum = word.bytes().map(usize::from).sum::<usize>();
                let weight = f32::from(index * u8::from(self.order_counts));
                numbers[sum % 64] += 1.0 + weight;
            }
            Vector::from_floats(&numbers).unwrap()
        }

        /// Embeds a question and returns the texts of the request.
        async fn embed_question(&self, question: &str) -> Vec<String> {
            let vectors = embed(self, question).await.unwrap();
            let texts = self.requests.lock().unwrap().pop().unwrap();
            assert_eq!(vectors[0], self.vector(question));
            assert_eq!(vectors.len(), texts.len());
            texts
        }
    }

    impl Embedder for FakeEmbedder {
        fn model(&self) -> &'static str {
            "test/fake"
        }

        fn averages_words(&self) -> Option<bool> {
            self.averages
        }

        fn embed(&self, texts: Vec<String>) -> BoxFuture<'_, Result<Vec<Vector>, EmbedError>> {
            let vectors = texts.iter().map(|text| self.vector(text)).collect();
            self.requests.lock().unwrap().push(texts);
            async move { Ok(vectors) }.boxed()
        }
    }

    const QUESTION: &str = "How large may a tour group be?";
    const CONTENT: &str = "large tour group";

    #[tokio::test]
    async fn a_model_that_reads_sentences_embeds_only_the_question() {
        for (averages, texts) in [
            (None, vec![QUESTION, CONTENT]),
            (Some(true), vec![QUESTION, CONTENT]),
            (Some(false), vec![QUESTION]),
        ] {
            let model = FakeEmbedder {
                averages,
                ..FakeEmbedder::default()
            };
            assert_eq!(model.embed_question(QUESTION).await, texts, "{averages:?}");
        }
    }

    #[tokio::test]
    async fn a_model_averages_words_if_their_order_does_not_matter() {
        for order_counts in [false, true] {
            let model = FakeEmbedder {
                order_counts,
                ..FakeEmbedder::default()
            };
            assert_eq!(detect_word_averaging(&model).await, Ok(!order_counts));
        }
    }
}
