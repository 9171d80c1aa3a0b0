//! Following the log: a wake-up inside the process, and a poll beneath it for what other processes append.

use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::watch;

use crate::log::Log;

const POLL: Duration = Duration::from_millis(50);

/// Knows the last position of the log, and wakes who waits for a later one.
#[derive(Debug, Clone)]
pub struct Feed {
    head: watch::Receiver<i64>,
}

impl Feed {
    /// Starts to follow; the sender is for the writer of this process.
    pub async fn start(pool: PgPool, log: Log) -> Result<(Self, watch::Sender<i64>), sqlx::Error> {
        let (position, _) = log.head(&pool).await?;
        let (committed, head) = watch::channel(position);
        tokio::spawn(poll(pool, log, committed.clone()));
        Ok((Self { head }, committed))
    }

    /// The last position known to this process.
    pub fn head(&self) -> i64 {
        *self.head.borrow()
    }

    /// Waits until the log has events beyond a position.
    pub async fn beyond(&mut self, position: i64) {
        // The sender lives as long as the poll, which never ends.
        let _ = self.head.wait_for(|head| *head > position).await;
    }
}

async fn poll(pool: PgPool, log: Log, committed: watch::Sender<i64>) {
    let mut tick = tokio::time::interval(POLL);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        // Away for now: the next tick asks again, and whoever writes or reads hears it from the database.
        let Ok((position, _)) = log.head(&pool).await else {
            continue;
        };
        committed.send_if_modified(|head| {
            let newer = position > *head;
            *head = position.max(*head);
            newer
        });
    }
}
