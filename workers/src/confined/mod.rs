//! Processes that read untrusted input. Each reads from standard input and writes to standard output, and cannot open
//! anything else: the kernel refuses all but a short list of system calls, and limits memory and time.

mod filter;
mod inside;

use std::path::Path;
use std::process::Stdio;
use std::sync::Once;

use tokio::io::AsyncReadExt;
use tokio::process::{ChildStderr, Command};

pub use inside::{Limits, confined};

/// The number of bytes of standard error that are read.
const COMPLAINT: u64 = 64 * 1024;

/// A command that runs this program as a reader.
pub(crate) fn reader(program: &Path, arguments: &[&str]) -> Command {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        if let Some(why) = without_landlock() {
            tracing::warn!("{why}");
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
pub(crate) async fn complaint(stderr: ChildStderr) -> String {
    let mut complaint = Vec::new();
    let _ = stderr.take(COMPLAINT).read_to_end(&mut complaint).await;
    String::from_utf8_lossy(&complaint).into_owned()
}

/// Whether a process exited because it exceeded its memory limit.
pub(crate) fn ran_out_of_memory(complaint: &str) -> bool {
    complaint.contains("memory allocation")
}

/// Whether a process was killed because it exceeded its processor time.
pub(crate) fn ran_out_of_time(status: std::process::ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    matches!(status.signal(), Some(libc::SIGXCPU | libc::SIGKILL))
}

/// A warning if the kernel does not support Landlock, the second of the two barriers.
pub fn without_landlock() -> Option<&'static str> {
    // It only restricts the thread that tries it.
    let has_it = std::thread::spawn(filter::restrict_files).join();
    match has_it {
        Ok(Ok(true)) => None,
        _ => Some(
            "this kernel has no Landlock: what strangers wrote is read behind the filter of system calls alone; use a \
             kernel from 5.13 on with `landlock` among its security modules",
        ),
    }
}
