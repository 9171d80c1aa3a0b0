//! Any sequence of commands leaves a tree, the one that a simple model says.

use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::{Conversation, ConversationCommand, ConversationEvent, Parent};
use cqrs_es::Aggregate;

const ID: Uuid = Uuid::from_u128(1);
const OWNER: Uuid = Uuid::from_u128(2);

/// A verb, on a message that is picked from those there are, or on one that there is not.
#[derive(Debug, Clone, Copy)]
enum Verb {
    Post {
        under: Option<usize>,
        root: bool,
        answered: bool,
    },
    Edit {
        of: usize,
    },
    Regenerate {
        of: usize,
    },
    /// The marker goes to a message.
    Read {
        up_to: usize,
    },
    Archive(bool),
    Trash,
    Restore,
    Stranger,
}

fn verb() -> impl Strategy<Value = Verb> {
    prop_oneof![
        8 => (proptest::option::of(0..40_usize), any::<bool>(), any::<bool>())
            .prop_map(|(under, root, answered)| Verb::Post { under, root, answered }),
        4 => (0..40_usize).prop_map(|of| Verb::Edit { of }),
        4 => (0..40_usize).prop_map(|of| Verb::Regenerate { of }),
        4 => (0..40_usize).prop_map(|up_to| Verb::Read { up_to }),
        1 => any::<bool>().prop_map(Verb::Archive),
        1 => Just(Verb::Trash),
        2 => Just(Verb::Restore),
        1 => Just(Verb::Stranger),
    ]
}

/// A message, what it stands below, and whether it is an answer.
type Node = (Uuid, Option<Uuid>, bool);

/// What the tree should be.
#[derive(Debug, Default)]
struct Model {
    /// In the order in which they came.
    nodes: Vec<Node>,
    archived: bool,
    trashed: bool,
    /// The newest message that was read.
    read: Option<usize>,
    made: u128,
}

impl Model {
    fn id(&mut self) -> Uuid {
        self.made += 1;
        Uuid::from_u128(1_000 + self.made)
    }

    fn pick(&self, n: usize) -> Option<Node> {
        self.nodes.get(n).copied()
    }

    fn leaf(&self) -> Option<Uuid> {
        self.nodes.last().map(|node| node.0)
    }

    /// The command of a verb, and what it should add; none where it should be refused.
    fn step(&mut self, verb: Verb) -> (ConversationCommand, Option<Vec<Node>>) {
        let (message, answer, response) = (self.id(), self.id(), self.id());
        let open = !self.archived && !self.trashed;
        let nothing = Uuid::nil();
        match verb {
            Verb::Post {
                under,
                root,
                answered,
            } => {
                let (parent, below) = match under {
                    None if root => (Parent::Root, Some(None)),
                    None => (Parent::Leaf, Some(self.leaf())),
                    Some(n) => match self.pick(n) {
                        Some((id, ..)) => (Parent::Message(id), Some(Some(id))),
                        None => (Parent::Message(nothing), None),
                    },
                };
                let added = below.filter(|_| open).map(|below| {
                    let reply = answered.then_some((answer, Some(message), true));
                    [(message, below, false)].into_iter().chain(reply).collect()
                });
                let command = ConversationCommand::PostMessage {
                    conversation_id: ID,
                    actor: OWNER,
                    message_id: message,
                    parent,
                    content: "x".into(),
                    attachments: vec![],
                    answer: answered.then_some((answer, response)),
                };
                (command, added)
            }
            Verb::Edit { of } => {
                let original = self.pick(of);
                let added = original.filter(|node| open && !node.2);
                let command = ConversationCommand::EditMessage {
                    conversation_id: ID,
                    actor: OWNER,
                    original_id: original.map_or(nothing, |node| node.0),
                    message_id: message,
                    content: "y".into(),
                    attachments: vec![],
                    answer: None,
                };
                (command, added.map(|node| vec![(message, node.1, false)]))
            }
            Verb::Regenerate { of } => {
                let original = self.pick(of);
                let added = original.filter(|node| open && node.2);
                let command = ConversationCommand::RegenerateAnswer {
                    actor: OWNER,
                    original_id: original.map_or(nothing, |node| node.0),
                    answer: (answer, response),
                };
                (command, added.map(|node| vec![(answer, node.1, true)]))
            }
            Verb::Read { up_to } => {
                let message = self.pick(up_to);
                if message.is_some() {
                    self.read = self.read.max(Some(up_to));
                }
                let command = ConversationCommand::MoveReadMarker {
                    actor: OWNER,
                    message_id: message.map_or(nothing, |node| node.0),
                };
                (command, message.map(|_| vec![]))
            }
            Verb::Archive(archived) => {
                let taken = !self.trashed;
                if taken {
                    self.archived = archived;
                }
                let command = ConversationCommand::UpdateConversation {
                    conversation_id: ID,
                    actor: OWNER,
                    title: None,
                    archived: Some(archived),
                    pinned: None,
                    assistant_id: None,
                    model: None,
                };
                (command, taken.then(Vec::new))
            }
            Verb::Trash => {
                let taken = !std::mem::replace(&mut self.trashed, true);
                let command = ConversationCommand::TrashConversation { actor: OWNER };
                (command, taken.then(Vec::new))
            }
            Verb::Restore => {
                let taken = std::mem::take(&mut self.trashed);
                let command = ConversationCommand::RestoreConversation { actor: OWNER };
                (command, taken.then(Vec::new))
            }
            Verb::Stranger => {
                let command = ConversationCommand::TrashConversation {
                    actor: Uuid::from_u128(3),
                };
                (command, None)
            }
        }
    }
}

/// What events add to the tree.
fn added(events: &[ConversationEvent]) -> Vec<Node> {
    let node = |event: &ConversationEvent| match event {
        ConversationEvent::MessagePosted {
            message_id,
            parent_id,
            ..
        } => Some((*message_id, *parent_id, false)),
        ConversationEvent::AnswerAdded {
            message_id,
            parent_id,
            ..
        } => Some((*message_id, Some(*parent_id), true)),
        _ => None,
    };
    events.iter().filter_map(node).collect()
}

fn started() -> Conversation {
    let mut conversation = Conversation::default();
    conversation.apply(ConversationEvent::ConversationStarted {
        owner_id: OWNER,
        title: None,
        assistant_id: Uuid::nil(),
        model: None,
    });
    conversation
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn every_sequence_of_verbs_leaves_the_tree_of_the_model(verbs in vec(verb(), 1..60)) {
        let (mut conversation, mut model) = (started(), Model::default());
        let mut history = Vec::new();
        for verb in verbs {
            let (command, expected) = model.step(verb);
            match (conversation.decide(command), expected) {
                (Ok(events), Some(nodes)) => {
                    prop_assert_eq!(added(&events), nodes.clone(), "{:?}", verb);
                    model.nodes.extend(nodes);
                    history.extend(events.iter().cloned());
                    for event in events {
                        conversation.apply(event);
                    }
                }
                (Err(_), None) => {}
                (decided, expected) => {
                    prop_assert!(false, "{verb:?}: {decided:?}, but the model says {expected:?}");
                }
            }
            // Each message stands below one that came before it: no cycle, no orphan.
            for (index, (_, parent, is_answer)) in model.nodes.iter().enumerate() {
                let above = model.nodes[..index].iter().any(|node| Some(node.0) == *parent);
                prop_assert!(parent.is_none() && !is_answer || above);
            }
        }
        // The marker stands at the newest message that was ever read.
        let moved = |event: &ConversationEvent| match event {
            ConversationEvent::ReadMarkerMoved { message_id, .. } => Some(*message_id),
            _ => None,
        };
        let marker = history.iter().filter_map(moved).next_back();
        prop_assert_eq!(marker, model.read.map(|n| model.nodes[n].0));
        // What is loaded from the log decides the same.
        let mut loaded = started();
        for event in history {
            loaded.apply(event);
        }
        let plain = |conversation: &Conversation| serde_json::to_value(conversation).unwrap();
        prop_assert_eq!(plain(&loaded), plain(&conversation));
        // The next message goes below the newest one.
        if !model.archived && !model.trashed {
            let leaf = model.leaf();
            let (next, expected) = model.step(Verb::Post { under: None, root: false, answered: false });
            let decided = added(&loaded.decide(next).unwrap());
            prop_assert_eq!(decided.first().and_then(|node| node.1), leaf);
            prop_assert_eq!(Some(decided), expected);
        }
    }
}
