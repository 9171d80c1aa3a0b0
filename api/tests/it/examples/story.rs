//! The scenario of the examples: every operation is called once in a new installation.

use serde_json::{Value, json};
use testing::provider::Provider;

use super::recorder::{Call, Recorder};
use crate::knowledge::process;
use crate::test_app::{TestApp, TestOptions};

const QUESTION: &str = "How many days of leave do we have?";
const ANSWER: &str =
    "Everyone has 30 days of leave each year. Up to five days can be carried over.";

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// Runs the scenario and returns the examples by operation.
pub async fn record() -> Value {
    let provider = Provider::start().await;
    let setting = TestOptions {
        allowed_port: Some(provider.port),
        local_port: Some(provider.port),
        ..TestOptions::default()
    };
    let app = TestApp::with(setting).await;
    let mut recorder = Recorder::new(&app);
    let (admin, user) = people(&mut recorder, &app).await;
    let story = Story {
        app: &app,
        provider: &provider,
        admin: &admin,
        user: &user,
    };
    story.groups(&mut recorder).await;
    story.models(&mut recorder).await;
    let assistant = story.assistants(&mut recorder).await;
    story.knowledge(&mut recorder).await;
    story.conversations(&mut recorder, &assistant).await;
    story.operations(&mut recorder).await;
    let examples = recorder.into_examples();
    let text = examples
        .to_string()
        .replace(&provider.port.to_string(), "11434");
    let text = MODELS
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to));
    serde_json::from_str(&text).unwrap()
}

/// Model names of the test provider, and realistic replacements.
const MODELS: [(&str, &str); 3] = [
    ("held-40", "mistral-small"),
    ("echo-50-0", "llama3.2"),
    ("echo-20-2", "qwen3"),
];

struct Story<'a> {
    app: &'a TestApp,
    provider: &'a Provider,
    admin: &'a str,
    user: &'a str,
}

/// The access tokens of an administrator and a user.
async fn people(recorder: &mut Recorder<'_>, app: &TestApp) -> (String, String) {
    let nobody = Call::default();
    recorder.call("getSetup", &nobody).await;
    let account = |name: &str, email: &str| json!({"email": email, "password": "correct horse battery staple", "display_name": name});
    let mut first = account("Grace Hopper", "grace@example.org");
    first["token"] = app.app.setup_token.clone().into();
    let admin = recorder.call_with_body("setUp", &nobody, first).await;
    let ada = account("Ada Lovelace", "ada@example.org");
    recorder
        .call_with_body("register", &nobody, ada.clone())
        .await;
    let login = json!({"email": ada["email"], "password": ada["password"]});
    let session = recorder.call_with_body("login", &nobody, login).await;
    let refresh = json!({"refresh_token": session["refresh_token"]});
    let session = recorder.call_with_body("refresh", &nobody, refresh).await;
    let token = |of: &Value| of["access_token"].as_str().unwrap().to_owned();
    let (admin, user) = (token(&admin), token(&session));
    let ada = Call {
        token: &user,
        ..Call::default()
    };
    recorder.call("getMe", &ada).await;
    recorder
        .call_with_body("updateMe", &ada, json!({"display_name": "Ada King"}))
        .await;
    recorder.call("getPreferences", &ada).await;
    recorder
        .call_with_body(
            "updatePreferences",
            &ada,
            json!({"theme": "dark", "language": "en"}),
        )
        .await;
    let passwords = json!({
        "current_password": "correct horse battery staple", "new_password": "a longer battery staple",
    });
    recorder
        .call_with_body("changePassword", &ada, passwords)
        .await;
    recorder.call("listSessions", &ada).await;
    (admin, user)
}

impl Story<'_> {
    fn user<'b>(&'b self, path: &'b [&'b str]) -> Call<'b> {
        Call {
            token: self.user,
            path,
            query: "",
        }
    }

    fn admin<'b>(&'b self, path: &'b [&'b str]) -> Call<'b> {
        Call {
            token: self.admin,
            path,
            query: "",
        }
    }

    async fn groups(&self, recorder: &mut Recorder<'_>) {
        let alan = json!({
            "email": "alan@example.org", "password": "correct horse battery staple", "display_name": "Alan Turing",
            "role": "user",
        });
        let alan = id(&recorder
            .call_with_body("createUser", &self.admin(&[]), alan)
            .await);
        recorder.call("listUsers", &self.admin(&[])).await;
        recorder.call("getUser", &self.admin(&[&alan])).await;
        recorder
            .call_with_body(
                "updateUser",
                &self.admin(&[&alan]),
                json!({"role": "manager"}),
            )
            .await;
        recorder
            .call_with_body("resetPassword", &self.admin(&[&alan]), json!({}))
            .await;
        let legal = json!({"name": "Legal", "description": "Contracts and compliance"});
        let group = id(&recorder
            .call_with_body("createGroup", &self.admin(&[]), legal)
            .await);
        recorder.call("listGroups", &self.admin(&[])).await;
        recorder.call("getGroup", &self.admin(&[&group])).await;
        recorder
            .call_with_body(
                "updateGroup",
                &self.admin(&[&group]),
                json!({"name": "Legal and compliance"}),
            )
            .await;
        recorder
            .call_with_body(
                "addMember",
                &self.admin(&[&group]),
                json!({"email": "alan@example.org"}),
            )
            .await;
        recorder.call("listMembers", &self.admin(&[&group])).await;
        recorder.call("deleteUser", &self.admin(&[&alan])).await;
    }

    async fn models(&self, recorder: &mut Recorder<'_>) {
        let provider = json!({
            "name": "local", "kind": "openai_compatible", "base_url": self.provider.base_url(),
            "api_key": testing::provider::KEY,
        });
        recorder.call("listLocalServers", &self.admin(&[])).await;
        let provider = id(&recorder
            .call_with_body("createProvider", &self.admin(&[]), provider)
            .await);
        recorder.call("listProviders", &self.admin(&[])).await;
        recorder
            .call("getProvider", &self.admin(&[&provider]))
            .await;
        let change =
            json!({"base_url": self.provider.base_url(), "api_key": testing::provider::KEY});
        recorder
            .call_with_body("updateProvider", &self.admin(&[&provider]), change)
            .await;
        recorder
            .call("refreshProvider", &self.admin(&[&provider]))
            .await;
        recorder
            .call("testProvider", &self.admin(&[&provider]))
            .await;
        recorder.call("listModels", &self.user(&[])).await;
        recorder.call("getSettings", &self.user(&[])).await;
        let default = json!({"default_model": "local/echo-50-0"});
        recorder
            .call_with_body("updateSettings", &self.admin(&[]), default)
            .await;
    }

    async fn assistants(&self, recorder: &mut Recorder<'_>) -> String {
        let assistant = json!({
            "name": "HR assistant", "description": "Answers questions about work.",
            "instructions": "Answer briefly and cite the handbook.", "status": "active",
        });
        let assistant = id(&recorder
            .call_with_body("createAssistant", &self.user(&[]), assistant)
            .await);
        let named = [assistant.as_str()];
        recorder.call("listAssistants", &self.user(&[])).await;
        recorder.call("getAssistant", &self.user(&named)).await;
        let change = json!({"instructions": "Answer in two sentences and cite the handbook."});
        recorder
            .call_with_body("updateAssistant", &self.user(&named), change)
            .await;
        recorder
            .call("deactivateAssistant", &self.user(&named))
            .await;
        recorder.call("activateAssistant", &self.user(&named)).await;
        recorder
            .call("duplicateAssistant", &self.user(&named))
            .await;
        recorder
            .call("listAssistantVersions", &self.user(&named))
            .await;
        recorder
            .call("getAssistantVersion", &self.user(&[&assistant, "1"]))
            .await;
        recorder
            .call("restoreAssistantVersion", &self.user(&[&assistant, "1"]))
            .await;
        assistant
    }

    async fn knowledge(&self, recorder: &mut Recorder<'_>) {
        let file = ("handbook.txt", ANSWER);
        let uploaded = id(&recorder.upload("uploadFile", &self.user(&[]), file).await);
        recorder.upload("uploadFile", &self.user(&[]), file).await;
        recorder.call("listFiles", &self.user(&[])).await;
        recorder.call("getFile", &self.user(&[&uploaded])).await;
        let base = json!({"name": "Handbook", "description": "Rules of work", "tags": ["hr"]});
        let base = id(&recorder
            .call_with_body("createKnowledgeBase", &self.user(&[]), base)
            .await);
        recorder.call("listKnowledgeBases", &self.user(&[])).await;
        recorder
            .call("getKnowledgeBase", &self.user(&[&base]))
            .await;
        let change = json!({"description": "Rules of work and leave"});
        recorder
            .call_with_body("updateKnowledgeBase", &self.user(&[&base]), change)
            .await;
        let document = id(&recorder
            .upload("addDocument", &self.user(&[&base]), file)
            .await);
        process(self.app, &document, 1, ANSWER).await;
        recorder.call("listDocuments", &self.user(&[&base])).await;
        recorder.call("getDocument", &self.user(&[&document])).await;
        recorder.call("listChunks", &self.user(&[&document])).await;
        let question = json!({"query": "days of leave", "knowledge_base_ids": [base]});
        recorder
            .call_with_body("searchKnowledge", &self.user(&[]), question)
            .await;
        let newer = ("handbook.txt", "Everyone has 31 days of leave each year.");
        recorder
            .upload("replaceDocument", &self.user(&[&document]), newer)
            .await;
        process(self.app, &document, 2, newer.1).await;
        recorder
            .call("reprocessDocument", &self.user(&[&document]))
            .await;
    }

    async fn conversations(&self, recorder: &mut Recorder<'_>, assistant: &str) {
        let new = json!({"title": "Days of leave", "assistant_id": assistant});
        let conversation = id(&recorder
            .call_with_body("createConversation", &self.user(&[]), new)
            .await);
        let first = json!({"assistant_id": assistant, "message": {"content": QUESTION}});
        let started = recorder
            .call_with_body("createConversation", &self.user(&[]), first)
            .await;
        self.ended(&id(&started["response"])).await;
        let named = [conversation.as_str()];
        let exchange = recorder
            .call_with_body(
                "postMessage",
                &self.user(&named),
                json!({"content": QUESTION}),
            )
            .await;
        let (message, run) = (id(&exchange["message"]), id(&exchange["response"]));
        let answer = exchange["response"]["message_id"]
            .as_str()
            .unwrap()
            .to_owned();
        self.ended(&run).await;
        recorder.stream("streamResponse", &self.user(&[&run])).await;
        let from_start = Call {
            query: "?after=0",
            ..self.user(&named)
        };
        recorder.stream("streamConversation", &from_start).await;
        recorder.call("listConversations", &self.user(&[])).await;
        recorder.call("getConversation", &self.user(&named)).await;
        recorder
            .call_with_body(
                "updateConversation",
                &self.user(&named),
                json!({"pinned": true}),
            )
            .await;
        recorder.call("listMessages", &self.user(&named)).await;
        recorder.call("getMessage", &self.user(&[&answer])).await;
        recorder.call("getResponse", &self.user(&[&run])).await;
        recorder.call("getPrompt", &self.user(&[&run])).await;
        recorder
            .call_with_body(
                "giveFeedback",
                &self.user(&[&answer]),
                json!({"rating": "up"}),
            )
            .await;
        recorder
            .call_with_body(
                "moveReadMarker",
                &self.user(&named),
                json!({"message_id": answer}),
            )
            .await;
        let edit = json!({"content": "How many days of leave can I carry over?"});
        let edited = recorder
            .call_with_body("editMessage", &self.user(&[&message]), edit)
            .await;
        self.ended(&id(&edited["response"])).await;
        let again = json!({"model": "local/held-40"});
        let again = recorder
            .call_with_body("regenerateAnswer", &self.user(&[&answer]), again)
            .await;
        self.provider.wait_until_held().await;
        let again = id(&again["response"]);
        recorder.call("cancelResponse", &self.user(&[&again])).await;
        self.ended(&again).await;
        recorder.call("trashConversation", &self.user(&named)).await;
        recorder
            .call("restoreConversation", &self.user(&named))
            .await;
        let query = "?q=leave&facets=true";
        recorder
            .call(
                "search",
                &Call {
                    query,
                    ..self.user(&[])
                },
            )
            .await;
        recorder.call("getFeed", &self.user(&[])).await;
        let from_start = Call {
            query: "?after=0",
            ..self.user(&[])
        };
        recorder.stream("getFeed", &from_start).await;
        recorder
            .call("getAssistantPerformance", &self.user(&[assistant]))
            .await;
    }

    async fn operations(&self, recorder: &mut Recorder<'_>) {
        recorder.call("listEvents", &self.admin(&[])).await;
        let from_start = Call {
            query: "?after=0",
            ..self.admin(&[])
        };
        recorder.stream("streamEvents", &from_start).await;
        recorder.call("listProjections", &self.admin(&[])).await;
        recorder.call("listParked", &self.admin(&["users"])).await;
        for name in [
            "getOverview",
            "getUsage",
            "getModelUsage",
            "getAssistantUsage",
        ] {
            recorder.call(name, &self.admin(&[])).await;
        }
        recorder
            .call("rebuildProjection", &self.admin(&["users"]))
            .await;
        let mut attempts = 0;
        loop {
            let job = id(&recorder.call("verifyEvents", &self.admin(&[])).await);
            // A short log may be verified before it is cancelled.
            if recorder.try_call("cancelJob", &self.admin(&[&job])).await {
                break;
            }
            attempts += 1;
            assert!(attempts < 100, "no job could be cancelled");
        }
        let job = id(&recorder.call("createBackup", &self.admin(&[])).await);
        self.job_ended(&job).await;
        recorder.call("getJob", &self.admin(&[&job])).await;
        recorder.stream("streamJob", &self.admin(&[&job])).await;
        recorder.call("listJobs", &self.admin(&[])).await;
        recorder.call("listBackups", &self.admin(&[])).await;
        let file = recorder
            .upload("uploadFile", &self.admin(&[]), ("conversations.json", "[]"))
            .await;
        recorder
            .call_with_body(
                "startImport",
                &self.admin(&[]),
                json!({"file_id": file["id"]}),
            )
            .await;
    }

    async fn ended(&self, run: &str) {
        self.follow(self.user, &format!("/api/v1/responses/{run}/stream"))
            .await;
    }

    async fn job_ended(&self, job: &str) {
        self.follow(self.admin, &format!("/api/v1/jobs/{job}/stream"))
            .await;
    }

    async fn follow(&self, token: &str, path: &str) {
        let request = self
            .app
            .request(reqwest::Method::GET, path)
            .bearer_auth(token);
        request.send().await.unwrap().text().await.unwrap();
    }
}
