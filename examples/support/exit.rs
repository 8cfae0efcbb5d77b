//! The exit code of an example.

use std::fmt::Display;
use std::process::ExitCode;

/// Prints an error, and converts the result of an example to an exit code.
pub fn exit_code<E: Display>(result: Result<(), E>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
