//! The process that reads a document: it has its bytes on standard input and may say so much on standard output. It
//! opens no file, connects to nothing, starts nothing, and has only so much memory and time.

use std::io::{Read, Write};
use std::panic::catch_unwind;

use rustix::process::{Resource, Rlimit, setrlimit};
#[cfg(target_os = "linux")]
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};

use super::{Failed, extract};
use crate::document::chunk::{Chunked, chunk};

/// Memory of one document, in bytes.
const MEMORY: u64 = 1024 * 1024 * 1024;
/// Seconds of processor time.
const SECONDS: u64 = 60;
/// Documents nest: readers of them recurse.
const STACK: usize = 64 * 1024 * 1024;

/// What is asked of the process, in its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub media_type: String,
    pub tokens: usize,
    pub overlap: usize,
}

/// Reads the document on standard input and writes its passages, or why there are none, as one line of JSON.
pub fn run(asked: &Asked) -> std::io::Result<()> {
    limit();
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    close()?;
    let asked = asked.clone();
    let read = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || catch_unwind(|| passages(&asked, &bytes)))?;
    let outcome: Result<Chunked, Failed> = match read.join() {
        Ok(Ok(outcome)) => outcome,
        _ => Err(Failed::unreadable("its structure is broken")),
    };
    let line = serde_json::to_string(&outcome)?;
    let mut out = std::io::stdout().lock();
    // Readers of documents may have said something before.
    writeln!(out, "\n{line}")?;
    out.flush()
}

fn passages(asked: &Asked, bytes: &[u8]) -> Result<Chunked, Failed> {
    let extracted = extract(&asked.media_type, bytes)?;
    chunk(extracted, asked.tokens, asked.overlap)
}

/// Where a limit cannot be set the parent's own hold still.
fn limit() {
    let at_most = |limit| Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    };
    let _ = setrlimit(Resource::Data, at_most(MEMORY));
    let _ = setrlimit(Resource::Cpu, at_most(SECONDS));
    let _ = setrlimit(Resource::Core, at_most(0));
}

/// From here on the kernel refuses what a reader of documents has no need of.
#[cfg(target_os = "linux")]
fn close() -> std::io::Result<()> {
    let refused = REFUSED.iter().map(|call| (*call, vec![])).collect();
    let action = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let arch = std::env::consts::ARCH.try_into();
    let filter =
        arch.and_then(|arch| SeccompFilter::new(refused, SeccompAction::Allow, action, arch));
    let program: BpfProgram = filter
        .and_then(TryInto::try_into)
        .map_err(std::io::Error::other)?;
    apply_filter(&program).map_err(std::io::Error::other)
}

/// Other kernels have no such filter: there documents are not read.
#[cfg(not(target_os = "linux"))]
fn close() -> std::io::Result<()> {
    Err(std::io::Error::other("documents are read on Linux alone"))
}

#[cfg(target_os = "linux")]
const REFUSED: &[libc::c_long] = &[
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_openat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_open,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_creat,
    libc::SYS_unlinkat,
    libc::SYS_renameat2,
    libc::SYS_linkat,
    libc::SYS_symlinkat,
    libc::SYS_mkdirat,
    libc::SYS_ptrace,
    libc::SYS_kill,
    libc::SYS_tgkill,
    libc::SYS_mount,
    libc::SYS_bpf,
    libc::SYS_io_uring_setup,
];
