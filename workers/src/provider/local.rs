//! Finds model servers on this machine, so that a running one can be connected with one click.

use std::time::Duration;

use domain::provider::LocalServer;
use eventstore::{Health, Supervisor};
use serde_json::Value;
use tokio::sync::watch;

use crate::egress::Egress;
use crate::model::model_list::parse_models;

const POLL_INTERVAL: Duration = Duration::from_secs(10);
/// A local server responds immediately or is not running.
const RESPONSE_TIMEOUT: Duration = Duration::from_millis(500);

/// Starts to poll these addresses, and reports which of them respond. The task ends when the supervisor is dropped.
pub fn start_local_discovery(
    servers: Vec<LocalServer>,
    egress: Egress,
    found: watch::Sender<Vec<LocalServer>>,
    health: &Health,
) -> Supervisor {
    let mut tasks = Supervisor::new(health.clone());
    tasks.spawn("local model servers", move || {
        poll(servers.clone(), egress.clone(), found.clone())
    });
    tasks
}

async fn poll(servers: Vec<LocalServer>, egress: Egress, found: watch::Sender<Vec<LocalServer>>) {
    let mut interval = tokio::time::interval(POLL_INTERVAL);
    loop {
        interval.tick().await;
        let mut running = Vec::new();
        for server in &servers {
            if is_model_server(&egress, &server.base_url).await {
                running.push(server.clone());
            }
        }
        found.send_if_modified(|current| {
            let differs = *current != running;
            *current = running;
            differs
        });
    }
}

/// Whether a model server responds at an address.
pub async fn is_model_server(egress: &Egress, base_url: &str) -> bool {
    let request = async {
        let client = egress.client(base_url, true)?;
        let response = client
            .get(format!("{base_url}/models"))
            .send()
            .await
            .ok()?
            .error_for_status()
            .ok()?;
        // Another program may use the port, so the response must be a list of models.
        parse_models(&response.json::<Value>().await.ok()?)?;
        Some(())
    };
    matches!(
        tokio::time::timeout(RESPONSE_TIMEOUT, request).await,
        Ok(Some(()))
    )
}
