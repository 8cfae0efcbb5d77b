//! The first computational graphs of the book's chapter on backpropagation: apples and oranges.
//!
//! ```text
//! cargo run --example apples -- [--svg FOLDER]
//! ```

#[path = "support/exit.rs"]
mod exit;

use std::error::Error;
use std::fs;
use std::io::{self, Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use exit::exit_code;
use typenet::graph::Graph;
use typenet::prelude::*;

/// The first graph: the price of apples, with tax.
#[differentiable]
fn price_of_apples<T: Scalar>(apple: T, apples: T, tax: T) -> T {
    apple * apples * tax
}

/// The second graph: the price of apples and oranges, with tax.
#[differentiable]
fn shopping<T: Scalar>(apple: T, apples: T, orange: T, oranges: T, tax: T) -> T {
    let fruit = apple * apples + orange * oranges;
    fruit * tax
}

/// Draws both graphs, with forward values and backward derivatives.
#[derive(Parser)]
struct Options {
    /// Write the drawings to this folder as SVG
    #[arg(long, value_name = "FOLDER")]
    svg: Option<PathBuf>,
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    if let Some(folder) = &options.svg {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    for (name, (numbers, graph)) in drawings() {
        print(&format!("{numbers}\n{graph}\n"))?;
        if let Some(folder) = &options.svg {
            let file = folder.join(name).with_extension("svg");
            fs::write(&file, graph.to_svg()).map_err(|error| format!("{}: {error}", file.display()))?;
        }
    }
    Ok(())
}

/// Writes to standard output. A closed pipe, as in `... | head`, is not an error.
fn print(text: &str) -> io::Result<()> {
    match stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Returns each drawing's file name, numbers and graph.
fn drawings() -> [(&'static str, (String, Graph)); 2] {
    [("apples", apples()), ("apples-and-oranges", apples_and_oranges())]
}

/// Two apples at 100 each, and 10 % tax.
fn apples() -> (String, Graph) {
    let call = price_of_apples::forward(100.0, 2.0, 1.1);
    let (price, gradient) = (call.value(), call.backward(1.0));
    let numbers = format!(
        "Two apples\n  price: {price:.0}\n  dApple: {:.1}\n  dApple_num: {:.0}\n  dTax: {:.0}\n",
        gradient.apple, gradient.apples, gradient.tax
    );
    (numbers, call.graph_with_gradients(1.0))
}

/// Two apples at 100, three oranges at 150, and 10 % tax.
fn apples_and_oranges() -> (String, Graph) {
    let call = shopping::forward(100.0, 2.0, 150.0, 3.0, 1.1);
    let (price, gradient) = (call.value(), call.backward(1.0));
    let numbers = format!(
        "Two apples and three oranges\n  price: {price:.0}\n  dApple: {:.1}\n  dApple_num: {:.0}\n  \
         dOrange: {:.1}\n  dOrange_num: {:.0}\n  dTax: {:.0}\n",
        gradient.apple, gradient.apples, gradient.orange, gradient.oranges, gradient.tax
    );
    (numbers, call.graph_with_gradients(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect_file;
    use std::path::Path;

    /// Returns the printed numbers in order.
    fn numbers(text: &str) -> Vec<&str> {
        text.lines().filter_map(|line| line.split_once(": ")).map(|(_, number)| number).collect()
    }

    /// Run `UPDATE_EXPECT=1 cargo test --example apples` to update the pictures.
    #[test]
    fn the_documented_pictures_are_up_to_date() {
        for (name, (_, graph)) in drawings() {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures").join(name).with_extension("svg");
            expect_file![file].assert_eq(&graph.to_svg());
        }
    }

    #[test]
    fn two_apples_cost_220() {
        assert_eq!(numbers(&apples().0), ["220", "2.2", "110", "200"]);
    }

    #[test]
    fn two_apples_and_three_oranges_cost_715() {
        assert_eq!(numbers(&apples_and_oranges().0), ["715", "2.2", "110", "3.3", "165", "650"]);
    }
}
