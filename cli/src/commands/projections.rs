//! `convosphere projections`

use eventstore::chain::hex;
use projections::rebuild;
use projections::{Projector, projectors};

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
        Projections::Rebuild { name } => make_anew(installation, &name).await,
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
        let lag = (head - status.position).max(0);
        if json {
            let line = serde_json::json!({
                "name": status.name, "version": status.version, "position": status.position, "lag": lag,
                "parked": status.parked,
            });
            output::data(&line.to_string());
        } else {
            output::data(&format!(
                "{:<14} position {} lag {lag} parked {}",
                status.name, status.position, status.parked
            ));
        }
    }
    Ok(())
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
