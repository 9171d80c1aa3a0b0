//! `convosphere events`

use std::io::{BufWriter, Write};

use eventstore::anchors::Observation;
use eventstore::log;
use eventstore::log::verify;
use serde_json::{Value, json};

use crate::api_client::text_field;
use crate::arguments::Events;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;

const PAGE: i64 = 2_000;

pub async fn run(installation: &Installation, command: Events, json: bool) -> Result<(), Failure> {
    match command {
        Events::Verify { head, accept } => verify(installation, (head, accept), json).await,
        Events::Export { after } => export(installation, after).await,
        Events::Follow { after } => follow(installation, after, json).await,
    }
}

async fn verify(
    i: &Installation,
    (head, accept): (Option<(i64, String)>, bool),
    json: bool,
) -> Result<(), Failure> {
    let verified = verify::verify(&i.pool, &i.log, |_| ()).await?;
    let mut difference = None;
    if verified.broken.is_none() {
        if accept {
            i.anchors()
                .record_restore()
                .await
                .map_err(Failure::failed)?;
            output::print_message(
                "accepted the current end of the log and discarded earlier observations",
            );
        }
        let observation = head.map(|(position, hash)| Observation {
            position,
            hash: Some(hash),
            at: Some(i.clock.now()),
            by: "--head".to_owned(),
        });
        let observations = observation.into_iter().collect();
        difference = i
            .find_difference(observations)
            .await
            .map_err(Failure::failed)?;
    }
    show_verification(&workers::verification_result(&verified, difference), json)
}

/// Prints the result of a verification; fails if the log is broken.
pub fn show_verification(result: &Value, json: bool) -> Result<(), Failure> {
    let broken = &result["broken"];
    if json {
        output::print_data(&result.to_string());
    } else if broken.is_null() {
        output::print_data(&format!(
            "{} events in order, last hash {}",
            result["events"],
            text_field(result, "hash")
        ));
    }
    if broken.is_null() {
        return Ok(());
    }
    let message = match broken["detail"].as_str() {
        Some(detail) => detail.to_owned(),
        None => format!(
            "position {} is {}: the log does not verify",
            broken["position"],
            text_field(broken, "reason")
        ),
    };
    Err(Failure::failed(std::io::Error::other(message)))
}

async fn export(installation: &Installation, after: i64) -> Result<(), Failure> {
    let hash = match after {
        0 => installation.log.genesis.to_vec(),
        after => log::hash_at(&installation.pool, after)
            .await?
            .ok_or_else(|| Failure::NotFound(format!("the log has no event {after}")))?,
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let header = json!({"format": 1, "log_id": installation.log.id, "after": after, "hash": hex::encode(&hash)});
    writeln!(out, "{header}")?;
    let mut position = after;
    loop {
        let rows = log::read(&installation.pool, position, PAGE).await?;
        let Some(last) = rows.last() else {
            out.flush()?;
            return Ok(());
        };
        position = last.position;
        for row in &rows {
            writeln!(out, "{}", row.to_line())?;
        }
    }
}

async fn follow(
    installation: &Installation,
    after: Option<i64>,
    json: bool,
) -> Result<(), Failure> {
    let mut feed = installation.feed.clone();
    let mut position = after.unwrap_or_else(|| feed.head());
    loop {
        tokio::select! {
            () = feed.wait_for_position(position) => {}
            _ = tokio::signal::ctrl_c() => return Ok(()),
        }
        for row in log::read(&installation.pool, position, PAGE).await? {
            position = row.position;
            if json {
                output::print_data(&row.to_line().to_string());
            } else {
                output::print_data(&format!(
                    "{} {} {}/{} {} {}",
                    row.position,
                    row.recorded_at.to_rfc3339(),
                    row.aggregate_type,
                    row.aggregate_id,
                    row.sequence,
                    row.event_type
                ));
            }
        }
    }
}
