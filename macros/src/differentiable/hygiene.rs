//! Whose name it is, where a macro writes a function: to the compiler a name that the macro brings is another than the same name
//! from its caller. Here names are texts, so two that differ in that alone cannot be told apart.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;

/// Whether both are written alike, with or without `r#`.
pub fn look_alike(one: &Ident, other: &Ident) -> bool {
    one.unraw() == other.unraw()
}

/// Whether they are written alike, but are not the same name.
pub fn only_look_alike(one: &Ident, other: &Ident) -> bool {
    look_alike(one, other) && context(one.span()) != context(other.span())
}

/// Where a name is resolved. Only the compiler's own tokens know it, and say it by `Debug` alone: `#3 bytes(10..12)`.
fn context(span: Span) -> Option<u32> {
    let text = format!("{span:?}");
    let (context, _) = text.strip_prefix('#')?.split_once(" bytes(")?;
    context.parse().ok()
}
