//! Warm standby: the front has booted before there is a function, and waits for the function's environment.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::os::fd::FromRawFd;
use std::os::unix::ffi::OsStringExt;

use crate::settings::Environment;

const DESCRIPTOR: &str = "OPEN_RUNTIMES_STANDBY_FD";

/// The descriptor on which the environment will come, if it is still to come; taken out of the environment.
pub fn awaited(environment: &mut Environment) -> Option<File> {
    let found = environment.iter().find(|(name, _)| name == DESCRIPTOR)?.1.to_str()?.parse().ok()?;
    environment.retain(|(name, _)| name != DESCRIPTOR);
    // Nobody else is to have it.
    unsafe { libc::fcntl(found, libc::F_SETFD, libc::FD_CLOEXEC) };
    Some(unsafe { File::from_raw_fd(found) })
}

/// Waits for the message: `NAME=value`, each ended by a zero byte; empty when nobody wants this container any more.
pub async fn message(mut awaited: File) -> Vec<u8> {
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut message = Vec::new();
        let read = awaited.read_to_end(&mut message);
        let _ = tell.send(read.map(|_| message).unwrap_or_default());
    });
    told.await.unwrap_or_default()
}

pub fn environment(message: &[u8]) -> Environment {
    message
        .split(|byte| *byte == 0)
        .filter_map(|entry| {
            let equals = entry.iter().position(|byte| *byte == b'=')?;
            let text = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
            Some((text(&entry[..equals]), text(&entry[equals + 1..])))
        })
        .collect()
}
