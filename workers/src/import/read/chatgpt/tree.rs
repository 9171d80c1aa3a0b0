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

pub(super) fn read_tree(mapping: Raw<'_>, current: Option<String>) -> Result<Tree<'_>, TooMany> {
    let members = json::members(mapping, ("nodes", MESSAGES))?;
    let indexes: HashMap<Cow<'_, str>, usize> = (0..)
        .zip(&members)
        .map(|(index, (id, _))| (id.clone(), index))
        .collect();
    let mut listed_children: Vec<Vec<usize>> = Vec::with_capacity(members.len());
    let mut nodes = Vec::with_capacity(members.len());
    let mut links = 0;
    for (index, (id, raw)) in members.into_iter().enumerate() {
        let [parent, children, message] = fields(raw, ["parent", "children", "message"]);
        let find_index = |id: Option<String>| indexes.get(id?.as_str()).copied();
        let children = json::list(children, ("children of one node", MESSAGES))?;
        links += children.len();
        if links > LINKS {
            return Err(TooMany::new("links between nodes", LINKS));
        }
        let children = children
            .into_iter()
            .filter_map(|child| find_index(text(Some(child))));
        listed_children.push(children.collect());
        nodes.push(Node {
            id,
            parent: find_index(text(parent)).filter(|parent| *parent != index),
            message,
        });
    }
    let children = link_children(&mut nodes, &listed_children);
    let current = current.and_then(|id| indexes.get(id.as_str()).copied());
    let order = sort_nodes(&nodes, &children, current);
    Ok(Tree { nodes, order })
}

/// The children of each node: those in its list, then those that name it as parent but are in no list.
fn link_children(nodes: &mut [Node<'_>], listed: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut is_linked = vec![false; nodes.len()];
    for (parent, list) in listed.iter().enumerate() {
        for child in list {
            if is_linked[*child] || *child == parent {
                continue;
            }
            if *nodes[*child].parent.get_or_insert(parent) == parent {
                is_linked[*child] = true;
                children[parent].push(*child);
            }
        }
    }
    for (child, node) in nodes.iter().enumerate() {
        if let Some(parent) = node.parent.filter(|_| !is_linked[child]) {
            children[parent].push(child);
        }
    }
    children
}

fn sort_nodes(nodes: &[Node<'_>], children: &[Vec<usize>], current: Option<usize>) -> Vec<usize> {
    let mut is_current = HashSet::new();
    let (mut current, mut top) = (current, None);
    while let Some(index) = current.filter(|index| is_current.insert(*index)) {
        top = Some(index);
        current = nodes[index].parent;
    }
    let indexes = 0..nodes.len();
    let mut roots: Vec<usize> = indexes
        .clone()
        .filter(|index| nodes[*index].parent.is_none())
        .collect();
    roots.sort_by_key(|root| (is_current.contains(root), &nodes[*root].id));
    let mut ordered = Vec::with_capacity(nodes.len());
    let mut seen = vec![false; nodes.len()];
    // Nodes in a cycle have no root: the current path starts at its top, others where the file mentions them first.
    for root in roots.into_iter().chain(top).chain(indexes) {
        let mut open = vec![root];
        while let Some(index) = open.pop() {
            if std::mem::replace(&mut seen[index], true) {
                continue;
            }
            ordered.push(index);
            let mut next = children[index].clone();
            next.sort_by_key(|child| is_current.contains(child));
            open.extend(next.into_iter().rev());
        }
    }
    ordered
}
