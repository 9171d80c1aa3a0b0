//! The child's side: it drops all privileges before it reads the first byte.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustix::process::{Resource, Rlimit, setrlimit};

use super::filter;

/// Untrusted input can be nested deeply, and its parsers recurse.
const STACK: usize = 64 * 1024 * 1024;
/// The first descriptor after standard input, output and error.
const FIRST_INHERITED: i32 = 3;

/// Standard input, output and error.
const DESCRIPTORS: u64 = 3;

/// What a process may use.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes.
    pub memory: u64,
    /// Seconds of processor time.
    pub seconds: u64,
}

/// Runs a closure without access to anything else; `None` if it panicked. The restrictions are permanent: the process
/// must exit afterwards.
pub fn run_confined<T: Send + 'static>(
    limits: Limits,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<Option<T>> {
    close_inherited();
    set_limits(limits);
    filter::restrict_files()?;
    // Started now, because creating threads is forbidden later.
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(|| {
        set_limit(Resource::Nproc, 0);
        set_limit(Resource::Nofile, DESCRIPTORS);
        filter::refuse_calls()?;
        io::Result::Ok(catch_unwind(AssertUnwindSafe(work)).ok())
    })?;
    thread.join().unwrap_or(Ok(None))
}

/// The parent of the server may have left descriptors open.
fn close_inherited() {
    let Ok(open) = std::fs::read_dir("/proc/self/fd") else {
        return;
    };
    let numbers = open.flatten().filter_map(|entry| {
        let name = entry.file_name();
        name.to_str()?.parse::<i32>().ok()
    });
    // The descriptor of the listing is closed by then; closing it again does no harm.
    let open: Vec<i32> = numbers
        .filter(|number| *number >= FIRST_INHERITED)
        .collect();
    for number in open {
        let _ = nix::unistd::close(number);
    }
}

/// If a limit cannot be set, those of the parent still apply.
fn set_limits(limits: Limits) {
    set_limit(Resource::Data, limits.memory);
    set_limit(Resource::Cpu, limits.seconds);
    set_limit(Resource::Core, 0);
}

fn set_limit(resource: Resource, limit: u64) {
    let limit = Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    };
    let _ = setrlimit(resource, limit);
}
