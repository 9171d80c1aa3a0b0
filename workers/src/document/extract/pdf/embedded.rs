//! Files inside a document: they are counted, not read.

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict};

/// Nodes of the tree of names that are looked at, at most.
const NODES: usize = 10_000;

pub fn count(pdf: &Pdf) -> u32 {
    let catalog: Option<Dict<'_>> = pdf.xref().get(pdf.xref().root_id());
    let tree = catalog.and_then(|catalog| {
        catalog
            .get::<Dict<'_>>("Names")?
            .get::<Dict<'_>>("EmbeddedFiles")
    });
    let mut nodes: Vec<Dict<'_>> = tree.into_iter().collect();
    let (mut count, mut looked_at) = (0, 0);
    while let Some(node) = nodes.pop() {
        looked_at += 1;
        if looked_at > NODES {
            break;
        }
        if let Some(names) = node.get::<Array<'_>>("Names") {
            count += names.raw_iter().count() / 2;
        }
        if let Some(kids) = node.get::<Array<'_>>("Kids") {
            nodes.extend(kids.iter::<Dict<'_>>().take(NODES));
        }
    }
    u32::try_from(count).unwrap_or(u32::MAX)
}
