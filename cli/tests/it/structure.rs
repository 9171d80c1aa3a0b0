//! Rules of the code base: file sizes, the direction of dependencies, which layer may use what.

use std::path::{Path, PathBuf};

/// The maximum number of lines in a file.
const LINE_LIMIT: usize = 500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

#[test]
fn no_file_exceeds_the_line_limit() {
    for layer in [
        "domain",
        "eventstore",
        "runtime",
        "projections",
        "api",
        "workers",
        "application",
        "cli",
        "local-postgres",
        "testing",
        "bench",
    ] {
        for (name, text) in sources(layer) {
            assert!(
                text.lines().count() <= LINE_LIMIT,
                "{name} has {} lines, more than {LINE_LIMIT}: split it by role",
                text.lines().count()
            );
        }
    }
}

#[test]
fn layers_depend_in_one_direction() {
    for (layer, above) in [
        (
            "domain",
            &[
                "eventstore",
                "runtime",
                "projections",
                "api",
                "workers",
                "cli",
                "sqlx",
                "tokio",
                "poem",
            ][..],
        ),
        (
            "eventstore",
            &["runtime", "projections", "api", "workers", "cli", "poem"],
        ),
        ("runtime", &["projections", "api", "workers", "cli", "poem"]),
        ("projections", &["runtime", "api", "workers", "cli", "poem"]),
        (
            "api",
            &["workers", "application", "cli", "local-postgres", "reqwest"],
        ),
        (
            "workers",
            &["api", "application", "cli", "poem", "local-postgres"],
        ),
        ("application", &["cli", "local-postgres", "poem"]),
    ] {
        let manifest = std::fs::read_to_string(root().join(layer).join("Cargo.toml")).unwrap();
        let production = manifest.split("[dev-dependencies]").next().unwrap();
        for name in above {
            let line = format!("\n{name}.workspace");
            assert!(
                !production.contains(&line),
                "{layer} must not depend on {name}; ARCHITECTURE.md says what each crate may use"
            );
        }
    }
}

#[test]
fn only_projectors_write_views_and_only_the_eventstore_touches_events() {
    for layer in [
        "runtime/src",
        "api/src",
        "workers/src",
        "application/src",
        "cli/src",
        "projections/src",
    ] {
        for (name, text) in sources(layer) {
            for table in ["from events", "into events", "subject_keys"] {
                assert!(
                    !text.contains(table),
                    "{name} contains `{table}`: only eventstore accesses events and keys; call it"
                );
            }
            let writes = ["insert into view_", "update view_", "delete from view_"];
            let projector = name.ends_with("projector.rs") || name.ends_with("rows.rs");
            assert!(
                projector || writes.iter().all(|write| !text.contains(write)),
                "{name} writes a view: only files named projector.rs or rows.rs may"
            );
        }
    }
}

/// The methods of operations in a file of the API, with the number of lines of their bodies.
fn handlers(text: &str) -> Vec<(&str, usize)> {
    let mut lines = text.lines();
    let mut found = Vec::new();
    while lines.any(|line| line.contains("operation_id = ")) {
        let first = lines
            .find(|line| line.starts_with("    async fn "))
            .unwrap();
        let name = first.trim().trim_start_matches("async fn ");
        if !first.ends_with('{') {
            lines.find(|line| line.ends_with('{')).unwrap();
        }
        let body = lines.by_ref().take_while(|line| *line != "    }").count();
        found.push((name.split('(').next().unwrap(), body));
    }
    found
}

/// A handler authorises, builds, executes and replies; the rest belongs into functions with a name.
#[test]
fn handlers_are_short() {
    const HANDLER_LIMIT: usize = 15;
    let mut count = 0;
    for (file, text) in sources("api/src") {
        assert_eq!(
            text.contains("    #[oai(path") || text.contains("    #[oai(\n        path"),
            text.contains("operation_id = "),
            "{file}: give each operation a path and an operation_id"
        );
        for (name, length) in handlers(&text) {
            assert!(
                length <= HANDLER_LIMIT,
                "{file}: the body of {name} has {length} lines, more than {HANDLER_LIMIT}"
            );
            count += 1;
        }
    }
    assert!(count > 90, "only {count} handlers were found");
}

#[test]
fn operations_have_files_of_their_own() {
    for (file, text) in sources("api/src") {
        let without_breaks = text.split_whitespace().collect::<String>();
        let operations = without_breaks.matches("#[oai(path=").count();
        assert!(
            operations <= 1,
            "{file} has {operations} operations: each needs a file of its own"
        );
    }
}

/// Names that say too little, or that only this project would use.
const BANNED: &[&str] = &[
    "Asked",
    "Begun",
    "By",
    "Counted",
    "Done",
    "Edge",
    "Fate",
    "Foreign",
    "Head",
    "Heard",
    "Kept",
    "Known",
    "Made",
    "Named",
    "Naming",
    "One",
    "Part",
    "Placed",
    "Plain",
    "Proven",
    "Retried",
    "Retrieved",
    "Said",
    "Seat",
    "Seats",
    "Seen",
    "Stop",
    "Taken",
    "Told",
    "Touched",
    "Turn",
    "Turns",
    "Unembedded",
    "Verdict",
    "Waiting",
    "Word",
    "Written",
    "about",
    "above",
    "among",
    "anew",
    "behind",
    "below",
    "beside",
    "beyond",
    "bury",
    "called",
    "claiming",
    "closer",
    "deaf",
    "doubt",
    "emptied",
    "fate",
    "given",
    "go_along",
    "hear",
    "heard",
    "hears",
    "keeper",
    "keeping",
    "keeps",
    "known",
    "lasting",
    "lead",
    "misfit",
    "of",
    "over",
    "parked",
    "private_of",
    "reaches",
    "said",
    "seats",
    "settle",
    "shown",
    "some",
    "stopping",
    "taken",
    "tell",
    "these",
    "told",
    "turns",
    "unheard",
    "untold",
    "wrapping",
];

/// Words that say nothing as the name of a type, module or function. Extend `layers` crate by crate.
#[test]
fn names_are_plain_english() {
    let layers = [
        "api",
        "application",
        "bench",
        "cli",
        "domain",
        "eventstore",
        "local-postgres",
        "projections",
        "runtime",
        "testing",
        "workers",
    ];
    let keywords = ["fn", "struct", "enum", "trait", "type", "mod"];
    for (file, text) in layers.into_iter().flat_map(sources) {
        for line in text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            let words: Vec<&str> = line
                .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                .filter(|word| !word.is_empty())
                .collect();
            for pair in words.windows(2) {
                let banned = keywords.contains(&pair[0]) && BANNED.contains(&pair[1]);
                assert!(
                    !banned,
                    "{file}: {} {}; choose a descriptive name",
                    pair[0], pair[1]
                );
            }
        }
    }
}

#[test]
fn only_the_command_line_reads_the_environment() {
    for layer in [
        "domain/src",
        "eventstore/src",
        "runtime/src",
        "projections/src",
        "api/src",
        "workers/src",
        "application/src",
    ] {
        for (name, text) in sources(layer) {
            assert!(
                !text.contains("env::var"),
                "{name} reads the environment: only cli may, and passes the value on"
            );
        }
    }
}

#[test]
fn no_channel_is_unbounded_and_every_dependency_says_why() {
    for layer in [
        "eventstore/src",
        "runtime/src",
        "projections/src",
        "api/src",
        "workers/src",
        "application/src",
        "cli/src",
    ] {
        for (name, text) in sources(layer) {
            assert!(
                !text.contains("unbounded_channel"),
                "{name}: give the channel a limit"
            );
        }
    }
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let dependencies = manifest.split("[workspace.dependencies]").nth(1).unwrap();
    let dependencies = dependencies.split("\n[").next().unwrap();
    for line in dependencies
        .lines()
        .filter(|line| line.contains('=') && !line.contains("path ="))
    {
        assert!(line.contains(" # "), "{line} does not say why");
    }
}

/// Each required technology is a direct dependency of a layer whose production code calls it.
#[test]
fn every_required_package_is_called_by_production_code() {
    for (package, layer, call) in [
        ("cqrs-es", "domain", "impl Aggregate for Conversation"),
        ("postgres-es", "eventstore", "PostgresEventRepository"),
        ("poem", "api", "Route::new()"),
        ("poem-openapi", "api", "OpenApiService::new"),
        ("tokio", "eventstore", "tokio::spawn"),
        ("async-nats", "eventstore", "async_nats::"),
        ("meilisearch-sdk", "projections", "meilisearch_sdk::"),
        ("serde_json", "eventstore", "serde_json::from_str"),
        ("uuid", "eventstore", "Uuid::now_v7"),
        ("chrono", "eventstore", "DateTime<Utc>"),
    ] {
        let manifest = std::fs::read_to_string(root().join(layer).join("Cargo.toml")).unwrap();
        let production = manifest.split("[dev-dependencies]").next().unwrap();
        let line = format!("\n{package}.workspace");
        assert!(production.contains(&line), "{layer} does not use {package}");
        let called = sources(&format!("{layer}/src"))
            .into_iter()
            .any(|(_, text)| text.contains(call));
        assert!(called, "{layer} does not call {package} ({call})");
    }
}
