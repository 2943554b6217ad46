//! The front: listens on the contract's port, and gives each connection to the steps of a call.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::signal::unix::{signal, SignalKind};
use tokio::sync::watch;
use tokio::task::spawn_local;
use tokio::time::timeout;

use crate::call::{discard, handle, Caller, Front, Ids};
use crate::http::head::{find_end, parse, Head, Malformed};
use crate::http::reader::Reader;
use crate::options::Options;
use crate::server::pool::Pool;
use crate::settings::{Environment, Settings};
use crate::standby;

const PORT: u16 = 3000;
const BACKLOG: u32 = 1024;
const DRAIN: Duration = Duration::from_secs(10);
const READY: &str = "HTTP server successfully started!";
const TEXT: &str = "content-type: text/plain; charset=utf-8\r\n";

/// Until SIGTERM.
pub async fn serve(options: Options) -> io::Result<()> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut environment: Environment = std::env::vars_os().collect();
    let awaited = standby::awaited(&mut environment);
    let listener = listen()?;
    let pool = Pool::new(options, environment.clone());
    let mut settings = Settings::from(&environment);
    let booted = pool.boot();
    if let Some(awaited) = awaited {
        booted.await.map_err(io::Error::other)?;
        let message = tokio::select! {
            message = standby::message(awaited) => message,
            _ = terminated.recv() => return Ok(()),
        };
        if message.is_empty() {
            // Nobody wants this container any more, or the function could not be unpacked, which has been said.
            std::process::exit(1);
        }
        environment = standby::environment(&message);
        settings = Settings::from(&environment);
        pool.configure(environment, &message, settings.memory);
    } else {
        pool.configure(environment, b"", settings.memory);
        booted.await.map_err(io::Error::other)?;
    }
    let front = Rc::new(Front { settings, pool: pool.clone(), ids: Ids::new()? });
    let (drain, draining) = watch::channel(false);
    let connections = Rc::new(Cell::new(0usize));
    let warmed = pool.clone();
    spawn_local(async move {
        warmed.warm().await;
        println!("{READY}");
    });
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let (front, draining, open) = (front.clone(), draining.clone(), connections.clone());
                    open.set(open.get() + 1);
                    spawn_local(async move {
                        let _ = connection(&front, stream, draining).await;
                        open.set(open.get() - 1);
                    });
                }
                // Out of descriptors: what is there is served first.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            _ = terminated.recv() => break,
        }
    }
    drop(listener);
    drain.send_replace(true);
    let ended = async {
        while connections.get() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let _ = timeout(DRAIN, ended).await;
    pool.close();
    Ok(())
}

fn listen() -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(([0, 0, 0, 0], PORT).into())?;
    socket.listen(BACKLOG)
}

async fn connection(front: &Front, stream: TcpStream, mut draining: watch::Receiver<bool>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (reader, writer) = stream.into_split();
    let (mut reader, mut caller) = (Reader::new(reader), Caller::new(writer));
    loop {
        let head = tokio::select! {
            biased;
            head = read_head(&mut reader) => head?,
            _ = draining.wait_for(|draining| *draining) => return Ok(()),
        };
        let head = match head {
            None => return Ok(()),
            Some(Ok(head)) => head,
            Some(Err(Malformed(why))) => {
                (caller.keep, caller.is_head) = (false, false);
                caller.answer(400, TEXT.as_bytes(), format!("Malformed request: {why}.").as_bytes()).await?;
                tokio::io::AsyncWriteExt::shutdown(&mut caller.writer).await?;
                return discard(&mut reader).await;
            }
        };
        caller.begin(&head, *draining.borrow());
        handle(front, &mut reader, &mut caller, head).await?;
        if !caller.keep {
            return Ok(());
        }
    }
}

/// `None` when the caller has left between requests, or within a head.
async fn read_head<R: tokio::io::AsyncRead + Unpin>(
    reader: &mut Reader<R>,
) -> io::Result<Option<Result<Head, Malformed>>> {
    let mut checked = 0;
    loop {
        match find_end(reader.pending(), checked) {
            Ok(Some(end)) => {
                let head = parse(&reader.pending()[..end]);
                reader.consume(end);
                return Ok(Some(head));
            }
            Ok(None) => checked = reader.pending().len(),
            Err(malformed) => return Ok(Some(Err(malformed))),
        }
        if !reader.fill().await? {
            return Ok(None);
        }
    }
}
