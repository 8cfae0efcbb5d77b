//! Generates the functions that return a call's computational graph.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use super::{Parts, dout_name};
use crate::differentiable::code::quiet;
use crate::differentiable::drawing::{Drawing, draw};
use crate::differentiable::ssa::Id;

impl Parts<'_> {
    /// The functions need the standard library.
    pub fn graph(&self) -> TokenStream {
        let parameters: Vec<String> = self.signature.parameters.iter().map(|name| name.unraw().to_string()).collect();
        let text = self.signature.name().unraw().to_string();
        let drawing = draw(&self.ssa, &text, &parameters, self.result, self.dout, &self.back);
        let (drawn, gradients) = (self.drawn(&drawing), self.gradients_drawn(&drawing));
        let (visibility, scalar) = (&self.signature.function.vis, &self.signature.scalar);
        let (library, dout) = (self.library, dout_name());
        let (name, generics, quiet) = (self.signature.name(), self.signature.generics(), quiet());
        let (implementation, _, clause) = generics.split_for_impl();
        quote! {
            #[automatically_derived]
            #quiet
            impl #implementation #name<#scalar> #clause {
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
    }

    /// Generates a call with the tables of nodes, edges and values.
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
        let values =
            drawing.edges.iter().map(|edge| edge.value.map_or_else(|| code.number(-1.0), |id| code.operand(id)));
        let imports = code.imports();
        quote! {
            #imports
            #library::__private::operations::drawn(
                &[#(#nodes),*],
                &[#(#ends),*],
                &[#(#values),*],
                gradients,
                sums,
            )
        }
    }

    /// Generates a call that adds the derivatives.
    fn gradients_drawn(&self, drawing: &Drawing) -> TokenStream {
        let place = self.in_self();
        let code = self.code(&place);
        let sums = drawing.shared.iter().filter_map(|&input| Some((input, self.back.inputs[input]?)));
        let sums: Vec<(usize, Id)> = sums.collect();
        let wanted = drawing.edges.iter().filter_map(|edge| edge.gradient).chain(sums.iter().map(|(_, sum)| *sum));
        let wanted: Vec<Id> = wanted.collect();
        let (imports, lets) = (code.imports(), self.lets_back(&wanted, &code));
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
        quote! {
            #imports
            #lets
            self.drawn(&[#(#gradients),*], &[#(#sums),*])
        }
    }
}
