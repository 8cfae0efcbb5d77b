//! Learns from your own table, a CSV file with a header and a column of labels.
//!
//! ```text
//! cargo run --release --example csv -- [--file FILE] [--label COLUMN] [--epochs 100] [--seed 1]
//! ```
//!
//! Values are separated by commas, semicolons or tabs. Without a file, it learns to classify three species of iris by four lengths:
//! Anderson's measurements, from R. A. Fisher, "The Use of Multiple Measurements in Taxonomic Problems" (1936). For a table
//! of other sizes, change the declaration.

#[path = "../support/exit.rs"]
mod exit;

use std::error::Error;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use exit::exit_code;
use typenet::data::{Csv, CsvTable, Standardizer};
use typenet::metrics::{ConfusionMatrix, outputs};
use typenet::prelude::*;
use typenet::training::Trainer;

network! {
    /// A network from four lengths to three species.
    struct Iris = Affine<4, 16> -> Relu -> Affine<16, 3> -> SoftmaxWithLoss;
}

/// A table with the sizes of the network.
type Flowers = CsvTable<f32, Const<4>, Labels<Dyn, Const<3>>>;

/// Learns to predict the label of a row from its numbers.
#[derive(Parser)]
struct Options {
    /// A table with a header, separated by commas, semicolons or tabs [default: the irises]
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/csv/iris.csv"), hide_default_value = true)]
    file: PathBuf,
    /// The name of the column with the labels [default: the last one]
    #[arg(long)]
    label: Option<String>,
    /// The number of epochs
    #[arg(long, default_value_t = 100)]
    epochs: u64,
    /// The random seed: the same seed gives the same results
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let mut csv = Csv::new(&options.file);
    if let Some(label) = &options.label {
        csv = csv.target(label);
    }
    let contents: Flowers = csv.read()?;
    let mut rng = StdRng::seed_from_u64(options.seed);
    let [mut test, mut train] = contents.table.stratified_split(0.2, &mut rng)?;
    // Fit on the training part only, so that nothing of the test part enters training.
    let standardizer = Standardizer::fit(&train)?;
    standardizer.apply(&mut train)?;
    standardizer.apply(&mut test)?;

    let net: Iris = Iris::random(He, &mut rng);
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.01), &train)
        .validation(&test)
        .batch_size(16)
        .epochs(options.epochs)
        .seed(options.seed);
    trainer.run()?;

    let answers = outputs(trainer.network(), &test);
    let matrix = ConfusionMatrix::new(&answers.target, &Labels::argmax(&answers.y));
    let (train, test) = (train.samples().nrows(), test.samples().nrows());
    let mut out = stdout();
    writeln!(out, "trained on {train} rows, tested on {test}: {:.1} % correct\n", 100.0 * matrix.accuracy())?;
    contents.classes.iter().zip(0..).try_for_each(|(name, class)| writeln!(out, "class {class} is {name}"))?;
    writeln!(out, "\n{matrix}")?;
    predict_mean(trainer.network(), &standardizer, &contents.classes)?;
    Ok(())
}

/// Predicts the label of an unmeasured row: the mean of the training part.
fn predict_mean(net: &Iris, standardizer: &Standardizer, classes: &[String]) -> Result<(), Box<dyn Error>> {
    let mut row = [0.0_f32; 4];
    for (value, mean) in row.iter_mut().zip(&standardizer.means) {
        *value = f32::of(*mean);
    }
    let shown = row.map(|value| format!("{value:.2}")).join(", ");
    standardizer.apply_to(&mut row)?;
    let scores = net.infer(&row.into());
    let answer = scores.imax();
    writeln!(stdout(), "\nPrediction for a row of {shown}: {}", classes[answer])?;
    Ok(())
}

#[test]
fn the_irises_are_learned() {
    let options = Options::parse_from(["csv", "--epochs", "50"]);
    run(&options).unwrap();
}

#[test]
fn an_error_names_the_file_the_line_and_the_column() {
    let path = std::env::temp_dir().join(format!("typenet-csv-example-{}.csv", std::process::id()));
    for (text, label, problem) in [
        ("a,b,c,d,kind\n1,2,3,4,x\n1,2,x,4,y\n", "kind", "line 3, column `c`: `x` is not a number"),
        ("a,b,c,d,kind\n1,2,3,4,x\n", "color", "no column is named `color`"),
        ("a,b,kind\n1,2,x\n", "kind", "2 feature columns, but the table's type takes 4"),
    ] {
        std::fs::write(&path, text).unwrap();
        let options = Options::parse_from(["csv", "--file", path.to_str().unwrap(), "--label", label]);
        let error = run(&options).unwrap_err().to_string();
        assert!(error.contains(problem) && error.contains(path.to_str().unwrap()), "{error}");
    }
    std::fs::remove_file(path).unwrap();
}
