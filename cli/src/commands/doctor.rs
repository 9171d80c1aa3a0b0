//! `convosphere doctor`: checks everything that an installation needs and prints one line per check, with a remedy.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use domain::document::Vector;
use domain::provider::{CheckFault, Health};
use eventstore::log::verify;
use projections::knowledge::{Embedder, Reranker};
use projections::provider::queries as providers;
use projections::{lag, rebuild};
use serde_json::json;
use workers::{EmbeddingModel, RerankingModel};

use crate::config::Settings;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;
use crate::role_locks::server_url;

/// With less free disk space the database may soon stop.
const LOW_SPACE: u64 = 1024 * 1024 * 1024;
/// How long the server and models may take to answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ok,
    /// It works, but it may stop working soon or could work better.
    Warning,
    Error,
}

#[derive(Debug)]
struct Finding {
    check: &'static str,
    state: State,
    detail: String,
}

#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, check: &'static str, state: State, detail: impl Into<String>) {
        let detail = detail.into();
        self.0.push(Finding {
            check,
            state,
            detail,
        });
    }
}

pub async fn run(settings: Settings, json: bool) -> Result<(), Failure> {
    let mut findings = Findings::default();
    check_folder(&settings, &mut findings);
    check_server(&settings, &mut findings).await;
    let key_file = settings.master_key_file.clone();
    match Installation::open(settings).await {
        Ok(installation) => {
            check_master_key(&key_file, &mut findings);
            let result = check_installation(&installation, &mut findings).await;
            if let Err(failure) = result {
                findings.add("database", State::Error, failure.to_string());
            }
            installation.close().await;
        }
        Err(failure) => findings.add("installation", State::Error, failure.to_string()),
    }
    for finding in &findings.0 {
        show(finding, json);
    }
    let errors = findings
        .0
        .iter()
        .filter(|finding| finding.state == State::Error);
    match errors.count() {
        0 => Ok(()),
        1 => Err(Failure::failed(std::io::Error::other("1 check failed"))),
        n => Err(Failure::failed(std::io::Error::other(format!(
            "{n} checks failed"
        )))),
    }
}

fn show(finding: &Finding, json: bool) {
    let state = match finding.state {
        State::Ok => "ok",
        State::Warning => "warning",
        State::Error => "error",
    };
    let Finding { check, detail, .. } = finding;
    if json {
        let line = json!({"check": check, "state": state, "detail": detail});
        output::print_data(&line.to_string());
    } else {
        output::print_data(&format!("{state:<8} {check:<13} {detail}"));
    }
}

fn check_folder(settings: &Settings, findings: &mut Findings) {
    let path = &settings.data_dir;
    let shown = path.display();
    let nearest = path.ancestors().find(|folder| folder.exists());
    let Some(space) = nearest.and_then(|folder| rustix::fs::statvfs(folder).ok()) else {
        return findings.add(
            "data folder",
            State::Error,
            format!("{shown} cannot be read"),
        );
    };
    let free = space.f_bavail * space.f_frsize;
    let gib = free / (1024 * 1024 * 1024);
    match free < LOW_SPACE {
        true => findings.add(
            "data folder",
            State::Warning,
            format!("{shown} has less than 1 GiB free; free some disk space"),
        ),
        false => findings.add("data folder", State::Ok, format!("{shown}, {gib} GiB free")),
    }
}

async fn check_server(settings: &Settings, findings: &mut Findings) {
    let Some(url) = server_url(&settings.data_dir) else {
        return findings.add(
            "server",
            State::Ok,
            "is stopped; start it with `convosphere serve`",
        );
    };
    let request = reqwest::get(format!("{url}/readyz"));
    match tokio::time::timeout(ANSWER_LIMIT, request).await {
        Ok(Ok(response)) if response.status().is_success() => {
            findings.add("server", State::Ok, format!("{url} is ready"));
        }
        Ok(Ok(response)) => {
            let causes = response.text().await.unwrap_or_default();
            findings.add(
                "server",
                State::Error,
                format!("{url} is not ready: {causes}"),
            );
        }
        Ok(Err(_)) | Err(_) => {
            findings.add(
                "server",
                State::Error,
                format!("{url} does not answer; restart it"),
            );
        }
    }
}

fn check_master_key(path: &std::path::Path, findings: &mut Findings) {
    let shown = path.display();
    let mode_of_others = std::fs::metadata(path).map(|file| file.permissions().mode() & 0o077);
    match mode_of_others {
        Ok(0) => findings.add(
            "master key",
            State::Ok,
            format!("{shown}; keep a copy in another place"),
        ),
        Ok(_) => findings.add(
            "master key",
            State::Warning,
            format!("{shown} can be read by other users; run `chmod 600 {shown}`"),
        ),
        Err(error) => findings.add("master key", State::Error, format!("{shown}: {error}")),
    }
}

async fn check_installation(i: &Installation, findings: &mut Findings) -> Result<(), Failure> {
    findings.add("database", State::Ok, i.describe_database());
    check_trigrams(i, findings).await?;
    let verified = verify::verify(&i.pool, &i.log, |_| ()).await?;
    match verified.broken {
        None => findings.add(
            "log",
            State::Ok,
            format!("{} events in order", verified.events),
        ),
        Some((position, reason)) => findings.add(
            "log",
            State::Error,
            format!("position {position} is {reason}; restore an earlier backup"),
        ),
    }
    match i.find_difference(vec![]).await {
        Ok(None) => findings.add("anchors", State::Ok, "agree with the log"),
        Ok(Some(difference)) => findings.add("anchors", State::Error, difference.message),
        Err(error) => findings.add("anchors", State::Error, error.to_string()),
    }
    check_views(i, findings).await?;
    check_backups(i, findings);
    for provider in providers::list(&i.pool).await? {
        let name = provider.name;
        match provider.health.as_deref() {
            Some(Health::Ok) if provider.fault.is_some() => {
                let detail = format!(
                    "{name} answers but lists no models; the models added with --model are offered"
                );
                findings.add("provider", State::Ok, detail);
            }
            Some(Health::Ok) => findings.add("provider", State::Ok, format!("{name} answers")),
            health => {
                let fault = provider.fault.as_deref();
                let explanation = explain_fault(health, fault, &name, &provider.base_url);
                findings.add("provider", State::Warning, format!("{name} {explanation}"));
            }
        }
    }
    check_embedding(i, findings).await?;
    check_reranking(i, findings).await?;
    if i.nats.is_some() {
        findings.add("nats", State::Ok, "answers");
    }
    if i.settings.meilisearch_url.is_some() {
        match i.search_engine()?.is_healthy().await {
            true => findings.add("meilisearch", State::Ok, "answers"),
            false => findings.add(
                "meilisearch",
                State::Error,
                "does not answer; search is unavailable until it does",
            ),
        }
    }
    Ok(())
}

/// Explains a fault of a provider and its remedy.
fn explain_fault(
    health: Option<&Health>,
    fault: Option<&CheckFault>,
    name: &str,
    base_url: &str,
) -> String {
    let test = format!("run `convosphere providers test {name}`");
    match fault {
        None if health.is_none() => format!("has not been checked yet; {test}"),
        Some(CheckFault::Unauthorized) => format!(
            "rejected its API key; set another one with `convosphere providers update {name} --api-key-stdin`"
        ),
        Some(CheckFault::NotUnderstood) => format!(
            "answers at {base_url}, but not with a list of models; check the URL, or add models with `convosphere \
             providers update {name} --model NAME`"
        ),
        Some(CheckFault::NameNotFound) => format!(
            "is unreachable: the host name in {base_url} was not found; correct it, then {test}"
        ),
        Some(CheckFault::PrivateAddress) => format!(
            "is blocked: {base_url} resolves to a private address; allow it with egress.allow or with `convosphere \
             providers update {name} --base-url {base_url}`"
        ),
        Some(CheckFault::Timeout) => {
            format!("is unreachable: it did not answer within ten seconds; {test}")
        }
        Some(CheckFault::NoConnection) | None => {
            format!("is unreachable: nothing answers at {base_url}; {test}")
        }
    }
}

/// Checks the age of the newest backup and whether backups are scheduled.
fn check_backups(i: &Installation, findings: &mut Findings) {
    let folder = &i.settings.backups;
    let shown = folder.path.display();
    let newest = match folder.list_backups(i.log.id) {
        Ok(backups) => backups.into_iter().next(),
        Err(error) => return findings.add("backups", State::Error, format!("{shown}: {error}")),
    };
    let Some(newest) = newest else {
        let detail = "there is none; create one with `convosphere database backup`, or schedule backups with \
                      backup.every_hours";
        return findings.add("backups", State::Warning, detail);
    };
    let at = newest.head.made_at;
    let age = (i.clock.now() - at).to_std().unwrap_or_default();
    let detail = format!(
        "the newest in {shown} is from {}",
        at.format("%Y-%m-%d %H:%M UTC")
    );
    match i.settings.backup_every {
        Some(every) if age > every * 2 => {
            let detail =
                format!("{detail}, more than twice backup.every_hours ago; see the server log");
            findings.add("backups", State::Warning, detail);
        }
        Some(_) => findings.add("backups", State::Ok, detail),
        None => {
            let detail = format!("{detail}; none are scheduled (backup.every_hours)");
            findings.add("backups", State::Warning, detail);
        }
    }
}

/// Calls the embedding model, if one is configured.
async fn check_embedding(i: &Installation, findings: &mut Findings) -> Result<(), Failure> {
    let Some(name) = &i.settings.embedding_model else {
        return Ok(());
    };
    let model = EmbeddingModel::new(i.catalogue()?, name);
    let request = model.embed(vec!["Is anybody there?".to_owned()]);
    let (state, detail) = match tokio::time::timeout(ANSWER_LIMIT, request).await {
        Ok(Ok(vectors)) => {
            let dimensions = vectors.first().map_or(0, Vector::dimensions);
            (
                State::Ok,
                format!("{name} answers with {dimensions} dimensions"),
            )
        }
        Ok(Err(error)) => (
            State::Warning,
            format!("{name}: {error}; documents are searched by keyword only"),
        ),
        Err(_) => (
            State::Warning,
            format!("{name} does not answer; documents are searched by keyword only"),
        ),
    };
    findings.add("embedding", state, detail);
    Ok(())
}

/// Calls the reranking model, if one is configured.
async fn check_reranking(i: &Installation, findings: &mut Findings) -> Result<(), Failure> {
    let Some(name) = &i.settings.reranking_model else {
        return Ok(());
    };
    let model = RerankingModel::new(i.catalogue()?, name);
    let texts = ["Ships moor at a quay.", "Bread is baked at night."];
    let request = model.rerank("Where do ships moor?", texts.map(str::to_owned).to_vec());
    let (state, detail) = match tokio::time::timeout(ANSWER_LIMIT, request).await {
        Ok(Ok(_)) => (State::Ok, format!("{name} answers")),
        Ok(Err(error)) => (
            State::Warning,
            format!("{name}: {error}; search results are not reranked"),
        ),
        Err(_) => (
            State::Warning,
            format!("{name} does not answer; search results are not reranked"),
        ),
    };
    findings.add("reranking", state, detail);
    Ok(())
}

async fn check_trigrams(i: &Installation, findings: &mut Findings) -> Result<(), Failure> {
    match projections::search::supports_fuzzy_search(&i.pool).await? {
        true => findings.add("search", State::Ok, "tolerates typing errors (pg_trgm)"),
        false => findings.add(
            "search",
            State::Warning,
            "does not tolerate typing errors; install the contrib modules of PostgreSQL for pg_trgm",
        ),
    }
    Ok(())
}

async fn check_views(i: &Installation, findings: &mut Findings) -> Result<(), Failure> {
    // Without a server, views that lag behind the log are normal.
    let is_served = server_url(&i.settings.data_dir).is_some();
    let mut all_well = true;
    for view in rebuild::list_status(&i.pool).await? {
        if view.parked > 0 {
            all_well = false;
            findings.add(
                "views",
                State::Error,
                format!(
                    "{name} failed to apply the events of {} objects; see `convosphere projections parked {name}`",
                    view.parked,
                    name = view.name
                ),
            );
        }
    }
    for lag in lag::list(&i.pool).await? {
        if !is_served || !lag.is_too_long() {
            continue;
        }
        all_well = false;
        let cause = match (lag.rebuilding, lag.blocked_by.as_slice()) {
            (true, _) => "it is being rebuilt".to_owned(),
            (false, []) => {
                "the process with the role projector is stopped or failing; see the server log"
                    .to_owned()
            }
            (false, pids) => format!(
                "the database sessions {pids:?} hold locks on its tables; end them with pg_terminate_backend"
            ),
        };
        let detail = format!(
            "{} is {} events and {:.0} seconds behind: {cause}",
            lag.projection, lag.events, lag.seconds
        );
        findings.add("views", State::Error, detail);
    }
    if all_well {
        findings.add(
            "views",
            State::Ok,
            "are up to date with the log; nothing is parked",
        );
    }
    Ok(())
}
