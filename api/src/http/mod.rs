//! What all operations share: who calls ([`caller`]), what the request says besides ([`meta`], [`body`], [`page`]), what
//! is replied ([`reply`], [`problem`]), and the shapes of most operations ([`ctx`]). Features depend on this module, and it
//! depends on none of them.

mod body;
mod boundary;
mod caller;
mod ctx;
mod merge;
mod meta;
mod page;
pub(crate) mod problem;
mod reply;

pub(crate) use self::body::{Body, CREDENTIALS};
pub(crate) use self::boundary::{RequestBoundary, RequestId};
pub(crate) use self::caller::{Caller, authenticate};
pub(crate) use self::ctx::Ctx;
pub(crate) use self::meta::{
    BrowserContext, RequestMeta, accepts, header_entries, is_this_machine,
};
pub(crate) use self::page::{PageRequest, parse_filter};
pub use self::problem::Problem;
pub(crate) use self::reply::{
    Accepted, Created, List, NoContent, Resource, Single, StartedJob, Unversioned, resource,
};
