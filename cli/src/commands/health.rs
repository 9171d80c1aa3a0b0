//! `convosphere health`

use reqwest::Method;

use crate::commands::serve::running;
use crate::config::Settings;
use crate::failure::Failure;
use crate::output;
use crate::remote::Server;
use crate::roles::ADMIN_FILE;

pub async fn run(settings: &Settings, json: bool) -> Result<(), Failure> {
    // A process of other roles alone says it on the listener for operators.
    let admin = || std::fs::read_to_string(settings.file(ADMIN_FILE)).ok();
    let Some(url) = running(&settings.data_dir).or_else(admin) else {
        return Err(Failure::Unavailable(format!(
            "no server runs on the data folder {}",
            settings.data_dir.display()
        )));
    };
    ask(&Server::here(&url, None)?, json).await
}

/// Asks a server whether it is ready.
pub async fn ask(server: &Server, json: bool) -> Result<(), Failure> {
    let answer = server.ask(Method::GET, "/readyz", None).await?;
    let ready = answer.status().is_success();
    let body: serde_json::Value = answer.json().await.map_err(Failure::failed)?;
    if json {
        output::data(&body.to_string());
    } else {
        output::data(&format!(
            "{} is {}",
            server.url,
            if ready { "ready" } else { "not ready" }
        ));
    }
    if ready {
        return Ok(());
    }
    let causes = body["causes"].as_array().into_iter().flatten();
    let causes: Vec<String> = causes.filter_map(|cause| cause.as_str().map(why)).collect();
    Err(Failure::Unavailable(format!(
        "not ready: {}",
        causes.join("; ")
    )))
}

/// A cause with what to do about it.
fn why(cause: &str) -> String {
    let remedy = match cause {
        "database_unavailable" => {
            "the database cannot be reached; `convosphere doctor` looks at it"
        }
        "projections_behind" => {
            "read models are far behind the log; they catch up by themselves, and `convosphere projections list` shows how \
             far they are"
        }
        "stopping" => "the server is being stopped",
        _ => return cause.to_owned(),
    };
    format!("{cause} ({remedy})")
}
