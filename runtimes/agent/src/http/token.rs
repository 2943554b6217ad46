//! What names of methods and headers are made of (RFC 9110, section 5.6.2), and which texts values are.

pub fn is_token(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

/// Whether a header can carry it: any text without control characters, tabs aside.
pub fn is_value(value: &[u8]) -> bool {
    value.iter().all(|byte| *byte == b'\t' || (*byte >= 0x20 && *byte != 0x7f))
}

/// UTF-8 as it is; anything else is Latin-1, all of it.
pub fn text(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_string(),
        Err(_) => value.iter().map(|byte| char::from(*byte)).collect(),
    }
}
