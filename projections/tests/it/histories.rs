//! Random histories: a view rebuilt from the log equals the live one.

use domain::assistant::{CreateAssistant, DeleteAssistant, Editor, Status, UpdateAssistant};
use domain::conversation::{
    ConversationCommand, EditMessage, MoveReadMarker, Parent, PostMessage, RegenerateAnswer,
    RestoreConversation, StartConversation, TrashConversation, UpdateConversation,
};
use domain::group::{
    AddMember, CreateGroup, DeleteGroup, DescribeGroup, GroupCommand, GroupDetails, RemoveMember,
};
use domain::knowledge::{Chunking, CreateKnowledgeBase, Description, Readers, UpdateKnowledgeBase};
use domain::response::{
    Answer, AnswerPart, EndResponse, FailureCode, FinishReason, Outcome, RequestResponse,
    ResponseCommand, StartResponse, Usage,
};
use domain::user::{
    ChangeDisplayName, ChangePassword, ChangePreferences, ChangeRole, Language, PreferencesChange,
    ReactivateUser, Role, SuspendUser, UserCommand,
};
use eventstore::command::{Context, Execution, Step, step};
use fastrand::Rng;
use projections::projectors;
use projections::rebuild::{digest, rebuild};
use uuid::Uuid;

use crate::fixture::Fixture;

/// What the history has created so far.
#[derive(Default)]
struct World {
    users: Vec<Uuid>,
    /// With their owners.
    conversations: Vec<(Uuid, Uuid)>,
    /// With their conversations.
    messages: Vec<(Uuid, Uuid)>,
    runs: Vec<Uuid>,
    groups: Vec<Uuid>,
}

fn id(random: &mut Rng) -> Uuid {
    Uuid::from_u128(random.u128(..))
}

fn text(random: &mut Rng) -> String {
    let words = ["sea", "Ä", "\u{1f30a}", "a\nb", "%_'\"\\", "x"];
    (0..random.usize(1..6))
        .map(|_| words[random.usize(..words.len())])
        .collect::<Vec<_>>()
        .join(" ")
}

fn pick<T: Copy>(random: &mut Rng, from: &[T]) -> Option<T> {
    random.choice(from).copied()
}

impl World {
    /// The steps of a random command. Many are refused, which is part of a history as well.
    fn random_steps(&mut self, random: &mut Rng) -> Option<Vec<Box<dyn Step>>> {
        let steps = match random.u8(0..23) {
            0 | 1 => return self.user_steps(random),
            2 | 3 => return self.run_steps(random),
            4 => return self.assistant_steps(random),
            21 => return self.group_steps(random),
            22 => return self.knowledge_steps(random),
            n @ 5..13 => {
                let (conversation_id, owner) = pick(random, &self.conversations)?;
                let (message_id, answer) = (id(random), (id(random), id(random)));
                self.messages.push((message_id, conversation_id));
                self.messages.push((answer.0, conversation_id));
                self.runs.push(answer.1);
                let (original_id, _) = pick(random, &self.messages)?;
                let parent = match random.u8(0..4) {
                    0 => Parent::Root,
                    1 => Parent::Message(original_id),
                    _ => Parent::Leaf,
                };
                let content = text(random);
                let tree: ConversationCommand = match n {
                    5 => EditMessage {
                        conversation_id,
                        actor: owner,
                        original_id,
                        message_id,
                        content,
                        attachments: vec![],
                        answer: Some(answer),
                    }
                    .into(),
                    6 => RegenerateAnswer {
                        actor: owner,
                        original_id,
                        answer,
                    }
                    .into(),
                    _ => PostMessage {
                        conversation_id,
                        actor: owner,
                        message_id,
                        parent,
                        content,
                        attachments: vec![],
                        answer: Some(answer),
                    }
                    .into(),
                };
                let request = RequestResponse {
                    conversation_id,
                    prompt_message_id: message_id,
                    message_id: answer.0,
                    requested_by: owner,
                    assistant_id: Uuid::nil(),
                    assistant_version: 1,
                    model: "builtin/guide".into(),
                    context_window: None,
                };
                vec![
                    step(conversation_id, None, tree),
                    step(answer.1, None, request),
                ]
            }
            13 => {
                let (conversation_id, actor) = pick(random, &self.conversations)?;
                let command = UpdateConversation {
                    conversation_id,
                    actor,
                    title: random.bool().then(|| text(random).replace('\n', " ")),
                    archived: random.bool().then(|| random.bool()),
                    pinned: random.bool().then(|| random.bool()),
                    assistant_id: random.bool().then(|| id(random)),
                    model: random
                        .bool()
                        .then(|| random.bool().then(|| "a/b".to_owned())),
                };
                vec![step(conversation_id, None, command)]
            }
            14 => return self.read_marker_steps(random),
            n @ 15..17 => {
                let (conversation_id, actor) = pick(random, &self.conversations)?;
                let command: ConversationCommand = match n {
                    15 => TrashConversation { actor }.into(),
                    _ => RestoreConversation { actor }.into(),
                };
                vec![step(conversation_id, None, command)]
            }
            _ => {
                let (conversation_id, owner_id) = (id(random), pick(random, &self.users)?);
                self.conversations.push((conversation_id, owner_id));
                let command = StartConversation {
                    conversation_id,
                    owner_id,
                    title: random.bool().then(|| "Title".to_owned()),
                    assistant_id: Uuid::nil(),
                    model: None,
                    hidden: random.bool(),
                };
                vec![step(conversation_id, None, command)]
            }
        };
        Some(steps)
    }

    fn read_marker_steps(&mut self, random: &mut Rng) -> Option<Vec<Box<dyn Step>>> {
        let (message_id, conversation_id) = pick(random, &self.messages)?;
        let mut conversations = self.conversations.iter();
        let (_, actor) = *conversations.find(|(id, _)| *id == conversation_id)?;
        let command = MoveReadMarker { actor, message_id };
        Some(vec![step(conversation_id, None, command)])
    }

    fn user_steps(&mut self, random: &mut Rng) -> Option<Vec<Box<dyn Step>>> {
        let user = pick(random, &self.users)?;
        let command: UserCommand = match random.u8(0..6) {
            0 => ChangeRole {
                role: Role::Manager,
            }
            .into(),
            1 => SuspendUser.into(),
            2 => ReactivateUser.into(),
            3 => ChangePassword.into(),
            4 => ChangePreferences {
                change: PreferencesChange {
                    language: Some(random.bool().then_some(Language::De)),
                    send_on_enter: Some(random.bool()),
                    favorite_models: Some(vec![format!("local/{}", random.u8(0..3))]),
                    ..PreferencesChange::default()
                },
            }
            .into(),
            _ => ChangeDisplayName {
                user_id: user,
                display_name: "Other".into(),
            }
            .into(),
        };
        Some(vec![step(user, None, command)])
    }

    fn run_steps(&mut self, random: &mut Rng) -> Option<Vec<Box<dyn Step>>> {
        let run = pick(random, &self.runs)?;
        let attempt = random.u32(1..3);
        let answer = Answer {
            parts: vec![AnswerPart::Text { text: text(random) }],
            citations: vec![],
        };
        let usage = Usage {
            input_tokens: random.u64(0..99),
            output_tokens: random.u64(0..99),
        };
        let outcome = match random.u8(0..4) {
            0 => Outcome::Failed {
                code: FailureCode::ProviderError,
                detail: "no".into(),
                answer,
                usage,
            },
            1 => Outcome::Interrupted { answer },
            2 => Outcome::Cancelled { answer, usage },
            _ => Outcome::Completed {
                answer,
                finish_reason: FinishReason::Stop,
                usage,
            },
        };
        let command: ResponseCommand = match random.bool() {
            true => StartResponse {
                attempt,
                passages: vec![],
            }
            .into(),
            false => EndResponse {
                attempt,
                outcome,
                calls: vec![],
            }
            .into(),
        };
        Some(vec![step(run, None, command)])
    }

    fn group_steps(&mut self, random: &mut Rng) -> Option<Vec<Box<dyn Step>>> {
        let (user_id, role) = (pick(random, &self.users)?, Role::Admin);
        let editor = Editor { user_id, role };
        let (new, existing) = (id(random), pick(random, &self.groups));
        let group = existing.filter(|_| random.u8(0..3) > 0).unwrap_or(new);
        let details = GroupDetails::parse(group, "Legal", &text(random)).ok()?;
        let command: GroupCommand = match (existing == Some(group), random.u8(0..8)) {
            (false, _) => {
                self.groups.push(group);
                CreateGroup { editor, details }.into()
            }
            (true, 0) => {
                let editor = Some(editor);
                DeleteGroup { editor }.into()
            }
            (true, 1) => DescribeGroup { editor, details }.into(),
            (true, 2) => RemoveMember {
                editor,
                user_id,
                role,
            }
            .into(),
            (true, _) => AddMember {
                editor,
                user_id,
                role,
            }
            .into(),
        };
        Some(vec![step(group, None, command)])
    }

    fn knowledge_steps(&mut self, random: &mut Rng) -> Option<Vec<Box<dyn Step>>> {
        let owner = Editor {
            user_id: pick(random, &self.users)?,
            role: Role::Manager,
        };
        let mut readers = || match random.u8(0..3) {
            0 => Readers::Nobody,
            1 => Readers::Everyone,
            _ => Readers::groups(&self.groups).unwrap_or_default(),
        };
        let (initial, changed) = (readers(), readers());
        let base = id(random);
        let create = CreateKnowledgeBase {
            owner,
            description: Description::parse(base, "Handbook", "", []).ok()?,
            readers: initial,
            chunking: Chunking::default(),
        };
        let change = UpdateKnowledgeBase {
            editor: owner,
            description: None,
            readers: Some(changed),
            chunking: None,
        };
        Some(vec![step(base, None, create), step(base, None, change)])
    }

    fn assistant_steps(&mut self, random: &mut Rng) -> Option<Vec<Box<dyn Step>>> {
        let owner = Editor {
            user_id: pick(random, &self.users)?,
            role: Role::User,
        };
        let assistant = id(random);
        let configuration =
            domain::assistant::Configuration::parse(assistant, "A", "", "i").ok()?;
        let create = CreateAssistant {
            owner: Some(owner),
            configuration,
            visibility: domain::assistant::Visibility::Private,
            status: Status::Draft,
            is_default: false,
        };
        let change = UpdateAssistant {
            editor: owner,
            configuration: None,
            visibility: None,
            status: Some(Status::Active),
        };
        let mut steps = vec![step(assistant, None, create), step(assistant, None, change)];
        if random.bool() {
            let command = DeleteAssistant {
                editor: Some(owner),
            };
            steps.push(step(assistant, None, command));
        }
        Some(steps)
    }
}

#[tokio::test]
async fn after_a_random_history_a_rebuilt_view_equals_the_live_one() {
    for seed in [1, 2, 3] {
        let fixture = Fixture::new().await;
        let (mut random, mut world) = (Rng::with_seed(seed), World::default());
        for n in 0..3 {
            world
                .users
                .push(fixture.create_user(&format!("user{n}")).await);
        }
        let mut accepted = 0;
        for _ in 0..250 {
            let Some(steps) = world.random_steps(&mut random) else {
                continue;
            };
            let execution = Execution::new(Context::system("history"), steps);
            accepted += usize::from(fixture.executor.execute(execution).await.is_ok());
            // Batches of random sizes.
            if random.u8(0..6) == 0 {
                fixture.project_all().await;
            }
        }
        assert!(accepted > 100, "{accepted} commands were accepted");
        fixture.project_all().await;
        for projector in projectors() {
            let live = digest(&fixture.pool, projector.as_ref()).await.unwrap();
            rebuild(&fixture.source, projector.as_ref(), |_| ())
                .await
                .unwrap();
            let rebuilt = digest(&fixture.pool, projector.as_ref()).await.unwrap();
            assert_eq!(rebuilt, live, "seed {seed}, {}", projector.name());
        }
        let parked = projections::rebuild::list_status(&fixture.pool)
            .await
            .unwrap();
        assert!(parked.iter().all(|view| view.parked == 0), "{parked:?}");
    }
}

/// A lost connection fails the rebuild, the view is unchanged, and the next rebuild succeeds.
#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_with_a_lost_connection_fails_and_can_be_repeated() {
    let fixture = Fixture::new().await;
    let user = fixture.create_user("ada").await;
    for _ in 0..20 {
        fixture.create_conversation(user).await;
    }
    fixture.project_all().await;
    let projectors = projectors();
    let conversations = projectors
        .iter()
        .find(|projector| projector.name() == "conversations")
        .unwrap();
    let live = digest(&fixture.pool, conversations.as_ref()).await.unwrap();
    let pool = fixture.pool.clone();
    let kill_connection = move |_| {
        let pool = pool.clone();
        // On the first progress, terminates the session that holds the rebuild lock.
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                sqlx::query(
                    "select pg_terminate_backend(pid) from pg_locks
                     where locktype = 'advisory' and granted and pid <> pg_backend_pid()
                       and database = (select oid from pg_database where datname = current_database())",
                )
                .execute(&pool)
                .await
                .unwrap();
            });
        });
    };
    let result = rebuild(&fixture.source, conversations.as_ref(), kill_connection).await;
    assert!(result.is_err(), "{result:?}");
    assert_eq!(
        digest(&fixture.pool, conversations.as_ref()).await.unwrap(),
        live
    );
    rebuild(&fixture.source, conversations.as_ref(), |_| ())
        .await
        .unwrap();
    assert_eq!(
        digest(&fixture.pool, conversations.as_ref()).await.unwrap(),
        live
    );
}
