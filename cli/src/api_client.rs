//! A client of the HTTP API.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::Value;

use crate::failure::Failure;

/// How often the status of a job is polled.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

#[derive(Debug, Clone)]
pub struct ApiClient {
    http: reqwest::Client,
    pub url: String,
    token: Option<String>,
}

impl ApiClient {
    /// For the server of this installation: ignores proxies from the environment.
    pub fn local(url: &str, token: Option<String>) -> Result<Self, Failure> {
        Self::new(reqwest::Client::builder().no_proxy(), url, token)
    }

    /// For a remote server.
    pub fn remote(url: &str, token: Option<String>) -> Result<Self, Failure> {
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
                "{url} is not the URL of a server, such as https://chat.example.org"
            )));
        }
        Ok(Self {
            http: http.build().map_err(Failure::failed)?,
            url: url.trim_end_matches('/').to_owned(),
            token,
        })
    }

    /// Sends a request. An error status becomes a failure with the server's explanation.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Response, Failure> {
        let response = self.send(method, path, body).await?;
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

    /// Sends a request and returns the response whatever its status.
    pub async fn send(
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
            .map_err(|error| Failure::Unavailable(format!("cannot reach {}: {error}", self.url)))
    }

    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        parse_body(self.call(Method::GET, path, None).await?).await
    }

    pub async fn post(&self, path: &str, body: Option<Value>) -> Result<Value, Failure> {
        parse_body(self.call(Method::POST, path, body).await?).await
    }

    pub async fn patch(&self, path: &str, changes: Value) -> Result<Value, Failure> {
        parse_body(self.call(Method::PATCH, path, Some(changes)).await?).await
    }

    /// All items of a paginated list.
    pub async fn list(&self, path: &str) -> Result<Vec<Value>, Failure> {
        let mut items = Vec::new();
        let mut query = String::new();
        loop {
            let mut page = self.get(&format!("{path}{query}")).await?;
            if let Value::Array(page_items) = page["items"].take() {
                items.extend(page_items);
            }
            match page["next_cursor"].as_str() {
                Some(cursor) => query = format!("?cursor={cursor}"),
                None => return Ok(items),
            }
        }
    }

    /// Waits for a job and returns its result; fails if the job fails.
    pub async fn wait_for_job(&self, job: &Value) -> Result<Value, Failure> {
        let path = format!("/api/v1/jobs/{}", text_field(job, "id"));
        loop {
            let mut job = self.get(&path).await?;
            match text_field(&job, "status") {
                "queued" | "running" => tokio::time::sleep(POLL_INTERVAL).await,
                "completed" => return Ok(job["result"].take()),
                status => {
                    let error = job["error"].as_str().unwrap_or(status);
                    return Err(Failure::failed(std::io::Error::other(error.to_owned())));
                }
            }
        }
    }
}

/// A string field, or an empty string.
pub fn text_field<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

async fn parse_body(response: Response) -> Result<Value, Failure> {
    response.json().await.map_err(|error| {
        Failure::Unavailable(format!("cannot read the response of the server: {error}"))
    })
}
