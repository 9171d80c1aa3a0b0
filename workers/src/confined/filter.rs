//! What the kernel refuses to a process: each system call that is not on a short list, and all file access.

use std::io;

#[cfg(target_os = "linux")]
pub(super) use linux::{refuse_calls, restrict_files};
#[cfg(not(target_os = "linux"))]
pub(super) use unsupported::{refuse_calls, restrict_files};

#[cfg(target_os = "linux")]
mod linux {
    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr,
        RulesetStatus, Scope,
    };
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen::Dword, SeccompCmpOp, SeccompCondition,
        SeccompFilter, SeccompRule, apply_filter_all_threads,
    };

    use super::io;

    /// The latest Landlock version that is requested; an older kernel enforces the rules that it knows.
    const LANDLOCK: ABI = ABI::V6;
    const INPUT: u64 = 0;
    const OUTPUT: u64 = 1;
    const ERRORS: u64 = 2;

    /// Landlock without any allowed path, port or scope: a second barrier behind the filter of system calls. Returns
    /// whether the kernel supports it; threads started later by the calling thread inherit it.
    pub(crate) fn restrict_files() -> io::Result<bool> {
        let status = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(LANDLOCK))
            .and_then(|rules| rules.handle_access(AccessNet::from_all(LANDLOCK)))
            .and_then(|rules| rules.scope(Scope::from_all(LANDLOCK)))
            .and_then(Ruleset::create)
            .and_then(landlock::RulesetCreated::restrict_self);
        let status = status.map_err(io::Error::other)?;
        Ok(status.ruleset != RulesetStatus::NotEnforced)
    }

    /// From now on all threads can only make the calls that reading and computing need. Other calls fail with EPERM,
    /// which libraries that try more than they need handle well.
    pub(crate) fn refuse_calls() -> io::Result<()> {
        let program = program().map_err(io::Error::other)?;
        apply_filter_all_threads(&program).map_err(io::Error::other)
    }

    fn program() -> Result<BpfProgram, seccompiler::BackendError> {
        let mut rules: std::collections::BTreeMap<i64, Vec<SeccompRule>> =
            ALLOWED.iter().map(|call| (*call, vec![])).collect();
        let on = |descriptor| {
            let is = SeccompCondition::new(0, Dword, SeccompCmpOp::Eq, descriptor);
            SeccompRule::new(vec![is?])
        };
        rules.insert(libc::SYS_read, vec![on(INPUT)?]);
        for call in [libc::SYS_write, libc::SYS_writev] {
            rules.insert(call, vec![on(OUTPUT)?, on(ERRORS)?]);
        }
        // Data must not become code, so memory cannot be mapped executable.
        let executable = u64::from(libc::PROT_EXEC.unsigned_abs());
        for call in [libc::SYS_mmap, libc::SYS_mprotect] {
            let no_code = SeccompCondition::new(2, Dword, SeccompCmpOp::MaskedEq(executable), 0)?;
            rules.insert(call, vec![SeccompRule::new(vec![no_code])?]);
        }
        let denied = SeccompAction::Errno(libc::EPERM.unsigned_abs());
        let arch = std::env::consts::ARCH.try_into()?;
        SeccompFilter::new(rules, denied, SeccompAction::Allow, arch)?.try_into()
    }

    /// Memory, locks between existing threads, the process's own signals, clock, random numbers, exit.
    const ALLOWED: &[i64] = &[
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_brk,
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_restart_syscall,
        libc::SYS_clock_gettime,
        libc::SYS_getrandom,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];
}

/// Other kernels have no such filter, so untrusted files are not read there.
#[cfg(not(target_os = "linux"))]
mod unsupported {
    use super::io;

    pub fn restrict_files() -> io::Result<bool> {
        Ok(false)
    }

    pub fn refuse_calls() -> io::Result<()> {
        Err(io::Error::other(
            "untrusted files can only be read on Linux",
        ))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::ErrorKind;
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn landlock_refuses_every_file_and_every_port() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let attempt = std::thread::spawn(move || {
            let is_supported = restrict_files().unwrap();
            let file = std::fs::File::open("/etc/passwd").map(drop);
            let folder = std::fs::create_dir(std::env::temp_dir().join("never-created"));
            (
                is_supported,
                [file, folder],
                TcpStream::connect(address).map(drop),
            )
        });
        let (is_supported, files, port) = attempt.join().unwrap();
        assert_eq!(is_supported, crate::landlock_warning().is_none());
        if is_supported {
            for result in files {
                assert_eq!(result.unwrap_err().kind(), ErrorKind::PermissionDenied);
            }
            // Older versions do not restrict ports.
            assert!(
                port.is_ok()
                    || port.is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
            );
        }
        // Only its own thread is restricted.
        assert!(std::fs::File::open("/etc/passwd").is_ok());
    }
}
