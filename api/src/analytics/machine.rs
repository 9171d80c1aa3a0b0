//! The machine on which this process runs, and what the process takes of it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use poem_openapi::Object;
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// Load is told over a span of time, which must not be too short.
const SPAN: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub struct Machine {
    started: Instant,
    /// What was seen, and when the load was measured last; none where the operating system tells nothing.
    seen: Option<Mutex<(System, Instant)>>,
}

/// What the machine of the node does.
#[derive(Debug, Clone, Copy, Object)]
pub struct MachineLoad {
    /// Of all processors, 0 to 100.
    pub cpu_percent: f64,
    /// That is used.
    pub memory_bytes: u64,
    pub memory_total_bytes: u64,
    /// This server's part of what is used.
    pub process_memory_bytes: u64,
}

impl Machine {
    pub fn new() -> Self {
        let system = System::new().ok().map(|mut system| {
            system.refresh_cpu_usage();
            Mutex::new((system, Instant::now()))
        });
        Self {
            started: Instant::now(),
            seen: system,
        }
    }

    /// Since the server was started.
    pub fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    /// The load since it was last asked for, and the memory as it is.
    pub fn load(&self) -> Option<MachineLoad> {
        let mut seen = self
            .seen
            .as_ref()?
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (system, measured) = &mut *seen;
        if measured.elapsed() >= SPAN {
            system.refresh_cpu_usage();
            *measured = Instant::now();
        }
        system.refresh_memory();
        let own = Pid::from_u32(std::process::id());
        let memory = ProcessRefreshKind::nothing().with_memory();
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), true, memory);
        Some(MachineLoad {
            cpu_percent: f64::from(system.global_cpu_usage()).clamp(0.0, 100.0),
            memory_bytes: system.used_memory(),
            process_memory_bytes: system.process(own).map_or(0, sysinfo::Process::memory),
            memory_total_bytes: system.total_memory(),
        })
    }
}
