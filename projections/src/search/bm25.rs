//! How much the terms that a text shares with a question weigh (BM25; Robertson and Zaragoza, 2009). The manual and
//! documents are ranked by the same.

const K1: f64 = 1.2;
const B: f64 = 0.75;
/// Texts that a term which is in none counts as in: among few texts it tells little, and must not outweigh what is found.
const NOWHERE: f64 = 0.5;

/// What a term weighs that some of all texts hold.
pub fn rarity(holding: f64, all: f64) -> f64 {
    let holding = holding.max(NOWHERE);
    (1.0 + (all - holding + 0.5).max(0.0) / (holding + 0.5)).ln()
}

/// The part of its weight that a term adds which is so often in a text of that length, in words; the mean is of all texts.
pub fn saturation(count: f64, length: f64, mean: f64) -> f64 {
    let length = length / mean.max(1.0);
    count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length))
}
