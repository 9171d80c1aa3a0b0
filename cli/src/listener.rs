//! The listeners of a process: one for clients, one for operators.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use api::App;
use api::admin::{self, Admin};
use api::server::{self, BoundListener};
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::task::JoinSet;

use crate::config::Settings;
use crate::failure::Failure;
use crate::private_files;

/// How long open requests may take when the server stops.
const DRAIN_LIMIT: Duration = Duration::from_secs(10);
/// Maximum number of client connections, if the operating system allows as many open files.
const MAX_CONNECTIONS: usize = 20_000;
/// Open files that are not client connections: database, NATS, providers, operators.
const OTHER_FILES: usize = 256;
/// Contains the URL of the operators' listener, for commands on a process without the HTTP interface.
pub const ADMIN_FILE: &str = "admin.url";
/// Maximum number of operator connections.
const MAX_OPERATORS: usize = 64;

/// Binds an address.
pub async fn bind(listen: SocketAddr) -> Result<BoundListener, Failure> {
    server::bind(listen)
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => Failure::Unavailable(format!(
                "the address {listen} is already in use; choose another with --listen 127.0.0.1:{}",
                listen.port().wrapping_add(1).max(1024)
            )),
            _ => Failure::Unavailable(format!("cannot listen on {listen}: {error}")),
        })
}

/// Serves HTTP until `stop` completes, then waits for open requests and closes streams with a reason.
pub async fn serve(bound: BoundListener, app: Arc<App>, stop: impl Future<Output = ()>) {
    let closing = app.clone();
    let stop = async move {
        stop.await;
        closing.closing.send_replace(true);
    };
    bound
        .serve(api::endpoint(app), max_connections(), stop, DRAIN_LIMIT)
        .await;
}

/// The maximum number of client connections. Raises the limit of open files to its maximum first.
fn max_connections() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let raised = rustix::process::Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        };
        if setrlimit(Resource::Nofile, raised).is_ok() {
            limit = raised;
        }
    }
    let files = limit.current.and_then(|files| usize::try_from(files).ok());
    files.map_or(MAX_CONNECTIONS, |files| {
        files
            .saturating_sub(OTHER_FILES)
            .clamp(MAX_OPERATORS, MAX_CONNECTIONS)
    })
}

/// Serves metrics and health until the set is dropped. If the default address is in use, the process runs without them.
pub async fn serve_admin(settings: &Settings, admin: Arc<Admin>) -> Result<JoinSet<()>, Failure> {
    let mut tasks = JoinSet::new();
    let bound = match bind(settings.server.admin_listen).await {
        Ok(bound) => bound,
        Err(failure) if settings.server.admin_listen_is_set => return Err(failure),
        Err(_) => {
            tracing::info!(
                address = %settings.server.admin_listen,
                "metrics are not served: the address is already in use; choose another with --admin-listen"
            );
            return Ok(tasks);
        }
    };
    let url = format!("http://{}", bound.address);
    private_files::write(&settings.file(ADMIN_FILE), &url)?;
    let never = std::future::pending();
    tasks.spawn(bound.serve(admin::endpoint(admin), MAX_OPERATORS, never, DRAIN_LIMIT));
    Ok(tasks)
}
