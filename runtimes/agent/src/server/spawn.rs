//! Starts a process of the server, with the descriptors of the inner contract.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use tokio::process::Child;

use crate::options::{Options, Reach};
use crate::settings::Environment;

const RECORDS: i32 = 3;
const REQUESTS: i32 = 4;
const ANSWERS: i32 = 5;
/// More than any of these, so that none is in the way of another.
const FREE: i32 = 10;

/// The front's ends.
pub struct Spawned {
    pub child: Child,
    pub records: OwnedFd,
    pub output: OwnedFd,
    /// Where calls go and answers come from, if not by a socket.
    pub pipes: Option<(OwnedFd, OwnedFd)>,
}

pub fn spawn(options: &Options, environment: &Environment, socket: &Path) -> io::Result<Spawned> {
    let (records, theirs) = pipe()?;
    let (output, printed) = pipe()?;
    let mut given = vec![(theirs, RECORDS)];
    let mut pipes = None;
    if options.reach == Reach::Pipes {
        let (asked, requests) = pipe()?;
        let (answers, answered) = pipe()?;
        given.extend([(asked, REQUESTS), (answered, ANSWERS)]);
        pipes = Some((requests, answers));
    }
    let mut command = Command::new(&options.command[0]);
    command.args(&options.command[1..]).env_clear().envs(environment.iter().map(|(name, value)| (name, value)));
    if options.reach == Reach::Socket {
        command.env("OPEN_RUNTIMES_SOCKET", socket);
    }
    let printed = File::from(printed);
    command.stdin(Stdio::null()).stdout(printed.try_clone()?).stderr(printed).process_group(0);
    let wanted: Vec<(i32, i32)> = given.iter().map(|(end, number)| (end.as_raw_fd(), *number)).collect();
    // Between fork and exec: nothing but calls of the system.
    unsafe {
        command.pre_exec(move || {
            for (end, number) in &wanted {
                if libc::dup2(*end, *number) < 0 {
                    return Err(io::Error::last_os_error());
                }
            }
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            prefer_for_want_of_memory();
            Ok(())
        });
    }
    let child = tokio::process::Command::from(command).spawn()?;
    for end in [
        Some(&records),
        Some(&output),
        pipes.as_ref().map(|(requests, _)| requests),
        pipes.as_ref().map(|(_, answers)| answers),
    ]
    .into_iter()
    .flatten()
    {
        unsafe { libc::fcntl(end.as_raw_fd(), libc::F_SETFL, libc::O_NONBLOCK) };
    }
    Ok(Spawned { child, records, output, pipes })
}

/// When memory is used up the kernel ends this process rather than the front. To raise that takes no right.
fn prefer_for_want_of_memory() {
    unsafe {
        let file = libc::open(c"/proc/self/oom_score_adj".as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC);
        if file >= 0 {
            libc::write(file, c"500".as_ptr().cast(), 3);
            libc::close(file);
        }
    }
}

/// The end to read from, and the end to write to.
fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let mut ends = [0; 2];
    if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) } < 0 {
        return Err(io::Error::last_os_error());
    }
    let [from, to] = ends.map(|end| unsafe { OwnedFd::from_raw_fd(end) });
    Ok((raised(from)?, raised(to)?))
}

fn raised(end: OwnedFd) -> io::Result<OwnedFd> {
    let number = unsafe { libc::fcntl(end.as_raw_fd(), libc::F_DUPFD_CLOEXEC, FREE) };
    if number < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}
