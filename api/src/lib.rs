//! The HTTP interface: authorise, build a command or call a query, answer.
//!
//! Reading order: [`edge`] (what wraps everything), [`auth`] (the gate), [`state`], [`problem`], then one folder per
//! area of the contract. Nothing outside is called but the database and the live feed.

pub mod account;
pub mod admin;
mod analytics;
mod answer;
mod assistant;
pub mod auth;
mod backup;
mod body;
mod conversation;
mod cursor;
mod document;
mod edge;
mod export;
mod feed;
mod file;
mod forwarded;
mod group;
mod head;
mod health;
pub mod hosts;
mod import;
mod job;
mod knowledge;
pub mod limits;
mod log;
mod merge;
mod message;
pub mod metrics;
mod model;
pub mod pages;
mod parameters;
pub mod problem;
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
mod tag;
pub mod token;
mod user;

use std::sync::Arc;

use poem::middleware::{AddData, CookieJarManager};
use poem::{Endpoint, EndpointExt, Response, Route, get};

pub use self::state::{App, Parts, Registration, Settings};

/// The contract as it is committed and served.
pub fn contract_text() -> String {
    spec::to_text(&spec::contract())
}

/// What is served until the database is there: that the process lives, and what it waits for.
pub fn waiting(metrics: Arc<metrics::Metrics>) -> impl Endpoint<Output = Response> + 'static {
    Route::new()
        .at("/livez", get(health::livez))
        .at("/healthz", get(health::livez))
        .at("/*path", health::waiting)
        .with(edge::Edge(metrics))
}

/// Everything that is served.
pub fn endpoint(app: Arc<App>) -> impl Endpoint<Output = Response> + 'static {
    let (metrics, asked) = (app.metrics.clone(), app.clone());
    Route::new()
        .at("/", get(pages::room))
        .at("/assets/setup.js", get(pages::setup_script))
        .at("/assets/style.css", get(pages::style))
        .at("/manual", get(pages::manual_index))
        .at("/manual/:name", get(pages::manual_page))
        .at("/docs", get(pages::docs))
        .at("/openapi.json", get(pages::contract))
        .at("/*path", get(pages::room))
        .at("/livez", get(health::livez))
        .at("/healthz", get(health::livez))
        .at("/readyz", get(health::readyz))
        .at("/api/v1/ws", get(socket::socket))
        .nest_no_strip("/api", spec::service())
        .with(CookieJarManager::new())
        .with(AddData::new(app))
        .before(move |request| {
            let checked = hosts::check(&asked.settings, &request);
            let checked = checked.and_then(|()| parameters::check(&request));
            async move { Ok(checked.map(|()| request)?) }
        })
        .with(edge::Edge(metrics))
}
