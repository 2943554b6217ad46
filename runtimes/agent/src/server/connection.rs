//! One way to a process of the server: a pair of pipes, or a connection to its socket. One message at a time.

use std::io;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use super::answer::{self, Answer};
use crate::http::reader::Reader;

/// Up to this size, a body goes into one write with its head.
const SMALL: usize = 16 * 1024;

pub struct Connection {
    pub reader: Reader<Box<dyn AsyncRead + Unpin>>,
    writer: Box<dyn AsyncWrite + Unpin>,
}

impl Connection {
    pub fn new(reader: Box<dyn AsyncRead + Unpin>, writer: Box<dyn AsyncWrite + Unpin>) -> Self {
        Connection { reader: Reader::new(reader), writer }
    }

    /// Sends a message, and reads the head of its answer.
    pub async fn exchange(&mut self, mut head: Vec<u8>, body: &[u8]) -> io::Result<Answer> {
        if body.len() <= SMALL {
            head.extend_from_slice(body);
            self.writer.write_all(&head).await?;
        } else {
            self.writer.write_all(&head).await?;
            self.writer.write_all(body).await?;
        }
        answer::read(&mut self.reader).await
    }
}
