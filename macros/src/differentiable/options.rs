//! What stands in the parentheses of the attribute.

use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::{Path, Token, parse_quote};

use crate::mistakes::Mistakes;

/// Where the library is: `::typenet`, or what `crate = path` says.
pub fn library(arguments: TokenStream, mistakes: &mut Mistakes) -> Path {
    let mut library: Option<Path> = None;
    let parser = syn::meta::parser(|meta| {
        if !meta.path.is_ident("crate") {
            return Err(meta.error("`crate = path` is the only option"));
        }
        if library.is_some() {
            return Err(meta.error("`crate = path` stands here already: once is enough"));
        }
        if !meta.input.peek(Token![=]) {
            return Err(meta.error("`crate` says where the library is: write `crate = path`"));
        }
        library = Some(meta.value()?.call(Path::parse_mod_style)?);
        Ok(())
    });
    if let Err(error) = parser.parse2(arguments) {
        mistakes.add_error(error);
    }
    library.unwrap_or_else(|| parse_quote!(::typenet))
}
