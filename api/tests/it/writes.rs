//! One write for each writing operation of the contract, each on its own object.

use serde_json::{Value, json};

use crate::knowledge::process_any;
use crate::test_app::Person;

/// The body of a request.
#[derive(Debug, Clone)]
pub enum Body {
    Nothing,
    Json(Value),
    File(&'static str, &'static [u8]),
}

/// One write on its own object.
pub struct Case<'a> {
    pub person: &'a Person<'a>,
    pub path: String,
    pub body: Body,
    /// A different body, if the operation has one.
    pub other: Option<Body>,
}

pub struct World<'a> {
    pub admin: Person<'a>,
    pub ada: Person<'a>,
    pub port: u16,
}

impl World<'_> {
    async fn create(&self, path: &str, body: Value) -> String {
        let created = self.admin.post(path, body).await;
        assert!(created.status.is_success(), "{path}: {created:?}");
        created.id()
    }

    async fn person(&self, name: &str) -> Person<'_> {
        self.admin.app.person(name).await
    }

    async fn assistant(&self) -> String {
        self.create("/assistants", json!({"name": "Poet"})).await
    }

    async fn base(&self) -> String {
        self.create("/knowledge-bases", json!({"name": "Rules"}))
            .await
    }

    async fn document(&self, name: &str) -> String {
        let path = format!("/knowledge-bases/{}/documents", self.base().await);
        let added = self.admin.upload(&path, name, name.as_bytes()).await;
        assert_eq!(added.status, 202, "{added:?}");
        process_any(&self.admin, &added.id()).await;
        added.id()
    }

    async fn provider(&self, name: &str) -> String {
        let base_url = format!("http://127.0.0.1:{}/v1", self.port);
        let body = json!({"name": name, "kind": "openai_compatible", "base_url": base_url});
        self.create("/providers", body).await
    }

    /// Asks a question in a new conversation; returns the ids of conversation, question and answer.
    async fn ask_question(&self) -> (String, String, String) {
        let conversation = self.admin.conversation().await;
        let question = "Where does my data lie?";
        let (exchange, _) = self.admin.ask(&conversation, question).await;
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        (
            conversation,
            id(&exchange["message"]["id"]),
            id(&exchange["response"]["message_id"]),
        )
    }

    fn case(&self, path: String, body: Body, other: Option<Body>) -> Case<'_> {
        Case {
            person: &self.admin,
            path,
            body,
            other,
        }
    }

    fn without_body(&self, path: String) -> Case<'_> {
        self.case(path, Body::Nothing, None)
    }

    fn json(&self, path: String, body: Value, other: Value) -> Case<'_> {
        self.case(path, Body::Json(body), Some(Body::Json(other)))
    }

    /// The write of an operation, if there is an entry.
    pub async fn case_for(&self, operation: &str) -> Option<Case<'_>> {
        if let Some(case) = self.account_case(operation).await {
            return Some(case);
        }
        if let Some(case) = self.conversation_case(operation).await {
            return Some(case);
        }
        if let Some(case) = self.knowledge_case(operation).await {
            return Some(case);
        }
        self.admin_case(operation).await
    }

    async fn account_case(&self, operation: &str) -> Option<Case<'_>> {
        let group = async || self.create("/groups", json!({"name": "Legal"})).await;
        Some(match operation {
            "updateMe" => self.json(
                "/users/me".to_owned(),
                json!({"display_name": "A"}),
                json!({"display_name": "B"}),
            ),
            "updatePreferences" => self.json(
                "/users/me/preferences".to_owned(),
                json!({"theme": "dark"}),
                json!({"theme": "light"}),
            ),
            "changePassword" => Case {
                person: &self.ada,
                ..self.json(
                    "/users/me/password".to_owned(),
                    json!({"current_password": "correct horse", "new_password": "battery staple"}),
                    json!({"current_password": "correct horse", "new_password": "other staple"}),
                )
            },
            "endSession" => {
                let login = json!({"email": "admin@example.org", "password": "correct horse"});
                let app = self.admin.app;
                let other = Person::new(app, &app.post("/api/v1/auth/login", login).await);
                let sessions = other.get("/auth/sessions").await.body["items"].clone();
                let current = |session: &&Value| session["current"] == true;
                let found = sessions.as_array().unwrap().iter().find(current).unwrap();
                self.without_body(format!("/auth/sessions/{}", found["id"].as_str().unwrap()))
            }
            "createUser" => {
                let user = |email: &str| {
                    json!({
                        "email": email, "password": "correct horse", "display_name": "C", "role": "user",
                    })
                };
                self.json("/users".to_owned(), user("c@x.org"), user("d@x.org"))
            }
            "updateUser" => self.json(
                format!("/users/{}", self.person("uma").await.id),
                json!({"role": "manager", "suspended": true}),
                json!({"role": "guest"}),
            ),
            // Without a body that names one, the generated password is returned again.
            "resetPassword" => self.json(
                format!("/users/{}/password", self.person("pam").await.id),
                json!({}),
                json!({"new_password": "battery staple"}),
            ),
            "deleteUser" => self.without_body(format!("/users/{}", self.person("dan").await.id)),
            "createGroup" => self.json(
                "/groups".to_owned(),
                json!({"name": "One"}),
                json!({"name": "Two"}),
            ),
            "updateGroup" => self.json(
                format!("/groups/{}", group().await),
                json!({"name": "One"}),
                json!({"name": "Two"}),
            ),
            "deleteGroup" => self.without_body(format!("/groups/{}", group().await)),
            "addMember" => self.json(
                format!("/groups/{}/members", group().await),
                json!({"user_id": self.ada.id}),
                json!({"user_id": self.admin.id}),
            ),
            "removeMember" => {
                let path = format!("/groups/{}/members", group().await);
                let body = json!({"user_id": self.ada.id});
                assert_eq!(self.admin.post(&path, body).await.status, 201);
                self.without_body(format!("{path}/{}", self.ada.id))
            }
            _ => return None,
        })
    }

    async fn conversation_case(&self, operation: &str) -> Option<Case<'_>> {
        let one_two = |path| self.json(path, json!({"title": "One"}), json!({"title": "Two"}));
        Some(match operation {
            "createConversation" => one_two("/conversations".to_owned()),
            "updateConversation" => one_two(format!(
                "/conversations/{}",
                self.admin.conversation().await
            )),
            "trashConversation" => self.without_body(format!(
                "/conversations/{}",
                self.admin.conversation().await
            )),
            "restoreConversation" => {
                let path = format!("/conversations/{}", self.admin.conversation().await);
                assert_eq!(self.admin.delete(&path).await.status, 204);
                self.without_body(format!("{path}/restore"))
            }
            "postMessage" => self.json(
                format!(
                    "/conversations/{}/messages",
                    self.admin.conversation().await
                ),
                json!({"content": "One", "respond": false}),
                json!({"content": "Two", "respond": false}),
            ),
            "moveReadMarker" => {
                let (conversation, question, answer) = self.ask_question().await;
                self.json(
                    format!("/conversations/{conversation}/read-marker"),
                    json!({"message_id": question}),
                    json!({"message_id": answer}),
                )
            }
            "editMessage" => self.json(
                format!("/messages/{}/edit", self.ask_question().await.1),
                json!({"content": "One"}),
                json!({"content": "Two"}),
            ),
            "regenerateAnswer" => self.json(
                format!("/messages/{}/regenerate", self.ask_question().await.2),
                json!({}),
                json!({"model": "builtin/guide"}),
            ),
            "giveFeedback" => self.json(
                format!("/messages/{}/feedback", self.ask_question().await.2),
                json!({"rating": "up"}),
                json!({"rating": "down"}),
            ),
            "cancelResponse" => {
                let path = format!(
                    "/conversations/{}/messages",
                    self.admin.conversation().await
                );
                let posted = self.admin.post(&path, json!({"content": "One"})).await;
                let run = posted.body["response"]["id"].as_str().unwrap();
                self.without_body(format!("/responses/{run}/cancel"))
            }
            _ => return None,
        })
    }

    async fn knowledge_case(&self, operation: &str) -> Option<Case<'_>> {
        let (one, two) = (
            Body::File("one.txt", b"The sea."),
            Body::File("two.txt", b"The sky."),
        );
        let file = async |text: &str| {
            let kept = self.ada.upload("/files", "own.txt", text.as_bytes()).await;
            assert!(kept.status.is_success(), "{kept:?}");
            kept.id()
        };
        Some(match operation {
            "createKnowledgeBase" => self.json(
                "/knowledge-bases".to_owned(),
                json!({"name": "One"}),
                json!({"name": "Two"}),
            ),
            "updateKnowledgeBase" => self.json(
                format!("/knowledge-bases/{}", self.base().await),
                json!({"name": "One"}),
                json!({"name": "Two"}),
            ),
            "deleteKnowledgeBase" => {
                self.without_body(format!("/knowledge-bases/{}", self.base().await))
            }
            "addDocument" => self.case(
                format!("/knowledge-bases/{}/documents", self.base().await),
                one,
                Some(two),
            ),
            "replaceDocument" => self.case(
                format!("/documents/{}/content", self.document("replaced.txt").await),
                one,
                Some(two),
            ),
            "reprocessDocument" => self.without_body(format!(
                "/documents/{}/reprocess",
                self.document("again.txt").await
            )),
            "deleteDocument" => {
                self.without_body(format!("/documents/{}", self.document("gone.txt").await))
            }
            "uploadFile" => Case {
                person: &self.ada,
                ..self.case("/files".to_owned(), one, Some(two))
            },
            "deleteFile" => Case {
                person: &self.ada,
                ..self.without_body(format!("/files/{}", file("deleted").await))
            },
            "startImport" => Case {
                person: &self.ada,
                ..self.json(
                    "/imports".to_owned(),
                    json!({"file_id": file("first").await}),
                    json!({"file_id": file("second").await}),
                )
            },
            _ => return None,
        })
    }

    async fn admin_case(&self, operation: &str) -> Option<Case<'_>> {
        let address = |name: &str| format!("http://127.0.0.1:{}/{name}", self.port);
        let provider =
            |name: &str| json!({"name": name, "kind": "anthropic", "base_url": address(name)});
        Some(match operation {
            "createAssistant" => self.json(
                "/assistants".to_owned(),
                json!({"name": "One"}),
                json!({"name": "Two"}),
            ),
            "updateAssistant" => self.json(
                format!("/assistants/{}", self.assistant().await),
                json!({"name": "One"}),
                json!({"name": "Two"}),
            ),
            "deleteAssistant" => {
                self.without_body(format!("/assistants/{}", self.assistant().await))
            }
            "activateAssistant" => {
                self.without_body(format!("/assistants/{}/activate", self.assistant().await))
            }
            "deactivateAssistant" => {
                self.without_body(format!("/assistants/{}/deactivate", self.assistant().await))
            }
            "duplicateAssistant" => {
                self.without_body(format!("/assistants/{}/duplicate", self.assistant().await))
            }
            "restoreAssistantVersion" => self.without_body(format!(
                "/assistants/{}/versions/1/restore",
                self.assistant().await
            )),
            "updateSettings" => self.json(
                "/settings".to_owned(),
                json!({"default_model": "builtin/guide"}),
                json!({"default_model": null}),
            ),
            "createProvider" => {
                self.json("/providers".to_owned(), provider("one"), provider("two"))
            }
            "updateProvider" => self.json(
                format!("/providers/{}", self.provider("updated").await),
                json!({"base_url": address("one")}),
                json!({"base_url": address("two")}),
            ),
            "deleteProvider" => {
                self.without_body(format!("/providers/{}", self.provider("gone").await))
            }
            "testProvider" => {
                self.without_body(format!("/providers/{}/test", self.provider("tested").await))
            }
            "refreshProvider" => self.without_body(format!(
                "/providers/{}/refresh",
                self.provider("fresh").await
            )),
            "createBackup" => self.without_body("/backups".to_owned()),
            "verifyEvents" => self.without_body("/events/verify".to_owned()),
            "rebuildProjection" => self.without_body("/projections/users/rebuild".to_owned()),
            "cancelJob" => {
                // No worker claims it, so it stays queued until it is cancelled.
                let job = uuid::Uuid::now_v7();
                sqlx::query(
                    "insert into jobs (id, kind, requested_by, unit, held_until)
                     values ($1, 'verify_events', $2::uuid, 'events', now() + interval '1 hour')",
                )
                .bind(job)
                .bind(self.admin.id.parse::<uuid::Uuid>().unwrap())
                .execute(&self.admin.app.app.pool)
                .await
                .unwrap();
                self.without_body(format!("/jobs/{job}/cancel"))
            }
            _ => return None,
        })
    }
}
