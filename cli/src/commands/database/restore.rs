//! `convosphere database restore`

use std::path::PathBuf;
use std::time::{Duration, Instant};

use eventstore::Health;
use eventstore::backup::{self, RestorePlan};
use eventstore::log::verify;
use eventstore::{Files, Keys, Log};
use projections::backup_tables::SESSION_TABLES;
use projections::job::{JobKind, queries as jobs};
use sqlx::PgPool;
use uuid::Uuid;

use super::backup::to_json;
use super::{backup_failure, show};
use application::ProcessKind;
use clap::Args;
use tokio::sync::watch;
use workers::JobTracker;

use crate::config::Settings;
use crate::failure::Failure;
use crate::installation::{Installation, connect, create_folder};
use crate::role_locks::lock_all;
use crate::schema::migrate;
use crate::{master_key, output};

/// How often jobs and connections are polled.
const POLL_INTERVAL: Duration = Duration::from_millis(100);
/// How long to wait for other connections to close.
const CONNECTION_LIMIT: Duration = Duration::from_secs(5);
/// How long to wait until the read models are rebuilt.
const REBUILD_LIMIT: Duration = Duration::from_hours(24);

/// Restores a backup. A damaged backup is refused before anything changes.
#[derive(Debug, Args)]
pub struct Restore {
    #[arg(long)]
    pub file: PathBuf,
    /// The key ring of the backup; by default the newest one in the same folder.
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// Replaces the existing data.
    #[arg(long)]
    replace: bool,
}

impl Restore {
    pub async fn run(self, settings: Settings, json: bool) -> Result<(), Failure> {
        restore(settings, self, json).await
    }
}

async fn restore(settings: Settings, request: Restore, json: bool) -> Result<(), Failure> {
    create_folder(&settings.data_dir)?;
    let _locks = lock_all(&settings.data_dir)?;
    let master = master_key::read_existing(&settings)?;
    output::print_message("verifying the backup");
    let keys = request.keys.as_deref();
    let plan = RestorePlan::verify(&request.file, keys, &master, |_| ()).await;
    let plan = plan.map_err(backup_failure)?;
    let head = plan.head().clone();

    let (cluster, pool) = connect(&settings).await?;
    migrate(&pool).await?;
    wait_until_unused(&pool).await?;
    if let Some((id, position)) = backup::find_log(&pool).await?
        && !request.replace
    {
        return Err(Failure::Conflict(format!(
            "the database already contains the log {id} with {position} events; use --replace to replace it"
        )));
    }
    output::print_message("restoring; the existing data is kept until the restore is complete");
    let log = Log::from_id(head.log_id);
    let keys = Keys::new(pool.clone(), log.id, &master);
    let files = Files::open(&settings.files, pool.clone(), log, keys).map_err(Failure::failed)?;
    let restored = plan.restore(&pool, Some(&files), &master, &SESSION_TABLES);
    let mut transaction = restored.await.map_err(backup_failure)?.transaction;
    // The backup contains the job that created it, as a running job.
    jobs::cancel_open(&mut *transaction, &JobKind::Backup).await?;
    let (id, kind) = (
        eventstore::Clock::system().new_id(),
        JobKind::RepeatErasures,
    );
    jobs::request(&mut *transaction, id, Uuid::nil(), &kind).await?;
    transaction.commit().await?;
    pool.close().await;
    let _ = tokio::task::spawn_blocking(move || drop(cluster)).await;

    output::print_message("rebuilding the read models");
    let installation = Installation::open(settings).await?;
    // Earlier observations of the log no longer apply: it was replaced on purpose.
    let anchored = installation.anchors().record_restore().await;
    let result = finish(&installation).await;
    installation.close().await;
    anchored.map_err(Failure::failed)?;
    result?;
    show(&to_json(&head, &request.file), json);
    output::print_message(
        "anchored the end of the restored log and discarded observations of a later end",
    );
    output::print_message("restored; all users have to sign in again");
    Ok(())
}

/// Builds the read models, runs the remaining jobs, and verifies the hash chain in the database.
pub async fn finish(i: &Installation) -> Result<(), Failure> {
    let health = Health::default();
    let (_never, stopping) = watch::channel(false);
    let _projecting = workers::start_projecting(&i.source(), &i.progress, &health);
    let _working = workers::start_jobs(
        i.application_config(ProcessKind::Command)?.job_context(
            &i.core,
            stopping,
            &JobTracker::default(),
        ),
        &health,
    );
    i.progress.wait_for(i.feed.head(), REBUILD_LIMIT).await?;
    while jobs::count_open(&i.pool).await? > 0 {
        tokio::time::sleep(POLL_INTERVAL).await;
    }
    match verify::verify(&i.pool, &i.log, |_| ()).await?.broken {
        None => Ok(()),
        Some((position, reason)) => Err(Failure::failed(std::io::Error::other(format!(
            "position {position} is {reason}: the log does not verify"
        )))),
    }
}

/// Waits until no other connection uses the database. Those of a process that just ended take a moment to close.
async fn wait_until_unused(pool: &PgPool) -> Result<(), Failure> {
    let started = Instant::now();
    loop {
        let others = sqlx::query_scalar!(
            r#"select count(*) as "count!" from pg_stat_activity
               where datname = current_database() and backend_type = 'client backend' 
                 and application_name <> current_setting('application_name')"#
        )
        .fetch_one(pool)
        .await?;
        if others == 0 {
            return Ok(());
        }
        if started.elapsed() > CONNECTION_LIMIT {
            return Err(Failure::Conflict(format!(
                "the database is in use by {others} other connections; stop all servers and commands first"
            )));
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}
