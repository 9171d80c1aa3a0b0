//! What a signed-in request brings to its operation, and the shapes that most operations have.

use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;

use domain::{Command, StoredAggregate};
use eventstore::command::{Committed, Step, step};
use eventstore::{Execution, ExecutorError};
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody, Result};
use poem_openapi::registry::Registry;
use poem_openapi::types::{ParseFromJSON, ToJSON};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use projections::Page;
use serde::Serialize;
use uuid::Uuid;

use super::caller::{Auth, Caller};
use super::merge::Merge;
use super::meta::RequestMeta;
use super::page::PageRequest;
use super::problem::Problem;
use super::reply::{Created, List, NoContent, Resource, Single, Unversioned};
use crate::state::App;

/// The server's state, the caller and the metadata of a request that needs a session.
pub(crate) struct Ctx {
    pub app: Arc<App>,
    pub caller: Caller,
    pub meta: RequestMeta,
}

impl Deref for Ctx {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

// Written by hand: it stands for the security scheme in the contract, and brings the rest along.
impl<'a> ApiExtractor<'a> for Ctx {
    const TYPES: &'static [ApiExtractorType] = <Auth as ApiExtractor<'a>>::TYPES;

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        <Auth as ApiExtractor<'a>>::register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        <Auth as ApiExtractor<'a>>::security_schemes()
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        options: ExtractParamOptions<()>,
    ) -> Result<Self> {
        let app = <Data<&Arc<App>> as FromRequest>::from_request(request, body).await?;
        let auth = <Auth as ApiExtractor>::from_request(request, body, options).await?;
        Ok(Self {
            app: Arc::clone(app.0),
            caller: auth.0,
            meta: <RequestMeta as FromRequest>::from_request(request, body).await?,
        })
    }
}

impl Ctx {
    /// Waits until the views show the caller's writes and the position that the request names, and returns the position
    /// that they have reached.
    pub(crate) async fn read_position(&self) -> Result<i64, Problem> {
        self.app
            .read_position(self.caller.id, self.meta.min_position)
            .await
    }

    /// The same for operations that write: only the caller's own writes count.
    pub(crate) async fn catch_up(&self) -> Result<i64, Problem> {
        self.app.read_position(self.caller.id, None).await
    }

    /// Steps as one command of the caller, with the idempotency key that belongs to the body of the request.
    pub(crate) fn execution(&self, body: &[u8], steps: Vec<Box<dyn Step>>) -> Execution {
        self.meta.execution(&self.caller, body, steps)
    }

    /// A command for an object, with the version that the request expects.
    pub(crate) fn step<A: StoredAggregate>(
        &self,
        id: Uuid,
        command: impl Command<A>,
    ) -> Box<dyn Step> {
        step(id, self.meta.expected(), command)
    }

    /// The first command of a new object.
    pub(crate) fn creation<A: StoredAggregate>(
        &self,
        id: Uuid,
        body: &[u8],
        command: impl Command<A>,
    ) -> Execution {
        self.execution(body, vec![step(id, None, command)])
    }

    /// [`Self::step`] as a command of its own.
    pub(crate) fn command<A: StoredAggregate>(
        &self,
        id: Uuid,
        body: &[u8],
        command: impl Command<A>,
    ) -> Execution {
        self.execution(body, vec![self.step(id, command)])
    }

    pub(crate) async fn execute(&self, execution: Execution) -> Result<Committed, Problem> {
        self.app.execute(self.caller.id, execution).await
    }

    /// The same for operations that inspect the error.
    pub(crate) async fn try_execute(
        &self,
        execution: Execution,
    ) -> Result<Committed, ExecutorError> {
        self.app.try_execute(self.caller.id, execution).await
    }

    /// The result of an earlier request that this one repeats.
    pub(crate) async fn find_repeated(&self, body: &[u8]) -> Result<Option<Committed>, Problem> {
        let key = self.meta.idempotency(&self.caller, body);
        self.app.find_repeated(key).await
    }

    /// Replies with a page of a list.
    pub(crate) async fn list<K, V, T, E, F>(
        &self,
        mut request: PageRequest<K>,
        fetch: impl FnOnce(Option<K>, usize) -> F,
    ) -> Result<Unversioned<List<T>>, Problem>
    where
        K: Serialize,
        T: From<V> + ParseFromJSON + ToJSON,
        F: Future<Output = Result<Page<V, K>, E>>,
        Problem: From<E>,
    {
        let position = self.read_position().await?;
        let page = fetch(request.after.take(), request.limit).await?;
        Ok(self.list_page(&request, page, position))
    }

    /// A page as it is replied, with the cursor of the next one.
    pub(crate) fn list_page<K, V, T>(
        &self,
        request: &PageRequest<K>,
        page: Page<V, K>,
        position: i64,
    ) -> Unversioned<List<T>>
    where
        K: Serialize,
        T: From<V> + ParseFromJSON + ToJSON,
    {
        let list = List {
            next_cursor: page.next.and_then(|key| self.cursor(request, &key)),
            items: page.items.into_iter().map(Into::into).collect(),
        };
        Unversioned::new(list, position)
    }

    /// Replies with an object as the views show it.
    pub(crate) async fn get<R: Resource>(
        &self,
        find: impl Future<Output = Result<R::View, Problem>>,
    ) -> Result<Single<R>, Problem> {
        let position = self.read_position().await?;
        Ok(Single::from_resource(find.await?.into(), position))
    }

    /// Replies with an object that the caller has just changed.
    pub(crate) async fn reply<R: Resource>(
        &self,
        find: impl Future<Output = Result<R::View, Problem>>,
    ) -> Result<Single<R>, Problem> {
        let position = self.catch_up().await?;
        Ok(Single::from_resource(find.await?.into(), position))
    }

    /// Executes the command that creates an object, and replies with it.
    pub(crate) async fn create<R: Resource, F>(
        &self,
        execution: Execution,
        find: impl FnOnce(Uuid) -> F,
    ) -> Result<Created<R>, Problem>
    where
        F: Future<Output = Result<R::View, Problem>>,
    {
        let committed = self.execute(execution).await?;
        // A repeated request has created the object under another id.
        let created = committed.events.first().ok_or_else(Problem::not_found)?;
        self.catch_up().await?;
        let view = find(created.aggregate_id).await?;
        Ok(Created::from_resource(view.into(), committed.position))
    }

    /// Executes a command that is built from the current state of an object, with the version that it was built from;
    /// again if others change the object meanwhile.
    pub(crate) async fn change<A, C, F>(
        &self,
        id: Uuid,
        body: &[u8],
        build: impl Fn() -> F,
    ) -> Result<(), Problem>
    where
        A: StoredAggregate,
        C: Command<A>,
        F: Future<Output = Result<(i64, C), Problem>>,
    {
        self.catch_up().await?;
        let mut attempts = Merge::new(self, body);
        let mut is_done = attempts.is_repeated().await?;
        while !is_done {
            let (version, command) = build().await?;
            is_done = attempts.try_step(id, version, command).await?;
        }
        Ok(())
    }

    /// Deletes an object that the caller sees, unless an earlier request has done so. When this returns, the views no
    /// longer show it to anybody.
    pub(crate) async fn delete<V>(
        &self,
        find: impl Future<Output = Result<V, Problem>>,
        delete: impl FnOnce(V) -> Execution,
    ) -> Result<NoContent, Problem> {
        self.catch_up().await?;
        if let Some(first) = self.find_repeated(b"").await? {
            return Ok(NoContent::at(first.position));
        }
        let committed = self.execute(delete(find.await?)).await?;
        self.catch_up().await?;
        Ok(NoContent::at(committed.position))
    }
}
