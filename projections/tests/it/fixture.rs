//! A log with an executor and projectors, on a database of the test.

use domain::assistant::{Configuration, CreateAssistant, Status, Visibility};
use domain::conversation::{Parent, PostMessage, StartConversation};
use domain::response::{
    Answer, AnswerPart, Citation, EndResponse, FinishReason, Outcome, RequestResponse,
    StartResponse, Usage,
};
use domain::user::{Origin, RegisterUser, Role};
use eventstore::command::store::Store;
use eventstore::command::{Committed, Context, Execution, Executor, Step, step};
use eventstore::{Clock, Feed, Keys, Log, MasterKey, Writer};
use projections::projector::advance;
use projections::{EventSource, Projector, projectors};
use sqlx::PgPool;
use uuid::Uuid;

pub struct Fixture {
    pub pool: PgPool,
    pub source: EventSource,
    pub log: Log,
    pub master: MasterKey,
    pub executor: Executor,
}

impl Fixture {
    pub async fn new() -> Self {
        let pool = testing::database().await;
        let master = MasterKey::generate().unwrap();
        Log::initialise(&pool, &master, Uuid::new_v4())
            .await
            .unwrap();
        Self::open(pool, master).await
    }

    /// Opens the same log as another process, without shared state.
    pub async fn reopen(&self) -> Self {
        Self::open(self.pool.clone(), self.master.clone()).await
    }

    async fn open(pool: PgPool, master: MasterKey) -> Self {
        let log = Log::open(&pool, &master).await.unwrap();
        let keys = Keys::new(pool.clone(), log.id, &master);
        let (feed, committed) = Feed::start(pool.clone(), log, None).await.unwrap();
        let writer = Writer::start(pool.clone(), log, committed);
        let executor = Executor::new(Store::new(
            pool.clone(),
            log,
            keys.clone(),
            writer,
            Clock::system(),
        ));
        let source = EventSource {
            pool: pool.clone(),
            log,
            keys,
            feed,
        };
        Self {
            pool,
            source,
            log,
            master,
            executor,
        }
    }

    pub async fn execute(&self, steps: Vec<Box<dyn Step>>) -> Committed {
        let execution = Execution::new(Context::system("test"), steps);
        self.executor.execute(execution).await.unwrap()
    }

    /// Projects all events into one view.
    pub async fn project(&self, projector: &dyn Projector) {
        while advance(&self.source, projector, None)
            .await
            .unwrap()
            .has_advanced
        {}
    }

    pub async fn project_all(&self) {
        for projector in projectors() {
            self.project(projector.as_ref()).await;
        }
    }

    pub async fn create_user(&self, name: &str) -> Uuid {
        let user_id = Uuid::now_v7();
        let command = RegisterUser {
            user_id,
            role: Role::User,
            email: Some(format!("{name}@example.org")),
            display_name: name.to_owned(),
            origin: Origin::Registration,
        };
        self.execute(vec![step(user_id, None, command)]).await;
        user_id
    }

    /// Creates a conversation with a question and a completed answer.
    pub async fn create_conversation(&self, owner_id: Uuid) -> Uuid {
        let [
            conversation_id,
            message_id,
            answer_id,
            response_id,
            assistant_id,
        ] = std::array::from_fn(|_| Uuid::now_v7());
        let assistant = CreateAssistant {
            owner: None,
            configuration: Configuration::parse(assistant_id, "A", "d", "i").unwrap(),
            visibility: Visibility::Private,
            status: Status::Active,
            is_default: false,
        };
        let start = StartConversation {
            conversation_id,
            owner_id,
            title: Some("Title".into()),
            assistant_id,
            model: None,
            hidden: false,
        };
        let post = PostMessage {
            conversation_id,
            actor: owner_id,
            message_id,
            parent: Parent::Leaf,
            content: "Question".into(),
            attachments: vec![],
            answer: Some((answer_id, response_id)),
        };
        let request = RequestResponse {
            conversation_id,
            prompt_message_id: message_id,
            message_id: answer_id,
            requested_by: owner_id,
            assistant_id,
            assistant_version: 1,
            model: "builtin/guide".into(),
            context_window: None,
        };
        let end = EndResponse {
            attempt: 1,
            calls: vec![],
            outcome: Outcome::Completed {
                answer: Answer {
                    parts: vec![AnswerPart::Text {
                        text: "Answer".into(),
                    }],
                    citations: vec![Citation {
                        number: 1,
                        title: "t".into(),
                        quote: "q".into(),
                        location: "/l".into(),
                    }],
                },
                finish_reason: FinishReason::Stop,
                usage: Usage::default(),
            },
        };
        let steps = vec![
            step(assistant_id, None, assistant),
            step(conversation_id, None, start),
            step(conversation_id, None, post),
            step(response_id, None, request),
            step(
                response_id,
                None,
                StartResponse {
                    attempt: 1,
                    passages: vec![],
                },
            ),
            step(response_id, None, end),
        ];
        self.execute(steps).await;
        conversation_id
    }
}
