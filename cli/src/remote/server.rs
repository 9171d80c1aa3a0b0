//! One server, asked over HTTP.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::Value;

use crate::failure::Failure;

/// How often a job is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// A server and who asks it.
#[derive(Debug, Clone)]
pub struct Server {
    http: reqwest::Client,
    pub url: String,
    token: Option<String>,
}

impl Server {
    /// The one of this installation: no proxy of the environment stands between.
    pub fn here(url: &str, token: Option<String>) -> Result<Self, Failure> {
        Self::new(reqwest::Client::builder().no_proxy(), url, token)
    }

    /// One elsewhere.
    pub fn elsewhere(url: &str, token: Option<String>) -> Result<Self, Failure> {
        Self::new(reqwest::Client::builder(), url, token)
    }

    fn new(
        http: reqwest::ClientBuilder,
        url: &str,
        token: Option<String>,
    ) -> Result<Self, Failure> {
        let address = url::Url::parse(url).ok();
        if !address.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
            return Err(Failure::Usage(format!(
                "{url} is no address of a server, such as https://chat.example.org"
            )));
        }
        Ok(Self {
            http: http.build().map_err(Failure::failed)?,
            url: url.trim_end_matches('/').to_owned(),
            token,
        })
    }

    /// Sends a request. What the server refuses is a failure with the server's words.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Response, Failure> {
        let response = self.ask(method, path, body).await?;
        let status = response.status().as_u16();
        if response.status().is_success() {
            return Ok(response);
        }
        let problem: Value = response.json().await.unwrap_or_default();
        let detail = problem["detail"]
            .as_str()
            .unwrap_or("the server gave no reason")
            .to_owned();
        Err(match status {
            400 | 422 => Failure::Usage(detail),
            401 | 403 => Failure::Denied(detail),
            404 => Failure::NotFound(detail),
            409 | 410 | 412 => Failure::Conflict(detail),
            _ => Failure::Unavailable(detail),
        })
    }

    /// The same, with whatever the server answers.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Response, Failure> {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request
            .send()
            .await
            .map_err(|error| Failure::Unavailable(format!("{} does not answer: {error}", self.url)))
    }

    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        parsed(self.call(Method::GET, path, None).await?).await
    }

    pub async fn post(&self, path: &str, body: Option<Value>) -> Result<Value, Failure> {
        parsed(self.call(Method::POST, path, body).await?).await
    }

    pub async fn patch(&self, path: &str, changes: Value) -> Result<Value, Failure> {
        parsed(self.call(Method::PATCH, path, Some(changes)).await?).await
    }

    /// Everything that a list holds.
    pub async fn list(&self, path: &str) -> Result<Vec<Value>, Failure> {
        let mut items = Vec::new();
        let mut query = String::new();
        loop {
            let mut page = self.get(&format!("{path}{query}")).await?;
            if let Value::Array(more) = page["items"].take() {
                items.extend(more);
            }
            match page["next_cursor"].as_str() {
                Some(cursor) => query = format!("?cursor={cursor}"),
                None => return Ok(items),
            }
        }
    }

    /// Waits for a job: its result, or why it failed.
    pub async fn job(&self, begun: &Value) -> Result<Value, Failure> {
        let path = format!("/api/v1/jobs/{}", text(begun, "id"));
        loop {
            let mut job = self.get(&path).await?;
            match text(&job, "status") {
                "queued" | "running" => tokio::time::sleep(LOOK).await,
                "completed" => return Ok(job["result"].take()),
                status => {
                    let error = job["error"].as_str().unwrap_or(status);
                    return Err(Failure::failed(std::io::Error::other(error.to_owned())));
                }
            }
        }
    }
}

/// A field that is a text; empty where it is none.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

async fn parsed(response: Response) -> Result<Value, Failure> {
    response.json().await.map_err(|error| {
        Failure::Unavailable(format!("the server's answer could not be read: {error}"))
    })
}
