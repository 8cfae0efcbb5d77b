//! Draws a network: as a table, as text, or for other programs.
//!
//! ```text
//! cargo run --example graph -- [--format text|svg|dot|mermaid] [--output FILE]
//! ```

use std::error::Error;
use std::fs;
use std::io::{self, Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use typenet::prelude::*;

network! {
    /// Three layers that learn, for pictures of 28 by 28 pixels.
    pub struct Digits = Affine<784, 100> -> Relu -> Affine<100, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

/// Draws a network.
#[derive(Parser)]
struct Options {
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A table of the layers, and what each of them takes
    Text,
    /// A picture, for any browser
    Svg,
    /// For Graphviz: `dot -Tpdf`
    Dot,
    /// For Markdown on GitHub, in a block of code called `mermaid`
    Mermaid,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let net: Digits = Digits::zeros();
    let text = match options.format {
        Format::Text => format!("{}\n{}", net.summary(), net.graph()),
        Format::Svg => net.graph().to_svg(),
        Format::Dot => net.graph().to_dot(),
        Format::Mermaid => net.graph().to_mermaid(),
    };
    match &options.output {
        Some(file) => fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()).into()),
        None => Ok(print(&text)?),
    }
}

/// Writes to standard output. A program that reads only the beginning, such as `head`, is no error.
fn print(text: &str) -> io::Result<()> {
    match stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect_file;

    /// `UPDATE_EXPECT=1 cargo test --example graph` writes the picture anew.
    #[test]
    fn the_documented_picture_is_that_which_is_drawn() {
        expect_file!["../docs/pictures/digits.svg"].assert_eq(&<Digits>::zeros().graph().to_svg());
    }
}
