//! Writes the code. Nothing is decided here, and nothing can fail.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ConstParam, Path};

use crate::check::{Agreement, Network, Width};
use crate::document;

/// All that `network!` writes for one network.
pub fn expand(network: &Network) -> TokenStream {
    let names = Names::new(network);
    [
        structure(network, &names),
        default(network, &names),
        tape(network, &names),
        network_impl(network, &names),
        tape_impl(network, &names),
        agreements(network),
    ]
    .into_iter()
    .collect()
}

/// The identifiers and generics that the pieces share.
struct Names<'a> {
    library: &'a Path,
    network: &'a Ident,
    tape: Ident,
    /// The type parameter for the number of samples.
    samples: Ident,
    /// The network's own sizes, and their names.
    sizes: Vec<&'a ConstParam>,
    arguments: Vec<&'a Ident>,
}

impl<'a> Names<'a> {
    fn new(network: &Network<'a>) -> Self {
        let declaration = network.declaration;
        let taken = declaration.sizes.iter().any(|size| size.ident == "N");
        Self {
            library: &declaration.library,
            network: &declaration.name,
            tape: format_ident!("{}Tape", declaration.name),
            samples: format_ident!("{}", if taken { "Samples" } else { "N" }),
            sizes: declaration.sizes.iter().collect(),
            arguments: declaration.sizes.iter().map(|size| &size.ident).collect(),
        }
    }

    /// `T: Scalar` and the sizes, for an `impl`.
    fn parameters(&self) -> TokenStream {
        let library = self.library;
        let sizes = self.sizes.iter().map(|ConstParam { ident, ty, .. }| quote!(const #ident: #ty));
        quote!(#(#sizes,)* T: #library::Scalar)
    }

    /// The network's type for that scalar.
    fn network(&self, scalar: &TokenStream) -> TokenStream {
        let Self { network, arguments, .. } = self;
        quote!(#network<#(#arguments,)* #scalar>)
    }

    /// The tape's type.
    fn tape(&self) -> TokenStream {
        let Self { tape, samples, arguments, .. } = self;
        quote!(#tape<#(#arguments,)* T, #samples>)
    }
}

fn structure(network: &Network, names: &Names) -> TokenStream {
    let Names { library, network: name, sizes, .. } = names;
    let declaration = network.declaration;
    let visibility = &declaration.visibility;
    let (words, attributes): (Vec<_>, Vec<_>) =
        declaration.attributes.iter().partition(|attribute| attribute.path().is_ident("doc"));
    let table = document::table(network, !words.is_empty());
    let fields = network.layers.iter().map(|layer| {
        let (field, kind, doc) = (&layer.field, &layer.kind, document::field(layer));
        quote!(#[doc = #doc] #visibility #field: #kind)
    });
    let loss = &network.loss;
    quote! {
        #(#words)*
        #(#[doc = #table])*
        #(#attributes)*
        #visibility struct #name<#(#sizes,)* T: #library::Scalar = ::core::primitive::f32> {
            #(#fields,)*
            /// How the output is judged.
            #visibility loss: #loss,
        }
    }
}

fn default(network: &Network, names: &Names) -> TokenStream {
    let (parameters, this) = (names.parameters(), names.network(&quote!(T)));
    let fields = network.layers.iter().map(|layer| {
        let (field, kind) = (&layer.field, &layer.kind);
        let value = layer
            .element
            .hyperparameters
            .as_ref()
            .map_or_else(|| quote!(::core::default::Default::default()), |values| quote!(<#kind>::new(#(#values),*)));
        quote!(#field: #value)
    });
    quote! {
        #[automatically_derived]
        impl<#parameters> ::core::default::Default for #this {
            fn default() -> Self {
                Self { #(#fields,)* loss: ::core::default::Default::default() }
            }
        }
    }
}

fn tape(network: &Network, names: &Names) -> TokenStream {
    let Names { library, tape, samples, .. } = names;
    let (parameters, visibility) = (names.parameters(), &network.declaration.visibility);
    let doc = format!(" What [`{}`] writes down on the way forward and reads on the way back.", names.network);
    let fields = network.layers.iter().map(|layer| {
        let (field, kind, input) = (&layer.field, &layer.kind, layer.input.dimension(network.declaration));
        quote!(#field: #library::Record<T, #samples, #input, #kind>)
    });
    quote! {
        #[doc = #doc]
        #[derive(::core::fmt::Debug)]
        #visibility struct #tape<#parameters, #samples: #library::nalgebra::Dim> {
            #(#fields,)*
        }
    }
}

fn network_impl(network: &Network, names: &Names) -> TokenStream {
    let Names { library, tape, samples, arguments, .. } = names;
    let (parameters, this) = (names.parameters(), names.network(&quote!(T)));
    let precise = names.network(&quote!(::core::primitive::f64));
    let input = network.input.dimension(network.declaration);
    let output = network.output.dimension(network.declaration);
    let loss = &network.loss;
    let fields: Vec<_> = network.layers.iter().map(|layer| &layer.field).collect();
    let texts = fields.iter().map(ToString::to_string);
    quote! {
        #[automatically_derived]
        impl<#parameters> #library::Network for #this {
            type Scalar = T;
            type Input = #input;
            type Output = #output;
            type Loss = #loss;
            type Tape<#samples: #library::nalgebra::Dim> = #tape<#(#arguments,)* T, #samples>;
            type Precise = #precise;

            fn layers(
                &self,
            ) -> impl ::core::iter::Iterator<Item = (&'static ::core::primitive::str, &dyn #library::Parameters<T>)> {
                ::core::iter::IntoIterator::into_iter([
                    #((#texts, &self.#fields as &dyn #library::Parameters<T>)),*
                ])
            }

            fn layers_mut(&mut self) -> impl ::core::iter::Iterator<Item = &mut dyn #library::Parameters<T>> {
                ::core::iter::IntoIterator::into_iter([
                    #(&mut self.#fields as &mut dyn #library::Parameters<T>),*
                ])
            }

            fn loss_layer(&self) -> &Self::Loss {
                &self.loss
            }
        }
    }
}

fn tape_impl(network: &Network, names: &Names) -> TokenStream {
    let Names { library, samples, .. } = names;
    let (parameters, this, tape) = (names.parameters(), names.network(&quote!(T)), names.tape());
    let (input, output) = (network.input.dimension(network.declaration), network.output.dimension(network.declaration));
    let fields: Vec<_> = network.layers.iter().map(|layer| &layer.field).collect();
    let (first, last) = (fields[0], fields[fields.len() - 1]);
    // Each layer reads what the one before it has written; the first reads `x`.
    let (rest, before) = (&fields[1..], &fields[..fields.len() - 1]);
    let (rest_back, before_back) = (rest.iter().rev(), before.iter().rev().collect::<Vec<_>>());
    let matrix = quote!(#library::nalgebra::Matrix<T, #samples, #input, S>);
    let storage = quote!(S: #library::nalgebra::RawStorage<T, #samples, #input>);
    let target = quote!(#library::TargetOf<#this, #samples>);
    quote! {
        #[automatically_derived]
        impl<#parameters, #samples: #library::nalgebra::Dim> #library::Tape<#this, #samples> for #tape {
            fn new(samples: #samples) -> Self {
                Self { #(#fields: #library::Record::new(samples)),* }
            }

            fn forward<#storage>(&mut self, network: &#this, x: &#matrix) {
                self.#first.forward(&network.#first, x);
                #(self.#rest.forward(&network.#rest, &self.#before.y);)*
            }

            fn output(&self) -> &#library::Batch<T, #samples, #output> {
                &self.#last.y
            }

            fn backward(&mut self, network: &#this, target: &#target) -> T {
                let loss = #library::Loss::backward(&network.loss, &self.#last.y, target, &mut self.#last.dy);
                #(self.#rest_back.backward(&network.#rest_back, &self.#before_back.y, &mut self.#before_back.dy);)*
                loss
            }

            fn add_gradient<#storage>(&self, x: &#matrix, scale: T, target: &mut #this) {
                self.#first.add_gradient(x, scale, &mut target.#first);
                #(self.#rest.add_gradient(&self.#before.y, scale, &mut target.#rest);)*
            }
        }
    }
}

/// Comparisons that the compiler makes at the declaration, even if the network is never used.
fn agreements(network: &Network) -> TokenStream {
    network
        .agreements
        .iter()
        .map(|one| {
            let check = agreement(network, one);
            quote_spanned!(one.taken.span()=> const _: () = { #check };)
        })
        .collect()
}

fn agreement(network: &Network, Agreement { taken, taker, given, giver }: &Agreement) -> TokenStream {
    let library = &network.declaration.library;
    let given = match given {
        Width::Size(size) => size.tokens.clone(),
        Width::Of(dimension) => {
            let dimension = for_f32(dimension);
            quote!(<#dimension as #library::nalgebra::DimName>::DIM)
        }
    };
    let (takes, gives) = (format!("`{taker}` takes "), format!(" features, but {giver} gives "));
    let message = quote! {
        #library::__private::Message::new().text(#takes).number(taken).text(#gives).number(given)
    };
    quote_spanned! {taken.span()=>
        let (taken, given): (::core::primitive::usize, ::core::primitive::usize) = (#taken, #given);
        if taken != given {
            let message = #message;
            ::core::panic!("{}", message.as_str())
        }
    }
}

/// A type in terms of `T`, outside of anything that is generic over `T`.
fn for_f32(tokens: &TokenStream) -> TokenStream {
    use proc_macro2::{Group, TokenTree};
    tokens
        .clone()
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(name) if name == "T" => quote!(::core::primitive::f32),
            TokenTree::Group(group) => Group::new(group.delimiter(), for_f32(&group.stream())).to_token_stream(),
            other => other.to_token_stream(),
        })
        .collect()
}
