//! Checks the attributes of a network.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token, parse_quote};

use crate::mistakes::Mistakes;
use crate::parse::{Declaration, text};

/// The attributes that are supported on the struct.
const SUPPORTED: [&str; 10] =
    ["doc", "derive", "allow", "expect", "warn", "deny", "forbid", "must_use", "deprecated", "non_exhaustive"];

/// Traits that cannot be derived, with the reason.
const IMPOSSIBLE: [(&str, &str); 5] = [
    ("Default", "`network!` already implements `Default`: remove it from `derive`"),
    ("Copy", "a network stores its weights on the heap, so it cannot be `Copy`: derive `Clone` instead"),
    ("Eq", "floating-point weights do not implement `Eq`: derive `PartialEq` instead"),
    ("Ord", "floating-point weights do not implement `Ord`: remove it from `derive`"),
    ("Hash", "floating-point weights do not implement `Hash`: remove it from `derive`"),
];

/// Returns the attributes that the struct gets, and reports the others.
pub fn check(declaration: &Declaration, mistakes: &mut Mistakes) -> Vec<Attribute> {
    let mut good = Vec::new();
    for attribute in &declaration.attributes {
        if attribute.path().is_ident("budget") {
            continue; // `budget` checks it
        }
        if attribute.path().is_ident("derive") {
            good.extend(check_derive(attribute, mistakes));
        } else if SUPPORTED.iter().any(|name| attribute.path().is_ident(name)) || is_a_tool(attribute.path()) {
            good.push(attribute.clone());
        } else {
            let message = format!(
                "`#[{}]` is not supported on a network: use only doc comments, `budget`, `derive`, lint levels, \
                 `must_use`, `deprecated` and `non_exhaustive`",
                text(attribute.path())
            );
            mistakes.add(attribute.path(), message);
        }
    }
    good
}

/// Returns true for the attributes of tools, such as `clippy::...` and `rustfmt::...`.
fn is_a_tool(path: &Path) -> bool {
    path.segments.len() > 1
}

/// Returns the `derive` without the traits that cannot be derived, and reports these.
fn check_derive(attribute: &Attribute, mistakes: &mut Mistakes) -> Option<Attribute> {
    let Meta::List(list) = &attribute.meta else { return Some(attribute.clone()) };
    let Ok(traits) = list.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) else {
        return Some(attribute.clone()); // the compiler reports the syntax error
    };
    let mut possible: Vec<Path> = Vec::new();
    for path in traits {
        let name = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        match IMPOSSIBLE.iter().find(|(impossible, _)| *impossible == name) {
            Some((_, why)) => mistakes.add(path.to_token_stream(), why),
            None => possible.push(path),
        }
    }
    (!possible.is_empty()).then(|| parse_quote!(#[derive(#(#possible),*)]))
}
