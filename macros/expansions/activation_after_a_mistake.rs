::core::compile_error! {
    "`if` is not supported in a differentiable function: use `+ - * /`, numbers, `let`, calls of other differentiable functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`"
}
#[allow(unused)]
fn wrong<T: Scalar>(x: T, slope: T) -> T {
    ::core::unreachable!("a function with a mistake does not compile")
}
/// A call of [`wrong`](fn@wrong): its values, from which `backward` computes the derivatives.
#[allow(dead_code, non_camel_case_types, non_snake_case)]
#[allow(clippy::derive_partial_eq_without_eq, clippy::pub_underscore_fields)]
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
struct wrong<T> {
    v0: T,
    v1: T,
}
/// The derivatives of [`wrong`](fn@wrong) with respect to its parameters.
#[allow(dead_code, non_camel_case_types, non_snake_case)]
#[allow(clippy::derive_partial_eq_without_eq, clippy::pub_underscore_fields)]
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
struct WrongGradient<T> {
    /// The derivative with respect to `x`.
    x: T,
    /// The derivative with respect to `slope`.
    slope: T,
}
#[automatically_derived]
#[doc(hidden)]
impl<T> ::typenet::differentiated::Call for wrong<T> {
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
impl<T: ::typenet::Scalar> wrong<T> {
    /// Computes the function, and stores the values for `backward`.
    #[inline]
    #[must_use]
    fn forward(x: T, slope: T) -> Self {
        Self { v0: x, v1: slope }
    }
    #[doc(hidden)]
    #[inline]
    fn __forward<const __N: ::core::primitive::usize>(arguments: [T; __N]) -> Self {
        Self::forward(arguments[0], arguments[1])
    }
    #[doc(hidden)]
    #[inline(always)]
    fn __quick_forward<const __N: ::core::primitive::usize>(
        arguments: [T; __N],
    ) -> Self {
        Self::__forward(arguments)
    }
    /// The function's result.
    #[inline]
    #[must_use]
    fn value(&self) -> T {
        self.v0
    }
    /// Computes the derivatives with respect to the parameters.
    ///
    /// `dout` is the derivative with respect to the result: 1 for the derivatives of the function itself.
    #[inline]
    #[must_use]
    fn backward(&self, dout: T) -> WrongGradient<T> {
        WrongGradient {
            x: dout,
            slope: <T as ::typenet::Scalar>::of(0.0),
        }
    }
}
#[automatically_derived]
#[allow(dead_code)]
impl<T: ::typenet::Scalar> WrongGradient<T> {
    /// The derivatives in the order of the parameters.
    #[inline]
    #[must_use]
    const fn to_array(self) -> [T; 2] {
        [self.x, self.slope]
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
    impl<T: ::typenet::Scalar> wrong<T> {
        /// The computational graph, with a value on each edge.
        #[must_use]
        fn graph(&self) -> ::typenet::graph::Graph {
            self.drawn(&[], &[])
        }
        /// The computational graph, with the value on each edge and the derivative that flows back along it.
        #[must_use]
        fn graph_with_gradients(&self, dout: T) -> ::typenet::graph::Graph {
            self.drawn(&[::core::option::Option::Some(dout)], &[])
        }
        fn drawn(
            &self,
            gradients: &[::core::option::Option<T>],
            sums: &[(::core::primitive::usize, T)],
        ) -> ::typenet::graph::Graph {
            ::typenet::__private::operations::drawn(
                &[
                    (::typenet::graph::Kind::Input, "x"),
                    (::typenet::graph::Kind::Input, "slope"),
                    (::typenet::graph::Kind::Output, "wrong"),
                ],
                &[(0, 2)],
                &[self.v0],
                gradients,
                sums,
            )
        }
    }
}
/// ```text
/// y = x
/// dy/dx = 1
/// ```
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`.
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
#[allow(non_snake_case, clippy::pub_underscore_fields)]
struct Wrong {
    /// The hyperparameter `slope`.
    slope: ::core::primitive::f64,
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
impl Wrong {
    /// Creates the layer with these hyperparameters.
    #[must_use]
    const fn new(slope: ::core::primitive::f64) -> Self {
        Self { slope }
    }
}
#[automatically_derived]
impl<__T: ::typenet::Scalar> ::typenet::Embed<__T> for Wrong {
    const PARTS: &'static [::typenet::Declared] = &[
        ::typenet::Declared::setting("slope"),
    ];
}
#[automatically_derived]
impl<__T: ::typenet::Scalar, __Place: ::typenet::Place> ::typenet::EmbedAt<__T, __Place>
for Wrong {
    const EMBEDDED: Self = Self {
        slope: ::typenet::At::<__Place>::setting("slope"),
    };
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
impl ::typenet::__private::Elementwise for Wrong {
    #[inline(always)]
    fn value<T: ::typenet::Scalar>(&self, x: T) -> T {
        x
    }
    #[inline(always)]
    fn slope<T: ::typenet::Scalar>(&self, x: T, y: T) -> T {
        <T as ::typenet::Scalar>::of(1.0)
    }
    ::typenet::__private::with_alloc! {
        fn operation < T : ::typenet::Scalar > (& self) -> ::core::option::Option <
        ::typenet::Operation > { let mut operation = ::typenet::Operation::identity();
        ::core::option::Option::Some(operation) }
    }
    fn setting(
        &self,
        index: ::core::primitive::usize,
    ) -> ::core::option::Option<
        (&'static ::core::primitive::str, &::core::primitive::f64),
    > {
        ::core::option::Option::Some(
            match index {
                0usize => ("slope", &self.slope),
                _ => return ::core::option::Option::None,
            },
        )
    }
    fn setting_mut(
        &mut self,
        index: ::core::primitive::usize,
    ) -> ::core::option::Option<&mut ::core::primitive::f64> {
        ::core::option::Option::Some(
            match index {
                0usize => &mut self.slope,
                _ => return ::core::option::Option::None,
            },
        )
    }
}
::typenet::__private::elementwise_layer!(Wrong);
