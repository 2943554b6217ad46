//! Passes the body of an answer on to the caller, at the pace at which that takes it.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use super::caller::Caller;
use super::judge::Judged;
use crate::http::head::Framing;
use crate::http::reader::Reader;
use crate::logs::CallLog;
use crate::server::answer;
use crate::server::pool::Lease;

/// Larger bodies are passed on in pieces.
const WHOLE: u64 = 1 << 20;
const PIECE: u64 = 64 * 1024;
/// How long the rest of an answer is read that nobody wants any more; then its process or connection is given up.
const REST: Duration = Duration::from_millis(250);

#[derive(PartialEq, Eq, Debug)]
pub enum Passed {
    Whole,
    /// What is left of it makes the way to the process useless, and the caller has not got all of it.
    Cut,
}

/// `reader`: on which the caller is heard to leave.
pub async fn pass_on<R: AsyncRead + Unpin, W: AsyncWrite + Unpin>(
    reader: &mut Reader<R>,
    caller: &mut Caller<W>,
    lease: &mut Lease,
    framing: Framing,
    judged: Judged,
    log: &CallLog,
) -> io::Result<Passed> {
    let Judged { status, lines } = judged;
    match framing {
        Framing::Length(length) if length <= WHOLE => {
            let mut body = Vec::new();
            if lease.connection.reader.take(length as usize, &mut body).await.is_err() {
                return Ok(Passed::Cut);
            }
            lease.process.hear();
            log.close();
            // Whatever becomes of the caller: the server has said all.
            let _ = caller.answer(status, &lines, &body).await.map_err(|_| caller.keep = false);
            Ok(Passed::Whole)
        }
        Framing::Length(length) => {
            log.close();
            let begun = caller.begin_length(status, &lines, length).await;
            let mut wanted = matches!(begun, Ok(true));
            caller.keep &= begun.is_ok();
            let mut left = length;
            while left > 0 {
                let mut piece = Vec::new();
                let size = left.min(PIECE);
                if lease.connection.reader.take(size as usize, &mut piece).await.is_err() {
                    return Ok(Passed::Cut);
                }
                left -= size;
                if wanted && tokio::io::AsyncWriteExt::write_all(&mut caller.writer, &piece).await.is_err() {
                    (wanted, caller.keep) = (false, false);
                }
            }
            Ok(Passed::Whole)
        }
        Framing::Chunked => stream(reader, caller, lease, Judged { status, lines }, log).await,
    }
}

async fn stream<R: AsyncRead + Unpin, W: AsyncWrite + Unpin>(
    reader: &mut Reader<R>,
    caller: &mut Caller<W>,
    lease: &mut Lease,
    judged: Judged,
    log: &CallLog,
) -> io::Result<Passed> {
    let wanted = caller.begin_stream(judged.status, &judged.lines).await;
    if matches!(wanted, Ok(true)) {
        let passed = tokio::select! {
            biased;
            passed = pieces(caller, lease, log) => passed,
            () = left(reader) => Err(io::ErrorKind::ConnectionAborted.into()),
        };
        match passed {
            Ok(Some(())) => return Ok(Passed::Whole),
            Ok(None) => return Ok(Passed::Cut),
            Err(_) => {}
        }
    }
    // Nobody wants the rest.
    let nobody = &mut Caller::new(tokio::io::sink());
    let rest = timeout(REST, pieces(nobody, lease, log)).await;
    let whole = matches!(rest, Ok(Ok(Some(()))));
    match wanted {
        // What was asked for has been sent, so the caller may go on; the process may not be able to.
        Ok(false) if whole => Ok(Passed::Whole),
        _ => Ok(Passed::Cut),
    }
}

/// Comes back when the caller has closed its side: whoever reads a stream keeps it open.
async fn left<R: AsyncRead + Unpin>(reader: &mut Reader<R>) {
    // What has come meanwhile is another request, behind which nothing is looked for.
    if reader.pending().is_empty() && !matches!(reader.fill().await, Ok(true)) {
        return;
    }
    std::future::pending().await
}

/// Until the end: `None` if the stream has failed.
async fn pieces<W: AsyncWrite + Unpin>(
    caller: &mut Caller<W>,
    lease: &mut Lease,
    log: &CallLog,
) -> io::Result<Option<()>> {
    loop {
        let Ok(size) = answer::piece(&mut lease.connection.reader).await else { return Ok(None) };
        let Some(size) = size else { return Ok(None) };
        if size == 0 {
            lease.process.hear();
            log.close();
            caller.end_stream().await?;
            return Ok(Some(()));
        }
        let mut bytes = Vec::new();
        if lease.connection.reader.take(size as usize, &mut bytes).await.is_err() {
            return Ok(None);
        }
        if lease.connection.reader.line(2).await.is_err() {
            return Ok(None);
        }
        caller.piece(&bytes).await?;
    }
}
