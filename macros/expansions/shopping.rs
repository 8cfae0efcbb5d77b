#[allow(dead_code)]
pub fn shopping<T: Scalar>(apple: T, apples: T, orange: T, oranges: T, tax: T) -> T {
    let fruit = apple * apples + orange * oranges;
    fruit * tax
}
/// A call of [`shopping`](fn@shopping): its values, from which `backward` computes the derivatives.
#[allow(dead_code, non_camel_case_types, non_snake_case)]
#[allow(clippy::derive_partial_eq_without_eq, clippy::pub_underscore_fields)]
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
pub struct shopping<T> {
    v0: T,
    v1: T,
    v2: T,
    v3: T,
    v4: T,
    v5: T,
    v6: T,
    v7: T,
    v8: T,
}
/// The derivatives of [`shopping`](fn@shopping) with respect to its parameters.
#[allow(dead_code, non_camel_case_types, non_snake_case)]
#[allow(clippy::derive_partial_eq_without_eq, clippy::pub_underscore_fields)]
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
pub struct ShoppingGradient<T> {
    /// The derivative with respect to `apple`.
    pub apple: T,
    /// The derivative with respect to `apples`.
    pub apples: T,
    /// The derivative with respect to `orange`.
    pub orange: T,
    /// The derivative with respect to `oranges`.
    pub oranges: T,
    /// The derivative with respect to `tax`.
    pub tax: T,
}
#[automatically_derived]
#[doc(hidden)]
impl<T> ::typenet::differentiated::Call for shopping<T> {
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
impl<T: ::typenet::Scalar> shopping<T> {
    /// Computes the function, and stores the values for `backward`.
    #[inline]
    #[must_use]
    pub fn forward(apple: T, apples: T, orange: T, oranges: T, tax: T) -> Self {
        let v5: T = apple * apples;
        let v6: T = orange * oranges;
        let v7: T = v5 + v6;
        let v8: T = v7 * tax;
        Self {
            v0: apple,
            v1: apples,
            v2: orange,
            v3: oranges,
            v4: tax,
            v5,
            v6,
            v7,
            v8,
        }
    }
    #[doc(hidden)]
    #[inline]
    pub fn __forward<const __N: ::core::primitive::usize>(arguments: [T; __N]) -> Self {
        Self::forward(
            arguments[0],
            arguments[1],
            arguments[2],
            arguments[3],
            arguments[4],
        )
    }
    #[doc(hidden)]
    #[inline(always)]
    pub fn __quick_forward<const __N: ::core::primitive::usize>(
        arguments: [T; __N],
    ) -> Self {
        Self::__forward(arguments)
    }
    /// The function's result.
    #[inline]
    #[must_use]
    pub fn value(&self) -> T {
        self.v8
    }
    /// Computes the derivatives with respect to the parameters.
    ///
    /// `dout` is the derivative with respect to the result: 1 for the derivatives of the function itself.
    #[inline]
    #[must_use]
    pub fn backward(&self, dout: T) -> ShoppingGradient<T> {
        let v10: T = dout * self.v4;
        let v11: T = dout * self.v7;
        let v12: T = v10 * self.v3;
        let v13: T = v10 * self.v2;
        let v14: T = v10 * self.v1;
        let v15: T = v10 * self.v0;
        ShoppingGradient {
            apple: v14,
            apples: v15,
            orange: v12,
            oranges: v13,
            tax: v11,
        }
    }
}
#[automatically_derived]
#[allow(dead_code)]
impl<T: ::typenet::Scalar> ShoppingGradient<T> {
    /// The derivatives in the order of the parameters.
    #[inline]
    #[must_use]
    pub const fn to_array(self) -> [T; 5] {
        [self.apple, self.apples, self.orange, self.oranges, self.tax]
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
    impl<T: ::typenet::Scalar> shopping<T> {
        /// The computational graph, with a value on each edge.
        #[must_use]
        pub fn graph(&self) -> ::typenet::graph::Graph {
            self.drawn(&[], &[])
        }
        /// The computational graph, with the value on each edge and the derivative that flows back along it.
        #[must_use]
        pub fn graph_with_gradients(&self, dout: T) -> ::typenet::graph::Graph {
            let v10: T = dout * self.v4;
            let v11: T = dout * self.v7;
            let v12: T = v10 * self.v3;
            let v13: T = v10 * self.v2;
            let v14: T = v10 * self.v1;
            let v15: T = v10 * self.v0;
            self.drawn(
                &[
                    ::core::option::Option::Some(v14),
                    ::core::option::Option::Some(v15),
                    ::core::option::Option::Some(v12),
                    ::core::option::Option::Some(v13),
                    ::core::option::Option::Some(v10),
                    ::core::option::Option::Some(v10),
                    ::core::option::Option::Some(v10),
                    ::core::option::Option::Some(v11),
                    ::core::option::Option::Some(dout),
                ],
                &[],
            )
        }
        fn drawn(
            &self,
            gradients: &[::core::option::Option<T>],
            sums: &[(::core::primitive::usize, T)],
        ) -> ::typenet::graph::Graph {
            ::typenet::__private::operations::drawn(
                &[
                    (::typenet::graph::Kind::Input, "apple"),
                    (::typenet::graph::Kind::Input, "apples"),
                    (::typenet::graph::Kind::Input, "orange"),
                    (::typenet::graph::Kind::Input, "oranges"),
                    (::typenet::graph::Kind::Input, "tax"),
                    (::typenet::graph::Kind::Operator, "×"),
                    (::typenet::graph::Kind::Operator, "×"),
                    (::typenet::graph::Kind::Operator, "+"),
                    (::typenet::graph::Kind::Operator, "×"),
                    (::typenet::graph::Kind::Output, "shopping"),
                ],
                &[
                    (0, 5),
                    (1, 5),
                    (2, 6),
                    (3, 6),
                    (5, 7),
                    (6, 7),
                    (7, 8),
                    (4, 8),
                    (8, 9),
                ],
                &[
                    self.v0,
                    self.v1,
                    self.v2,
                    self.v3,
                    self.v5,
                    self.v6,
                    self.v7,
                    self.v4,
                    self.v8,
                ],
                gradients,
                sums,
            )
        }
    }
}
