//! `convosphere health`

use reqwest::Method;

use crate::api_client::ApiClient;
use crate::commands::serve::server_url;
use crate::config::Settings;
use crate::failure::Failure;
use crate::listener::ADMIN_FILE;
use crate::output;

pub async fn run(settings: &Settings, json: bool) -> Result<(), Failure> {
    // A process without the HTTP interface answers on the operators' listener.
    let admin = || std::fs::read_to_string(settings.file(ADMIN_FILE)).ok();
    let Some(url) = server_url(&settings.data_dir).or_else(admin) else {
        return Err(Failure::Unavailable(format!(
            "no server is running on the data folder {}; start it with `convosphere serve`",
            settings.data_dir.display()
        )));
    };
    check(&ApiClient::local(&url, None)?, json).await
}

/// Checks whether a server is ready.
pub async fn check(server: &ApiClient, json: bool) -> Result<(), Failure> {
    let response = server.send(Method::GET, "/readyz", None).await?;
    let is_ready = response.status().is_success();
    let body: serde_json::Value = response.json().await.map_err(Failure::failed)?;
    if json {
        output::print_data(&body.to_string());
    } else {
        output::print_data(&format!(
            "{} is {}",
            server.url,
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
