//! Property test: any sequence of commands produces the same tree as a simple model.

use cqrs_es::Aggregate;
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::command::Command;

const ID: Uuid = Uuid::from_u128(1);
const OWNER: Uuid = Uuid::from_u128(2);

/// An action; the numbers are indexes of messages, which may be out of range.
#[derive(Debug, Clone, Copy)]
enum Action {
    Post {
        under: Option<usize>,
        root: bool,
        answered: bool,
    },
    Edit {
        original: usize,
    },
    Regenerate {
        original: usize,
    },
    /// Moves the read marker.
    Read {
        up_to: usize,
    },
    Archive(bool),
    Trash,
    Restore,
    Stranger,
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        8 => (proptest::option::of(0..40_usize), any::<bool>(), any::<bool>())
            .prop_map(|(under, root, answered)| Action::Post { under, root, answered }),
        4 => (0..40_usize).prop_map(|original| Action::Edit { original }),
        4 => (0..40_usize).prop_map(|original| Action::Regenerate { original }),
        4 => (0..40_usize).prop_map(|up_to| Action::Read { up_to }),
        1 => any::<bool>().prop_map(Action::Archive),
        1 => Just(Action::Trash),
        2 => Just(Action::Restore),
        1 => Just(Action::Stranger),
    ]
}

/// A message, its parent, and whether it is an answer.
type Node = (Uuid, Option<Uuid>, bool);

/// A command, and the nodes it should add; `None` if it should be refused.
type Expectation = (ConversationCommand, Option<Vec<Node>>);

/// The expected tree.
#[derive(Debug, Default)]
struct Model {
    /// In the order in which they were added.
    nodes: Vec<Node>,
    archived: bool,
    trashed: bool,
    /// Index of the newest message that was read.
    read: Option<usize>,
    last_id: u128,
}

impl Model {
    fn new_id(&mut self) -> Uuid {
        self.last_id += 1;
        Uuid::from_u128(1_000 + self.last_id)
    }

    fn node(&self, n: usize) -> Option<Node> {
        self.nodes.get(n).copied()
    }

    fn leaf(&self) -> Option<Uuid> {
        self.nodes.last().map(|node| node.0)
    }

    fn post(
        &self,
        under: Option<usize>,
        root: bool,
        reply: Option<(Uuid, Uuid)>,
        message: Uuid,
    ) -> Expectation {
        let (parent, below) = match under {
            None if root => (Parent::Root, Some(None)),
            None => (Parent::Leaf, Some(self.leaf())),
            Some(n) => match self.node(n) {
                Some((id, ..)) => (Parent::Message(id), Some(Some(id))),
                None => (Parent::Message(Uuid::nil()), None),
            },
        };
        let is_open = !self.archived && !self.trashed;
        let added = below.filter(|_| is_open).map(|below| {
            let answer = reply.map(|(answer, _)| (answer, Some(message), true));
            [(message, below, false)]
                .into_iter()
                .chain(answer)
                .collect()
        });
        let command = PostMessage {
            conversation_id: ID,
            actor: OWNER,
            message_id: message,
            parent,
            content: "x".into(),
            attachments: vec![],
            answer: reply,
        };
        (command.into(), added)
    }

    fn edit(&self, original: usize, message: Uuid) -> Expectation {
        let node = self.node(original);
        let is_open = !self.archived && !self.trashed;
        let added = node.filter(|node| is_open && !node.2);
        let command = EditMessage {
            conversation_id: ID,
            actor: OWNER,
            original_id: node.map_or(Uuid::nil(), |node| node.0),
            message_id: message,
            content: "y".into(),
            attachments: vec![],
            answer: None,
        };
        (
            command.into(),
            added.map(|node| vec![(message, node.1, false)]),
        )
    }

    fn archive(&mut self, archived: bool) -> Expectation {
        let is_accepted = !self.trashed;
        if is_accepted {
            self.archived = archived;
        }
        let command = UpdateConversation {
            conversation_id: ID,
            actor: OWNER,
            title: None,
            archived: Some(archived),
            pinned: None,
            assistant_id: None,
            model: None,
        };
        (command.into(), is_accepted.then(Vec::new))
    }

    fn step(&mut self, action: Action) -> Expectation {
        let (message, answer, response) = (self.new_id(), self.new_id(), self.new_id());
        let open = !self.archived && !self.trashed;
        let unknown = Uuid::nil();
        match action {
            Action::Post {
                under,
                root,
                answered,
            } => self.post(under, root, answered.then_some((answer, response)), message),
            Action::Edit { original } => self.edit(original, message),
            Action::Regenerate { original } => {
                let node = self.node(original);
                let added = node.filter(|node| open && node.2);
                let command = RegenerateAnswer {
                    actor: OWNER,
                    original_id: node.map_or(unknown, |node| node.0),
                    answer: (answer, response),
                };
                (
                    command.into(),
                    added.map(|node| vec![(answer, node.1, true)]),
                )
            }
            Action::Read { up_to } => {
                let message = self.node(up_to);
                if message.is_some() {
                    self.read = self.read.max(Some(up_to));
                }
                let command = MoveReadMarker {
                    actor: OWNER,
                    message_id: message.map_or(unknown, |node| node.0),
                };
                (command.into(), message.map(|_| vec![]))
            }
            Action::Archive(archived) => self.archive(archived),
            Action::Trash => {
                let accepted = !std::mem::replace(&mut self.trashed, true);
                let command = TrashConversation { actor: OWNER };
                (command.into(), accepted.then(Vec::new))
            }
            Action::Restore => {
                let accepted = std::mem::take(&mut self.trashed);
                let command = RestoreConversation { actor: OWNER };
                (command.into(), accepted.then(Vec::new))
            }
            Action::Stranger => {
                let command = TrashConversation {
                    actor: Uuid::from_u128(3),
                };
                (command.into(), None)
            }
        }
    }
}

/// The nodes that events add to the tree.
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
        hidden: false,
    });
    conversation
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn every_sequence_of_actions_produces_the_tree_of_the_model(actions in vec(action(), 1..60)) {
        let (mut conversation, mut model) = (started(), Model::default());
        let mut history = Vec::new();
        for action in actions {
            let (command, expected) = model.step(action);
            match (command.decide(&conversation), expected) {
                (Ok(events), Some(nodes)) => {
                    prop_assert_eq!(added(&events), nodes.clone(), "{:?}", action);
                    model.nodes.extend(nodes);
                    history.extend(events.iter().cloned());
                    for event in events {
                        conversation.apply(event);
                    }
                }
                (Err(_), None) => {}
                (decided, expected) => {
                    prop_assert!(false, "{action:?}: {decided:?}, but the model expects {expected:?}");
                }
            }
            // Each message's parent was added before it: no cycles, no orphans.
            for (index, (_, parent, is_answer)) in model.nodes.iter().enumerate() {
                let has_parent = model.nodes[..index].iter().any(|node| Some(node.0) == *parent);
                prop_assert!(parent.is_none() && !is_answer || has_parent);
            }
        }
        // The marker is at the newest message that was ever read.
        let moved = |event: &ConversationEvent| match event {
            ConversationEvent::ReadMarkerMoved { message_id, .. } => Some(*message_id),
            _ => None,
        };
        let marker = history.iter().filter_map(moved).next_back();
        prop_assert_eq!(marker, model.read.map(|n| model.nodes[n].0));
        // Replaying the events produces the same aggregate.
        let mut loaded = started();
        for event in history {
            loaded.apply(event);
        }
        let to_json = |conversation: &Conversation| serde_json::to_value(conversation).unwrap();
        prop_assert_eq!(to_json(&loaded), to_json(&conversation));
        // The next message goes below the newest one.
        if !model.archived && !model.trashed {
            let leaf = model.leaf();
            let (next, expected) = model.step(Action::Post { under: None, root: false, answered: false });
            let decided = added(&next.decide(&loaded).unwrap());
            prop_assert_eq!(decided.first().and_then(|node| node.1), leaf);
            prop_assert_eq!(Some(decided), expected);
        }
    }
}
