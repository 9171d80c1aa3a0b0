//! Clients of the HTTP API.

use convosphere_client::Client;

use crate::failure::Failure;

/// A person waits for the result, so an unreachable server is reported soon.
const RETRIES: u32 = 2;

/// A client of a remote server, with an access token.
pub fn remote(url: &str, token: Option<String>) -> Result<Client, Failure> {
    let builder = Client::builder(url).retries(RETRIES);
    let builder = match token {
        Some(token) => builder.token(token),
        None => builder,
    };
    Ok(builder.build()?)
}

/// A client of a server on this machine, with a function that issues access tokens. Ignores proxies.
pub fn local(
    url: &str,
    issue_token: impl Fn() -> String + Send + Sync + 'static,
) -> Result<Client, Failure> {
    let client = Client::builder(url)
        .retries(RETRIES)
        .token_source(issue_token)
        .http(reqwest::ClientBuilder::no_proxy);
    Ok(client.build()?)
}
