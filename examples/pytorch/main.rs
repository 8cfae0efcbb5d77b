//! Uses a network that PyTorch trained, trains it further, and writes it for PyTorch.
//!
//! ```text
//! examples/pytorch/train.py                                    # optional: trains the network in PyTorch
//! cargo run --release --example pytorch -- [--output FILE]
//! examples/pytorch/train.py --test FILE                        # loads the result in PyTorch
//! ```

#[path = "../support/exit.rs"]
mod exit;

use std::error::Error;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use exit::exit_code;
use typenet::data::{Csv, CsvTable, Table};
use typenet::metrics::outputs;
use typenet::prelude::*;
use typenet::training::Trainer;

network! {
    /// PyTorch's `Sequential(BatchNorm1d(4), Linear(4, 16), GELU(), Linear(16, 3))`.
    struct Iris = BatchNorm<4> -> Affine<4, 16> -> GeluExact -> Affine<16, 3> -> SoftmaxWithLoss;
}

/// Uses a network that PyTorch trained on the irises, trains it further, and writes it for PyTorch.
#[derive(Parser)]
struct Options {
    /// The file for PyTorch
    #[arg(long, default_value_os_t = std::env::temp_dir().join("iris.safetensors"))]
    output: PathBuf,
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let contents: CsvTable<f32, Const<4>, Labels<Dyn, Const<3>>> = Csv::new(examples.join("csv/iris.csv")).read()?;
    let irises = contents.table;

    // The names in the file are `0.weight`, `1.weight`, ...: those of `nn.Sequential`.
    let net = Iris::import(examples.join("pytorch/iris.safetensors"), PyTorch::numbered())?;
    writeln!(stdout(), "from PyTorch: {:.1} % of the irises", percent(&net, &irises))?;

    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.01), &irises).batch_size(50).epochs(50);
    trainer.run()?;
    writeln!(stdout(), "trained here: {:.1} % of the irises", percent(trainer.network(), &irises))?;

    trainer.network().export(&options.output, PyTorch::numbered())?;
    writeln!(stdout(), "written to {}", options.output.display())?;
    Ok(())
}

/// The percentage of irises that the network classifies correctly.
fn percent(net: &Iris, irises: &Table<f32, Const<4>, Labels<Dyn, Const<3>>>) -> f64 {
    let found = outputs(net, irises);
    100.0 * found.target.accuracy(&found.y)
}

#[test]
fn the_network_comes_from_pytorch_and_goes_back() {
    let output = std::env::temp_dir().join(format!("typenet-pytorch-example-{}", std::process::id()));
    run(&Options { output: output.clone() }).unwrap();
    let net: Iris = Iris::import(&output, PyTorch::new()).unwrap(); // by order and shape
    assert_ne!(net.batch_norm1.mean.as_slice(), [0.0; 4]);
    std::fs::remove_file(output).unwrap();
}
