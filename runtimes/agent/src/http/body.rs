//! Reads the bodies of requests, whole and within a limit.

use std::io;

use tokio::io::AsyncRead;

use super::head::Framing;
use super::reader::Reader;

const MAX_LINE: usize = 4096;
const MAX_TRAILERS: usize = 1000;

#[derive(Debug)]
pub enum BodyError {
    TooLarge,
    Malformed,
    /// The caller has left, or its connection failed.
    Left,
}

impl From<io::Error> for BodyError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::InvalidData {
            BodyError::Malformed
        } else {
            BodyError::Left
        }
    }
}

/// A body of `limit` bytes is the largest that is taken.
pub async fn read<R: AsyncRead + Unpin>(
    reader: &mut Reader<R>,
    framing: Framing,
    limit: usize,
) -> Result<Vec<u8>, BodyError> {
    let mut body = Vec::new();
    match framing {
        Framing::Length(length) if length > limit as u64 => return Err(BodyError::TooLarge),
        Framing::Length(length) => reader.take(length as usize, &mut body).await?,
        Framing::Chunked => {
            while let Some(size) = chunk_size(reader).await? {
                if size > (limit - body.len()) as u64 {
                    return Err(BodyError::TooLarge);
                }
                reader.take(size as usize, &mut body).await?;
                end_chunk(reader).await?;
            }
            skip_trailers(reader).await?;
        }
    }
    Ok(body)
}

/// `None` after the last one.
async fn chunk_size<R: AsyncRead + Unpin>(reader: &mut Reader<R>) -> Result<Option<u64>, BodyError> {
    let line = line(reader).await?;
    let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii_end();
    if digits.is_empty() || digits.len() > 8 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(BodyError::Malformed);
    }
    let size = std::str::from_utf8(digits).ok().and_then(|text| u64::from_str_radix(text, 16).ok());
    Ok(Some(size.ok_or(BodyError::Malformed)?).filter(|size| *size > 0))
}

async fn end_chunk<R: AsyncRead + Unpin>(reader: &mut Reader<R>) -> Result<(), BodyError> {
    while reader.pending().len() < 2 {
        if matches!(reader.pending(), [byte] if *byte != b'\r') {
            return Err(BodyError::Malformed);
        }
        if !reader.fill().await? {
            return Err(BodyError::Left);
        }
    }
    if !reader.pending().starts_with(b"\r\n") {
        return Err(BodyError::Malformed);
    }
    reader.consume(2);
    Ok(())
}

/// They carry nothing that a function sees.
async fn skip_trailers<R: AsyncRead + Unpin>(reader: &mut Reader<R>) -> Result<(), BodyError> {
    for _ in 0..MAX_TRAILERS {
        if line(reader).await?.is_empty() {
            return Ok(());
        }
    }
    Err(BodyError::Malformed)
}

async fn line<R: AsyncRead + Unpin>(reader: &mut Reader<R>) -> Result<Vec<u8>, BodyError> {
    let mut line = reader.line(MAX_LINE).await?;
    if line.pop() != Some(b'\r') || line.contains(&b'\r') {
        return Err(BodyError::Malformed);
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    /// Reads a body whose bytes come in two pieces.
    async fn chunks(text: &[u8], cut: usize, limit: usize) -> Result<Vec<u8>, BodyError> {
        let (mut near, far) = tokio::io::duplex(1024);
        let (first, second) = (text[..cut].to_vec(), text[cut..].to_vec());
        let writing = async move {
            near.write_all(&first).await.unwrap();
            tokio::task::yield_now().await;
            near.write_all(&second).await.unwrap();
        };
        let mut reader = Reader::new(far);
        tokio::join!(writing, read(&mut reader, Framing::Chunked, limit)).1
    }

    #[tokio::test(flavor = "current_thread")]
    async fn chunks_mean_the_same_wherever_they_are_cut() {
        let text = b"3;a=b\r\nabc\r\n00A\r\n\r\n0\r\n\r\n012\r\n0\r\nx-trailer: 1\r\n\r\n";
        for cut in 0..text.len() {
            assert_eq!(chunks(text, cut, 100).await.unwrap(), b"abc\r\n0\r\n\r\n012", "{cut}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn chunks_that_are_none_are_malformed() {
        for text in [
            "zz\r\nab\r\n",
            "-2\r\n",
            "0x2\r\nab",
            "\r\nab",
            "10000000000000002\r\n",
            "2\r\nabc\r\n",
            "2\nab",
            "2\r\nab\n",
        ] {
            let result = chunks(text.as_bytes(), 0, 100).await;
            assert!(matches!(result, Err(BodyError::Malformed)), "{text:?}: {result:?}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_limit_is_the_largest_body() {
        let text = b"2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n";
        assert_eq!(chunks(text, 0, 4).await.unwrap(), b"abcd");
        assert!(matches!(chunks(text, 0, 3).await, Err(BodyError::TooLarge)));
    }
}
