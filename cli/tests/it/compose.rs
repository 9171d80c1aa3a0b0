//! Checks the compose files without Docker: parses them, applies the rules of this project, and checks their configuration
//! with the program. The cluster test runs the same processes; the images are not built here.

use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::program::{Installation, ok};

fn read(name: &str) -> Value {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../compose")).join(name);
    let text = std::fs::read_to_string(path).unwrap();
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn services(file: &Value) -> &Map<String, Value> {
    file["services"].as_object().unwrap()
}

fn words(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// A service that creates the secrets and exits.
const WITHOUT_HEALTH: &[&str] = &["secrets"];

#[test]
fn every_service_is_confined_has_a_health_check_and_listens_on_loopback() {
    for name in ["single.yaml", "cluster.yaml"] {
        let file = read(name);
        for (service, described) in services(&file) {
            let at = format!("{name}: {service}");
            let health = described.get("healthcheck").is_some();
            assert_eq!(health, !WITHOUT_HEALTH.contains(&service.as_str()), "{at}");
            for port in words(&described["ports"]) {
                assert!(port.starts_with("127.0.0.1:"), "{at} publishes {port}");
            }
            if described.get("build").is_some() {
                assert_eq!(described["read_only"], true, "{at}");
                assert_eq!(words(&described["cap_drop"]), ["ALL"], "{at}");
                assert_eq!(
                    words(&described["security_opt"]),
                    ["no-new-privileges:true"],
                    "{at}"
                );
            }
            for (variable, value) in described["environment"].as_object().into_iter().flatten() {
                let secret = ["PASSWORD", "KEY", "TOKEN"]
                    .iter()
                    .any(|word| variable.contains(word));
                let text = value.as_str().unwrap_or_default();
                let file = text.starts_with("/secrets/") || text.starts_with("${");
                assert!(
                    !secret || file,
                    "{at}: {variable} contains a literal secret"
                );
            }
        }
    }
}

#[test]
fn the_program_accepts_the_configuration_of_every_service() {
    let installation = Installation::private();
    let roles = ok(&installation.run(&["serve", "--help"]));
    let mut served = Vec::new();
    for name in ["single.yaml", "cluster.yaml"] {
        let file = read(name);
        for (service, described) in services(&file) {
            if described.get("build").is_none() {
                continue;
            }
            let command = words(&described["command"]);
            assert_eq!(command[0], "serve");
            served.extend(
                command
                    .windows(2)
                    .filter(|pair| pair[0] == "--role")
                    .map(|pair| pair[1])
                    .map(str::to_owned),
            );
            let mut check = installation.command(&["config", "check"]);
            for (variable, value) in described["environment"].as_object().into_iter().flatten() {
                check.env(variable, value.as_str().unwrap());
            }
            if let Some(listen) = command
                .iter()
                .skip_while(|word| **word != "--listen")
                .nth(1)
            {
                check.env("CONVOSPHERE_SERVER__LISTEN", listen);
            }
            ok(&check.output().unwrap());
            assert!(!service.is_empty());
        }
    }
    for role in [
        "api",
        "projector",
        "indexer",
        "responder",
        "ingester",
        "relay",
        "scheduler",
    ] {
        assert!(
            roles.contains(role) && served.iter().any(|served| served == role),
            "{role}"
        );
    }
}

#[test]
fn a_server_behind_a_trusted_proxy_can_listen_on_all_interfaces() {
    let installation = Installation::private();
    let mut show = installation.command(&["config", "check"]);
    show.env("CONVOSPHERE_SERVER__LISTEN", "0.0.0.0:8080");
    let refused = show.output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    show.env("CONVOSPHERE_PROXY__TRUSTED", "10.0.0.0/8, 192.168.1.7");
    ok(&show.output().unwrap());
    show.env("CONVOSPHERE_PROXY__TRUSTED", "everybody");
    assert_eq!(show.output().unwrap().status.code(), Some(2));
}
