//! Looks for servers of models on this very machine, so that one that runs is connected with one press.

use std::time::Duration;

use domain::provider::LocalServer;
use eventstore::{Health, Supervisor};
use serde_json::Value;
use tokio::sync::watch;

use crate::egress::Egress;
use crate::model::model_list::parse_models;

const LOOK: Duration = Duration::from_secs(10);
/// What does not answer at once on the same machine does not run there.
const GLANCE: Duration = Duration::from_millis(500);

/// Starts to look at these places, and tells which of them answer. The task ends when the supervisor is dropped.
pub fn start_looking(
    places: Vec<LocalServer>,
    egress: Egress,
    found: watch::Sender<Vec<LocalServer>>,
    health: &Health,
) -> Supervisor {
    let mut tasks = Supervisor::new(health.clone());
    tasks.spawn("local model servers", move || {
        look(places.clone(), egress.clone(), found.clone())
    });
    tasks
}

async fn look(places: Vec<LocalServer>, egress: Egress, found: watch::Sender<Vec<LocalServer>>) {
    let mut looks = tokio::time::interval(LOOK);
    loop {
        looks.tick().await;
        let mut answering = Vec::new();
        for place in &places {
            if answers(&egress, &place.base_url).await {
                answering.push(place.clone());
            }
        }
        found.send_if_modified(|known| {
            let differs = *known != answering;
            *known = answering;
            differs
        });
    }
}

/// Whether a server of models answers there.
pub async fn answers(egress: &Egress, base_url: &str) -> bool {
    let asked = async {
        let client = egress.client(base_url, true)?;
        let response = client
            .get(format!("{base_url}/models"))
            .send()
            .await
            .ok()?
            .error_for_status()
            .ok()?;
        // Another program may have this port: it must answer as a list of models.
        parse_models(&response.json::<Value>().await.ok()?)?;
        Some(())
    };
    matches!(tokio::time::timeout(GLANCE, asked).await, Ok(Some(())))
}
