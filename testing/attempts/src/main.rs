//! Makes the system calls that an exploit of a document parser would make, and prints the result of each.
//! `attempts confined FOLDER` runs them in the sandbox of the parsers, `attempts free FOLDER` without it, to show that the
//! calls are valid. `attempts waiting FOLDER` reads standard input in the sandbox, so that a test can inspect the process.

use std::ffi::CString;
use std::io::Read;
use std::os::unix::ffi::OsStringExt;

use libc::{c_long, syscall};

const LIMITS: workers::Limits = workers::Limits {
    memory: 1 << 30,
    seconds: 60,
};

/// A system call: name, number and arguments. Addresses of strings stay valid for the lifetime of the process.
type Attempt = (&'static str, c_long, [c_long; 6]);

fn main() {
    let mut arguments = std::env::args_os().skip(1);
    let mode = arguments.next().unwrap_or_default();
    let folder = arguments.next().unwrap_or_default();
    let attempts = attempts(&folder.into_vec());
    match mode.to_str() {
        Some("free") => run(&attempts),
        Some("confined") => workers::run_confined(LIMITS, move || run(&attempts))
            .map(drop)
            .expect("the limits are set"),
        _ => workers::run_confined(LIMITS, || {
            drop(std::io::stdin().read_to_end(&mut Vec::new()));
        })
        .map(drop)
        .expect("the limits are set"),
    }
}

fn run(attempts: &[Attempt]) {
    for (name, number, [a, b, c, d, e, f]) in attempts {
        // SAFETY: each address is null or that of a string, and no call can write to memory.
        let result = unsafe { syscall(*number, *a, *b, *c, *d, *e, *f) };
        let errno = match result {
            -1 => std::io::Error::last_os_error().raw_os_error().unwrap_or(0),
            _ => 0,
        };
        println!("{name} {errno}");
    }
}

#[expect(clippy::too_many_lines, reason = "a table of calls")]
fn attempts(folder: &[u8]) -> Vec<Attempt> {
    let path = |name: &str| text(&[folder, b"/", name.as_bytes()].concat());
    let (file, other, new) = (path("file"), path("other"), path("new"));
    let here = libc::AT_FDCWD.into();
    let how = address([0_u64; 3]);
    let parent = i64::from(std::os::unix::process::parent_id());
    let arguments = address([0_usize]);
    let no_program = path("none");
    let socket = address([
        u16::try_from(libc::AF_INET).unwrap_or_default(),
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ]);
    let mut attempts: Vec<Attempt> = vec![
        ("openat", libc::SYS_openat, [here, file, 0, 0, 0, 0]),
        ("openat2", libc::SYS_openat2, [here, file, how, 24, 0, 0]),
        (
            "openat of a new file",
            libc::SYS_openat,
            [
                here,
                new,
                i64::from(libc::O_CREAT | libc::O_WRONLY),
                0o600,
                0,
                0,
            ],
        ),
        (
            "open_by_handle_at",
            libc::SYS_open_by_handle_at,
            [here, 0, 0, 0, 0, 0],
        ),
        (
            "name_to_handle_at",
            libc::SYS_name_to_handle_at,
            [here, file, 0, 0, 0, 0],
        ),
        (
            "renameat2",
            libc::SYS_renameat2,
            [here, other, here, new, 0, 0],
        ),
        (
            "renameat2 back",
            libc::SYS_renameat2,
            [here, new, here, other, 0, 0],
        ),
        (
            "linkat",
            libc::SYS_linkat,
            [here, file, here, path("link"), 0, 0],
        ),
        (
            "symlinkat",
            libc::SYS_symlinkat,
            [file, here, path("symlink"), 0, 0, 0],
        ),
        ("unlinkat", libc::SYS_unlinkat, [here, other, 0, 0, 0, 0]),
        (
            "mkdirat",
            libc::SYS_mkdirat,
            [here, path("folder"), 0o700, 0, 0, 0],
        ),
        (
            "mknodat",
            libc::SYS_mknodat,
            [
                here,
                path("pipe"),
                i64::from(libc::S_IFIFO | 0o600),
                0,
                0,
                0,
            ],
        ),
        ("fchmodat", libc::SYS_fchmodat, [here, file, 0o640, 0, 0, 0]),
        ("fchownat", libc::SYS_fchownat, [here, file, -1, -1, 0, 0]),
        ("truncate", libc::SYS_truncate, [file, 1, 0, 0, 0, 0]),
        ("statx", libc::SYS_statx, [here, no_program, 0, 0, 0, 0]),
        ("chdir", libc::SYS_chdir, [path(""), 0, 0, 0, 0, 0]),
        ("chroot", libc::SYS_chroot, [no_program, 0, 0, 0, 0, 0]),
        ("unshare", libc::SYS_unshare, [0, 0, 0, 0, 0, 0]),
        ("setns", libc::SYS_setns, [-1, 0, 0, 0, 0, 0]),
        ("open_tree", libc::SYS_open_tree, [here, file, 0, 0, 0, 0]),
        ("mount", libc::SYS_mount, [0, 0, 0, 0, 0, 0]),
        ("umount2", libc::SYS_umount2, [no_program, 0, 0, 0, 0, 0]),
        (
            "pivot_root",
            libc::SYS_pivot_root,
            [no_program, no_program, 0, 0, 0, 0],
        ),
        ("pidfd_open", libc::SYS_pidfd_open, [parent, 0, 0, 0, 0, 0]),
        (
            "kill of the parent",
            libc::SYS_kill,
            [parent, 0, 0, 0, 0, 0],
        ),
        (
            "tkill of the parent",
            libc::SYS_tkill,
            [parent, 0, 0, 0, 0, 0],
        ),
        (
            "tgkill of the parent",
            libc::SYS_tgkill,
            [parent, parent, 0, 0, 0, 0],
        ),
        (
            "memfd_create",
            libc::SYS_memfd_create,
            [file, 0, 0, 0, 0, 0],
        ),
        ("shmget", libc::SYS_shmget, [0, 0, 0, 0, 0, 0]),
        ("msgget", libc::SYS_msgget, [0x7fff_fff1, 0, 0, 0, 0, 0]),
        ("semget", libc::SYS_semget, [0x7fff_fff1, 0, 0, 0, 0, 0]),
        ("mq_open", libc::SYS_mq_open, [text(b"none"), 0, 0, 0, 0, 0]),
        (
            "add_key",
            libc::SYS_add_key,
            [text(b"user"), text(b"a"), text(b"b"), 1, -1, 0],
        ),
        ("keyctl", libc::SYS_keyctl, [-1, 0, 0, 0, 0, 0]),
        (
            "process_vm_readv",
            libc::SYS_process_vm_readv,
            [parent, 0, 0, 0, 0, 0],
        ),
        (
            "process_vm_writev",
            libc::SYS_process_vm_writev,
            [parent, 0, 0, 0, 0, 0],
        ),
        ("ptrace", libc::SYS_ptrace, [-1, parent, 0, 0, 0, 0]),
        (
            "socket",
            libc::SYS_socket,
            [
                i64::from(libc::AF_INET),
                i64::from(libc::SOCK_STREAM),
                0,
                0,
                0,
                0,
            ],
        ),
        (
            "socketpair",
            libc::SYS_socketpair,
            [i64::from(libc::AF_UNIX), 1, 0, 0, 0, 0],
        ),
        ("connect", libc::SYS_connect, [-1, socket, 16, 0, 0, 0]),
        ("bind", libc::SYS_bind, [-1, socket, 16, 0, 0, 0]),
        ("sendto", libc::SYS_sendto, [-1, file, 1, 0, socket, 16]),
        ("sendmsg", libc::SYS_sendmsg, [-1, 0, 0, 0, 0, 0]),
        (
            "execve",
            libc::SYS_execve,
            [no_program, arguments, arguments, 0, 0, 0],
        ),
        (
            "execveat",
            libc::SYS_execveat,
            [here, no_program, arguments, arguments, 0, 0],
        ),
        // Invalid flags: shared signal handlers require shared memory, so no process is created in either mode.
        (
            "clone",
            libc::SYS_clone,
            [i64::from(libc::CLONE_SIGHAND), 0, 0, 0, 0, 0],
        ),
        (
            "clone with a user namespace",
            libc::SYS_clone,
            [
                i64::from(libc::CLONE_NEWUSER | libc::CLONE_FS),
                0,
                0,
                0,
                0,
                0,
            ],
        ),
        ("clone3", libc::SYS_clone3, [0, 0, 0, 0, 0, 0]),
        (
            "io_uring_setup",
            libc::SYS_io_uring_setup,
            [0, 0, 0, 0, 0, 0],
        ),
        ("bpf", libc::SYS_bpf, [-1, 0, 0, 0, 0, 0]),
        ("userfaultfd", libc::SYS_userfaultfd, [-1, 0, 0, 0, 0, 0]),
        (
            "perf_event_open",
            libc::SYS_perf_event_open,
            [0, 0, 0, 0, 0, 0],
        ),
        ("prctl", libc::SYS_prctl, [-1, 0, 0, 0, 0, 0]),
        ("seccomp", libc::SYS_seccomp, [-1, 0, 0, 0, 0, 0]),
        ("prlimit64", libc::SYS_prlimit64, [0, 0, 0, 0, 0, 0]),
        ("setuid", libc::SYS_setuid, [-1, 0, 0, 0, 0, 0]),
        ("dup", libc::SYS_dup, [0, 0, 0, 0, 0, 0]),
        (
            "fcntl",
            libc::SYS_fcntl,
            [0, i64::from(libc::F_GETFD), 0, 0, 0, 0],
        ),
        ("ioctl", libc::SYS_ioctl, [0, -1, 0, 0, 0, 0]),
        ("pipe2", libc::SYS_pipe2, [0, 0, 0, 0, 0, 0]),
        ("eventfd2", libc::SYS_eventfd2, [0, 0, 0, 0, 0, 0]),
        (
            "read of an inherited file",
            libc::SYS_read,
            [7, 0, 0, 0, 0, 0],
        ),
        (
            "write to an inherited file",
            libc::SYS_write,
            [8, file, 1, 0, 0, 0],
        ),
        (
            "memory that can be run",
            libc::SYS_mmap,
            [
                0,
                4096,
                i64::from(libc::PROT_READ | libc::PROT_EXEC),
                i64::from(libc::MAP_PRIVATE | libc::MAP_ANONYMOUS),
                -1,
                0,
            ],
        ),
    ];
    attempts.extend(legacy_calls(file, other, new, no_program));
    attempts
}

/// Calls that newer architectures do not have.
#[cfg(target_arch = "x86_64")]
fn legacy_calls(file: c_long, other: c_long, new: c_long, none: c_long) -> Vec<Attempt> {
    vec![
        ("open", libc::SYS_open, [file, 0, 0, 0, 0, 0]),
        ("creat", libc::SYS_creat, [new, 0o600, 0, 0, 0, 0]),
        ("rename", libc::SYS_rename, [none, other, 0, 0, 0, 0]),
        ("link", libc::SYS_link, [none, other, 0, 0, 0, 0]),
        ("symlink", libc::SYS_symlink, [file, new, 0, 0, 0, 0]),
        ("unlink", libc::SYS_unlink, [none, 0, 0, 0, 0, 0]),
        ("mkdir", libc::SYS_mkdir, [file, 0o700, 0, 0, 0, 0]),
        ("rmdir", libc::SYS_rmdir, [none, 0, 0, 0, 0, 0]),
        ("chmod", libc::SYS_chmod, [file, 0o600, 0, 0, 0, 0]),
        ("stat", libc::SYS_stat, [none, 0, 0, 0, 0, 0]),
    ]
}

#[cfg(not(target_arch = "x86_64"))]
fn legacy_calls(_: c_long, _: c_long, _: c_long, _: c_long) -> Vec<Attempt> {
    vec![]
}

/// Leaks a string and returns its address.
fn text(bytes: &[u8]) -> c_long {
    let text = CString::new(bytes).expect("a path has no zero");
    text.into_raw() as c_long
}

fn address<T>(value: T) -> c_long {
    std::ptr::from_mut(Box::leak(Box::new(value))) as c_long
}
