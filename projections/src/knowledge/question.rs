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
/// them as well; a model that reads sentences needs them to know what is asked.
pub(super) async fn embed(
    embedder: &dyn Embedder,
    question: &str,
) -> Result<Vec<Vector>, EmbedError> {
    let averages = embedder.averages_words().get().copied();
    let content = stems::content(question);
    let mut texts = vec![question.to_owned()];
    if averages != Some(false) && !content.is_empty() && content != question {
        texts.push(content);
    }
    let forms = texts.len();
    if averages.is_none() {
        texts.extend(SAME_WORDS.map(str::to_owned));
    }
    let mut vectors = embedder.embed(texts).await?;
    let probes = vectors.split_off(forms.min(vectors.len()));
    if let [one, other] = probes.as_slice() {
        let averages = is_same(one, other);
        // Another question may have found it out meanwhile, and found the same.
        let averages = *embedder.averages_words().get_or_init(|| averages);
        if !averages {
            vectors.truncate(1);
        }
    }
    Ok(vectors)
}

/// Whether two vectors are one, but for the rounding of their numbers.
fn is_same(one: &Vector, other: &Vector) -> bool {
    let similarity = |a: &Vector, b: &Vector| a.similarity(b).unwrap_or(0.0);
    let lengths = similarity(one, one) * similarity(other, other);
    similarity(one, other) >= SAME * lengths.sqrt()
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, OnceLock};

    use futures_util::FutureExt;
    use futures_util::future::BoxFuture;

    use super::*;

    /// Adds up a direction for each word; where order counts, what comes later counts more.
    #[derive(Debug, Default)]
    struct Fake {
        order_counts: bool,
        averages: OnceLock<bool>,
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
            Vector::of(&numbers).unwrap()
        }

        async fn ask(&self, question: &str) -> (Vec<String>, usize) {
            let vectors = embed(self, question).await.unwrap();
            let asked = self.asked.lock().unwrap().pop().unwrap();
            assert_eq!(vectors[0], self.vector(question));
            (asked, vectors.len())
        }
    }

    impl Embedder for Fake {
        fn model(&self) -> &'static str {
            "test/fake"
        }

        fn averages_words(&self) -> &OnceLock<bool> {
            &self.averages
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
    async fn a_model_that_averages_words_is_asked_without_those_that_carry_no_meaning_too() {
        let model = Fake::default();
        let first = model.ask(QUESTION).await;
        assert_eq!(
            first,
            (
                [QUESTION, CONTENT, SAME_WORDS[0], SAME_WORDS[1]]
                    .map(str::to_owned)
                    .to_vec(),
                2
            )
        );
        assert_eq!(model.averages.get(), Some(&true));
        let second = model.ask(QUESTION).await;
        assert_eq!(second, ([QUESTION, CONTENT].map(str::to_owned).to_vec(), 2));
    }

    #[tokio::test]
    async fn a_model_that_reads_sentences_is_asked_the_question_alone() {
        let model = Fake {
            order_counts: true,
            ..Fake::default()
        };
        let (asked, vectors) = model.ask(QUESTION).await;
        assert_eq!((asked.len(), vectors), (4, 1));
        assert_eq!(model.averages.get(), Some(&false));
        assert_eq!(model.ask(QUESTION).await, (vec![QUESTION.to_owned()], 1));
    }
}
