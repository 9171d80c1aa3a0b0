//! The shapes of answers: one resource, a list, something made, nothing.

use poem_openapi::payload::Json;
use poem_openapi::types::{ParseFromJSON, ToJSON};
use poem_openapi::{ApiResponse, Object};

/// One resource.
#[derive(ApiResponse)]
pub enum One<T: ParseFromJSON + ToJSON + Send + Sync> {
    #[oai(status = 200)]
    Ok(
        Json<T>,
        /// The version, for If-Match.
        #[oai(header = "ETag")]
        String,
        /// The position at which it was read or written.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
}

/// Something that was made.
#[derive(ApiResponse)]
pub enum Made<T: ParseFromJSON + ToJSON + Send + Sync> {
    #[oai(status = 201)]
    Created(
        Json<T>,
        /// Where it can be read.
        #[oai(header = "Location")]
        String,
        /// The version, for If-Match.
        #[oai(header = "ETag")]
        String,
        /// The position at which it was written.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
}

/// An answer without a version.
#[derive(ApiResponse)]
pub enum Plain<T: ParseFromJSON + ToJSON + Send + Sync> {
    #[oai(status = 200)]
    Ok(
        Json<T>,
        /// The position at which it was read.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
}

/// Done, with nothing to say.
#[derive(ApiResponse)]
pub enum Done {
    #[oai(status = 204)]
    NoContent(
        /// The position at which it was written.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
}

/// Accepted; it happens soon.
#[derive(ApiResponse)]
pub enum Accepted<T: ParseFromJSON + ToJSON + Send + Sync> {
    #[oai(status = 202)]
    Accepted(
        Json<T>,
        /// The position at which it was written.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
}

/// Begun; the job tells how it goes.
#[derive(ApiResponse)]
pub enum Begun<T: ParseFromJSON + ToJSON + Send + Sync> {
    #[oai(status = 202)]
    Accepted(
        Json<T>,
        /// Where the job can be read.
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

impl<T: ParseFromJSON + ToJSON + Send + Sync> One<T> {
    pub fn new(value: T, version: i64, position: i64) -> Self {
        Self::Ok(Json(value), etag(version), position.to_string())
    }
}

impl<T: ParseFromJSON + ToJSON + Send + Sync> Made<T> {
    pub fn new(value: T, location: String, version: i64, position: i64) -> Self {
        Self::Created(Json(value), location, etag(version), position.to_string())
    }

    pub fn map(self, change: impl FnOnce(T) -> T) -> Self {
        let Self::Created(Json(value), location, version, position) = self;
        Self::Created(Json(change(value)), location, version, position)
    }
}

impl<T: ParseFromJSON + ToJSON + Send + Sync> Plain<T> {
    pub fn new(value: T, position: i64) -> Self {
        Self::Ok(Json(value), position.to_string())
    }
}

impl Done {
    pub fn at(position: i64) -> Self {
        Self::NoContent(position.to_string())
    }
}

fn etag(version: i64) -> String {
    format!("\"{version}\"")
}
