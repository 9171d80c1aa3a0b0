//! One order out of two: what words find and what vectors find (reciprocal rank fusion; Cormack, Clarke and Büttcher, 2009).

use std::collections::HashMap;

use uuid::Uuid;

/// How little the place in one order counts: the less, the more the first of either order counts.
const K: f64 = 5.0;

/// What words find, best first and with how much each counts of 0 to 1, and what is near, nearest first, as one order; with
/// what each id weighs in it. A place in the order of words counts as far as the text covers the question: who asks in
/// other words is misled by the few that happen to be shared.
pub fn fuse(words: &[(Uuid, f64)], near: &[Uuid]) -> Vec<(Uuid, f64)> {
    let mut weights: HashMap<Uuid, f64> = HashMap::new();
    let near = near.iter().map(|id| (*id, 1.0));
    let orders: [Vec<(Uuid, f64)>; 2] = [words.to_vec(), near.collect()];
    for order in orders {
        for (place, (id, counts)) in (1_u32..).zip(order) {
            *weights.entry(id).or_default() += counts / (K + f64::from(place));
        }
    }
    let mut fused: Vec<(Uuid, f64)> = weights.into_iter().collect();
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

    fn counted(numbers: &[u128], counts: f64) -> Vec<(Uuid, f64)> {
        ids(numbers).into_iter().map(|id| (id, counts)).collect()
    }

    #[test]
    fn words_that_cover_little_of_the_question_count_little() {
        let first = |counts| fuse(&counted(&[1, 2], counts), &ids(&[3, 4]))[0].0;
        assert_eq!(first(0.3), ids(&[3])[0]);
        let both = fuse(&counted(&[4], 0.5), &ids(&[3, 4]));
        assert_eq!(both[0].0, ids(&[4])[0]);
    }

    #[test]
    fn what_both_find_comes_before_what_one_finds_first() {
        let fused = fuse(&counted(&[1, 2], 1.0), &ids(&[3, 2]));
        let order: Vec<Uuid> = fused.iter().map(|one| one.0).collect();
        assert_eq!(order, ids(&[2, 1, 3]));
    }

    #[test]
    fn one_order_alone_stays_as_it_is() {
        let order = ids(&[7, 5, 9]);
        let fused = fuse(&[], &order);
        assert_eq!(fused.iter().map(|one| one.0).collect::<Vec<_>>(), order);
    }
}
