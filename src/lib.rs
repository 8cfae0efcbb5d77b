//! Neural networks declared in one line, with shapes checked by the compiler.
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
//! # How do I
//!
//! | task | item |
//! | --- | --- |
//! | declare a network | [`network!`] |
//! | train in a loop of my own | [`Network::descend_with`], [`Optimizer::descend_with`](optimizers::Optimizer::descend_with) |
//! | train on data in three lines | [`Trainer::fit`](training::Trainer::fit) |
//! | train with epochs, validation, early stopping | [`Trainer`](training::Trainer) |
//! | choose an optimizer, change the learning rate | [`optimizers`], [`Schedule`](optimizers::Schedule) |
//! | find a first learning rate | [`Trainer::range_test`](training::Trainer::range_test) |
//! | write a schedule, reduce the rate on a plateau | [`Schedule::custom`](optimizers::Schedule::custom), [`Trainer::reduce_on_plateau`](training::Trainer::reduce_on_plateau) |
//! | train with batches too large for the memory | [`Trainer::accumulate`](training::Trainer::accumulate) |
//! | train on several processes, with the same bits for any number of them | [`Trainer::shards`](training::Trainer::shards), [`Trainer::collective`](training::Trainer::collective) |
//! | draw all classes equally often | [`Sampling::Balanced`](training::Sampling::Balanced) |
//! | evaluate on a data set, print a confusion matrix | [`Evaluate`], [`metrics`] |
//! | compute precision, recall, a ROC curve, calibration | [`BinaryScores`](metrics::BinaryScores) |
//! | predict scores, classes, probabilities | [`Network::predict`], [`Network::classify`], [`Network::probabilities`] |
//! | classify two classes or several labels | [`SigmoidWithLoss`](losses::SigmoidWithLoss) |
//! | weight rare classes or single samples | `SoftmaxWithLoss(class_weights = [1.0, 50.0])`, [`SampleWeighted`](losses::SampleWeighted) |
//! | fit a curve to data with outliers | [`Huber`](losses::Huber), [`MeanAbsoluteError`](losses::MeanAbsoluteError) |
//! | predict one sample in a control loop | [`Network::infer`] |
//! | limit the size of a network at compile time | `#[budget(..)]`, see [`network!`] |
//! | save and load a network, resume a training | [`Files`], [`Trainer::resume`](training::Trainer::resume) |
//! | build a batch from a `Vec`, an array or an iterator | [`Samples::from_slice`], [`Samples::from_rows`], `from`, `collect` |
//! | build a batch from a matrix | [`Batch::from_matrix`] |
//! | use class numbers as targets | [`Labels`] |
//! | train on my own table | [`Table`](data::Table), [`Standardizer`](data::Standardizer) |
//! | read a CSV file | [`Table::from_csv`](data::Table::from_csv), [`Csv`](data::Csv) for missing values and decimal commas |
//! | split data by class, cross-validate | [`Table::stratified_split`](data::Table::stratified_split), [`Table::folds`](data::Table::folds) |
//! | predict numbers in their original units | [`Standardizer::inverse`](data::Standardizer::inverse) |
//! | read MNIST or IDX files | [`data::mnist`], [`data::idx`] |
//! | train on images of my own | [`Images`](data::Images) |
//! | shift, rotate or flip training images | [`Augment`](data::Augment), [`Trainer::augment`](training::Trainer::augment) |
//! | check a gradient | [`CheckGradient`], [`GradientCheck`] |
//! | write an activation function | [`activation`](macro@activation) |
//! | write a layer or a loss | [`Layer`], [`loss`](macro@loss), [`Loss`] |
//! | add a metric of my own to the history | [`Trainer::metric`](training::Trainer::metric) |
//! | write a callback, change the network during training | [`Trainer::on_epoch`](training::Trainer::on_epoch), [`Watch`](training::Watch) |
//! | learn from images or signals | `Input<1, 28, 28>` or `Input<1, 100>` in [`network!`](network#images) |
//! | learn from words or other class numbers | [`Embedding`](layers::Embedding), [`Classes`] |
//! | add a residual connection or branches | [`Residual`](layers::Residual), [`Sum`](layers::Sum), [`Concat`](layers::Concat) in [`network!`](network#residuals-and-branches) |
//! | add dropout or batch normalization | [`Dropout`](layers::Dropout), [`BatchNorm`](layers::BatchNorm), [`LayerNorm`](layers::LayerNorm) |
//! | freeze parameters | [`Network::freeze`] |
//! | copy layers from another network | [`Network::copy_layers`] |
//! | get the output of a hidden layer | [`Tape::activation`] |
//! | get a saliency map or an adversarial example | [`InputGradient`] |
//! | use several threads | [`with_threads`] |
//! | draw a network or a function | [`Draw`], [`graph`] |
//! | differentiate a function | [`differentiable`](macro@differentiable) |
//!
//! # Features
//!
//! | feature | adds |
//! | --- | --- |
//! | `std` (default) | data sets, files, optimizers, the trainer, and the best instructions of each processor |
//! | `alloc` (in `std`) | batches, gradients and gradient descent, on a heap without the standard library |
//! | `rayon` (default) | multithreading |
//! | `checkpoint` | [`Files::save`](Files) and `load`, `import` and `export` for [`PyTorch`], the methods `checkpoint` and `resume` of [`Trainer`](training::Trainer), the module `checkpoint` |
//! | `image` | [`Images::load`](data::Images), for folders of PNG files |
//! | `onnx` | [`Files::to_onnx`](Files) |
//! | `progress` | `Progress`, a progress bar |
//! | `plot` | the module `plot`: SVG and PNG |
//! | `serde` | `Serialize` and `Deserialize` for [`History`](training::History) |
//!
//! Without any feature, the library needs neither the standard library nor an allocator. [`Network`] then infers single
//! samples with weights that are constants: see [`include_network!`] and [`Batch::from_static`].
//!
//! The library follows the chapter on backpropagation in "Deep Learning from Scratch" by Koki Saitoh (O'Reilly Japan,
//! 2016). These docs call it "the book".

#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "alloc")]
extern crate alloc;
// In every file, `std` is what exists of it.
#[cfg(not(feature = "std"))]
extern crate core as std;

#[cfg(feature = "std")]
mod error;
pub mod layers;

#[cfg(feature = "std")]
pub use error::Error;

#[cfg(feature = "alloc")]
#[doc(inline)]
pub use typenet_core::{
    Activations, Attribute, Backward, Cache, CopyError, Forward, He, InputGradient, Inside, Labels, Layer, LayerInfo,
    LayerTape, Loss, Normal, Operand, Operation, Operator, Parameter, Tape, Target, TargetOf, UnknownLayer,
    UnknownParameter, WeightedTargets, Xavier, Zeros, product,
};
#[doc(inline)]
pub use typenet_core::{
    At, Batch, Classes, Constant, Constants, Continuous, Declared, Embed, EmbedAt, Features, Frozen, Image, Infer,
    Initializer, Kernel, Kind, LabelsError, Line, Mode, Network, Parameters, Part, PartMut, PartOf, Place, Samples,
    SamplesView, Scalar, Shape, SizeError, Slide, Square, Window, Windows, losses, node, reshaped,
};
#[cfg(feature = "std")]
#[doc(inline)]
pub use typenet_core::{
    BlockReport, CheckGradient, CheckpointError, DataFor, Disagreement, Draw, Evaluate, Files, GradientCheck,
    GradientError, GradientReport, LayerSummary, OnnxError, PyTorch, Summary, ThreadsError, data, graph, metrics,
    optimizers, training, with_threads,
};

#[cfg(feature = "checkpoint")]
pub use typenet_core::checkpoint;

/// The storage of [`Batch`] and [`Samples`], for code that is generic over it.
pub mod storage {
    pub use typenet_core::{ColumnMajor, Heap, Known, Order, RowMajor};
}

/// Vectorized exponential functions and logarithms, which every [`Scalar`] implements.
pub mod math {
    pub use typenet_core::Exponential;
}

#[cfg(feature = "progress")]
mod progress;
#[cfg(feature = "progress")]
pub use progress::Progress;

/// The matrix library, in the version that this library uses.
pub use typenet_core::nalgebra;
/// The random number library, in the version that this library uses.
pub use typenet_core::rand;

/// Declares networks; a layer that does not fit is a compile error.
///
/// # Grammar
///
/// ```text
/// network! {
///     [attributes] [pub] struct Name [<const SIZE: usize>] = [Input<F> ->] layer -> ... -> layer -> loss;
///     [attributes] [pub] block Name [<const SIZE: usize>] = [Input<F> ->] layer -> ... -> layer;
///     ...
/// }
/// layer:  [name:] Type [<arguments>] [(value, ...) or (name = value, ...)]
///         [name:] Residual[chain], Sum[chain | chain ...] or Concat[chain | chain ...]     chain: layer -> ... -> layer
/// ```
///
/// - The first layer sets the number of input features: [`Affine<784, 50>`](layers::Affine), or `Input<784>` before any
///   other layer. [`Embedding<1000, 16>`](layers::Embedding) as the first layer takes class numbers instead. `Input<1, 28, 28>`
///   reads 784 features as an image, `Input<1, 100>` reads 100 as a signal: see [below](#images).
/// - Sizes are literals, consts, or expressions in `{...}`. `_` is the width that the layer before outputs: `Affine<_, 10>`.
/// - Layers are named `affine1`, `relu1`, `affine2`, as in the book, or as you write: `hidden: Affine<784, 50>`. The loss is
///   named `loss`.
/// - Your own [`Layer`] or [`Loss`] is written like a built-in one. A layer with parameters names the network's scalar `T`:
///   `Scale<50, T>`.
/// - `Default` creates a layer. Hyperparameters go to its function `new`: `Dropout(0.2)` is `Dropout::new(0.2)`. With names
///   they go to builder methods: `BatchNorm<64>(momentum = 0.2)` is `BatchNorm::default().momentum(0.2)`.
/// - Hyperparameters of a loss are written in the same way: `Huber(0.5)`, `SigmoidWithLoss(pos_weight = 3.0)`, or
///   `SoftmaxWithLoss(label_smoothing = 0.1, class_weights = [1.0, 50.0], ignore_class = 0)` with any of the three.
/// - Names resolve as elsewhere in the module, so your own `Linear` or `Relu` takes precedence. Write the path of your own
///   layer, such as `self::Relu<50>`, if it has the name of a built-in layer and has sizes or changes the width. Also write
///   the path of a type whose name begins with a lowercase letter.
/// - A `block` has no loss. It is a layer, for networks and other blocks: see [below](#blocks).
/// - Brackets hold chains: a residual, or 2 to 8 branches that are added or joined: see [below](#residuals-and-branches).
/// - Doc comments and derives apply to the struct. `#[typenet(crate = path)]` sets the path of this library if the
///   dependency is renamed.
///
/// Two activations in a row compile, and so do two `Affine` layers in a row: both have uses.
///
/// # Blocks
///
/// ```
/// use typenet::prelude::*;
///
/// network! {
///     /// A dense layer with its activation.
///     pub block Hidden<const F: usize> = Affine<F, F> -> Tanh;
///
///     pub struct Net = Affine<4, 16> -> Hidden<16> -> last: Hidden<16> -> Affine<16, 2> -> SoftmaxWithLoss;
/// }
///
/// let mut net: Net = Net::random(Xavier, &mut StdRng::seed_from_u64(1));
/// assert!(net.parameters().any(|parameter| parameter.name == "last.affine1.weight"));
/// net.freeze("hidden1")?;
/// net.last.affine1.bias.fill(0.5);
/// # Ok::<(), Error>(())
/// ```
///
/// A block becomes a struct with a public field for each layer, `Default`, `Clone`, `Debug` and [`Layer`]. Parameters are named
/// by the path of fields: `last.affine1.weight`. Blocks may contain blocks, to any depth. The scalar is added to a block
/// of the same `network!`; the block of another one is written with it, as in `Hidden<16, T>`.
///
/// # Residuals and branches
///
/// ```
/// use typenet::prelude::*;
///
/// network! {
///     pub block Unit<const F: usize> = Residual[Affine<F, F> -> BatchNorm<F> -> Relu -> Affine<F, F>] -> Relu;
///
///     pub struct Net = Affine<4, 16> -> Unit<16> -> Unit<16>
///         -> Concat[Affine<16, 4> -> Tanh | Identity]   // 4 + 16 features
///         -> Sum[Affine<20, 2> | Affine<20, 8> -> Relu -> Affine<_, 2>]
///         -> SoftmaxWithLoss;
/// }
///
/// let mut net: Net = Net::random(He, &mut StdRng::seed_from_u64(1));
/// net.unit1.residual1.affine1.bias.fill(0.5);
/// net.sum1.1.affine2.bias.fill(0.5);
/// assert!(net.parameters().any(|parameter| parameter.name == "unit1.residual1.affine1.bias"));
/// assert!(net.parameters().any(|parameter| parameter.name == "sum1.1.affine2.bias"));
/// ```
///
/// [`Residual`](layers::Residual) adds its input to the output of its chain, [`Sum`](layers::Sum) adds the outputs of its
/// branches, and [`Concat`](layers::Concat) joins them. Each chain becomes a block with a name of its own, such as
/// `UnitResidual1` or `NetSum1Branch0`. Fields and parameters inside have the same path: branches are numbered from 0.
///
/// The width of a `Concat` cannot depend on the network's own const parameters, because stable Rust cannot add them in a
/// type.
///
/// # Images
///
/// ```
/// use typenet::prelude::*;
///
/// network! {
///     pub struct ConvNet = Input<1, 28, 28>             // 784 features, read as 1 channel of 28 x 28 pixels
///         -> Conv2d<1, 16, 5> -> Relu -> MaxPool2d<2>   // 16 x 24 x 24, then 16 x 12 x 12
///         -> Conv2d<_, 32, 3>(padding = same) -> Relu   // 32 x 12 x 12
///         -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
/// }
///
/// let net: ConvNet = ConvNet::random(He, &mut StdRng::seed_from_u64(1));
/// assert_eq!(net.affine1.weight.shape(), (32 * 12 * 12, 10));
/// let y = net.predict(&Samples::<f32, Const<3>, Const<784>>::zeros(Const, Const));
/// assert_eq!(y.shape(), (3, 10));
/// ```
///
/// - [`Conv2d<IN, OUT, K>`](layers::Conv2d) has `K x K` windows, `Conv2d<IN, OUT, KH, KW>` rectangular ones. Its settings
///   are `stride`, `padding`, `dilation`, `groups` and `bias`, as in `Conv2d<16, 32, 3>(stride = 2, padding = 1)`; a pair
///   such as `(1, 2)` is height and width. `padding = same` keeps the size of the image. With `groups = 4`, each fourth of
///   the filters reads its own fourth of the channels.
/// - [`ConvTranspose2d<IN, OUT, K>`](layers::ConvTranspose2d) makes images larger. It has the settings `stride`, `padding`,
///   `dilation`, `bias` and `output_padding`: `ConvTranspose2d<16, 8, 2>(stride = 2)` doubles both sides.
/// - [`MaxPool2d<K>`](layers::MaxPool2d) has the stride `K`, unless it is set. [`AveragePool2d<K>`](layers::AveragePool2d)
///   has the same settings, and `count_padding`. [`AdaptiveAveragePool2d<7>`](layers::AdaptiveAveragePool2d) outputs images
///   of 7 x 7 pixels, `AdaptiveAveragePool2d<4, 7>` of 4 x 7.
/// - [`DepthwiseConv2d<C, K>`](layers::DepthwiseConv2d), [`Upsample2d<2>`](layers::Upsample2d),
///   [`Dropout2d(0.2)`](layers::Dropout2d) and [`GlobalAveragePool`](layers::GlobalAveragePool), which outputs a feature for
///   each channel.
/// - [`Flatten`](layers::Flatten) comes before a layer that takes features. `BatchNorm<C>` normalizes each channel.
/// - A stride that leaves pixels of the image unread is an error, unless `ignore_rest = true` allows it.
/// - The sides of an image are at most 1,024 pixels. They cannot depend on the network's const parameters; channels can.
/// - `Input<2, 100>` reads 200 features as a signal of 2 channels and 100 values, an image of one row.
///   [`Conv1d<IN, OUT, K>`](layers::Conv1d), [`MaxPool1d<K>`](layers::MaxPool1d) and
///   [`AveragePool1d<K>`](layers::AveragePool1d) take signals, with the settings of the layers for images.
/// - A block over images begins with their shape: `block Unit<const C: usize> = Input<C, 14, 14> -> ...`.
///
/// # Class numbers
///
/// ```
/// use typenet::prelude::*;
///
/// network! { struct Moods = Embedding<5, 2> -> Affine<2, 2> -> SoftmaxWithLoss; }
///
/// let words = Samples::from_classes(Const::<5>, &[0, 1, 2, 3, 4])?; // an error names a number that is not below 5
/// let moods = Labels::try_from([0, 1, 1, 0, 1])?;
/// let mut net: Moods = Moods::random(He, &mut StdRng::seed_from_u64(1));
/// for _ in 0..200 {
///     net.descend(&words, &moods, 0.5);
/// }
/// assert_eq!(net.accuracy(&words, &moods), 1.0);
/// assert_eq!(net.infer_class(3)?.imax(), 0);
/// # Ok::<(), Error>(())
/// ```
///
/// An [`Embedding`](layers::Embedding) has a row of features for each class, such as a word. Its input is [`Classes`].
///
/// # Generated code
///
/// `struct Name<T: Scalar = f32>` has a public field for each layer, and implements `Default`, `Clone`, `Debug` and
/// [`Network`]. Its function `from_layers` takes the layers in order and the loss, also in a `static`. `Name` computes in
/// `f32`, `Name<f64>` in `f64`. Its documentation lists and draws the layers with their sizes and costs.
///
/// # Budgets
///
/// `#[budget(parameters = 50_000, bytes = "160 KiB", multiply_adds = "40 k")]` above `struct` limits one or more costs of the
/// network in `f32`. Exceeding one is a compile error at the number, which lists the costs of the layers.
///
/// | cost | constant |
/// | --- | --- |
/// | `parameters`: learned numbers, also in k, M or G | [`Network::PARAMETERS`] |
/// | `bytes`: parameters and running statistics, in B, kB, MB, GB, KiB, MiB or GiB | |
/// | `multiply_adds`: for one sample, also in k, M or G | [`Infer::MULTIPLY_ADDS`] |
///
/// [`Network::INFER_BYTES`] is the memory of `infer` without the parameters.
///
/// # Layers that do not fit
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

/// Differentiates an ordinary function of numbers at compile time.
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
/// assert_eq!(shopping(100.0, 2.0, 150.0, 3.0, 1.1), 715.0000000000001); // the function itself is unchanged
///
/// let call = shopping::forward(100.0, 2.0, 150.0, 3.0, 1.1);
/// assert_eq!(call.value(), 715.0000000000001);
/// let gradient = call.backward(1.0); // the derivative of the result with respect to itself is 1
/// assert_eq!((gradient.apple, gradient.tax), (2.2, 650.0));
/// ```
///
/// # Supported code
///
/// - Parameters and result have one type: a type parameter with the bound [`Scalar`], or `f32` or `f64`.
/// - `+`, `-`, `*`, `/` and unary minus; `let` with or without shadowing; parentheses and blocks.
/// - Constants without a derivative: `T::of(0.5)`, `T::one()`, `T::zero()`, `T::pi()` and so on; in functions of `f32` or
///   `f64` also literals and consts.
/// - The methods `exp`, `ln`, `sqrt`, `recip`, `powi`, `powf`, `sin`, `cos`, `tan`, `tanh`, `sinh`, `cosh`, `abs`, `max`, `min`,
///   `exp_m1`, `ln_1p` and `mul_add`. The exponent of `powi` is an integer or a const.
/// - Calls of other functions with this attribute. If the compiler finds the name ambiguous, because a crate, a glob import
///   or an outer function has it too, call the function by its path: `self::log(x)`.
///
/// Anything else is an error at its place; all errors are reported. The function is an item of a module or of another
/// function, not of an `impl`. No other type or module may have the function's name or the name of its gradient, such as
/// `ShoppingGradient`.
///
/// # Generated code
///
/// The function is unchanged. A type *of the same name* represents a call; one `use` imports both. `shopping::forward(...)`
/// creates a value of that type. Its methods are:
///
/// - `value()`: the result.
/// - `backward(dout)`: a `ShoppingGradient` with the derivative with respect to each parameter. Its `to_array()` returns them
///   in order. `dout` is the derivative that flows back to the result: 1 for the function's own gradient.
/// - `graph()` and `graph_with_gradients(dout)`: the [computational graph](graph::Graph) as the book draws it.
///
/// `backward` is straight-line code without allocation or tape, and computes nothing twice, not even a value of `forward`.
/// A function of more than about 4,000 operations can overflow the compiler's stack; the environment variable
/// `RUST_MIN_STACK` raises the limit.
///
/// `#[differentiable(crate = path)]` sets the path of the library if the dependency is renamed.
///
/// # Kinks
///
/// | function | derivative |
/// | --- | --- |
/// | `x.abs()` | 0 at 0 |
/// | `x.max(y)`, `x.min(y)`, equal operands | 0 if one operand is a constant, half to each operand otherwise |
/// | `x.max(y)`, `x.min(y)`, one operand NaN | all to the other operand; `x.max(T::zero())` is [`Relu`](layers::Relu) except that it maps NaN to 0 |
/// | `x.max(y)`, `x.min(y)`, the operand that was not chosen | 0, even behind an infinite slope, as in `x.sqrt().max(T::one())` at 0; behind more than eight nested choices it may be NaN |
/// | `x.powf(p)` | with respect to `p`: 0 if `x` is 0 |
/// | `x.exp()`, `exp_m1`, `sinh`, `cosh` | 0 if the incoming derivative is 0, even if the function is infinite |
/// | `x.ln()`, `sqrt`, `recip` and similar functions at 0 | infinite; NaN if the incoming derivative is 0 |
/// | `x.ln()`, `ln_1p`, `sqrt`, and `powf` with an exponent below 1 | NaN if `x` has overflowed, unless the incoming derivative is 0: at 1000, `x.exp().ln()` is infinite, and its derivative is lost |
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

/// Makes an activation layer of a function; includes [`differentiable`](macro@differentiable).
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
/// The layer applies the function to each number. It has the function's name in Pascal case and no parameters. Its
/// documentation shows the formula and the derivative.
///
/// The layer uses vector instructions. Its `exp`, `exp_m1`, `ln`, `ln_1p`, `tanh` and `powi` are the library's own, so its
/// results may differ from the function's in the last digits. `powf`, `sin`, `cos`, `tan`, `sinh` and `cosh` are those of the
/// standard library and take ten times as long.
///
/// Parameters after the first are hyperparameters, which are not trained:
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
/// In the layer, hyperparameters are constants, also at kinks: the slope of `HardTanh` is 0 where `x` equals `end`. If another
/// differentiable function calls `hard_tanh`, `end` is a parameter, and `x` gets half the slope at the kink.
///
/// The function must be generic over `T: Scalar`, as networks are.
#[doc(inline)]
pub use typenet_macros::activation;

/// Makes a loss of a function of an output and its target; includes [`differentiable`](macro@differentiable).
///
/// ```
/// use typenet::prelude::*;
///
/// /// The loss whose minimum is the fraction `q` of the targets: a quantile, such as the median for 0.5.
/// #[loss]
/// fn quantile<T: Scalar>(y: T, t: T, q: T) -> T {
///     (q * (t - y)).max((q - T::one()) * (t - y))
/// }
///
/// network! {
///     struct Forecast = Affine<2, 4> -> Tanh -> Affine<4, 1> -> Quantile(0.9);
/// }
///
/// let net: Forecast = Forecast::random(Xavier, &mut StdRng::seed_from_u64(1));
/// let x = SMatrix::<f32, 2, 2>::new(0.1, 0.2, -0.5, 1.0);
/// net.gradient_check(&x, &Batch::from([[3.0], [-1.0]]))?;
/// # Ok::<(), Error>(())
/// ```
///
/// The loss of a batch is the mean of the function over all samples and outputs. It has the function's name in Pascal case.
/// Parameters after the first two are hyperparameters, which are not trained and are part of a network's file.
///
/// Everything else is as for [`activation`](macro@activation): vector instructions, kinks, and a function that is generic
/// over `T: Scalar`. For another mean or other targets, implement [`Loss`].
#[doc(inline)]
pub use typenet_macros::loss;

/// Reads the weights of a network while the program compiles, into a `static` of the network's type.
///
/// ```ignore
/// use typenet::prelude::*;
///
/// network! { struct TwoLayerNet = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss; }
///
/// include_network!(NET: TwoLayerNet = "weights/two_layer_net.safetensors");
///
/// let digit = NET.infer(&pixels).argmax().0;
/// ```
///
/// [`Files::save`] or a [training run](training::Trainer::checkpoint) writes the file. The path is relative to the folder of
/// the crate's `Cargo.toml`, and Cargo compiles again when the file changes. The weights are read in place, in the program's
/// read-only memory, also without `std` and without an allocator. A clone of the network copies a parameter before its first
/// change, so it can be trained further. Layers and losses of your own need [`EmbedAt`].
///
/// It is a compile error at the path if the file is missing or damaged, has a number that is not finite, or does not fit the
/// network: another layer, a tensor that is missing or left over, or another shape or type. Requires the feature `embed`.
#[doc(inline)]
pub use typenet_macros::include_network;

/// The names that most programs need.
pub mod prelude {
    #[cfg(feature = "std")]
    pub use crate::data::{digits, mnist};
    pub use crate::layers::{
        AdaptiveAveragePool2d, Affine, AffineWithoutBias, AveragePool1d, AveragePool2d, BatchNorm, Concat, Conv1d,
        Conv2d, ConvTranspose2d, DepthwiseConv2d, Dropout, Dropout2d, Elu, Embedding, Flatten, Gelu, GeluExact,
        GlobalAveragePool, Identity, LayerNorm, LeakyRelu, MaxPool1d, MaxPool2d, PRelu, Relu, Residual, RmsNorm,
        Sigmoid, Silu, Softplus, Sum, Tanh, Upsample2d,
    };
    pub use crate::losses::{
        Huber, MeanAbsoluteError, MeanSquaredError, SigmoidWithLoss, SoftmaxWithLoss, SoftmaxWithSoftTargets,
    };
    pub use crate::nalgebra::{Const, Dim, DimName, Dyn, Matrix, RawStorage, SMatrix};
    #[cfg(feature = "std")]
    pub use crate::optimizers::{AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Schedule, Sgd};
    pub use crate::rand::SeedableRng;
    pub use crate::rand::rngs::StdRng;
    pub use crate::{
        Batch, Classes, Infer, Initializer, Mode, Network, Parameters, Part, PartMut, Samples, Scalar, Shape,
        activation, differentiable, include_network, loss, network,
    };
    #[cfg(feature = "std")]
    pub use crate::{CheckGradient, Draw, Error, Evaluate, Files, GradientCheck, PyTorch, with_threads};
    #[cfg(feature = "alloc")]
    pub use crate::{He, InputGradient, Labels, Layer, Loss, Normal, Xavier, Zeros};
}

// Not in `__private`, because compiler messages show these paths.
#[doc(hidden)]
pub use typenet_core::macro_support::{differentiated, hyperparameters};

#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "alloc")]
    pub use alloc::vec::Vec;
    pub use typenet_core::layers::elementwise::Elementwise;
    pub use typenet_core::losses::elementwise::ElementwiseLoss;
    #[cfg(feature = "alloc")]
    pub use typenet_core::macro_support::with_reshaped;
    pub use typenet_core::macro_support::{
        Message, buffers, depth_of_group, fallback, groups_fit, loss_part, loss_part_mut, operations, scratch_of_chain,
        stretch_fits, stretched, window_fits, windows,
    };
    pub use typenet_core::macro_support::{budget, embed};
    pub use typenet_core::{Numbers, Path};
    pub use typenet_core::{elementwise_layer, elementwise_loss, with_alloc, with_std};
    pub use typenet_macros::drawing;
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// A size of one class is an error where the loss is computed. Two classes compile:
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
