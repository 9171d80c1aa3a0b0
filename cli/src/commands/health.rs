//! `convosphere health`

use crate::commands::serve::running;
use crate::config::Settings;
use crate::failure::Failure;
use crate::output;
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
    let answer = reqwest::get(format!("{url}/readyz"))
        .await
        .map_err(|error| Failure::Unavailable(format!("{url} does not answer: {error}")))?;
    let ready = answer.status().is_success();
    let body: serde_json::Value = answer.json().await.map_err(Failure::failed)?;
    if json {
        output::data(&body.to_string());
    } else {
        output::data(&format!(
            "{url} is {}",
            if ready { "ready" } else { "not ready" }
        ));
    }
    if ready {
        return Ok(());
    }
    Err(Failure::Unavailable(format!(
        "not ready: {}",
        body["causes"]
    )))
}
