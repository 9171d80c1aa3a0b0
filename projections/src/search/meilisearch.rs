//! Search in Meilisearch, which tolerates typing errors and ranks better. Every write is a task; each method waits for it.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::AsyncReadExt;
use futures_util::io::AsyncRead;
use meilisearch_sdk::client::Client;
use meilisearch_sdk::documents::DocumentDeletionQuery;
use meilisearch_sdk::errors::Error;
use meilisearch_sdk::request::{HttpClient, Method, parse_response};
use meilisearch_sdk::search::MatchingStrategies;
use meilisearch_sdk::settings::Settings;
use meilisearch_sdk::task_info::TaskInfo;
use meilisearch_sdk::tasks::Task;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::terms::{IndexedWords, WordQueries};
use super::{IndexedDocument, SearchError, SearchQuery};

/// The prefix of the index of a log. Several installations may share a server.
const INDEX_PREFIX: &str = "convosphere";
/// Raised when documents are stored in another form: they are then put into a new index.
const VERSION: u32 = 2;
/// The fields that hold texts, the most telling first.
const FIELDS: [&str; 3] = ["written", "signs", "derived"];
const EXACT_FIELDS: [&str; 2] = ["written", "signs"];
const TASK_LIMIT: Duration = Duration::from_mins(10);
const TASK_POLL_INTERVAL: Duration = Duration::from_millis(50);

#[derive(Debug, Clone)]
pub struct Meilisearch {
    client: Client<HttpTransport>,
    index: String,
}

#[derive(Debug, Serialize)]
struct StoredDocument {
    id: Uuid,
    kind: String,
    parent_id: Uuid,
    scope_id: Uuid,
    role: Option<String>,
    #[serde(flatten)]
    words: IndexedWords,
    created_at: i64,
}

#[derive(Debug, Deserialize)]
struct FoundDocument {
    id: Uuid,
}

impl Meilisearch {
    /// Whether the server responds and reports that it is available.
    pub async fn is_healthy(&self) -> bool {
        self.client.is_healthy().await
    }

    pub fn new(url: &str, key: Option<&str>, log_id: Uuid) -> Result<Self, SearchError> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(30))
            .build()
            .map_err(|error| SearchError::Meilisearch(error.to_string()))?;
        let transport = HttpTransport {
            http,
            key: key.map(str::to_owned),
        };
        Ok(Self {
            client: Client::new_with_client(url.trim_end_matches('/'), key, transport),
            index: format!("{INDEX_PREFIX}_{}_v{VERSION}", log_id.simple()),
        })
    }

    pub(super) async fn prepare(&self) -> Result<bool, SearchError> {
        let index = self.client.index(&self.index);
        let is_new = match index.get_stats().await {
            Ok(stats) => stats.number_of_documents == 0,
            Err(Error::Meilisearch(_)) => {
                let task = self.client.create_index(&self.index, Some("id")).await?;
                self.wait_for_task(task).await?;
                self.delete_former_index().await?;
                true
            }
            Err(error) => return Err(error.into()),
        };
        // Settings before documents: a later change would index them again.
        let settings = Settings::new()
            .with_searchable_attributes(FIELDS)
            .with_filterable_attributes(["scope_id", "kind", "parent_id", "role", "created_at"])
            .with_sortable_attributes(["created_at"])
            .with_displayed_attributes(["id"]);
        let task = index.set_settings(&settings).await?;
        self.wait_for_task(task).await?;
        Ok(is_new)
    }

    /// Deletes the index of version 1, whose name had no version.
    async fn delete_former_index(&self) -> Result<(), SearchError> {
        let former = self.index.trim_end_matches(&format!("_v{VERSION}"));
        if let Ok(index) = self.client.get_index(former).await {
            let deletion = index.delete().await?;
            self.wait_for_task(deletion).await?;
        }
        Ok(())
    }

    pub(super) async fn update(
        &self,
        documents: &[IndexedDocument],
        removed: &[Uuid],
    ) -> Result<(), SearchError> {
        let index = self.client.index(&self.index);
        if !removed.is_empty() {
            let task = index.delete_documents(removed).await?;
            self.wait_for_task(task).await?;
        }
        if documents.is_empty() {
            return Ok(());
        }
        let stored: Vec<StoredDocument> = documents.iter().map(StoredDocument::from).collect();
        let task = index.add_or_replace(&stored, Some("id")).await?;
        self.wait_for_task(task).await
    }

    pub(super) async fn remove_within(&self, within: &[Uuid]) -> Result<(), SearchError> {
        let index = self.client.index(&self.index);
        let list = format_ids(within);
        let mut deletion = DocumentDeletionQuery::new(&index);
        let filter = format!("parent_id IN {list} OR scope_id IN {list}");
        let task = index
            .delete_documents_with(deletion.with_filter(&filter))
            .await?;
        self.wait_for_task(task).await
    }

    pub(super) async fn find(&self, query: &SearchQuery) -> Result<Vec<Uuid>, SearchError> {
        // Without a word Meilisearch would return everything.
        let Some(queries) = WordQueries::from_text(&query.text) else {
            return Ok(vec![]);
        };
        // The filter contains only ids and names of ours, no user input.
        let scopes = std::iter::once(&query.reader).chain(&query.shared_scopes);
        let mut filter = format!("scope_id IN {}", format_ids(scopes));
        let restriction = &query.filter;
        if let Some(kind) = restriction.kind {
            filter = format!("{filter} AND kind = \"{kind}\"");
        }
        if let Some(within) = restriction.within {
            filter = format!("{filter} AND (parent_id = \"{within}\" OR scope_id = \"{within}\")");
        }
        if let Some(role) = restriction.role {
            filter = format!("{filter} AND role = \"{role}\"");
        }
        if let Some(since) = restriction.since {
            filter = format!("{filter} AND created_at >= {}", since.timestamp());
        }
        if let Some(until) = restriction.until {
            filter = format!("{filter} AND created_at < {}", until.timestamp());
        }
        let index = self.client.index(&self.index);
        let mut searches = self.client.multi_search();
        for (text, fields) in queries.with_fields() {
            let mut search = index.search();
            search
                .with_query(text)
                .with_attributes_to_search_on(fields)
                .with_matching_strategy(MatchingStrategies::ALL)
                .with_filter(&filter)
                .with_limit(query.offset + query.limit);
            searches.with_search_query(search.build());
        }
        let found = searches.execute::<FoundDocument>().await?;
        let hits = found.results.into_iter().flat_map(|results| results.hits);
        let mut seen = HashSet::new();
        let ids = hits.map(|hit| hit.result.id).filter(|id| seen.insert(*id));
        Ok(ids.skip(query.offset).take(query.limit).collect())
    }

    /// Waits until a task has succeeded. Fails if it fails or takes longer than [`TASK_LIMIT`].
    async fn wait_for_task(&self, task: TaskInfo) -> Result<(), SearchError> {
        let succeeded = async {
            loop {
                match self.client.get_task(&task).await? {
                    Task::Succeeded { .. } => return Ok(()),
                    Task::Failed { content } => {
                        return Err(SearchError::Meilisearch(content.error.error_message));
                    }
                    Task::Enqueued { .. } | Task::Processing { .. } => {
                        tokio::time::sleep(TASK_POLL_INTERVAL).await;
                    }
                }
            }
        };
        tokio::time::timeout(TASK_LIMIT, succeeded)
            .await
            .unwrap_or_else(|_| {
                Err(SearchError::Meilisearch(
                    "a task did not end in time".to_owned(),
                ))
            })
    }
}

impl WordQueries {
    /// The queries in the order in which their results are listed, each with the fields that it reads.
    fn with_fields(&self) -> impl Iterator<Item = (&str, &'static [&'static str])> {
        let exact = (self.exact.as_str(), &EXACT_FIELDS[..]);
        let loose = self.loose.iter().map(|query| (query.as_str(), &FIELDS[..]));
        std::iter::once(exact).chain(loose)
    }
}

/// Formats ids as a list for a filter.
fn format_ids<'a>(ids: impl IntoIterator<Item = &'a Uuid>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| format!("\"{id}\"")).collect();
    format!("[{}]", ids.join(", "))
}

impl From<&IndexedDocument> for StoredDocument {
    fn from(document: &IndexedDocument) -> Self {
        Self {
            id: document.id,
            kind: document.kind.to_string(),
            parent_id: document.parent_id,
            scope_id: document.scope_id,
            role: document.role.map(|role| role.to_string()),
            words: IndexedWords::from_text(&document.content),
            created_at: document.created_at.timestamp(),
        }
    }
}

impl From<Error> for SearchError {
    fn from(error: Error) -> Self {
        Self::Meilisearch(error.to_string())
    }
}

/// The transport: the HTTP client that the rest of this workspace uses.
#[derive(Debug, Clone)]
struct HttpTransport {
    http: reqwest::Client,
    key: Option<String>,
}

#[async_trait::async_trait]
impl HttpClient for HttpTransport {
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
        let to_error = |error: reqwest::Error| Error::Other(Box::new(error));
        let response = request.send().await.map_err(to_error)?;
        let status = response.status().as_u16();
        let text = response.text().await.map_err(to_error)?;
        // An empty body is a valid response.
        let text = if text.is_empty() { "null" } else { &text };
        parse_response(status, expected_status_code, text, url.to_owned())
    }
}
