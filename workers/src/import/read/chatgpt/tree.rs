//! The tree of a conversation's nodes, from either kind of link: to parents, or to children.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::super::json::{self, Raw, fields, text};
use super::super::limits::{MESSAGES, TooMany};

/// The maximum number of links to children: each node is linked once, unless links are repeated.
const LINKS: usize = 4 * MESSAGES;

pub(super) struct Node<'a> {
    pub id: Cow<'a, str>,
    pub parent: Option<usize>,
    pub message: Option<Raw<'a>>,
}

pub(super) struct Tree<'a> {
    pub nodes: Vec<Node<'a>>,
    /// Parents come first; of siblings, the one that leads to the current node comes last.
    pub order: Vec<usize>,
}

pub(super) fn read(mapping: Raw<'_>, current: Option<String>) -> Result<Tree<'_>, TooMany> {
    let members = json::members(mapping, ("nodes", MESSAGES))?;
    let places: HashMap<Cow<'_, str>, usize> = (0..)
        .zip(&members)
        .map(|(place, (id, _))| (id.clone(), place))
        .collect();
    let mut listed: Vec<Vec<usize>> = Vec::with_capacity(members.len());
    let mut nodes = Vec::with_capacity(members.len());
    let mut links = 0;
    for (place, (id, raw)) in members.into_iter().enumerate() {
        let [parent, children, message] = fields(raw, ["parent", "children", "message"]);
        let known = |id: Option<String>| places.get(id?.as_str()).copied();
        let children = json::list(children, ("children of one node", MESSAGES))?;
        links += children.len();
        if links > LINKS {
            return Err(TooMany::of("links between nodes", LINKS));
        }
        let children = children
            .into_iter()
            .filter_map(|child| known(text(Some(child))));
        listed.push(children.collect());
        nodes.push(Node {
            id,
            parent: known(text(parent)).filter(|parent| *parent != place),
            message,
        });
    }
    let children = children(&mut nodes, &listed);
    let current = current.and_then(|id| places.get(id.as_str()).copied());
    let order = order(&nodes, &children, current);
    Ok(Tree { nodes, order })
}

/// The children of each node: those in its list, then those that name it as parent but are in no list.
fn children(nodes: &mut [Node<'_>], listed: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut placed = vec![false; nodes.len()];
    for (parent, list) in listed.iter().enumerate() {
        for child in list {
            if placed[*child] || *child == parent {
                continue;
            }
            if *nodes[*child].parent.get_or_insert(parent) == parent {
                placed[*child] = true;
                children[parent].push(*child);
            }
        }
    }
    for (child, node) in nodes.iter().enumerate() {
        if let Some(parent) = node.parent.filter(|_| !placed[child]) {
            children[parent].push(child);
        }
    }
    children
}

fn order(nodes: &[Node<'_>], children: &[Vec<usize>], current: Option<usize>) -> Vec<usize> {
    let mut is_current = HashSet::new();
    let (mut at, mut top) = (current, None);
    while let Some(place) = at.filter(|place| is_current.insert(*place)) {
        top = Some(place);
        at = nodes[place].parent;
    }
    let places = 0..nodes.len();
    let mut roots: Vec<usize> = places
        .clone()
        .filter(|one| nodes[*one].parent.is_none())
        .collect();
    roots.sort_by_key(|root| (is_current.contains(root), &nodes[*root].id));
    let mut ordered = Vec::with_capacity(nodes.len());
    let mut seen = vec![false; nodes.len()];
    // Nodes in a cycle have no root: the current path starts at its top, others where the file mentions them first.
    for root in roots.into_iter().chain(top).chain(places) {
        let mut open = vec![root];
        while let Some(place) = open.pop() {
            if std::mem::replace(&mut seen[place], true) {
                continue;
            }
            ordered.push(place);
            let mut below = children[place].clone();
            below.sort_by_key(|child| is_current.contains(child));
            open.extend(below.into_iter().rev());
        }
    }
    ordered
}
