//! Load of the machine and memory use of this process.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use poem_openapi::Object;
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// Shortest interval over which CPU load can be measured.
const MIN_INTERVAL: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub struct Machine {
    started: Instant,
    /// The last measurement and its time; none if the operating system provides no data.
    system: Option<Mutex<(System, Instant)>>,
}

/// The load of the machine that this node runs on.
#[derive(Debug, Clone, Copy, Object)]
pub struct MachineLoad {
    /// Load of all processors, 0 to 100.
    pub cpu_percent: f64,
    /// Memory in use.
    pub memory_bytes: u64,
    pub memory_total_bytes: u64,
    /// Memory used by this server.
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
            system,
        }
    }

    /// The time since the server started.
    pub fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    /// The load since the last call, and the current memory use.
    pub fn load(&self) -> Option<MachineLoad> {
        let mut state = self
            .system
            .as_ref()?
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (system, measured) = &mut *state;
        if measured.elapsed() >= MIN_INTERVAL {
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
