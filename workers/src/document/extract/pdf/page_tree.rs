//! The pages that a document declares, including unreachable ones: each keeps its number.

use std::collections::HashSet;

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object};

/// Maximum number of visited entries of the page tree: more than a document may have pages.
const MAX_ENTRIES: usize = 100_000;

/// The pages of a document that can be read.
pub(super) struct PageTree {
    /// For each page, in order, whether its dictionary exists.
    pub pages: Vec<bool>,
    /// Number of declared pages that do not exist.
    pub missing: u32,
}

impl PageTree {
    pub(super) fn len(&self) -> usize {
        self.pages.len()
    }
}

pub(super) fn read_page_tree(pdf: &Pdf) -> PageTree {
    let found = pdf.pages().len();
    let root = root(pdf);
    let mut pages = Vec::new();
    if let Some(root) = &root {
        walk(pdf, root, &mut pages);
    }
    // If the tree is broken, the parser searched the whole file for pages: then only the declared count reveals others.
    if pages.iter().filter(|exists| **exists).count() != found {
        pages = vec![true; found];
    }
    let declared = root.and_then(|root| root.get::<u32>("Count"));
    let declared = declared.filter(|count| (*count as usize) < MAX_ENTRIES);
    let read = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    PageTree {
        pages,
        missing: declared.unwrap_or(0).saturating_sub(read),
    }
}

fn root(pdf: &Pdf) -> Option<Dict<'_>> {
    let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id())?;
    catalog.get("Pages")
}

/// Visits the tree in page order, each reference once.
fn walk<'a>(pdf: &'a Pdf, root: &Dict<'a>, pages: &mut Vec<bool>) {
    let kids = |node: &Dict<'a>| -> Option<Vec<MaybeRef<Object<'a>>>> {
        Some(
            node.get::<Array<'_>>("Kids")?
                .raw_iter()
                .take(MAX_ENTRIES)
                .collect(),
        )
    };
    let mut seen: HashSet<ObjRef> = HashSet::new();
    let mut stack = kids(root).unwrap_or_default();
    stack.reverse();
    while let Some(kid) = stack.pop() {
        let node: Option<Dict<'a>> = match kid {
            MaybeRef::Ref(reference) if !seen.insert(reference) => continue,
            MaybeRef::Ref(reference) => pdf.xref().get(reference.into()),
            MaybeRef::NotRef(object) => object.into_dict(),
        };
        if pages.len() + stack.len() > MAX_ENTRIES {
            return;
        }
        match node {
            None => pages.push(false),
            Some(node) if is_inner(&node) => {
                stack.extend(kids(&node).unwrap_or_default().into_iter().rev());
            }
            Some(_) => pages.push(true),
        }
    }
}

fn is_inner(node: &Dict<'_>) -> bool {
    node.get::<Name<'_>>("Type")
        .is_some_and(|kind| kind.as_str() == "Pages")
}
