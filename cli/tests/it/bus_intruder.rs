//! An attacker with access to NATS publishes forged events.

use std::time::Duration;

use eventstore::{Log, RecordedEvent};
use reqwest::Method;
use serde_json::{Value, json};
use testing::{NatsClient, NatsServer};
use uuid::Uuid;

use crate::program::{Installation, Server, ok};
use crate::site::Site;

const TIME_LIMIT: Duration = Duration::from_mins(1);

fn start(nats_url: &str) -> (Site, Server) {
    let installation = Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
    ok(&installation.run(&["database", "migrate"]));
    installation.create_admin("correct horse");
    let roles = ["api", "projector", "relay", "responder", "indexer"];
    let server = installation.node("all", &roles, nats_url);
    let urls = [server.url.clone(), server.url.clone()];
    (Site::new(installation, urls, String::new()), server)
}

/// The next event on the bus and the id of its log.
async fn next_event(stranger: &mut NatsClient) -> (RecordedEvent, Uuid) {
    loop {
        let message = stranger.next().await;
        let line: Value = serde_json::from_slice(&message.body).unwrap_or_default();
        let source = message.headers.split_once("/convosphere/");
        if let (Some(event), Some((_, id))) = (RecordedEvent::from_line(&line), source) {
            return (event, id[..36].parse().unwrap());
        }
    }
}

/// A forged `role_changed` event with a valid hash.
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
async fn forged_events_on_the_bus_do_not_grant_the_admin_role() {
    let nats = NatsServer::start();
    let (site, _server) = tokio::task::block_in_place(|| start(&nats.url()));
    let mut stranger = NatsClient::connect(&nats.url()).await;
    let account =
        json!({"email": "mallory@example.org", "password": "correct horse", "display_name": "M"});
    let answer = site.send(0, Method::POST, "auth/register", "", Some(account), &[]);
    let mallory = site.person(&answer.await);
    for attempt in 0..20 {
        // Write a genuine event, to learn the end of the log from the bus.
        let title = json!({"title": format!("Attempt {attempt}")});
        let made = mallory.post(0, "conversations", title).await;
        let position: i64 = made.position.parse().unwrap();
        let listening = async {
            loop {
                let (event, id) = next_event(&mut stranger).await;
                if event.position >= position {
                    return (event, id);
                }
            }
        };
        let (last, log_id) = tokio::time::timeout(TIME_LIMIT, listening).await.unwrap();
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
