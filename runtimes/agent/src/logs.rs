//! The log of one call: its messages and what was printed meanwhile, bounded, and written to the call's two files.

use std::cell::RefCell;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::rc::Rc;
use std::time::Duration;

const FOLDER: &str = "/mnt/logs";
const MESSAGE_CHARACTERS: usize = 8000;
const TRUNCATED: &str = "... Log truncated due to size limit (8000 characters)";
const NATIVE_DETECTED: &str = "Native logs detected. Use context.log() or context.error() for better experience.";
/// Lines of a call that goes on are in its files by then.
const FLUSH_AFTER: Duration = Duration::from_millis(50);
const FLUSH_BYTES: usize = 64 * 1024;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Log,
    Error,
    Native,
}

#[derive(Clone)]
pub struct CallLog {
    /// Empty: logging is off, or what is written is kept for another log.
    pub id: String,
    state: Rc<RefCell<State>>,
}

#[derive(Default)]
struct State {
    logs: Vec<u8>,
    errors: Vec<u8>,
    /// The last line of native output, which has no end yet.
    line: Vec<u8>,
    announced: bool,
    closed: bool,
    flush_is_due: bool,
}

impl CallLog {
    pub fn new(id: String) -> Self {
        CallLog { id, state: Rc::default() }
    }

    pub fn write(&self, kind: Kind, text: &[u8]) {
        let mut state = self.state.borrow_mut();
        if state.closed {
            return;
        }
        match kind {
            Kind::Log => state.message(Kind::Log, text),
            Kind::Error => state.message(Kind::Error, text),
            Kind::Native => state.native(text),
        }
        let flush_now = state.logs.len() + state.errors.len() > FLUSH_BYTES;
        let flush_later = !state.flush_is_due;
        state.flush_is_due = true;
        drop(state);
        if self.id.is_empty() {
            return;
        }
        if flush_now {
            self.flush();
        } else if flush_later {
            let log = self.clone();
            tokio::task::spawn_local(async move {
                tokio::time::sleep(FLUSH_AFTER).await;
                log.flush();
            });
        }
    }

    /// Takes what another log has kept, which has it no more.
    pub fn take_over(&self, other: &CallLog) {
        self.copy(other);
        *other.state.borrow_mut() = State::default();
    }

    /// Begins with what another log has kept.
    pub fn copy(&self, other: &CallLog) {
        let (kept, mut state) = (other.state.borrow(), self.state.borrow_mut());
        state.logs.extend_from_slice(&kept.logs);
        state.errors.extend_from_slice(&kept.errors);
        state.line.extend_from_slice(&kept.line);
        state.announced |= kept.announced;
    }

    /// All that is kept, as text.
    pub fn kept(&self) -> String {
        let mut state = self.state.borrow_mut();
        state.end_line();
        String::from_utf8_lossy(&[state.logs.as_slice(), &state.errors].concat()).into_owned()
    }

    /// What is written from now on never appears.
    pub fn close(&self) {
        {
            let mut state = self.state.borrow_mut();
            if state.closed {
                return;
            }
            state.end_line();
            state.closed = true;
        }
        self.flush();
    }

    fn flush(&self) {
        let mut state = self.state.borrow_mut();
        state.flush_is_due = false;
        for (kind, bytes) in [("logs", std::mem::take(&mut state.logs)), ("errors", std::mem::take(&mut state.errors))]
        {
            if !bytes.is_empty() && !self.id.is_empty() {
                // Logs that cannot be written are lost, not the call.
                let file = OpenOptions::new().append(true).create(true).open(path(&self.id, kind));
                let _ = file.and_then(|mut file| file.write_all(&bytes));
            }
        }
    }
}

impl State {
    fn message(&mut self, kind: Kind, text: &[u8]) {
        let target = if kind == Kind::Error { &mut self.errors } else { &mut self.logs };
        let end = cut(text);
        target.extend_from_slice(&text[..end]);
        if end < text.len() {
            target.extend_from_slice(TRUNCATED.as_bytes());
        }
        target.push(b'\n');
    }

    fn native(&mut self, text: &[u8]) {
        let mut rest = text;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            self.line.extend_from_slice(&rest[..end]);
            self.native_line();
            rest = &rest[end + 1..];
        }
        self.line.extend_from_slice(rest);
        if self.line.len() > MESSAGE_CHARACTERS * 4 {
            self.native_line();
        }
    }

    fn native_line(&mut self) {
        if !self.announced {
            self.announced = true;
            self.message(Kind::Log, NATIVE_DETECTED.as_bytes());
        }
        let line = std::mem::take(&mut self.line);
        self.message(Kind::Log, line.strip_suffix(b"\r").unwrap_or(&line));
    }

    fn end_line(&mut self) {
        if !self.line.is_empty() {
            self.native_line();
        }
    }
}

/// Where a message is cut, in bytes.
fn cut(text: &[u8]) -> usize {
    if text.len() <= MESSAGE_CHARACTERS {
        return text.len();
    }
    let mut characters = 0;
    for (at, byte) in text.iter().enumerate() {
        // Bytes that begin a character.
        if byte & 0xc0 != 0x80 {
            if characters == MESSAGE_CHARACTERS {
                return at;
            }
            characters += 1;
        }
    }
    text.len()
}

/// Ids that are given, and may be part of a path.
pub fn is_id(text: &[u8]) -> bool {
    (1..=64).contains(&text.len())
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn path(id: &str, kind: &str) -> String {
    format!("{FOLDER}/{id}_{kind}.log")
}

/// Reads and deletes the two files of an id.
pub fn collect(id: &[u8]) -> String {
    let id = if is_id(id) { String::from_utf8_lossy(id).into_owned() } else { String::new() };
    let read = |kind: &str| {
        if id.is_empty() {
            return String::new();
        }
        let text = fs::read(path(&id, kind)).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let _ = fs::remove_file(path(&id, kind));
        text.unwrap_or_default()
    };
    serde_json::json!({ "logs": read("logs"), "errors": read("errors") }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(records: &[(Kind, &str)]) -> (String, String) {
        let log = CallLog::new(String::new());
        for (kind, text) in records {
            log.write(*kind, text.as_bytes());
        }
        let mut state = log.state.borrow_mut();
        state.end_line();
        (String::from_utf8(state.logs.clone()).unwrap(), String::from_utf8(state.errors.clone()).unwrap())
    }

    #[test]
    fn messages_end_with_a_line_feed_each() {
        let (logs, errors) = written(&[(Kind::Log, "a"), (Kind::Error, "b\nc"), (Kind::Log, "")]);
        assert_eq!((logs.as_str(), errors.as_str()), ("a\n\n", "b\nc\n"));
    }

    #[test]
    fn native_output_is_announced_once_and_told_by_lines() {
        let (logs, _) = written(&[(Kind::Native, "a"), (Kind::Native, "b\nc"), (Kind::Log, "d"), (Kind::Native, "e")]);
        assert_eq!(logs, format!("{NATIVE_DETECTED}\nab\nd\nce\n"));
    }

    #[test]
    fn long_messages_are_cut_at_characters() {
        for character in ["a", "ü", "🥊"] {
            let (logs, _) = written(&[(Kind::Log, &character.repeat(8000))]);
            assert_eq!(logs, character.repeat(8000) + "\n");
            let (logs, _) = written(&[(Kind::Log, &character.repeat(8001))]);
            assert_eq!(logs, character.repeat(8000) + TRUNCATED + "\n");
        }
    }

    #[test]
    fn ids_are_no_paths() {
        for (text, good) in [("a-B_9", true), ("", false), ("../a", false), ("a.b", false), ("ä", false)] {
            assert_eq!(is_id(text.as_bytes()), good, "{text}");
        }
        assert!(is_id(&[b'a'; 64]) && !is_id(&[b'a'; 65]));
    }
}
