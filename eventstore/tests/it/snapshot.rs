//! Loading from a snapshot gives the same state as folding all events.

use std::time::Duration;

use domain::conversation::{Conversation, Parent, PostMessage, StartConversation};
use eventstore::command::{Context, Execution, LoadedAggregate, step, step_on_new};
use serde_json::Value;
use uuid::Uuid;

use crate::fixture::Fixture;

const PATIENCE: Duration = Duration::from_mins(1);

struct Talk {
    fixture: Fixture,
    id: Uuid,
    owner_id: Uuid,
}

impl Talk {
    async fn begin() -> Self {
        let fixture = Fixture::new().await;
        let [id, owner_id] = [Uuid::now_v7(), Uuid::now_v7()];
        fixture.register(owner_id).await;
        let start = StartConversation {
            conversation_id: id,
            owner_id,
            title: Some("Talk".into()),
            assistant_id: Uuid::now_v7(),
            model: None,
            hidden: false,
        };
        fixture.execute(step_on_new(id, start)).await.unwrap();
        Self {
            fixture,
            id,
            owner_id,
        }
    }

    /// Posts a number of messages in one command.
    async fn post(&self, messages: usize) {
        let posts = (0..messages).map(|_| {
            let post = PostMessage {
                conversation_id: self.id,
                actor: self.owner_id,
                message_id: Uuid::now_v7(),
                parent: Parent::Leaf,
                content: "More.".into(),
                attachments: vec![],
                answer: None,
            };
            step(self.id, None, post)
        });
        let posts = Execution::new(Context::system("test"), posts.collect());
        self.fixture.executor.execute(posts).await.unwrap();
    }

    async fn load(&self) -> LoadedAggregate<Conversation> {
        self.fixture.store.load(self.id).await.unwrap()
    }

    async fn change_snapshot(&self, sql: &str) {
        let changed = sqlx::query(sql).execute(&self.fixture.pool).await.unwrap();
        assert_eq!(changed.rows_affected(), 1);
    }
}

fn state(loaded: &LoadedAggregate<Conversation>) -> (i64, Value) {
    let state = serde_json::to_value(&loaded.aggregate).unwrap();
    (loaded.version, state)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_gives_the_same_state_as_all_events() {
    let talk = Talk::begin().await;
    talk.post(998).await;
    assert_eq!(talk.load().await.snapshot, 0);
    talk.post(1).await;
    assert_eq!(talk.load().await.snapshot, 1_000);
    talk.post(5).await;
    let short = talk.load().await;
    assert_eq!((short.version, short.snapshot), (1_005, 1_000));

    talk.change_snapshot("update snapshots set state = state || '\\x00'")
        .await;
    let damaged = talk.load().await;
    talk.change_snapshot("update snapshots set form = 0").await;
    let of_another_form = talk.load().await;
    talk.change_snapshot("delete from snapshots").await;
    let folded = talk.load().await;
    assert_eq!(state(&short), state(&folded));
    assert_eq!(state(&damaged), state(&folded));
    assert_eq!(state(&of_another_form), state(&folded));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aggregate_that_grows_in_the_cache_gets_snapshots() {
    let talk = Talk::begin().await;
    talk.post(1_200).await;
    talk.post(1).await;
    let appears = async {
        let pool = &talk.fixture.pool;
        while sqlx::query("select from snapshots where sequence > 1000")
            .fetch_optional(pool)
            .await
            .unwrap()
            .is_none()
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, appears).await.unwrap();
}
