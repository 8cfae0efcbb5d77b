use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use nalgebra::{DimName, Dyn};

use crate::data::csv::classes::Classes;
use crate::data::csv::decimal::short_decimal;
use crate::data::csv::header::Header;
use crate::data::csv::records::{Failure, Records};
use crate::data::csv::targets::CsvTargets;
use crate::data::error::DataError;
use crate::data::table::Table;
use crate::matrix::{Features, Samples};
use crate::scalar::Scalar;

/// Reads a table from a CSV file, with settings.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::data::{Csv, CsvTable, Missing};
/// use typenet::nalgebra::{Const, Dyn};
/// use typenet::{Batch, Labels};
///
/// # let path = std::env::temp_dir().join(format!("typenet-csv-doc-{}", std::process::id()));
/// std::fs::write(&path, "id;height;weight;kind\n1;1,5;20;cat\n2;;30;dog\n3;2,5;10;cat\n")?;
/// let csv = Csv::new(&path).ignore("id").decimal_comma();
///
/// // Two features and one of two classes.
/// let pets: CsvTable<f32, Const<2>, Labels<Dyn, Const<2>>> = csv.clone().target("kind").missing(Missing::Mean).read()?;
/// assert_eq!((&*pets.features, &*pets.classes), (&["height".into(), "weight".into()][..], &["cat".into(), "dog".into()][..]));
/// assert_eq!(pets.table.samples()[(1, 0)], 2.0);
///
/// // One feature and one number as the target.
/// let csv = csv.ignore("kind").target("weight").missing(Missing::SkipRow);
/// let weights: CsvTable<f64, Const<1>, Batch<f64, Dyn, Const<1>>> = csv.read()?;
/// assert_eq!((weights.table.targets()[(1, 0)], weights.skipped), (10.0, 1));
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Format
///
/// - The first line is a header with a different name for each column. All columns are features, but the targets and the ignored ones.
/// - Fields are separated by commas, semicolons or tabs: the most frequent one in the header, or that of a first line `sep=;`.
/// - A field may be in quotes, and then have separators, line breaks and doubled quotes. Blanks around fields do not count.
/// - Lines end by a line feed, with or without a carriage return before it. Blank lines do not count.
/// - The text is UTF-8, with or without a byte order mark. Other encodings are errors.
/// - Numbers are as in Rust: `-1.5e-3`. A number is missing if its field is empty, `NA`, `N/A`, `NaN`, `null` or `?`. A class is
///   missing if its field is empty.
///
/// A field may have 64 KiB. The reader needs at most 17 MiB beside the table, its targets and the names of its classes. It reads
/// the file twice, the first time to count lines: while it reads, the table has room for each of them.
#[derive(Clone, Debug)]
pub struct Csv {
    path: PathBuf,
    targets: Vec<String>,
    ignored: Vec<String>,
    classes: Option<Vec<String>>,
    missing: Missing,
    decimal_comma: bool,
}

/// The treatment of missing values; see [`Csv::missing`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Missing {
    /// A missing value is an error.
    #[default]
    Error,
    /// A row with a missing value is skipped.
    SkipRow,
    /// A missing feature is the mean of the file's other values of this feature. A missing target is an error.
    Mean,
    /// A missing feature is this number. A missing target is an error.
    Value(f64),
}

/// A table from a CSV file, with the names in it; see [`Csv::read`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CsvTable<T: Scalar, F: DimName, Y> {
    /// The table.
    pub table: Table<T, F, Y>,
    /// The names of the features, in the order of the table's columns.
    pub features: Vec<String>,
    /// The names of the target columns.
    pub targets: Vec<String>,
    /// The names of the classes: number 0 is the first. Empty if the targets are numbers.
    pub classes: Vec<String>,
    /// The number of rows that were skipped because of missing values.
    pub skipped: usize,
}

impl Csv {
    /// A file to read. By default, the last column is the target, or the last `O` columns are. A missing value is an error.
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
            targets: Vec::new(),
            ignored: Vec::new(),
            classes: None,
            missing: Missing::Error,
            decimal_comma: false,
        }
    }

    /// Adds a column of targets, by its name.
    #[must_use]
    pub fn target(mut self, column: &str) -> Self {
        self.targets.push(column.to_owned());
        self
    }

    /// Ignores a column, such as that of row numbers.
    #[must_use]
    pub fn ignore(mut self, column: &str) -> Self {
        self.ignored.push(column.to_owned());
        self
    }

    /// Sets the classes and their order, so that two files have the same numbers. Any other class is an error.
    ///
    /// By default, the classes are those of the file: in alphabetical order, or in that of numbers.
    #[must_use]
    pub fn classes<S: AsRef<str>>(mut self, names: &[S]) -> Self {
        self.classes = Some(names.iter().map(|name| name.as_ref().to_owned()).collect());
        self
    }

    /// Sets the treatment of missing values.
    #[must_use]
    pub fn missing(self, missing: Missing) -> Self {
        Self { missing, ..self }
    }

    /// Reads numbers with a decimal comma, such as `1,5`. A point is then an error.
    #[must_use]
    pub fn decimal_comma(self) -> Self {
        Self { decimal_comma: true, ..self }
    }

    /// Reads the table: targets are class names for [`Labels`](crate::Labels), numbers for a [`Batch`](crate::Batch).
    ///
    /// # Errors
    ///
    /// [`DataError::Read`] if the file cannot be read, or is not a regular file; [`DataError::Csv`] names the line, the column
    /// and the expected content.
    pub fn read<T, F, Y>(&self) -> Result<CsvTable<T, F, Y>, DataError>
    where
        T: Scalar,
        F: DimName + Features,
        Y: CsvTargets<T>,
    {
        let read = |source| DataError::Read { path: self.path.clone(), source };
        let mut file = File::open(&self.path).map_err(read)?;
        let lines = count_lines(&mut file).map_err(read)?;
        let mut names = Vec::new();
        self.read_from(file, lines, &mut names).map_err(|failure| match failure {
            Failure::Read(source) => read(source),
            Failure::Field { line, field, problem } => {
                let column = field.and_then(|field| names.get(field).cloned());
                DataError::Csv { path: self.path.clone(), line, column, problem }
            }
        })
    }

    /// Reads a file of at most `lines` lines. Sets `names` to those of the columns, for errors.
    fn read_from<T, F, Y>(
        &self,
        reader: impl Read,
        lines: usize,
        names: &mut Vec<String>,
    ) -> Result<CsvTable<T, F, Y>, Failure>
    where
        T: Scalar,
        F: DimName + Features,
        Y: CsvTargets<T>,
    {
        let mut records = Records::new(reader, self.decimal_comma)?;
        let header = Header::read(&mut records, &self.targets, &self.ignored, [F::DIM, Y::COLUMNS])?;
        names.clone_from(&header.names);
        records.limit(names.len());
        let mut classes = Classes::new(self.classes.as_deref(), Y::CLASSES.unwrap_or_default());

        let mut samples: Samples<T, Dyn, F> = Samples::zeros(Dyn(lines), F::name());
        let (mut numbers, mut labels) = (Vec::new(), Vec::new());
        let (mut count, mut skipped) = (0, 0);
        while records.next()? {
            check_end(&records, names.len())?;
            let row = samples.data.values_mut().get_mut(count * F::DIM..(count + 1) * F::DIM);
            let row = row.ok_or_else(|| Failure::Read(io::Error::other("the file grew while it was read")))?;
            let mut complete = self.features(&records, &header.features, row)?;
            for &field in &header.targets {
                let text = records.get(field)?;
                let is_missing = if Y::CLASSES.is_some() { text.is_empty() } else { is_missing(text) };
                let what = if Y::CLASSES.is_some() { "class" } else { "number" };
                if is_missing && self.missing != Missing::SkipRow {
                    return Err(failure(&records, field, format!("the target is missing; a {what} was expected")));
                }
                complete &= !is_missing;
                // A row that is not complete must not add a class.
                if complete && Y::CLASSES.is_some() {
                    labels.push(classes.number(text).map_err(|problem| failure(&records, field, problem))?);
                } else if !is_missing && Y::CLASSES.is_none() {
                    numbers.push(self.number(&records, field, text)?);
                }
            }
            if complete {
                count += 1;
            } else {
                numbers.truncate(count * Y::COLUMNS);
                skipped += 1;
            }
        }
        let line = |problem| Failure::Field { line: 1, field: None, problem };
        if count == 0 {
            let rows = if skipped > 0 { "every row has a missing value" } else { "no rows follow the header" };
            return Err(line(format!("{rows}; at least one row of values was expected")));
        }
        let mut samples = samples.truncated(count);
        if self.missing == Missing::Mean {
            fill_with_means(samples.data.values_mut(), F::DIM).map_err(|feature| Failure::Field {
                line: 1,
                field: Some(header.features[feature]),
                problem: "all values are missing; a mean needs at least one".to_owned(),
            })?;
        }
        let classes = classes.finish(&mut labels);
        let table = Table::from_finite(samples, Y::from_columns(count, &numbers, labels));
        let [features, targets] = [&header.features, &header.targets].map(|columns| header.names_of(columns));
        Ok(CsvTable { table, features, targets, classes, skipped })
    }

    /// Reads the features of a row; `false` if the row is to be skipped.
    fn features<T: Scalar>(
        &self,
        records: &Records<impl Read>,
        fields: &[usize],
        row: &mut [T],
    ) -> Result<bool, Failure> {
        let mut complete = true;
        let point = if self.decimal_comma { b',' } else { b'.' };
        for (value, &field) in row.iter_mut().zip(fields) {
            if let Some(number) = short_decimal(records.bytes(field), point) {
                *value = T::of(number);
                continue;
            }
            let text = records.get(field)?;
            *value = match self.missing {
                _ if !is_missing(text) => self.number(records, field, text)?,
                Missing::Error => {
                    let problem = "the value is missing; a number was expected, or a setting of `missing`";
                    return Err(failure(records, field, problem.to_owned()));
                }
                Missing::SkipRow => {
                    complete = false;
                    T::zero()
                }
                Missing::Mean => T::of(f64::NAN),
                Missing::Value(number) if T::of(number).is_finite() => T::of(number),
                Missing::Value(number) => {
                    return Err(failure(records, field, format!("the value is missing, and {number} is not finite")));
                }
            };
        }
        Ok(complete)
    }

    fn number<T: Scalar>(&self, records: &Records<impl Read>, field: usize, text: &str) -> Result<T, Failure> {
        let parsed = if !self.decimal_comma {
            text.parse()
        } else if text.contains('.') {
            "".parse()
        } else {
            text.replacen(',', ".", 1).parse()
        };
        let number = parsed.ok().map(T::of).filter(T::is_finite);
        number.ok_or_else(|| {
            let is_other = text.matches([',', '.']).count() == 1 && text.replace(',', ".").parse::<f64>().is_ok();
            let expected = match (self.decimal_comma, is_other) {
                (true, _) => "a finite number with a decimal comma was expected",
                (false, true) if text.contains(',') => {
                    "a finite number was expected; `decimal_comma` reads such numbers"
                }
                (false, _) => "a finite number was expected",
            };
            let shown: String = text.chars().take(40).collect();
            failure(
                records,
                field,
                format!("`{}` is not a number of type {}; {expected}", shown.escape_debug(), T::NAME),
            )
        })
    }
}

impl<T: Scalar, F: DimName + Features, Y: CsvTargets<T>> Table<T, F, Y> {
    /// Reads a table from a CSV file with a header. `target` is the name of the column with the classes or target numbers.
    ///
    /// All other columns are features. [`Csv`] has settings: several targets, missing values, a decimal comma.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// use typenet::data::Table;
    /// use typenet::nalgebra::{Const, Dyn};
    /// use typenet::Labels;
    ///
    /// # let path = std::env::temp_dir().join(format!("typenet-from-csv-doc-{}", std::process::id()));
    /// std::fs::write(&path, "length,width,kind\n1.4,0.2,setosa\n4.7,1.4,versicolor\n")?;
    /// let flowers: Table<f32, Const<2>, Labels<Dyn, Const<2>>> = Table::from_csv(&path, "kind")?;
    /// assert_eq!((flowers.samples()[(1, 0)], flowers.targets().classes()), (4.7, &[0, 1][..]));
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Csv::read`].
    pub fn from_csv(path: impl AsRef<Path>, target: &str) -> Result<Self, DataError> {
        Ok(Csv::new(path).target(target).read()?.table)
    }
}

/// Counts the lines of a regular file, and returns to its start.
fn count_lines(file: &mut File) -> io::Result<usize> {
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let (mut chunk, mut lines) = (vec![0; 64 * 1024], 1);
    loop {
        let count = file.read(&mut chunk)?;
        if count == 0 {
            break;
        }
        lines += chunk[..count].iter().map(|byte| usize::from(*byte == b'\n')).sum::<usize>();
    }
    file.rewind()?;
    Ok(lines)
}

/// Checks that a record has all of `columns` fields.
fn check_end(records: &Records<impl Read>, columns: usize) -> Result<(), Failure> {
    let found = records.len();
    if found == columns {
        return Ok(());
    }
    let problem = format!("the line ends after {found} of {columns} columns; a field was expected");
    Err(failure(records, found, problem))
}

fn is_missing(text: &str) -> bool {
    text.len() <= 4 && ["", "NA", "N/A", "NaN", "null", "?"].iter().any(|name| name.eq_ignore_ascii_case(text))
}

fn failure(records: &Records<impl Read>, field: usize, problem: String) -> Failure {
    Failure::Field { line: records.line(field), field: Some(field), problem }
}

/// Replaces each NaN by the mean of the other values of its column; the error is a column without other values.
fn fill_with_means<T: Scalar>(values: &mut [T], width: usize) -> Result<(), usize> {
    let count = (values.len() / width.max(1)) as f64;
    for column in 0..width {
        let found =
            || values.iter().skip(column).step_by(width).map(|value| value.as_f64()).filter(|value| !value.is_nan());
        let missing = count - found().count() as f64;
        if missing == count {
            return Err(column);
        }
        // Dividing first keeps the sum finite.
        let mean: f64 = found().map(|value| value / (count - missing)).sum();
        let gaps = values.iter_mut().skip(column).step_by(width).filter(|value| value.as_f64().is_nan());
        gaps.for_each(|value| *value = T::of(mean));
    }
    Ok(())
}
