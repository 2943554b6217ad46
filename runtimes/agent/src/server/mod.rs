//! The processes of a language's server, as the front sees them: how they are made, reached, heard and replaced.

pub mod answer;
pub mod cause;
pub mod connection;
pub mod hearing;
pub mod pool;
pub mod process;
pub mod spawn;
