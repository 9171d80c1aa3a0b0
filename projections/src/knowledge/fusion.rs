//! Merges the rankings by words and by vectors (reciprocal rank fusion; Cormack, Clarke and Büttcher, 2009).

use std::collections::HashMap;

use uuid::Uuid;

/// The rank constant. The smaller it is, the more the first ranks of either order count.
const K: f64 = 5.0;

/// Merges the matches of words, best first and each with its weight from 0 to 1, and the nearest vectors, nearest first.
/// Returns ids with their scores. Ranks by words count only as far as the text covers the question: a question in other
/// words shares a few of them by chance.
pub fn fuse(words: &[(Uuid, f64)], nearest: &[Uuid]) -> Vec<(Uuid, f64)> {
    let mut scores: HashMap<Uuid, f64> = HashMap::new();
    let nearest = nearest.iter().map(|id| (*id, 1.0));
    let rankings: [Vec<(Uuid, f64)>; 2] = [words.to_vec(), nearest.collect()];
    for ranking in rankings {
        for (rank, (id, weight)) in (1_u32..).zip(ranking) {
            *scores.entry(id).or_default() += weight / (K + f64::from(rank));
        }
    }
    let mut fused: Vec<(Uuid, f64)> = scores.into_iter().collect();
    fused.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    fused
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[u128]) -> Vec<Uuid> {
        numbers
            .iter()
            .map(|number| Uuid::from_u128(*number))
            .collect()
    }

    fn weighted(numbers: &[u128], weight: f64) -> Vec<(Uuid, f64)> {
        ids(numbers).into_iter().map(|id| (id, weight)).collect()
    }

    #[test]
    fn matches_with_low_coverage_count_little() {
        let first = |weight| fuse(&weighted(&[1, 2], weight), &ids(&[3, 4]))[0].0;
        assert_eq!(first(0.3), ids(&[3])[0]);
        let both = fuse(&weighted(&[4], 0.5), &ids(&[3, 4]));
        assert_eq!(both[0].0, ids(&[4])[0]);
    }

    #[test]
    fn an_id_in_both_rankings_comes_first() {
        let fused = fuse(&weighted(&[1, 2], 1.0), &ids(&[3, 2]));
        let order: Vec<Uuid> = fused.iter().map(|(id, _)| *id).collect();
        assert_eq!(order, ids(&[2, 1, 3]));
    }

    #[test]
    fn a_single_ranking_is_unchanged() {
        let order = ids(&[7, 5, 9]);
        let fused = fuse(&[], &order);
        assert_eq!(fused.iter().map(|(id, _)| *id).collect::<Vec<_>>(), order);
    }
}
