//! Processes that read untrusted input. Each reads from standard input and writes to standard output, and cannot open
//! anything else: the kernel refuses all but a short list of system calls, and limits memory and time.

mod filter;
mod sandbox;

use std::path::Path;
use std::process::Stdio;
use std::sync::Once;

use tokio::io::AsyncReadExt;
use tokio::process::{ChildStderr, Command};

pub use sandbox::{Limits, run_confined};

/// The number of bytes of standard error that are read.
const STDERR_LIMIT: u64 = 64 * 1024;

/// A command that runs this program as a reader.
pub(crate) fn reader_command(program: &Path, arguments: &[&str]) -> Command {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        if let Some(warning) = landlock_warning() {
            tracing::warn!("{warning}");
        }
    });
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        // Otherwise the allocator reserves as much as the process may use; in KiB.
        .env("MIMALLOC_ARENA_RESERVE", "65536")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    command
}

/// Reads the standard error of a process.
pub(crate) async fn read_stderr(stderr: ChildStderr) -> String {
    let mut text = Vec::new();
    let _ = stderr.take(STDERR_LIMIT).read_to_end(&mut text).await;
    String::from_utf8_lossy(&text).into_owned()
}

/// Whether a process exited because it exceeded its memory limit.
pub(crate) fn ran_out_of_memory(stderr: &str) -> bool {
    stderr.contains("memory allocation")
}

/// Whether a process was killed because it exceeded its processor time.
pub(crate) fn ran_out_of_time(status: std::process::ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    matches!(status.signal(), Some(libc::SIGXCPU | libc::SIGKILL))
}

/// A warning if the kernel does not support Landlock, the second of the two barriers.
pub fn landlock_warning() -> Option<&'static str> {
    // It only restricts the thread that tries it.
    let result = std::thread::spawn(filter::restrict_files).join();
    match result {
        Ok(Ok(true)) => None,
        _ => Some(
            "this kernel does not support Landlock, so untrusted files are only confined by the filter of system calls; \
             use kernel 5.13 or newer with the security module `landlock`",
        ),
    }
}
