//! The HTTP interface: authorises a request, builds a command or runs a query, and replies.
//!
//! Reading order: [`http`] (what all operations share), [`state`], then one folder per area of the contract.

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "tests create ids and start tasks where they need them"
    )
)]

pub mod account;
pub mod admin;
mod analytics;
mod assistant;
mod backup;
mod conversation;
mod document;
mod export;
mod feed;
mod file;
mod forwarded;
mod group;
mod health;
pub mod hosts;
pub mod http;
mod import;
mod job;
mod knowledge;
pub mod limits;
mod log;
mod message;
pub mod metrics;
mod model;
pub mod pages;
mod parameters;
mod provider;
mod response;
mod search;
pub mod server;
mod session;
pub mod settings;
mod setup;
mod socket;
mod spec;
pub mod state;
mod stream;
pub mod token;
mod user;

use std::sync::Arc;

use eventstore::Clock;
use poem::middleware::{AddData, CookieJarManager};
use poem::{Endpoint, EndpointExt, Response, Route, get};
use poem_openapi::OpenApi;

pub use self::http::Problem;
pub use self::state::{App, AppParts, Registration, Settings};

/// The operations of all features, nested because a tuple has at most 16 elements.
fn operations() -> impl OpenApi {
    let people = (
        setup::operations(),
        session::operations(),
        user::operations(),
        group::operations(),
    );
    let assistants = (
        model::ModelApi,
        provider::operations(),
        settings::operations(),
        assistant::operations(),
    );
    let documents = (
        file::operations(),
        knowledge::operations(),
        document::operations(),
    );
    let chats = (
        conversation::operations(),
        message::operations(),
        response::operations(),
        stream::StreamApi,
        search::SearchApi,
        export::operations(),
        import::ImportApi,
    );
    let server = (
        feed::FeedApi,
        analytics::operations(),
        log::operations(),
        backup::operations(),
        job::operations(),
    );
    (people, assistants, documents, chats, server)
}

/// The contract as it is committed and served.
pub fn contract_text() -> &'static str {
    &spec::served().text
}

/// Served until the database is available: liveness, and the reason why the server is not ready.
pub fn startup_endpoint(
    metrics: Arc<metrics::Metrics>,
    clock: Clock,
) -> impl Endpoint<Output = Response> + 'static {
    Route::new()
        .at("/livez", get(health::livez))
        .at("/healthz", get(health::livez))
        .at("/*path", health::starting)
        .with(http::RequestBoundary { metrics, clock })
}

/// The endpoint of a running server.
pub fn endpoint(app: Arc<App>) -> impl Endpoint<Output = Response> + 'static {
    let (metrics, clock, state) = (app.metrics.clone(), app.clock.clone(), app.clone());
    Route::new()
        .at("/", get(pages::client_page))
        .at("/assets/setup.js", get(pages::setup_script))
        .at("/assets/style.css", get(pages::style))
        .at("/manual", get(pages::manual_index))
        .at("/manual/:name", get(pages::manual_page))
        .at("/docs", get(pages::docs))
        .at("/openapi.json", get(pages::contract))
        .at("/*path", get(pages::client_page))
        .at("/livez", get(health::livez))
        .at("/healthz", get(health::livez))
        .at("/readyz", get(health::readyz))
        .at("/api/v1/ws", get(socket::socket))
        .nest_no_strip("/api", spec::service())
        .with(CookieJarManager::new())
        .with(AddData::new(app))
        .before(move |request| {
            let checked = hosts::check(&state.settings, &request);
            let checked = checked.and_then(|()| parameters::check(&request));
            async move { Ok(checked.map(|()| request)?) }
        })
        .with(http::RequestBoundary { metrics, clock })
}
