//! Every operation of the contract, tried by everybody: a model of who may do what, compared with the server.

use std::collections::HashMap;

use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::test_app::{Person, TestApp};
use crate::walk::{objects, operations, tried};

/// Who may do an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Needs no session; others hold what guards it.
    Public,
    /// Everybody with a session, about oneself or what one may see.
    Anyone,
    /// Everybody but guests, who create nothing.
    Creators,
    Administrators,
    /// Managers and administrators; for others, who are in no such group, it does not exist.
    Keepers,
    /// Administrators, and the managers of this very group; other managers see it and may not.
    OwnKeepers,
    /// Managers and administrators make them.
    Managers,
    /// The owner of the object alone: for others, administrators too, it does not exist.
    Owner,
    /// The same, where the object is named in the body; guests are refused before.
    OwnerOfNamed,
}

/// The model. An operation that is not here fails the test.
fn rule(operation: &str) -> Rule {
    match operation {
        "getSetup" | "setUp" | "register" | "login" | "refresh" => Rule::Public,
        "logout" | "endAllSessions" | "listSessions" | "getMe" | "updateMe" | "changePassword"
        | "getPreferences" | "updatePreferences" | "listAssistants" | "listConversations"
        | "listModels" | "listJobs" | "search" | "getFeed" | "listFiles" | "listKnowledgeBases"
        | "searchKnowledge" | "exportEverything" | "listGroups" | "getSettings" => Rule::Anyone,
        "createAssistant" | "createConversation" | "uploadFile" | "createKnowledgeBase" => {
            Rule::Creators
        }
        "listEvents" | "streamEvents" | "verifyEvents" | "listProjections" | "listParked"
        | "retryParked" | "rebuildProjection" | "listProviders" | "createProvider"
        | "deleteProvider" | "getProvider" | "updateProvider" | "refreshProvider"
        | "testProvider" | "listLocalServers" | "getOverview" | "getUsage" | "getModelUsage"
        | "getAssistantUsage" | "listBackups" | "createBackup" | "listUsers" | "createUser"
        | "deleteUser" | "getUser" | "updateUser" | "updateSettings" => Rule::Administrators,
        "createGroup" => Rule::Managers,
        "getGroup" | "listMembers" => Rule::Keepers,
        "updateGroup" | "deleteGroup" | "addMember" | "removeMember" => Rule::OwnKeepers,
        "startImport" => Rule::OwnerOfNamed,
        "deleteAssistant"
        | "getAssistant"
        | "updateAssistant"
        | "activateAssistant"
        | "deactivateAssistant"
        | "duplicateAssistant"
        | "getAssistantPerformance"
        | "listAssistantVersions"
        | "getAssistantVersion"
        | "restoreAssistantVersion"
        | "endSession"
        | "trashConversation"
        | "getConversation"
        | "exportConversation"
        | "updateConversation"
        | "listMessages"
        | "moveReadMarker"
        | "postMessage"
        | "restoreConversation"
        | "streamConversation"
        | "getMessage"
        | "editMessage"
        | "regenerateAnswer"
        | "giveFeedback"
        | "getResponse"
        | "getPrompt"
        | "cancelResponse"
        | "streamResponse"
        | "getJob"
        | "cancelJob"
        | "streamJob"
        | "getFile"
        | "getFileContent"
        | "deleteFile"
        | "getKnowledgeBase"
        | "updateKnowledgeBase"
        | "deleteKnowledgeBase"
        | "listDocuments"
        | "addDocument"
        | "getDocument"
        | "getDocumentContent"
        | "replaceDocument"
        | "listChunks"
        | "reprocessDocument"
        | "deleteDocument" => Rule::Owner,
        other => panic!("who may do {other}? say so here"),
    }
}

/// Operations after which the caller's session has ended.
const LAST: [&str; 2] = ["logout", "endAllSessions"];

struct People<'a> {
    app: &'a TestApp,
    /// By name, with the role.
    roles: [(&'static str, &'static str); 4],
}

impl<'a> People<'a> {
    async fn new(app: &'a TestApp, admin: &Person<'_>) -> Self {
        let roles = [
            ("gil", "guest"),
            ("sue", "user"),
            ("max", "manager"),
            ("eve", "admin"),
        ];
        for (name, role) in roles {
            let person = app.person(name).await;
            let path = format!("/users/{}", person.id);
            assert_eq!(admin.patch(&path, json!({"role": role})).await.status, 200);
        }
        Self { app, roles }
    }

    async fn log_in(&self, name: &str) -> Person<'a> {
        let login = json!({"email": format!("{name}@example.org"), "password": "correct horse"});
        let answer = self.app.post("/api/v1/auth/login", login).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        Person::of(self.app, &answer)
    }
}

/// The status that the model wants; None is any that says neither who nor what is missing.
fn expected(rule: Rule, role: Option<&str>) -> Option<u16> {
    match (rule, role) {
        (Rule::Public, _)
        | (Rule::Anyone, Some(_))
        | (Rule::Creators, Some("user" | "manager" | "admin"))
        | (Rule::Managers | Rule::Keepers, Some("manager" | "admin"))
        | (Rule::Administrators | Rule::OwnKeepers, Some("admin")) => None,
        (_, None) => Some(401),
        (Rule::OwnerOfNamed, Some("guest"))
        | (Rule::OwnKeepers, Some("manager"))
        | (Rule::Creators | Rule::Managers | Rule::Administrators, Some(_)) => Some(403),
        (Rule::OwnerOfNamed, Some(_)) => Some(422),
        (Rule::Owner | Rule::Keepers | Rule::OwnKeepers, Some(_)) => Some(404),
    }
}

#[tokio::test]
async fn everybody_may_do_what_the_model_says_and_nothing_else() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ada = app.person("ada").await;
    let people = People::new(&app, &admin).await;
    let mut callers = HashMap::new();
    for (name, _) in people.roles {
        callers.insert(name, people.log_in(name).await);
    }
    let of = objects(&ada, &admin).await;
    for operation in operations() {
        let name = operation.name.as_str();
        let rule = rule(name);
        let nobody = Uuid::now_v7().to_string();
        // The administrator deletes it in the end, so each of these gets a group of its own.
        let group = match rule {
            Rule::OwnKeepers => Some(admin.post("/groups", json!({"name": "Legal"})).await.id()),
            _ => None,
        };
        let id = group.as_ref().or_else(|| of.get(operation.area()));
        let id = id.unwrap_or(&nobody);
        let anonymous = |method: Method, path: &str| app.request(method, &format!("/api/v1{path}"));
        if expected(rule, None) == Some(401) {
            let (status, _) = tried(operation.request(id, anonymous)).await;
            assert_eq!(status, 401, "{name} without a session");
        }
        for (who, role) in people.roles {
            if LAST.contains(&name) {
                callers.insert(who, people.log_in(who).await);
            }
            let caller = &callers[who];
            let ask = |method: Method, path: &str| caller.request(method, path);
            let before = caller.events().await;
            let (status, said) = tried(operation.request(id, ask)).await;
            match expected(rule, Some(role)) {
                Some(wanted) => {
                    assert_eq!(status, wanted, "{name} as {role}: {said}");
                    let after = caller.events().await;
                    assert_eq!(after, before, "{name} as {role} left something");
                }
                // An administrator has no provider to change, and nobody to erase again; what the manager has deleted
                // is gone for the administrator.
                None if matches!(
                    rule,
                    Rule::Administrators | Rule::Keepers | Rule::OwnKeepers
                ) =>
                {
                    assert!(
                        !matches!(status, 401 | 403 | 500..),
                        "{name}: {status} {said}"
                    );
                }
                None if rule == Rule::Public => assert!(status < 500, "{name}: {status} {said}"),
                None => {
                    assert!(
                        (200..300).contains(&status),
                        "{name} as {role}: {status} {said}"
                    );
                }
            }
            if matches!(rule, Rule::Owner | Rule::OwnerOfNamed) {
                let absent = tried(operation.request(&nobody, ask)).await;
                assert_eq!(
                    (status, said),
                    absent,
                    "{name} tells that the object exists"
                );
            }
            if LAST.contains(&name) {
                callers.insert(who, people.log_in(who).await);
            }
        }
    }
}

/// The other half of the model: what belongs to somebody is in reach of that person.
#[tokio::test]
async fn an_owner_may_do_everything_with_what_is_owned() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ada = app.person("ada").await;
    for operation in operations() {
        let name = operation.name.as_str();
        if rule(name) != Rule::Owner {
            continue;
        }
        let of = objects(&ada, &admin).await;
        let owner = match operation.area() {
            "jobs" => &admin,
            _ => &ada,
        };
        let id = &of[operation.area()];
        if name == "restoreConversation" {
            let path = format!("/conversations/{id}");
            assert_eq!(ada.delete(&path).await.status, 204);
        }
        let ask = |method: Method, path: &str| owner.request(method, path);
        let mut request = operation.request(id, ask);
        if name == "moveReadMarker" {
            request = request.json(&json!({"message_id": of["messages"]}));
        }
        let (status, said) = tried(request).await;
        // A run or a job that has ended cannot be cancelled any more.
        let late = name.starts_with("cancel") && status == 409;
        assert!(
            (200..300).contains(&status) || late,
            "{name}: {status} {said}"
        );
    }
}
