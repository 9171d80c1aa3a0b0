//! An installation from its first minute: everything that can be asked, asked once by somebody who may.

use serde_json::{Value, json};
use testing::provider::Provider;

use super::recorder::{Ask, Recorder};
use crate::knowledge::process;
use crate::test_app::{Setting, TestApp};

const QUESTION: &str = "How many days of leave do we have?";
const ANSWER: &str =
    "Everyone has 30 days of leave each year. Up to five days can be carried over.";

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// What was said, by operation.
pub async fn told() -> Value {
    let provider = Provider::start().await;
    let setting = Setting {
        allowed_port: Some(provider.port),
        local_port: Some(provider.port),
        ..Setting::default()
    };
    let app = TestApp::with(setting).await;
    let mut recorder = Recorder::new(&app);
    let (admin, user) = people(&mut recorder, &app).await;
    let told = Story {
        app: &app,
        provider: &provider,
        admin: &admin,
        user: &user,
    };
    told.groups(&mut recorder).await;
    told.models(&mut recorder).await;
    let assistant = told.assistants(&mut recorder).await;
    told.knowledge(&mut recorder).await;
    told.conversations(&mut recorder, &assistant).await;
    told.operations(&mut recorder).await;
    let examples = recorder.into_examples();
    let text = examples
        .to_string()
        .replace(&provider.port.to_string(), "11434");
    let text = MODELS
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to));
    serde_json::from_str(&text).unwrap()
}

/// Names of the test's provider, and such as people have.
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
    let nobody = Ask::default();
    recorder.ask("getSetup", &nobody).await;
    let account = |name: &str, email: &str| json!({"email": email, "password": "correct horse battery staple", "display_name": name});
    let mut first = account("Grace Hopper", "grace@example.org");
    first["token"] = app.app.setup_token.clone().into();
    let admin = recorder.tell("setUp", &nobody, first).await;
    let ada = account("Ada Lovelace", "ada@example.org");
    recorder.tell("register", &nobody, ada.clone()).await;
    let login = json!({"email": ada["email"], "password": ada["password"]});
    let session = recorder.tell("login", &nobody, login).await;
    let refresh = json!({"refresh_token": session["refresh_token"]});
    let session = recorder.tell("refresh", &nobody, refresh).await;
    let token = |of: &Value| of["access_token"].as_str().unwrap().to_owned();
    let (admin, user) = (token(&admin), token(&session));
    let ada = Ask {
        token: &user,
        ..Ask::default()
    };
    recorder.ask("getMe", &ada).await;
    recorder
        .tell("updateMe", &ada, json!({"display_name": "Ada King"}))
        .await;
    recorder.ask("getPreferences", &ada).await;
    recorder
        .tell(
            "updatePreferences",
            &ada,
            json!({"theme": "dark", "language": "en"}),
        )
        .await;
    let passwords = json!({
        "current_password": "correct horse battery staple", "new_password": "a longer battery staple",
    });
    recorder.tell("changePassword", &ada, passwords).await;
    recorder.ask("listSessions", &ada).await;
    (admin, user)
}

impl Story<'_> {
    fn user<'b>(&'b self, path: &'b [&'b str]) -> Ask<'b> {
        Ask {
            token: self.user,
            path,
            query: "",
        }
    }

    fn admin<'b>(&'b self, path: &'b [&'b str]) -> Ask<'b> {
        Ask {
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
        let alan = id(&recorder.tell("createUser", &self.admin(&[]), alan).await);
        recorder.ask("listUsers", &self.admin(&[])).await;
        recorder.ask("getUser", &self.admin(&[&alan])).await;
        recorder
            .tell(
                "updateUser",
                &self.admin(&[&alan]),
                json!({"role": "manager"}),
            )
            .await;
        let legal = json!({"name": "Legal", "description": "Contracts and compliance"});
        let group = id(&recorder.tell("createGroup", &self.admin(&[]), legal).await);
        recorder.ask("listGroups", &self.admin(&[])).await;
        recorder.ask("getGroup", &self.admin(&[&group])).await;
        recorder
            .tell(
                "updateGroup",
                &self.admin(&[&group]),
                json!({"name": "Legal and compliance"}),
            )
            .await;
        recorder
            .tell(
                "addMember",
                &self.admin(&[&group]),
                json!({"email": "alan@example.org"}),
            )
            .await;
        recorder.ask("listMembers", &self.admin(&[&group])).await;
        recorder.ask("deleteUser", &self.admin(&[&alan])).await;
    }

    async fn models(&self, recorder: &mut Recorder<'_>) {
        let provider = json!({
            "name": "local", "kind": "openai_compatible", "base_url": self.provider.base_url(),
            "api_key": testing::provider::KEY,
        });
        recorder.ask("listLocalServers", &self.admin(&[])).await;
        let provider = id(&recorder
            .tell("createProvider", &self.admin(&[]), provider)
            .await);
        recorder.ask("listProviders", &self.admin(&[])).await;
        recorder.ask("getProvider", &self.admin(&[&provider])).await;
        let change =
            json!({"base_url": self.provider.base_url(), "api_key": testing::provider::KEY});
        recorder
            .tell("updateProvider", &self.admin(&[&provider]), change)
            .await;
        recorder
            .ask("refreshProvider", &self.admin(&[&provider]))
            .await;
        recorder
            .ask("testProvider", &self.admin(&[&provider]))
            .await;
        recorder.ask("listModels", &self.user(&[])).await;
        recorder.ask("getSettings", &self.user(&[])).await;
        let default = json!({"default_model": "local/echo-50-0"});
        recorder
            .tell("updateSettings", &self.admin(&[]), default)
            .await;
    }

    async fn assistants(&self, recorder: &mut Recorder<'_>) -> String {
        let assistant = json!({
            "name": "HR assistant", "description": "Answers questions about work.",
            "instructions": "Answer briefly and cite the handbook.", "status": "active",
        });
        let assistant = id(&recorder
            .tell("createAssistant", &self.user(&[]), assistant)
            .await);
        let named = [assistant.as_str()];
        recorder.ask("listAssistants", &self.user(&[])).await;
        recorder.ask("getAssistant", &self.user(&named)).await;
        let change = json!({"instructions": "Answer in two sentences and cite the handbook."});
        recorder
            .tell("updateAssistant", &self.user(&named), change)
            .await;
        recorder
            .ask("deactivateAssistant", &self.user(&named))
            .await;
        recorder.ask("activateAssistant", &self.user(&named)).await;
        recorder.ask("duplicateAssistant", &self.user(&named)).await;
        recorder
            .ask("listAssistantVersions", &self.user(&named))
            .await;
        recorder
            .ask("getAssistantVersion", &self.user(&[&assistant, "1"]))
            .await;
        recorder
            .ask("restoreAssistantVersion", &self.user(&[&assistant, "1"]))
            .await;
        assistant
    }

    async fn knowledge(&self, recorder: &mut Recorder<'_>) {
        let file = ("handbook.txt", ANSWER);
        let uploaded = id(&recorder.upload("uploadFile", &self.user(&[]), file).await);
        recorder.upload("uploadFile", &self.user(&[]), file).await;
        recorder.ask("listFiles", &self.user(&[])).await;
        recorder.ask("getFile", &self.user(&[&uploaded])).await;
        let base = json!({"name": "Handbook", "description": "Rules of work", "tags": ["hr"]});
        let base = id(&recorder
            .tell("createKnowledgeBase", &self.user(&[]), base)
            .await);
        recorder.ask("listKnowledgeBases", &self.user(&[])).await;
        recorder.ask("getKnowledgeBase", &self.user(&[&base])).await;
        let change = json!({"description": "Rules of work and leave"});
        recorder
            .tell("updateKnowledgeBase", &self.user(&[&base]), change)
            .await;
        let document = id(&recorder
            .upload("addDocument", &self.user(&[&base]), file)
            .await);
        process(self.app, &document, 1, ANSWER).await;
        recorder.ask("listDocuments", &self.user(&[&base])).await;
        recorder.ask("getDocument", &self.user(&[&document])).await;
        recorder.ask("listChunks", &self.user(&[&document])).await;
        let question = json!({"query": "days of leave", "knowledge_base_ids": [base]});
        recorder
            .tell("searchKnowledge", &self.user(&[]), question)
            .await;
        let newer = ("handbook.txt", "Everyone has 31 days of leave each year.");
        recorder
            .upload("replaceDocument", &self.user(&[&document]), newer)
            .await;
        process(self.app, &document, 2, newer.1).await;
        recorder
            .ask("reprocessDocument", &self.user(&[&document]))
            .await;
    }

    async fn conversations(&self, recorder: &mut Recorder<'_>, assistant: &str) {
        let new = json!({"title": "Days of leave", "assistant_id": assistant});
        let conversation = id(&recorder
            .tell("createConversation", &self.user(&[]), new)
            .await);
        let named = [conversation.as_str()];
        let exchange = recorder
            .tell(
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
        recorder.ask("listConversations", &self.user(&[])).await;
        recorder.ask("getConversation", &self.user(&named)).await;
        recorder
            .tell(
                "updateConversation",
                &self.user(&named),
                json!({"pinned": true}),
            )
            .await;
        recorder.ask("listMessages", &self.user(&named)).await;
        recorder.ask("getMessage", &self.user(&[&answer])).await;
        recorder.ask("getResponse", &self.user(&[&run])).await;
        recorder.ask("getPrompt", &self.user(&[&run])).await;
        recorder
            .tell(
                "giveFeedback",
                &self.user(&[&answer]),
                json!({"rating": "up"}),
            )
            .await;
        recorder
            .tell(
                "moveReadMarker",
                &self.user(&named),
                json!({"message_id": answer}),
            )
            .await;
        let edit = json!({"content": "How many days of leave can I carry over?"});
        let edited = recorder
            .tell("editMessage", &self.user(&[&message]), edit)
            .await;
        self.ended(&id(&edited["response"])).await;
        let again = json!({"model": "local/held-40"});
        let again = recorder
            .tell("regenerateAnswer", &self.user(&[&answer]), again)
            .await;
        self.provider.wait_until_held().await;
        let again = id(&again["response"]);
        recorder.ask("cancelResponse", &self.user(&[&again])).await;
        self.ended(&again).await;
        recorder.ask("trashConversation", &self.user(&named)).await;
        recorder
            .ask("restoreConversation", &self.user(&named))
            .await;
        let query = "?q=leave&facets=true";
        recorder
            .ask(
                "search",
                &Ask {
                    query,
                    ..self.user(&[])
                },
            )
            .await;
        recorder.ask("getFeed", &self.user(&[])).await;
        recorder
            .ask("getAssistantPerformance", &self.user(&[assistant]))
            .await;
    }

    async fn operations(&self, recorder: &mut Recorder<'_>) {
        recorder.ask("listEvents", &self.admin(&[])).await;
        recorder.ask("listProjections", &self.admin(&[])).await;
        recorder.ask("listParked", &self.admin(&["users"])).await;
        for name in [
            "getOverview",
            "getUsage",
            "getModelUsage",
            "getAssistantUsage",
        ] {
            recorder.ask(name, &self.admin(&[])).await;
        }
        recorder
            .ask("rebuildProjection", &self.admin(&["users"]))
            .await;
        let mut tries = 0;
        loop {
            let job = id(&recorder.ask("verifyEvents", &self.admin(&[])).await);
            // A short log may be verified before it is cancelled.
            if recorder.try_ask("cancelJob", &self.admin(&[&job])).await {
                break;
            }
            tries += 1;
            assert!(tries < 100, "no job could be cancelled");
        }
        let job = id(&recorder.ask("createBackup", &self.admin(&[])).await);
        self.job_ended(&job).await;
        recorder.ask("getJob", &self.admin(&[&job])).await;
        recorder.ask("listJobs", &self.admin(&[])).await;
        recorder.ask("listBackups", &self.admin(&[])).await;
        let file = recorder
            .upload("uploadFile", &self.admin(&[]), ("conversations.json", "[]"))
            .await;
        recorder
            .tell(
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
