//! Generates the code of a checked network. This step cannot fail.

mod block;
mod guard;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{ConstParam, Path};

use crate::check::{Blocks, Budget, Cost, Initial, Layer, Loss, Network, Origin};
use crate::parse::{Declaration, mentions};
use crate::{document, drawing};
use guard::Guards;
pub use guard::first_layer;

/// Generates the struct of a network or block, a layer composed of layers, and its trait implementations.
pub fn expand(network: &Network, blocks: &Blocks) -> TokenStream {
    let names = Names::new(network);
    let guards = Guards::new(network);
    let inside = network.layers.iter().flat_map(|layer| &layer.inside).map(|inside| expand(inside, blocks));
    let own = [
        structure(network, blocks, &names),
        from_layers(network, &names),
        clone(network, &names, &guards),
        debug(network, &names),
        block::without_heap(network, &names, &guards),
        block_impl(network, &names, &guards).unwrap_or_default(),
        network.loss.as_ref().map(|loss| network_impl(network, loss, &names, &guards)).unwrap_or_default(),
        embed(network, &names),
        with_heap(network, &names, &guards),
        guards.checks(),
        budgets(network, &names),
    ];
    inside.chain(own).collect()
}

/// The items that need a heap, which the library omits without its feature `alloc`.
fn with_heap(network: &Network, names: &Names, guards: &Guards) -> TokenStream {
    let (library, default) = (names.library, default(network, names, guards));
    let layer = block::with_heap(network, names, guards);
    quote!(#library::__private::with_alloc! { #default #layer })
}

/// The identifiers and generics that the generated items share.
struct Names<'a> {
    library: &'a Path,
    network: &'a Ident,
    cache: Ident,
    /// The type parameter for the number of samples.
    samples: Ident,
    /// The type parameter for the storage of the samples.
    storage: Ident,
    /// The network's const parameters, and their names.
    sizes: Vec<&'a ConstParam>,
    arguments: Vec<&'a Ident>,
}

impl<'a> Names<'a> {
    fn new(network: &'a Network<'a>) -> Self {
        let declaration = network.declaration;
        Self {
            library: &declaration.library,
            network: &network.name,
            cache: format_ident!("{}Cache", network.name),
            samples: free("N", "Samples", declaration),
            storage: free("S", "Storage", declaration),
            sizes: declaration.sizes.iter().collect(),
            arguments: declaration.sizes.iter().map(|size| &size.ident).collect(),
        }
    }

    /// The generic parameters of an `impl`: the sizes and `T: Scalar`.
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

    /// The type of the network's cache.
    fn cache(&self) -> TokenStream {
        let Self { cache, samples, arguments, .. } = self;
        quote!(#cache<#(#arguments,)* T, #samples>)
    }
}

/// A name that does not occur in the declaration: `usual` if possible, otherwise `longer`.
fn free(usual: &str, longer: &str, declaration: &Declaration) -> Ident {
    let Declaration { name, sizes, chain, .. } = declaration;
    let sizes = sizes.iter().map(|size| &size.ident);
    let chain = chain.all();
    let mentioned = quote!(#name #(#sizes)* #(#chain)*);
    let mut free = usual.to_owned();
    while mentions(&mentioned, &free) {
        free = if free == usual { longer.to_owned() } else { free + "_" };
    }
    format_ident!("{free}")
}

fn structure(network: &Network, blocks: &Blocks, names: &Names) -> TokenStream {
    let Names { library, network: name, sizes, .. } = names;
    let visibility = &network.declaration.visibility;
    let (user_docs, attributes): (Vec<_>, Vec<_>) =
        network.attributes.iter().partition(|attribute| attribute.path().is_ident("doc"));
    let table = document::table(network, blocks, !user_docs.is_empty());
    // The drawing is emitted under `cfg(doc)` only, because editors would show the source of its SVG.
    let drawing = drawing::arguments(network, blocks);
    // The spans make the compiler report errors about a field's type at that type in the declaration.
    let fields = network.layers.iter().map(|layer| {
        let (field, kind, doc) = (&layer.field, &layer.kind, document::field(layer));
        let visibility = located(visibility, layer.element.type_name().span());
        quote!(#[doc = #doc] #visibility #field: #kind)
    });
    let loss = network.loss.as_ref().map(|Loss { kind, .. }| {
        let visibility = located(visibility, kind.span());
        quote! {
            /// The loss function.
            #visibility loss: #kind,
            __frozen: #library::Frozen<T>,
        }
    });
    let scalar = unused_scalar(network).map(|kind| quote!(__scalar: #kind,));
    quote! {
        #(#user_docs)*
        #(#[doc = #table])*
        #[cfg_attr(doc, doc = #library::__private::drawing!(#drawing))]
        #(#attributes)*
        #visibility struct #name<#(#sizes,)* T: #library::Scalar = ::core::primitive::f32> {
            #(#fields,)*
            #loss
            #scalar
        }
    }
}

/// Moves tokens to the location of `place`.
fn located(tokens: &impl ToTokens, place: Span) -> TokenStream {
    let tokens = tokens.to_token_stream().into_iter().map(|mut token| {
        token.set_span(token.span().located_at(place));
        token
    });
    tokens.collect()
}

/// A function that makes a network of its layers, also in a constant.
fn from_layers(network: &Network, names: &Names) -> TokenStream {
    let (library, parameters, this) = (names.library, names.parameters(), names.network(&quote!(T)));
    let visibility = &network.declaration.visibility;
    let (fields, kinds): (Vec<_>, Vec<_>) = network.layers.iter().map(|layer| (&layer.field, &layer.kind)).unzip();
    let (loss, frozen) = match &network.loss {
        Some(Loss { kind, .. }) => (Some(quote!(loss: #kind)), Some(quote!(loss, __frozen: #library::Frozen::NONE,))),
        None => (None, None),
    };
    let scalar = unused_scalar(network).map(|_| quote!(__scalar: ::core::marker::PhantomData,));
    quote! {
        #[automatically_derived]
        #[allow(dead_code, clippy::too_many_arguments)]
        impl<#parameters> #this {
            /// Makes a network of its layers, also in a `static`.
            #[must_use]
            #visibility const fn from_layers(#(#fields: #kinds,)* #loss) -> Self {
                Self { #(#fields,)* #frozen #scalar }
            }
        }
    }
}

fn default(network: &Network, names: &Names, guards: &Guards) -> TokenStream {
    let (parameters, this) = (names.parameters(), names.network(&quote!(T)));
    let fields = network.layers.iter().enumerate().map(|(place, layer)| {
        let (field, value) = (&layer.field, initial(layer, place, guards));
        quote!(#field: #value)
    });
    let loss = network.loss.as_ref().map(|loss| {
        let Loss { declared_kind, initial, ours, .. } = loss;
        let loss = initial_value(declared_kind, initial, *ours, guards, || guards.default_loss());
        quote!(loss: #loss, __frozen: ::core::default::Default::default(),)
    });
    let scalar = unused_scalar(network).map(|_| quote!(__scalar: ::core::marker::PhantomData,));
    quote! {
        #[automatically_derived]
        impl<#parameters> ::core::default::Default for #this {
            fn default() -> Self {
                Self { #(#fields,)* #loss #scalar }
            }
        }
    }
}

/// The initial value of a layer.
fn initial(layer: &Layer, place: usize, guards: &Guards) -> TokenStream {
    let has_new = layer.origin == Origin::Elementwise;
    initial_value(&layer.kind, &layer.initial, has_new, guards, || guards.default(place))
}

/// The initial value of a layer or a loss. `has_new` is true if it certainly has a function `new`.
fn initial_value(
    kind: &TokenStream,
    initial: &Initial,
    has_new: bool,
    guards: &Guards,
    default: impl FnOnce() -> TokenStream,
) -> TokenStream {
    match initial {
        Initial::Default => default(),
        Initial::New(values) => {
            let value = quote_spanned!(kind.span()=> <#kind>::new(#(#values),*));
            if has_new {
                return value;
            }
            let fallback = guards.import_new_fallback(values.len());
            quote!({ #fallback #value })
        }
        Initial::Methods(named) => {
            let default = quote_spanned!(kind.span()=> <#kind as ::core::default::Default>::default());
            let calls = named.iter().map(|(name, value)| quote!(.#name(#value)));
            quote!(#default #(#calls)*)
        }
        Initial::Unknown => quote!(::core::option::Option::expect(::core::option::Option::None, "a valid layer")),
    }
}

/// Implements `Embed`, with which a network reads its parameters from constants.
fn embed(network: &Network, names: &Names) -> TokenStream {
    let (library, parameters, this) = (names.library, names.parameters(), names.network(&quote!(T)));
    let texts: Vec<_> = fields(network).map(|field| field.unraw().to_string()).collect();
    let kinds = network.layers.iter().map(|layer| &layer.kind);
    let kinds: Vec<_> = kinds.chain(network.loss.as_ref().map(|loss| &loss.kind)).collect();
    let parts = network.layers.iter().zip(&texts).map(|(layer, text)| {
        let kind = &layer.kind;
        quote!(#library::Declared::inside(#text, <#library::__private::embed::IsEmbed<#kind, T>>::PARTS))
    });
    let loss_part = network.loss.as_ref().map(|_| quote!(#library::Declared::unchecked("loss")));
    let place = (0..kinds.len()).map(|part| quote!(T, #library::__private::embed::Inside<T, __Place, Self, #part>));
    let place: Vec<_> = place.collect();
    quote! {
        #[automatically_derived]
        impl<#parameters> #library::Embed<T> for #this {
            const PARTS: &'static [#library::Declared] = {
                #[allow(unused_imports)]
                use #library::__private::embed::EmbedFallback as _;
                &[#(#parts,)* #loss_part]
            };
        }

        #[automatically_derived]
        impl<#parameters, __Place: #library::Place> #library::EmbedAt<T, __Place> for #this
        where
            #(#kinds: #library::EmbedAt<#place>,)*
        {
            const EMBEDDED: Self = Self::from_layers(#(<#kinds as #library::EmbedAt<#place>>::EMBEDDED),*);
        }
    }
}

fn clone(network: &Network, names: &Names, guards: &Guards) -> TokenStream {
    if is_derived(network, "Clone") {
        return TokenStream::new();
    }
    let (parameters, this) = (names.parameters(), names.network(&quote!(T)));
    let layers = fields(network).enumerate().map(|(place, field)| {
        let copy = guards.copied(place, &quote!(&self.#field));
        quote!(#field: #copy)
    });
    let loss = network.loss.as_ref().map(|_| {
        let loss = guards.copied_loss(&quote!(&self.loss));
        quote!(loss: #loss, __frozen: ::core::clone::Clone::clone(&self.__frozen),)
    });
    let scalar = unused_scalar(network).map(|_| quote!(__scalar: ::core::marker::PhantomData,));
    quote! {
        #[automatically_derived]
        impl<#parameters> ::core::clone::Clone for #this {
            fn clone(&self) -> Self {
                Self { #(#layers,)* #loss #scalar }
            }
        }
    }
}

/// Implements `Debug`, which shows the names and types of the layers, but not their parameters.
fn debug(network: &Network, names: &Names) -> TokenStream {
    if is_derived(network, "Debug") {
        return TokenStream::new();
    }
    let (parameters, this) = (names.parameters(), names.network(&quote!(T)));
    let (name, loss) =
        (names.network.unraw().to_string(), network.loss.as_ref().map(|loss| ("loss".to_owned(), loss.text.clone())));
    let layers = network.layers.iter().map(|layer| {
        let (field, name, kind) = (&layer.field, layer.field.unraw().to_string(), layer.element.text());
        if layer.inside.is_empty() {
            quote!(.field(#name, &::core::format_args!("{}", #kind)))
        } else {
            quote!(.field(#name, &self.#field))
        }
    });
    let loss = loss.map(|(name, kind)| quote!(.field(#name, &::core::format_args!("{}", #kind))));
    let fields = layers.chain(loss);
    quote! {
        #[automatically_derived]
        impl<#parameters> ::core::fmt::Debug for #this {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#name)#(#fields)*.finish()
            }
        }
    }
}

/// Compares the costs of a network in `f32` with its budget.
fn budgets(network: &Network, names: &Names) -> TokenStream {
    let (library, this) = (names.library, names.network(&quote!(::core::primitive::f32)));
    let checks = network.budgets.iter().map(|Budget { cost, limit, span }| {
        let cost = match cost {
            Cost::Parameters => quote!(Parameters),
            Cost::Bytes => quote!(Bytes),
            Cost::MultiplyAdds => quote!(MultiplyAdds),
        };
        let limit = quote_spanned!(*span=> #limit);
        let exceeds = quote_spanned!(*span=> #library::__private::budget::exceeds::<#this>);
        let panic = quote_spanned!(*span=> ::core::panic!("{}", message.as_str()));
        quote! {
            const _: () = {
                if let ::core::option::Option::Some(message) =
                    #exceeds(#library::__private::budget::Cost::#cost, #limit)
                {
                    #panic
                }
            };
        }
    });
    checks.collect()
}

/// Returns true if the declaration has a `derive` for the trait.
fn is_derived(network: &Network, name: &str) -> bool {
    let mut is_derived = false;
    for attribute in network.attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        // The compiler reports malformed attributes.
        let _ = attribute.parse_nested_meta(|derived| {
            is_derived |= derived.path.segments.last().is_some_and(|last| last.ident == name);
            Ok(())
        });
    }
    is_derived
}

/// The type of the field that mentions the scalar in a block whose layers do not.
fn unused_scalar(network: &Network) -> Option<TokenStream> {
    let is_used = network.loss.is_some() || network.layers.iter().any(|layer| mentions(&layer.kind, "T"));
    (!is_used).then(|| quote!(::core::marker::PhantomData<fn() -> T>))
}

/// Implements `Block` for a block, so that a mistake can name its input width.
fn block_impl(network: &Network, names: &Names, guards: &Guards) -> Option<TokenStream> {
    if network.loss.is_some() {
        return None;
    }
    let (library, parameters, this) = (names.library, names.parameters(), names.network(&quote!(T)));
    let input = guards.dimension(&network.input);
    Some(quote! {
        #[automatically_derived]
        impl<#parameters> #library::__private::fallback::Block for #this {
            const INPUT: ::core::primitive::usize = <#input as #library::nalgebra::DimName>::DIM;
        }
    })
}

fn network_impl(network: &Network, declared: &Loss, names: &Names, guards: &Guards) -> TokenStream {
    let library = names.library;
    let (parameters, this) = (names.parameters(), names.network(&quote!(T)));
    let in_f64 = names.network(&quote!(::core::primitive::f64));
    let input = guards.dimension(&network.input);
    let loss = guards.loss_kind(declared);
    let the_loss = guards.loss(&quote!(self.loss));
    // The compiler reports a loss that is more private than the network here.
    let loss_type = quote_spanned!(declared.kind.span()=> type Loss = #loss;);
    let (text, loss_text) = (names.network.unraw().to_string(), &declared.text);
    let is_cost = |budget: &Budget| budget.cost == Cost::MultiplyAdds;
    let costs = network.budgets.iter().any(is_cost).then(|| block::costs(network, names, guards));
    let names_of_layers = fields(network).map(|field| field.unraw().to_string());
    quote! {
        #[automatically_derived]
        impl<#parameters> #library::Network for #this {
            type Scalar = T;
            type Input = #input;
            type Output = <Self as #library::Infer<T, #input>>::Out;
            #loss_type
            type F64 = #in_f64;
            const LAYERS: &'static [&'static ::core::primitive::str] = &[#(#names_of_layers),*];
            const NAME: &'static ::core::primitive::str = #text;
            const LOSS: &'static ::core::primitive::str = #loss_text;
            const PARAMETERS: ::core::primitive::usize = #library::__private::budget::parameters::<Self>();
            #costs

            fn loss_fn(&self) -> &Self::Loss {
                #the_loss
            }

            fn frozen(&self) -> &#library::Frozen<T> {
                &self.__frozen
            }

            fn frozen_mut(&mut self) -> &mut #library::Frozen<T> {
                &mut self.__frozen
            }
        }
    }
}

fn fields<'a>(network: &'a Network) -> impl Iterator<Item = &'a Ident> {
    network.layers.iter().map(|layer| &layer.field)
}
