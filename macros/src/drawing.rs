//! The drawing in a network's documentation: `network!` emits a call of `drawing!`, which draws only when docs are built.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Ident, LitStr, braced, parenthesized};
use typenet_graph::Inside;
use typenet_graph::network::{self, Layer};

use crate::check::{Blocks, Network};
use crate::document::{self, Describer};

/// The arguments of `drawing!`: a group of string literals for each layer, and one for the output and the loss.
///
/// Behind these literals, a layer with layers inside has the kind of its inside and a group in braces for each branch, as
/// in `("residual1" .. Sum { (..) (..) } {})`.
pub fn arguments(network: &Network, blocks: &Blocks) -> TokenStream {
    let mut describer = Describer::new(blocks);
    let layers = network.layers.iter().map(|layer| argument(&describer.graph_layer(layer)));
    let (outputs, loss) = (document::outputs(network), network.loss.as_ref().map(|loss| &loss.text));
    quote!(#(#layers)* (#outputs #loss))
}

fn argument(layer: &Layer) -> TokenStream {
    let Layer { name, kind, inputs, outputs, parameters, blocks, inside } = layer;
    let blocks = blocks.iter().map(|[name, shape]| quote!(#name #shape));
    let inside = inside.as_ref().map(|inside| {
        let kind = match inside {
            Inside::Chain(_) => quote!(Chain),
            Inside::Sum(_) => quote!(Sum),
            Inside::Concat(_) => quote!(Concat),
        };
        let branches = inside.branches().iter().map(|branch| {
            let layers = branch.iter().map(argument);
            quote!({ #(#layers)* })
        });
        quote!(#kind #(#branches)*)
    });
    quote!((#name #kind #inputs #outputs #parameters #(#blocks)* #inside))
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
    let mut groups = Vec::new();
    while !input.is_empty() {
        groups.push(Texts::parse(input)?);
    }
    let mut last = groups.pop().map(|last| last.texts).unwrap_or_default().into_iter();
    let Some(outputs) = last.next() else {
        return Err(input.error("expected the output and, for a network, the loss"));
    };
    let loss = last.next();
    let mut layers: Vec<Layer> = groups.into_iter().map(Texts::layer).collect();
    let mut known = HashMap::new();
    for layer in &mut layers {
        repeat(layer, &mut known);
    }
    Ok(format!("\n{}", network::graph(&layers, &outputs, loss.as_deref()).to_html()))
}

/// Repeats the inside of a block at its later uses, which have an empty one.
fn repeat(layer: &mut Layer, known: &mut HashMap<String, Inside<Layer>>) {
    let Some(inside) = &mut layer.inside else { return };
    let is_chain = matches!(inside, Inside::Chain(_));
    if let (true, [layers]) = (is_chain, inside.branches())
        && layers.is_empty()
    {
        layer.inside = known.get(&layer.kind).cloned();
        return;
    }
    match inside {
        Inside::Chain(layers) => layers.iter_mut().for_each(|layer| repeat(layer, known)),
        Inside::Sum(branches) | Inside::Concat(branches) => {
            branches.iter_mut().flatten().for_each(|layer| repeat(layer, known));
        }
    }
    if is_chain {
        known.insert(layer.kind.clone(), inside.clone());
    }
}

/// String literals and the inside of a layer, in parentheses.
struct Texts {
    texts: Vec<String>,
    inside: Option<Inside<Layer>>,
}

impl Texts {
    fn layer(self) -> Layer {
        let mut texts = self.texts.into_iter();
        let mut next = || texts.next().unwrap_or_default();
        let [name, kind, inputs, outputs, parameters] = [next(), next(), next(), next(), next()];
        let rest: Vec<String> = texts.collect();
        let blocks = rest.chunks_exact(2).map(|pair| [pair[0].clone(), pair[1].clone()]).collect();
        Layer { name, kind, inputs, outputs, parameters, blocks, inside: self.inside }
    }
}

impl Parse for Texts {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let content;
        parenthesized!(content in input);
        let mut texts = Vec::new();
        while content.peek(LitStr) {
            texts.push(content.parse::<LitStr>()?.value());
        }
        let inside = if content.is_empty() { None } else { Some(inside(&content)?) };
        Ok(Self { texts, inside })
    }
}

/// Parses the kind of an inside, and its branches.
fn inside(input: ParseStream) -> syn::Result<Inside<Layer>> {
    let kind: Ident = input.parse()?;
    let mut branches = Vec::new();
    while !input.is_empty() {
        let content;
        braced!(content in input);
        let mut layers = Vec::new();
        while !content.is_empty() {
            layers.push(Texts::parse(&content)?.layer());
        }
        branches.push(layers);
    }
    Ok(match kind.to_string().as_str() {
        "Chain" => Inside::Chain(branches.into_iter().flatten().collect()),
        "Sum" => Inside::Sum(branches),
        _ => Inside::Concat(branches),
    })
}
