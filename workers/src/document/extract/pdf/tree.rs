//! The pages that a document counts, with those that cannot be reached: each keeps its number.

use std::collections::HashSet;

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object};

/// Entries of the tree that are looked at, at most: more than a document may have pages.
const ENTRIES: usize = 100_000;

/// Which pages of a document can be read.
pub struct Tree {
    /// For each page, in order, whether its dictionary is there.
    pub pages: Vec<bool>,
    /// Pages that the document counts and that are nowhere.
    pub missing: u32,
}

impl Tree {
    pub fn len(&self) -> usize {
        self.pages.len()
    }
}

pub fn pages(pdf: &Pdf) -> Tree {
    let found = pdf.pages().len();
    let root = root(pdf);
    let mut pages = Vec::new();
    if let Some(root) = &root {
        walk(pdf, root, &mut pages);
    }
    // Where the tree is broken, pages were looked for everywhere: then only the count may tell of others.
    if pages.iter().filter(|is_there| **is_there).count() != found {
        pages = vec![true; found];
    }
    let counted = root.and_then(|root| root.get::<u32>("Count"));
    let counted = counted.filter(|count| (*count as usize) < ENTRIES);
    let known = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    Tree {
        pages,
        missing: counted.unwrap_or(0).saturating_sub(known),
    }
}

fn root(pdf: &Pdf) -> Option<Dict<'_>> {
    let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id())?;
    catalog.get("Pages")
}

/// Goes through the tree in the order of the pages, each reference once.
fn walk<'a>(pdf: &'a Pdf, root: &Dict<'a>, pages: &mut Vec<bool>) {
    let kids = |node: &Dict<'a>| -> Option<Vec<MaybeRef<Object<'a>>>> {
        Some(
            node.get::<Array<'_>>("Kids")?
                .raw_iter()
                .take(ENTRIES)
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
        if pages.len() + stack.len() > ENTRIES {
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
