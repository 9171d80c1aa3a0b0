//! Supervises the long-running tasks of a process: restarts and reports any that panic or end.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::task::JoinSet;

use crate::transient::Backoff;

const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A task is healthy again after this long without a panic.
const HEALTHY_AFTER: Duration = Duration::from_mins(1);

/// Tracks recently failed tasks, for readiness checks.
#[derive(Debug, Clone, Default)]
pub struct Health {
    failed: Arc<Mutex<BTreeMap<&'static str, Instant>>>,
}

impl Health {
    /// The tasks that have panicked within the last minute.
    pub fn failing(&self) -> Vec<&'static str> {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.retain(|_, at| at.elapsed() < HEALTHY_AFTER);
        failed.keys().copied().collect()
    }

    fn record_failure(&self, task: &'static str) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.insert(task, Instant::now());
    }
}

/// The long-running tasks of a process. They end when it is dropped.
#[derive(Debug, Default)]
pub struct Supervisor {
    tasks: JoinSet<()>,
    health: Health,
}

impl Supervisor {
    pub fn new(health: Health) -> Self {
        Self {
            tasks: JoinSet::new(),
            health,
        }
    }

    /// Runs a task that should never end; restarts it whenever it panics or returns.
    pub fn spawn<F, T>(&mut self, name: &'static str, start: F)
    where
        F: Fn() -> T + Send + Sync + 'static,
        T: Future<Output = ()> + Send + 'static,
    {
        self.tasks
            .spawn(run_forever(name, start, self.health.clone()));
    }

    pub fn health(&self) -> &Health {
        &self.health
    }
}

/// Starts a task that ends by itself, when nobody needs what it does any more; restarts it whenever it panics.
pub(crate) fn spawn_until_done<F, T>(name: &'static str, health: Health, start: F)
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Future<Output = ()> + Send + 'static,
{
    #[expect(clippy::disallowed_methods, reason = "this is the kit of tasks")]
    tokio::spawn(async move { restart_on_panic(name, start, &health).await });
}

/// Restarts a task forever; see [`Supervisor::spawn`].
async fn run_forever<F, T>(name: &'static str, start: F, health: Health)
where
    F: Fn() -> T + Send + Sync,
    T: Future<Output = ()> + Send,
{
    loop {
        restart_on_panic(name, &start, &health).await;
        tracing::warn!(task = name, "a task ended; restarting it");
        tokio::time::sleep(SHORTEST_PAUSE).await;
    }
}

/// Runs a task until it returns; restarts it whenever it panics.
pub(crate) async fn restart_on_panic<F, T>(name: &'static str, start: F, health: &Health)
where
    F: Fn() -> T + Send + Sync,
    T: Future<Output = ()> + Send,
{
    let mut backoff = Backoff::new(SHORTEST_PAUSE, LONGEST_PAUSE);
    loop {
        let started = Instant::now();
        // State shared with other tasks is behind locks, so no partial update becomes visible.
        let Err(panic) = AssertUnwindSafe(start()).catch_unwind().await else {
            return;
        };
        if started.elapsed() > HEALTHY_AFTER {
            backoff.reset();
        }
        let pause = backoff.pause();
        health.record_failure(name);
        tracing::error!(
            task = name,
            panic = panic_message(&*panic),
            pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
            "a task panicked; restarting it"
        );
        tokio::time::sleep(pause).await;
    }
}

/// The message of a panic.
pub fn panic_message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_or_returns_is_started_again_and_reported() {
        let health = Health::default();
        let mut supervisor = Supervisor::new(health.clone());
        let starts = Arc::new(AtomicU32::new(0));
        let third = Arc::new(Notify::new());
        let (count, arrived) = (starts.clone(), third.clone());
        supervisor.spawn("example", move || {
            let (count, arrived) = (count.clone(), arrived.clone());
            async move {
                match count.fetch_add(1, Ordering::SeqCst) {
                    0 => panic!("by fault injection"),
                    1 => {}
                    _ => {
                        arrived.notify_one();
                        std::future::pending::<()>().await;
                    }
                }
            }
        });
        third.notified().await;
        assert_eq!(starts.load(Ordering::SeqCst), 3);
        assert_eq!(health.failing(), ["example"]);
    }
}
