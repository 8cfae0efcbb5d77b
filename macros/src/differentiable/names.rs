//! The names of values, as texts: `x` is the same as `r#x`. To the compiler a name that a macro brings is another than the same
//! name from its caller. Derivatives cannot tell these two apart, so they are an error.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;

use super::ssa::Id;

/// Parameters and the names of `let`, the newest last.
pub struct Names(Vec<Name>);

pub struct Name {
    text: String,
    span: Span,
    /// `None` if it stands for a mistake, which is reported.
    pub value: Option<Id>,
}

impl Names {
    pub fn new(parameters: &[Ident]) -> Self {
        let mut names = Self(Vec::new());
        for (id, parameter) in parameters.iter().enumerate() {
            names.add(parameter, Some(id));
        }
        names
    }

    pub fn add(&mut self, name: &Ident, value: Option<Id>) {
        self.0.push(Name { text: text(name), span: name.span(), value });
    }

    /// The newest of that spelling.
    pub fn get(&self, name: &Ident) -> Option<&Name> {
        let text = text(name);
        self.0.iter().rev().find(|other| other.text == text)
    }

    /// A name is spelled like one of these, but is not the same.
    pub fn only_looks_alike(&self, name: &Ident) -> bool {
        self.get(name).is_some_and(|found| context(found.span) != context(name.span()))
    }

    /// The number of names, where a block begins.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Forgets the names of a block.
    pub fn leave(&mut self, count: usize) {
        self.0.truncate(count);
    }
}

/// A name without `r#`.
pub fn text(name: &Ident) -> String {
    name.unraw().to_string()
}

/// The macro that a name belongs to. Only the compiler's own tokens have it, and show it in `Debug` alone: `#3 bytes(10..12)`.
fn context(span: Span) -> Option<u32> {
    let text = format!("{span:?}");
    let (context, _) = text.strip_prefix('#')?.split_once(" bytes(")?;
    context.parse().ok()
}
