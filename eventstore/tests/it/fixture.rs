//! A log with its writer and executor, in a separate database per test.

use domain::user::{ChangeDisplayName, Origin, RegisterUser, Role};
use eventstore::append::{SideWrite, SideWriteError};
use eventstore::command::store::Store;
use eventstore::command::{Committed, Context, Execution, Executor, ExecutorError, Step, step};
use eventstore::{Clock, Feed, Keys, Log, MasterKey, Writer};
use futures_util::future::BoxFuture;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

pub const LOG_ID: Uuid = Uuid::from_u128(0x3f2b_8c1e_5d0a_4c7b_9e61_2a8f_40d7_c915);

/// A write beside the events of a command: a statement, then perhaps a refusal.
pub struct TestWrite {
    pub statement: String,
    pub refusal: Option<&'static str>,
}

impl TestWrite {
    pub fn new(statement: impl Into<String>) -> Self {
        Self {
            statement: statement.into(),
            refusal: None,
        }
    }
}

impl SideWrite for TestWrite {
    fn write<'a>(
        &'a self,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<(), SideWriteError>> {
        Box::pin(async move {
            sqlx::query(&self.statement).execute(connection).await?;
            self.refusal
                .map_or(Ok(()), |code| Err(SideWriteError::Refused(code)))
        })
    }
}

pub struct Fixture {
    pub pool: PgPool,
    pub log: Log,
    pub keys: Keys,
    pub feed: Feed,
    pub store: Store,
    pub executor: Executor,
}

pub fn master() -> MasterKey {
    MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap()
}

impl Fixture {
    pub async fn new() -> Self {
        let pool = testing::database().await;
        Log::initialise(&pool, &master(), LOG_ID).await.unwrap();
        Self::open(pool).await
    }

    /// Another process on the same log.
    pub async fn open(pool: PgPool) -> Self {
        Self::with_writer(pool.clone(), pool).await
    }

    /// A fixture whose writer uses a separate pool.
    pub async fn with_writer(pool: PgPool, writers: PgPool) -> Self {
        let log = Log::open(&pool, &master()).await.unwrap();
        let keys = Keys::new(pool.clone(), log.id, &master());
        let (feed, committed) = Feed::start(pool.clone(), log, None).await.unwrap();
        let writer = Writer::start(writers, log, committed);
        let store = Store::new(pool.clone(), log, keys.clone(), writer, Clock::system());
        let executor = Executor::new(store.clone());
        Self {
            pool,
            log,
            keys,
            feed,
            store,
            executor,
        }
    }

    pub async fn execute(&self, step: Box<dyn Step>) -> Result<Committed, ExecutorError> {
        self.executor
            .execute(Execution::new(Context::system("test"), vec![step]))
            .await
    }

    pub async fn register(&self, user_id: Uuid) -> Committed {
        self.execute(register(user_id, "Ada")).await.unwrap()
    }

    pub async fn rename(
        &self,
        user_id: Uuid,
        expected: Option<i64>,
    ) -> Result<Committed, ExecutorError> {
        self.execute(step(
            user_id,
            expected,
            ChangeDisplayName {
                user_id,
                display_name: "Countess".into(),
            },
        ))
        .await
    }
}

pub fn register(user_id: Uuid, name: &str) -> Box<dyn Step> {
    step(
        user_id,
        None,
        RegisterUser {
            user_id,
            role: Role::User,
            email: Some(format!("{user_id}@example.org")),
            display_name: name.into(),
            origin: Origin::Registration,
        },
    )
}
