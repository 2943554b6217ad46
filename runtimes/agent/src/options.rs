//! The command line: how the server of a language is reached and started.

use std::ffi::OsString;

pub const USAGE: &str = "Usage: agent front --reach pipes|socket [--process-memory MB] -- COMMAND [ARGUMENT ...]";

/// How calls get to a process of the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// One call at a time, over descriptors 4 and 5.
    Pipes,
    /// Many at a time, each on a connection to a unix socket.
    Socket,
}

#[derive(Clone, Debug)]
pub struct Options {
    pub reach: Reach,
    /// What a process needs, in MB.
    pub process_memory: u64,
    pub command: Vec<OsString>,
}

pub fn read(mut parser: lexopt::Parser) -> Result<Options, lexopt::Error> {
    use lexopt::prelude::*;
    let (mut reach, mut process_memory, mut command) = (None, 16, Vec::new());
    while let Some(argument) = parser.next()? {
        match argument {
            Value(mode) if mode == "front" && reach.is_none() => {}
            Long("reach") => {
                reach = Some(parser.value()?.parse_with(|word| match word {
                    "pipes" => Ok(Reach::Pipes),
                    "socket" => Ok(Reach::Socket),
                    _ => Err("a server is reached by pipes or by a socket"),
                })?);
            }
            Long("process-memory") => process_memory = parser.value()?.parse::<u64>()?.max(1),
            Value(first) => {
                command.push(first);
                command.extend(parser.raw_args()?);
            }
            _ => return Err(argument.unexpected()),
        }
    }
    match (reach, command.is_empty()) {
        (Some(reach), false) => Ok(Options { reach, process_memory, command }),
        (None, _) => Err("--reach is missing".into()),
        (_, true) => Err("the server's command is missing".into()),
    }
}
