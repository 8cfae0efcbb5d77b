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
//!     net.descend_with(&x, &labels, 0.1, &mut tape); // forward, backward, W -= 0.1 dW
//! }
//! assert!(net.evaluate(&test) > 0.6);
//! ```
//!
//! - [`network!`] is the declaration: its grammar, and what it writes.
//! - [`Network`] is what a network can do: predict, train, check its own gradient.
//! - [`Layer`] and [`Loss`] are what a layer and a loss of your own implement.
//! - [`optimizers`] are other ways down than [`descend_with`](Network::descend_with)'s, and schedules of the learning rate.
//! - [`training`] has the [`Trainer`](training::Trainer): epochs, validation, early stopping, a history.
//! - [`metrics`] says how good a network is, and what it gets wrong.
//! - [`data`] reads MNIST, generates digits, takes tables of your own, and draws batches.
//! - [`differentiable`](macro@differentiable) finds the derivatives of an ordinary function, and
//!   [`activation`](macro@activation) makes a layer of it; [`graph`] draws such functions, and networks.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `rayon` (on by default) | several threads |
//! | `checkpoint` | [`Network`]'s `save` and `load`, the trainer's `checkpoint` and `resume`, the module `checkpoint` |
//! | `progress` | `Progress`, a progress bar |
//! | `plot` | the module `plot`, for SVG and PNG |
//! | `serde` | `Serialize` and `Deserialize` for a training's [`History`](training::History) |
//!
//! The source of all of it is the chapter on backpropagation in "Deep Learning from Scratch" by Koki Saitoh
//! (O'Reilly Japan, 2016), "the book" in these pages.

mod error;
pub mod layers;

pub use error::Error;

#[doc(inline)]
pub use typenet_core::{
    Activations, Backward, Batch, BlockReport, Cache, CheckGradient, CheckpointError, DataFor, Disagreement, Draw,
    Evaluate, Files, Forward, Frozen, GradientCheck, GradientError, GradientReport, He, Infer, Initializer, Kind,
    Labels, Layer, LayerInfo, LayerSummary, LayerTape, Loss, Mode, Network, Normal, Parameter, Parameters, Part,
    PartMut, Samples, SamplesView, Scalar, Shape, SizeError, Summary, Tape, Target, TargetOf, ThreadsError,
    UnknownParameter, Xavier, Zeros, data, graph, losses, metrics, node, optimizers, product, training, with_threads,
};

#[cfg(feature = "checkpoint")]
pub use typenet_core::checkpoint;

/// The storage of matrices, named only in code that is generic over it.
pub mod storage {
    pub use typenet_core::{ColumnMajor, Heap, Order, RowMajor};
}

/// Vectorized functions of numbers; every [`Scalar`] has them as methods.
pub mod math {
    pub use typenet_core::Exponential;
}

#[cfg(feature = "progress")]
mod progress;
#[cfg(feature = "progress")]
pub use progress::Progress;

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
/// - A name means what it means elsewhere in the module: a `Linear`, or a `Relu`, that you declare or import is yours.
///   Only a layer of your own that has the name of a built-in one and takes sizes, or changes the width, needs its path:
///   `self::Relu<50>`. So does a type that begins with a small letter.
/// - Doc comments and derives go to the struct. `#[typenet(crate = path)]` says where this library is, if the
///   dependency has another name.
///
/// Two activations in a row, or two `Affine` with nothing between, are allowed: they calculate what they say, and there
/// are uses for them (a factored weight, a squeezed input). Stable Rust gives a macro no way to warn, and an error would
/// be wrong.
///
/// # What it writes
///
/// `struct Name<T: Scalar = f32>` with a public field for each layer, `Default`, `Clone`, `Debug`, and [`Network`] with all its
/// methods. So `Name` is the network in `f32`, and `Name<f64>` the same in double precision. Its documentation shows the layers with their sizes and costs, and draws them.
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
/// error: `Affine<60, 10>` takes 60 features, but `Affine<784, 50>` before it outputs 50
/// ```
#[doc(inline)]
pub use typenet_macros::network;

#[cfg(feature = "plot")]
pub mod plot;

/// Finds the derivatives of an ordinary function of numbers, while it compiles.
///
/// ```
/// use typenet::prelude::*;
///
/// #[differentiable]
/// fn shopping<T: Scalar>(apple: T, apples: T, orange: T, oranges: T, tax: T) -> T {
///     let fruit = apple * apples + orange * oranges;
///     fruit * tax
/// }
///
/// assert_eq!(shopping(100.0, 2.0, 150.0, 3.0, 1.1), 715.0000000000001); // the function stays as it is
///
/// let call = shopping::forward(100.0, 2.0, 150.0, 3.0, 1.1);
/// assert_eq!(call.value(), 715.0000000000001);
/// let gradient = call.backward(1.0); // from the derivative of the result: 1 for the function's own
/// assert_eq!((gradient.apple, gradient.tax), (2.2, 650.0));
/// ```
///
/// # Supported code
///
/// - Parameters and result are of one type: a type parameter with the bound [`Scalar`], or `f32` or `f64`.
/// - `+`, `-`, `*`, `/` and the unary minus; `let`, also of a name that is there already; parentheses and blocks.
/// - Numbers: `T::of(0.5)`, `T::one()`, `T::zero()`, `T::pi()` and the like, and in functions of `f32` or `f64` literals and
///   consts. They have no derivatives.
/// - The methods `exp`, `ln`, `sqrt`, `recip`, `powi`, `powf`, `sin`, `cos`, `tan`, `tanh`, `sinh`, `cosh`, `abs`, `max`, `min`,
///   `exp_m1`, `ln_1p` and `mul_add`. The exponent of `powi` is a whole number or a const.
/// - Calls of other functions with this attribute. If a name could mean something else as well, which the function's own
///   hides (a crate, `drop`, what `use super::*` brings, a function outside of the function's body), the compiler finds it
///   ambiguous. Then it is called by its path, `self::log(x)`, or gets another name.
///
/// Anything else is an error at its place, and all of them are reported. The function stands in a module or in another
/// function, not in an `impl`, where no types can stand beside it; and no other type or module has its name, or that of
/// its derivatives, such as `ShoppingGradient`.
///
/// # Generated code
///
/// The function stays as it is. Beside it stands a type *of the same name*, so that one `use` imports both, for a call that
/// keeps its values. `shopping::forward(...)` makes it. Its methods are:
///
/// - `value()`: the result.
/// - `backward(dout)`: a `ShoppingGradient` with the derivative by each parameter; `to_array()` returns them in order.
/// - `graph()` and `graph_with_gradients(dout)`: the [computational graph](graph::Graph) as the book draws it.
///
/// `backward` is straight-line code without allocation or tape. It computes nothing twice, and nothing that `forward` has
/// computed; it adds the derivatives by a value that is used twice. A function of more than some 4,000 operations can
/// overflow the compiler's stack; `RUST_MIN_STACK` in its environment raises the limit.
///
/// `#[differentiable(crate = path)]` names the library if the dependency has another name.
///
/// # Kinks
///
/// | function | derivative |
/// | --- | --- |
/// | `x.abs()` | 0 at 0, whatever flows in |
/// | `x.max(y)`, `x.min(y)` | 0 where both are equal, if one of them is a constant in the function: `x.max(T::zero())` is [`Relu`](layers::Relu), except NaN, which becomes 0 |
/// | | half to each, if both depend on parameters, even if a call gives one of these as 0; all to the other, where one is NaN |
/// | | 0 where the other was chosen, even if the slope on the way there is infinite: `x.sqrt().max(T::one())` at 0; past eight nested choices it may be NaN |
/// | `x.powf(p)` | by `p`: 0 where `x` is 0 |
/// | `x.exp()`, `exp_m1`, `sinh`, `cosh` | 0 where 0 flows in, even if the function is infinite there |
/// | `x.ln()`, `sqrt`, `recip` and the like at 0 | infinite, and NaN if 0 flows in |
/// | `x.ln()`, `ln_1p`, `sqrt`, and `powf` to less than 1 | NaN where `x` has overflowed, unless 0 flows in: at 1000, `x.exp().ln()` is infinite, and its derivative is lost |
///
/// ```compile_fail
/// # use typenet::prelude::*;
/// #[differentiable]
/// fn relu<T: Scalar>(x: T) -> T {
///     if x > T::zero() { x } else { T::zero() }
/// }
/// ```
///
/// ```text
/// error: `if` is not supported in a differentiable function: use `+ - * /`, numbers, `let`, calls of other differentiable functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`
/// ```
#[doc(inline)]
pub use typenet_macros::differentiable;

/// Makes a layer of a function, which it applies to each number; includes [`differentiable`](macro@differentiable).
///
/// ```
/// use typenet::prelude::*;
///
/// /// A sigmoid without an exponential function.
/// #[activation]
/// fn softsign<T: Scalar>(x: T) -> T {
///     x / (T::one() + x.abs())
/// }
///
/// network! {
///     struct Net = Affine<2, 3> -> Softsign -> Affine<3, 2> -> SoftmaxWithLoss;
/// }
///
/// let net: Net = Net::random(Xavier, &mut StdRng::seed_from_u64(1));
/// let x = SMatrix::<f32, 4, 2>::from_fn(|i, j| i as f32 - j as f32 - 0.5);
/// net.gradient_check(&x, &[0, 1, 1, 0].try_into()?)?;
/// # Ok::<(), Error>(())
/// ```
///
/// The layer has the function's name in Pascal case, keeps the number of features, has nothing to learn, and stands in
/// [`network!`] like a built-in one. Its documentation shows the formula and the derivative. Its loops, and those of functions
/// that it calls, use vector instructions: its `exp`, `exp_m1`, `ln`, `ln_1p`, `tanh` and `powi` are the library's own, which may
/// differ from the function in the last digits. `powf`, `sin`, `cos`, `tan`, `sinh` and `cosh` are the standard library's, and
/// take ten times as long.
///
/// Parameters after the first are hyperparameters, which are not learned:
///
/// ```
/// # use typenet::prelude::*;
/// #[activation]
/// fn hard_tanh<T: Scalar>(x: T, end: T) -> T {
///     x.min(end).max(-end)
/// }
///
/// network! {
///     struct Net = Affine<2, 3> -> HardTanh(1.5) -> Affine<3, 2> -> SoftmaxWithLoss;
/// }
///
/// assert_eq!(Net::<f32>::default().hard_tanh1, HardTanh { end: 1.5 });
/// ```
///
/// In the layer they are constants, also at kinks: the slope of `HardTanh` is 0 where `x` is `end`. In a function that is called they
/// are parameters like any other, with half of the slope at a kink.
///
/// The function is one of `T: Scalar`, since a network is generic over its scalar.
#[doc(inline)]
pub use typenet_macros::activation;

/// What a program with a network usually needs.
pub mod prelude {
    pub use crate::data::{digits, mnist};
    pub use crate::layers::{Affine, Elu, Gelu, LeakyRelu, Relu, Sigmoid, Silu, Softplus, Tanh};
    pub use crate::losses::{MeanSquaredError, SoftmaxWithLoss};
    pub use crate::nalgebra::{Const, Dim, DimName, Dyn, Matrix, RawStorage, SMatrix};
    pub use crate::optimizers::{AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Schedule, Sgd};
    pub use crate::rand::SeedableRng;
    pub use crate::rand::rngs::StdRng;
    pub use crate::{
        Batch, CheckGradient, Draw, Error, Evaluate, Files, GradientCheck, He, Infer, Initializer, Labels, Layer, Loss,
        Mode, Network, Normal, Parameters, Part, PartMut, Samples, Scalar, Shape, Xavier, Zeros, activation,
        differentiable, network, with_threads,
    };
}

// Their names are in errors of the compiler.
#[doc(hidden)]
pub use typenet_core::macro_support::{differentiated, hyperparameters};

#[doc(hidden)]
pub mod __private {
    pub use std::vec::Vec;
    pub use typenet_core::Path;
    pub use typenet_core::elementwise_layer;
    pub use typenet_core::layers::elementwise::Elementwise;
    pub use typenet_core::macro_support::{
        Message, buffer, debug, fallback, loss_part, loss_part_mut, operations, scratch_of_chain,
    };
    pub use typenet_macros::drawing;
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// One class as the size of a network is found where the loss is calculated. Two are calculated with:
///
/// ```
/// use typenet::prelude::*;
///
/// network! { struct Net<const CLASSES: usize> = Affine<8, CLASSES> -> SoftmaxWithLoss; }
///
/// assert!(Net::<2>::zeros().loss(&SMatrix::<f32, 4, 8>::zeros(), &Labels::zeros(Const)) > 0.0);
/// ```
///
/// ```compile_fail,E0080
/// use typenet::prelude::*;
///
/// network! { struct Net<const CLASSES: usize> = Affine<8, CLASSES> -> SoftmaxWithLoss; }
///
/// assert!(Net::<1>::zeros().loss(&SMatrix::<f32, 4, 8>::zeros(), &Labels::zeros(Const)) > 0.0);
/// ```
///
/// ```compile_fail,E0080
/// use typenet::prelude::*;
///
/// network! { struct Net<const CLASSES: usize> = Affine<8, CLASSES> -> SoftmaxWithLoss; }
///
/// Net::<1>::zeros().descend_with(&SMatrix::<f32, 4, 8>::zeros(), &Labels::zeros(Const), 0.1, &mut Net::tape(Const));
/// ```
#[cfg(doctest)]
struct OneClass;
