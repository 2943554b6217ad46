//! What the environment of a function says to the front.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use base64::Engine;

use crate::http::token::is_token;

pub type Environment = Vec<(OsString, OsString)>;

/// Names that the front alone decides on, so that nobody can enforce another framing or call.
const OWN: [&str; 4] = ["content-length", "transfer-encoding", "x-open-runtimes-call", "x-open-runtimes-control"];

pub struct Settings {
    /// Empty: nothing is checked.
    pub secret: Vec<u8>,
    /// The executor's own `authorization`, which no function sees.
    pub authorization: Vec<u8>,
    pub development: bool,
    /// Headers that are written over those of a request: names in lower case.
    pub enforced: Vec<(String, String)>,
    /// The memory limit in MB, if it is known.
    pub memory: Option<u64>,
}

impl Settings {
    pub fn from(environment: &Environment) -> Settings {
        let find = |name: &str| {
            environment.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_bytes().to_vec())
        };
        let secret = find("OPEN_RUNTIMES_SECRET").unwrap_or_default();
        let pair = [b"opr:".as_slice(), &secret].concat();
        let authorization = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair)).into_bytes();
        let memory = find("OPEN_RUNTIMES_MEMORY").and_then(|text| String::from_utf8(text).ok()?.parse().ok());
        Settings {
            authorization,
            development: find("OPEN_RUNTIMES_ENV").as_deref() == Some(b"development"),
            enforced: enforced(&find("OPEN_RUNTIMES_HEADERS").unwrap_or_default()),
            memory,
            secret,
        }
    }
}

/// What is no JSON object enforces nothing.
fn enforced(text: &[u8]) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(members)) = serde_json::from_slice(text) else { return Vec::new() };
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in members {
        let name = name.to_lowercase();
        if !is_token(name.as_bytes()) || OWN.contains(&name.as_str()) {
            continue;
        }
        let text = match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        let line = text.replace(|character: char| character.is_control() && character != '\t', " ");
        headers.retain(|(known, _)| *known != name);
        headers.push((name, line));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enforced_headers_are_texts_without_line_breaks() {
        let headers =
            enforced(br#"{"A":248,"b":true,"c":{"d":[1,null]},"e":null,"f":"x\r\ny","content-length":"1","g h":"1"}"#);
        let expected = [("a", "248"), ("b", "true"), ("c", r#"{"d":[1,null]}"#), ("e", "null"), ("f", "x  y")];
        assert_eq!(headers, expected.map(|(name, value)| (name.to_string(), value.to_string())));
    }

    #[test]
    fn what_is_no_object_enforces_nothing() {
        for text in ["", "x", "[1]", "null", "{\"a\":"] {
            assert!(enforced(text.as_bytes()).is_empty(), "{text}");
        }
    }
}
