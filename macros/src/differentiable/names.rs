//! What names stand for. They are texts here, `x` the same as `r#x`. To the compiler a name that a macro brings is another than the
//! same name from its caller; two that differ in that alone cannot be told apart by what is written from texts, and are an error.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;

use super::ssa::Id;

/// Parameters and what `let` has named, the newest last.
pub struct Names(Vec<Name>);

struct Name {
    text: String,
    span: Span,
    meaning: Meaning,
}

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Value(Id),
    /// A mistake, which is reported.
    Mistake,
}

impl Meaning {
    pub fn value(self) -> Option<Id> {
        match self {
            Self::Value(id) => Some(id),
            Self::Mistake => None,
        }
    }
}

impl Names {
    pub fn new(parameters: &[Ident]) -> Self {
        let mut names = Self(Vec::new());
        for (id, parameter) in parameters.iter().enumerate() {
            names.add(parameter, Some(id));
        }
        names
    }

    /// A name for a value, or for a mistake.
    pub fn add(&mut self, name: &Ident, value: Option<Id>) {
        let meaning = value.map_or(Meaning::Mistake, Meaning::Value);
        self.0.push(Name { text: text(name), span: name.span(), meaning });
    }

    /// What a name stands for, if it is one of these.
    pub fn find(&self, name: &Ident) -> Option<Meaning> {
        self.newest(name).map(|found| found.meaning)
    }

    /// Whether a name is written like one of these, but is not the same.
    pub fn only_looks_alike(&self, name: &Ident) -> bool {
        self.newest(name).is_some_and(|found| context(found.span) != context(name.span()))
    }

    fn newest(&self, name: &Ident) -> Option<&Name> {
        let text = text(name);
        self.0.iter().rev().find(|other| other.text == text)
    }

    /// How many there are, where a block begins.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Forgets those of a block.
    pub fn leave(&mut self, count: usize) {
        self.0.truncate(count);
    }
}

/// A name without `r#`.
pub fn text(name: &Ident) -> String {
    name.unraw().to_string()
}

/// Where a name is resolved. Only the compiler's own tokens know it, and say it by `Debug` alone: `#3 bytes(10..12)`.
fn context(span: Span) -> Option<u32> {
    let text = format!("{span:?}");
    let (context, _) = text.strip_prefix('#')?.split_once(" bytes(")?;
    context.parse().ok()
}
