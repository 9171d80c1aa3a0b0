//! Making an installation of a backup.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use eventstore::Health;
use eventstore::backup::{self, RestorePlan};
use eventstore::{Files, Keys, Log, verify};
use projections::job::{JobKind, queries as jobs};
use projections::kept::SESSION_TABLES;
use sqlx::PgPool;
use uuid::Uuid;

use super::backup::{show, the_key, told};
use super::refused;
use tokio::sync::watch;

use workers::Held;

use crate::commands::serve::lock_all;
use crate::config::Settings;
use crate::failure::Failure;
use crate::installation::{Installation, connect, make_folder};
use crate::output;
use crate::schema::migrate;

/// How often it is looked whether all is done.
const LOOK: Duration = Duration::from_millis(100);
/// How long connections of others may take to go.
const LEAVING: Duration = Duration::from_secs(5);
/// How long the views may take to be made anew before one waits for them no longer.
const VIEWS: Duration = Duration::from_hours(24);

pub struct Asked {
    pub file: PathBuf,
    pub keys: Option<PathBuf>,
    pub replace: bool,
}

pub async fn run(settings: Settings, asked: Asked, json: bool) -> Result<(), Failure> {
    make_folder(&settings.data_dir)?;
    let _locks = lock_all(&settings.data_dir)?;
    let master = the_key(&settings)?;
    output::talk("verifying the backup");
    let plan = RestorePlan::verify(&asked.file, asked.keys.as_deref(), &master, |_| ()).await;
    let plan = plan.map_err(refused)?;
    let head = plan.head().clone();

    let (cluster, pool) = connect(&settings).await?;
    migrate(&pool).await?;
    alone(&pool).await?;
    if let Some((id, position)) = backup::find_log(&pool).await?
        && !asked.replace
    {
        return Err(Failure::Conflict(format!(
            "there is log {id} with {position} events already: with --replace the backup takes its place"
        )));
    }
    output::talk("restoring; until it is done, what was there stays");
    let log = Log::from_id(head.log_id);
    let keys = Keys::new(pool.clone(), log.id, &master);
    let files = Files::open(&settings.files, pool.clone(), log, keys).map_err(Failure::failed)?;
    let restored = plan.restore(&pool, Some(&files), &master, &SESSION_TABLES);
    let mut transaction = restored.await.map_err(refused)?.transaction;
    // The job that made the backup stands in it as one that runs.
    jobs::give_up(&mut *transaction, &JobKind::Backup).await?;
    let (id, kind) = (Uuid::now_v7(), JobKind::RepeatErasures);
    jobs::request(&mut *transaction, id, Uuid::nil(), &kind).await?;
    transaction.commit().await?;
    pool.close().await;
    let _ = tokio::task::spawn_blocking(move || drop(cluster)).await;

    output::talk("making the views anew");
    let installation = Installation::open(settings).await?;
    // What was seen of the log that was there is void: it was put back on purpose.
    let anchored = installation.anchors().record_restore().await;
    let result = finish(&installation).await;
    installation.close().await;
    anchored.map_err(Failure::failed)?;
    result?;
    show(&told(&head, &asked.file), json);
    output::talk(
        "the end of the log is anchored anew: what was seen of a later one before is void",
    );
    output::talk("restored; everybody signs in again");
    Ok(())
}

/// Makes the views, does what jobs are left, and follows the chain once more where it lies now.
pub async fn finish(i: &Installation) -> Result<(), Failure> {
    let health = Health::default();
    let (_never, stopping) = watch::channel(false);
    let _projecting = workers::start_projecting(&i.source(), &i.progress, &health);
    let _working = workers::start_working(i.work(stopping, &Held::default())?, &health);
    i.progress.reach(i.feed.head(), VIEWS).await?;
    while jobs::open(&i.pool).await? > 0 {
        tokio::time::sleep(LOOK).await;
    }
    match verify::verify(&i.pool, &i.log, |_| ()).await?.broken {
        None => Ok(()),
        Some((position, reason)) => Err(Failure::failed(std::io::Error::other(format!(
            "position {position} is {reason}: the log does not verify"
        )))),
    }
}

/// Nobody else may use the database while it is replaced. The connections of a process that has just ended go within
/// a moment.
async fn alone(pool: &PgPool) -> Result<(), Failure> {
    let begun = Instant::now();
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
        if begun.elapsed() > LEAVING {
            return Err(Failure::Conflict(format!(
                "{others} other connections use the database: stop all servers and commands first"
            )));
        }
        tokio::time::sleep(LOOK).await;
    }
}
