use std::io::Read;

use crate::data::csv::records::{Failure, Records};

/// The columns of a file by their role.
pub(super) struct Header {
    /// The names of all columns.
    pub(super) names: Vec<String>,
    /// The columns of features and of targets, in the order of the file and of the call.
    pub(super) features: Vec<usize>,
    pub(super) targets: Vec<usize>,
}

impl Header {
    /// Reads the names, and checks that the columns are those of the table's type.
    ///
    /// Without names of targets, the last columns are targets.
    pub(super) fn read<R: Read>(
        records: &mut Records<R>,
        targets: &[String],
        ignored: &[String],
        sizes: [usize; 2],
    ) -> Result<Self, Failure> {
        let failure = |line, problem| Failure::Field { line, field: None, problem };
        if !records.next()? {
            return Err(failure(1, "the file is empty; a header of column names was expected".to_owned()));
        }
        let line = records.line(0);
        let names: Vec<String> =
            (0..records.len()).map(|field| records.get(field).map(str::to_owned)).collect::<Result<_, _>>()?;
        for (column, name) in names.iter().enumerate() {
            if name.is_empty() {
                return Err(failure(line, format!("column {} has no name; a name was expected", column + 1)));
            }
            if names[..column].contains(name) {
                return Err(failure(line, format!("two columns are named `{name}`; different names were expected")));
            }
        }
        let find = |name: &String| {
            let unknown = || failure(line, format!("no column is named `{name}`; the columns are {}", list(&names)));
            names.iter().position(|found| found == name).ok_or_else(unknown)
        };
        let ignored = ignored.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        let mut named = targets.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        let mut features: Vec<usize> = (0..names.len()).filter(|column| !ignored.contains(column)).collect();
        if named.is_empty() {
            named = features[features.len().saturating_sub(sizes[1])..].to_vec();
        }
        features.retain(|column| !named.contains(column));
        if !features.is_empty() && features.iter().all(|&column| names[column].parse::<f64>().is_ok()) {
            return Err(failure(line, "the first line has numbers; a header of column names was expected".to_owned()));
        }
        for (columns, size, what) in [(&named, sizes[1], "target"), (&features, sizes[0], "feature")] {
            if columns.len() != size {
                let (count, s) = (columns.len(), if columns.len() == 1 { "" } else { "s" });
                let problem = format!("{count} {what} column{s}, but the table's type takes {size}");
                return Err(failure(line, format!("{problem}; the columns are {}", list(&names))));
            }
        }
        Ok(Self { names, features, targets: named })
    }

    /// The names of some columns.
    pub(super) fn names_of(&self, columns: &[usize]) -> Vec<String> {
        columns.iter().map(|&column| self.names[column].clone()).collect()
    }
}

/// Names in backticks, separated by commas.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
