//! Writes what stands beside a differentiable function. Nothing is decided here, and nothing can fail.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Attribute;
use syn::ext::IdentExt;

use super::code::{Code, call_type, local};
use super::drawing::{Drawing, Value, draw};
use super::lower::Lowered;
use super::operation::Operation;
use super::reverse::{Reversed, reverse};
use super::signature::{Scalar, Signature};
use super::ssa::{Id, Ssa};

/// The type of a call with all its functions, and the type of its derivatives.
pub fn expand(signature: &Signature, lowered: &Lowered) -> TokenStream {
    let parts = Parts::new(signature, lowered);
    let (parameters, concrete) = parts.generics();
    let (implementation, _, clause) = signature.function.sig.generics.split_for_impl();
    let (name, scalar, cfg) = (signature.name(), &signature.scalar, parts.cfg());
    let functions = [parts.forward(), parts.value(), parts.backward(), parts.graph()];
    let (structures, arrays) =
        ([parts.structure(&parameters, concrete.as_ref()), parts.gradient(&parameters)], parts.array());
    quote! {
        #(#structures)*

        #(#cfg)*
        #[automatically_derived]
        #[allow(dead_code)]
        impl #implementation #name<#scalar> #clause {
            #(#functions)*
        }

        #arrays
    }
}

/// What the pieces share.
struct Parts<'a> {
    signature: &'a Signature<'a>,
    /// The operations of forward, then those of backward.
    ssa: Ssa,
    forward: usize,
    result: Id,
    dout: Id,
    back: Reversed,
    gradient: Ident,
    library: &'a syn::Path,
}

impl<'a> Parts<'a> {
    fn new(signature: &'a Signature<'a>, lowered: &Lowered) -> Self {
        let (mut ssa, result) = (lowered.ssa.clone(), lowered.result);
        let (forward, dout) = (ssa.nodes.len(), ssa.nodes.len());
        let back = reverse(&mut ssa, result, Operation::Dout, |_| true);
        let gradient = signature.type_name("Gradient");
        Self { signature, ssa, forward, result, dout, back, gradient, library: &signature.library }
    }

    /// The type parameter of the structs, and its default.
    fn generics(&self) -> (Ident, Option<TokenStream>) {
        match &self.signature.scalar {
            Scalar::Generic(name) => (name.clone(), None),
            Scalar::Primitive(kind) => (format_ident!("T"), Some(quote!(= #kind))),
        }
    }

    /// Under which conditions the function is there at all.
    fn cfg(&self) -> impl Iterator<Item = &Attribute> {
        self.signature.function.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"))
    }

    /// The operations whose values are kept.
    fn kept(&self) -> impl Iterator<Item = Id> {
        (0..self.forward).filter(|&id| self.ssa.constant(id).is_none())
    }

    fn structure(&self, parameter: &Ident, default: Option<&TokenStream>) -> TokenStream {
        let (name, visibility, cfg) = (self.signature.name(), &self.signature.function.vis, self.cfg());
        let doc = format!(" A call of [`{name}`](fn@{name}): all its values, and the way back to its derivatives.");
        let fields = self.kept().map(|id| {
            let field = local(id);
            match self.ssa.operation(id) {
                Operation::Call(callee) => {
                    let kind = call_type(callee, self.signature);
                    quote!(#field: #kind)
                }
                _ => quote!(#field: #parameter),
            }
        });
        quote! {
            #[doc = #doc]
            #(#cfg)*
            #[allow(non_camel_case_types, dead_code, clippy::derive_partial_eq_without_eq)]
            #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq)]
            #visibility struct #name<#parameter #default> {
                #(#fields,)*
            }
        }
    }

    fn gradient(&self, parameter: &Ident) -> TokenStream {
        let (name, visibility, cfg) = (&self.gradient, &self.signature.function.vis, self.cfg());
        let doc = format!(" The derivatives of [`{0}`](fn@{0}) by each of its parameters.", self.signature.name());
        let fields = self.signature.parameters.iter().map(|field| {
            let doc = format!(" By `{field}`.");
            quote!(#[doc = #doc] #visibility #field: #parameter)
        });
        quote! {
            #[doc = #doc]
            #(#cfg)*
            #[allow(dead_code, clippy::derive_partial_eq_without_eq)]
            #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq)]
            #visibility struct #name<#parameter> {
                #(#fields,)*
            }
        }
    }

    /// The derivatives in the order of the parameters.
    fn array(&self) -> TokenStream {
        let (name, visibility, cfg) = (&self.gradient, &self.signature.function.vis, self.cfg());
        let (scalar, fields) = (&self.signature.scalar, &self.signature.parameters);
        let count = Literal::usize_unsuffixed(self.ssa.inputs);
        let (implementation, _, clause) = self.signature.function.sig.generics.split_for_impl();
        quote! {
            #(#cfg)*
            #[automatically_derived]
            #[allow(dead_code)]
            impl #implementation #name<#scalar> #clause {
                /// The derivatives in the order of the parameters.
                #[inline]
                #[must_use]
                #visibility const fn to_array(self) -> [#scalar; #count] {
                    [#(self.#fields),*]
                }
            }
        }
    }

    fn forward(&self) -> TokenStream {
        let (visibility, scalar, parameters) =
            (&self.signature.function.vis, &self.signature.scalar, &self.signature.parameters);
        let place = |id: Id| match parameters.get(id) {
            Some(name) => quote!(#name),
            None => {
                let name = local(id);
                quote!(#name)
            }
        };
        let lets = self.code(&place).lets(0..self.forward);
        let fields = self.kept().map(|id| {
            let (field, value) = (local(id), place(id));
            if id < self.ssa.inputs { quote!(#field: #value) } else { quote!(#field) }
        });
        quote! {
            /// Calculates the function, and keeps what the derivatives need.
            #[inline]
            #[must_use]
            #visibility fn forward(#(#parameters: #scalar),*) -> Self {
                #lets
                Self { #(#fields),* }
            }
        }
    }

    /// The value where `forward` has left it, or where `backward` has just put it.
    fn in_self(&self) -> impl Fn(Id) -> TokenStream {
        let (forward, dout) = (self.forward, self.dout);
        move |id| match id {
            _ if id == dout => {
                let dout = dout_name();
                quote!(#dout)
            }
            _ => {
                let name = local(id);
                if id < forward { quote!(self.#name) } else { quote!(#name) }
            }
        }
    }

    fn code<'c>(&'c self, place: &'c dyn Fn(Id) -> TokenStream) -> Code<'c> {
        Code { signature: self.signature, ssa: &self.ssa, place, quick: false }
    }

    fn value(&self) -> TokenStream {
        let (visibility, scalar, place) = (&self.signature.function.vis, &self.signature.scalar, self.in_self());
        let result = self.code(&place).operand(self.result);
        quote! {
            /// The result.
            #[inline]
            #[must_use]
            #visibility fn value(&self) -> #scalar {
                #result
            }
        }
    }

    /// What leads to those derivatives.
    fn lets_back(&self, wanted: &[Id], code: &Code) -> TokenStream {
        let needed = self.ssa.needed(wanted, |id| id < self.forward);
        code.lets((self.forward..self.ssa.nodes.len()).filter(|&id| needed[id]))
    }

    fn backward(&self) -> TokenStream {
        let (visibility, scalar, gradient) = (&self.signature.function.vis, &self.signature.scalar, &self.gradient);
        let (place, dout) = (self.in_self(), dout_name());
        let code = self.code(&place);
        let wanted: Vec<Id> = self.back.inputs.iter().flatten().copied().collect();
        let lets = self.lets_back(&wanted, &code);
        let fields = self.signature.parameters.iter().zip(&self.back.inputs).map(|(name, derivative)| {
            let value = derivative.map_or_else(|| code.number(0.0), |id| code.operand(id));
            quote!(#name: #value)
        });
        let used = self.ssa.needed(&wanted, |id| id < self.forward)[self.dout];
        let unused = (!used).then(|| quote!(let _ = #dout;));
        quote! {
            /// The derivatives by the parameters, from the derivative by the result: 1 for the function's own.
            #[inline]
            #[must_use]
            #visibility fn backward(&self, #dout: #scalar) -> #gradient<#scalar> {
                #unused
                #lets
                #gradient { #(#fields),* }
            }
        }
    }

    fn graph(&self) -> TokenStream {
        let parameters: Vec<String> = self.signature.parameters.iter().map(|name| name.unraw().to_string()).collect();
        let name = self.signature.name().unraw().to_string();
        let drawing = draw(&self.ssa, &name, &parameters, self.result, self.dout, &self.back);
        let (drawn, gradients) = (self.drawn(&drawing), self.gradients_drawn(&drawing));
        let (visibility, scalar) = (&self.signature.function.vis, &self.signature.scalar);
        let (library, dout) = (self.library, dout_name());
        quote! {
            /// The computational graph, with a value on each edge.
            #[must_use]
            #visibility fn graph(&self) -> #library::graph::Graph {
                self.drawn(&[], &[])
            }

            /// The computational graph, with the value on each edge and the derivative that flows back along it.
            #[must_use]
            #visibility fn graph_with_gradients(&self, #dout: #scalar) -> #library::graph::Graph {
                #gradients
            }

            fn drawn(
                &self,
                gradients: &[::core::option::Option<#scalar>],
                sums: &[(::core::primitive::usize, #scalar)],
            ) -> #library::graph::Graph {
                #drawn
            }
        }
    }

    /// The tables of the nodes and the edges, and the values on these.
    fn drawn(&self, drawing: &Drawing) -> TokenStream {
        let (place, library) = (self.in_self(), self.library);
        let code = self.code(&place);
        let nodes = drawing.nodes.iter().map(|(kind, label)| {
            let kind = Ident::new(kind, Span::mixed_site());
            quote!((#library::graph::Kind::#kind, #label))
        });
        let number = Literal::usize_unsuffixed;
        let ends = drawing.edges.iter().map(|edge| (number(edge.from), number(edge.to)));
        let ends = ends.map(|(from, to)| quote!((#from, #to)));
        let values = drawing.edges.iter().map(|edge| match edge.value {
            Value::Of(id) => code.operand(id),
            Value::Number(value) => code.number(value),
        });
        quote! {
            #library::__private::operations::drawn(
                &[#(#nodes),*],
                &[#(#ends),*],
                &[#(#values),*],
                gradients,
                sums,
            )
        }
    }

    /// The call that draws them with the derivatives.
    fn gradients_drawn(&self, drawing: &Drawing) -> TokenStream {
        let (place, dout) = (self.in_self(), dout_name());
        let code = self.code(&place);
        let sums = drawing.shared.iter().filter_map(|&input| Some((input, self.back.inputs[input]?)));
        let sums: Vec<(usize, Id)> = sums.collect();
        let wanted = drawing.edges.iter().filter_map(|edge| edge.gradient).chain(sums.iter().map(|(_, sum)| *sum));
        let wanted: Vec<Id> = wanted.collect();
        let lets = self.lets_back(&wanted, &code);
        let gradients = drawing.edges.iter().map(|edge| match edge.gradient {
            Some(id) => {
                let value = code.operand(id);
                quote!(::core::option::Option::Some(#value))
            }
            None => quote!(::core::option::Option::None),
        });
        let sums = sums.iter().map(|&(input, sum)| {
            let (input, sum) = (Literal::usize_unsuffixed(input), code.operand(sum));
            quote!((#input, #sum))
        });
        let unused = wanted.is_empty().then(|| quote!(let _ = #dout;));
        quote! {
            #unused
            #lets
            self.drawn(&[#(#gradients),*], &[#(#sums),*])
        }
    }
}

/// The parameter that is the derivative by the result.
fn dout_name() -> Ident {
    Ident::new("dout", Span::mixed_site())
}
