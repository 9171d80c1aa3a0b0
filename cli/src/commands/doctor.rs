//! `convosphere doctor`: everything that an installation needs, one line each, with what to do about it.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use domain::document::Vector;
use eventstore::verify;
use projections::knowledge::{Embedder, Reranker};
use projections::provider::queries as providers;
use projections::{lag, rebuild};
use serde_json::json;
use workers::{Embedding, Reranking};

use super::providers::catalogue;
use super::serve::running;
use crate::config::Settings;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;

/// Below this a database soon stops.
const LOW_SPACE: u64 = 1024 * 1024 * 1024;
const LIMIT: Duration = Duration::from_secs(5);

/// How one thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Good,
    /// It works, but not for long or not as well as it could.
    Poor,
    Bad,
}

#[derive(Debug)]
struct Finding {
    name: &'static str,
    state: State,
    said: String,
}

/// What was found so far.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, name: &'static str, state: State, said: impl Into<String>) {
        let said = said.into();
        self.0.push(Finding { name, state, said });
    }
}

pub async fn run(settings: Settings, json: bool) -> Result<(), Failure> {
    let mut findings = Findings::default();
    folder(&settings, &mut findings);
    server(&settings, &mut findings).await;
    let key_file = settings.master_key_file.clone();
    match Installation::open(settings).await {
        Ok(installation) => {
            master_key(&key_file, &mut findings);
            let result = inside(&installation, &mut findings).await;
            if let Err(failure) = result {
                findings.add("database", State::Bad, failure.to_string());
            }
            installation.close().await;
        }
        Err(failure) => findings.add("installation", State::Bad, failure.to_string()),
    }
    for finding in &findings.0 {
        show(finding, json);
    }
    let bad = findings.0.iter().filter(|one| one.state == State::Bad);
    match bad.count() {
        0 => Ok(()),
        1 => Err(Failure::failed(std::io::Error::other(
            "one thing is broken",
        ))),
        n => Err(Failure::failed(std::io::Error::other(format!(
            "{n} things are broken"
        )))),
    }
}

fn show(finding: &Finding, json: bool) {
    let state = match finding.state {
        State::Good => "ok",
        State::Poor => "warning",
        State::Bad => "error",
    };
    if json {
        let line = json!({"check": finding.name, "state": state, "detail": finding.said});
        output::data(&line.to_string());
    } else {
        output::data(&format!("{state:<8} {:<13} {}", finding.name, finding.said));
    }
}

fn folder(settings: &Settings, findings: &mut Findings) {
    let path = &settings.data_dir;
    let shown = path.display();
    let nearest = path.ancestors().find(|folder| folder.exists());
    let Some(space) = nearest.and_then(|folder| rustix::fs::statvfs(folder).ok()) else {
        return findings.add("data folder", State::Bad, format!("{shown} cannot be read"));
    };
    let free = space.f_bavail * space.f_frsize;
    let gib = free / (1024 * 1024 * 1024);
    match free < LOW_SPACE {
        true => findings.add(
            "data folder",
            State::Poor,
            format!("{shown} has less than 1 GiB left; free some space"),
        ),
        false => findings.add(
            "data folder",
            State::Good,
            format!("{shown}, {gib} GiB free"),
        ),
    }
}

async fn server(settings: &Settings, findings: &mut Findings) {
    let Some(url) = running(&settings.data_dir) else {
        return findings.add(
            "server",
            State::Good,
            "is stopped; `convosphere serve` starts it",
        );
    };
    let asked = tokio::time::timeout(LIMIT, reqwest::get(format!("{url}/readyz"))).await;
    match asked {
        Ok(Ok(answer)) if answer.status().is_success() => {
            findings.add("server", State::Good, format!("{url} is ready"));
        }
        Ok(Ok(answer)) => {
            let causes = answer.text().await.unwrap_or_default();
            findings.add(
                "server",
                State::Bad,
                format!("{url} is not ready: {causes}"),
            );
        }
        Ok(Err(_)) | Err(_) => {
            findings.add(
                "server",
                State::Bad,
                format!("{url} does not answer; start it anew"),
            );
        }
    }
}

fn master_key(path: &std::path::Path, findings: &mut Findings) {
    let shown = path.display();
    let open = std::fs::metadata(path).map(|file| file.permissions().mode() & 0o077);
    match open {
        Ok(0) => findings.add(
            "master key",
            State::Good,
            format!("{shown}; keep a copy elsewhere"),
        ),
        Ok(_) => findings.add(
            "master key",
            State::Poor,
            format!("{shown} can be read by others; `chmod 600` it"),
        ),
        Err(error) => findings.add("master key", State::Bad, format!("{shown}: {error}")),
    }
}

/// What only an open installation can tell.
async fn inside(i: &Installation, findings: &mut Findings) -> Result<(), Failure> {
    findings.add("database", State::Good, i.database());
    trigrams(i, findings).await?;
    let found = verify::verify(&i.pool, &i.log, |_| ()).await?;
    match found.broken {
        None => findings.add(
            "log",
            State::Good,
            format!("{} events in order", found.events),
        ),
        Some((position, reason)) => findings.add(
            "log",
            State::Bad,
            format!("position {position} is {reason}: restore a backup from before"),
        ),
    }
    match i.difference(vec![]).await {
        Ok(None) => findings.add("anchors", State::Good, "agree with the log"),
        Ok(Some(difference)) => findings.add("anchors", State::Bad, difference.message),
        Err(error) => findings.add("anchors", State::Bad, error.to_string()),
    }
    views(i, findings).await?;
    backups(i, findings);
    for provider in providers::list(&i.pool).await? {
        let name = provider.name;
        match provider.health.as_deref() {
            Some("ok") if provider.fault.is_some() => {
                let said = format!(
                    "{name} answers, and lists no models; those that are named are offered"
                );
                findings.add("provider", State::Good, said);
            }
            Some("ok") => findings.add("provider", State::Good, format!("{name} answers")),
            health => {
                let fault = provider.fault.as_deref().or(health);
                let said = format!(
                    "{name} {}",
                    fault_of_provider(fault, &name, &provider.base_url)
                );
                findings.add("provider", State::Poor, said);
            }
        }
    }
    embedding(i, findings).await?;
    reranking(i, findings).await?;
    if i.nats.is_some() {
        findings.add("nats", State::Good, "answers");
    }
    if i.settings.meilisearch_url.is_some() {
        match i.search()?.health().await {
            true => findings.add("meilisearch", State::Good, "answers"),
            false => findings.add(
                "meilisearch",
                State::Bad,
                "does not answer; search is off until it does",
            ),
        }
    }
    Ok(())
}

/// What is wrong with a provider, and what to do.
fn fault_of_provider(fault: Option<&str>, name: &str, base_url: &str) -> String {
    let again = format!("try `convosphere providers test {name}`");
    match fault {
        None => format!("was not asked yet; {again}"),
        Some("unauthorized") => format!(
            "does not take its key; give it another one with `convosphere providers update {name} --api-key-stdin`"
        ),
        Some("not_understood") => format!(
            "answers at {base_url}, but not with a list of models; look at the address, or name its models with \
             `convosphere providers update {name} --model NAME`"
        ),
        Some("name_not_found") => {
            format!(
                "is unreachable: the name in {base_url} was not found; correct it, then {again}"
            )
        }
        Some("private_address") => format!(
            "may not be called: {base_url} leads to a private address; allow it with egress.allow, or give it with \
             `convosphere providers update {name} --base-url {base_url}`"
        ),
        Some("timeout") => format!("is unreachable: it did not answer within ten seconds; {again}"),
        Some(_) => format!("is unreachable: nothing answers at {base_url}; {again}"),
    }
}

/// When the last backup was made, and whether the next one comes by itself.
fn backups(i: &Installation, findings: &mut Findings) {
    let folder = &i.settings.backups;
    let shown = folder.path.display();
    let newest = match folder.list_backups(i.log.id) {
        Ok(backups) => backups.into_iter().next(),
        Err(error) => return findings.add("backups", State::Bad, format!("{shown}: {error}")),
    };
    let Some(newest) = newest else {
        let said = "there is none; `convosphere database backup` makes one, backup.every_hours all of them";
        return findings.add("backups", State::Poor, said);
    };
    let at = newest.head.made_at;
    let age = (chrono::Utc::now() - at).to_std().unwrap_or_default();
    let said = format!(
        "the last one in {shown} is of {}",
        at.format("%Y-%m-%d %H:%M UTC")
    );
    match i.settings.backup_every {
        Some(every) if age > every * 2 => {
            let said =
                format!("{said}, more than twice backup.every_hours ago; see the server's log");
            findings.add("backups", State::Poor, said);
        }
        Some(_) => findings.add("backups", State::Good, said),
        None => {
            let said = format!("{said}; none comes by itself (backup.every_hours)");
            findings.add("backups", State::Poor, said);
        }
    }
}

/// Asks the model that embeds, where one is chosen.
async fn embedding(i: &Installation, findings: &mut Findings) -> Result<(), Failure> {
    let Some(name) = &i.settings.embedding_model else {
        return Ok(());
    };
    let model = Embedding::new(catalogue(i)?, name);
    let asked = model.embed(vec!["Is anybody there?".to_owned()]);
    let (state, said) = match tokio::time::timeout(LIMIT, asked).await {
        Ok(Ok(vectors)) => {
            let numbers = vectors.first().map_or(0, Vector::dimensions);
            (
                State::Good,
                format!("{name} answers with {numbers} numbers"),
            )
        }
        Ok(Err(error)) => (
            State::Poor,
            format!("{name}: {error}; documents are found by their words alone"),
        ),
        Err(_) => (
            State::Poor,
            format!("{name} does not answer; documents are found by their words alone"),
        ),
    };
    findings.add("embedding", state, said);
    Ok(())
}

/// Asks the model that reranks, where one is chosen.
async fn reranking(i: &Installation, findings: &mut Findings) -> Result<(), Failure> {
    let Some(name) = &i.settings.reranking_model else {
        return Ok(());
    };
    let model = Reranking::new(catalogue(i)?, name);
    let texts = ["A quay is where ships lie.", "Bread is baked at night."];
    let asked = model.rerank("Where do ships lie?", texts.map(str::to_owned).to_vec());
    let (state, said) = match tokio::time::timeout(LIMIT, asked).await {
        Ok(Ok(_)) => (State::Good, format!("{name} answers with an order")),
        Ok(Err(error)) => (
            State::Poor,
            format!("{name}: {error}; passages keep their order"),
        ),
        Err(_) => (
            State::Poor,
            format!("{name} does not answer; passages keep their order"),
        ),
    };
    findings.add("reranking", state, said);
    Ok(())
}

async fn trigrams(i: &Installation, findings: &mut Findings) -> Result<(), Failure> {
    let there = projections::search::forgives_typing_errors(&i.pool).await?;
    match there {
        true => findings.add("search", State::Good, "forgives typing errors (pg_trgm)"),
        false => findings.add(
            "search",
            State::Poor,
            "does not forgive typing errors: install PostgreSQL's contrib modules for pg_trgm",
        ),
    }
    Ok(())
}

async fn views(i: &Installation, findings: &mut Findings) -> Result<(), Failure> {
    // Without a server nobody keeps them up: that is no fault.
    let served = running(&i.settings.data_dir).is_some();
    let mut well = true;
    for view in rebuild::list(&i.pool).await? {
        if view.parked > 0 {
            well = false;
            findings.add(
                "views",
                State::Bad,
                format!(
                    "{name} waits with {} objects; see `convosphere projections parked {name}`",
                    view.parked,
                    name = view.name
                ),
            );
        }
    }
    for lag in lag::behind(&i.pool).await? {
        if !served || !lag.is_too_long() {
            continue;
        }
        well = false;
        let cause = match (lag.rebuilding, lag.blocked_by.as_slice()) {
            (true, _) => "it is being rebuilt".to_owned(),
            (false, []) => {
                "the process that projects it is stopped or failing; see the server log".to_owned()
            }
            (false, pids) => format!(
                "the database sessions {pids:?} hold locks on its tables; end them with pg_terminate_backend"
            ),
        };
        let said = format!(
            "{} is {} events and {:.0} seconds behind: {cause}",
            lag.projection, lag.events, lag.seconds
        );
        findings.add("views", State::Bad, said);
    }
    if well {
        findings.add(
            "views",
            State::Good,
            "are up with the log, nothing is parked",
        );
    }
    Ok(())
}
