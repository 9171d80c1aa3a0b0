//! Weights of the terms that a text shares with a question (BM25; Robertson and Zaragoza, 2009). The manual and documents
//! are ranked by the same formula.

const K1: f64 = 1.2;
const B: f64 = 0.75;
/// The minimum number of texts that a term counts as in. Among few texts, a missing term must not outweigh those found.
const MIN_TEXTS: f64 = 0.5;

/// The weight of a term that matches some of all texts.
pub fn rarity(matches: f64, total: f64) -> f64 {
    let matches = matches.max(MIN_TEXTS);
    (1.0 + (total - matches + 0.5).max(0.0) / (matches + 0.5)).ln()
}

/// The factor by which a term counts that occurs `count` times in a text. Lengths are in words; the mean is over all
/// texts.
pub fn saturation(count: f64, length: f64, mean: f64) -> f64 {
    let length = length / mean.max(1.0);
    count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length))
}
