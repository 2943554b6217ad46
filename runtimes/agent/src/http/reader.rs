//! Bytes that come in pieces, read by whoever knows how many or up to what.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

const PIECE: usize = 16 * 1024;

pub struct Reader<R> {
    inner: R,
    bytes: Vec<u8>,
    from: usize,
}

impl<R: AsyncRead + Unpin> Reader<R> {
    pub fn new(inner: R) -> Self {
        Reader { inner, bytes: Vec::new(), from: 0 }
    }

    /// What has come and was not taken yet.
    pub fn pending(&self) -> &[u8] {
        &self.bytes[self.from..]
    }

    /// Waits for more; false at the end.
    pub async fn fill(&mut self) -> io::Result<bool> {
        if self.from > 0 {
            self.bytes.drain(..self.from);
            self.from = 0;
        }
        self.bytes.reserve(PIECE);
        Ok(self.inner.read_buf(&mut self.bytes).await? > 0)
    }

    /// Takes what was looked at in `pending`.
    pub fn consume(&mut self, count: usize) {
        self.from += count;
        if self.from == self.bytes.len() {
            self.bytes.clear();
            self.from = 0;
        }
    }

    /// Takes exactly so many bytes onto the end of `target`.
    pub async fn take(&mut self, count: usize, target: &mut Vec<u8>) -> io::Result<()> {
        let ready = count.min(self.pending().len());
        target.extend_from_slice(&self.pending()[..ready]);
        self.consume(ready);
        let mut left = count - ready;
        target.reserve(left.min(1 << 20));
        while left > 0 {
            let read = (&mut self.inner).take(left as u64).read_buf(target).await?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            left -= read;
        }
        Ok(())
    }

    /// Takes a line without its line feed.
    pub async fn line(&mut self, limit: usize) -> io::Result<Vec<u8>> {
        let mut checked = 0;
        loop {
            if let Some(end) = self.pending()[checked..].iter().position(|byte| *byte == b'\n') {
                let line = self.pending()[..checked + end].to_vec();
                self.consume(line.len() + 1);
                return Ok(line);
            }
            checked = self.pending().len();
            if checked > limit {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if !self.fill().await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}
