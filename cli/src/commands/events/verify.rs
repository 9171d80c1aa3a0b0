//! `convosphere events verify`

use clap::Args;
use convosphere_client::Client;
use eventstore::anchors::{Difference, Observation};
use eventstore::log::verify::verify;
use serde_json::Value;

use crate::failure::Failure;
use crate::installation::Installation;
use crate::{output, progress_bar};

/// Verifies the hash chain and compares the log with its anchors, backups and read models, to detect events that were
/// rewritten or cut off. Reports the first broken position.
#[derive(Debug, Args)]
pub struct Verify {
    /// An earlier end of the log to compare with: a position and its hash.
    #[arg(long, value_name = "POSITION:HASH", value_parser = parse_head)]
    head: Option<(i64, String)>,
    /// Accepts differences from the anchors, for example after a failover to an incomplete copy: anchors the current
    /// log and discards earlier observations of a later end.
    #[arg(long)]
    accept: bool,
}

impl Verify {
    /// Reads the log itself, so that the result does not depend on a server.
    pub async fn run(self, i: &Installation, json: bool) -> Result<(), Failure> {
        let bar = progress_bar::start("verifying");
        let total = i.feed.head();
        let progress = |position| progress_bar::advance(&bar, position, Some(total));
        let verified = verify(&i.pool, &i.log, progress).await;
        bar.finish_and_clear();
        let verified = verified?;
        let difference = match verified.broken {
            None => self.find_difference(i).await?,
            Some(_) => None,
        };
        show(&workers::verification_result(&verified, difference), json)
    }

    pub async fn run_remotely(self, server: &Client, json: bool) -> Result<(), Failure> {
        if self.head.is_some() || self.accept {
            return Err(Failure::Usage(
                "--head and --accept do not support --url; run the command on the machine of the installation"
                    .to_owned(),
            ));
        }
        let job = server.verify_events().await?;
        let result = progress_bar::wait_for_job(server, "verifying", job).await?;
        show(&result, json)
    }

    /// Compares the log with everything that has observed it, or accepts it as it is.
    async fn find_difference(self, i: &Installation) -> Result<Option<Difference>, Failure> {
        if self.accept {
            let accepted = i.anchors().record_restore().await;
            accepted.map_err(Failure::failed)?;
            output::print_message(
                "accepted the current end of the log and discarded earlier observations",
            );
        }
        let observation = self.head.map(|(position, hash)| Observation {
            position,
            hash: Some(hash),
            at: Some(i.clock.now()),
            by: "--head".to_owned(),
        });
        let observations = observation.into_iter().collect();
        i.find_difference(observations)
            .await
            .map_err(Failure::failed)
    }
}

/// Prints the result of a verification; fails if the log is broken.
fn show(result: &Value, json: bool) -> Result<(), Failure> {
    let broken = &result["broken"];
    if json {
        output::print_data(&result.to_string());
    } else if broken.is_null() {
        output::print_data(&format!(
            "{} events in order, last hash {}",
            result["events"],
            result["hash"].as_str().unwrap_or_default()
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
            broken["reason"].as_str().unwrap_or_default()
        ),
    };
    Err(Failure::failed(std::io::Error::other(message)))
}

/// Parses a position of the log and its hash.
fn parse_head(text: &str) -> Result<(i64, String), String> {
    let (position, hash) = text
        .split_once(':')
        .ok_or("must be a position, a colon and the hash that `events verify` prints")?;
    let position: i64 = position
        .parse()
        .ok()
        .filter(|position| *position > 0)
        .ok_or("the position must be a positive number")?;
    match hex::decode(hash) {
        Ok(bytes) if bytes.len() == 32 => Ok((position, hash.to_lowercase())),
        _ => Err("the hash must have 64 hexadecimal digits".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::parse_head;

    #[test]
    fn a_head_is_a_position_and_a_hash_in_hexadecimal_digits() {
        let hash = "Ab".repeat(32);
        let head = parse_head(&format!("7:{hash}"));
        assert_eq!(head, Ok((7, hash.to_lowercase())));
        for wrong in [
            hash.clone(),
            format!("0:{hash}"),
            format!("-1:{hash}"),
            format!("x:{hash}"),
            format!("7:{}", &hash[1..]),
            format!("7:{}", &hash[2..]),
            format!("7:+{}", &hash[1..]),
            format!("7:é{}", &hash[2..]),
            format!("7:{hash} "),
        ] {
            assert!(parse_head(&wrong).is_err(), "{wrong}");
        }
    }
}
