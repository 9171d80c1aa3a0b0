//! `convosphere events follow`

use clap::Args;
use convosphere_client::types::Event;
use convosphere_client::{Client, StreamEvent, StreamFrame};
use futures_util::TryStreamExt;

use crate::failure::Failure;
use crate::output;

/// Prints events as they are appended.
#[derive(Debug, Args)]
pub struct Follow {
    /// Starts after this position instead of at the current end.
    #[arg(long)]
    after: Option<i64>,
}

impl Follow {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        let mut frames = server.stream_events();
        if let Some(after) = self.after {
            frames = frames.after(&after.to_string());
        }
        loop {
            let frame = tokio::select! {
                frame = frames.try_next() => frame?,
                _ = tokio::signal::ctrl_c() => return Ok(()),
            };
            match frame {
                Some(frame) => show(&frame, json)?,
                None => return Ok(()),
            }
        }
    }
}

fn show(frame: &StreamFrame, json: bool) -> Result<(), Failure> {
    if let StreamEvent::Event(event) = frame.event()? {
        match json {
            true => output::print_data(&frame.data),
            false => output::print_data(&output::sanitize(&line(&event))),
        }
    }
    Ok(())
}

fn line(event: &Event) -> String {
    format!(
        "{} {} {}/{} {} {}",
        event.position,
        event.recorded_at.to_rfc3339(),
        event.aggregate_type,
        event.aggregate_id,
        event.sequence,
        event.event_type
    )
}
