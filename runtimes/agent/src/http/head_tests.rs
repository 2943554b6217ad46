//! Heads that are right, and those that are not.

use super::*;

fn read(text: &str) -> Result<Head, Malformed> {
    let end = find_end(text.as_bytes(), 0)?.expect("the head is whole");
    parse(&text.as_bytes()[..end])
}

#[test]
fn a_head_is_read() {
    let head = read("get /a?b=c HTTP/1.1\r\nHost: a:80\r\nX-A:  1 \r\nx-a: 2\r\ncontent-length: 3\r\n\r\n").unwrap();
    assert_eq!((head.method.as_str(), head.path(), head.keep_alive), ("GET", b"/a".as_slice(), true));
    assert_eq!(head.framing, Framing::Length(3));
    assert_eq!(head.find("x-a"), Some(b"1".as_slice()));
}

#[test]
fn a_head_is_found_wherever_it_is_cut() {
    let text = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    for cut in 0..text.len() {
        assert_eq!(find_end(&text[..cut], 0), Ok(None), "{cut}");
        assert_eq!(find_end(text, cut), Ok(Some(text.len())), "{cut}");
    }
}

#[test]
fn a_connection_is_kept_as_the_version_says() {
    for (version, connection, kept) in [
        ("1.1", "", true),
        ("1.1", "connection: x, Close\r\n", false),
        ("1.0", "", false),
        ("1.0", "connection: Keep-Alive\r\n", true),
    ] {
        let head = read(&format!("GET / HTTP/{version}\r\nhost: a\r\n{connection}\r\n")).unwrap();
        assert_eq!(head.keep_alive, kept, "{version} {connection}");
    }
}

#[test]
fn what_is_no_head_is_refused() {
    for text in [
        "\u{16}\u{3}\u{1}",
        "GET /\r\nhost: a\r\n\r\n",
        "GET  HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET / x HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET / http/1.1\r\nhost: a\r\n\r\n",
        "G(T / HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /\u{1} HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET / HTTP/1.1\nhost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\nx: 1\ry: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\nx : 1\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\n x: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\n: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\nx\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a@b\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a:b\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: +1\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: \r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip\r\n\r\n",
        "GET / HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\nexpect: 200\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n",
    ] {
        assert!(read(text).is_err(), "{text:?}");
    }
}
