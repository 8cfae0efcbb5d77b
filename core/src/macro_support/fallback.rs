//! What `network!` writes around a layer or a loss that it does not know, so that a type which is none gives one
//! error, at its name, and not one for every place that it is used in.
//!
//! [`IsLayer`] and its like have an inherent constant where their bound holds; where it does not, the constant of
//! the trait [`Fallback`] is found in its place. [`If`] turns that constant into a choice between two types.

use std::marker::PhantomData;

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix};

use crate::layers::{Infer, Layer};
use crate::losses::Loss;
use crate::matrix::Batch;
use crate::networks::Network;
use crate::parameters::Parameters;
use crate::scalar::Scalar;
use crate::shape::Shape;

/// Whether `L` is a layer for `In` features.
#[derive(Debug)]
pub struct IsLayer<L, In>(PhantomData<(L, In)>);

/// Whether `L` is a loss for `F` features.
#[derive(Debug)]
pub struct IsLoss<L, F>(PhantomData<(L, F)>);

/// Whether `L` is a network.
#[derive(Debug)]
pub struct IsNetwork<L>(PhantomData<L>);

/// Whether `L` can be made by `Default`.
#[derive(Debug)]
pub struct IsDefault<L>(PhantomData<L>);

impl<In: Shape, L: Layer<f32, In>> IsLayer<L, In> {
    /// It is.
    pub const HOLDS: bool = true;
    /// How many features it gives.
    pub const OUT: usize = L::Out::DIM;
}

impl<F: Shape, L: Loss<F>> IsLoss<L, F> {
    /// It is.
    pub const HOLDS: bool = true;
    /// Why it is of no use for so many features.
    pub const OBJECTION: Option<&'static str> = L::OBJECTION;
}

impl<L: Network> IsNetwork<L> {
    /// It is.
    pub const HOLDS: bool = true;
}

impl<L: Default> IsDefault<L> {
    /// It can.
    pub const HOLDS: bool = true;
}

/// What is found where the bounds above do not hold.
pub trait Fallback {
    /// It is not.
    const HOLDS: bool = false;
    /// It gives nothing.
    const OUT: usize = 0;
    /// It has none.
    const OBJECTION: Option<&'static str> = None;
}

impl<Question> Fallback for Question {}

/// A choice that is made while compiling.
#[derive(Debug)]
pub struct If<const CONDITION: bool>;

/// The choice between `Real` and `FallbackLayer`.
pub trait Choose<Real, FallbackLayer> {
    /// What is chosen.
    type Chosen;
    /// The value as what is chosen.
    fn choose(real: &Real) -> &Self::Chosen;
    /// The value as what is chosen, to be changed.
    fn choose_mut(real: &mut Real) -> &mut Self::Chosen;
}

impl<Real, FallbackLayer> Choose<Real, FallbackLayer> for If<true> {
    type Chosen = Real;

    #[inline]
    fn choose(real: &Real) -> &Real {
        real
    }

    #[inline]
    fn choose_mut(real: &mut Real) -> &mut Real {
        real
    }
}

impl<Real, FallbackLayer> Choose<Real, FallbackLayer> for If<false> {
    type Chosen = FallbackLayer;

    fn choose(_: &Real) -> &FallbackLayer {
        unreachable!("a network with this layer does not compile")
    }

    fn choose_mut(_: &mut Real) -> &mut FallbackLayer {
        unreachable!("a network with this layer does not compile")
    }
}

/// Cloning a value, if it can be.
pub trait Copied<L> {
    /// The copy.
    fn copied(value: &L) -> L;
}

impl<L: Clone> Copied<L> for If<true> {
    fn copied(value: &L) -> L {
        value.clone()
    }
}

impl<L> Copied<L> for If<false> {
    fn copied(_: &L) -> L {
        unreachable!("a network with this layer does not compile")
    }
}

/// Making a value by `Default`, if it can be.
pub trait Make<L> {
    /// The value.
    fn make() -> L;
}

impl<L: Default> Make<L> for If<true> {
    fn make() -> L {
        L::default()
    }
}

impl<L> Make<L> for If<false> {
    fn make() -> L {
        unreachable!("a network with this layer does not compile")
    }
}

/// A layer that gives `Out` features, for the compiler's eyes only.
#[derive(Clone, Debug)]
pub struct FallbackLayer<Out>(PhantomData<Out>);

/// A layer that gives as many features as it takes, for the compiler's eyes only.
#[derive(Clone, Debug)]
pub struct FallbackForAny;

impl<T: Scalar, Out> Parameters<T> for FallbackLayer<Out> {}
impl<T: Scalar> Parameters<T> for FallbackForAny {}

macro_rules! never {
    ($layer:ty, gives $out:ty $(, $parameter:ident)?) => {
        impl<T: Scalar, In: Shape $(, $parameter: Shape)?> Infer<T, In> for $layer {
            type Out = $out;

            fn infer_into(&self, _: &[T], _: &mut [T], _: &mut [T]) {
                unreachable!("a network with this layer does not compile")
            }
        }

        impl<T: Scalar, In: Shape $(, $parameter: Shape)?> Layer<T, In> for $layer {
            type Cache<N: Dim> = ();

            fn backward<N: Dim, S: RawStorage<T, N, In>>(
                &self,
                _: &Matrix<T, N, In, S>,
                _: &Batch<T, N, $out>,
                _: &Batch<T, N, $out>,
                _: Option<&mut Batch<T, N, In>>,
                (): &mut (),
            ) {
                unreachable!("a network with this layer does not compile")
            }
        }
    };
}

never!(FallbackLayer<Out>, gives Out, Out);
never!(FallbackForAny, gives In);
