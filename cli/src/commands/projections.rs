//! `convosphere projections`

use projections::projectors;
use projections::rebuild;

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

async fn make_anew(installation: &Installation, name: &str) -> Result<(), Failure> {
    let all = projectors();
    let projector = all
        .iter()
        .find(|projector| projector.name() == name)
        .ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|projector| projector.name()).collect();
            Failure::NotFound(format!(
                "there is no projection {name}; there are {}",
                names.join(", ")
            ))
        })?;
    let i = installation;
    let position = rebuild::rebuild(&i.pool, &i.log, &i.keys, projector.as_ref(), |position| {
        tracing::info!(position, "rebuilding");
    })
    .await?;
    let digest = rebuild::digest(&i.pool, projector.as_ref()).await?;
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    output::data(&format!(
        "{name} rebuilt up to position {position}, digest {digest}"
    ));
    Ok(())
}
