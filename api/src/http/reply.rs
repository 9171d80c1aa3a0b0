//! The shapes of successful responses.

use poem_openapi::payload::Json;
use poem_openapi::types::{ParseFromJSON, ToJSON};
use poem_openapi::{ApiResponse, Object};
use uuid::Uuid;

/// An object of the contract with an id and a version, as a view shows it.
pub trait Resource: From<Self::View> + ParseFromJSON + ToJSON + Send + Sync {
    type View: Send + Sync;

    /// The path of its collection.
    const COLLECTION: &'static str;

    fn id(&self) -> Uuid;
    fn version(&self) -> i64;
}

/// Implements [`Resource`] for a struct with the fields `id` and `version`.
macro_rules! resource {
    ($resource:ty, $view:ty, $collection:literal) => {
        impl $crate::http::Resource for $resource {
            type View = $view;

            const COLLECTION: &'static str = $collection;

            fn id(&self) -> uuid::Uuid {
                self.id
            }

            fn version(&self) -> i64 {
                self.version
            }
        }
    };
}
pub(crate) use resource;

/// One resource.
#[derive(ApiResponse)]
pub enum Single<T: ParseFromJSON + ToJSON + Send + Sync> {
    #[oai(status = 200)]
    Ok(
        Json<T>,
        /// The version, for If-Match.
        #[oai(header = "ETag")]
        String,
        /// The log position of the read or write.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
}

/// A resource that was created.
#[derive(ApiResponse)]
pub enum Created<T: ParseFromJSON + ToJSON + Send + Sync> {
    #[oai(status = 201)]
    Created(
        Json<T>,
        /// The path of the resource.
        #[oai(header = "Location")]
        String,
        /// The version, for If-Match.
        #[oai(header = "ETag")]
        String,
        /// The log position of the write.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
}

/// A value without a version.
#[derive(ApiResponse)]
pub enum Unversioned<T: ParseFromJSON + ToJSON + Send + Sync> {
    #[oai(status = 200)]
    Ok(
        Json<T>,
        /// The log position of the read.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
}

/// An empty response.
#[derive(ApiResponse)]
pub enum NoContent {
    #[oai(status = 204)]
    NoContent(
        /// The log position of the write.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
}

/// A request that was accepted and is carried out later.
#[derive(ApiResponse)]
pub enum Accepted<T: ParseFromJSON + ToJSON + Send + Sync> {
    #[oai(status = 202)]
    Accepted(
        Json<T>,
        /// The log position of the write.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
}

/// A job that was started.
#[derive(ApiResponse)]
pub enum StartedJob<T: ParseFromJSON + ToJSON + Send + Sync> {
    #[oai(status = 202)]
    Accepted(
        Json<T>,
        /// The path of the job.
        #[oai(header = "Location")]
        String,
    ),
}

/// A page of a list.
#[derive(Debug, Object)]
pub struct List<T: ParseFromJSON + ToJSON + Send + Sync> {
    pub items: Vec<T>,
    /// Continues the list; null on the last page.
    #[oai(skip_serializing_if_is_none = false)]
    pub next_cursor: Option<String>,
}

impl<T: ParseFromJSON + ToJSON + Send + Sync> List<T> {
    /// A list that always fits on one page.
    pub fn single_page<V: Into<T>>(views: impl IntoIterator<Item = V>) -> Self {
        Self {
            items: views.into_iter().map(Into::into).collect(),
            next_cursor: None,
        }
    }
}

impl<T: ParseFromJSON + ToJSON + Send + Sync> Single<T> {
    pub fn new(value: T, version: i64, position: i64) -> Self {
        Self::Ok(Json(value), etag(version), position.to_string())
    }
}

impl<R: Resource> Single<R> {
    pub fn from_resource(resource: R, position: i64) -> Self {
        let version = resource.version();
        Self::new(resource, version, position)
    }
}

impl<R: Resource> Created<R> {
    pub fn from_resource(resource: R, position: i64) -> Self {
        let location = format!("{}/{}", R::COLLECTION, resource.id());
        let version = resource.version();
        Self::new(resource, location, version, position)
    }
}

impl<T: ParseFromJSON + ToJSON + Send + Sync> Created<T> {
    pub fn new(value: T, location: String, version: i64, position: i64) -> Self {
        Self::Created(Json(value), location, etag(version), position.to_string())
    }

    pub fn map(self, change: impl FnOnce(T) -> T) -> Self {
        let Self::Created(Json(value), location, version, position) = self;
        Self::Created(Json(change(value)), location, version, position)
    }
}

impl<T: ParseFromJSON + ToJSON + Send + Sync> Unversioned<T> {
    pub fn new(value: T, position: i64) -> Self {
        Self::Ok(Json(value), position.to_string())
    }
}

impl NoContent {
    pub fn at(position: i64) -> Self {
        Self::NoContent(position.to_string())
    }
}

fn etag(version: i64) -> String {
    format!("\"{version}\"")
}
