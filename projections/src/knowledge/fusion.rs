//! One order out of two: what words find and what vectors find (reciprocal rank fusion; Cormack, Clarke and Büttcher, 2009).

use std::collections::HashMap;

use uuid::Uuid;

/// How little the place in one order counts: the less, the more the first of either order counts.
const K: f64 = 10.0;

/// Both orders, best first, as one; with what each id weighs in it.
pub fn fuse(orders: [&[Uuid]; 2]) -> Vec<(Uuid, f64)> {
    let mut weights: HashMap<Uuid, f64> = HashMap::new();
    for order in orders {
        for (place, id) in (1_u32..).zip(order) {
            *weights.entry(*id).or_default() += 1.0 / (K + f64::from(place));
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

    #[test]
    fn what_both_find_comes_before_what_one_finds_first() {
        let fused = fuse([&ids(&[1, 2]), &ids(&[3, 2])]);
        let order: Vec<Uuid> = fused.iter().map(|one| one.0).collect();
        assert_eq!(order, ids(&[2, 1, 3]));
    }

    #[test]
    fn one_order_alone_stays_as_it_is() {
        let order = ids(&[7, 5, 9]);
        let fused = fuse([&[], &order]);
        assert_eq!(fused.iter().map(|one| one.0).collect::<Vec<_>>(), order);
    }
}
