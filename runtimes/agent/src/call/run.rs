//! One call of the function: given to a process of the server, within its time, and answered whatever becomes of it.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{sleep_until, timeout, Instant};

use super::body::{pass_on, Passed};
use super::caller::Caller;
use super::judge::{failed, judge, Judged};
use super::request;
use super::Front;
use crate::http::head::{Framing, Head};
use crate::http::reader::Reader;
use crate::logs::{CallLog, Kind};
use crate::options::Reach;
use crate::server::answer::Answer;
use crate::server::pool::{Lease, Pool};
use crate::server::process::Process;

const TIMED_OUT: &str = "Execution timed out.";
const BROKEN: &str = "The function's process has broken off the call.";
const BLOCKED: &str = "The function's process was replaced, since another call has blocked it beyond its time limit.";
/// A process that has not answered by then is blocked.
const SIGN_OF_LIFE: Duration = Duration::from_millis(250);

pub struct Call {
    pub head: Head,
    pub body: Vec<u8>,
    /// In seconds.
    pub timeout: Option<u64>,
    pub log: CallLog,
}

enum Outcome {
    Answered(Answer),
    TimedOut,
    /// With the cause.
    Ended(String),
}

pub async fn run<R, W>(front: &Front, reader: &mut Reader<R>, caller: &mut Caller<W>, call: Call) -> io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    // 6. Create the context
    let log = call.log.clone();
    let name = front.ids.next();
    let message = request::head(&call.head, &front.settings, &name, call.body.len());

    // 7. Load the function
    let (lease, why) = loaded(front, &log).await;
    let Some(mut lease) = lease else {
        if let Some(why) = why {
            log.write(Kind::Error, why.as_bytes());
        }
        return answer_failed(caller, &log, 503).await;
    };

    // 8. Run the function
    let process = lease.process.clone();
    listen(&process, front.pool.reach(), &name, &log);
    let deadline = call.timeout.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let outcome = tokio::select! {
        biased;
        answer = lease.connection.exchange(message, &call.body) => match answer {
            Ok(answer) => Outcome::Answered(answer),
            Err(_) => Outcome::Ended(broken(&process).await),
        },
        cause = process.last_words() => Outcome::Ended(cause),
        () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => Outcome::TimedOut,
    };
    process.hear();

    // 9. Check the output
    let good = match outcome {
        Outcome::Answered(answer) => {
            // 10. Flush the logs
            // 11. Write the response
            let passed = answered(reader, caller, &mut lease, &answer, &log).await;
            process.hear();
            log.close();
            unlisten(&process, &name);
            match passed {
                Ok(Passed::Whole) => true,
                other => {
                    front.pool.give_back(lease, false);
                    return other.and(Err(io::ErrorKind::ConnectionAborted.into()));
                }
            }
        }
        Outcome::TimedOut => {
            log.write(Kind::Error, TIMED_OUT.as_bytes());
            log.close();
            unlisten(&process, &name);
            time_out(&front.pool, lease, &name);
            return answer_failed(caller, &log, 500).await;
        }
        Outcome::Ended(cause) => {
            log.write(Kind::Error, cause.as_bytes());
            log.close();
            unlisten(&process, &name);
            front.pool.give_back(lease, false);
            return answer_failed(caller, &log, 500).await;
        }
    };
    front.pool.give_back(lease, good);
    Ok(())
}

/// A process in which the function is loaded, or why there is none, unless that is in the log already.
async fn loaded(front: &Front, log: &CallLog) -> (Option<Lease>, Option<String>) {
    let mut lease = match front.pool.lease().await {
        Ok(lease) => lease,
        Err(cause) => return (None, Some(cause)),
    };
    let loaded = lease.process.load(&mut lease.connection).await;
    let process = lease.process.clone();
    match loaded {
        Ok(true) => {
            log.take_over(&process.load_log);
            (Some(lease), None)
        }
        Ok(false) => {
            log.copy(&process.load_log);
            front.pool.replace(&process);
            (None, None)
        }
        Err(cause) => {
            front.pool.give_back(lease, false);
            (None, Some(process.explain(&cause)))
        }
    }
}

/// From now on, what this process logs under this name is this call's.
fn listen(process: &Process, reach: Reach, name: &str, log: &CallLog) {
    let mut listeners = process.listeners.borrow_mut();
    listeners.calls.insert(name.to_string(), log.clone());
    if reach == Reach::Pipes {
        listeners.current = Some(log.clone());
    }
}

fn unlisten(process: &Process, name: &str) {
    let mut listeners = process.listeners.borrow_mut();
    listeners.calls.remove(name);
    listeners.current = None;
}

async fn broken(process: &Rc<Process>) -> String {
    match timeout(SIGN_OF_LIFE, process.last_words()).await {
        Ok(cause) => cause,
        Err(_) => BROKEN.to_string(),
    }
}

async fn answered<R: AsyncRead + Unpin, W: AsyncWrite + Unpin>(
    reader: &mut Reader<R>,
    caller: &mut Caller<W>,
    lease: &mut Lease,
    answer: &Answer,
    log: &CallLog,
) -> io::Result<Passed> {
    let judged = if answer.failure.is_empty() { judge(answer) } else { Ok(failed(500)) };
    match judged {
        Ok(judged) => pass_on(reader, caller, lease, answer.framing, with_log_id(judged, &log.id), log).await,
        Err(why) => {
            log.write(Kind::Error, why.as_bytes());
            let passed = match answer.framing {
                Framing::Length(length) => {
                    lease.connection.reader.take(length as usize, &mut Vec::new()).await?;
                    Passed::Whole
                }
                Framing::Chunked => Passed::Cut,
            };
            answer_failed(caller, log, 500).await?;
            Ok(passed)
        }
    }
}

async fn answer_failed<W: AsyncWrite + Unpin>(caller: &mut Caller<W>, log: &CallLog, status: u16) -> io::Result<()> {
    log.close();
    let Judged { lines, .. } = with_log_id(failed(status), &log.id);
    caller.answer(status, &lines, b"").await
}

fn with_log_id(mut judged: Judged, id: &str) -> Judged {
    judged.lines.extend_from_slice(format!("x-open-runtimes-log-id: {id}\r\n").as_bytes());
    judged
}

/// A process with one call at a time is replaced; one with many is, if it gives no sign of life.
fn time_out(pool: &Rc<Pool>, lease: Lease, name: &str) {
    if pool.reach() == Reach::Pipes {
        pool.give_back(lease, false);
        return;
    }
    let process = lease.process.clone();
    process.suspected.set(true);
    let message = format!("GET / HTTP/1.1\r\nx-open-runtimes-control: alive\r\nx-open-runtimes-call: {name}\r\n\r\n");
    tokio::task::spawn_local(async move {
        let asking = async {
            let mut connection = process.open().await.ok()?;
            connection.exchange(message.into_bytes(), b"").await.ok()
        };
        if !matches!(timeout(SIGN_OF_LIFE, asking).await, Ok(Some(_))) {
            process.end(Some(BLOCKED));
        }
        process.suspected.set(false);
    });
}
