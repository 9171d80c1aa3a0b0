//! Backups that nobody has to think of: asked for when one is due, with the tombstones beside them kept up to date. One
//! process of an installation does it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use eventstore::backup::{BackupError, write_tombstones};
use eventstore::{Backoff, Health, Supervisor, Transient, erasure, leader};
use projections::EventSource;
use projections::job::{JobKind, JobView, queries as jobs};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Backups;

const LOOK: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_secs(5);
/// After a backup that failed.
const AGAIN: Duration = Duration::from_mins(10);

/// Starts to look after backups. The task ends when the supervisor is dropped.
pub fn start_scheduling(source: EventSource, backups: Backups, health: &Health) -> Supervisor {
    let mut tasks = Supervisor::new(health.clone());
    tasks.spawn("schedule", move || {
        schedule(source.clone(), backups.clone())
    });
    tasks
}

async fn schedule(source: EventSource, backups: Backups) {
    let mut backoff = Backoff::new(PAUSE, AGAIN);
    loop {
        let lead = leader::acquire_leadership(&source.pool, leader::SCHEDULER).await;
        let ended = match lead {
            Ok(mut lead) => run(&source, &backups, &mut lead).await,
            Err(error) => Err(error.into()),
        };
        match ended {
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

async fn run(
    source: &EventSource,
    backups: &Backups,
    lead: &mut PgConnection,
) -> Result<(), BackupError> {
    let mut written = None;
    loop {
        tokio::time::sleep(LOOK).await;
        let buried = erasure::last_destroyed_at(&mut *lead).await?;
        let newest = backups
            .folder
            .list_backups(source.log.id)?
            .into_iter()
            .next();
        if newest.is_some() && buried > written {
            let master = &backups.master;
            write_tombstones(&source.pool, source.log, master, &backups.folder).await?;
            written = buried;
        }
        let asked = jobs::find_newest(&source.pool, &JobKind::Backup).await?;
        let made = newest.map(|backup| backup.head.made_at);
        if is_due(backups.every, made, asked.as_ref(), Utc::now()) {
            let id = Uuid::now_v7();
            jobs::request(&source.pool, id, Uuid::nil(), &JobKind::Backup).await?;
        }
    }
}

/// Whether a backup is to be made: the last one is old enough, none is under way, and none has just failed.
fn is_due(
    every: Option<Duration>,
    made: Option<DateTime<Utc>>,
    asked: Option<&JobView>,
    now: DateTime<Utc>,
) -> bool {
    let Some(every) = every else {
        return false;
    };
    // A clock that was set back makes it due no earlier.
    let passed = |since: DateTime<Utc>, time| (now - since).to_std().is_ok_and(|age| age >= time);
    let tried = asked.is_none_or(|job| match job.ended_at {
        None => false,
        Some(ended) => job.status == "completed" || passed(ended, AGAIN),
    });
    tried && made.is_none_or(|made| passed(made, every))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(status: &str, ended_at: Option<DateTime<Utc>>) -> JobView {
        JobView {
            id: Uuid::nil(),
            kind: "backup".to_owned(),
            subject: None,
            status: status.to_owned(),
            done: 0,
            total: None,
            unit: "events".to_owned(),
            result: None,
            error: None,
            cancelling: false,
            created_at: Utc::now(),
            started_at: None,
            ended_at,
        }
    }

    #[test]
    fn a_backup_is_due_when_the_last_is_old_and_nothing_speaks_against_it() {
        let now = Utc::now();
        let day = Some(Duration::from_hours(24));
        let (old, young) = (
            now - Duration::from_hours(25),
            now - Duration::from_hours(23),
        );
        let (done, under_way) = (job("completed", Some(old)), job("running", None));
        let failed = |at| job("failed", Some(at));
        assert!(is_due(day, None, None, now));
        assert!(is_due(day, Some(old), Some(&done), now));
        assert!(!is_due(day, Some(young), Some(&done), now));
        assert!(!is_due(day, Some(old), Some(&under_way), now));
        assert!(!is_due(day, Some(old), Some(&failed(now)), now));
        assert!(is_due(day, Some(old), Some(&failed(young)), now));
        assert!(!is_due(None, None, None, now));
        // A clock that was set back by a year.
        assert!(!is_due(
            day,
            Some(now + Duration::from_hours(8_760)),
            None,
            now
        ));
    }
}
