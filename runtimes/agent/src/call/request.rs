//! What of a request a server gets to see: the head of a call.

use crate::http::head::{Framing, Head};
use crate::http::token::text;
use crate::settings::Settings;

/// Headers as a function sees them, behind the one that says which call it is. `length`: of the body.
pub fn head(head: &Head, settings: &Settings, call: &str, length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    bytes.extend_from_slice(head.method.as_bytes());
    bytes.push(b' ');
    bytes.extend_from_slice(&head.target);
    bytes.extend_from_slice(b" HTTP/1.1\r\n");
    add(&mut bytes, "x-open-runtimes-call", call);
    for (name, value) in visible(head, settings) {
        add(&mut bytes, &name, &value);
    }
    if length > 0 || head.framing == Framing::Chunked || head.find("content-length").is_some() {
        add(&mut bytes, "content-length", &length.to_string());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}

fn add(bytes: &mut Vec<u8>, name: &str, value: &str) {
    for part in [name, ": ", value, "\r\n"] {
        bytes.extend_from_slice(part.as_bytes());
    }
}

/// What is between the front and who calls it is taken out, then the enforced ones are written on top.
fn visible(head: &Head, settings: &Settings) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::with_capacity(head.fields.len());
    for (name, value) in &head.fields {
        let framing = matches!(name.as_str(), "content-length" | "transfer-encoding" | "expect");
        let executors = name == "authorization" && *value == settings.authorization;
        if framing || executors || name.starts_with("x-open-runtimes-") {
            continue;
        }
        let value = text(value);
        match headers.iter_mut().find(|(known, _)| known == name) {
            Some((_, first)) => {
                first.push_str(if name == "cookie" { "; " } else { ", " });
                first.push_str(&value);
            }
            None => headers.push((name.clone(), value)),
        }
    }
    for (name, value) in &settings.enforced {
        headers.retain(|(known, _)| known != name);
        headers.push((name.clone(), value.clone()));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::head::parse;

    #[test]
    fn a_call_has_what_the_function_may_see() {
        let environment =
            [("OPEN_RUNTIMES_SECRET", "s"), ("OPEN_RUNTIMES_HEADERS", r#"{"X-Own":1,"x-open-runtimes-a":"b"}"#)];
        let settings = Settings::from(&environment.map(|(name, value)| (name.into(), value.into())).to_vec());
        let request = b"POST /a?b HTTP/1.1\r\nhost: h\r\nX-A: 1\r\nx-own: caller\r\nauthorization: Basic b3ByOnM=\r\n\
            x-a: \xfc\r\n\
            x-open-runtimes-secret: s\r\ncookie: a=1\r\ncookie: b=2\r\ntransfer-encoding: chunked\r\n\r\n";
        let seen = head(&parse(request).unwrap(), &settings, "id", 3);
        let expected = "POST /a?b HTTP/1.1\r\nx-open-runtimes-call: id\r\nhost: h\r\nx-a: 1, ü\r\ncookie: a=1; b=2\r\n\
            x-own: 1\r\nx-open-runtimes-a: b\r\ncontent-length: 3\r\n\r\n";
        assert_eq!(String::from_utf8(seen).unwrap(), expected);
    }
}
