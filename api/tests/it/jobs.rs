use serde_json::{Value, json};
use uuid::Uuid;

use crate::cases::World;
use crate::examples::{Recorder, id};
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::rights::Rule;
use crate::test_app::{Frame, Person, TestApp, next};

pub struct Jobs;

impl Feature for Jobs {
    fn rules(&self) -> Rules {
        &[
            (Rule::ANYONE, &["listJobs"]),
            (Rule::OWNER, &["getJob", "cancelJob", "streamJob"]),
        ]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            Some(match operation {
                "getJob" | "streamJob" => {
                    let job = start_job(&world.admin, "/events/verify").await;
                    world.request(operation, &[&job])
                }
                "cancelJob" => {
                    // No worker claims it, so it stays queued until it is cancelled.
                    let job = Uuid::now_v7();
                    sqlx::query(
                        "insert into jobs (id, kind, requested_by, unit, held_until)
                         values ($1, 'verify_events', $2::uuid, 'events', now() + interval '1 hour')",
                    )
                    .bind(job)
                    .bind(world.admin.id.parse::<Uuid>().unwrap())
                    .execute(&world.admin.app.app.pool)
                    .await
                    .unwrap();
                    world.request(operation, &[&job.to_string()])
                }
                _ => return None,
            })
        })
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let job = recorder.ids["backup job"].clone();
            let named = [job.as_str()];
            recorder.call("getJob", recorder.admin(&named)).await;
            recorder.stream("streamJob", recorder.admin(&named)).await;
            recorder.call("listJobs", recorder.admin(&[])).await;
            let mut attempts = 0;
            loop {
                let job = id(&recorder.call("verifyEvents", recorder.admin(&[])).await);
                // A short log may be verified before it is cancelled.
                if recorder
                    .try_call("cancelJob", recorder.admin(&[&job]))
                    .await
                {
                    break;
                }
                attempts += 1;
                assert!(attempts < 100, "no job could be cancelled");
            }
        })
    }
}

async fn start_job(ada: &Person<'_>, path: &str) -> String {
    let started = ada.post(path, json!({})).await;
    assert_eq!(started.status, 202, "{}", started.body);
    let location = started.header("location").to_owned();
    assert_eq!(location, format!("/api/v1/jobs/{}", started.id()));
    started.id()
}

async fn wait_for_end(ada: &Person<'_>, id: &str) -> Value {
    let mut frames = Box::pin(ada.frames(&format!("/jobs/{id}/stream"), None).await);
    let Frame { data, .. } = next(&mut frames, "job.ended").await;
    assert_eq!(ada.get(&format!("/jobs/{id}")).await.body, data);
    data
}

#[tokio::test]
async fn a_verification_reports_the_first_changed_position() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let whole = wait_for_end(&ada, &start_job(&ada, "/events/verify").await).await;
    assert_eq!(whole["status"], "completed", "{whole}");
    let events = whole["result"]["events"].as_i64().unwrap();
    assert!(events > 1 && whole["result"]["broken"].is_null());
    assert_eq!(whole["progress"]["done"], whole["progress"]["total"]);
    for statement in [
        "alter table events disable trigger all",
        "update events set event_type = 'role_changed' where position = 2",
    ] {
        sqlx::query(statement).execute(&app.app.pool).await.unwrap();
    }
    let broken = wait_for_end(&ada, &start_job(&ada, "/events/verify").await).await;
    assert_eq!(broken["result"]["broken"]["position"], 2, "{broken}");
    assert_eq!(broken["result"]["broken"]["reason"], "changed");
}

/// The chain of a truncated log is valid: only the anchors reveal the missing end.
#[tokio::test]
async fn a_verification_detects_a_truncated_log() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let seen = ada.get(&format!("/conversations/{conversation}")).await;
    assert_eq!(seen.status, 200);
    let position = app.app.feed.head();
    for statement in [
        "alter table events disable trigger all",
        "delete from events where position = (select max(position) from events)",
    ] {
        sqlx::query(statement).execute(&app.app.pool).await.unwrap();
    }
    let cut = wait_for_end(&ada, &start_job(&ada, "/events/verify").await).await;
    let broken = &cut["result"]["broken"];
    assert_eq!(broken["position"], position, "{cut}");
    assert_eq!(broken["reason"], "cut");
    assert!(broken["detail"].as_str().unwrap().contains("cut off"));
}

#[tokio::test]
async fn a_read_model_is_rebuilt_on_request() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let job = wait_for_end(
        &ada,
        &start_job(&ada, "/projections/conversations/rebuild").await,
    )
    .await;
    assert_eq!(
        (job["status"].as_str(), job["subject"].as_str()),
        (Some("completed"), Some("conversations"))
    );
    assert_eq!(
        ada.get(&format!("/conversations/{conversation}"))
            .await
            .status,
        200
    );
    let unknown = ada.post("/projections/nothing/rebuild", json!({})).await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn a_job_is_visible_only_to_its_requester_and_ends_once() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let id = start_job(&ada, "/events/verify").await;
    wait_for_end(&ada, &id).await;
    let job = format!("/jobs/{id}");
    assert_eq!(bob.get(&job).await.status, 404);
    assert_eq!(bob.get(&format!("{job}/stream")).await.status, 404);
    assert_eq!(
        bob.post(&format!("{job}/cancel"), json!({})).await.status,
        404
    );
    assert_eq!(bob.get("/jobs").await.body["items"], json!([]));
    assert_eq!(ada.get("/jobs").await.body["items"][0]["id"], id);
    let late = ada.post(&format!("{job}/cancel"), json!({})).await;
    assert_eq!(late.code(), (409, "already_ended"));
    for path in ["/events/verify", "/projections/users/rebuild"] {
        assert_eq!(bob.post(path, json!({})).await.status, 403, "{path}");
    }
}
