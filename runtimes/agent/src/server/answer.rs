//! Heads of answers, as the inner contract has them.

use std::io;

use tokio::io::AsyncRead;

use crate::http::head::Framing;
use crate::http::reader::Reader;

const MAX_LINE: usize = 1 << 20;
const MAX_FIELDS: usize = 10_000;

pub struct Answer {
    /// JSON text, or whatever else was in its place.
    pub status: String,
    /// `load` or `error`; empty for what a function has returned.
    pub failure: &'static str,
    pub framing: Framing,
    /// As the function set them.
    pub fields: Vec<(Vec<u8>, Vec<u8>)>,
}

pub async fn read<R: AsyncRead + Unpin>(reader: &mut Reader<R>) -> io::Result<Answer> {
    let first = line(reader).await?;
    let text = String::from_utf8_lossy(&first);
    let said = text.strip_prefix("HTTP/1.1 ").ok_or(io::ErrorKind::InvalidData)?;
    let failure = ["load", "error"].into_iter().find(|word| said.ends_with(&format!(" {word}"))).unwrap_or_default();
    let status = said.strip_suffix(failure).unwrap_or(said).trim_end();
    let status = String::from_utf8_lossy(&unescape(status.as_bytes())).into_owned();
    let framing = framing(&line(reader).await?)?;
    let mut fields = Vec::new();
    loop {
        let line = line(reader).await?;
        if line.is_empty() {
            return Ok(Answer { status, failure, framing, fields });
        }
        let colon = line.iter().position(|byte| *byte == b':').ok_or(io::ErrorKind::InvalidData)?;
        let value = line[colon + 1..].strip_prefix(b" ").unwrap_or(&line[colon + 1..]);
        if fields.len() == MAX_FIELDS {
            return Err(io::ErrorKind::InvalidData.into());
        }
        fields.push((unescape(&line[..colon]), unescape(value)));
    }
}

/// The size of a stream's next piece; 0 at its end, `None` where it has failed.
pub async fn piece<R: AsyncRead + Unpin>(reader: &mut Reader<R>) -> io::Result<Option<u64>> {
    let line = line(reader).await?;
    if line == b"failed" {
        return Ok(None);
    }
    let text = std::str::from_utf8(&line).map_err(|_| io::ErrorKind::InvalidData)?;
    let size = u64::from_str_radix(text, 16).map_err(|_| io::ErrorKind::InvalidData)?;
    if size == 0 && !self::line(reader).await?.is_empty() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(Some(size))
}

async fn line<R: AsyncRead + Unpin>(reader: &mut Reader<R>) -> io::Result<Vec<u8>> {
    let mut line = reader.line(MAX_LINE).await?;
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(line)
}

fn framing(line: &[u8]) -> io::Result<Framing> {
    if line == b"transfer-encoding: chunked" {
        return Ok(Framing::Chunked);
    }
    let text = std::str::from_utf8(line).ok().and_then(|line| line.strip_prefix("content-length: ")?.parse().ok());
    Ok(Framing::Length(text.ok_or(io::ErrorKind::InvalidData)?))
}

/// `%` and two hexadecimal digits are a byte.
pub fn unescape(text: &[u8]) -> Vec<u8> {
    if !text.contains(&b'%') {
        return text.to_vec();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let digits = text.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.filter(|_| text[at] == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(text[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_comes_back() {
        for (text, bytes) in
            [("a", "a"), ("%0d%0A", "\r\n"), ("a%3Ab%25", "a:b%"), ("%", "%"), ("%z1", "%z1"), ("%4", "%4")]
        {
            assert_eq!(unescape(text.as_bytes()), bytes.as_bytes(), "{text}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_answer_is_read() {
        let text = b"HTTP/1.1 %22200%22 error\r\ncontent-length: 0\r\na: b\r\nx%3A: \r\n\r\n".as_slice();
        let answer = read(&mut Reader::new(text)).await.unwrap();
        assert_eq!((answer.status.as_str(), answer.failure), ("\"200\"", "error"));
        assert_eq!(answer.framing, Framing::Length(0));
        assert_eq!(answer.fields, [(b"a".to_vec(), b"b".to_vec()), (b"x:".to_vec(), b"".to_vec())]);
    }
}
