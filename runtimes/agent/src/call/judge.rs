//! Whether what a function returned can be sent, and the headers with which it is.

use crate::http::token::{is_token, is_value};
use crate::server::answer::Answer;

const BAD_STATUS: &str = "Status code must be an integer from 200 to 599.";
const DEFAULT_TYPE: &str = "text/plain; charset=utf-8";
const CONNECTIONS_OWN: [&str; 7] =
    ["connection", "keep-alive", "transfer-encoding", "content-length", "upgrade", "trailer", "te"];

#[derive(Debug, PartialEq, Eq)]
pub struct Judged {
    pub status: u16,
    /// Header lines, each with its end.
    pub lines: Vec<u8>,
}

/// Fails with what the function's author is told.
pub fn judge(answer: &Answer) -> Result<Judged, String> {
    let digits = answer.status.len() == 3 && answer.status.bytes().all(|byte| byte.is_ascii_digit());
    let status = answer.status.parse().ok().filter(|status| digits && (200..=599).contains(status));
    let status = status.ok_or(BAD_STATUS)?;
    let (mut lines, mut is_typed) = (Vec::with_capacity(256), false);
    for (name, value) in &answer.fields {
        let shown = || String::from_utf8_lossy(name).to_lowercase();
        if !is_token(name) {
            return Err(format!("The response header \"{}\" has a name that cannot be sent.", shown()));
        }
        if !is_value(value) {
            return Err(format!("The response header \"{}\" has a value that cannot be sent.", shown()));
        }
        let name = shown();
        if CONNECTIONS_OWN.contains(&name.as_str())
            || name.starts_with("proxy-")
            || name.starts_with("x-open-runtimes-")
        {
            continue;
        }
        let value = match name.as_str() {
            "content-type" => {
                if std::mem::replace(&mut is_typed, true) {
                    continue;
                }
                content_type(value)
            }
            "location" => encoded(value),
            _ => value.clone(),
        };
        add(&mut lines, name.as_bytes(), &value);
    }
    if !is_typed {
        add(&mut lines, b"content-type", DEFAULT_TYPE.as_bytes());
    }
    Ok(Judged { status, lines })
}

/// What a call gets that has no answer of its function's.
pub fn failed(status: u16) -> Judged {
    let mut lines = Vec::new();
    add(&mut lines, b"content-type", DEFAULT_TYPE.as_bytes());
    Judged { status, lines }
}

fn add(lines: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    for part in [name, b": ", value, b"\r\n"] {
        lines.extend_from_slice(part);
    }
}

/// The media type in lower case, its parameters as they are, and a charset where there is to be one.
fn content_type(value: &[u8]) -> Vec<u8> {
    let end = value.iter().position(|byte| *byte == b';').unwrap_or(value.len());
    let mut text = [value[..end].to_ascii_lowercase().as_slice(), &value[end..]].concat();
    let lower = text.to_ascii_lowercase();
    if !lower.starts_with(b"multipart/") && !lower.windows(8).any(|part| part == b"charset=") {
        text.extend_from_slice(b"; charset=utf-8");
    }
    text
}

/// Characters outside ASCII are percent-encoded, and nothing else is.
fn encoded(value: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(value.len());
    for byte in value {
        match byte {
            0x80.. => text.extend_from_slice(format!("%{byte:02X}").as_bytes()),
            _ => text.push(*byte),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::head::Framing;

    fn judged(status: &str, fields: &[(&str, &str)]) -> Result<(u16, String), String> {
        let fields = fields.iter().map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec())).collect();
        let answer = Answer { status: status.to_string(), failure: "", framing: Framing::Length(0), fields };
        judge(&answer).map(|judged| (judged.status, String::from_utf8(judged.lines).unwrap()))
    }

    #[test]
    fn statuses_are_integers_from_200_to_599() {
        for status in ["200", "299", "404", "599"] {
            assert!(judged(status, &[]).is_ok(), "{status}");
        }
        for status in ["199", "600", "42", "1000", "-1", "\"200\"", "200.5", "null", "", "+200", "0200"] {
            assert_eq!(judged(status, &[]).unwrap_err(), BAD_STATUS, "{status}");
        }
    }

    #[test]
    fn headers_that_cannot_be_sent_are_named() {
        for (name, value) in [("x bad", "a"), ("x-bad:a", "a"), ("x-bäd", "a"), ("x-bad\0", "a")] {
            assert!(judged("200", &[(name, value)]).unwrap_err().contains(name), "{name}");
        }
        for value in ["a\r\nb: c", "a\nb", "a\rb", "a\0b"] {
            assert!(judged("200", &[("x-value", value)]).unwrap_err().contains("x-value"), "{value:?}");
        }
        assert!(judged("200", &[("", "a")]).is_err());
    }

    #[test]
    fn content_types_get_what_they_lack() {
        for (given, sent) in [
            ("Text/HTML", "text/html; charset=utf-8"),
            ("text/html; Charset=X", "text/html; Charset=X"),
            ("multipart/form-data; boundary=AbC", "multipart/form-data; boundary=AbC"),
        ] {
            assert_eq!(judged("200", &[("Content-Type", given)]).unwrap().1, format!("content-type: {sent}\r\n"));
        }
        assert_eq!(judged("200", &[]).unwrap().1, format!("content-type: {DEFAULT_TYPE}\r\n"));
    }

    #[test]
    fn the_connections_headers_are_not_the_functions() {
        let own = ["Connection", "keep-alive", "TE", "proxy-authenticate", "x-open-runtimes-log-id", "content-length"];
        for name in own {
            assert_eq!(judged("200", &[(name, "1")]), judged("200", &[]), "{name}");
        }
    }

    #[test]
    fn locations_are_percent_encoded() {
        let (_, lines) = judged("301", &[("location", "/a%20/ü?")]).unwrap();
        assert!(lines.starts_with("location: /a%20/%C3%BC?\r\n"), "{lines}");
    }
}
