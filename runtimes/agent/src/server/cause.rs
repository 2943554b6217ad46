//! Why a process of the server has ended, in words for the function's author.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// How often the kernel has ended a process of this container for want of memory; 0 where nobody counts.
pub fn memory_kills() -> u64 {
    // cgroup v2, then v1.
    ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"]
        .iter()
        .find_map(|file| fs::read_to_string(file).ok())
        .and_then(|text| text.lines().find_map(|line| line.strip_prefix("oom_kill ")?.trim().parse().ok()))
        .unwrap_or(0)
}

/// `kills`: what `memory_kills` said when the process began.
pub fn describe(status: ExitStatus, kills: u64, memory: Option<u64>) -> String {
    if let Some(code) = status.code() {
        return format!("The function has ended its process with exit code {code}.");
    }
    let signal = status.signal().unwrap_or(0);
    if signal == libc::SIGKILL && memory_kills() > kills {
        let limit = memory.map(|megabytes| format!(" Its limit is {megabytes} MB.")).unwrap_or_default();
        return format!("The function ran out of memory.{limit}");
    }
    format!("The function's process was ended by signal {}.", name(signal))
}

fn name(signal: i32) -> String {
    let known = match signal {
        libc::SIGHUP => "SIGHUP",
        libc::SIGINT => "SIGINT",
        libc::SIGQUIT => "SIGQUIT",
        libc::SIGILL => "SIGILL",
        libc::SIGTRAP => "SIGTRAP",
        libc::SIGABRT => "SIGABRT",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGKILL => "SIGKILL",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGALRM => "SIGALRM",
        libc::SIGTERM => "SIGTERM",
        libc::SIGSYS => "SIGSYS",
        libc::SIGXCPU => "SIGXCPU",
        _ => return signal.to_string(),
    };
    known.to_string()
}
