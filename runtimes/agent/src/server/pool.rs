//! The processes of the server: which one takes a call, when there are more of them, and when one is replaced.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{sleep, Instant};

use super::connection::Connection;
use super::process::Process;
use crate::options::{Options, Reach};
use crate::settings::Environment;

/// A call that has waited as long for a process gets one of its own.
const PATIENCE: Duration = Duration::from_millis(3);
const IDLE: Duration = Duration::from_secs(30);
const MIN_PROCESSES: u64 = 1;
const MAX_PROCESSES: u64 = 64;
const DEFAULT_MEMORY: u64 = 512;
/// How long the next start waits when so many processes have ended before they could take a call.
const BACK_OFF: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(10),
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_secs(1),
];

pub struct Lease {
    pub process: Rc<Process>,
    pub connection: Connection,
}

pub struct Pool {
    options: Options,
    environment: RefCell<Environment>,
    memory: Cell<Option<u64>>,
    all: RefCell<Vec<Rc<Process>>>,
    /// Those that take one call at a time and have none, the last used last.
    idle: RefCell<Vec<(Instant, Rc<Process>)>>,
    waiting: RefCell<VecDeque<oneshot::Sender<Rc<Process>>>>,
    starting: Cell<usize>,
    failures: Cell<usize>,
    closed: Cell<bool>,
}

impl Pool {
    pub fn new(options: Options, environment: Environment) -> Rc<Pool> {
        let pool = Rc::new(Pool {
            options,
            environment: RefCell::new(environment),
            memory: Cell::default(),
            all: RefCell::default(),
            idle: RefCell::default(),
            waiting: RefCell::default(),
            starting: Cell::default(),
            failures: Cell::default(),
            closed: Cell::default(),
        });
        tokio::task::spawn_local(shrink(pool.clone()));
        pool
    }

    /// What is known of the function when the first process was started without it.
    pub fn configure(&self, environment: Environment, message: &[u8], memory: Option<u64>) {
        self.memory.set(memory);
        *self.environment.borrow_mut() = environment;
        for process in self.all.borrow().iter() {
            *process.message.borrow_mut() = message.to_vec();
        }
    }

    pub fn reach(&self) -> Reach {
        self.options.reach
    }

    fn is_pipes(&self) -> bool {
        self.options.reach == Reach::Pipes
    }

    fn max(&self) -> usize {
        if !self.is_pipes() {
            return 1;
        }
        let memory = self.memory.get().unwrap_or(DEFAULT_MEMORY);
        (memory / self.options.process_memory).clamp(MIN_PROCESSES, MAX_PROCESSES) as usize
    }

    /// Starts the first process.
    pub async fn boot(self: &Rc<Self>) -> Result<(), String> {
        let process = self.start().await?;
        self.hand_over(process);
        Ok(())
    }

    /// Has the function loaded before there is a call. If that fails, the first call is told.
    pub async fn warm(self: &Rc<Self>) {
        let Ok(mut lease) = self.lease().await else { return };
        let loaded = lease.process.load(&mut lease.connection).await;
        self.give_back(lease, loaded.is_ok());
    }

    /// Waits for a process that can take a call. Fails with the cause when the one that was to take it has ended.
    pub async fn lease(self: &Rc<Self>) -> Result<Lease, String> {
        let process = if self.is_pipes() { self.exclusive().await? } else { self.shared().await? };
        match process.connect().await {
            Ok(connection) => Ok(Lease { process, connection }),
            Err(cause) => Err(process.explain(&cause)),
        }
    }

    async fn exclusive(self: &Rc<Self>) -> Result<Rc<Process>, String> {
        let cpus = std::thread::available_parallelism().map_or(1, usize::from);
        let mut has_waited = false;
        loop {
            while let Some((_, process)) = self.idle.borrow_mut().pop() {
                if process.is_usable() {
                    return Ok(process);
                }
            }
            let count = self.all.borrow().len() + self.starting.get();
            if count < self.max() && (has_waited || count < cpus) {
                return self.start().await;
            }
            let (tell, told) = oneshot::channel();
            self.waiting.borrow_mut().push_back(tell);
            let patience = if count < self.max() { PATIENCE } else { Duration::from_secs(1) };
            match tokio::time::timeout(patience, told).await {
                Ok(Ok(process)) => return Ok(process),
                _ => has_waited = true,
            }
        }
    }

    async fn shared(self: &Rc<Self>) -> Result<Rc<Process>, String> {
        loop {
            let usable = self.all.borrow().iter().find(|process| process.is_usable()).cloned();
            match usable {
                // One that could not load is asked once more what it was; then there is another.
                Some(process) if !process.suspected.get() => return Ok(process),
                None if self.starting.get() == 0 => return self.start().await,
                _ => sleep(Duration::from_millis(1)).await,
            }
        }
    }

    async fn start(self: &Rc<Self>) -> Result<Rc<Process>, String> {
        self.starting.set(self.starting.get() + 1);
        sleep(BACK_OFF[self.failures.get().min(BACK_OFF.len() - 1)]).await;
        let started = Process::start(&self.options, &self.environment.borrow(), self.memory.get());
        self.starting.set(self.starting.get() - 1);
        let process = match started {
            Ok(process) => process,
            Err(error) => {
                eprintln!("The server cannot be started: {error}");
                std::process::exit(1)
            }
        };
        self.all.borrow_mut().push(process.clone());
        let (pool, watched) = (self.clone(), process.clone());
        tokio::task::spawn_local(async move {
            let cause = watched.ended().await;
            pool.forget(&watched, &cause).await;
        });
        Ok(process)
    }

    /// One that has served is replaced at once; what does not even load is tried again by the next call.
    async fn forget(self: &Rc<Self>, ended: &Rc<Process>, cause: &str) {
        self.all.borrow_mut().retain(|process| !Rc::ptr_eq(process, ended));
        self.idle.borrow_mut().retain(|(_, process)| !Rc::ptr_eq(process, ended));
        if self.closed.get() {
            return;
        }
        if !ended.doomed.get() {
            eprintln!("{}", ended.explain(cause));
        }
        let has_served = ended.was_loaded();
        self.failures.set(if has_served || ended.failed.get() { 0 } else { self.failures.get() + 1 });
        if has_served && self.all.borrow().is_empty() && self.starting.get() == 0 {
            if let Ok(process) = self.start().await {
                self.hand_over(process);
                self.warm().await;
            }
        }
    }

    /// `good`: the next message can follow on this connection.
    pub fn give_back(self: &Rc<Self>, lease: Lease, good: bool) {
        let Lease { process, connection } = lease;
        if good {
            process.release(connection);
        } else if self.is_pipes() {
            process.end(None);
            return;
        }
        self.hand_over(process);
    }

    /// After a load that failed has been told, there is to be another process.
    pub fn replace(self: &Rc<Self>, process: &Rc<Process>) {
        process.end(None);
        self.all.borrow_mut().retain(|known| !Rc::ptr_eq(known, process));
    }

    fn hand_over(&self, mut process: Rc<Process>) {
        if !self.is_pipes() || !process.is_usable() {
            return;
        }
        while let Some(waiting) = self.waiting.borrow_mut().pop_front() {
            match waiting.send(process) {
                Ok(()) => return,
                Err(back) => process = back,
            }
        }
        self.idle.borrow_mut().push((Instant::now(), process));
    }

    pub fn close(&self) {
        self.closed.set(true);
        for process in self.all.borrow().iter() {
            process.terminate();
        }
    }
}

/// Ends processes that nobody has needed for a while, all but one.
async fn shrink(pool: Rc<Pool>) {
    while !pool.closed.get() {
        sleep(IDLE / 3).await;
        let mut idle = pool.idle.borrow_mut();
        while idle.len() > 1 && idle[0].0.elapsed() > IDLE {
            let (_, process) = idle.remove(0);
            process.end(None);
        }
    }
}
