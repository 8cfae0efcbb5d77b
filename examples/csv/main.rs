//! Learns from your own table, a CSV file with a header and a column of labels.
//!
//! ```text
//! cargo run --release --example csv -- [--file FILE] [--label COLUMN] [--epochs 100] [--seed 1]
//! ```
//!
//! Values are separated by commas, semicolons or tabs. Without a file, it learns to classify three species of iris by four lengths:
//! Anderson's measurements, from R. A. Fisher, "The Use of Multiple Measurements in Taxonomic Problems" (1936). For a table
//! of other sizes, change the declaration.

mod table;

use std::error::Error;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use table::Contents;
use typenet::data::{Standardizer, Table};
use typenet::metrics::{ConfusionMatrix, outputs};
use typenet::prelude::*;
use typenet::training::Trainer;

network! {
    /// A network from four lengths to three species.
    struct Iris = Affine<4, 16> -> Relu -> Affine<16, 3> -> SoftmaxWithLoss;
}

/// The sizes in the declaration, for error messages.
const FEATURES: usize = 4;
const CLASSES: usize = 3;

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
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let contents = table::read(&options.file, options.label.as_deref())?;
    let in_file = |problem: String| format!("`{}`: {problem}", options.file.display());
    check_sizes(&contents).map_err(in_file)?;
    let mut rng = StdRng::seed_from_u64(options.seed);
    let all = Table::classification(&contents.values, &contents.labels)?;
    let [mut test, mut train] = all.split(0.2, &mut rng).map_err(|error| in_file(error.to_string()))?;
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
    predict_mean(trainer.network(), &standardizer, &contents)?;
    Ok(())
}

/// Checks the sizes of a table at run time, when the compiler cannot.
fn check_sizes(contents: &Contents) -> Result<(), String> {
    let Contents { features, classes, .. } = contents;
    if features.len() != FEATURES {
        let names = features.join("`, `");
        return Err(format!(
            "the network takes {FEATURES} features, and the table has {}: `{names}`; change the declaration",
            features.len()
        ));
    }
    if classes.len() > CLASSES {
        let names = classes.join("`, `");
        return Err(format!(
            "the network tells {CLASSES} classes apart, and the table has {}: `{names}`; change the declaration",
            classes.len()
        ));
    }
    Ok(())
}

/// Predicts the label of an unmeasured row: the mean of the training part.
fn predict_mean(net: &Iris, standardizer: &Standardizer, contents: &Contents) -> Result<(), Box<dyn Error>> {
    let mut row = [0.0_f32; FEATURES];
    for (value, mean) in row.iter_mut().zip(&standardizer.means) {
        *value = f32::of(*mean);
    }
    let shown = row.map(|value| format!("{value:.2}")).join(", ");
    standardizer.apply_to(&mut row)?;
    let scores = net.infer(&row.into());
    let answer = scores.imax();
    writeln!(stdout(), "\nPrediction for a row of {shown}: {}", contents.classes[answer])?;
    Ok(())
}

#[test]
fn the_irises_are_learned() {
    let options = Options::parse_from(["csv", "--epochs", "50"]);
    run(&options).unwrap();
}

#[test]
fn semicolons_and_tabs_are_separators_too() {
    let folder = std::env::temp_dir().join(format!("typenet-csv-delimiters-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("table.csv");
    for delimiter in [",", ";", "\t"] {
        std::fs::write(&path, "a,b,kind\n1,2,x\n3,4.5,y\n".replace(',', delimiter)).unwrap();
        let contents = table::read(&path, None).unwrap();
        assert_eq!((contents.features.join(" "), contents.values), ("a b".to_owned(), vec![1.0, 2.0, 3.0, 4.5]));
        assert_eq!((contents.classes.join(" "), contents.labels), ("x y".to_owned(), vec![0, 1]));
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn errors_name_the_line_and_the_column() {
    let folder = std::env::temp_dir().join(format!("typenet-csv-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("table.csv");
    for (text, label, problem) in [
        ("a,b,c,d,kind\n1,2,3,4,x\n1,2,x,4,y\n", None, ", line 3: `x` in column `c` is not a finite number"),
        ("a,b,c,d,kind\n1,2,3,inf,x\n", None, ", line 2: `inf` in column `d` is not a finite number"),
        ("a;b;c;d;kind\n1,5;2;3;4;x\n", None, ", line 2: `1,5` in column `a` is not a finite number"),
        ("a,b,c,d,kind\n1,2,3,4,x\n1,2,3,4,\n", None, ", line 3: column `kind` is empty; a label was expected"),
        ("a,b,c,d,kind\n1,2,3,4\n", None, "line: 2, byte: 13): found record with 4 fields"),
        ("a,b,c,d,kind\n", Some("color"), " has no column `color`; its columns are `a`, `b`, `c`, `d`, `kind`"),
        ("a,b,c,d,kind\n", None, " has a line of names and no rows"),
        ("5.1,3.5,1.4,0.2,x\n4.9,3,1.4,0.2,y\n", None, " begins with numbers: a line of names was expected"),
        ("a,b,kind\n1,2,x\n1,2,y\n", None, ": the network takes 4 features, and the table has 2: `a`, `b`"),
        ("a,b,c,d,kind\n1,2,3,4,w\n1,2,3,4,x\n1,2,3,4,y\n1,2,3,4,z\n", None, "3 classes apart, and the table has 4"),
        ("a,b,c,d,kind\n1,2,3,4,w\n", None, " has nothing to be told apart: in column `kind` all rows are `w`"),
        ("a,b,c,d,kind\n1,2,3,4,w\n1,2,3,4,x\n", None, ": a fraction of 0.2 of 2 samples"),
        ("", None, " is empty"),
    ] {
        std::fs::write(&path, text).unwrap();
        let mut arguments = vec!["csv", "--file", path.to_str().unwrap()];
        arguments.extend(label.iter().flat_map(|label| ["--label", label]));
        let error = run(&Options::parse_from(arguments)).unwrap_err().to_string();
        assert!(error.contains(problem) && error.contains("table.csv`"), "{error}");
    }
    std::fs::remove_dir_all(folder).unwrap();
    let error = run(&Options::parse_from(["csv", "--file", "no/such.csv"])).unwrap_err().to_string();
    assert!(error.contains("no/such.csv"), "{error}");
}
