//! Processes that read what strangers wrote. Each has its bytes on standard input, answers on standard output, and can
//! open and reach nothing: the kernel refuses all but a short list of calls, and it has only so much memory and time.

mod filter;
mod inside;

use std::path::Path;
use std::process::Stdio;
use std::sync::Once;

use tokio::io::AsyncReadExt;
use tokio::process::{ChildStderr, Command};

pub use inside::{Limits, confined};

/// Bytes of a complaint that are looked at.
const COMPLAINT: u64 = 64 * 1024;

/// This very program, started to read something.
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
        // The allocator would set aside as much as the process may have; in KiB.
        .env("MIMALLOC_ARENA_RESERVE", "65536")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    command
}

/// What a process complains of, as far as anybody reads it.
pub(crate) async fn complaint(stderr: ChildStderr) -> String {
    let mut complaint = Vec::new();
    let _ = stderr.take(COMPLAINT).read_to_end(&mut complaint).await;
    String::from_utf8_lossy(&complaint).into_owned()
}

/// Whether a process ended because it asked for more memory than it may have.
pub(crate) fn ran_out_of_memory(complaint: &str) -> bool {
    complaint.contains("memory allocation")
}

/// Whether a process was ended because its processor time was used up.
pub(crate) fn ran_out_of_time(status: std::process::ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    matches!(status.signal(), Some(libc::SIGXCPU | libc::SIGKILL))
}

/// Why the second of the two barriers is missing, where the kernel does not have it.
pub fn without_landlock() -> Option<&'static str> {
    // It holds the thread that tries it, and nothing else.
    let has_it = std::thread::spawn(filter::restrict_files).join();
    match has_it {
        Ok(Ok(true)) => None,
        _ => Some(
            "this kernel has no Landlock: what strangers wrote is read behind the filter of system calls alone; use a \
             kernel from 5.13 on with `landlock` among its security modules",
        ),
    }
}
