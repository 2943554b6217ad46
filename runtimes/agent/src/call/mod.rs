//! One request, taken through the steps of the contract.

mod body;
mod caller;
mod judge;
mod request;
mod run;

use std::cell::Cell;
use std::io;
use std::rc::Rc;

use tokio::io::{AsyncRead, AsyncWrite};

pub use caller::Caller;

use crate::http::body::{self as incoming, BodyError};
use crate::http::head::{Framing, Head};
use crate::http::reader::Reader;
use crate::logs::{self, CallLog};
use crate::server::pool::Pool;
use crate::settings::Settings;

const MAX_BODY: usize = 20 * 1024 * 1024;
const TIMINGS: &str = "/mnt/telemetry/timings.txt";
const TEXT: &str = "content-type: text/plain; charset=utf-8\r\n";
const JSON: &str = "content-type: application/json; charset=utf-8\r\n";
const UNAUTHORIZED: &str = "Unauthorized. Provide correct \"x-open-runtimes-secret\" header.";
const BAD_TIMEOUT: &str = "Header \"x-open-runtimes-timeout\" must be an integer greater than 0.";
const BODY_TOO_LARGE: &str = "Request body size exceeds 20MB limit.";
const MALFORMED: &str = "Malformed request: its chunks are none.";
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

pub struct Front {
    pub settings: Settings,
    pub pool: Rc<Pool>,
    pub ids: Ids,
}

/// Answers one request. An error means that the connection cannot be used any more.
pub async fn handle<R, W>(front: &Front, reader: &mut Reader<R>, caller: &mut Caller<W>, head: Head) -> io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let settings = &front.settings;
    let path = head.path();
    let mut refusal = None;

    // 1. Probe
    if path == b"/__opr/health" {
        refusal = Some((200, TEXT.to_string(), "OK".to_string()));
    } else if path == b"/__opr/timings" {
        let timings = std::fs::read(TIMINGS).unwrap_or_default();
        refusal = Some((200, TEXT.to_string(), String::from_utf8_lossy(&timings).into_owned()));
    }

    // 2. Authorize
    if refusal.is_none() && !same(&settings.secret, head.find("x-open-runtimes-secret").unwrap_or_default()) {
        refusal = Some((401, with_log_id(TEXT, ""), UNAUTHORIZED.to_string()));
    }
    let collected = path.strip_prefix(b"/__opr/logs/").filter(|_| head.method == "GET" && refusal.is_none());
    if let Some(id) = collected {
        refusal = Some((200, JSON.to_string(), logs::collect(id)));
    }

    // 3. Read the timeout
    let timeout = head.find("x-open-runtimes-timeout").map(seconds);
    if refusal.is_none() && timeout == Some(None) {
        refusal = Some((500, with_log_id(TEXT, ""), BAD_TIMEOUT.to_string()));
    }
    if let Some((status, lines, text)) = refusal {
        return refuse(reader, caller, &head, Refusal { status, lines, text }).await;
    }

    // 4. Open the logger
    let logging = head.find("x-open-runtimes-logging").unwrap_or_default();
    let id = match head.find("x-open-runtimes-log-id") {
        _ if !logging.is_empty() && logging != b"enabled" => String::new(),
        Some(id) if logs::is_id(id) => String::from_utf8_lossy(id).into_owned(),
        _ if settings.development => "dev".to_string(),
        _ => front.ids.next(),
    };

    // 5. Read the body
    let fits = !matches!(head.framing, Framing::Length(length) if length > MAX_BODY as u64);
    if head.expects_continue && fits {
        tokio::io::AsyncWriteExt::write_all(&mut caller.writer, CONTINUE).await?;
    }
    let body = match incoming::read(reader, head.framing, MAX_BODY).await {
        Ok(body) => body,
        Err(BodyError::Left) => return Err(io::ErrorKind::UnexpectedEof.into()),
        Err(BodyError::TooLarge) => {
            caller.keep = false;
            caller.answer(413, with_log_id(TEXT, &id).as_bytes(), BODY_TOO_LARGE.as_bytes()).await?;
            return discard(reader).await;
        }
        Err(BodyError::Malformed) => {
            caller.keep = false;
            caller.answer(400, TEXT.as_bytes(), MALFORMED.as_bytes()).await?;
            return discard(reader).await;
        }
    };

    // 6 to 11: with the server
    let call = run::Call { head, body, timeout: timeout.flatten(), log: CallLog::new(id) };
    run::run(front, reader, caller, call).await
}

struct Refusal {
    status: u16,
    lines: String,
    text: String,
}

/// Answers without having read the body. The connection goes on behind it only where that is easily found.
async fn refuse<R, W>(reader: &mut Reader<R>, caller: &mut Caller<W>, head: &Head, refusal: Refusal) -> io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let has_come = matches!(head.framing, Framing::Length(length) if length <= reader.pending().len() as u64);
    caller.keep &= has_come;
    caller.answer(refusal.status, refusal.lines.as_bytes(), refusal.text.as_bytes()).await?;
    match head.framing {
        Framing::Length(length) if has_come => reader.consume(length as usize),
        _ => return discard(reader).await,
    }
    Ok(())
}

/// Closing with unread bytes makes the kernel throw away the answer as well, so what the caller still sends is read.
pub async fn discard<R: AsyncRead + Unpin>(reader: &mut Reader<R>) -> io::Result<()> {
    let mut left = 2 * MAX_BODY;
    let reading = async {
        loop {
            let read = reader.pending().len();
            reader.consume(read);
            left = left.saturating_sub(read);
            if left == 0 || !reader.fill().await? {
                return Ok(());
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(2), reading).await.unwrap_or(Ok(()))
}

fn with_log_id(lines: &str, id: &str) -> String {
    format!("{lines}x-open-runtimes-log-id: {id}\r\n")
}

/// Takes the same time wherever the two differ.
fn same(expected: &[u8], given: &[u8]) -> bool {
    if expected.is_empty() {
        return true;
    }
    let mut difference = expected.len() ^ given.len();
    for (at, byte) in given.iter().enumerate() {
        difference |= usize::from(byte ^ expected[at % expected.len()]);
    }
    std::hint::black_box(difference) == 0
}

fn seconds(text: &[u8]) -> Option<u64> {
    let digits = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(text).ok().filter(|_| digits)?;
    // More than fit are as good as for ever.
    Some(text.parse().unwrap_or(u64::from(u32::MAX)))
        .filter(|seconds| *seconds > 0)
        .map(|seconds| seconds.min(u64::from(u32::MAX)))
}

/// Ids of calls: a random part of this process, and a counter.
pub struct Ids {
    process: String,
    count: Cell<u32>,
}

impl Ids {
    pub fn new() -> io::Result<Ids> {
        let mut random = [0u8; 8];
        io::Read::read_exact(&mut std::fs::File::open("/dev/urandom")?, &mut random[2..])?;
        Ok(Ids { process: format!("{:012x}", u64::from_be_bytes(random)), count: Cell::default() })
    }

    pub fn next(&self) -> String {
        self.count.set(self.count.get().wrapping_add(1));
        format!("{}{:08x}", self.process, self.count.get())
    }
}
