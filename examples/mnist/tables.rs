//! The tables of a report, as HTML.

use std::fmt::Write;

use typenet::Summary;
use typenet::metrics::{ConfusionMatrix, Score};

use super::report::{Results, escape};

/// Lists the final results.
pub fn results(Results { scores, seconds, steps }: &Results) -> String {
    let mut list = String::from("<dl>\n");
    let mut entry = |name: &str, value: String| {
        let _ = writeln!(list, "<div><dt>{name}</dt><dd>{value}</dd></div>"); // writing to a string cannot fail
    };
    for (data, Score { loss, accuracy, .. }) in ["Training", "Test"].into_iter().zip(scores) {
        if let Some(accuracy) = accuracy {
            entry(&format!("{data} accuracy"), format!("{:.2} %", 100.0 * accuracy));
        }
        entry(&format!("{data} loss"), format!("{loss:.4}"));
    }
    entry("Time", format!("{seconds:.1} s"));
    entry("Steps", steps.to_string());
    list + "</dl>\n"
}

/// Tabulates precision, recall and F1 of each class.
pub fn classes(confusion: &ConfusionMatrix) -> String {
    let caption = "Precision: the fraction of predictions of a class that are correct. \
                   Recall: the fraction of a class that is predicted correctly.";
    let mut rows = String::new();
    for class in 0..confusion.classes() {
        let [precision, recall, f1] =
            [confusion.precision(class), confusion.recall(class), confusion.f1(class)].map(percent);
        rows += &row(&class.to_string(), &[confusion.samples(class).to_string(), precision, recall, f1]);
    }
    table("classes", caption, &["class", "samples", "precision", "recall", "F1"], &rows)
}

/// Tabulates the layers of a network with their shapes and sizes.
pub fn layers(summary: &Summary) -> String {
    let caption = format!("{}: {} inputs, {} outputs.", summary.network, summary.inputs, summary.outputs);
    let numbers = |one: usize, other: usize| [one.to_string(), other.to_string()];
    let mut rows = String::new();
    for layer in &summary.layers {
        let [parameters, multiply_adds] = numbers(layer.parameters, layer.multiply_adds);
        rows += &row(layer.name, &[layer.kind.to_owned(), format!("N x {}", layer.outputs), parameters, multiply_adds]);
    }
    rows += &row("loss", &[summary.loss.to_owned(), String::new(), String::new(), String::new()]);
    let [parameters, multiply_adds] = numbers(summary.parameters(), summary.multiply_adds());
    rows += &row("total", &[String::new(), String::new(), parameters, multiply_adds]);
    table("layers", &caption, &["layer", "type", "output", "para\u{ad}meters", "multiply-adds"], &rows)
}

fn table(class: &str, caption: &str, titles: &[&str], rows: &str) -> String {
    let titles: Vec<String> = titles.iter().map(|title| format!("<th scope=\"col\">{title}</th>")).collect();
    let titles = titles.concat();
    let caption = escape(caption);
    format!(
        "<table class=\"{class}\">\n<caption>{caption}</caption>\n<thead><tr>{titles}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )
}

fn row(name: &str, cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| format!("<td>{}</td>", escape(cell))).collect();
    format!("<tr><th scope=\"row\">{}</th>{}</tr>\n", escape(name), cells.concat())
}

fn percent(fraction: Option<f64>) -> String {
    fraction.map_or_else(|| "–".to_owned(), |fraction| format!("{:.1} %", 100.0 * fraction))
}
