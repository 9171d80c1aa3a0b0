//! The product as separate processes over NATS: the same journeys as in one process.

use eventsource_stream::{Event, Eventsource};
use futures_util::{Stream, StreamExt};
use reqwest::Client;
use serde_json::{Value, json};
use testing::NatsServer;

use crate::program::{Installation, PATIENCE, Server, ok};

struct Cluster {
    installation: Installation,
    _nats: NatsServer,
    apis: [Server; 2],
    _workers: Vec<Server>,
    http: Client,
}

impl Cluster {
    fn start() -> Self {
        let nats = NatsServer::start();
        let installation = Installation::external();
        ok(&installation.run(&["database", "migrate"]));
        let node = |name: &str, role: &str| installation.node(name, &[role], &nats.url());
        let workers = ["projector", "indexer", "responder", "relay"];
        Self {
            _workers: workers.iter().map(|role| node(role, role)).collect(),
            apis: [node("api-1", "api"), node("api-2", "api")],
            http: Client::builder().no_proxy().build().unwrap(),
            _nats: nats,
            installation,
        }
    }

    async fn post(&self, node: usize, path: &str, access: &str, body: Value) -> Value {
        let request = self
            .http
            .post(format!("{}/api/v1/{path}", self.apis[node].url));
        let answer = request
            .bearer_auth(access)
            .json(&body)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn get(&self, node: usize, path: &str, access: &str) -> Value {
        let request = self
            .http
            .get(format!("{}/api/v1/{path}", self.apis[node].url));
        let answer = request.bearer_auth(access).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    async fn stream(
        &self,
        node: usize,
        conversation: &str,
        access: &str,
    ) -> impl Stream<Item = Event> + Unpin + use<> {
        let url = format!(
            "{}/api/v1/conversations/{conversation}/stream",
            self.apis[node].url
        );
        let answer = self.http.get(url).bearer_auth(access).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        Box::pin(answer.bytes_stream().eventsource().map(Result::unwrap))
    }
}

/// Takes frames until one of the given name, and tells what the deltas before it said.
async fn until(frames: &mut (impl Stream<Item = Event> + Unpin), name: &str) -> (String, Value) {
    let mut said = String::new();
    let waiting = async {
        while let Some(frame) = frames.next().await {
            let data: Value = serde_json::from_str(&frame.data).unwrap_or_default();
            match frame.event.as_str() {
                "response.delta" => said.push_str(data["text"].as_str().unwrap()),
                "response.snapshot" => data["text"].as_str().unwrap().clone_into(&mut said),
                _ => {}
            }
            if frame.event == name {
                return data;
            }
        }
        panic!("the stream ended before {name}");
    };
    let data = tokio::time::timeout(PATIENCE, waiting).await.unwrap();
    (said, data)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_across_nodes_reads_like_one_on_a_single_node() {
    let cluster = tokio::task::spawn_blocking(Cluster::start).await.unwrap();
    let password = "correct horse";
    tokio::task::block_in_place(|| cluster.installation.create_admin(password));
    let login = json!({"email": "ada@example.org", "password": password});
    let access = cluster.post(0, "auth/login", "", login).await["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let conversation = cluster.post(0, "conversations", &access, json!({})).await;
    let id = conversation["id"].as_str().unwrap();
    // Two clients, one on each node; the question goes to the first, the answer comes from a third process.
    let mut here = cluster.stream(0, id, &access).await;
    let mut there = cluster.stream(1, id, &access).await;
    until(&mut here, "stream.caught_up").await;
    until(&mut there, "stream.caught_up").await;
    let question = json!({"content": "Where does my data lie?"});
    let posted = cluster
        .post(
            0,
            &format!("conversations/{id}/messages"),
            &access,
            question,
        )
        .await;
    let (_, completed) = until(&mut here, "response.completed").await;
    let (_, also) = until(&mut there, "response.completed").await;
    let text = completed["message"]["content"].as_str().unwrap();
    assert!(text.contains("All data lies in one folder"), "{text}");
    assert_eq!(completed, also);
    assert_eq!(completed["response"]["id"], posted["response"]["id"]);
    // A read on the other node shows it as well.
    let path = format!("conversations/{id}/messages");
    let messages = cluster.get(1, &path, &access).await;
    assert_eq!(
        messages["items"][0]["content"],
        completed["message"]["content"]
    );
    // And it is found, once the indexer has seen it.
    let mut found = Value::Null;
    while found["items"][0]["conversation_id"] != conversation["id"] {
        found = cluster
            .get(1, "search?q=folder&kind=message", &access)
            .await;
    }
    let verified =
        tokio::task::block_in_place(|| ok(&cluster.installation.run(&["events", "verify"])));
    assert!(verified.contains("in order"), "{verified}");
}
