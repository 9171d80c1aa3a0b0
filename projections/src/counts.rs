//! Counts of the domain as columns hold them. The domain limits them far below the range of the columns.

pub(crate) fn to_i32(count: impl TryInto<i32>) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}

pub(crate) fn to_i64(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub(crate) fn to_f64(count: i64) -> f64 {
    count as f64
}
