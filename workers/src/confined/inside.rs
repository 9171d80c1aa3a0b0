//! The side of the process itself: it gives up everything before it reads the first byte.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustix::process::{Resource, Rlimit, setrlimit};

use super::filter;

/// What strangers write nests: readers of it recurse.
const STACK: usize = 64 * 1024 * 1024;
/// The first descriptor after those of input, output and complaints.
const INHERITED: i32 = 3;

/// Input, output and complaints.
const DESCRIPTORS: u64 = 3;

/// What a process may use.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// In bytes.
    pub memory: u64,
    /// Seconds of processor time.
    pub seconds: u64,
}

/// Does something with nothing else in reach; nothing where it panicked. There is no way back: the process ends after it.
pub fn confined<T: Send + 'static>(
    limits: Limits,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<Option<T>> {
    close_inherited();
    limit(limits);
    filter::restrict_files()?;
    // A thread made by now needs no call that makes one later on.
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(|| {
        at_most(Resource::Nproc, 0);
        at_most(Resource::Nofile, DESCRIPTORS);
        filter::refuse_calls()?;
        io::Result::Ok(catch_unwind(AssertUnwindSafe(work)).ok())
    })?;
    thread.join().unwrap_or(Ok(None))
}

/// Whoever started the server may have left descriptors open.
fn close_inherited() {
    let Ok(open) = std::fs::read_dir("/proc/self/fd") else {
        return;
    };
    let numbers = open.flatten().filter_map(|entry| {
        let name = entry.file_name();
        name.to_str()?.parse::<i32>().ok()
    });
    // The one that lists them is closed by the time it is tried, which does no harm.
    let open: Vec<i32> = numbers.filter(|number| *number >= INHERITED).collect();
    for number in open {
        let _ = nix::unistd::close(number);
    }
}

/// Where a limit cannot be set, those that the parent keeps still hold.
fn limit(limits: Limits) {
    at_most(Resource::Data, limits.memory);
    at_most(Resource::Cpu, limits.seconds);
    at_most(Resource::Core, 0);
}

fn at_most(resource: Resource, limit: u64) {
    let limit = Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    };
    let _ = setrlimit(resource, limit);
}
