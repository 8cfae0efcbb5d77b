//! Wrappers around unknown layers and losses, so that a wrong type gives one error, at its name.
//!
//! Without them, each use of the type in generated code would be an error. [`IsLayer`] and similar types have an
//! inherent constant if their bound holds; else the constant of the trait [`Fallback`] applies. [`If`] turns that
//! constant into a choice between two types.

use std::marker::PhantomData;

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix};

pub use crate::layers::Block;
use crate::layers::Infer;
#[cfg(feature = "alloc")]
use crate::layers::Layer;
#[cfg(feature = "alloc")]
use crate::losses::Loss;
use crate::matrix::Batch;
use crate::networks::Network;
use crate::parameters::Parameters;
use crate::scalar::Scalar;
use crate::shape::Shape;

/// A layer for inference: without a heap, no layer can learn.
#[cfg(not(feature = "alloc"))]
pub trait Layer<T: Scalar, In: Shape>: Infer<T, In> + Parameters<T> + Clone + Send + Sync {}

#[cfg(not(feature = "alloc"))]
impl<T: Scalar, In: Shape, L: Infer<T, In> + Parameters<T> + Clone + Send + Sync> Layer<T, In> for L {}

/// A type at the end of a network: without a heap, nothing computes a loss.
#[cfg(not(feature = "alloc"))]
pub trait Loss<F: Shape>: Clone + Send + Sync {
    /// No objection.
    const OBJECTION: Option<&'static str> = None;
}

#[cfg(not(feature = "alloc"))]
impl<F: Shape, L: Clone + Send + Sync> Loss<F> for L {}

/// Tests if `L` is a layer for `In` features.
#[derive(Debug)]
pub struct IsLayer<L, In>(PhantomData<(L, In)>);

/// Tests if `L` is a loss for `F` features.
#[derive(Debug)]
pub struct IsLoss<L, F>(PhantomData<(L, F)>);

/// Tests if `L` is a network.
#[derive(Debug)]
pub struct IsNetwork<L>(PhantomData<L>);

/// Tests if `L` implements `Default`.
#[derive(Debug)]
pub struct IsDefault<L>(PhantomData<L>);

/// Checks if `L` is a layer for `In` features in double precision too.
#[derive(Debug)]
pub struct IsLayerInF64<L, In>(PhantomData<(L, In)>);

impl<In: Shape, L: Layer<f64, In>> IsLayerInF64<L, In> {
    /// The bound holds.
    pub const HOLDS: bool = true;
}

/// Checks if `L` is a block.
#[derive(Debug)]
pub struct IsBlock<L>(PhantomData<L>);

impl<L: Block> IsBlock<L> {
    /// The number of input features of the block.
    pub const INPUT: usize = L::INPUT;
}

impl<In: Shape, L: Layer<f32, In>> IsLayer<L, In> {
    /// The bound holds.
    pub const HOLDS: bool = true;
    /// The number of output features.
    pub const OUT: usize = L::Out::DIM;
}

impl<F: Shape, L: Loss<F>> IsLoss<L, F> {
    /// The bound holds.
    pub const HOLDS: bool = true;
    /// The reason that the loss does not fit this number of features.
    pub const OBJECTION: Option<&'static str> = L::OBJECTION;
}

impl<L: Network> IsNetwork<L> {
    /// The bound holds.
    pub const HOLDS: bool = true;
}

#[cfg(feature = "alloc")]
impl<L: Default> IsDefault<L> {
    /// The bound holds.
    pub const HOLDS: bool = true;
}

/// Without a heap there is no default, since parameters are constants.
#[cfg(not(feature = "alloc"))]
impl<L> IsDefault<L> {
    /// No bound.
    pub const HOLDS: bool = true;
}

/// The constants for bounds that do not hold.
pub trait Fallback {
    /// The bound does not hold.
    const HOLDS: bool = false;
    /// No outputs.
    const OUT: usize = 0;
    /// The type is not a block.
    const INPUT: usize = 0;
    /// No objection.
    const OBJECTION: Option<&'static str> = None;
}

impl<Question> Fallback for Question {}

/// A choice at compile time.
#[derive(Debug)]
pub struct If<const CONDITION: bool>;

/// The choice between `Real` and `FallbackLayer`.
pub trait Choose<Real, FallbackLayer> {
    /// The chosen type.
    type Chosen;
    /// Returns the value as the chosen type.
    fn choose(real: &Real) -> &Self::Chosen;
    /// Returns the value as the chosen type, mutably.
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

/// Clones a value if its type implements `Clone`.
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

/// Makes a value if its type implements `Default`.
pub trait Make<L> {
    /// The default value.
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

/// A placeholder layer with `Out` outputs, which never runs.
#[derive(Clone, Debug)]
pub struct FallbackLayer<Out>(PhantomData<Out>);

/// A placeholder layer with as many outputs as inputs, which never runs.
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

        #[cfg(feature = "alloc")]
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
