//! Valid requests, each on its own object.

use reqwest::RequestBuilder;
use serde_json::Value;
use uuid::Uuid;

use crate::FEATURES;
use crate::test_app::{Person, TestApp, TestOptions, upload};
use crate::walk::find_operation;

/// The body of a request.
#[derive(Debug, Clone)]
pub enum Body {
    Nothing,
    Json(Value),
    File(&'static str, &'static [u8]),
}

/// A request that one person may send.
pub struct Case<'a> {
    pub person: &'a Person<'a>,
    pub path: String,
    pub body: Body,
    /// A different body, if the operation has one.
    pub other: Option<Body>,
}

impl<'a> Case<'a> {
    /// The same request of another person.
    pub fn sent_by(self, person: &'a Person<'a>) -> Self {
        Self { person, ..self }
    }

    /// The same request on objects that do not exist.
    pub fn on_nothing(&self) -> Self {
        let replace = |text: &str| match Uuid::try_parse(text) {
            Ok(_) => Uuid::now_v7().to_string(),
            Err(_) => text.to_owned(),
        };
        let segments: Vec<_> = self.path.split('/').map(replace).collect();
        let mut body = self.body.clone();
        if let Body::Json(Value::Object(fields)) = &mut body {
            for text in fields.values_mut().filter(|value| value.is_string()) {
                *text = replace(text.as_str().unwrap()).into();
            }
        }
        Self {
            person: self.person,
            path: segments.join("/"),
            body,
            other: None,
        }
    }

    pub fn request(&self, request: RequestBuilder) -> RequestBuilder {
        add_body(request, &self.body)
    }
}

pub fn add_body(request: RequestBuilder, body: &Body) -> RequestBuilder {
    match body {
        Body::Nothing => request,
        Body::Json(body) => request.json(body),
        Body::File(name, bytes) => upload(request, name, bytes),
    }
}

/// A local port without a listener.
pub fn closed_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Where cases create their objects.
pub struct World<'a> {
    pub admin: Person<'a>,
    pub ada: Person<'a>,
    /// The port of providers, which nobody listens on.
    pub port: u16,
}

impl<'a> World<'a> {
    /// Starts a server for a world.
    pub async fn start_app(port: u16, options: TestOptions) -> TestApp {
        TestApp::with(TestOptions {
            allowed_port: Some(port),
            ..options
        })
        .await
    }

    pub async fn new(app: &'a TestApp, port: u16) -> Self {
        let (admin, ada) = (app.admin().await, app.person("ada").await);
        Self { admin, ada, port }
    }
}

impl World<'_> {
    /// The case of an operation, if its feature has one.
    pub async fn find_case<'a>(&'a self, operation: &'a str) -> Option<Case<'a>> {
        for feature in FEATURES {
            if let Some(case) = feature.case(self, operation).await {
                return Some(case);
            }
        }
        None
    }

    pub async fn case<'a>(&'a self, operation: &'a str) -> Case<'a> {
        let case = self.find_case(operation).await;
        case.unwrap_or_else(|| panic!("add {operation} to `case` of its feature"))
    }

    /// Creates an object of the administrator and returns its id.
    pub async fn create(&self, path: &str, body: Value) -> String {
        let created = self.admin.post(path, body).await;
        assert!(created.status.is_success(), "{path}: {created:?}");
        created.id()
    }

    /// A new user.
    pub async fn new_person(&self) -> Person<'_> {
        let name = format!("user-{}", Uuid::now_v7());
        self.admin.app.person(&name).await
    }

    /// Asks a question in a new conversation; returns conversation, question and answer, and the id of the run.
    pub async fn ask_question(&self) -> AskedQuestion {
        let conversation = self.admin.conversation().await;
        let question = "Where is my data stored?";
        let (exchange, _) = self.admin.ask(&conversation, question).await;
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        AskedQuestion {
            conversation,
            question: id(&exchange["message"]["id"]),
            answer: id(&exchange["response"]["message_id"]),
            run: id(&exchange["response"]["id"]),
        }
    }

    /// A request of the administrator without a body. The ids are the parameters of the path, in order.
    pub fn request(&self, operation: &str, ids: &[&str]) -> Case<'_> {
        self.with_body(operation, ids, Body::Nothing, None)
    }

    pub fn json(&self, operation: &str, ids: &[&str], body: Value, other: Value) -> Case<'_> {
        self.with_body(operation, ids, Body::Json(body), Some(Body::Json(other)))
    }

    pub fn upload(&self, operation: &str, ids: &[&str]) -> Case<'_> {
        let one = Body::File("one.txt", b"The sea.");
        let other = Body::File("two.txt", b"The sky.");
        self.with_body(operation, ids, one, Some(other))
    }

    fn with_body(
        &self,
        operation: &str,
        ids: &[&str],
        body: Body,
        other: Option<Body>,
    ) -> Case<'_> {
        Case {
            person: &self.admin,
            path: find_operation(operation).path(ids),
            body,
            other,
        }
    }
}

/// The ids of a question with its answer.
pub struct AskedQuestion {
    pub conversation: String,
    pub question: String,
    pub answer: String,
    pub run: String,
}
