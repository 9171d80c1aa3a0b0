//! Access rules: every operation is tried with every role, and compared with a table of rules.

use std::collections::HashMap;

use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::test_app::{Person, TestApp};
use crate::walk::{create_objects, operations, try_request};

/// Who may use an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Needs no session; guarded in other ways, which have their own tests.
    Public,
    /// Every user with a session.
    Anyone,
    /// Every user except guests.
    Creators,
    Administrators,
    /// Managers and administrators; for others, who are not members, the group does not exist.
    GroupManagers,
    /// Administrators, and the manager of this group; other managers can only see it.
    OwnGroupManagers,
    /// Managers and administrators.
    Managers,
    /// Only the owner; for others, including administrators, the object does not exist.
    Owner,
    /// The same for an object that the body names; guests are refused first.
    OwnerInBody,
}

/// The rules. An operation without a rule fails the test.
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
        | "deleteUser" | "getUser" | "updateUser" | "resetPassword" | "updateSettings" => {
            Rule::Administrators
        }
        "createGroup" => Rule::Managers,
        "getGroup" | "listMembers" => Rule::GroupManagers,
        "updateGroup" | "deleteGroup" | "addMember" | "removeMember" => Rule::OwnGroupManagers,
        "startImport" => Rule::OwnerInBody,
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
        other => panic!("say who may use {other}: add it to `rule` in api/tests/it/rights.rs"),
    }
}

/// Operations that end the caller's session.
const ENDS_SESSION: [&str; 2] = ["logout", "endAllSessions"];

struct People<'a> {
    app: &'a TestApp,
    /// Names and roles.
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
        Person::new(self.app, &answer)
    }
}

/// The expected status; None if the operation is allowed.
fn expected(rule: Rule, role: Option<&str>) -> Option<u16> {
    match (rule, role) {
        (Rule::Public, _)
        | (Rule::Anyone, Some(_))
        | (Rule::Creators, Some("user" | "manager" | "admin"))
        | (Rule::Managers | Rule::GroupManagers, Some("manager" | "admin"))
        | (Rule::Administrators | Rule::OwnGroupManagers, Some("admin")) => None,
        (_, None) => Some(401),
        (Rule::OwnerInBody, Some("guest"))
        | (Rule::OwnGroupManagers, Some("manager"))
        | (Rule::Creators | Rule::Managers | Rule::Administrators, Some(_)) => Some(403),
        (Rule::OwnerInBody, Some(_)) => Some(422),
        (Rule::Owner | Rule::GroupManagers | Rule::OwnGroupManagers, Some(_)) => Some(404),
    }
}

#[tokio::test]
async fn operations_are_allowed_as_the_rules_say() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ada = app.person("ada").await;
    let people = People::new(&app, &admin).await;
    let mut callers = HashMap::new();
    for (name, _) in people.roles {
        callers.insert(name, people.log_in(name).await);
    }
    let objects = create_objects(&ada, &admin).await;
    for operation in operations() {
        let name = operation.name.as_str();
        let rule = rule(name);
        let nobody = Uuid::now_v7().to_string();
        // The administrator deletes the group in the end, so each operation needs its own.
        let group = match rule {
            Rule::OwnGroupManagers => {
                Some(admin.post("/groups", json!({"name": "Legal"})).await.id())
            }
            _ => None,
        };
        let id = group.as_ref().or_else(|| objects.get(operation.area()));
        let id = id.unwrap_or(&nobody);
        let anonymous = |method: Method, path: &str| app.request(method, &format!("/api/v1{path}"));
        if expected(rule, None) == Some(401) {
            let (status, _) = try_request(operation.request(id, anonymous)).await;
            assert_eq!(status, 401, "{name} without a session");
        }
        for (who, role) in people.roles {
            if ENDS_SESSION.contains(&name) {
                callers.insert(who, people.log_in(who).await);
            }
            let caller = &callers[who];
            let ask = |method: Method, path: &str| caller.request(method, path);
            let before = caller.events().await;
            let (status, said) = try_request(operation.request(id, ask)).await;
            match expected(rule, Some(role)) {
                Some(wanted) => {
                    assert_eq!(status, wanted, "{name} as {role}: {said}");
                    let after = caller.events().await;
                    assert_eq!(after, before, "{name} as {role} wrote events");
                }
                // The object may not exist for an administrator: there is no provider, or it was deleted before.
                None if matches!(
                    rule,
                    Rule::Administrators | Rule::GroupManagers | Rule::OwnGroupManagers
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
            if matches!(rule, Rule::Owner | Rule::OwnerInBody) {
                let absent = try_request(operation.request(&nobody, ask)).await;
                assert_eq!(
                    (status, said),
                    absent,
                    "{name} reveals that the object exists"
                );
            }
            if ENDS_SESSION.contains(&name) {
                callers.insert(who, people.log_in(who).await);
            }
        }
    }
}

/// The opposite: owners have access to their objects.
#[tokio::test]
async fn owners_can_use_all_operations_on_their_objects() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ada = app.person("ada").await;
    for operation in operations() {
        let name = operation.name.as_str();
        if rule(name) != Rule::Owner {
            continue;
        }
        let objects = create_objects(&ada, &admin).await;
        let owner = match operation.area() {
            "jobs" => &admin,
            _ => &ada,
        };
        let id = &objects[operation.area()];
        if name == "restoreConversation" {
            let path = format!("/conversations/{id}");
            assert_eq!(ada.delete(&path).await.status, 204);
        }
        let ask = |method: Method, path: &str| owner.request(method, path);
        let mut request = operation.request(id, ask);
        if name == "moveReadMarker" {
            request = request.json(&json!({"message_id": objects["messages"]}));
        }
        let (status, said) = try_request(request).await;
        // A run or job may have ended before it is cancelled.
        let late = name.starts_with("cancel") && status == 409;
        assert!(
            (200..300).contains(&status) || late,
            "{name}: {status} {said}"
        );
    }
}
