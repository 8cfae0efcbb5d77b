#[allow(dead_code)]
/// Squeezes numbers between 0 and 1.
pub fn squeeze<T: Scalar>(x: T) -> T {
    T::one() / (T::one() + (-x).exp())
}
/// A call of [`squeeze`](fn@squeeze): its values, from which `backward` computes the derivatives.
#[allow(dead_code, non_camel_case_types, non_snake_case)]
#[allow(clippy::derive_partial_eq_without_eq, clippy::pub_underscore_fields)]
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
pub struct squeeze<T> {
    v0: T,
    v2: T,
    v3: T,
    v4: T,
    v5: T,
}
/// The derivatives of [`squeeze`](fn@squeeze) with respect to its parameters.
#[allow(dead_code, non_camel_case_types, non_snake_case)]
#[allow(clippy::derive_partial_eq_without_eq, clippy::pub_underscore_fields)]
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
pub struct SqueezeGradient<T> {
    /// The derivative with respect to `x`.
    pub x: T,
}
#[automatically_derived]
#[doc(hidden)]
impl<T> nets::differentiated::Call for squeeze<T> {
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
impl<T: nets::Scalar> squeeze<T> {
    /// Computes the function, and stores the values for `backward`.
    #[inline]
    #[must_use]
    pub fn forward(x: T) -> Self {
        let v2: T = -x;
        let v3: T = nets::__private::operations::exp(v2);
        let v4: T = T::one() + v3;
        let v5: T = T::one() / v4;
        Self { v0: x, v2, v3, v4, v5 }
    }
    #[doc(hidden)]
    #[inline]
    pub fn __forward<const __N: ::core::primitive::usize>(arguments: [T; __N]) -> Self {
        Self::forward(arguments[0])
    }
    #[doc(hidden)]
    #[inline(always)]
    pub fn __quick_forward<const __N: ::core::primitive::usize>(
        arguments: [T; __N],
    ) -> Self {
        let x = arguments[0];
        let v2: T = -x;
        let v3: T = nets::__private::operations::quick_exp(v2);
        let v4: T = T::one() + v3;
        let v5: T = T::one() / v4;
        Self { v0: x, v2, v3, v4, v5 }
    }
    /// The function's result.
    #[inline]
    #[must_use]
    pub fn value(&self) -> T {
        self.v5
    }
    /// Computes the derivatives with respect to the parameters.
    ///
    /// `dout` is the derivative with respect to the result: 1 for the derivatives of the function itself.
    #[inline]
    #[must_use]
    pub fn backward(&self, dout: T) -> SqueezeGradient<T> {
        let v7: T = dout * self.v5;
        let v10: T = nets::__private::operations::chain(self.v5, self.v3);
        let v11: T = nets::__private::operations::chain(v7, v10);
        SqueezeGradient { x: v11 }
    }
}
#[automatically_derived]
#[allow(dead_code)]
impl<T: nets::Scalar> SqueezeGradient<T> {
    /// The derivatives in the order of the parameters.
    #[inline]
    #[must_use]
    pub const fn to_array(self) -> [T; 1] {
        [self.x]
    }
}
nets::__private::with_std! {
    #[automatically_derived]
    #[allow(
        dead_code,
        non_snake_case,
        unused_variables,
        clippy::all,
        clippy::pedantic,
        clippy::nursery
    )]
    impl<T: nets::Scalar> squeeze<T> {
        /// The computational graph, with a value on each edge.
        #[must_use]
        pub fn graph(&self) -> nets::graph::Graph {
            self.drawn(&[], &[])
        }
        /// The computational graph, with the value on each edge and the derivative that flows back along it.
        #[must_use]
        pub fn graph_with_gradients(&self, dout: T) -> nets::graph::Graph {
            let v7: T = dout * self.v5;
            let v8: T = v7 * self.v5;
            let v9: T = -v8;
            let v10: T = nets::__private::operations::chain(self.v5, self.v3);
            let v11: T = nets::__private::operations::chain(v7, v10);
            let v12: T = -v11;
            self.drawn(
                &[
                    ::core::option::Option::Some(v11),
                    ::core::option::Option::None,
                    ::core::option::Option::Some(v12),
                    ::core::option::Option::None,
                    ::core::option::Option::Some(v9),
                    ::core::option::Option::Some(v9),
                    ::core::option::Option::Some(dout),
                ],
                &[],
            )
        }
        fn drawn(
            &self,
            gradients: &[::core::option::Option<T>],
            sums: &[(::core::primitive::usize, T)],
        ) -> nets::graph::Graph {
            nets::__private::operations::drawn(
                &[
                    (nets::graph::Kind::Input, "x"),
                    (nets::graph::Kind::Constant, "-1"),
                    (nets::graph::Kind::Operator, "×"),
                    (nets::graph::Kind::Operator, "exp"),
                    (nets::graph::Kind::Constant, "1"),
                    (nets::graph::Kind::Operator, "+"),
                    (nets::graph::Kind::Operator, "/"),
                    (nets::graph::Kind::Output, "squeeze"),
                ],
                &[(0, 2), (1, 2), (2, 3), (4, 5), (3, 5), (5, 6), (6, 7)],
                &[
                    self.v0,
                    <T as nets::Scalar>::of(-1.0),
                    self.v2,
                    T::one(),
                    self.v3,
                    self.v4,
                    self.v5,
                ],
                gradients,
                sums,
            )
        }
    }
}
/// Squeezes numbers between 0 and 1.
///
/// ```text
/// y = 1 / (1 + exp(-x))
/// dy/dx = y * (1 - y)
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
#[derive(::core::default::Default, ::core::cmp::Eq)]
pub struct Squeeze;
#[automatically_derived]
impl<__T: nets::Scalar> nets::Embed<__T> for Squeeze {
    const PARTS: &'static [nets::Declared] = &[];
}
#[automatically_derived]
impl<__T: nets::Scalar, __Place: nets::Place> nets::EmbedAt<__T, __Place> for Squeeze {
    const EMBEDDED: Self = Self;
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
impl nets::__private::Elementwise for Squeeze {
    #[inline(always)]
    fn value<T: nets::Scalar>(&self, x: T) -> T {
        let v2: T = -x;
        let v3: T = nets::__private::operations::quick_exp(v2);
        let v4: T = T::one() + v3;
        T::one() / v4
    }
    #[inline(always)]
    fn slope<T: nets::Scalar>(&self, x: T, y: T) -> T {
        let v8: T = T::one() - y;
        y * v8
    }
    nets::__private::with_alloc! {
        fn operation < T : nets::Scalar > (& self) -> ::core::option::Option <
        nets::Operation > { let mut operation = nets::Operation::identity(); let v5 =
        operation.push(nets::Operator::new("Sigmoid", [nets::Operand::Input]));
        ::core::option::Option::Some(operation) }
    }
}
nets::__private::elementwise_layer!(Squeeze);
