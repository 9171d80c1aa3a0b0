//! Events of earlier versions: a log that contains them is read, continued, verified and rebuilt.

use domain::assistant::Editor;
use domain::group::{AddMember, CreateGroup, GroupDetails};
use domain::user::Role;
use eventstore::ExecutorError;
use eventstore::command::StagedEvent;
use eventstore::command::store::Store;
use eventstore::command::{Decisions, Step, step};
use eventstore::log::verify::verify;
use futures_util::future::BoxFuture;
use projections::group::queries::{self, GroupReader};
use projections::projectors;
use projections::rebuild::{digest, rebuild};
use serde_json::json;
use uuid::Uuid;

use crate::fixture::Fixture;

/// Writes what a program that knew only version 1 of `group_described` wrote.
struct DescribeAsBefore {
    group: Uuid,
    details: GroupDetails,
}

impl Step for DescribeAsBefore {
    fn decide<'a>(
        &'a self,
        _: &'a Store,
        _: bool,
        decided: &'a mut Decisions,
    ) -> BoxFuture<'a, Result<(), ExecutorError>> {
        decided.staged.push(StagedEvent {
            event_id: Uuid::now_v7(),
            aggregate_type: "group",
            aggregate_id: self.group.to_string(),
            sequence: 2,
            scope: self.group.to_string(),
            event_type: "group_described".to_owned(),
            event_version: "1".to_owned(),
            payload: json!({"naming": self.details}),
        });
        Box::pin(async { Ok(()) })
    }

    fn lock_key(&self) -> Option<(&'static str, Uuid)> {
        Some(("group", self.group))
    }

    fn expects_version(&self) -> bool {
        false
    }
}

#[tokio::test]
async fn an_event_of_an_earlier_version_is_read_as_the_current_one() {
    let fixture = Fixture::new().await;
    let (group, user_id) = (Uuid::now_v7(), fixture.create_user("max").await);
    let role = Role::Manager;
    let editor = Editor { user_id, role };
    let create = CreateGroup {
        editor,
        details: GroupDetails::parse(group, "New", "").unwrap(),
    };
    fixture.execute(vec![step(group, None, create)]).await;
    let describe = DescribeAsBefore {
        group,
        details: GroupDetails::parse(group, "Legal", "Contracts").unwrap(),
    };
    fixture.execute(vec![Box::new(describe)]).await;

    // Another process continues the group.
    let fixture = fixture.reopen().await;
    let join = AddMember {
        editor,
        user_id,
        role,
    };
    fixture.execute(vec![step(group, None, join)]).await;
    assert_eq!(stored_versions(&fixture).await, ["2", "1", "1"]);
    let verified = verify(&fixture.pool, &fixture.log, |_| ()).await.unwrap();
    assert_eq!((verified.events, verified.broken), (4, None));

    // Its text was sealed under its earlier name.
    fixture.project_all().await;
    let reader = GroupReader {
        id: user_id,
        manages_groups: true,
    };
    let view = queries::find(&fixture.pool, reader, group).await.unwrap();
    let view = view.unwrap();
    assert_eq!((view.name.as_str(), view.members), ("Legal", 1));
    assert_eq!(view.description, "Contracts");
    for projector in projectors() {
        let live = digest(&fixture.pool, projector.as_ref()).await.unwrap();
        rebuild(&fixture.source, projector.as_ref(), |_| ())
            .await
            .unwrap();
        let rebuilt = digest(&fixture.pool, projector.as_ref()).await.unwrap();
        assert_eq!(rebuilt, live, "{}", projector.name());
    }
}

async fn stored_versions(fixture: &Fixture) -> Vec<String> {
    sqlx::query_scalar(
        "select event_version from events where aggregate_type = 'group' order by position",
    )
    .fetch_all(&fixture.pool)
    .await
    .unwrap()
}
