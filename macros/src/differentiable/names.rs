//! Resolves names to values. Names are compared as text, so `x` equals `r#x`.
//!
//! Macro hygiene makes a name from a macro differ from the same name in its caller. Text cannot express this difference,
//! so names that differ only by hygiene are reported as an error.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;

use super::ssa::Id;

/// The names in scope: parameters and `let` bindings, innermost last.
pub struct Names(Vec<Name>);

pub struct Name {
    text: String,
    span: Span,
    /// `None` if the value has a mistake, which is reported already.
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

    /// The innermost name with the same text.
    pub fn get(&self, name: &Ident) -> Option<&Name> {
        let text = text(name);
        self.0.iter().rev().find(|other| other.text == text)
    }

    /// Returns true if a name in scope has the same text but another hygiene.
    pub fn differs_by_hygiene(&self, name: &Ident) -> bool {
        self.get(name).is_some_and(|found| context(found.span) != context(name.span()))
    }

    /// The number of names in scope, to be restored by [`truncate`](Self::truncate) at the end of a block.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Drops the names of a block.
    pub fn truncate(&mut self, count: usize) {
        self.0.truncate(count);
    }
}

/// The text of a name, without `r#`.
pub fn text(name: &Ident) -> String {
    name.unraw().to_string()
}

/// The hygiene context of a name. Only the compiler's spans have one, and only in their `Debug` text: `#3 bytes(10..12)`.
fn context(span: Span) -> Option<u32> {
    let text = format!("{span:?}");
    let (context, _) = text.strip_prefix('#')?.split_once(" bytes(")?;
    context.parse().ok()
}
