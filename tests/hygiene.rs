//! Macro expansions work in a crate with strict lints and with unusual names.
#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::pedantic, clippy::nursery)]

use ::typenet::Network;
use ::typenet::layers::{Affine, BatchNorm, Concat, Dropout, Identity, Relu, Residual, Sum};
use ::typenet::losses::SoftmaxWithLoss;
use ::typenet::network;

/// Names with another meaning in the standard library and in expansions.
#[allow(dead_code, non_camel_case_types)]
mod unusual {
    pub struct Vec;
    pub struct Option;
    pub struct Result;
    pub struct Box;
    pub struct String;
    pub struct Matrix;
    pub struct Const;
    pub struct Layer;
    pub struct Tape;
    pub struct Record;
    pub struct f32;
    pub struct f64;
    pub struct usize;
    pub trait Iterator {}
    pub trait Default {}
    pub trait IntoIterator {}
}
#[allow(unused_imports)]
use self::unusual::*;

/// A module named like a crate.
#[allow(dead_code)]
mod core {}

/// A custom layer that does nothing, with a hyperparameter.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::default::Default)]
pub struct Nothing;

impl Nothing {
    /// Creates a layer that does nothing.
    #[must_use]
    pub const fn new(_: u8) -> Self {
        Self
    }
}

impl<T: ::typenet::Scalar> ::typenet::Parameters<T> for Nothing {}

impl<T: ::typenet::Scalar, F: ::typenet::Shape> ::typenet::Infer<T, F> for Nothing {
    type Out = F;

    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        y.copy_from_slice(x);
    }
}

impl<T: ::typenet::Scalar, F: ::typenet::Shape> ::typenet::Layer<T, F> for Nothing {
    type Cache<N: ::typenet::nalgebra::Dim> = ();

    fn backward<N: ::typenet::nalgebra::Dim, S: ::typenet::nalgebra::RawStorage<T, N, F>>(
        &self,
        _: &::typenet::nalgebra::Matrix<T, N, F, S>,
        _: &::typenet::Batch<T, N, F>,
        dy: &::typenet::Batch<T, N, F>,
        dx: ::core::option::Option<&mut ::typenet::Batch<T, N, F>>,
        (): &mut (),
    ) {
        if let ::core::option::Option::Some(dx) = dx {
            dx.zip_apply(&**dy, |dx, dy| *dx = dy);
        }
    }
}

network! {
    /// A network generic over a size, with custom layers.
    #[derive(::core::clone::Clone, ::core::fmt::Debug)]
    pub struct Own<const HIDDEN: usize> = Affine<4, HIDDEN> -> Nothing -> Nothing(1) -> Affine<HIDDEN, 2> -> SoftmaxWithLoss;
    /// A network with custom layers before and after known widths.
    pub struct Fixed = ::typenet::layers::Affine<4, 3> -> Nothing -> Relu -> Affine<{ 1 + 2 }, 2> -> Nothing -> SoftmaxWithLoss;
}

network! {
    /// A documented network.
    #[derive(::core::clone::Clone, ::core::fmt::Debug)]
    pub struct Net = Affine<4, 3> -> Relu -> Affine<3, 2> -> SoftmaxWithLoss;
    /// A documented block, generic over a size.
    pub block Inner<const F: ::core::primitive::usize> = Affine<F, F> -> Relu;
    /// A block in a block.
    pub block Outer = Affine<4, 3> -> Inner<3> -> Bend;
    /// A block without parameters.
    pub block Bend = Input<3> -> Relu;
    /// A block with all kinds of brackets, generic over a size.
    pub block Joined<const F: ::core::primitive::usize> = Residual[Affine<F, F> -> Nothing]
        -> Sum[inner: Inner<F> | Residual[Sum[Nothing(1) | Relu -> Dropout(0.5)]] -> BatchNorm<F> | Identity];
    /// A block that joins branches.
    block Wide = Joined<3> -> joined: Concat[Affine<_, 2> | Nothing | Residual[Concat[Affine<3, 1> | Affine<_, 2>]]];
    /// A documented network of brackets.
    #[derive(::core::clone::Clone, ::core::fmt::Debug)]
    pub struct Brackets = Input<3> -> Concat[Nothing | Wide -> Affine<_, 1>] -> Sum[Affine<4, 2> | Affine<_, 2>]
        -> Residual[Joined<2> -> Residual[Nothing]] -> SoftmaxWithLoss;
    /// A documented network of blocks.
    pub struct Blocks = Input<4> -> Outer -> Affine<3, 2> -> SoftmaxWithLoss;
    struct Private = hidden: Affine<4, 3> -> SoftmaxWithLoss;
}

mod networks_with_the_macros_own_names {
    use ::typenet::prelude::*;

    network! {
        pub struct N = Affine<4, 3> -> Relu -> Affine<3, 2> -> SoftmaxWithLoss;
        pub struct S = Affine<4, 5> -> Affine<5, 2> -> SoftmaxWithLoss;
        pub block L<const F: ::core::primitive::usize> = Residual[Affine<F, F> -> Tanh];
        block In = Sum[Affine<4, 2> | Affine<4, 2>];
        pub struct Out = Input<4> -> L<4> -> In -> Concat[L<2> | Identity] -> Affine<_, 2> -> SoftmaxWithLoss;
    }
}

mod sizes_with_the_macros_own_names {
    use ::typenet::prelude::*;

    const N: ::core::primitive::usize = 4;
    const S: ::core::primitive::usize = 2;

    network! {
        pub block F = Residual[Affine<N, N>] -> Sum[Affine<N, S> | Concat[Affine<N, 1> | Affine<_, 1>]];
        pub struct Blocks = Input<N> -> F -> Affine<_, S> -> SoftmaxWithLoss;
        pub struct Samples = Affine<N, 3> -> Relu -> Affine<3, S> -> SoftmaxWithLoss;
    }
}

/// A documented function of a scalar.
#[must_use]
#[::typenet::differentiable]
pub fn logistic<T: ::typenet::Scalar>(value: T, x0: T, vec: T) -> T {
    let v5 = (value - x0).powi(2) * vec;
    T::one() / (T::one() + (-v5).exp())
}

/// A documented function of `f64`, with names used by the expansion.
#[must_use]
#[::typenet::differentiable]
pub fn energy(
    v0: ::core::primitive::f64,
    dout: ::core::primitive::f64,
    gradients: ::core::primitive::f64,
) -> ::core::primitive::f64 {
    let sums = v0.max(dout) / gradients.abs();
    logistic(sums, v0, 0.5) - sums.powf(dout) + gradients.sqrt()
}

#[::typenet::differentiable]
fn private<T: ::typenet::Scalar>(x: T) -> T {
    x.tanh()
}

/// Functions named like attributes, a macro and a built-in type, and calls of them.
mod names {
    #[::typenet::differentiable]
    fn cold<T: ::typenet::Scalar>(x: T) -> T {
        x.exp()
    }

    #[::typenet::differentiable]
    fn inline<T: ::typenet::Scalar>(called: T, forward: T) -> T {
        cold(called) * cold(forward)
    }

    #[::typenet::differentiable]
    fn vec<N: ::typenet::Scalar>(x: N) -> N {
        inline(self::cold(x), inline::<N>(x, x))
    }

    /// A documented function that calls private ones.
    #[must_use]
    #[::typenet::differentiable]
    pub fn outside(x: ::core::primitive::f64) -> ::core::primitive::f64 {
        super::names::vec(x) + cold(vec::<::core::primitive::f64>(x))
    }
}

/// A documented activation.
#[must_use]
#[::typenet::activation]
pub fn swish<T: ::typenet::Scalar>(x: T) -> T {
    x / (T::one() + (-x).exp())
}

/// A documented activation with hyperparameters.
#[must_use]
#[::typenet::activation]
pub fn bent<T: ::typenet::Scalar>(x: T, alpha: T, y: T) -> T {
    x.max(T::zero()) + alpha * x.min(y).exp_m1() - private(x)
}

#[must_use]
#[doc(hidden)]
#[expect(non_snake_case, reason = "the neighbor has this name too")]
#[::typenet::activation]
pub fn hidden<T: ::typenet::Scalar>(x: T, A: T) -> T {
    x * A
}

#[::typenet::activation]
fn secret<T: ::typenet::Scalar>(x: T) -> T {
    x.abs()
}

/// Activations whose layers are named like type parameters.
mod letters {
    use ::typenet::prelude::*;

    #[::typenet::activation]
    fn t<T: ::typenet::Scalar>(x: T, f: T) -> T {
        f * x
    }

    #[::typenet::activation]
    fn f<F: ::typenet::Scalar>(x: F) -> F {
        x * x
    }

    #[::typenet::activation]
    fn n<N: ::typenet::Scalar>(x: N) -> N {
        x.exp()
    }

    #[::typenet::activation]
    fn s<S: ::typenet::Scalar>(x: S) -> S {
        x + x
    }

    network! {
        struct Letters = Affine<4, 3> -> F -> N -> S -> Affine<3, 2> -> SoftmaxWithLoss;
    }
}

network! {
    struct Activated = Affine<4, 3> -> Swish -> Bent(1.0, 0.0) -> Secret -> Affine<3, 2> -> SoftmaxWithLoss;
}

#[::core::prelude::v1::test]
fn functions_work_among_unusual_names() {
    ::std::assert!((energy::forward(2.0, 1.0, 4.0).value() - energy(2.0, 1.0, 4.0)).abs() < 1e-15);
    let gradient = energy::forward(2.0, 1.0, 4.0).backward(1.0);
    ::std::assert!(gradient.v0 < 0.0 && gradient.gradients > 0.0);
    ::std::assert!((private::forward(0.0).backward(1.0).x - 1.0_f64).abs() < 1e-15);
    // The function is v + exp(v) with v = exp(exp(x) + exp(2 x)).
    let (v, call) = (2.0_f64.exp(), names::outside::forward(0.0));
    let (value, slope) = (v + v.exp(), 3.0 * v * (1.0 + v.exp()));
    ::std::assert!((call.value() - value).abs() < 1e-9 && (call.backward(1.0).x - slope).abs() < 1e-8);
    let net = <Activated as ::core::default::Default>::default();
    ::std::assert_eq!(net.bent1, Bent::new(1.0, 0.0));
}

#[::core::prelude::v1::test]
fn networks_work_among_unusual_names() {
    let net = <Net as ::core::default::Default>::default();
    ::std::assert_eq!(net.parameter_count(), 4 * 3 + 3 + 3 * 2 + 2);
    let net = <Private as ::core::default::Default>::default();
    ::std::assert_eq!(net.hidden.weight.shape(), (4, 3));
    let net = <networks_with_the_macros_own_names::N as ::core::default::Default>::default();
    ::std::assert_eq!(net.parameter_count(), 4 * 3 + 3 + 3 * 2 + 2);
    let net = <networks_with_the_macros_own_names::S as ::core::default::Default>::default();
    ::std::assert_eq!(net.parameter_count(), 4 * 5 + 5 + 5 * 2 + 2);
    let net = <sizes_with_the_macros_own_names::Samples as ::core::default::Default>::default();
    ::std::assert_eq!(net.parameter_count(), 4 * 3 + 3 + 3 * 2 + 2);
    let net = <networks_with_the_macros_own_names::Out as ::core::default::Default>::default();
    ::std::assert_eq!(net.parameter_count(), 4 * 4 + 4 + 2 * (4 * 2 + 2) + 2 * 2 + 2 + 4 * 2 + 2);
    let net = <sizes_with_the_macros_own_names::Blocks as ::core::default::Default>::default();
    ::std::assert_eq!(net.parameter_count(), 4 * 4 + 4 + 4 * 2 + 2 + 2 * (4 + 1) + 2 * 2 + 2);
    let net = <Brackets as ::core::default::Default>::default();
    ::std::assert_eq!(net.concat1.1.wide1.joined.0.affine1.weight.shape(), (3, 2));
    ::std::assert_eq!(net.residual1.joined1.sum1.0.inner.affine1.bias.len(), 2);
    let net = <Own<5> as ::core::default::Default>::default();
    ::std::assert_eq!(net.parameter_count(), 4 * 5 + 5 + 5 * 2 + 2);
    let net = <Fixed as ::core::default::Default>::default();
    ::std::assert_eq!(net.parameter_count(), 4 * 3 + 3 + 3 * 2 + 2);
}
