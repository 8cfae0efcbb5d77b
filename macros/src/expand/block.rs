//! Implements the layer traits for the network: parameters, cache, inference, forward and backward.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::guard::Guards;
use super::{Names, fields};
use crate::check::{Network, Size, Width};

/// Generates the items for inference.
pub fn without_heap(network: &Network, names: &Names, guards: &Guards) -> TokenStream {
    let block = Block::new(network, names, guards);
    [block.parameters(), block.infer()].into_iter().collect()
}

/// Generates the items for batches and training.
pub fn with_heap(network: &Network, names: &Names, guards: &Guards) -> TokenStream {
    let block = Block::new(network, names, guards);
    [block.cache(), block.layer()].into_iter().collect()
}

/// The multiply-adds of each layer, as a constant.
pub fn costs(network: &Network, names: &Names, guards: &Guards) -> TokenStream {
    let (library, block) = (names.library, Block::new(network, names, guards));
    let layers = block.kinds.iter().zip(&block.inputs);
    let costs = layers.map(|(kind, input)| quote!(<#kind as #library::Infer<T, #input>>::MULTIPLY_ADDS));
    quote!(const COSTS: &'static [::core::primitive::usize] = &[#(#costs),*];)
}

struct Block<'a> {
    network: &'a Network<'a>,
    names: &'a Names<'a>,
    guards: &'a Guards<'a>,
    /// For each layer: its field, its type and the shape of its input.
    fields: Vec<&'a Ident>,
    kinds: Vec<TokenStream>,
    inputs: Vec<TokenStream>,
}

impl<'a> Block<'a> {
    fn new(network: &'a Network<'a>, names: &'a Names<'a>, guards: &'a Guards<'a>) -> Self {
        Self {
            network,
            names,
            guards,
            fields: fields(network).collect(),
            kinds: (0..network.layers.len()).map(|place| guards.kind(place)).collect(),
            inputs: network.layers.iter().map(|layer| guards.dimension(&layer.input)).collect(),
        }
    }

    /// The index of the last layer, whose output is the network's output.
    fn last(&self) -> usize {
        self.fields.len() - 1
    }

    fn texts(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.unraw().to_string()).collect()
    }

    /// `<kind as Trait<T, input>>` for each layer.
    fn layers(&self) -> Vec<TokenStream> {
        let library = self.names.library;
        let pairs = self.kinds.iter().zip(&self.inputs);
        pairs.map(|(kind, input)| quote!(<#kind as #library::Layer<T, #input>>)).collect()
    }

    /// `&layer` for each layer of the struct at `owner`.
    fn shared(&self, owner: &TokenStream) -> Vec<TokenStream> {
        let fields = self.fields.iter().enumerate();
        fields.map(|(place, field)| self.guards.shared(place, &quote!(#owner.#field))).collect()
    }

    /// `&mut layer` for each layer of the struct at `owner`.
    fn exclusive(&self, owner: &TokenStream) -> Vec<TokenStream> {
        let fields = self.fields.iter().enumerate();
        fields.map(|(place, field)| self.guards.exclusive(place, &quote!(#owner.#field))).collect()
    }

    /// The input of each layer: `x`, or the output of the layer before it.
    fn reads(&self) -> Vec<TokenStream> {
        let before = self.fields.iter().map(|field| quote!(&cache.#field.y));
        [quote!(x)].into_iter().chain(before).take(self.fields.len()).collect()
    }

    /// The buffer for the gradient by each layer's input.
    fn input_gradients(&self) -> Vec<TokenStream> {
        let before = self.fields.iter().map(|field| quote!(::core::option::Option::Some(&mut cache.#field.dy)));
        [quote!(dx)].into_iter().chain(before).take(self.fields.len()).collect()
    }

    /// Implements `Parameters`, with the layers and the settings of the loss as parts.
    fn parameters(&self) -> TokenStream {
        let Self { names, guards, network, .. } = self;
        let (library, parameters, this) = (names.library, names.parameters(), names.network(&quote!(T)));
        let (count, output, texts) = (self.fields.len(), guards.dimension(&network.output), self.texts());
        let places: Vec<_> = (0..count).collect();
        let (layers, layers_mut) = (self.shared(&quote!(self)), self.exclusive(&quote!(self)));
        let [rest, rest_mut] = if network.loss.is_some() {
            let (loss, loss_mut) = (guards.loss(&quote!(self.loss)), guards.loss_mut(&quote!(self.loss)));
            [
                quote!(#library::__private::loss_part::<T, #output, _>(#loss, index - #count)),
                quote!(#library::__private::loss_part_mut::<T, #output, _>(#loss_mut, index - #count)),
            ]
        } else {
            [quote!(::core::option::Option::None), quote!(::core::option::Option::None)]
        };
        let (usize, option) = (quote!(::core::primitive::usize), quote!(::core::option::Option));
        quote! {
            #[automatically_derived]
            impl<#parameters> #library::Parameters<T> for #this {
                fn part(&self, index: #usize) -> #option<#library::Part<'_, T>> {
                    #option::Some(match index {
                        #(#places => #library::Part::inside(#texts, #layers),)*
                        _ => return #rest,
                    })
                }

                fn part_mut(&mut self, index: #usize) -> #option<#library::PartMut<'_, T>> {
                    #option::Some(match index {
                        #(#places => #library::PartMut::Inside(#layers_mut),)*
                        _ => return #rest_mut,
                    })
                }
            }
        }
    }

    /// The cache: the cache of each layer, and the output and its gradient for all layers except the last.
    fn cache(&self) -> TokenStream {
        let Names { library, samples, cache, .. } = self.names;
        let (parameters, cache_type) = (self.names.parameters(), self.names.cache());
        let (visibility, last) = (&self.network.declaration.visibility, self.last());
        let (fields, layers) = (&self.fields, self.layers());
        let types = (0..=last).map(|place| match (&layers[place], &self.kinds[place], &self.inputs[place]) {
            (layer, _, _) if place == last => quote!(#layer::Cache<#samples>),
            (_, kind, input) => quote!(#library::LayerTape<T, #samples, #input, #kind>),
        });
        quote! {
            #[doc(hidden)]
            #visibility struct #cache<#parameters, #samples: #library::nalgebra::Dim> {
                #(#fields: #types,)*
            }

            #[automatically_derived]
            impl<#parameters, #samples: #library::nalgebra::Dim> #library::Cache<#samples> for #cache_type {
                fn new(samples: #samples) -> Self {
                    Self { #(#fields: #library::Cache::new(samples)),* }
                }
            }

            #[automatically_derived]
            impl<#parameters, #samples: #library::nalgebra::Dim> ::core::fmt::Debug for #cache_type {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.debug_struct(::core::stringify!(#cache)).finish_non_exhaustive()
                }
            }
        }
    }

    /// Implements `Infer`: one sample passes through two alternating buffers.
    fn infer(&self) -> TokenStream {
        let Self { names, guards, network, .. } = self;
        let (library, parameters, this) = (names.library, names.parameters(), names.network(&quote!(T)));
        let (input, output) = (guards.dimension(&network.input), guards.dimension(&network.output));
        let references = self.shared(&quote!(self));
        let pairs = self.kinds.iter().zip(&self.inputs);
        let traits: Vec<_> = pairs.map(|(kind, input)| quote!(<#kind as #library::Infer<T, #input>>)).collect();
        let outputs = network.layers[1..].iter().map(|next| match &next.input {
            Width::Size(Size { literal: Some(_), tokens, .. }) => tokens.clone(),
            width => {
                // In a type, so that the compiler reports a variable once.
                let dimension = guards.dimension(width);
                quote!(<#dimension as #library::nalgebra::DimName>::DIM)
            }
        });
        let (sizes, inside): (Vec<_>, Vec<_>) =
            (outputs.collect(), traits.iter().map(|layer| quote!(#layer::SCRATCH)).collect());
        let buffer = |place: usize| if place.is_multiple_of(2) { quote!(even) } else { quote!(odd) };
        let calls = (0..=self.last()).map(|place| {
            let (layer, input) = (&references[place], &self.inputs[place]);
            let read = match place.checked_sub(1) {
                None => quote!(x),
                Some(before) => {
                    let (buffer, size) = (buffer(before), &sizes[before]);
                    quote!(&#buffer[..#size])
                }
            };
            let output = match sizes.get(place) {
                None => quote!(y),
                Some(size) => {
                    let buffer = buffer(place);
                    quote!(&mut #buffer[..#size])
                }
            };
            quote!(#library::Infer::<T, #input>::infer_into(#layer, #read, #output, scratch);)
        });
        // The span makes the compiler report a layer that is more private than the network at its name.
        let place = network.layers[self.last()].element.type_name().span();
        let out = quote_spanned!(place=> type Out = #output;);
        let buffers = (self.last() > 0).then(|| {
            quote! {
                let [even, odd] = const { #library::__private::buffers(&[#(#sizes),*]) };
                let (even, scratch) = scratch.split_at_mut(even);
                let (odd, scratch) = scratch.split_at_mut(odd);
            }
        });
        quote! {
            #[automatically_derived]
            impl<#parameters> #library::Infer<T, #input> for #this {
                #out
                const SCRATCH: ::core::primitive::usize =
                    #library::__private::scratch_of_chain(&[#(#sizes),*], &[#(#inside),*]);
                const MULTIPLY_ADDS: ::core::primitive::usize = #(#traits::MULTIPLY_ADDS)+*;

                #[inline]
                fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]) {
                    #buffers
                    #(#calls)*
                }
            }
        }
    }

    /// Implements `Layer`: each layer reads the output of the one before it, and the last one writes `y`.
    fn layer(&self) -> TokenStream {
        let Self { names, guards, network, .. } = self;
        let Names { library, samples, storage: s, .. } = names;
        let (parameters, this, cache) = (names.parameters(), names.network(&quote!(T)), names.cache());
        let (input, output) = (guards.dimension(&network.input), guards.dimension(&network.output));
        let matrix = quote!(&#library::nalgebra::Matrix<T, #samples, #input, #s>);
        let generics =
            quote!(#samples: #library::nalgebra::Dim, #s: #library::nalgebra::RawStorage<T, #samples, #input>);
        let outputs = quote!(#library::Batch<T, #samples, #output>);
        let (forward, backward) = (self.forward(), self.backward());
        let (gradient, statistics) = (self.add_gradient(), self.add_statistics());
        let (activations, infos) = (self.list_activations(), self.infos());
        quote! {
            #[automatically_derived]
            impl<#parameters> #library::Layer<T, #input> for #this {
                type Cache<#samples: #library::nalgebra::Dim> = #cache;

                fn forward<#generics>(
                    &self,
                    x: #matrix,
                    y: &mut #outputs,
                    cache: &mut Self::Cache<#samples>,
                    mode: #library::Mode,
                ) {
                    #forward
                }

                fn backward<#generics>(
                    &self,
                    x: #matrix,
                    y: &#outputs,
                    dy: &#outputs,
                    dx: ::core::option::Option<&mut #library::Batch<T, #samples, #input>>,
                    cache: &mut Self::Cache<#samples>,
                ) {
                    #backward
                }

                fn add_gradient<#generics>(
                    x: #matrix,
                    dy: &#outputs,
                    cache: &Self::Cache<#samples>,
                    scale: T,
                    target: &mut Self,
                ) {
                    #gradient
                }

                fn add_statistics<#samples: #library::nalgebra::Dim>(
                    cache: &Self::Cache<#samples>,
                    weight: T,
                    target: &mut Self,
                ) {
                    #statistics
                }

                fn list_activations<'a, #samples: #library::nalgebra::Dim>(
                    cache: &'a Self::Cache<#samples>,
                    at: #library::__private::Path<'_>,
                    list: &mut #library::__private::Vec<#library::Activations<'a, T>>,
                ) {
                    #activations
                }

                fn inside(&self) -> ::core::option::Option<#library::Inside<#library::LayerInfo<'_, T>>> {
                    ::core::option::Option::Some(#library::Inside::Chain(
                        <#library::__private::Vec<_> as ::core::convert::From<_>>::from([#(#infos),*]),
                    ))
                }
            }
        }
    }

    /// Reads the features of a network's input as an image, if its first layer takes one.
    fn reshaped(&self) -> Option<TokenStream> {
        let (library, first) = (self.names.library, &self.network.layers[0]);
        let is_reshaped = matches!((&self.network.input, &first.input), (Width::Size(_), Width::Image(_)));
        let image = &self.inputs[0];
        is_reshaped.then(|| quote!(let x = &#library::reshaped::<#image, _, _, _, _>(x);))
    }

    fn forward(&self) -> TokenStream {
        let (library, last) = (self.names.library, self.last());
        let (layers, read, names) = (self.shared(&quote!(self)), self.reads(), self.layers());
        let reshaped = self.reshaped().into_iter();
        let calls = (0..=last).map(|place| {
            let (layer, read, field, name) = (&layers[place], &read[place], self.fields[place], &names[place]);
            let mode = {
                let place = place as u64;
                quote!(mode.inside(#place))
            };
            if place == last {
                quote!(#name::forward(#layer, #read, y, &mut cache.#field, #mode);)
            } else {
                quote!(#library::LayerTape::forward(&mut cache.#field, #layer, #read, #mode);)
            }
        });
        reshaped.chain(calls).collect()
    }

    fn backward(&self) -> TokenStream {
        let (library, last) = (self.names.library, self.last());
        let (layers, read, gradients, names) =
            (self.shared(&quote!(self)), self.reads(), self.input_gradients(), self.layers());
        let reshaped = self.reshaped();
        let calls = (0..=last).rev().map(|place| {
            let (layer, read, dx, field) = (&layers[place], &read[place], &gradients[place], self.fields[place]);
            let name = &names[place];
            let call = if place == last {
                quote!(#name::backward(#layer, #read, y, dy, #dx, &mut cache.#field);)
            } else {
                quote!(#library::LayerTape::backward(&mut cache.#field, #layer, #read, #dx);)
            };
            match reshaped {
                Some(_) if place == 0 => quote!(#library::__private::with_reshaped(dx, |dx| { #call });),
                _ => call,
            }
        });
        let calls: Vec<_> = calls.collect();
        quote!(#reshaped #(#calls)*)
    }

    fn add_gradient(&self) -> TokenStream {
        let (library, last) = (self.names.library, self.last());
        let (targets, read, names) = (self.exclusive(&quote!(target)), self.reads(), self.layers());
        let calls = (0..=last).map(|place| {
            let (target, read, field, name) = (&targets[place], &read[place], self.fields[place], &names[place]);
            if place == last {
                quote!(#name::add_gradient(#read, dy, &cache.#field, scale, #target);)
            } else {
                quote!(#library::LayerTape::add_gradient(&cache.#field, #read, scale, #target);)
            }
        });
        self.reshaped().into_iter().chain(calls).collect()
    }

    fn add_statistics(&self) -> TokenStream {
        let (library, last, samples) = (self.names.library, self.last(), &self.names.samples);
        let (targets, names) = (self.exclusive(&quote!(target)), self.layers());
        let calls = (0..=last).map(|place| {
            let (target, field, name) = (&targets[place], self.fields[place], &names[place]);
            if place == last {
                quote!(#name::add_statistics::<#samples>(&cache.#field, weight, #target);)
            } else {
                quote!(#library::LayerTape::add_statistics(&cache.#field, weight, #target);)
            }
        });
        calls.collect()
    }

    fn list_activations(&self) -> TokenStream {
        let (library, last, samples) = (self.names.library, self.last(), &self.names.samples);
        let (texts, names) = (self.texts(), self.layers());
        let calls = (0..=last).map(|place| {
            let (text, field, name) = (&texts[place], self.fields[place], &names[place]);
            if place == last {
                quote!(#name::list_activations::<#samples>(&cache.#field, at.then(#text), list);)
            } else {
                quote!(#library::LayerTape::list_activations(&cache.#field, at.then(#text), list);)
            }
        });
        calls.collect()
    }

    /// The `LayerInfo` of each layer.
    fn infos(&self) -> Vec<TokenStream> {
        let (library, layers) = (self.names.library, self.shared(&quote!(self)));
        let infos = self.network.layers.iter().zip(self.texts()).zip(&self.inputs).zip(layers);
        infos
            .map(|(((info, name), input), layer)| {
                let kind = info.element.text();
                quote!(#library::LayerInfo::new::<#input, _>(#name, #kind, #layer))
            })
            .collect()
    }
}
