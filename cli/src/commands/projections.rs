//! `convosphere projections`
use projections::projector::{RetryOutcome, parking, retry_parked};
use projections::{Projector, projectors, rebuild as views};
use serde_json::{Value, json};

use crate::api_client::text_field;
use crate::arguments::Projections;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;

pub async fn run(
    installation: &Installation,
    command: Projections,
    json: bool,
) -> Result<(), Failure> {
    match command {
        Projections::List => list(installation, json).await,
        Projections::Rebuild { name } => rebuild(installation, &name).await,
        Projections::Parked { name } => list_parked(installation, &name, json).await,
        Projections::Retry { name, aggregate_id } => {
            retry(installation, &name, &aggregate_id.to_string()).await
        }
        Projections::Digest { name } => {
            let digest = digest(installation, find(&name)?.as_ref()).await?;
            output::print_data(&digest);
            Ok(())
        }
    }
}

async fn list(installation: &Installation, json: bool) -> Result<(), Failure> {
    let head = installation.feed.head();
    for status in views::list_status(&installation.pool).await? {
        let projection = json!({
            "name": status.name, "version": status.version, "position": status.position,
            "lag": (head - status.position).max(0), "parked": status.parked,
        });
        show(&projection, json);
    }
    Ok(())
}

pub fn show(projection: &Value, json: bool) {
    if json {
        return output::print_data(&projection.to_string());
    }
    output::print_data(&format!(
        "{:<14} position {} lag {} parked {}",
        text_field(projection, "name"),
        projection["position"],
        projection["lag"],
        projection["parked"]
    ));
}

fn find(name: &str) -> Result<Box<dyn Projector>, Failure> {
    let names: Vec<&str> = projectors()
        .iter()
        .map(|projector| projector.name())
        .collect();
    projectors()
        .into_iter()
        .find(|projector| projector.name() == name)
        .ok_or_else(|| {
            Failure::NotFound(format!(
                "there is no projection {name}; available projections: {}",
                names.join(", ")
            ))
        })
}

async fn rebuild(i: &Installation, name: &str) -> Result<(), Failure> {
    let projector = find(name)?;
    let position = views::rebuild(&i.source(), projector.as_ref(), |_| ()).await?;
    let digest = digest(i, projector.as_ref()).await?;
    output::print_data(&format!(
        "{name} rebuilt up to position {position}, digest {digest}"
    ));
    Ok(())
}

async fn digest(i: &Installation, projector: &dyn Projector) -> Result<String, Failure> {
    let digest = views::digest(&i.pool, projector).await?;
    Ok(hex::encode(digest))
}

async fn list_parked(i: &Installation, name: &str, json: bool) -> Result<(), Failure> {
    for parked in parking::list(&i.pool, find(name)?.name()).await? {
        let parked = json!({
            "aggregate_id": parked.scope, "position": parked.position, "error": parked.error,
        });
        show_parked(&parked, json);
    }
    Ok(())
}

pub fn show_parked(parked: &Value, json: bool) {
    if json {
        return output::print_data(&parked.to_string());
    }
    output::print_data(&output::sanitize(&format!(
        "{} since position {}: {}",
        text_field(parked, "aggregate_id"),
        parked["position"],
        text_field(parked, "error")
    )));
}

async fn retry(i: &Installation, name: &str, scope: &str) -> Result<(), Failure> {
    match retry_parked(&i.source(), find(name)?.as_ref(), scope).await? {
        RetryOutcome::NotParked => Err(Failure::NotFound(format!(
            "{scope} is not parked in {name}; `convosphere projections parked {name}` lists what is"
        ))),
        RetryOutcome::Parked(parked) => Err(Failure::Conflict(format!(
            "position {} still fails: {}",
            parked.position, parked.error
        ))),
        RetryOutcome::Applied => {
            output::print_data(&format!("{name} applied the events of {scope}"));
            Ok(())
        }
    }
}
