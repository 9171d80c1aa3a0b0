//! `convosphere projections`

use eventstore::chain::hex;
use projections::parked::{self, Retried};
use projections::rebuild;
use projections::{Projector, projectors};
use serde_json::{Value, json};

use crate::arguments::Projections;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;
use crate::remote::server::text;

pub async fn run(
    installation: &Installation,
    command: Projections,
    json: bool,
) -> Result<(), Failure> {
    match command {
        Projections::List => list(installation, json).await,
        Projections::Rebuild { name } => make_anew(installation, &name).await,
        Projections::Parked { name } => parked(installation, &name, json).await,
        Projections::Retry { name, aggregate_id } => {
            retry(installation, &name, &aggregate_id.to_string()).await
        }
        Projections::Digest { name } => {
            let digest = digest(installation, find(&name)?.as_ref()).await?;
            output::data(&digest);
            Ok(())
        }
    }
}

async fn list(installation: &Installation, json: bool) -> Result<(), Failure> {
    let head = installation.feed.head();
    for status in rebuild::list(&installation.pool).await? {
        let told = json!({
            "name": status.name, "version": status.version, "position": status.position,
            "lag": (head - status.position).max(0), "parked": status.parked,
        });
        show(&told, json);
    }
    Ok(())
}

pub fn show(projection: &Value, json: bool) {
    if json {
        return output::data(&projection.to_string());
    }
    output::data(&format!(
        "{:<14} position {} lag {} parked {}",
        text(projection, "name"),
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
                "there is no projection {name}; there are {}",
                names.join(", ")
            ))
        })
}

async fn make_anew(i: &Installation, name: &str) -> Result<(), Failure> {
    let projector = find(name)?;
    let position = rebuild::rebuild(&i.source(), projector.as_ref(), |_| ()).await?;
    let digest = digest(i, projector.as_ref()).await?;
    output::data(&format!(
        "{name} rebuilt up to position {position}, digest {digest}"
    ));
    Ok(())
}

async fn digest(i: &Installation, projector: &dyn Projector) -> Result<String, Failure> {
    let digest = rebuild::digest(&i.pool, projector).await?;
    Ok(hex(&digest))
}

async fn parked(i: &Installation, name: &str, json: bool) -> Result<(), Failure> {
    for parked in parked::list(&i.pool, find(name)?.name()).await? {
        let told = json!({
            "aggregate_id": parked.scope, "position": parked.position, "error": parked.error,
        });
        show_parked(&told, json);
    }
    Ok(())
}

pub fn show_parked(parked: &Value, json: bool) {
    if json {
        return output::data(&parked.to_string());
    }
    output::data(&output::harmless(&format!(
        "{} since position {}: {}",
        text(parked, "aggregate_id"),
        parked["position"],
        text(parked, "error")
    )));
}

async fn retry(i: &Installation, name: &str, scope: &str) -> Result<(), Failure> {
    match parked::retry(&i.source(), find(name)?.as_ref(), scope).await? {
        Retried::NotParked => Err(Failure::NotFound(format!(
            "{name} does not wait with {scope}; see `convosphere projections parked {name}`"
        ))),
        Retried::Parked(parked) => Err(Failure::Conflict(format!(
            "position {} still fails: {}",
            parked.position, parked.error
        ))),
        Retried::Taken => {
            output::data(&format!("{name} has taken {scope}"));
            Ok(())
        }
    }
}
