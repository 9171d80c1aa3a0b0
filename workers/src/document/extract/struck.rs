//! What is struck through, or deleted and kept in sight, no longer holds: in every format it is left out and told of.

use domain::document::{LeftOut, LeftOutKind};

/// How many stretches are left out, where there are some.
pub fn left_out(count: usize, page: Option<u32>) -> Option<LeftOut> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    (count > 0).then(|| LeftOut {
        page,
        ..LeftOut::counted(LeftOutKind::StruckText, count)
    })
}
