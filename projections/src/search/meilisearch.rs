//! Meilisearch: forgives typing errors and ranks better. Every write is a task; it counts when the task has succeeded.

use std::time::Duration;

use futures_util::AsyncReadExt;
use futures_util::io::AsyncRead;
use meilisearch_sdk::client::Client;
use meilisearch_sdk::documents::DocumentDeletionQuery;
use meilisearch_sdk::errors::Error;
use meilisearch_sdk::request::{HttpClient, Method, parse_response};
use meilisearch_sdk::settings::Settings;
use meilisearch_sdk::task_info::TaskInfo;
use meilisearch_sdk::tasks::Task;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::terms::Conditions;
use super::{IndexedDocument, SearchError, SearchQuery};

/// The index of one log: several installations may share a server.
const PREFIX: &str = "convosphere";
const TASK_LIMIT: Duration = Duration::from_mins(10);
const LOOK: Duration = Duration::from_millis(50);

#[derive(Debug, Clone)]
pub struct Meilisearch {
    client: Client<Http>,
    index: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    id: Uuid,
    kind: String,
    parent_id: Uuid,
    scope_id: Uuid,
    role: Option<String>,
    content: String,
    created_at: i64,
}

#[derive(Debug, Deserialize)]
struct Found {
    id: Uuid,
}

impl Meilisearch {
    /// Whether the server answers and calls itself available.
    pub async fn is_healthy(&self) -> bool {
        self.client.is_healthy().await
    }

    pub fn new(url: &str, key: Option<&str>, log_id: Uuid) -> Result<Self, SearchError> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(30))
            .build()
            .map_err(|error| SearchError::Meilisearch(error.to_string()))?;
        let transport = Http {
            http,
            key: key.map(str::to_owned),
        };
        Ok(Self {
            client: Client::new_with_client(url.trim_end_matches('/'), key, transport),
            index: format!("{PREFIX}_{}", log_id.simple()),
        })
    }

    pub(super) async fn prepare(&self) -> Result<bool, SearchError> {
        let index = self.client.index(&self.index);
        let is_new = match index.get_stats().await {
            Ok(stats) => stats.number_of_documents == 0,
            Err(Error::Meilisearch(_)) => {
                let made = self.client.create_index(&self.index, Some("id")).await?;
                self.done(made).await?;
                true
            }
            Err(error) => return Err(error.into()),
        };
        // Settings before documents.
        let settings = Settings::new()
            .with_searchable_attributes(["content"])
            .with_filterable_attributes(["scope_id", "kind", "parent_id", "role", "created_at"])
            .with_sortable_attributes(["created_at"])
            .with_displayed_attributes(["id"]);
        let set = index.set_settings(&settings).await?;
        self.done(set).await?;
        Ok(is_new)
    }

    pub(super) async fn update(
        &self,
        documents: &[IndexedDocument],
        gone: &[Uuid],
    ) -> Result<(), SearchError> {
        let index = self.client.index(&self.index);
        if !gone.is_empty() {
            let task = index.delete_documents(gone).await?;
            self.done(task).await?;
        }
        if documents.is_empty() {
            return Ok(());
        }
        let stored: Vec<Stored> = documents.iter().map(Stored::from).collect();
        let task = index.add_or_replace(&stored, Some("id")).await?;
        self.done(task).await
    }

    pub(super) async fn remove_within(&self, within: &[Uuid]) -> Result<(), SearchError> {
        let index = self.client.index(&self.index);
        let list = list(within);
        let mut deletion = DocumentDeletionQuery::new(&index);
        let filter = format!("parent_id IN {list} OR scope_id IN {list}");
        let task = index
            .delete_documents_with(deletion.with_filter(&filter))
            .await?;
        self.done(task).await
    }

    pub(super) async fn find(&self, query: &SearchQuery) -> Result<Vec<Uuid>, SearchError> {
        // Without a word it would return everything.
        if Conditions::parse(&query.text).is_none() {
            return Ok(vec![]);
        }
        // Ids and names of our own: nothing that a user types is in the filter.
        let scopes = std::iter::once(&query.reader).chain(&query.shared_scopes);
        let mut filter = format!("scope_id IN {}", list(scopes));
        let narrowed = &query.filter;
        if let Some(kind) = narrowed.kind {
            filter = format!("{filter} AND kind = \"{}\"", kind.name());
        }
        if let Some(within) = narrowed.within {
            filter = format!("{filter} AND (parent_id = \"{within}\" OR scope_id = \"{within}\")");
        }
        if let Some(role) = narrowed.role.as_deref() {
            filter = format!("{filter} AND role = \"{role}\"");
        }
        if let Some(since) = narrowed.since {
            filter = format!("{filter} AND created_at >= {}", since.timestamp());
        }
        if let Some(until) = narrowed.until {
            filter = format!("{filter} AND created_at < {}", until.timestamp());
        }
        let index = self.client.index(&self.index);
        let found = index
            .search()
            .with_query(&query.text)
            .with_filter(&filter)
            .with_offset(query.offset)
            .with_limit(query.limit)
            .execute::<Found>()
            .await?;
        Ok(found.hits.into_iter().map(|hit| hit.result.id).collect())
    }

    /// Waits until a task has succeeded.
    async fn done(&self, task: TaskInfo) -> Result<(), SearchError> {
        let waiting = async {
            loop {
                match self.client.get_task(&task).await? {
                    Task::Succeeded { .. } => return Ok(()),
                    Task::Failed { content } => {
                        return Err(SearchError::Meilisearch(content.error.error_message));
                    }
                    _ => tokio::time::sleep(LOOK).await,
                }
            }
        };
        tokio::time::timeout(TASK_LIMIT, waiting)
            .await
            .unwrap_or_else(|_| Err(SearchError::Meilisearch("a task does not end".to_owned())))
    }
}

/// Ids as filters name several.
fn list<'a>(ids: impl IntoIterator<Item = &'a Uuid>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| format!("\"{id}\"")).collect();
    format!("[{}]", ids.join(", "))
}

impl From<&IndexedDocument> for Stored {
    fn from(document: &IndexedDocument) -> Self {
        Self {
            id: document.id,
            kind: document.kind.name().to_owned(),
            parent_id: document.parent_id,
            scope_id: document.scope_id,
            role: document.role.clone(),
            content: document.content.clone(),
            created_at: document.created_at.timestamp(),
        }
    }
}

impl From<Error> for SearchError {
    fn from(error: Error) -> Self {
        Self::Meilisearch(error.to_string())
    }
}

/// The transport: the HTTP client that everything else here uses.
#[derive(Debug, Clone)]
struct Http {
    http: reqwest::Client,
    key: Option<String>,
}

#[async_trait::async_trait]
impl HttpClient for Http {
    async fn stream_request<
        Query: Serialize + Send + Sync,
        Body: AsyncRead + Send + Sync + 'static,
        Output: DeserializeOwned + 'static,
    >(
        &self,
        url: &str,
        method: Method<Query, Body>,
        content_type: &str,
        expected_status_code: u16,
    ) -> Result<Output, Error> {
        let (verb, query, body) = match method {
            Method::Get { query } => (reqwest::Method::GET, query, None),
            Method::Delete { query } => (reqwest::Method::DELETE, query, None),
            Method::Post { query, body } => (reqwest::Method::POST, query, Some(body)),
            Method::Put { query, body } => (reqwest::Method::PUT, query, Some(body)),
            Method::Patch { query, body } => (reqwest::Method::PATCH, query, Some(body)),
        };
        let query = yaup::to_string(&query)?;
        let mut request = self.http.request(verb, format!("{url}{query}"));
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        if let Some(body) = body {
            let mut bytes = Vec::new();
            Box::pin(body)
                .read_to_end(&mut bytes)
                .await
                .map_err(|error| Error::Other(Box::new(error)))?;
            request = request.header("content-type", content_type).body(bytes);
        }
        let failed = |error: reqwest::Error| Error::Other(Box::new(error));
        let response = request.send().await.map_err(failed)?;
        let status = response.status().as_u16();
        let text = response.text().await.map_err(failed)?;
        // No content is an answer as well.
        let text = if text.is_empty() { "null" } else { &text };
        parse_response(status, expected_status_code, text, url.to_owned())
    }
}
