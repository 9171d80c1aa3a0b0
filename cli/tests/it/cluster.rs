//! The journeys, in one process and in separate processes connected by NATS.

use testing::NatsServer;
use testing::provider::Provider;

use crate::journeys;
use crate::program::{Installation, Server, ok};
use crate::site::Site;

/// Keeps the processes running for the duration of the test.
struct Cluster {
    _nats: NatsServer,
    _servers: Vec<Server>,
}

fn installation(provider: &Provider) -> Installation {
    let allowed = format!("127.0.0.1:{}", provider.port);
    Installation::external()
        .with("CONVOSPHERE_EGRESS__ALLOW", &allowed)
        .with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false")
}

fn start_cluster(provider: &Provider) -> (Site, Cluster) {
    let nats = NatsServer::start();
    let installation = installation(provider);
    ok(&installation.run(&["database", "migrate"]));
    let mut servers = Vec::new();
    for role in ["projector", "indexer", "responder", "relay"] {
        servers.push(installation.node(role, &[role], &nats.url()));
    }
    let apis = ["api-1", "api-2"].map(|name| installation.node(name, &["api"], &nats.url()));
    let urls = [apis[0].url.clone(), apis[1].url.clone()];
    servers.extend(apis);
    let cluster = Cluster {
        _nats: nats,
        _servers: servers,
    };
    (Site::new(installation, urls, provider.base_url()), cluster)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_passes_all_journeys() {
    let provider = Provider::start().await;
    let (site, _server) = tokio::task::block_in_place(|| {
        let installation = installation(&provider);
        let server = installation.serve();
        let urls = [server.url.clone(), server.url.clone()];
        (Site::new(installation, urls, provider.base_url()), server)
    });
    journeys::run_all(&site).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn split_roles_on_several_nodes_pass_all_journeys() {
    let provider = Provider::start().await;
    let (site, _cluster) = tokio::task::block_in_place(|| start_cluster(&provider));
    journeys::run_all(&site).await;
}

/// A process without the HTTP interface reports its health on the operators' listener.
#[tokio::test(flavor = "multi_thread")]
async fn every_role_reports_whether_it_is_ready() {
    tokio::task::block_in_place(|| {
        let nats = NatsServer::start();
        let installation = Installation::external();
        ok(&installation.run(&["database", "migrate"]));
        for role in ["projector", "indexer", "responder", "relay"] {
            let folder = installation.data_dir().with_file_name(role);
            let none = installation
                .command_in(&folder, &["health"])
                .output()
                .unwrap();
            assert_eq!(none.status.code(), Some(6), "{role}");
            let server = installation.node(role, &[role], &nats.url());
            let started = std::time::Instant::now();
            while !installation
                .command_in(&folder, &["health"])
                .output()
                .unwrap()
                .status
                .success()
            {
                assert!(
                    started.elapsed() < crate::program::TIME_LIMIT,
                    "{role}: {}",
                    server.output()
                );
            }
        }
    });
}
