//! Generates the layer of `#[activation]` and the loss of `#[loss]`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;

use super::code::{Code, local, quiet};
use super::formula::formulas;
use super::lower::Lowered;
use super::operation::{Constant, Operation};
use super::operators::operators;
use super::reverse::reverse;
use super::signature::{Scalar, Signature};
use super::ssa::{Id, Ssa};

/// Generates the layer's type, its documentation and its trait implementations.
pub fn expand(kind: Kind, signature: &Signature, lowered: &Lowered) -> TokenStream {
    let (library, scalar) = (signature.library.clone(), Scalar::Generic(signature.scalar.parameter()));
    let signature = &Signature { library, scalar, ..signature.clone() };
    let layer = Layer::new(kind, signature, lowered);
    let (library, name) = (&signature.library, &layer.name);
    let (implementation, rest) = match kind {
        Kind::Activation => {
            let kept = layer.slope_is_slow().then(|| quote!(, kept));
            (layer.elementwise(), quote!(elementwise_layer!(#name #kept)))
        }
        Kind::Loss => (layer.elementwise_loss(), quote!(elementwise_loss!(#name))),
    };
    let conditions = signature.function.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let items = signature.guarded(layer.structure().into_iter().chain([implementation]));
    quote! {
        #items
        #(#conditions)*
        #library::__private::#rest;
    }
}

/// The kind of the generated type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A layer, whose function takes an input.
    Activation,
    /// A loss, whose function takes an output and its target.
    Loss,
}

impl Kind {
    /// The names of the parameters before the hyperparameters, in generated code.
    const fn inputs(self) -> &'static [&'static str] {
        match self {
            Self::Activation => &["x"],
            Self::Loss => &["y", "t"],
        }
    }
}

struct Layer<'a> {
    kind: Kind,
    signature: &'a Signature<'a>,
    name: Ident,
    /// The operations of the function and of its derivative by the first parameter.
    ssa: Ssa,
    result: Id,
    slope: Id,
}

impl<'a> Layer<'a> {
    fn new(kind: Kind, signature: &'a Signature<'a>, lowered: &Lowered) -> Self {
        let (mut ssa, result) = (lowered.ssa.clone(), lowered.result);
        let one = Operation::Constant(Constant::number(1.0));
        let back = reverse(&mut ssa, result, one, |place| place == 0);
        let slope = back.inputs[0].unwrap_or_else(|| ssa.add(Operation::Constant(Constant::number(0.0)), &[]));
        ssa.simplify_logistic_slope(result);
        Self { kind, signature, name: signature.type_name(""), ssa, result, slope }
    }

    /// All parameters except the inputs.
    fn hyperparameters(&self) -> &[Ident] {
        &self.signature.parameters[self.kind.inputs().len()..]
    }

    /// The inputs in generated code.
    fn inputs(&self) -> Vec<Ident> {
        self.kind.inputs().iter().map(|name| Ident::new(name, Span::mixed_site())).collect()
    }

    /// The type and, if it has hyperparameters, its function `new`.
    fn structure(&self) -> Vec<TokenStream> {
        let (name, visibility, fields) = (&self.name, &self.signature.function.vis, self.hyperparameters());
        let user_docs = self.signature.function.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
        let docs = self.docs(user_docs.clone().next().is_some());
        let head = quote! {
            #(#user_docs)*
            #(#[doc = #docs])*
            #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        };
        if fields.is_empty() {
            let structure = quote! {
                #head
                #[derive(::core::default::Default, ::core::cmp::Eq)]
                #visibility struct #name;
            };
            return vec![structure, self.embedded(&[], &quote!(Self))];
        }
        let (number, quiet) = (quote!(::core::primitive::f64), quiet());
        let texts = fields.iter().map(|field| format!(" The hyperparameter `{}`.", field.unraw()));
        let structure = quote! {
            #head
            #[allow(non_snake_case, clippy::pub_underscore_fields)]
            #visibility struct #name {
                #(#[doc = #texts] #visibility #fields: #number,)*
            }
        };
        let doc = match self.kind {
            Kind::Activation => " Creates the layer with these hyperparameters.",
            Kind::Loss => " Creates the loss with these hyperparameters.",
        };
        let new = quote! {
            #[automatically_derived]
            #quiet
            impl #name {
                #[doc = #doc]
                #[must_use]
                #visibility const fn new(#(#fields: #number),*) -> Self {
                    Self { #(#fields),* }
                }
            }
        };
        let library = &self.signature.library;
        let texts: Vec<_> = fields.iter().map(|field| field.unraw().to_string()).collect();
        let value = quote!(Self { #(#fields: #library::At::<__Place>::setting(#texts)),* });
        vec![structure, new, self.embedded(&texts, &value)]
    }

    /// The implementations for networks that are embedded in a program.
    fn embedded(&self, settings: &[String], value: &TokenStream) -> TokenStream {
        let (name, library) = (&self.name, &self.signature.library);
        quote! {
            #[automatically_derived]
            impl<__T: #library::Scalar> #library::Embed<__T> for #name {
                const PARTS: &'static [#library::Declared] = &[#(#library::Declared::setting(#settings)),*];
            }

            #[automatically_derived]
            impl<__T: #library::Scalar, __Place: #library::Place> #library::EmbedAt<__T, __Place> for #name {
                const EMBEDDED: Self = #value;
            }
        }
    }

    /// The formulas and the shapes, below the user's doc comment if there is one.
    fn docs(&self, has_user_docs: bool) -> Vec<String> {
        let parameters: Vec<String> = self.signature.parameters.iter().map(|name| name.unraw().to_string()).collect();
        let (names, shapes): (&[&str], _) = match self.kind {
            Kind::Activation => (&["y", "z"], " `x`, `y`, `dy` and `dx` are `N x F`, for any `F`."),
            Kind::Loss => (
                &["L", "loss"],
                " Outputs and targets are `N x F`, for any `F`. The loss of a batch is the mean over all of them.",
            ),
        };
        let formulas = formulas(&self.ssa, &parameters, names, self.result, self.slope);
        let mut lines = if has_user_docs { vec![String::new()] } else { Vec::new() };
        lines.push(" ```text".to_owned());
        lines.extend(formulas.into_iter().map(|line| format!(" {line}")));
        lines.extend([" ```", "", " # Shapes", "", shapes].map(str::to_owned));
        lines
    }

    fn elementwise(&self) -> TokenStream {
        let (name, library, scalar) = (&self.name, &self.signature.library, &self.signature.scalar);
        let (x, y) = (Ident::new("x", Span::mixed_site()), Ident::new("y", Span::mixed_site()));
        let (quiet, value) = (quiet(), self.body(self.result, None));
        let slope = self.body(self.slope, Some(&y));
        let (settings, operators) = (self.settings(), self.operators());
        quote! {
            #[automatically_derived]
            #quiet
            impl #library::__private::Elementwise for #name {
                #[inline(always)]
                fn value<#scalar: #library::Scalar>(&self, #x: #scalar) -> #scalar {
                    #value
                }

                #[inline(always)]
                fn slope<#scalar: #library::Scalar>(&self, #x: #scalar, #y: #scalar) -> #scalar {
                    #slope
                }

                #library::__private::with_alloc! {
                    fn operation<#scalar: #library::Scalar>(&self) -> ::core::option::Option<#library::Operation> {
                        #operators
                    }
                }

                #settings
            }
        }
    }

    fn elementwise_loss(&self) -> TokenStream {
        let (name, library, scalar) = (&self.name, &self.signature.library, &self.signature.scalar);
        let (quiet, inputs) = (quiet(), self.inputs());
        let (value, slope) = (self.body(self.result, None), self.body(self.slope, None));
        let parts = self.parts();
        quote! {
            #[automatically_derived]
            #quiet
            impl #library::__private::ElementwiseLoss for #name {
                #[inline(always)]
                fn value<#scalar: #library::Scalar>(&self, #(#inputs: #scalar),*) -> #scalar {
                    #value
                }

                #[inline(always)]
                fn slope<#scalar: #library::Scalar>(&self, #(#inputs: #scalar),*) -> #scalar {
                    #slope
                }

                #parts
            }
        }
    }

    /// Lists the hyperparameters of a loss, if any, as parts.
    fn parts(&self) -> Option<TokenStream> {
        let (fields, library, scalar) = (self.hyperparameters(), &self.signature.library, &self.signature.scalar);
        let places: Vec<_> = (0..fields.len()).collect();
        let texts = fields.iter().map(|field| field.unraw().to_string());
        let (usize, option) = (quote!(::core::primitive::usize), quote!(::core::option::Option));
        let methods = quote! {
            fn part<#scalar: #library::Scalar>(&self, index: #usize) -> #option<#library::Part<'_, #scalar>> {
                #option::Some(match index {
                    #(#places => #library::Part::setting(#texts, &self.#fields),)*
                    _ => return #option::None,
                })
            }

            fn part_mut<#scalar: #library::Scalar>(
                &mut self,
                index: #usize,
            ) -> #option<#library::PartMut<'_, #scalar>> {
                #option::Some(match index {
                    #(#places => #library::PartMut::Setting(&mut self.#fields),)*
                    _ => return #option::None,
                })
            }
        };
        (!fields.is_empty()).then_some(methods)
    }

    /// Lists the hyperparameters, if any, as settings, so that saving and copying a network includes them.
    fn settings(&self) -> Option<TokenStream> {
        let fields = self.hyperparameters();
        let (places, texts) = (0..fields.len(), fields.iter().map(|field| field.unraw().to_string()));
        let places: Vec<_> = places.collect();
        let (number, option) = (quote!(::core::primitive::f64), quote!(::core::option::Option));
        let (usize, str) = (quote!(::core::primitive::usize), quote!(::core::primitive::str));
        let methods = quote! {
            fn setting(&self, index: #usize) -> #option<(&'static #str, &#number)> {
                #option::Some(match index {
                    #(#places => (#texts, &self.#fields),)*
                    _ => return #option::None,
                })
            }

            fn setting_mut(&mut self, index: #usize) -> #option<&mut #number> {
                #option::Some(match index {
                    #(#places => &mut self.#fields,)*
                    _ => return #option::None,
                })
            }
        };
        (!fields.is_empty()).then_some(methods)
    }

    /// The function in the operators of ONNX.
    fn operators(&self) -> TokenStream {
        let place = |id: Id| local(id).into_token_stream();
        let code = Code { signature: self.signature, ssa: &self.ssa, place: &place, quick: false };
        operators(&code, self.hyperparameters(), self.result)
    }

    /// Returns true if the slope can use `y`. The derivative of a call needs the whole call, not only its result.
    fn result_is_enough(&self) -> bool {
        !matches!(self.ssa.operation(self.result), Operation::Call(_))
    }

    /// Returns true if the slope needs slow operations even when `y` is given.
    ///
    /// Then the forward pass, which has most of their results already, computes the slope too.
    fn slope_is_slow(&self) -> bool {
        let given = |id: Id| self.result_is_enough() && id == self.result;
        let needed = self.ssa.needed(&[self.slope], given);
        (0..needed.len()).any(|id| needed[id] && !given(id) && self.ssa.operation(id).is_slow())
    }

    /// Generates the code that computes a value from the inputs, and from the function's result `y` if it is given.
    fn body(&self, wanted: Id, y: Option<&Ident>) -> TokenStream {
        let (inputs, result) = (self.inputs(), self.result);
        let is_given = y.is_some() && self.result_is_enough();
        let given = |id: Id| is_given && id == result;
        let place = |id: Id| match id {
            id if id < inputs.len() => inputs[id].to_token_stream(),
            _ if given(id) => quote!(#y),
            _ => local(id).into_token_stream(),
        };
        let code = Code { signature: self.signature, ssa: &self.ssa, place: &place, quick: true };
        let needed = self.ssa.needed(&[wanted], given);
        let hyperparameters = self.hyperparameters_used(&needed);
        let imports = code.imports();
        let lets = code.lets((0..wanted).filter(|&id| needed[id] && !given(id)));
        let value = if given(wanted) { quote!(#y) } else { code.result(wanted) };
        quote! {
            #imports
            #hyperparameters
            #lets
            #value
        }
    }

    /// Converts the hyperparameters that are used to the scalar type.
    fn hyperparameters_used(&self, needed: &[bool]) -> TokenStream {
        let (library, scalar) = (&self.signature.library, &self.signature.scalar);
        let used = self.hyperparameters().iter().zip(self.kind.inputs().len()..).filter(|(_, id)| needed[*id]);
        let lets = used.map(|(field, id)| {
            let name = local(id);
            quote!(let #name: #scalar = <#scalar as #library::Scalar>::of(self.#field);)
        });
        lets.collect()
    }
}
