//! HTTP/1.1 as callers speak it: heads, bodies and answers.

pub mod body;
pub mod head;
pub mod reader;
pub mod reasons;
pub mod token;
