//! Reads the heads of requests, and refuses whatever two readers could understand in two ways (RFC 9112).

use super::token::is_token;

pub const MAX_HEAD: usize = 64 * 1024;
const MAX_FIELDS: usize = 1000;

/// What is wrong with a message, for whoever sent it.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed(pub &'static str);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    Length(u64),
    Chunked,
}

pub struct Head {
    pub method: String,
    pub target: Vec<u8>,
    /// Names in lower case, values as they came.
    pub fields: Vec<(String, Vec<u8>)>,
    pub framing: Framing,
    /// Whether the caller knows HTTP/1.1.
    pub modern: bool,
    pub keep_alive: bool,
    /// The caller waits for a word before it sends the body.
    pub expects_continue: bool,
}

impl Head {
    /// The value of a header that comes once; the first of several.
    pub fn find(&self, name: &str) -> Option<&[u8]> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_slice())
    }

    pub fn path(&self) -> &[u8] {
        self.target.split(|byte| *byte == b'?').next().unwrap_or_default()
    }
}

/// Where a head ends, its empty line included; `None`: it has not come whole. `checked` bytes were looked at before.
/// What cannot become a head is refused at once: another protocol's caller would be waited for otherwise.
pub fn find_end(bytes: &[u8], checked: usize) -> Result<Option<usize>, Malformed> {
    let mut at = checked;
    while at < bytes.len() {
        let byte = bytes[at];
        let after_return = at > 0 && bytes[at - 1] == b'\r';
        if after_return != (byte == b'\n') {
            return Err(Malformed("a line of its head does not end with CR LF"));
        }
        if byte == 0x7f || (byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n')) {
            return Err(Malformed("its head has a control character in it"));
        }
        at += 1;
        if byte == b'\n' && bytes[..at].ends_with(b"\r\n\r\n") {
            return if at > MAX_HEAD { Err(TOO_LARGE) } else { Ok(Some(at)) };
        }
    }
    if at > MAX_HEAD {
        return Err(TOO_LARGE);
    }
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => request_line(&bytes[..end - 1]).map(|_| None),
        None => Ok(None),
    }
}

const TOO_LARGE: Malformed = Malformed("its head is larger than 65536 bytes");
const BAD_LINE: Malformed = Malformed("the request line is not one of HTTP/1.1");

fn request_line(line: &[u8]) -> Result<(&[u8], &[u8], bool), Malformed> {
    let mut words = line.split(|byte| *byte == b' ');
    let (Some(method), Some(target), Some(version), None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(BAD_LINE);
    };
    let modern = match version {
        b"HTTP/1.1" => true,
        b"HTTP/1.0" => false,
        _ => return Err(BAD_LINE),
    };
    if !is_token(method) || target.is_empty() || target.contains(&b'\t') {
        return Err(BAD_LINE);
    }
    Ok((method, target, modern))
}

/// From the bytes of a head, its empty line included, whose characters `find_end` has looked at.
pub fn parse(bytes: &[u8]) -> Result<Head, Malformed> {
    let text = bytes.strip_suffix(b"\r\n\r\n").ok_or(BAD_LINE)?;
    let mut lines = text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let (method, target, modern) = request_line(lines.next().ok_or(BAD_LINE)?)?;
    let mut read = Fields::default();
    for line in lines {
        read.add(line)?;
    }
    if method == b"CONNECT" {
        return Err(Malformed("nobody tunnels through here"));
    }
    if read.hosts > 1 || (modern && read.hosts == 0) {
        return Err(Malformed("a request has exactly one Host"));
    }
    if read.length.is_some() && read.chunked {
        return Err(Malformed("it has both a Content-Length and a Transfer-Encoding"));
    }
    if read.chunked && !modern {
        return Err(Malformed("HTTP/1.0 knows no Transfer-Encoding"));
    }
    let framing = if read.chunked { Framing::Chunked } else { Framing::Length(read.length.unwrap_or(0)) };
    let named = |word: &str| read.connection.iter().any(|name| name == word);
    let keep_alive = !named("close") && (modern || named("keep-alive"));
    Ok(Head {
        method: String::from_utf8_lossy(method).to_uppercase(),
        target: target.to_vec(),
        framing,
        modern,
        keep_alive,
        expects_continue: read.expects && modern && framing != Framing::Length(0),
        fields: read.fields,
    })
}

#[derive(Default)]
struct Fields {
    fields: Vec<(String, Vec<u8>)>,
    length: Option<u64>,
    chunked: bool,
    hosts: usize,
    connection: Vec<String>,
    expects: bool,
}

impl Fields {
    fn add(&mut self, line: &[u8]) -> Result<(), Malformed> {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(0);
        if !is_token(&line[..colon]) {
            return Err(Malformed("a header is not of the form \"name: value\""));
        }
        if self.fields.len() == MAX_FIELDS {
            return Err(Malformed("it has more than 1000 headers"));
        }
        let name = String::from_utf8_lossy(&line[..colon]).to_ascii_lowercase();
        let value = trim(&line[colon + 1..]);
        let lower = || String::from_utf8_lossy(value).to_ascii_lowercase();
        match name.as_str() {
            "content-length" => {
                let digits = !value.is_empty() && value.len() <= 15 && value.iter().all(u8::is_ascii_digit);
                if self.length.is_some() || !digits {
                    return Err(Malformed("its Content-Length is not one number"));
                }
                self.length = lower().parse().ok();
            }
            "transfer-encoding" => {
                if self.chunked || lower() != "chunked" {
                    return Err(Malformed("chunked is the only Transfer-Encoding there is"));
                }
                self.chunked = true;
            }
            "connection" => self.connection.extend(lower().split(',').map(|word| word.trim().to_string())),
            "host" => {
                self.hosts += 1;
                if !is_host(value) {
                    return Err(Malformed("its Host is none"));
                }
            }
            "expect" => {
                if lower() != "100-continue" {
                    return Err(Malformed("only 100-continue can be expected"));
                }
                self.expects = true;
            }
            _ => {}
        }
        self.fields.push((name, value.to_vec()));
        Ok(())
    }
}

fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = value {
        value = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// uri-host [ ":" port ] (RFC 9110, section 7.2); empty where a target has no authority.
fn is_host(value: &[u8]) -> bool {
    const OTHERS: &[u8] = b"_.~!$&'()*+,;=%-";
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || OTHERS.contains(byte);
    let rest = if let Some(inner) = value.strip_prefix(b"[") {
        let Some(end) = inner.iter().position(|byte| *byte == b']') else { return false };
        if end == 0 || !inner[..end].iter().all(|byte| is_name(byte) || *byte == b':') {
            return false;
        }
        &inner[end + 1..]
    } else {
        let end = value.iter().position(|byte| *byte == b':').unwrap_or(value.len());
        if !value[..end].iter().all(is_name) {
            return false;
        }
        &value[end..]
    };
    rest.is_empty() || rest.strip_prefix(b":").is_some_and(|port| port.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
#[path = "head_tests.rs"]
mod tests;
