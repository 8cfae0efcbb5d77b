//! Tables in CSV files: text with a header, separators, and quotes as in RFC 4180.

mod classes;
mod decimal;
mod header;
mod reader;
mod records;
mod targets;

pub use reader::{Csv, CsvTable, Missing};
pub use targets::CsvTargets;
