//! Reads a table with a header. One column has the labels, all others are numbers.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};

/// The contents of a table of any size.
pub struct Contents {
    /// The names of the numeric columns.
    pub features: Vec<String>,
    /// The numbers, row by row.
    pub values: Vec<f32>,
    /// The names of the classes, in alphabetical order.
    pub classes: Vec<String>,
    /// The class number of each row.
    pub labels: Vec<usize>,
}

/// Reads a file. `label` names the column with the labels, by default the last one.
pub fn read(path: &Path, label: Option<&str>) -> Result<Contents, String> {
    let read = fs::read_to_string(path).map_err(|problem| format!(": {problem}"));
    read.and_then(|text| parse(&text, label)).map_err(|problem| format!("`{}`{problem}", path.display()))
}

/// Parses the text of a file. An error continues a sentence that begins with the file's name.
fn parse(text: &str, label: Option<&str>) -> Result<Contents, String> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter(text)).trim(Trim::All).from_reader(text.as_bytes());
    let names = reader.headers().map_err(|error| format!(": {error}"))?.clone();
    let column = label_column(&names, label)?;
    let features: Vec<String> = without(column, &names).map(|(_, name)| name.to_owned()).collect();
    if !features.is_empty() && features.iter().all(|name| name.parse::<f32>().is_ok()) {
        return Err(" begins with numbers: a line of names was expected".to_owned());
    }
    let (mut values, mut texts) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(|error| format!(": {error}"))?;
        let line = record.position().map_or(0, csv::Position::line);
        let complain = |problem: String| format!(", line {line}: {problem}");
        values.extend(numbers(&record, &names, column).map_err(complain)?);
        texts.push(label_of(&record, &names, column).map_err(complain)?);
    }
    let (classes, labels) = numbered(&texts);
    match &*classes {
        [] => Err(" has a line of names and no rows".to_owned()),
        [one] => Err(format!(" has nothing to be told apart: in column `{}` all rows are `{one}`", &names[column])),
        _ => Ok(Contents { features, values, classes, labels }),
    }
}

/// Returns the most frequent separator in the header: a comma, a semicolon or a tab.
fn delimiter(text: &str) -> u8 {
    let names = text.lines().next().unwrap_or_default();
    let count = |sign: &u8| names.bytes().filter(|byte| byte == sign).count();
    b"\t;,".iter().copied().max_by_key(count).unwrap_or(b',') // the last one if equal
}

/// Returns the class names in alphabetical order, and the class number of each row.
fn numbered(texts: &[String]) -> (Vec<String>, Vec<usize>) {
    let mut classes = texts.to_vec();
    classes.sort_unstable();
    classes.dedup();
    let number: BTreeMap<&str, usize> = classes.iter().map(String::as_str).zip(0..).collect();
    let labels = texts.iter().map(|text| number[text.as_str()]).collect();
    (classes, labels)
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

/// Returns the fields of a row with their indices, except the label.
fn without(label: usize, record: &StringRecord) -> impl Iterator<Item = (usize, &str)> {
    record.iter().enumerate().filter(move |(index, _)| *index != label)
}

fn label_of(record: &StringRecord, names: &StringRecord, column: usize) -> Result<String, String> {
    match &record[column] {
        "" => Err(format!("column `{}` is empty; a label was expected", &names[column])),
        label => Ok(label.to_owned()),
    }
}

/// Parses the numbers of a row.
fn numbers(record: &StringRecord, names: &StringRecord, label: usize) -> Result<Vec<f32>, String> {
    without(label, record)
        .map(|(index, text)| match text.parse::<f32>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(format!("`{text}` in column `{}` is not a finite number", &names[index])),
        })
        .collect()
}
