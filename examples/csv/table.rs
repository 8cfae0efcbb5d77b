//! Reads a table with a line of names: one column has the label of each row, all others are numbers.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};

/// What is in a file, before a network's sizes are asked for.
pub struct Contents {
    /// The names of the columns that are numbers.
    pub features: Vec<String>,
    /// Row by row.
    pub values: Vec<f32>,
    /// The labels by their numbers, in alphabetical order.
    pub classes: Vec<String>,
    /// The number of each row's label.
    pub labels: Vec<usize>,
}

/// Reads a file; `label` is the name of the label's column, by default the last one.
pub fn read(path: &Path, label: Option<&str>) -> Result<Contents, Box<dyn Error>> {
    let context = |problem: String| format!("`{}`{problem}", path.display());
    let mut reader =
        ReaderBuilder::new().trim(Trim::All).from_path(path).map_err(|error| context(format!(": {error}")))?;
    let names = reader.headers().map_err(|error| context(format!(": {error}")))?.clone();
    let column = label_column(&names, label).map_err(context)?;
    let (mut values, mut texts) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(|error| context(format!(": {error}")))?;
        let line = record.position().map_or(0, csv::Position::line);
        let complain = |problem: String| context(format!(", line {line}: {problem}"));
        values.extend(numbers(&record, &names, column).map_err(complain)?);
        texts.push(record[column].to_owned());
    }
    let mut classes: Vec<String> = texts.clone();
    classes.sort_unstable();
    classes.dedup();
    let number: BTreeMap<&str, usize> = classes.iter().map(String::as_str).zip(0..).collect();
    let labels = texts.iter().map(|text| number[text.as_str()]).collect();
    let features = names.iter().enumerate().filter(|(place, _)| *place != column).map(|(_, name)| name.to_owned());
    Ok(Contents { features: features.collect(), values, labels, classes })
}

fn label_column(names: &StringRecord, label: Option<&str>) -> Result<usize, String> {
    let known = || names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match label {
        Some(label) => names
            .iter()
            .position(|name| name == label)
            .ok_or_else(|| format!(" has no column `{label}`; its columns are {}", known())),
        None => names.len().checked_sub(1).ok_or_else(|| " is empty: a line of names was expected".to_owned()),
    }
}

/// The numbers of a row.
fn numbers(record: &StringRecord, names: &StringRecord, label: usize) -> Result<Vec<f32>, String> {
    let fields = record.iter().enumerate().filter(|(place, _)| *place != label);
    fields
        .map(|(place, text)| match text.parse::<f32>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(format!("`{text}` in column `{}` is not a finite number", &names[place])),
        })
        .collect()
}
