//! Tables from CSV files: every valid form, and one error for each damaged file.

use std::fs;
use std::path::PathBuf;

use typenet::data::{Csv, CsvTable, Missing, Table};
use typenet::prelude::*;

type Pets = CsvTable<f32, Const<2>, Labels<Dyn, Const<2>>>;
type Numbers = CsvTable<f64, Const<2>, Batch<f64, Dyn, Const<1>>>;

/// A file that is removed when it goes out of scope.
struct TempFile(PathBuf);

impl TempFile {
    fn new(test: &str, content: impl AsRef<[u8]>) -> Self {
        let path = std::env::temp_dir().join(format!("typenet-csv-{}-{test}.csv", std::process::id()));
        fs::write(&path, content).unwrap();
        Self(path)
    }

    fn csv(&self) -> Csv {
        Csv::new(&self.0)
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Damaged files of two features and one of two classes, with the error behind the path.
const DAMAGED: [(&[u8], &str); 40] = [
    // Encodings.
    (
        b"a,b,kind\n1,2,caf\xE9\n",
        "2, column `kind`: byte 0xE9 is not UTF-8, as in Latin-1; a file in UTF-8 was expected",
    ),
    (b"a,b,k\xEFnd\n1,2,x\n", "1: byte 0xEF is not UTF-8, as in Latin-1; a file in UTF-8 was expected"),
    (b"a,b,kind\n1,2\xA0,x\n", "2, column `b`: byte 0xA0 is not UTF-8, as in Latin-1; a file in UTF-8 was expected"),
    (b"\xFF\xFEa\0,\0b\0", "1: the file is UTF-16; UTF-8 was expected"),
    (b"\xFE\xFF\0a\0,\0b", "1: the file is UTF-16; UTF-8 was expected"),
    (b"a\0,\0b\0", "1: a zero byte, as in UTF-16; text in UTF-8 was expected"),
    (b"a,b,kind\n1,2,x\n1\0,2,x\n", "3, column `a`: a zero byte, as in UTF-16; text in UTF-8 was expected"),
    // Quotes.
    (
        b"a,b,kind\n1,2,\"x\n3,4,y\n",
        "2, column `kind`: a quote is not closed; a closing quote was expected before the end of the file",
    ),
    (
        b"a,b,kind\n1,2,x\n3,\"4,y\n",
        "3, column `b`: a quote is not closed; a closing quote was expected before the end of the file",
    ),
    (b"a,b,\"kind\n", "1: a quote is not closed; a closing quote was expected before the end of the file"),
    (
        b"a,b,kind\n1,2,\"x\n3,4,\"y\"\n",
        "2, column `kind`: text follows a closing quote; a separator was expected (a quote inside is written twice)",
    ),
    (
        b"a,b,kind\n1,2,\"x\"y\n",
        "2, column `kind`: text follows a closing quote; a separator was expected (a quote inside is written twice)",
    ),
    (
        b"a,b,kind\n1,2,x \"y\"\n",
        "2, column `kind`: a quote inside a field; the whole field in quotes was expected, with quotes inside written twice",
    ),
    (
        b"a,b,kind\n1,2,\"x\ny\",z\n",
        "3, column `kind`: a separator follows the last of 3 columns; the end of the line was expected",
    ),
    // Separators and line breaks.
    (
        b"a,b,kind\n1,2,x,\n",
        "2, column `kind`: a separator follows the last of 3 columns; the end of the line was expected",
    ),
    (
        b"a,b,kind\n1,2,x\n\n1,2,3,x\n",
        "4, column `kind`: a separator follows the last of 3 columns; the end of the line was expected",
    ),
    (b"a,b,kind,\n1,2,x,\n", "1: column 4 has no name; a name was expected"),
    (b"a,b,kind\n1,2\n", "2, column `kind`: the line ends after 2 of 3 columns; a field was expected"),
    (b"a,b,kind\n1,2,x\n1\n", "3, column `b`: the line ends after 1 of 3 columns; a field was expected"),
    (b"a,b,kind\n1;2;x\n", "2, column `b`: the line ends after 1 of 3 columns; a field was expected"),
    (b"sep=;\na,b,kind\n1,2,x\n", "2: 0 feature columns, but the table's type takes 2; the columns are `a,b,kind`"),
    (b"a,b,kind\r1,2,x\r", "1: a line ends by a carriage return alone; a line feed was expected"),
    (b"a,b,kind\n1,2,x\r3,4,y\n", "2, column `kind`: a line ends by a carriage return alone; a line feed was expected"),
    // The header.
    (b"", "1: the file is empty; a header of column names was expected"),
    (b"\xEF\xBB\xBF\r\n\r\n", "1: the file is empty; a header of column names was expected"),
    (b"a,b,kind\n", "1: no rows follow the header; at least one row of values was expected"),
    (b"1.5,2,x\n3,4,y\n", "1: the first line has numbers; a header of column names was expected"),
    (b"a,a,kind\n1,2,x\n", "1: two columns are named `a`; different names were expected"),
    (b"a,,kind\n1,2,x\n", "1: column 2 has no name; a name was expected"),
    (
        b"a,b,c,kind\n1,2,3,x\n",
        "1: 3 feature columns, but the table's type takes 2; the columns are `a`, `b`, `c`, `kind`",
    ),
    (b"a,kind\n1,x\n", "1: 1 feature column, but the table's type takes 2; the columns are `a`, `kind`"),
    // Values.
    (b"a,b,kind\n1,2,x\n1,zwei,y\n", "3, column `b`: `zwei` is not a number of type f32; a finite number was expected"),
    (
        b"a;b;kind\n1,5;2;x\n",
        "2, column `a`: `1,5` is not a number of type f32; a finite number was expected; `decimal_comma` reads such numbers",
    ),
    (b"a,b,kind\ninf,2,x\n", "2, column `a`: `inf` is not a number of type f32; a finite number was expected"),
    (b"a,b,kind\n1,1e39,x\n", "2, column `b`: `1e39` is not a number of type f32; a finite number was expected"),
    (b"a,b,kind\n1,\"2\n3\",x\n", "2, column `b`: `2\\n3` is not a number of type f32; a finite number was expected"),
    (b"a,b,kind\n,2,x\n", "2, column `a`: the value is missing; a number was expected, or a setting of `missing`"),
    (b"a,b,kind\n1,NA,x\n", "2, column `b`: the value is missing; a number was expected, or a setting of `missing`"),
    (b"a,b,kind\n1,2,x\n3,4,\n", "3, column `kind`: the target is missing; a class was expected"),
    (b"a,b,kind\n1,2,x\n1,2,y\n1,2,z\n", "4, column `kind`: `z` is one class too many; 2 were expected: `x`, `y`"),
];

#[test]
fn a_damaged_file_is_one_error_with_its_line_and_column() {
    for (content, problem) in DAMAGED {
        let file = TempFile::new("damaged", content);
        let shown = String::from_utf8_lossy(content);
        let error = file.csv().read::<f32, Const<2>, Labels<Dyn, Const<2>>>().expect_err(&shown).to_string();
        assert_eq!(error, format!("`{}`, line {problem}", file.0.display()), "{shown}");
    }
}

#[test]
fn fields_that_never_end_are_errors_before_they_fill_the_memory() {
    let long = "x".repeat(70_000);
    for (content, place) in [
        (format!("a,b,kind\n1,2,\"x\n{}", "3,4,y\n".repeat(20_000)), "line 2, column `kind`"),
        (format!("a,b,kind\n1,2,x\n1,{long},x\n"), "line 3, column `b`"),
        (format!("a,b,{long}\n"), "line 1"),
    ] {
        let file = TempFile::new("long", content);
        let error = file.csv().read::<f32, Const<2>, Labels<Dyn, Const<2>>>().unwrap_err().to_string();
        let problem = "a field of more than 65,536 bytes; a separator, a line break or a closing quote was expected";
        assert_eq!(error, format!("`{}`, {place}: {problem}", file.0.display()));
    }
}

#[test]
fn separators_quotes_and_line_breaks_do_not_change_the_table() {
    let plain = "a,b,kind\n1,-2.5,x\n3e2,4,y z\n";
    for content in [
        plain.to_owned(),
        plain.replace(',', ";"),
        plain.replace(',', "\t"),
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\n\n"),
        plain.trim_end().to_owned(),
        plain.replace(',', " , "),
        plain.replace("y z", "\"y z\""),
        plain.replace("1,", "\"1\" , "),
        format!("\u{FEFF}{plain}"),
        format!("\u{FEFF}sep=|\r\n{}", plain.replace(',', "|")),
        format!("sep=,\n{plain}"),
        format!("\n\r\n{plain}"),
    ] {
        let file = TempFile::new("forms", &content);
        let pets: Pets = file.csv().read().unwrap_or_else(|error| panic!("{content}: {error}"));
        assert_eq!(pets.table.samples().data.values(), [1.0, -2.5, 300.0, 4.0], "{content}");
        assert_eq!(pets.table.targets().classes(), [0, 1], "{content}");
        assert_eq!((pets.features.join(" "), pets.classes.join("|")), ("a b".to_owned(), "x|y z".to_owned()));
        assert_eq!(Table::from_csv(&file.0, "kind").unwrap(), pets.table);
    }
}

#[test]
fn quoted_fields_have_separators_line_breaks_and_quotes() {
    let file = TempFile::new("quoted", "a,b,\"the, kind\"\n1,2,\"x, \"\"y\"\"\nz\"\n3,4,\"\"\"\"\n5,,x\n");
    let csv = file.csv().target("the, kind");
    let error = csv.read::<f32, Const<2>, Labels<Dyn, Const<3>>>().unwrap_err().to_string();
    assert!(error.contains(", line 5, column `b`: the value is missing"), "{error}");
    let pets: Pets = csv.missing(Missing::SkipRow).read().unwrap();
    assert_eq!((pets.classes, pets.skipped), (vec!["\"".to_owned(), "x, \"y\"\nz".to_owned()], 1));
    assert_eq!(pets.table.targets().classes(), [1, 0]);
}

#[test]
fn missing_values_are_skipped_or_replaced() {
    let file = TempFile::new("missing", "a,b,price\n1,,10\n3,4,20\nNA,6,nan\n8,null,30\n ? ,N/A,40\n");
    let numbers = |missing| file.csv().missing(missing).read::<f64, Const<2>, Batch<f64, Dyn, Const<1>>>();
    let skipped: Numbers = numbers(Missing::SkipRow).unwrap();
    assert_eq!(
        (skipped.table.samples().data.values(), skipped.table.targets().as_ref()),
        (&[3.0, 4.0][..], &[20.0][..])
    );
    assert_eq!(skipped.skipped, 4);
    for missing in [Missing::Mean, Missing::Value(-1.0)] {
        let error = numbers(missing).unwrap_err().to_string();
        assert!(error.ends_with(", line 4, column `price`: the target is missing; a number was expected"), "{error}");
    }

    let file = TempFile::new("replaced", "a,b,price\n1,,10\n3,4,20\n?,7,30\n");
    let filled: Numbers = file.csv().missing(Missing::Mean).read().unwrap();
    assert_eq!(filled.table.samples().data.values(), [1.0, 5.5, 3.0, 4.0, 2.0, 7.0]);
    let filled: Numbers = file.csv().missing(Missing::Value(-1.0)).read().unwrap();
    assert_eq!(filled.table.samples().data.values(), [1.0, -1.0, 3.0, 4.0, -1.0, 7.0]);
    assert_eq!((filled.skipped, filled.targets, filled.classes), (0, vec!["price".to_owned()], Vec::new()));
    let error = file.csv().missing(Missing::Value(f64::NAN)).read::<f64, Const<2>, Batch<f64, Dyn, Const<1>>>();
    assert!(error.unwrap_err().to_string().ends_with("column `b`: the value is missing, and NaN is not finite"));

    let file = TempFile::new("no-values", "a,b,price\n1,,10\n3,,20\n");
    let read = |missing| file.csv().missing(missing).read::<f64, Const<2>, Batch<f64, Dyn, Const<1>>>();
    let error = read(Missing::Mean).unwrap_err().to_string();
    assert!(error.ends_with(", line 1, column `b`: all values are missing; a mean needs at least one"), "{error}");
    let error = read(Missing::SkipRow).unwrap_err().to_string();
    assert!(error.ends_with("every row has a missing value; at least one row of values was expected"), "{error}");
}

#[test]
fn decimal_commas_are_read_on_request() {
    for content in ["a;b;price\n1,5;-2;1e3\n", "a,b,price\n\"1,5\",-2,1000\n"] {
        let file = TempFile::new("comma", content);
        let numbers: Numbers = file.csv().decimal_comma().read().unwrap();
        assert_eq!((numbers.table.samples().data.values(), numbers.table.targets()[0]), (&[1.5, -2.0][..], 1000.0));
    }
    // Points separate thousands where commas separate decimals.
    for number in ["1.234,5", "1.5", "1,234,5", ","] {
        let file = TempFile::new("points", format!("a;b;price\n{number};2;3\n"));
        let error = file.csv().decimal_comma().read::<f64, Const<2>, Batch<f64, Dyn, Const<1>>>().unwrap_err();
        let problem =
            format!("`{number}` is not a number of type f64; a finite number with a decimal comma was expected");
        assert!(error.to_string().ends_with(&problem), "{error}");
    }
}

#[test]
fn columns_have_roles_by_name() {
    let file = TempFile::new("roles", "id,high,low,a,b\nx1,5,6,1,2\nx2,7,8,3,4\n");
    let csv = file.csv().ignore("id");
    let both: CsvTable<f32, Const<2>, Batch<f32, Dyn, Const<2>>> =
        csv.clone().target("low").target("high").read().unwrap();
    assert_eq!((both.features.join(" "), both.targets.join(" ")), ("a b".to_owned(), "low high".to_owned()));
    assert_eq!(*both.table.targets(), Batch::from_rows(&[[6.0, 5.0], [8.0, 7.0]]));
    let last: CsvTable<f32, Const<2>, Batch<f32, Dyn, Const<2>>> = csv.read().unwrap();
    assert_eq!(last.targets, ["a", "b"]);
    let read = |csv: Csv| csv.read::<f32, Const<2>, Batch<f32, Dyn, Const<2>>>().unwrap_err().to_string();
    let error = read(csv.clone().target("color"));
    assert!(error.ends_with("no column is named `color`; the columns are `id`, `high`, `low`, `a`, `b`"), "{error}");
    let error = read(csv.clone().target("low"));
    assert!(
        error.ends_with(
            ", line 1: 1 target column, but the table's type takes 2; the columns are `id`, `high`, `low`, `a`, `b`"
        ),
        "{error}"
    );
    let error = read(csv.ignore("ID"));
    assert!(error.contains("no column is named `ID`"), "{error}");
}

#[test]
fn classes_are_in_order() {
    let file = TempFile::new("numbers", "a,b,digit\n0,0,10\n0,0,9\n0,0,10\n");
    let digits: Pets = file.csv().read().unwrap();
    assert_eq!((digits.classes.join(" "), digits.table.targets().classes()), ("9 10".to_owned(), &[1, 0, 1][..]));
    let digits: Pets = file.csv().classes(&["10", "9"]).read().unwrap();
    assert_eq!((digits.classes.join(" "), digits.table.targets().classes()), ("10 9".to_owned(), &[0, 1, 0][..]));
    let error = file.csv().classes(&["10", "11"]).read::<f32, Const<2>, Labels<Dyn, Const<2>>>().unwrap_err();
    let problem = ", line 3, column `digit`: `9` is none of the classes; `10`, `11` were expected";
    assert!(error.to_string().ends_with(problem), "{error}");
}

#[test]
fn a_file_larger_than_a_chunk_is_read_whole() {
    let rows = 20_000;
    let lines: Vec<_> = (0..rows).map(|row| format!("{row},\"{}\",{}", 2 * row, row % 2)).collect();
    let file = TempFile::new("chunks", format!("a,b,kind\n{}\n", lines.join("\n")));
    let pets: Pets = file.csv().read().unwrap();
    assert_eq!(pets.table.samples().nrows(), rows);
    for row in 0..rows {
        let values = [pets.table.samples()[(row, 0)], pets.table.samples()[(row, 1)]];
        assert_eq!((values, pets.table.targets().classes()[row]), ([row as f32, 2.0 * row as f32], row % 2));
    }
}

#[test]
fn unreadable_files_are_named() {
    for (path, problem) in
        [("no/such.csv", "cannot read `no/such.csv`"), ("/", "cannot read `/`: it is not a regular file")]
    {
        let error = Csv::new(path).read::<f32, Const<2>, Labels<Dyn, Const<2>>>().unwrap_err().to_string();
        assert!(error.starts_with(problem), "{error}");
    }
}
