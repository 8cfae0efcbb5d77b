#[allow(dead_code)]
fn cube(x: f64) -> f64 {
    shapes::square::<f64>(x) * same(x)
}
#[doc(hidden)]
enum __CubeCalls {}
#[allow(dead_code, non_camel_case_types)]
const _: () = {
    type __callee<T> = ::typenet::differentiated::NotDifferentiable<T>;
    const _: () = {
        #[allow(deprecated, unused_imports)]
        use shapes::square as __callee;
        impl ::typenet::differentiated::Calls<0> for __CubeCalls {
            type Of<T> = __callee<T>;
        }
    };
};
#[allow(dead_code, non_camel_case_types)]
const _: () = {
    type __callee<T> = ::typenet::differentiated::NotDifferentiable<T>;
    const _: () = {
        #[allow(deprecated, unused_imports)]
        use same as __callee;
        impl ::typenet::differentiated::Calls<1> for __CubeCalls {
            type Of<T> = __callee<T>;
        }
    };
};
/// A call of [`cube`](fn@cube): its values, from which `backward` computes the derivatives.
#[allow(dead_code, non_camel_case_types, non_snake_case)]
#[allow(clippy::derive_partial_eq_without_eq, clippy::pub_underscore_fields)]
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
struct cube<T = f64> {
    v0: T,
    v1: <__CubeCalls as ::typenet::differentiated::Calls<0>>::Of<T>,
    v2: <__CubeCalls as ::typenet::differentiated::Calls<1>>::Of<T>,
    v3: T,
}
/// The derivatives of [`cube`](fn@cube) with respect to its parameters.
#[allow(dead_code, non_camel_case_types, non_snake_case)]
#[allow(clippy::derive_partial_eq_without_eq, clippy::pub_underscore_fields)]
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
struct CubeGradient<T> {
    /// The derivative with respect to `x`.
    x: T,
}
#[automatically_derived]
#[doc(hidden)]
impl<T> ::typenet::differentiated::Call for cube<T> {
    type Number = T;
}
#[automatically_derived]
#[allow(
    dead_code,
    non_snake_case,
    unused_variables,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]
impl cube<f64> {
    /// Computes the function, and stores the values for `backward`.
    #[inline]
    #[must_use]
    fn forward(x: f64) -> Self {
        #[allow(unused_imports)]
        use ::typenet::differentiated::Fallback as _;
        let v1 = <<__CubeCalls as ::typenet::differentiated::Calls<
            0,
        >>::Of<f64>>::__forward([x]);
        let v2 = <<__CubeCalls as ::typenet::differentiated::Calls<
            1,
        >>::Of<f64>>::__forward([x]);
        let v3: f64 = v1.value() * v2.value();
        Self { v0: x, v1, v2, v3 }
    }
    #[doc(hidden)]
    #[inline]
    fn __forward<const __N: ::core::primitive::usize>(arguments: [f64; __N]) -> Self {
        Self::forward(arguments[0])
    }
    #[doc(hidden)]
    #[inline(always)]
    fn __quick_forward<const __N: ::core::primitive::usize>(
        arguments: [f64; __N],
    ) -> Self {
        let x = arguments[0];
        #[allow(unused_imports)]
        use ::typenet::differentiated::Fallback as _;
        let v1 = <<__CubeCalls as ::typenet::differentiated::Calls<
            0,
        >>::Of<f64>>::__quick_forward([x]);
        let v2 = <<__CubeCalls as ::typenet::differentiated::Calls<
            1,
        >>::Of<f64>>::__quick_forward([x]);
        let v3: f64 = v1.value() * v2.value();
        Self { v0: x, v1, v2, v3 }
    }
    /// The function's result.
    #[inline]
    #[must_use]
    fn value(&self) -> f64 {
        #[allow(unused_imports)]
        use ::typenet::differentiated::Fallback as _;
        self.v3
    }
    /// Computes the derivatives with respect to the parameters.
    ///
    /// `dout` is the derivative with respect to the result: 1 for the derivatives of the function itself.
    #[inline]
    #[must_use]
    fn backward(&self, dout: f64) -> CubeGradient<f64> {
        #[allow(unused_imports)]
        use ::typenet::differentiated::Fallback as _;
        let v5: f64 = dout * self.v2.value();
        let v6: f64 = dout * self.v1.value();
        let v7 = self.v2.backward(v6).to_array();
        let v9 = self.v1.backward(v5).to_array();
        let v11: f64 = v7[0] + v9[0];
        CubeGradient { x: v11 }
    }
}
#[automatically_derived]
#[allow(dead_code)]
impl CubeGradient<f64> {
    /// The derivatives in the order of the parameters.
    #[inline]
    #[must_use]
    const fn to_array(self) -> [f64; 1] {
        [self.x]
    }
}
::typenet::__private::with_std! {
    #[automatically_derived]
    #[allow(
        dead_code,
        non_snake_case,
        unused_variables,
        clippy::all,
        clippy::pedantic,
        clippy::nursery
    )]
    impl cube<f64> {
        /// The computational graph, with a value on each edge.
        #[must_use]
        fn graph(&self) -> ::typenet::graph::Graph {
            self.drawn(&[], &[])
        }
        /// The computational graph, with the value on each edge and the derivative that flows back along it.
        #[must_use]
        fn graph_with_gradients(&self, dout: f64) -> ::typenet::graph::Graph {
            #[allow(unused_imports)]
            use ::typenet::differentiated::Fallback as _;
            let v5: f64 = dout * self.v2.value();
            let v6: f64 = dout * self.v1.value();
            let v7 = self.v2.backward(v6).to_array();
            let v9 = self.v1.backward(v5).to_array();
            let v11: f64 = v7[0] + v9[0];
            self.drawn(
                &[
                    ::core::option::Option::Some(v9[0]),
                    ::core::option::Option::Some(v7[0]),
                    ::core::option::Option::Some(v5),
                    ::core::option::Option::Some(v6),
                    ::core::option::Option::Some(dout),
                ],
                &[(0, v11)],
            )
        }
        fn drawn(
            &self,
            gradients: &[::core::option::Option<f64>],
            sums: &[(::core::primitive::usize, f64)],
        ) -> ::typenet::graph::Graph {
            #[allow(unused_imports)]
            use ::typenet::differentiated::Fallback as _;
            ::typenet::__private::operations::drawn(
                &[
                    (::typenet::graph::Kind::Input, "x"),
                    (::typenet::graph::Kind::Operator, "square"),
                    (::typenet::graph::Kind::Operator, "same"),
                    (::typenet::graph::Kind::Operator, "×"),
                    (::typenet::graph::Kind::Output, "cube"),
                ],
                &[(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)],
                &[self.v0, self.v0, self.v1.value(), self.v2.value(), self.v3],
                gradients,
                sums,
            )
        }
    }
}
