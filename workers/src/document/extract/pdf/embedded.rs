//! Embedded files: they are counted, not read.

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict};

/// Maximum number of visited nodes of the name tree.
const MAX_NODES: usize = 10_000;

pub(super) fn count_files(pdf: &Pdf) -> u32 {
    let catalog: Option<Dict<'_>> = pdf.xref().get(pdf.xref().root_id());
    let tree = catalog.and_then(|catalog| {
        catalog
            .get::<Dict<'_>>("Names")?
            .get::<Dict<'_>>("EmbeddedFiles")
    });
    let mut nodes: Vec<Dict<'_>> = tree.into_iter().collect();
    let (mut count, mut visited) = (0, 0);
    while let Some(node) = nodes.pop() {
        visited += 1;
        if visited > MAX_NODES {
            break;
        }
        if let Some(names) = node.get::<Array<'_>>("Names") {
            count += names.raw_iter().count() / 2;
        }
        if let Some(kids) = node.get::<Array<'_>>("Kids") {
            nodes.extend(kids.iter::<Dict<'_>>().take(MAX_NODES));
        }
    }
    u32::try_from(count).unwrap_or(u32::MAX)
}
