//! The functions of a call of what has a wrong signature. They are never called.

use proc_macro2::TokenStream;
use quote::quote;

use super::Parts;
use crate::differentiable::{rest, stand_in};

impl Parts<'_> {
    pub fn stand_ins(&self) -> TokenStream {
        let (visibility, scalar, library) = (&self.signature.function.vis, &self.signature.scalar, self.library);
        let (gradient, kinds) = (&self.gradient, self.signature.taken(scalar));
        let (anything, body) = (rest::anything(), stand_in::body());
        quote! {
            #visibility fn forward(#(_: #kinds),*) -> Self #body

            #[doc(hidden)]
            #visibility fn __forward<const __N: ::core::primitive::usize>(_: [#scalar; __N]) -> Self #body

            #[doc(hidden)]
            #visibility fn __quick_forward<const __N: ::core::primitive::usize>(_: [#scalar; __N]) -> Self #body

            #visibility fn value(&self) -> #scalar #body

            #visibility fn backward(&self, _: #anything) -> #gradient<#scalar> #body

            #visibility fn graph(&self) -> #library::graph::Graph #body

            #visibility fn graph_with_gradients(&self, _: #anything) -> #library::graph::Graph #body
        }
    }
}
