//! Answers, as they are sent to a caller.

use std::cell::RefCell;
use std::io;
use std::time::SystemTime;

use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::http::head::Head;
use crate::http::reasons::reason;

/// Up to this size, a body goes into one write with its head.
const SMALL: usize = 64 * 1024;

/// What the framing of an answer depends on.
pub struct Caller<W> {
    pub writer: W,
    pub is_head: bool,
    pub is_modern: bool,
    pub keep: bool,
}

impl<W: AsyncWrite + Unpin> Caller<W> {
    pub fn new(writer: W) -> Self {
        Caller { writer, is_head: false, is_modern: true, keep: true }
    }

    pub fn begin(&mut self, head: &Head, draining: bool) {
        self.is_head = head.method == "HEAD";
        self.is_modern = head.modern;
        self.keep = head.keep_alive && !draining;
    }

    /// Sends an answer whose body is there whole. `lines`: header lines with their ends.
    pub async fn answer(&mut self, status: u16, lines: &[u8], body: &[u8]) -> io::Result<()> {
        let framing = if has_body(status) { format!("content-length: {}\r\n", body.len()) } else { String::new() };
        let mut bytes = self.head(status, lines, &framing);
        if self.is_head || !has_body(status) {
            return self.writer.write_all(&bytes).await;
        }
        if body.len() <= SMALL {
            bytes.extend_from_slice(body);
            return self.writer.write_all(&bytes).await;
        }
        self.writer.write_all(&bytes).await?;
        self.writer.write_all(body).await
    }

    /// Sends the head of a long body. Says whether the body is to follow.
    pub async fn begin_length(&mut self, status: u16, lines: &[u8], length: u64) -> io::Result<bool> {
        let framing = if has_body(status) { format!("content-length: {length}\r\n") } else { String::new() };
        let bytes = self.head(status, lines, &framing);
        self.writer.write_all(&bytes).await?;
        Ok(!self.is_head && has_body(status))
    }

    /// Sends the head of a stream. Says whether its pieces are to follow.
    pub async fn begin_stream(&mut self, status: u16, lines: &[u8]) -> io::Result<bool> {
        self.keep &= self.is_modern;
        let framing = if self.is_modern && has_body(status) { "transfer-encoding: chunked\r\n" } else { "" };
        let bytes = self.head(status, lines, framing);
        self.writer.write_all(&bytes).await?;
        Ok(!self.is_head && has_body(status))
    }

    pub async fn piece(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.is_modern {
            return self.writer.write_all(bytes).await;
        }
        let mut framed = format!("{:x}\r\n", bytes.len()).into_bytes();
        framed.extend_from_slice(bytes);
        framed.extend_from_slice(b"\r\n");
        self.writer.write_all(&framed).await
    }

    pub async fn end_stream(&mut self) -> io::Result<()> {
        if self.is_modern {
            self.writer.write_all(b"0\r\n\r\n").await
        } else {
            Ok(())
        }
    }

    fn head(&self, status: u16, lines: &[u8], framing: &str) -> Vec<u8> {
        let connection = if self.keep { "keep-alive" } else { "close" };
        let mut bytes = Vec::with_capacity(lines.len() + 128 + SMALL.min(1024));
        bytes.extend_from_slice(format!("HTTP/1.1 {status} {}\r\n", reason(status)).as_bytes());
        bytes.extend_from_slice(lines);
        bytes.extend_from_slice(framing.as_bytes());
        bytes.extend_from_slice(format!("date: {}\r\nconnection: {connection}\r\n\r\n", date()).as_bytes());
        bytes
    }
}

/// It stays the same for a second.
fn date() -> String {
    thread_local!(static LAST: RefCell<(u64, String)> = const { RefCell::new((0, String::new())) });
    let now = SystemTime::now();
    let second = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    LAST.with_borrow_mut(|last| {
        if last.0 != second {
            *last = (second, httpdate::fmt_http_date(now));
        }
        last.1.clone()
    })
}

fn has_body(status: u16) -> bool {
    status >= 200 && status != 204 && status != 304
}
