#![doc = include_str!("../README.md")]

mod call;
mod client;
mod download;
mod error;
mod field;
mod generated;
mod job;
mod list;
mod request;
mod session;
mod silence;
mod stream;
mod transport;
mod upload;

pub use client::{Builder, Client};
pub use download::Download;
pub use error::Error;
pub use field::Field;
pub use generated::types;
pub use list::List;
pub use request::{Answer, Reply, Request};
pub use stream::{
    Frames, ReadMarker, ResponseDelta, ResponseSnapshot, Run, StreamEvent, StreamFrame,
};
pub use upload::Upload;
