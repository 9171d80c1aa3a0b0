//! A private cluster with the settings of the product, and a log on it.

use std::sync::Arc;

use domain::conversation::{Parent, PostMessage, StartConversation};
use domain::response::{
    Answer, AnswerPart, EndResponse, FinishReason, Outcome, RequestResponse, StartResponse, Usage,
};
use domain::user::{Origin, RegisterUser, Role};
use eventstore::command::store::Store;
use eventstore::command::{Context, Execution, Executor, Step, step, step_on_new};
use eventstore::{Clock, Feed, Keys, Log, MasterKey, Writer};
use futures_util::{StreamExt, TryStreamExt, stream};
use local_postgres::{Cluster, Options, service_identity};
use projections::EventSource;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use uuid::Uuid;

const QUESTION: &str =
    "How does a view that was lost come back, and what do readers see in the meantime?";

/// A temporary cluster with durability on, as in production.
pub(crate) struct TestCluster {
    pub postgres: Cluster,
    _folder: tempfile::TempDir,
}

impl TestCluster {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        if let Some(user) = service_identity() {
            std::os::unix::fs::lchown(folder.path(), Some(user.uid), Some(user.gid))?;
        }
        let postgres = Cluster::open(&Options {
            folder: folder.path().join("postgres"),
            extra_binaries: testing::tools(),
            run_as: service_identity(),
            settings: vec!["max_connections=400".to_owned()],
            ..Options::default()
        })?;
        Ok(Self {
            postgres,
            _folder: folder,
        })
    }

    /// Creates a migrated database with an empty log.
    pub(crate) async fn create_log(&self, name: &str) -> anyhow::Result<Bench> {
        let admin = testing::connect_options(&self.postgres, "postgres");
        let admin = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(admin)
            .await?;
        sqlx::query(&format!("create database {name}"))
            .execute(&admin)
            .await?;
        let options = testing::connect_options(&self.postgres, name);
        let pool = PgPoolOptions::new()
            .max_connections(24)
            .connect_with(options)
            .await?;
        eventstore::MIGRATIONS.run(&pool).await?;
        let master = MasterKey::generate()?;
        Log::initialise(&pool, &master, Uuid::new_v4()).await?;
        let log = Log::open(&pool, &master).await?;
        let keys = Keys::new(pool.clone(), log.id, &master);
        let (feed, committed) = Feed::start(pool.clone(), log, None).await?;
        let writer = Writer::start(pool.clone(), log, committed);
        let store = Store::new(pool.clone(), log, keys, writer, Clock::system());
        let executor = Executor::new(store.clone());
        Ok(Bench {
            pool,
            log,
            feed,
            master: Arc::new(master),
            store,
            executor,
        })
    }
}

/// A log with its executor.
#[derive(Clone)]
pub(crate) struct Bench {
    pub pool: PgPool,
    pub log: Log,
    feed: Feed,
    pub master: Arc<MasterKey>,
    pub store: Store,
    executor: Executor,
}

impl Bench {
    /// The log as a new process sees it, with no key cached.
    pub(crate) fn source(&self) -> EventSource {
        EventSource {
            pool: self.pool.clone(),
            log: self.log,
            keys: Keys::new(self.pool.clone(), self.log.id, &self.master),
            feed: self.feed.clone(),
        }
    }

    pub(crate) async fn execute(&self, steps: Vec<Box<dyn Step>>) -> anyhow::Result<()> {
        let execution = Execution::new(Context::system("bench"), steps);
        self.executor.execute(execution).await?;
        Ok(())
    }

    pub(crate) async fn create_user(&self) -> anyhow::Result<Uuid> {
        let user_id = Uuid::now_v7();
        let command = RegisterUser {
            user_id,
            role: Role::User,
            email: Some(format!("{user_id}@example.org")),
            display_name: "Bench".to_owned(),
            origin: Origin::Registration,
        };
        self.execute(vec![step(user_id, None, command)]).await?;
        Ok(user_id)
    }

    /// Starts an empty conversation.
    pub(crate) async fn start_conversation(&self, owner_id: Uuid) -> anyhow::Result<Uuid> {
        let id = Uuid::now_v7();
        let start = step_on_new(id, start_command(id, owner_id));
        self.execute(vec![start]).await?;
        Ok(id)
    }

    /// Posts a message without an answer: one event.
    pub(crate) async fn post(&self, conversation_id: Uuid, owner_id: Uuid) -> anyhow::Result<()> {
        self.post_many(conversation_id, owner_id, 1).await
    }

    /// Posts several messages in one command.
    pub(crate) async fn post_many(
        &self,
        conversation_id: Uuid,
        owner_id: Uuid,
        count: usize,
    ) -> anyhow::Result<()> {
        let posts = (0..count).map(|_| {
            let post = PostMessage {
                conversation_id,
                actor: owner_id,
                message_id: Uuid::now_v7(),
                parent: Parent::Leaf,
                content: QUESTION.into(),
                attachments: vec![],
                answer: None,
            };
            step(conversation_id, None, post)
        });
        self.execute(posts.collect()).await
    }

    /// Creates conversations of five messages with answers, of about 31 events each.
    pub(crate) async fn fill(&self, owner_id: Uuid, conversations: usize) -> anyhow::Result<()> {
        stream::iter(0..conversations)
            .map(|_| self.create_conversation(owner_id))
            .buffer_unordered(256)
            .try_collect()
            .await
    }

    async fn create_conversation(&self, owner_id: Uuid) -> anyhow::Result<()> {
        let id = self.start_conversation(owner_id).await?;
        for _ in 0..5 {
            self.ask_and_answer(id, owner_id).await?;
        }
        Ok(())
    }

    async fn ask_and_answer(&self, conversation_id: Uuid, owner_id: Uuid) -> anyhow::Result<()> {
        let [message_id, answer_id, response_id, assistant_id] =
            std::array::from_fn(|_| Uuid::now_v7());
        let post = PostMessage {
            conversation_id,
            actor: owner_id,
            message_id,
            parent: Parent::Leaf,
            content: QUESTION.into(),
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
        let outcome = Outcome::Completed {
            answer: Answer {
                parts: vec![AnswerPart::Text {
                    text: "It is rebuilt from the log, beside the rows that readers see. "
                        .repeat(4),
                }],
                citations: Vec::new(),
            },
            finish_reason: FinishReason::Stop,
            usage: Usage::default(),
        };
        let start = StartResponse {
            attempt: 1,
            passages: vec![],
        };
        let end = EndResponse {
            attempt: 1,
            outcome,
            calls: vec![],
        };
        self.execute(vec![
            step(conversation_id, None, post),
            step(response_id, None, request),
        ])
        .await?;
        self.execute(vec![step(response_id, None, start)]).await?;
        self.execute(vec![step(response_id, None, end)]).await
    }
}

fn start_command(conversation_id: Uuid, owner_id: Uuid) -> StartConversation {
    StartConversation {
        conversation_id,
        owner_id,
        title: None,
        assistant_id: Uuid::now_v7(),
        model: None,
        hidden: false,
    }
}
