//! Draws a network as text, SVG, DOT or Mermaid.
//!
//! ```text
//! cargo run --example graph -- [--format text|svg|dot|mermaid] [--output FILE]
//! ```

#[path = "support/exit.rs"]
mod exit;

use std::error::Error;
use std::fs;
use std::io::{self, Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use exit::exit_code;
use typenet::prelude::*;

network! {
    /// Three affine layers, for images of 28 by 28 pixels.
    pub struct Digits = Affine<784, 100> -> Relu -> Affine<100, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

/// Draws a network.
#[derive(Parser)]
struct Options {
    /// The format of the drawing
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write to this file [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A table of the layers, and the graph as text
    Text,
    /// A picture for a browser
    Svg,
    /// For Graphviz: `dot -Tpdf`
    Dot,
    /// For a `mermaid` code block in Markdown, as on GitHub
    Mermaid,
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
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

/// Writes to standard output. A closed pipe, as in `... | head`, is not an error.
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

    /// Run `UPDATE_EXPECT=1 cargo test --example graph` to update the picture.
    #[test]
    fn the_documented_picture_is_up_to_date() {
        expect_file!["../docs/pictures/digits.svg"].assert_eq(&<Digits>::zeros().graph().to_svg());
    }
}
