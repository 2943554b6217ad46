//! One process of the server, from its start to its end.

use std::cell::{Cell, RefCell};
use std::io;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use tokio::net::unix::pipe;
use tokio::net::UnixStream;
use tokio::sync::{watch, OnceCell};

use super::cause;
use super::connection::Connection;
use super::hearing::{Hearing, Listeners};
use super::spawn::spawn;
use crate::http::head::Framing;
use crate::logs::CallLog;
use crate::options::Options;
use crate::settings::Environment;

const FIRST_LOOK: Duration = Duration::from_millis(1);
const LAST_LOOK: Duration = Duration::from_millis(20);
/// What was written before a process ended has been read by then.
const LAST_WORDS: Duration = Duration::from_millis(20);

pub struct Process {
    id: i32,
    socket: Option<PathBuf>,
    idle: RefCell<Vec<Connection>>,
    pub listeners: Rc<RefCell<Listeners>>,
    records: Rc<Hearing>,
    output: Rc<Hearing>,
    /// Why it has ended, once it has.
    ended: watch::Receiver<Option<String>>,
    /// Why the front has ended it, if it has.
    reason: Rc<RefCell<Option<String>>>,
    /// The function's environment, if the process was started before that was known.
    pub message: RefCell<Vec<u8>>,
    loaded: OnceCell<bool>,
    /// What was logged while the function was loaded.
    pub load_log: CallLog,
    /// The function could not be loaded.
    pub failed: Cell<bool>,
    /// A call's time is over, and it has given no sign of life yet: no other call goes to it.
    pub suspected: Cell<bool>,
    /// The front has ended it, though it may not have noticed yet.
    pub doomed: Cell<bool>,
}

impl Process {
    pub fn start(options: &Options, environment: &Environment, memory: Option<u64>) -> io::Result<Rc<Process>> {
        thread_local!(static COUNT: Cell<u32> = const { Cell::new(0) });
        let number = COUNT.replace(COUNT.get() + 1);
        let socket = PathBuf::from(format!("/tmp/open-runtimes-{}-{number}.sock", std::process::id()));
        let kills = cause::memory_kills();
        let mut spawned = spawn(options, environment, &socket)?;
        let id = spawned.child.id().unwrap_or(0) as i32;
        let load_log = CallLog::new(String::new());
        let listeners = Rc::new(RefCell::new(Listeners { current: Some(load_log.clone()), ..Listeners::default() }));
        let (tell, ended) = watch::channel(None);
        let reason: Rc<RefCell<Option<String>>> = Rc::default();
        let (given, path) = (reason.clone(), socket.clone());
        tokio::task::spawn_local(async move {
            let status = spawned.child.wait().await;
            // What it has left behind.
            unsafe { libc::kill(-id, libc::SIGKILL) };
            let _ = std::fs::remove_file(path);
            let cause = match (given.borrow_mut().take(), status) {
                (Some(reason), _) => reason,
                (None, Ok(status)) => cause::describe(status, kills, memory),
                (None, Err(error)) => error.to_string(),
            };
            tell.send_replace(Some(cause));
        });
        let mut idle = Vec::new();
        let is_socket = spawned.pipes.is_none();
        if let Some((requests, answers)) = spawned.pipes {
            let (requests, answers) = (pipe::Sender::from_owned_fd(requests)?, pipe::Receiver::from_owned_fd(answers)?);
            idle.push(Connection::new(Box::new(answers), Box::new(requests)));
        }
        Ok(Rc::new(Process {
            id,
            socket: is_socket.then_some(socket),
            idle: RefCell::new(idle),
            records: Hearing::of_records(spawned.records, listeners.clone())?,
            output: Hearing::of_output(spawned.output, listeners.clone())?,
            listeners,
            ended,
            reason,
            message: RefCell::default(),
            loaded: OnceCell::new(),
            load_log,
            failed: Cell::default(),
            suspected: Cell::default(),
            doomed: Cell::default(),
        }))
    }

    /// A way to it that nobody else uses. Fails with the cause when it ends before there is one.
    pub async fn connect(&self) -> Result<Connection, String> {
        if let Some(connection) = self.idle.borrow_mut().pop() {
            return Ok(connection);
        }
        self.open().await
    }

    /// A new connection to it.
    pub async fn open(&self) -> Result<Connection, String> {
        let Some(path) = &self.socket else { return Err("The process has no way left.".to_string()) };
        let mut pause = FIRST_LOOK;
        loop {
            if let Ok(stream) = UnixStream::connect(path).await {
                let (reader, writer) = stream.into_split();
                return Ok(Connection::new(Box::new(reader), Box::new(writer)));
            }
            tokio::select! {
                cause = self.ended() => return Err(cause),
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(LAST_LOOK),
            }
        }
    }

    pub fn release(&self, connection: Connection) {
        self.idle.borrow_mut().push(connection);
    }

    /// Has the function loaded, unless it is; says whether it is, or why the process ended meanwhile.
    pub async fn load(&self, connection: &mut Connection) -> Result<bool, String> {
        let loaded = self.loaded.get_or_try_init(|| async {
            let body = self.message.take();
            let head =
                format!("POST / HTTP/1.1\r\nx-open-runtimes-control: load\r\ncontent-length: {}\r\n\r\n", body.len());
            let answer = tokio::select! {
                biased;
                answer = connection.exchange(head.into_bytes(), &body) => answer,
                cause = self.last_words() => return Err(cause),
            };
            let loaded = match answer {
                Ok(answer) => {
                    if let Framing::Length(length @ 1..) = answer.framing {
                        let _ = connection.reader.take(length as usize, &mut Vec::new()).await;
                    }
                    answer.status == "200"
                }
                Err(_) => return Err(self.last_words().await),
            };
            self.hear();
            self.listeners.borrow_mut().current = None;
            self.failed.set(!loaded);
            Ok(loaded)
        });
        loaded.await.copied()
    }

    /// What a call is told that it cannot take because of this.
    pub fn explain(&self, cause: &str) -> String {
        if self.was_loaded() {
            return cause.to_string();
        }
        format!("Failed to load module: {}{cause}", self.load_log.kept())
    }

    pub fn was_loaded(&self) -> bool {
        self.loaded.get() == Some(&true)
    }

    /// Reads what has been logged and printed until now.
    pub fn hear(&self) {
        self.records.drain();
        self.output.drain();
    }

    pub fn is_usable(&self) -> bool {
        !self.has_ended() && !self.doomed.get()
    }

    fn has_ended(&self) -> bool {
        self.ended.borrow().is_some()
    }

    /// Comes back with the cause when it has ended.
    pub async fn ended(&self) -> String {
        let mut ended = self.ended.clone();
        let cause = ended.wait_for(Option::is_some).await.map(|cause| cause.clone());
        cause.ok().flatten().unwrap_or_default()
    }

    /// The same, when there is nothing more to be read of it.
    pub async fn last_words(&self) -> String {
        let cause = self.ended().await;
        tokio::time::sleep(LAST_WORDS).await;
        self.hear();
        cause
    }

    /// Ends it and all that it has started. `reason` is what its calls are told.
    pub fn end(&self, reason: Option<&str>) {
        self.doomed.set(true);
        if !self.has_ended() {
            *self.reason.borrow_mut() = reason.map(str::to_string);
            unsafe { libc::kill(-self.id, libc::SIGKILL) };
        }
    }

    pub fn terminate(&self) {
        if !self.has_ended() {
            unsafe { libc::kill(self.id, libc::SIGTERM) };
        }
    }
}
