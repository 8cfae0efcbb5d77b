//! The drawing in a network's documentation: `network!` emits a call of `drawing!`, which draws only when docs are built.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{LitStr, parenthesized};
use typenet_graph::network::{self, Layer};

use crate::check::Network;
use crate::document;

/// The arguments of `drawing!`: a group of string literals for each layer, and one for the output and the loss.
pub fn arguments(network: &Network) -> TokenStream {
    let layers = network.layers.iter().map(|layer| {
        let Layer { name, kind, inputs, outputs, parameters, blocks, inside: _ } = document::graph_layer(layer);
        let blocks = blocks.iter().map(|[name, shape]| quote!(#name #shape));
        quote!((#name #kind #inputs #outputs #parameters #(#blocks)*))
    });
    let (outputs, loss) = (document::outputs(network), network.loss.as_ref().map(|loss| &loss.text));
    quote!(#(#layers)* (#outputs #loss))
}

/// Expands `drawing!` to the HTML, as a string literal.
pub fn drawing(layers: TokenStream) -> TokenStream {
    match html.parse2(layers) {
        Ok(text) => quote!(#text),
        Err(error) => error.into_compile_error(),
    }
}

/// The drawing as HTML: after an empty line, and without empty lines inside, as Markdown requires.
fn html(input: ParseStream) -> syn::Result<String> {
    let (mut layers, mut groups) = (Vec::new(), Vec::new());
    while !input.is_empty() {
        groups.push(Texts::parse(input)?.0);
    }
    let mut last = groups.pop().unwrap_or_default().into_iter();
    let Some(outputs) = last.next() else {
        return Err(input.error("expected the output and, for a network, the loss"));
    };
    let loss = last.next();
    for group in groups {
        let mut texts = group.into_iter();
        let mut next = || texts.next().unwrap_or_default();
        let [name, kind, inputs, outputs, parameters] = [next(), next(), next(), next(), next()];
        let rest: Vec<String> = texts.collect();
        let blocks = rest.chunks_exact(2).map(|pair| [pair[0].clone(), pair[1].clone()]).collect();
        layers.push(Layer { name, kind, inputs, outputs, parameters, blocks, inside: None });
    }
    Ok(format!("\n{}", network::graph(&layers, &outputs, loss.as_deref()).to_html()))
}

/// String literals in parentheses.
struct Texts(Vec<String>);

impl Parse for Texts {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let content;
        parenthesized!(content in input);
        let mut texts = Vec::new();
        while !content.is_empty() {
            texts.push(content.parse::<LitStr>()?.value());
        }
        Ok(Self(texts))
    }
}
