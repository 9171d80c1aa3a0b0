//! Scheduled backups: requests a backup when one is due, and keeps the tombstone files up to date. One process of an
//! installation does this.

use std::time::Duration;

use chrono::{DateTime, Utc};
use eventstore::backup::{BackupError, write_tombstones};
use eventstore::seal::erasure;
use eventstore::{Backoff, Clock, Health, Supervisor, Transient};
use projections::EventSource;
use projections::job::{JobKind, JobStatus, JobView, queries as jobs};
use runtime::leader;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Backups;

const POLL_INTERVAL: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_secs(5);
/// The pause after a failed backup.
const RETRY_PAUSE: Duration = Duration::from_mins(10);

/// Starts the schedule. The task ends when the supervisor is dropped.
pub fn start_scheduling(
    source: EventSource,
    backups: Backups,
    clock: Clock,
    health: &Health,
) -> Supervisor {
    let mut tasks = Supervisor::new(health.clone());
    tasks.spawn("schedule", move || {
        run_schedule(source.clone(), backups.clone(), clock.clone())
    });
    tasks
}

async fn run_schedule(source: EventSource, backups: Backups, clock: Clock) {
    let mut backoff = Backoff::new(PAUSE, RETRY_PAUSE);
    loop {
        let leadership = leader::acquire_leadership(&source.pool, leader::SCHEDULER).await;
        let result = match leadership {
            Ok(mut connection) => run_as_leader(&source, &backups, &clock, &mut connection).await,
            Err(error) => Err(error.into()),
        };
        match result {
            Err(BackupError::Database(error)) if error.is_transient() => {
                tracing::debug!(%error, "the schedule of backups is paused; retrying");
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => {
                tracing::warn!(%error, "the schedule of backups is paused after an error; retrying");
                tokio::time::sleep(backoff.pause()).await;
            }
            Ok(()) => {}
        }
    }
}

async fn run_as_leader(
    source: &EventSource,
    backups: &Backups,
    clock: &Clock,
    connection: &mut PgConnection,
) -> Result<(), BackupError> {
    let mut written_until = None;
    loop {
        tokio::time::sleep(POLL_INTERVAL).await;
        let destroyed_at = erasure::last_destroyed_at(&mut *connection).await?;
        let newest = backups
            .folder
            .list_backups(source.log.id)?
            .into_iter()
            .next();
        if newest.is_some() && destroyed_at > written_until {
            let master = &backups.master;
            write_tombstones(&source.pool, source.log, master, &backups.folder, clock).await?;
            written_until = destroyed_at;
        }
        let last_job = jobs::find_newest(&source.pool, &JobKind::Backup).await?;
        let created_at = newest.map(|backup| backup.head.made_at);
        if is_due(backups.every, created_at, last_job.as_ref(), clock.now()) {
            let id = clock.new_id();
            jobs::request(&source.pool, id, Uuid::nil(), &JobKind::Backup).await?;
        }
    }
}

/// Whether a backup is due: the last one is old enough, none is running, and none has just failed.
fn is_due(
    every: Option<Duration>,
    created_at: Option<DateTime<Utc>>,
    last_job: Option<&JobView>,
    now: DateTime<Utc>,
) -> bool {
    let Some(every) = every else {
        return false;
    };
    // It is not due earlier because the clock was set back.
    let has_passed =
        |since: DateTime<Utc>, time| (now - since).to_std().is_ok_and(|age| age >= time);
    let may_run = last_job.is_none_or(|job| match job.ended_at {
        None => false,
        Some(ended) => *job.status == JobStatus::Completed || has_passed(ended, RETRY_PAUSE),
    });
    may_run && created_at.is_none_or(|at| has_passed(at, every))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use sqlx::types::Text;

    use super::*;

    fn job(status: JobStatus, ended_at: Option<DateTime<Utc>>) -> JobView {
        JobView {
            id: Uuid::nil(),
            kind: "backup".to_owned(),
            subject: None,
            status: Text(status),
            done: 0,
            total: None,
            unit: "events".to_owned(),
            result: None,
            error: None,
            cancelling: false,
            created_at: DateTime::UNIX_EPOCH,
            started_at: None,
            ended_at,
        }
    }

    #[test]
    fn a_backup_is_due_when_the_last_is_old_and_none_is_running_or_just_failed() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let day = Some(Duration::from_hours(24));
        let (old, recent) = (
            now - Duration::from_hours(25),
            now - Duration::from_hours(23),
        );
        let (completed, running) = (
            job(JobStatus::Completed, Some(old)),
            job(JobStatus::Running, None),
        );
        let failed = |at| job(JobStatus::Failed, Some(at));
        assert!(is_due(day, None, None, now));
        assert!(is_due(day, Some(old), Some(&completed), now));
        assert!(!is_due(day, Some(recent), Some(&completed), now));
        assert!(!is_due(day, Some(old), Some(&running), now));
        assert!(!is_due(day, Some(old), Some(&failed(now)), now));
        assert!(is_due(day, Some(old), Some(&failed(recent)), now));
        assert!(!is_due(None, None, None, now));
        // The clock was set back by a year.
        assert!(!is_due(
            day,
            Some(now + Duration::from_hours(8_760)),
            None,
            now
        ));
    }
}
