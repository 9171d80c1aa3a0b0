//! `convosphere health`

use std::time::Duration;

use serde_json::Value;

use crate::config::Settings;
use crate::failure::Failure;
use crate::listener::ADMIN_FILE;
use crate::output;
use crate::role_locks::server_url;

/// How long a server may take to answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

pub async fn run(settings: &Settings, json: bool) -> Result<(), Failure> {
    // A process without the HTTP interface answers on the operators' listener.
    let admin = || std::fs::read_to_string(settings.file(ADMIN_FILE)).ok();
    let Some(url) = server_url(&settings.data_dir).or_else(admin) else {
        return Err(Failure::Unavailable(format!(
            "no server is running on the data folder {}; start it with `convosphere serve`",
            settings.data_dir.display()
        )));
    };
    check(&url, true, json).await
}

/// Checks whether a server is ready. Ignores proxies if it runs on this machine.
pub async fn check(url: &str, is_local: bool, json: bool) -> Result<(), Failure> {
    let url = url.trim_end_matches('/');
    let (is_ready, body) = get_readiness(url, is_local)
        .await
        .map_err(|error| Failure::Unavailable(format!("cannot reach {url}: {error}")))?;
    if json {
        output::print_data(&body.to_string());
    } else {
        output::print_data(&format!(
            "{} is {}",
            url,
            if is_ready { "ready" } else { "not ready" }
        ));
    }
    if is_ready {
        return Ok(());
    }
    let causes = body["causes"].as_array().into_iter().flatten();
    let causes: Vec<String> = causes
        .filter_map(|cause| cause.as_str().map(explain))
        .collect();
    Err(Failure::Unavailable(format!(
        "not ready: {}",
        causes.join("; ")
    )))
}

/// Asks a server whether it is ready. The operation is outside the contract, because it must work without a database.
async fn get_readiness(url: &str, is_local: bool) -> Result<(bool, Value), reqwest::Error> {
    let http = reqwest::Client::builder().timeout(ANSWER_LIMIT);
    let http = match is_local {
        true => http.no_proxy(),
        false => http,
    };
    let response = http.build()?.get(format!("{url}/readyz")).send().await?;
    Ok((response.status().is_success(), response.json().await?))
}

/// Adds an explanation and a remedy to a cause.
fn explain(cause: &str) -> String {
    let remedy = match cause {
        "database_unavailable" => {
            "the database cannot be reached; run `convosphere doctor` on the machine of the server"
        }
        "projections_behind" => {
            "read models are far behind the log but catch up; `convosphere projections list` shows their positions"
        }
        "stopping" => "the server is shutting down",
        _ => return cause.to_owned(),
    };
    format!("{cause} ({remedy})")
}
