//! Writes the code. Nothing is decided here, and nothing can fail.

mod guard;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, ConstParam, Path};

use crate::check::{Network, Origin};
use crate::parse::{Declaration, text};
use crate::{document, drawing};
pub use guard::first_layer;
use guard::{Guards, mentions};

/// All that `network!` writes for one network.
pub fn expand(network: &Network) -> TokenStream {
    let names = Names::new(network);
    let guards = Guards::new(network);
    [
        structure(network, &names),
        default(network, &names, &guards),
        tape(network, &names, &guards),
        parameters_impl(network, &names, &guards),
        network_impl(network, &names, &guards),
        tape_impl(network, &names, &guards),
        guards.checks(),
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
    /// That for where samples are kept.
    storage: Ident,
    /// The network's own sizes, and their names.
    sizes: Vec<&'a ConstParam>,
    arguments: Vec<&'a Ident>,
}

impl<'a> Names<'a> {
    fn new(network: &Network<'a>) -> Self {
        let declaration = network.declaration;
        Self {
            library: &declaration.library,
            network: &declaration.name,
            tape: format_ident!("{}Tape", declaration.name),
            samples: free("N", "Samples", declaration),
            storage: free("S", "Storage", declaration),
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

/// A name that nothing of the user's has: the usual one, or else a longer one.
fn free(usual: &str, longer: &str, declaration: &Declaration) -> Ident {
    let Declaration { name, sizes, chain, .. } = declaration;
    let sizes = sizes.iter().map(|size| &size.ident);
    let mentioned = quote!(#name #(#sizes)* #(#chain)*);
    let mut free = usual.to_owned();
    while mentions(&mentioned, &free) {
        free = if free == usual { longer.to_owned() } else { free + "_" };
    }
    format_ident!("{free}")
}

fn structure(network: &Network, names: &Names) -> TokenStream {
    let Names { library, network: name, sizes, .. } = names;
    let visibility = &network.declaration.visibility;
    let (words, attributes): (Vec<_>, Vec<_>) =
        network.attributes.iter().partition(|attribute| attribute.path().is_ident("doc"));
    let table = document::table(network, !words.is_empty());
    // Only in the documentation: an editor that shows it beside the code would show the picture's source.
    let drawing = drawing::written(network);
    // What is told of a field's type is told where the type is written.
    let fields = network.layers.iter().map(|layer| {
        let (field, kind, doc) = (&layer.field, &layer.kind, document::field(layer));
        let visibility = located(visibility, layer.element.type_name().span());
        quote!(#[doc = #doc] #visibility #field: #kind)
    });
    let loss = &network.loss.kind;
    let loss_visibility = located(visibility, loss.span());
    let marker = has_no_scalar(network).then(|| quote!(scalar: ::core::marker::PhantomData<T>,));
    quote! {
        #(#words)*
        #(#[doc = #table])*
        #[cfg_attr(doc, doc = #library::__private::drawing!(#drawing))]
        #(#attributes)*
        #visibility struct #name<#(#sizes,)* T: #library::Scalar = ::core::primitive::f32> {
            #(#fields,)*
            /// How the output is judged.
            #loss_visibility loss: #loss,
            #marker
        }
    }
}

/// The same tokens, at another place.
fn located(tokens: &impl ToTokens, place: Span) -> TokenStream {
    let tokens = tokens.to_token_stream().into_iter().map(|mut token| {
        token.set_span(token.span().located_at(place));
        token
    });
    tokens.collect()
}

/// Whether no field has the scalar in its type, because there is nothing to learn. Rust asks for one then.
fn has_no_scalar(network: &Network) -> bool {
    !network.layers.iter().map(|layer| &layer.kind).chain([&network.loss.kind]).any(|kind| mentions(kind, "T"))
}

fn default(network: &Network, names: &Names, guards: &Guards) -> TokenStream {
    let (parameters, this) = (names.parameters(), names.network(&quote!(T)));
    let fields = network.layers.iter().enumerate().map(|(place, layer)| {
        let (field, kind) = (&layer.field, &layer.kind);
        let value = layer.element.hyperparameters.as_ref().filter(|_| layer.origin == Origin::User).map_or_else(
            || guards.default(place),
            |given| {
                let (values, otherwise) = (&given.values, guards.no_new(given.values.len()));
                let value = quote_spanned!(kind.span()=> <#kind>::new(#(#values),*));
                quote!({ #otherwise #value })
            },
        );
        quote!(#field: #value)
    });
    let loss = guards.default_loss();
    let marker = has_no_scalar(network).then(|| quote!(scalar: ::core::marker::PhantomData));
    quote! {
        #[automatically_derived]
        impl<#parameters> ::core::default::Default for #this {
            fn default() -> Self {
                Self { #(#fields,)* loss: #loss, #marker }
            }
        }
    }
}

fn tape(network: &Network, names: &Names, guards: &Guards) -> TokenStream {
    let Names { library, tape, samples, .. } = names;
    let (parameters, visibility) = (names.parameters(), &network.declaration.visibility);
    let doc = format!(" What [`{}`] writes down on the way forward and reads on the way back.", names.network);
    let fields = network.layers.iter().enumerate().map(|(place, layer)| {
        let (field, kind, input) = (&layer.field, guards.kind(place), guards.dimension(&layer.input));
        quote!(#field: #library::Record<T, #samples, #input, #kind>)
    });
    let is_hidden = |attribute: &&Attribute| text(&attribute.meta).replace(' ', "") == "doc(hidden)";
    let hidden = network.attributes.iter().find(is_hidden);
    quote! {
        #[doc = #doc]
        #hidden
        #[derive(::core::fmt::Debug)]
        #visibility struct #tape<#parameters, #samples: #library::nalgebra::Dim> {
            #(#fields,)*
        }
    }
}

/// The layers and the loss's settings as parts.
fn parameters_impl(network: &Network, names: &Names, guards: &Guards) -> TokenStream {
    let library = names.library;
    let (parameters, this) = (names.parameters(), names.network(&quote!(T)));
    let (count, output) = (network.layers.len(), guards.dimension(&network.output));
    let places: Vec<_> = (0..count).collect();
    let texts = fields(network).map(|field| field.unraw().to_string());
    let layers = fields(network).enumerate().map(|(at, field)| guards.shared(at, &quote!(self.#field)));
    let layers_mut = fields(network).enumerate().map(|(at, field)| guards.exclusive(at, &quote!(self.#field)));
    let (loss, loss_mut) = (guards.loss(&quote!(self.loss)), guards.loss_mut(&quote!(self.loss)));
    let (usize, option) = (quote!(::core::primitive::usize), quote!(::core::option::Option));
    quote! {
        #[automatically_derived]
        impl<#parameters> #library::Parameters<T> for #this {
            fn part(&self, index: #usize) -> #option<#library::Part<'_, T>> {
                #option::Some(match index {
                    #(#places => #library::Part::inside(#texts, #layers),)*
                    _ => return #library::__private::loss_part::<T, #output, _>(#loss, index - #count),
                })
            }

            fn part_mut(&mut self, index: #usize) -> #option<#library::PartMut<'_, T>> {
                #option::Some(match index {
                    #(#places => #library::PartMut::Inside(#layers_mut),)*
                    _ => return #library::__private::loss_part_mut::<T, #output, _>(#loss_mut, index - #count),
                })
            }
        }
    }
}

fn network_impl(network: &Network, names: &Names, guards: &Guards) -> TokenStream {
    let Names { library, tape, samples, arguments, .. } = names;
    let (parameters, this) = (names.parameters(), names.network(&quote!(T)));
    let precise = names.network(&quote!(::core::primitive::f64));
    let (input, output) = (guards.dimension(&network.input), guards.dimension(&network.output));
    let loss = guards.loss_kind();
    let the_loss = guards.loss(&quote!(self.loss));
    // A layer or a loss that is more private than the network is an error of these.
    let last = network.layers.last().map_or_else(Span::mixed_site, |layer| layer.element.type_name().span());
    let output_type = quote_spanned!(last=> type Output = #output;);
    let loss_type = quote_spanned!(network.loss.kind.span()=> type Loss = #loss;);
    let (text, loss_text) = (names.network.unraw().to_string(), &network.loss.text);
    let layers: Vec<_> =
        fields(network).enumerate().map(|(at, field)| guards.shared(at, &quote!(self.#field))).collect();
    let infer = infer(library, &layers);
    let infos = infos(network, library, &layers, guards);
    quote! {
        #[automatically_derived]
        impl<#parameters> #library::Network for #this {
            type Scalar = T;
            type Input = #input;
            #output_type
            #loss_type
            type Tape<#samples: #library::nalgebra::Dim> = #tape<#(#arguments,)* T, #samples>;
            type Precise = #precise;
            const NAME: &'static ::core::primitive::str = #text;
            const LOSS: &'static ::core::primitive::str = #loss_text;

            fn layers(&self) -> impl ::core::iter::Iterator<Item = #library::LayerInfo<'_, T>> {
                ::core::iter::IntoIterator::into_iter([#(#infos),*])
            }

            fn loss_layer(&self) -> &Self::Loss {
                #the_loss
            }

            fn infer(&self, x: &#library::nalgebra::OVector<T, #input>) -> #library::nalgebra::OVector<T, #output> {
                #infer
            }
        }
    }
}

/// What can be said of each layer.
fn infos<'a>(
    network: &'a Network,
    library: &'a Path,
    layers: &'a [TokenStream],
    guards: &'a Guards,
) -> impl Iterator<Item = TokenStream> + 'a {
    network.layers.iter().zip(layers).map(move |(info, layer)| {
        let (name, kind, input) = (info.field.unraw().to_string(), info.element.text(), guards.dimension(&info.input));
        quote!(#library::LayerInfo::new::<#input, _>(#name, #kind, #layer))
    })
}

/// Each layer's call on what the one before it gives.
fn infer(library: &Path, layers: &[TokenStream]) -> TokenStream {
    let calls = layers.iter().enumerate().map(|(place, layer)| match place {
        0 => quote!(#library::infer(#layer, x)),
        _ => quote!(#library::infer(#layer, &y)),
    });
    let mut calls: Vec<_> = calls.collect();
    let last = calls.pop();
    quote!(#(let y = #calls;)* #last)
}

fn fields<'a>(network: &'a Network) -> impl Iterator<Item = &'a Ident> {
    network.layers.iter().map(|layer| &layer.field)
}

fn tape_impl(network: &Network, names: &Names, guards: &Guards) -> TokenStream {
    let Names { library, samples, storage: s, .. } = names;
    let (parameters, this, tape) = (names.parameters(), names.network(&quote!(T)), names.tape());
    let (input, output) = (guards.dimension(&network.input), guards.dimension(&network.output));
    let fields: Vec<_> = fields(network).collect();
    let texts = fields.iter().map(ToString::to_string);
    let (first, last) = (fields[0], fields[fields.len() - 1]);
    // Each layer reads what the one before it has written; the first reads `x`.
    let (rest, before) = (&fields[1..], &fields[..fields.len() - 1]);
    let (rest_back, before_back) = (rest.iter().rev(), before.iter().rev().collect::<Vec<_>>());
    let layers: Vec<_> =
        fields.iter().enumerate().map(|(place, field)| guards.shared(place, &quote!(network.#field))).collect();
    let targets: Vec<_> =
        fields.iter().enumerate().map(|(place, field)| guards.exclusive(place, &quote!(target.#field))).collect();
    let (first_layer, rest_layers, first_target, rest_targets) = (&layers[0], &layers[1..], &targets[0], &targets[1..]);
    let rest_layers_back = rest_layers.iter().rev();
    let the_loss = guards.loss(&quote!(network.loss));
    let matrix = quote!(#library::nalgebra::Matrix<T, #samples, #input, #s>);
    let storage = quote!(#s: #library::nalgebra::RawStorage<T, #samples, #input>);
    let target = quote!(#library::TargetOf<#this, #samples>);
    quote! {
        #[automatically_derived]
        impl<#parameters, #samples: #library::nalgebra::Dim> #library::Tape<#this, #samples> for #tape {
            fn new(samples: #samples) -> Self {
                Self { #(#fields: #library::Record::new(samples)),* }
            }

            fn forward<#storage>(&mut self, network: &#this, x: &#matrix) {
                #library::Record::forward(&mut self.#first, #first_layer, x);
                #(#library::Record::forward(&mut self.#rest, #rest_layers, &self.#before.y);)*
            }

            fn output(&self) -> &#library::Batch<T, #samples, #output> {
                &self.#last.y
            }

            fn written(&self) -> impl ::core::iter::Iterator<Item = #library::Written<'_, T>> {
                ::core::iter::IntoIterator::into_iter([#(#library::Record::written(&self.#fields, #texts)),*])
            }

            fn backward<#storage>(&mut self, network: &#this, x: &#matrix, target: &#target) -> T {
                let loss = #library::Loss::backward(#the_loss, &self.#last.y, target, &mut self.#last.dy);
                #(#library::Record::backward(&mut self.#rest_back, #rest_layers_back, &self.#before_back.y, ::core::option::Option::Some(&mut self.#before_back.dy));)*
                #library::Record::backward(&mut self.#first, #first_layer, x, ::core::option::Option::None);
                loss
            }

            fn add_gradient<#storage>(&self, x: &#matrix, scale: T, target: &mut #this) {
                #library::Record::add_gradient(&self.#first, x, scale, #first_target);
                #(#library::Record::add_gradient(&self.#rest, &self.#before.y, scale, #rest_targets);)*
            }
        }
    }
}
