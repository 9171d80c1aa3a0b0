//! Requests for every operation of the contract.

use std::collections::HashMap;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::conformance::contract;
use crate::knowledge::process_any;
use crate::test_app::{Person, upload};

/// A valid body for an operation, if it has one: the example of the contract, unless the entry here is more useful.
pub fn body(operation: &str) -> Option<Value> {
    Some(match operation {
        "setUp" => {
            json!({"token": "x", "email": "x@x.org", "password": "correct horse", "display_name": "X"})
        }
        "register" => {
            json!({"email": "no address", "password": "correct horse", "display_name": "X"})
        }
        "login" => json!({"email": "nobody@x.org", "password": "correct horse"}),
        "refresh" => json!({"refresh_token": "none"}),
        "updateMe" => json!({"display_name": "Me"}),
        "updatePreferences" => json!({"theme": "dark"}),
        // An unknown message; the owner of the conversation sends another one.
        "moveReadMarker" => json!({"message_id": "00000000-0000-0000-0000-000000000000"}),
        "giveFeedback" => json!({"rating": "up"}),
        "changePassword" => {
            json!({"current_password": "correct horse", "new_password": "correct horse"})
        }
        "createAssistant" | "updateAssistant" => json!({"name": "Poet"}),
        "createKnowledgeBase" | "updateKnowledgeBase" => json!({"name": "Handbook"}),
        "addMember" => json!({"email": "sue@example.org"}),
        "searchKnowledge" => json!({"query": "sea"}),
        "createConversation" | "updateConversation" => json!({"title": "Sea"}),
        "postMessage" => json!({"content": "x", "respond": false}),
        "editMessage" => json!({"content": "Where does my data lie?"}),
        "regenerateAnswer" | "updateUser" | "resetPassword" => json!({}),
        "createProvider" => {
            json!({"name": "x", "kind": "openai_compatible", "base_url": "http://127.0.0.1:1"})
        }
        "updateProvider" => json!({"base_url": "http://127.0.0.1:1"}),
        "updateSettings" => json!({"default_model": null}),
        "createUser" => {
            json!({"email": "", "password": "correct horse", "display_name": "X", "role": "user"})
        }
        _ => return example(operation),
    })
}

fn example(operation: &str) -> Option<Value> {
    let pointer = "/requestBody/content/application~1json/example";
    let operations = contract()["paths"].as_object()?.values();
    let mut operations = operations.flat_map(|methods| methods.as_object().unwrap().values());
    let found = operations.find(|found| found["operationId"] == operation)?;
    found.pointer(pointer).cloned()
}

/// Operations that upload a file.
const UPLOADS: [&str; 3] = ["uploadFile", "addDocument", "replaceDocument"];

/// One operation of the contract.
pub struct Operation {
    pub name: String,
    pub method: Method,
    path: String,
}

/// All operations of the contract.
pub fn operations() -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, methods) in contract()["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            found.push(Operation {
                name: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.strip_prefix("/api/v1").unwrap().to_owned(),
            });
        }
    }
    found
}

impl Operation {
    /// A request for an object.
    pub fn request(
        &self,
        id: &str,
        ask: impl Fn(Method, &str) -> RequestBuilder,
    ) -> RequestBuilder {
        let path = self
            .path
            .replace("{id}", id)
            .replace("{aggregate_id}", id)
            .replace("{user_id}", id)
            .replace("{name}", "users")
            .replace("{n}", "1");
        let query = match self.name.as_str() {
            "search" => "?q=sea",
            _ => "",
        };
        let request = ask(self.method.clone(), &format!("{path}{query}"));
        if self.name == "startImport" {
            return request.json(&json!({"file_id": id}));
        }
        match body(&self.name) {
            Some(body) => request.json(&body),
            None if UPLOADS.contains(&self.name.as_str()) => {
                upload(request, "sea.txt", b"The sea.")
            }
            None => request,
        }
    }

    /// The path of the collection of the operation's object.
    pub fn collection(&self) -> &str {
        self.path.split("/{").next().unwrap()
    }

    /// The kind of object: the first segment of the path.
    pub fn area(&self) -> &str {
        match self.name.as_str() {
            "regenerateAnswer" | "giveFeedback" => "answers",
            "endSession" => "sessions",
            "startImport" => "files",
            _ => self.path.split('/').nth(1).unwrap(),
        }
    }
}

/// Sends a request and returns status and error, without fields that identify the request.
pub async fn try_request(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    if response.status().is_success() {
        return (status, Value::Null);
    }
    let mut body: Value = response.json().await.unwrap();
    for field in ["request_id", "instance"] {
        body.as_object_mut().unwrap().remove(field);
    }
    (status, body)
}

/// Creates one object of every kind.
pub async fn create_objects(ada: &Person<'_>, admin: &Person<'_>) -> HashMap<&'static str, String> {
    let conversation = ada.conversation().await;
    let (exchange, _) = ada.ask(&conversation, "Where does my data lie?").await;
    let id = |kind: &str| exchange[kind]["id"].as_str().unwrap().to_owned();
    let assistant = ada.post("/assistants", json!({"name": "Mine"})).await.id();
    let email = ada.get("/users/me").await.body["email"].clone();
    let login = json!({"email": email, "password": "correct horse"});
    let other = Person::new(ada.app, &ada.app.post("/api/v1/auth/login", login).await);
    let sessions = other.get("/auth/sessions").await.body["items"].clone();
    let current = |session: &&Value| session["current"] == true;
    let session = sessions.as_array().unwrap().iter().find(current).unwrap()["id"].clone();
    let file = ada.upload("/files", "own.txt", b"Mine.").await.id();
    let base = json!({"name": "Handbook"});
    let base = ada.post("/knowledge-bases", base).await.id();
    let path = format!("/knowledge-bases/{base}/documents");
    let document = ada.upload(&path, "rules.txt", b"Rules.").await.id();
    process_any(ada, &document).await;
    let group = admin.post("/groups", json!({"name": "Legal"})).await.id();
    HashMap::from([
        ("groups", group),
        ("files", file),
        ("knowledge-bases", base),
        ("documents", document),
        ("conversations", conversation),
        ("messages", id("message")),
        (
            "answers",
            exchange["response"]["message_id"]
                .as_str()
                .unwrap()
                .to_owned(),
        ),
        ("responses", id("response")),
        ("assistants", assistant),
        ("sessions", session.as_str().unwrap().to_owned()),
        ("jobs", admin.post("/events/verify", json!({})).await.id()),
        ("users", ada.id.clone()),
    ])
}
