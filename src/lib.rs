//! Neural networks declared in one line, whose shapes are proved when they compile.
//!
//! ```
//! use typenet::prelude::*;
//!
//! network! {
//!     /// The two-layer network of the book's chapter on backpropagation.
//!     pub struct TwoLayerNet = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
//! }
//!
//! let mut rng = StdRng::seed_from_u64(1);
//! let (train, test) = digits::generate(2000, 200, 1);
//! let mut net: TwoLayerNet = TwoLayerNet::random(He, &mut rng);
//! let mut tape = TwoLayerNet::tape(Const::<100>);
//!
//! for _ in 0..200 {
//!     let (x, labels) = train.sample(Const::<100>, &mut rng); // x: 100 x 784; 100 labels, each below 10
//!     net.descend_on(&x, &labels, 0.1, &mut tape); // forward, backward, W -= 0.1 dW
//! }
//! assert!(net.evaluate(&test) > 0.6);
//! ```
//!
//! - [`network!`] is the declaration: its grammar, and what it writes.
//! - [`Network`] is what a network can do: predict, train, check its own gradient.
//! - [`Layer`] and [`Loss`] are what a layer and a loss of your own implement.
//! - [`optimizers`] are other ways down than [`descend_on`](Network::descend_on)'s, and schedules of the learning rate.
//! - [`data`] reads MNIST, generates digits, and draws batches.
//!
//! The source of all of it is the chapter on backpropagation in "Deep Learning from Scratch" by Koki Saitoh
//! (O'Reilly Japan, 2016), "the book" in these pages.

#[doc(inline)]
pub use typenet_core::{
    Backward, Batch, BlockReport, ColumnMajor, Disagreement, Error, Exponential, Forward, GradientCheck,
    GradientReport, He, Heap, Initializer, Labels, Layer, Loss, Memory, Network, Normal, Order, Parameter, Parameters,
    Record, RowMajor, Samples, SamplesView, Scalar, Tape, Target, TargetOf, Written, Xavier, Zeros, batch_from, data,
    empty_samples, graph, layers, losses, metrics, node, optimizers, product, samples_of, training, with_threads,
    zeros,
};

#[cfg(feature = "progress")]
mod progress;
#[cfg(feature = "progress")]
pub use progress::Progress;

#[doc(hidden)] // called by what `network!` writes
pub use typenet_core::infer;

/// The matrix library that all shapes are expressed in, in the version that this library uses.
pub use typenet_core::nalgebra;
/// The random number library whose generators this library takes.
pub use typenet_core::rand;

/// Declares networks whose layers are proved to fit when they compile.
///
/// # Grammar
///
/// ```text
/// network! {
///     [attributes] [pub] struct Name [<const SIZE: usize>] = [Input<F> ->] layer -> ... -> layer -> loss;
///     ...
/// }
/// layer:  [name:] Type, Type<arguments> or Type(hyperparameters)
/// ```
///
/// - The first layer says how many features the network takes: [`Affine<784, 50>`](layers::Affine), or
///   `Input<784>` before any other.
/// - Sizes are literals, consts, or expressions in `{...}`.
/// - Layers are called `affine1`, `relu1`, `affine2`, as in the book, or as you name them:
///   `hidden: Affine<784, 50>`. The loss is called `loss`.
/// - A [`Layer`] or [`Loss`] of your own stands beside the built-in ones. `T` is the network's scalar, for a
///   layer with parameters: `Scale<50, T>`. A layer is made by `Default`, and one with hyperparameters,
///   `Dropout(0.5)`, by `Dropout::new(0.5)`.
/// - Doc comments and derives go to the struct. `#[typenet(crate = path)]` says where this library is, if the
///   dependency has another name.
///
/// Two activations in a row, or two `Affine` with nothing between, are allowed: they calculate what they say, and there
/// are uses for them (a factored weight, a squeezed input). Stable Rust gives a macro no way to warn, and an error would
/// be wrong.
///
/// # What it writes
///
/// `struct Name<T: Scalar = f32>` with a public field for each layer, `Default`, and [`Network`] with all its
/// methods; and `struct NameTape<T, N>`, its [`Tape`]. So `Name` is the network in `f32`, and `Name<f64>` the
/// same in double precision.
///
/// # What does not fit
///
/// ```compile_fail
/// # use typenet::prelude::*;
/// network! {
///     struct Wrong = Affine<784, 50> -> Relu -> Affine<60, 10> -> SoftmaxWithLoss;
/// }
/// ```
///
/// ```text
/// error: `Affine<60, 10>` takes 60 features, but `Affine<784, 50>` before it gives 50
/// ```
#[doc(inline)]
pub use typenet_macros::network;

/// What a program with a network usually needs.
pub mod prelude {
    pub use crate::data::{digits, mnist};
    pub use crate::layers::{Affine, Relu, Sigmoid, Tanh};
    pub use crate::losses::{MeanSquaredError, SoftmaxWithLoss};
    pub use crate::nalgebra::{Const, Dim, DimName, Dyn, Matrix, RawStorage, SMatrix};
    pub use crate::optimizers::{AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Schedule, Sgd};
    pub use crate::rand::SeedableRng;
    pub use crate::rand::rngs::StdRng;
    pub use crate::{
        Batch, Error, GradientCheck, He, Initializer, Labels, Layer, Loss, Network, Normal, Parameter, Parameters,
        Samples, Scalar, Written, Xavier, Zeros, batch_from, empty_samples, network, samples_of, with_threads, zeros,
    };
}

#[doc(hidden)]
pub mod __private {
    pub use typenet_core::{Message, stand_in};
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
