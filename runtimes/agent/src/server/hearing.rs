//! What a process says beside its answers: log records on a pipe, and whatever comes out of stdout and stderr.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::rc::Rc;

use tokio::io::unix::AsyncFd;

use crate::logs::{CallLog, Kind};

const PIECE: usize = 64 * 1024;
/// Longer than any message that is not cut, in bytes.
const MAX_TEXT: usize = 40 * 1024;
const MAX_LINE: usize = 256;

/// Whose records are whose.
#[derive(Default)]
pub struct Listeners {
    pub calls: HashMap<String, CallLog>,
    /// The one call that is under way, where there is never another; before the first, the loading.
    pub current: Option<CallLog>,
}

impl Listeners {
    fn find(&self, id: &str) -> Option<&CallLog> {
        self.calls.get(id).or(self.current.as_ref().filter(|_| id == "-"))
    }
}

/// One of the two pipes, of which the other end is the process's.
pub struct Hearing {
    pipe: AsyncFd<OwnedFd>,
    heard: RefCell<Heard>,
    listeners: Rc<RefCell<Listeners>>,
}

enum Heard {
    Records { bytes: Vec<u8>, skip: usize },
    Output,
}

impl Hearing {
    pub fn of_records(pipe: OwnedFd, listeners: Rc<RefCell<Listeners>>) -> io::Result<Rc<Self>> {
        Self::begin(pipe, Heard::Records { bytes: Vec::new(), skip: 0 }, listeners)
    }

    pub fn of_output(pipe: OwnedFd, listeners: Rc<RefCell<Listeners>>) -> io::Result<Rc<Self>> {
        Self::begin(pipe, Heard::Output, listeners)
    }

    fn begin(pipe: OwnedFd, heard: Heard, listeners: Rc<RefCell<Listeners>>) -> io::Result<Rc<Self>> {
        // The descriptor is owned, and stays open as long as it is registered.
        let pipe = unsafe { AsyncFd::register(pipe)? };
        let hearing = Rc::new(Hearing { pipe, heard: RefCell::new(heard), listeners });
        let background = hearing.clone();
        tokio::task::spawn_local(async move {
            while let Ok(mut ready) = background.pipe.readable().await {
                ready.clear_ready();
                if !background.drain() {
                    break;
                }
            }
        });
        Ok(hearing)
    }

    /// Takes what has been written until now; false when nobody can write any more.
    pub fn drain(&self) -> bool {
        let mut piece = [0u8; PIECE];
        loop {
            // Past the readiness that the runtime remembers, which may be older than what was written.
            let read = unsafe { libc::read(self.pipe.as_raw_fd(), piece.as_mut_ptr().cast(), PIECE) };
            if read < 0 && io::Error::last_os_error().kind() == io::ErrorKind::Interrupted {
                continue;
            }
            if read <= 0 {
                return read != 0;
            }
            self.hear(&piece[..read as usize]);
            if (read as usize) < PIECE {
                return true;
            }
        }
    }

    fn hear(&self, piece: &[u8]) {
        let listeners = self.listeners.borrow();
        match &mut *self.heard.borrow_mut() {
            Heard::Records { bytes, skip } => {
                bytes.extend_from_slice(piece);
                parse(bytes, skip, &listeners);
            }
            Heard::Output => match &listeners.current {
                Some(log) => log.write(Kind::Native, piece),
                // Of no call: the operator's.
                None => drop(io::stdout().write_all(piece)),
            },
        }
    }
}

/// Hands on each record that is there whole, and forgets it. What is no record is forgotten as well.
fn parse(bytes: &mut Vec<u8>, skip: &mut usize, listeners: &Listeners) {
    let mut at = 0;
    loop {
        let skipped = (*skip).min(bytes.len() - at);
        at += skipped;
        *skip -= skipped;
        let rest = &bytes[at..];
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
            if rest.len() > MAX_LINE {
                at = bytes.len();
            }
            break;
        };
        let Some((kind, id, length)) = header(&rest[..end]) else {
            at += end + 1;
            continue;
        };
        let text = &rest[end + 1..];
        let wanted = length.min(MAX_TEXT);
        if text.len() < wanted {
            break;
        }
        if let Some(log) = listeners.find(id) {
            log.write(kind, &text[..wanted]);
        }
        at += end + 1 + wanted;
        // What lies beyond the limit, and the line feed after it.
        *skip = length - wanted + 1;
    }
    bytes.drain(..at);
}

fn header(line: &[u8]) -> Option<(Kind, &str, usize)> {
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let kind = match words.next()? {
        "log" => Kind::Log,
        "error" => Kind::Error,
        "native" => Kind::Native,
        _ => return None,
    };
    let (id, length) = (words.next()?, words.next()?.parse().ok()?);
    words.next().is_none().then_some((kind, id, length))
}
