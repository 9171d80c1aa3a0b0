//! `convosphere events --url` and `convosphere projections --url`

use eventsource_stream::Eventsource;
use futures_util::StreamExt;
use reqwest::Method;
use serde_json::Value;

use super::server::{Server, text};
use crate::arguments::{Events, Projections};
use crate::commands::database::show as show_fields;
use crate::commands::events::show_verified;
use crate::commands::projections::{show, show_parked};
use crate::failure::Failure;
use crate::output;

pub async fn events(server: &Server, command: Events, json: bool) -> Result<(), Failure> {
    match command {
        Events::Verify { head, accept } if head.is_some() || accept => Err(Failure::Usage(
            "--head and --accept need the machine of the installation: leave out --url".to_owned(),
        )),
        Events::Verify { .. } => {
            let begun = server.post("/api/v1/events/verify", None).await?;
            show_verified(&server.job(&begun).await?, json)
        }
        Events::Follow { after } => follow(server, after, json).await,
        Events::Export { .. } => Err(Failure::Usage(
            "the log is exported on the machine of the installation alone".to_owned(),
        )),
    }
}

/// A backup in the folder of the server.
pub async fn backup(server: &Server, json: bool) -> Result<(), Failure> {
    let made = server
        .job(&server.post("/api/v1/backups", None).await?)
        .await?;
    show_fields(&made, json);
    Ok(())
}

async fn follow(server: &Server, after: Option<i64>, json: bool) -> Result<(), Failure> {
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
            return Err(Failure::Unavailable("the stream broke off".to_owned()));
        };
        match frame.event.as_str() {
            "event" if json => output::data(&frame.data),
            "event" => {
                let event: Value = serde_json::from_str(&frame.data).unwrap_or_default();
                output::data(&output::harmless(&format!(
                    "{} {} {}/{} {} {}",
                    event["position"],
                    text(&event, "recorded_at"),
                    text(&event, "aggregate_type"),
                    text(&event, "aggregate_id"),
                    event["sequence"],
                    text(&event, "event_type")
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

pub async fn projections(server: &Server, command: Projections, json: bool) -> Result<(), Failure> {
    match command {
        Projections::List => {
            for projection in server.list("/api/v1/projections").await? {
                show(&projection, json);
            }
        }
        Projections::Rebuild { name } => {
            let path = format!("/api/v1/projections/{}/rebuild", segment(&name));
            let found = server.job(&server.post(&path, None).await?).await?;
            output::data(&format!(
                "{name} rebuilt up to position {}",
                found["position"]
            ));
        }
        Projections::Parked { name } => {
            let path = format!("/api/v1/projections/{}/parked", segment(&name));
            for parked in server.list(&path).await? {
                show_parked(&parked, json);
            }
        }
        Projections::Retry { name, aggregate_id } => {
            let name = segment(&name);
            let path = format!("/api/v1/projections/{name}/parked/{aggregate_id}/retry");
            server.call(Method::POST, &path, None).await?;
            output::data(&format!("{name} has taken {aggregate_id}"));
        }
        Projections::Digest { .. } => {
            return Err(Failure::Usage(
                "digests are made on the machine of the installation alone".to_owned(),
            ));
        }
    }
    Ok(())
}

/// A name as one segment of a path.
fn segment(name: &str) -> String {
    url::form_urlencoded::byte_serialize(name.as_bytes()).collect()
}
