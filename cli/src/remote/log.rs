//! `convosphere events --url`, `projections --url` and `database backup --url`

use eventsource_stream::Eventsource;
use futures_util::StreamExt;
use reqwest::Method;
use serde_json::Value;

use crate::api_client::{ApiClient, text_field};
use crate::arguments::{Events, Projections};
use crate::commands::database::show as show_fields;
use crate::commands::events::show_verification;
use crate::commands::projections::{show, show_parked};
use crate::failure::Failure;
use crate::output;

pub async fn events(server: &ApiClient, command: Events, json: bool) -> Result<(), Failure> {
    match command {
        Events::Verify { head, accept } if head.is_some() || accept => Err(Failure::Usage(
            "--head and --accept do not support --url; run the command on the machine of the installation"
                .to_owned(),
        )),
        Events::Verify { .. } => {
            let job = server.post("/api/v1/events/verify", None).await?;
            show_verification(&server.wait_for_job(&job).await?, json)
        }
        Events::Follow { after } => follow(server, after, json).await,
        Events::Export { .. } => Err(Failure::Usage(
            "`events export` does not support --url; run it on the machine of the installation"
                .to_owned(),
        )),
    }
}

/// Creates a backup in the backup folder of the server.
pub async fn backup(server: &ApiClient, json: bool) -> Result<(), Failure> {
    let job = server.post("/api/v1/backups", None).await?;
    show_fields(&server.wait_for_job(&job).await?, json);
    Ok(())
}

async fn follow(server: &ApiClient, after: Option<i64>, json: bool) -> Result<(), Failure> {
    let query = after.map_or_else(String::new, |after| format!("?after={after}"));
    let path = format!("/api/v1/events/stream{query}");
    let answer = server.call(Method::GET, &path, None).await?;
    let mut frames = answer.bytes_stream().eventsource();
    loop {
        let frame = tokio::select! {
            frame = frames.next() => frame,
            _ = tokio::signal::ctrl_c() => return Ok(()),
        };
        let Some(Ok(frame)) = frame else {
            return Err(Failure::Unavailable(
                "the connection to the server was lost".to_owned(),
            ));
        };
        match frame.event.as_str() {
            "event" if json => output::print_data(&frame.data),
            "event" => {
                let event: Value = serde_json::from_str(&frame.data).unwrap_or_default();
                output::print_data(&output::sanitize(&format!(
                    "{} {} {}/{} {} {}",
                    event["position"],
                    text_field(&event, "recorded_at"),
                    text_field(&event, "aggregate_type"),
                    text_field(&event, "aggregate_id"),
                    event["sequence"],
                    text_field(&event, "event_type")
                )));
            }
            "stream.closed" => {
                return Err(Failure::Unavailable(format!(
                    "the server closed the stream: {}",
                    frame.data
                )));
            }
            _ => {}
        }
    }
}

pub async fn projections(
    server: &ApiClient,
    command: Projections,
    json: bool,
) -> Result<(), Failure> {
    match command {
        Projections::List => {
            for projection in server.list("/api/v1/projections").await? {
                show(&projection, json);
            }
        }
        Projections::Rebuild { name } => {
            let path = format!("/api/v1/projections/{}/rebuild", path_segment(&name));
            let job = server.post(&path, None).await?;
            let result = server.wait_for_job(&job).await?;
            output::print_data(&format!(
                "{name} rebuilt up to position {}",
                result["position"]
            ));
        }
        Projections::Parked { name } => {
            let path = format!("/api/v1/projections/{}/parked", path_segment(&name));
            for parked in server.list(&path).await? {
                show_parked(&parked, json);
            }
        }
        Projections::Retry { name, aggregate_id } => {
            let name = path_segment(&name);
            let path = format!("/api/v1/projections/{name}/parked/{aggregate_id}/retry");
            server.call(Method::POST, &path, None).await?;
            output::print_data(&format!("{name} applied the events of {aggregate_id}"));
        }
        Projections::Digest { .. } => {
            return Err(Failure::Usage(
                "`projections digest` does not support --url; run it on the machine of the installation"
                    .to_owned(),
            ));
        }
    }
    Ok(())
}

/// Escapes a name for use as one segment of a path.
fn path_segment(name: &str) -> String {
    url::form_urlencoded::byte_serialize(name.as_bytes()).collect()
}
