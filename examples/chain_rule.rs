//! The chain rule, as in the book's chapter on backpropagation: `z = (x + y)²`, and the sigmoid function step by step.
//!
//! ```text
//! cargo run --example chain_rule -- [--svg FOLDER]
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

/// `z = t²` with `t = x + y`, so `∂z/∂x = ∂z/∂t · ∂t/∂x = 2t · 1`.
#[differentiable]
fn squared_sum<T: Scalar>(x: T, y: T) -> T {
    let t = x + y;
    t.powi(2)
}

/// `y = 1 / (1 + exp(-x))`, so `∂y/∂x = y² exp(-x) = y (1 - y)`.
#[differentiable]
fn sigmoid<T: Scalar>(x: T) -> T {
    T::one() / (T::one() + (-x).exp())
}

/// Draws both graphs, with a derivative on each edge.
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
    [("chain-rule", chain_rule(2.0, 3.0)), ("sigmoid", sigmoid_steps(0.5))]
}

fn chain_rule(x: f64, y: f64) -> (String, Graph) {
    let call = squared_sum::forward(x, y);
    let gradient = call.backward(1.0);
    let numbers = format!(
        "z = (x + y)^2, at x = {x} and y = {y}\n  z: {}\n  dz/dx: {}\n  dz/dy: {}\n",
        call.value(),
        gradient.x,
        gradient.y
    );
    (numbers, call.graph_with_gradients(1.0))
}

fn sigmoid_steps(x: f64) -> (String, Graph) {
    let call = sigmoid::forward(x);
    let (y, slope) = (call.value(), call.backward(1.0).x);
    let product = y * (1.0 - y);
    let numbers =
        format!("y = 1 / (1 + exp(-x)), at x = {x}\n  y: {y:.6}\n  dy/dx: {slope:.6}\n  y (1 - y): {product:.6}\n");
    (numbers, call.graph_with_gradients(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect_file;
    use std::path::Path;

    /// Run `UPDATE_EXPECT=1 cargo test --example chain_rule` to update the pictures.
    #[test]
    fn the_documented_pictures_are_up_to_date() {
        for (name, (_, graph)) in drawings() {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures").join(name).with_extension("svg");
            expect_file![file].assert_eq(&graph.to_svg());
        }
    }

    /// Returns the printed numbers in order.
    fn numbers(text: &str) -> Vec<&str> {
        text.lines().filter_map(|line| line.split_once(": ")).map(|(_, number)| number).collect()
    }

    #[test]
    fn the_derivative_is_twice_the_sum() {
        assert_eq!(numbers(&chain_rule(2.0, 3.0).0), ["25", "10", "10"]);
    }

    #[test]
    fn the_derivative_of_the_sigmoid_is_y_times_one_minus_y() {
        assert_eq!(numbers(&sigmoid_steps(0.0).0), ["0.500000", "0.250000", "0.250000"]);
        let (text, _) = sigmoid_steps(0.5);
        let found = numbers(&text);
        assert_eq!(found[1], found[2]);
    }
}
