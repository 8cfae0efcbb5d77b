//! Calls in the function itself.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Block, Expr, ItemFn, Path, PathArguments, Stmt, parse_quote};

use super::{called, import, last, name_here, without_arguments};
use crate::differentiable::operation::Callee;
use crate::differentiable::signature::Signature;

/// The function as it was written, but that those it calls are found as their types are.
pub fn function(signature: &Signature, callees: &[Callee]) -> ItemFn {
    let mut function = signature.function.clone();
    in_block(&mut function.block, callees);
    function
}

fn in_block(block: &mut Block, callees: &[Callee]) {
    for statement in &mut block.stmts {
        match statement {
            Stmt::Local(local) => local.init.iter_mut().for_each(|init| in_value(&mut init.expr, callees)),
            Stmt::Expr(value, _) => in_value(value, callees),
            Stmt::Item(_) | Stmt::Macro(_) => {}
        }
    }
}

/// Goes through all that a differentiable function can be made of.
fn in_value(value: &mut Expr, callees: &[Callee]) {
    match value {
        Expr::Paren(inner) => in_value(&mut inner.expr, callees),
        Expr::Group(inner) => in_value(&mut inner.expr, callees),
        Expr::Block(inner) => in_block(&mut inner.block, callees),
        Expr::Unary(unary) => in_value(&mut unary.expr, callees),
        Expr::Binary(binary) => {
            in_value(&mut binary.left, callees);
            in_value(&mut binary.right, callees);
        }
        Expr::MethodCall(call) => {
            in_value(&mut call.receiver, callees);
            call.args.iter_mut().for_each(|argument| in_value(argument, callees));
        }
        Expr::Call(call) => {
            if let Expr::Path(written) = &*call.func
                && let path = without_arguments(&written.path)
                && callees.iter().any(|callee| callee.path == path)
            {
                let generic = written.path.segments.last().map(|last| &last.arguments);
                *call.func = found(&path, generic, call.args.len());
            }
            call.args.iter_mut().for_each(|argument| in_value(argument, callees));
        }
        _ => {}
    }
}

/// The function; or one that stands for it if it is missing. An error about it is told where it is called.
fn found(path: &Path, generic: Option<&PathArguments>, arguments: usize) -> Expr {
    let (place, missing) = (last(path), called(Span::mixed_site()));
    let (called, name) = (called(place), name_here(path));
    // The type is nothing to show to who asks what the name means.
    let import = name.as_ref().map_or_else(|| import(path), |name| import(&name.clone().into()));
    let name = name.map(|name| quote!(#[allow(non_camel_case_types)] struct #name {}));
    let parameters = (0..arguments).map(|_| quote!(_: T));
    let found = quote! {
        fn #missing<T>(#(#parameters),*) -> T {
            ::core::unreachable!("a call of a function that is missing does not compile")
        }
        #name
        {
            #import
            #called #generic
        }
    };
    let block = group(Delimiter::Brace, found, place);
    let value = group(Delimiter::Parenthesis, block.into_token_stream(), place);
    parse_quote!(#value)
}

fn group(delimiter: Delimiter, tokens: TokenStream, place: Span) -> Group {
    let mut group = Group::new(delimiter, tokens);
    group.set_span(place);
    group
}
