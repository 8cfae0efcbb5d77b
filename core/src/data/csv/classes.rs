use std::collections::HashMap;

use crate::data::csv::header::list;

/// The classes of a column, numbered as they appear.
pub(super) struct Classes {
    names: Vec<String>,
    numbers: HashMap<String, usize>,
    /// The order is given, and no other class is valid.
    fixed: bool,
    /// The largest number of classes.
    most: usize,
}

impl Classes {
    pub(super) fn new(fixed: Option<&[String]>, most: usize) -> Self {
        let names = fixed.unwrap_or_default().to_vec();
        let numbers = names.iter().cloned().zip(0..).collect();
        Self { names, numbers, fixed: fixed.is_some(), most }
    }

    /// The number of a class; the error is a problem, and what was expected.
    pub(super) fn number(&mut self, name: &str) -> Result<usize, String> {
        if let Some(&number) = self.numbers.get(name)
            && number < self.most
        {
            return Ok(number);
        }
        if self.fixed {
            let known = list(self.names.iter().take(self.most));
            return Err(format!("`{}` is none of the classes; {known} were expected", shown(name)));
        }
        let number = self.names.len();
        if number == self.most {
            let (known, most) = (list(&self.names), self.most);
            return Err(format!("`{}` is one class too many; {most} were expected: {known}", shown(name)));
        }
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        Ok(number)
    }

    /// Sorts the names, unless their order is given, and renumbers the labels.
    pub(super) fn finish(self, labels: &mut [usize]) -> Vec<String> {
        if self.fixed {
            return self.names;
        }
        let mut names = self.names.clone();
        names.sort_unstable();
        let value = |name: &String| name.parse::<f64>().unwrap_or(f64::NAN);
        if names.iter().all(|name| value(name).is_finite()) {
            names.sort_by(|one, other| value(one).total_cmp(&value(other)));
        }
        let number: HashMap<&String, usize> = names.iter().zip(0..).collect();
        let order: Vec<usize> = self.names.iter().map(|name| number[name]).collect();
        for label in labels {
            *label = order[*label];
        }
        names
    }
}

/// The start of a name, for errors.
fn shown(name: &str) -> String {
    name.chars().take(40).flat_map(char::escape_debug).collect()
}
