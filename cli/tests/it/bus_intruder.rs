//! Somebody on the bus who is no part of the installation, against the whole product.

use std::time::Duration;

use eventstore::{Log, RecordedEvent};
use reqwest::Method;
use serde_json::{Value, json};
use testing::{NatsServer, Stranger};
use uuid::Uuid;

use crate::program::{Installation, Server, ok};
use crate::site::Site;

const PATIENCE: Duration = Duration::from_mins(1);

fn start(nats_url: &str) -> (Site, Server) {
    let installation = Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
    ok(&installation.run(&["database", "migrate"]));
    installation.create_admin("correct horse");
    let roles = ["api", "projector", "relay", "responder", "indexer"];
    let server = installation.node("all", &roles, nats_url);
    let urls = [server.url.clone(), server.url.clone()];
    (Site::new(installation, urls, String::new()), server)
}

/// The next event on the bus, and the log that it is of.
async fn next_event(stranger: &mut Stranger) -> (RecordedEvent, Uuid) {
    loop {
        let overheard = stranger.next().await;
        let line: Value = serde_json::from_slice(&overheard.body).unwrap_or_default();
        let source = overheard.headers.split_once("/convosphere/");
        if let (Some(event), Some((_, id))) = (RecordedEvent::from_line(&line), source) {
            return (event, id[..36].parse().unwrap());
        }
    }
}

/// What `role_changed` would look like, if the installation had said it.
fn promotion(log_id: Uuid, last: &RecordedEvent, user: &str, sequence: i64) -> RecordedEvent {
    let mut forged = RecordedEvent {
        position: last.position + 1,
        event_id: Uuid::now_v7(),
        command_id: Uuid::now_v7(),
        aggregate_type: "user".into(),
        aggregate_id: user.into(),
        sequence,
        scope: user.into(),
        event_type: "role_changed".into(),
        event_version: "1".into(),
        metadata: r#"{"actor":{"kind":"system","id":"x"}}"#.into(),
        payload: r#"{"role":"admin"}"#.into(),
        ..last.clone()
    };
    forged.hash = forged
        .expected_hash(&Log::from_id(log_id), &last.hash)
        .to_vec();
    forged
}

#[tokio::test(flavor = "multi_thread")]
async fn who_can_publish_on_the_bus_does_not_become_an_administrator() {
    let nats = NatsServer::start();
    let (site, _server) = tokio::task::block_in_place(|| start(&nats.url()));
    let mut stranger = Stranger::connect(&nats.url()).await;
    let account =
        json!({"email": "mallory@example.org", "password": "correct horse", "display_name": "M"});
    let answer = site.send(0, Method::POST, "auth/register", "", Some(account), &[]);
    let mallory = site.person(&answer.await);
    for attempt in 0..20 {
        // Something of the installation's own, so that the end of the log is known.
        let title = json!({"title": format!("Attempt {attempt}")});
        let made = mallory.post(0, "conversations", title).await;
        let position: i64 = made.position.parse().unwrap();
        let hearing = async {
            loop {
                let (event, id) = next_event(&mut stranger).await;
                if event.position >= position {
                    return (event, id);
                }
            }
        };
        let (last, log_id) = tokio::time::timeout(PATIENCE, hearing).await.unwrap();
        for sequence in [2, 3] {
            let forged = promotion(log_id, &last, &mallory.id, sequence);
            let source = format!("/convosphere/{log_id}");
            let id = forged.event_id.to_string();
            let headers = [("ce-source", source.as_str()), ("Nats-Msg-Id", &id)];
            let body = forged.to_line().to_string();
            let subject = "convosphere.events.user.role_changed";
            stranger.publish(subject, &headers, body.as_bytes()).await;
            while next_event(&mut stranger).await.0.event_id != forged.event_id {}
        }
        let account = json!({"email": format!("backdoor{attempt}@example.org"), "password": "correct horse battery",
                             "display_name": "b", "role": "admin"});
        let refused = site
            .send(
                0,
                Method::POST,
                "users",
                &mallory.access,
                Some(account),
                &[],
            )
            .await;
        assert_eq!(refused.status, 403);
        assert_eq!(mallory.get(0, "users").await.status, 403);
        assert_eq!(mallory.get(0, "users/me").await.body["role"], "user");
    }
    let verified =
        tokio::task::block_in_place(|| ok(&site.installation.run(&["events", "verify"])));
    assert!(verified.contains("in order"), "{verified}");
}
