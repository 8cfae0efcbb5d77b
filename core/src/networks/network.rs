//! The trait of networks, and the tape of a training step.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use std::fmt::{self, Debug, Formatter};
use std::mem::take;

use nalgebra::allocator::Allocator;
use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, DefaultAllocator, Dim, DimName, Matrix, OVector, one, zero};
use rand::Rng;

use crate::graph::Inside;
use crate::initializer::Initializer;
use crate::kernels::mix;
use crate::labels::{Labels, LabelsError};
use crate::layers::{Activations, Layer, LayerInfo, LayerTape, Mode, infer};
use crate::losses::{Loss, Probabilities};
use crate::matrix::{Batch, rows_of};
use crate::networks::copy_layers::{CopyError, copy_layers};
use crate::networks::frozen::Frozen;
use crate::networks::step;
use crate::networks::unknown::{UnknownLayer, UnknownParameter};
use crate::parameters::{
    Embed, Parameter, Path, Twins, convert, count, first_invalid_setting, has_buffers, nth_mut, parameters, walk,
};
use crate::scalar::Scalar;
use crate::shape::{Classes, Shape};

/// The targets of a network's loss for a batch of `N` samples, such as [`Labels`].
pub type TargetOf<Net, N> =
    <<Net as Network>::Loss as Loss<<Net as Network>::Output>>::Target<<Net as Network>::Scalar, N>;

/// A chain of layers that ends in a loss. `network!` implements it.
///
/// The methods come in pairs: `predict` allocates its memory, `predict_with` reuses a [tape](Network::tape) and
/// allocates nothing.
///
/// Every network has more methods in the traits [`Evaluate`](crate::Evaluate), [`InputGradient`](crate::InputGradient),
/// [`Files`](crate::Files), [`Draw`](crate::Draw) and [`CheckGradient`](crate::CheckGradient).
///
/// # Shapes
///
/// `x` is a batch of `N` samples: any nalgebra matrix of `N` rows and [`Input`](Network::Input) columns. `N` is
/// `Const<100>` or `Dyn`. The compiler checks that `x`, target and tape have the same `N`.
///
/// The loss determines the type of the target: [`Labels`] for `SoftmaxWithLoss`, a [`Batch`] of numbers for
/// `MeanSquaredError`. [`Batch::from_matrix`] converts any matrix.
///
/// # Panics
///
/// If `N` is `Dyn`, methods that take a target panic if it has another number of samples than `x`.
///
/// A forward pass in training mode panics if a layer's setting is out of range, such as a `Dropout` of 1.5. A
/// [`Trainer`](crate::training::Trainer) returns an error before the first step instead.
pub trait Network: Layer<Self::Scalar, Self::Input, Out = Self::Output> + Default + Embed<Self::Scalar> {
    /// The scalar type of parameters and values, `f32` or `f64`.
    type Scalar: Scalar;
    /// The number of input features.
    type Input: Shape;
    /// The number of outputs of the last layer, which the loss takes.
    type Output: Shape;
    /// The loss.
    type Loss: Loss<Self::Output>;
    /// The same network with the scalar `f64`.
    type F64: Network<Scalar = f64, Input = Self::Input, Output = Self::Output, Loss = Self::Loss>;

    /// The network's name.
    const NAME: &'static str;
    /// The names of the layers, from first to last.
    const LAYERS: &'static [&'static str];
    /// The type of the loss, as written in the declaration.
    const LOSS: &'static str;

    /// The multiply-adds of each layer, if a budget limits them.
    #[doc(hidden)] // `network!` generates it
    const COSTS: &'static [usize] = &[];

    /// The number of learned values in all parameters: `Net::<f32>::PARAMETERS`.
    ///
    /// A compile error if a layer of your own does not implement [`Embed`].
    const PARAMETERS: usize;

    /// The bytes that [`infer`](Self::infer) holds at most: its input, its output, and the outputs of layers between them.
    ///
    /// The parameters are not included.
    const INFER_BYTES: usize = (Self::Input::DIM + Self::SCRATCH + Self::Output::DIM) * size_of::<Self::Scalar>();

    /// The layers from first to last, with their names, shapes and parameters.
    fn layers(&self) -> impl Iterator<Item = LayerInfo<'_, Self::Scalar>> {
        self.inside().into_iter().flat_map(Inside::into_layers)
    }

    /// The loss that follows the last layer.
    fn loss_fn(&self) -> &Self::Loss;

    /// The frozen parameters.
    fn frozen(&self) -> &Frozen<Self::Scalar>;

    /// The frozen parameters, mutably.
    fn frozen_mut(&mut self) -> &mut Frozen<Self::Scalar>;

    /// A network whose parameters are all zero, such as an empty gradient.
    fn zeros() -> Self {
        let mut network = Self::default();
        network.set_to_zero();
        network
    }

    /// Sets every parameter to zero.
    fn set_to_zero(&mut self) {
        walk(self, [], [], Path::root(""), &mut |_, twins| {
            if let Twins::Parameter { values, .. } = twins {
                values.fill(zero());
            }
        });
    }

    /// Copies all parameters and settings from another network, without allocating.
    fn copy_from(&mut self, other: &Self) {
        walk(self, [], [other], Path::root(""), &mut |_, twins| match twins {
            Twins::Parameter { values, from: [from], .. } => values.copy_from_slice(from),
            Twins::Setting { values, from: [from] } => values.copy_from_slice(from),
        });
    }

    /// A network with random weights and zero biases. The same generator state gives the same network.
    ///
    /// Name the scalar if it cannot be inferred: `let net: Net = Net::random(...)` computes in `f32`, and
    /// `Net::<f64>::random(...)` in `f64`.
    fn random<I: Initializer, R: Rng>(initializer: I, rng: &mut R) -> Self {
        let mut network = Self::default();
        network.initialize(&initializer, rng);
        network
    }

    /// The parameters, from the first layer to the last, without running statistics.
    fn parameters(&self) -> impl Iterator<Item = Parameter<'_, Self::Scalar>> {
        parameters(self, Path::root("")).into_iter()
    }

    /// The values of the parameter at `index` in [`parameters`](Self::parameters), or `None` past the last.
    fn parameter_mut(&mut self, index: usize) -> Option<&mut [Self::Scalar]> {
        nth_mut(self, index)
    }

    /// The number of learned values in all parameters.
    fn parameter_count(&self) -> usize {
        count(self).1
    }

    /// Copies the layers that match `pattern` from another network, also of another type; returns what it has copied.
    ///
    /// Copies all parameters, running statistics and settings whose full names match the pattern, as in
    /// [`freeze`](Self::freeze). For transfer learning, copy all layers but the last:
    ///
    /// ```text
    /// let names = new.copy_layers(&old, "conv*")?;
    /// assert_eq!(names[0], "conv2d1.weight");
    /// ```
    ///
    /// A single layer or block of the same type is a field: `new.affine1 = old.affine1.clone()`.
    ///
    /// # Errors
    ///
    /// [`CopyError`] if nothing in `from` matches, or if this network lacks anything that matches or has it in another
    /// shape. Then nothing is copied.
    fn copy_layers<Other>(&mut self, from: &Other, pattern: &str) -> Result<Vec<String>, CopyError>
    where
        Other: Network<Scalar = Self::Scalar>,
    {
        copy_layers((self, Self::NAME), (from, Other::NAME), pattern)
    }

    /// Freezes the parameters that match `pattern`: steps, weight decay and momentum leave them unchanged.
    ///
    /// The pattern is compared with the full name of a parameter, such as `affine1.weight`, and with the name of each layer
    /// that contains it, such as `affine1`. `*` stands for any number of characters:
    ///
    /// ```text
    /// net.freeze("affine1.weight")?; // one parameter
    /// net.freeze("conv*")?;          // all layers whose names begin with `conv`
    /// net.freeze("*.bias")?;         // all biases
    /// net.freeze("*")?;              // everything, before `net.thaw("affine2")?`
    /// ```
    ///
    /// Running statistics of frozen layers do not move either; in training such a layer still normalizes by the batch.
    /// Gradients of frozen parameters do not count when a gradient is [clipped](crate::optimizers::Optimizer::clip_norm).
    /// States of optimizers are kept until the parameters are thawed. Files do not store what is frozen.
    ///
    /// # Errors
    ///
    /// [`UnknownParameter`] if no parameter matches.
    fn freeze(&mut self, pattern: &str) -> Result<(), UnknownParameter> {
        set_frozen(self, pattern, true)
    }

    /// Reverses [`freeze`](Self::freeze) for the parameters that match `pattern`.
    ///
    /// # Errors
    ///
    /// [`UnknownParameter`] if no parameter matches.
    fn thaw(&mut self, pattern: &str) -> Result<(), UnknownParameter> {
        set_frozen(self, pattern, false)
    }

    /// A copy of the network in `f64`, with the same parameters and settings.
    fn to_f64(&self) -> Self::F64 {
        let mut copy = Self::F64::default();
        convert(self, &mut copy);
        copy
    }

    /// A tape for batches of `samples` samples: `Net::tape(Const::<100>)` or `Net::tape(Dyn(100))`.
    fn tape<N: Dim>(samples: N) -> Tape<Self, N> {
        Tape::new(samples)
    }

    /// The last layer's output for one sample, without a tape; for a control loop, for example.
    ///
    /// The result equals that of [`predict`](Self::predict) for a batch of one. The stack holds up to 16,384 numbers of the
    /// layers' outputs. A network that needs more allocates a block of memory in the first call on each thread. Without the
    /// feature `std`, that is a compile error.
    ///
    /// # Shapes
    ///
    /// ```text
    /// x   In numbers   ->   y   Out numbers
    /// ```
    #[inline]
    fn infer(&self, x: &OVector<Self::Scalar, Self::Input>) -> OVector<Self::Scalar, Self::Output>
    where
        DefaultAllocator: Allocator<Self::Input> + Allocator<Self::Output>,
    {
        let mut y = OVector::from_element_generic(Self::Output::name(), Const, zero());
        infer(self, x.as_slice(), y.as_mut_slice());
        y
    }

    /// [`infer`](Self::infer) for one class number, in a network that begins with an
    /// [`Embedding`](crate::layers::Embedding).
    ///
    /// # Errors
    ///
    /// [`LabelsError::Class`] unless the number is less than `C`.
    #[inline]
    fn infer_class<const C: usize>(&self, class: usize) -> Result<OVector<Self::Scalar, Self::Output>, LabelsError>
    where
        Self: Network<Input = Classes<C>>,
        DefaultAllocator: Allocator<Self::Output>,
    {
        let x = [Classes::<C>::checked(class)?];
        let mut y = OVector::from_element_generic(Self::Output::name(), Const, zero());
        infer(self, &x, y.as_mut_slice());
        Ok(y)
    }

    /// The last layer's output: one score for each class if the network is a classifier.
    #[must_use]
    fn predict<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
    ) -> Batch<Self::Scalar, N, Self::Output> {
        self.predict_with(x, &mut Self::tape(rows_of(x))).clone()
    }

    /// [`predict`](Self::predict) with a tape.
    fn predict_with<'a, N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &'a Matrix<Self::Scalar, N, Self::Input, S>,
        tape: &'a mut Tape<Self, N>,
    ) -> &'a Batch<Self::Scalar, N, Self::Output> {
        tape.forward_in(Mode::Infer, self, x).output()
    }

    /// The class with the highest score for each sample.
    ///
    /// A sample with a NaN among its scores is [undecided](Labels::undecided).
    fn classify<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
    ) -> Labels<N, Self::Output> {
        Labels::argmax(&self.predict(x))
    }

    /// [`classify`](Self::classify) with a tape, into existing labels.
    fn classify_with<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        tape: &mut Tape<Self, N>,
        labels: &mut Labels<N, Self::Output>,
    ) {
        labels.copy_argmax(self.predict_with(x, tape));
    }

    /// The probabilities that the loss defines: those of the classes, or of each label, for each sample.
    ///
    /// ```text
    /// let p = net.probabilities(&x);
    /// ```
    ///
    /// Softmax of [`predict`](Self::predict) for `SoftmaxWithLoss`, sigmoid for `SigmoidWithLoss`.
    #[must_use]
    fn probabilities<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
    ) -> Batch<Self::Scalar, N, Self::Output>
    where
        Self::Loss: Probabilities<Self::Output>,
    {
        let mut probabilities = self.predict(x);
        self.loss_fn().replace(probabilities.data.values_mut());
        probabilities
    }

    /// [`probabilities`](Self::probabilities) with a tape, into an existing batch.
    fn probabilities_with<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        tape: &mut Tape<Self, N>,
        probabilities: &mut Batch<Self::Scalar, N, Self::Output>,
    ) where
        Self::Loss: Probabilities<Self::Output>,
    {
        probabilities.copy_from(self.predict_with(x, tape));
        self.loss_fn().replace(probabilities.data.values_mut());
    }

    /// [`probabilities`](Self::probabilities) of one sample, without a tape, as in [`infer`](Self::infer).
    #[inline]
    fn infer_probabilities(&self, x: &OVector<Self::Scalar, Self::Input>) -> OVector<Self::Scalar, Self::Output>
    where
        Self::Loss: Probabilities<Self::Output>,
        DefaultAllocator: Allocator<Self::Input> + Allocator<Self::Output>,
    {
        let mut y = self.infer(x);
        self.loss_fn().replace(y.as_mut_slice());
        y
    }

    /// The mean loss of the batch.
    fn loss<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
    ) -> Self::Scalar {
        self.loss_with(x, target, &mut Self::tape(rows_of(x)))
    }

    /// [`loss`](Self::loss) with a tape.
    fn loss_with<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
        tape: &mut Tape<Self, N>,
    ) -> Self::Scalar {
        tape.forward_in(Mode::Infer, self, x).loss(target)
    }

    /// The fraction of samples classified correctly; a sample with a NaN among its scores counts as wrong.
    fn accuracy<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        labels: &Labels<N, Self::Output>,
    ) -> f64 {
        self.accuracy_with(x, labels, &mut Self::tape(rows_of(x)))
    }

    /// [`accuracy`](Self::accuracy) with a tape.
    fn accuracy_with<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        labels: &Labels<N, Self::Output>,
        tape: &mut Tape<Self, N>,
    ) -> f64 {
        labels.accuracy(self.predict_with(x, tape))
    }

    /// The derivatives of the mean loss with respect to all parameters, by backpropagation in training mode.
    ///
    /// The network and the batch determine the noise of layers such as dropout.
    #[must_use]
    fn gradient<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
    ) -> Self {
        let mut gradient = Self::zeros();
        new_tape(self, x).forward(self, x).backward(target).add_gradient(one(), &mut gradient);
        gradient
    }

    /// [`gradient`](Self::gradient) with a tape, into an existing network; returns the mean loss.
    fn gradient_with<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
        tape: &mut Tape<Self, N>,
        gradient: &mut Self,
    ) -> Self::Scalar {
        gradient.set_to_zero();
        let backward = tape.forward(self, x).backward(target);
        backward.add_gradient(one(), gradient);
        backward.loss()
    }

    /// One step of gradient descent, `W -= learning_rate · dW`; returns the loss before the step.
    ///
    /// The network and the batch determine the noise of layers such as dropout.
    fn descend<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &mut self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
        learning_rate: Self::Scalar,
    ) -> Self::Scalar {
        let mut tape = new_tape(self, x);
        self.descend_with(x, target, learning_rate, &mut tape)
    }

    /// [`descend`](Self::descend) with a tape.
    ///
    /// Adds the gradient directly to the weights, without storing it, unless a parameter is frozen.
    fn descend_with<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &mut self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
        learning_rate: Self::Scalar,
        tape: &mut Tape<Self, N>,
    ) -> Self::Scalar {
        descend(self, x, target, learning_rate, one(), tape)
    }

    /// Steps along a given gradient: `W -= learning_rate · dW`.
    ///
    /// Running statistics move toward those in `gradient`. Frozen parameters stay unchanged.
    fn update(&mut self, gradient: &Self, learning_rate: Self::Scalar) {
        update(self, gradient, learning_rate, one());
    }
}

/// The memory of a training step, for a batch of `N` samples.
///
/// [`Network::tape`] allocates a tape, and one tape serves any number of batches. A tape for `Dyn` samples adapts to each
/// batch: it reallocates if the batch size changes.
pub struct Tape<Net: Network, N: Dim> {
    record: LayerTape<Net::Scalar, N, Net::Input, Net>,
    /// Memory for the gradient and the statistics, for steps that must store them.
    gradient: Option<Net>,
    /// Memory for the derivative with respect to the input.
    dx: Option<Batch<Net::Scalar, N, Net::Input>>,
    /// The seed of the noise and the number of training passes so far.
    noise: (u64, u64),
    /// The index of the first sample in the noise.
    first: usize,
}

impl<Net: Network, N: Dim> Tape<Net, N> {
    /// Allocates a tape for batches of `samples` samples.
    pub fn new(samples: N) -> Self {
        Self { record: LayerTape::new(samples), gradient: None, dx: None, noise: (0, 0), first: 0 }
    }

    /// Runs a forward pass in training mode; the result gives the output, the loss and the backward pass.
    ///
    /// The seed and the number of passes so far determine the noise, so each pass has different noise.
    pub fn forward<'n, 'a, S: RawStorage<Net::Scalar, N, Net::Input>>(
        &'a mut self,
        network: &'n Net,
        x: &'a Matrix<Net::Scalar, N, Net::Input, S>,
    ) -> Forward<'n, 'a, Net, N, S> {
        let (seed, passes) = self.noise;
        self.noise.1 += 1;
        self.forward_in(Mode::Train { seed: mix(seed, passes), first: self.first }, network, x)
    }

    /// [`forward`](Self::forward) in a given mode: without noise, or with the noise of a seed.
    pub fn forward_in<'n, 'a, S: RawStorage<Net::Scalar, N, Net::Input>>(
        &'a mut self,
        mode: Mode,
        network: &'n Net,
        x: &'a Matrix<Net::Scalar, N, Net::Input, S>,
    ) -> Forward<'n, 'a, Net, N, S> {
        if let Mode::Train { .. } = mode {
            assert_settings(network);
        }
        self.record.forward(network, x, mode);
        Forward { network, x, tape: self }
    }

    /// Restarts the noise: the next training pass is number `pass` of `seed`. The default seed is 0.
    pub fn set_noise(&mut self, seed: u64, pass: u64) {
        self.set_noise_from(seed, pass, 0);
    }

    /// [`set_noise`](Self::set_noise) for a part of a batch that begins with sample `first` of it.
    ///
    /// All parts of a batch then have the noise of one pass over the whole batch.
    pub fn set_noise_from(&mut self, seed: u64, pass: u64, first: usize) {
        (self.noise, self.first) = ((seed, pass), first);
    }

    /// The last layer's output.
    pub fn output(&self) -> &Batch<Net::Scalar, N, Net::Output> {
        &self.record.y
    }

    /// The recorded output and gradient of every layer, from first to last; inner layers before their outer layer.
    pub fn activations(&self) -> Vec<Activations<'_, Net::Scalar>> {
        let mut list = Vec::new();
        Net::list_activations::<N>(&self.record.cache, Path::root(""), &mut list);
        if let Some(last) = Net::LAYERS.last() {
            list.push(Activations::new((*last).to_owned(), &self.record.y, &self.record.dy));
        }
        list
    }

    /// The recorded output and gradient of one layer, such as `relu1`, or `block1.relu1` for an inner layer.
    ///
    /// The last layer of a block has the block's name.
    ///
    /// The outputs of a hidden layer are features of the samples:
    ///
    /// ```text
    /// net.predict_with(&x, &mut tape);
    /// let features = tape.activation("relu1")?.matrix(); // N x Out
    /// ```
    ///
    /// # Errors
    ///
    /// [`UnknownLayer`] lists the names of all layers.
    pub fn activation(&self, layer: &str) -> Result<Activations<'_, Net::Scalar>, UnknownLayer> {
        let mut list = self.activations();
        match list.iter().position(|activations| activations.layer == layer) {
            Some(place) => Ok(list.swap_remove(place)),
            None => Err(UnknownLayer {
                name: layer.to_owned(),
                network: Net::NAME,
                names: list.into_iter().map(|activations| activations.layer).collect(),
            }),
        }
    }

    /// Takes the memory for a gradient from the tape; [`put_gradient`](Self::put_gradient) gives it back.
    pub(crate) fn take_gradient(&mut self) -> Net {
        self.gradient.take().unwrap_or_else(Net::zeros)
    }

    pub(crate) fn put_gradient(&mut self, gradient: Net) {
        self.gradient = Some(gradient);
    }
}

impl<Net: Network, N: Dim> Debug for Tape<Net, N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tape").field("network", &Net::NAME).field("y", &self.record.y.shape()).finish_non_exhaustive()
    }
}

/// A finished forward pass: gives the output, the loss and the backward pass.
pub struct Forward<'n, 'a, Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>> {
    network: &'n Net,
    x: &'a Matrix<Net::Scalar, N, Net::Input, S>,
    tape: &'a mut Tape<Net, N>,
}

impl<'a, Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>> Forward<'_, 'a, Net, N, S> {
    /// The last layer's output.
    pub fn output(self) -> &'a Batch<Net::Scalar, N, Net::Output> {
        &self.tape.record.y
    }

    /// The mean loss of the batch.
    pub fn loss(&self, target: &TargetOf<Net, N>) -> Net::Scalar {
        self.network.loss_fn().forward(&self.tape.record.y, target)
    }

    /// Runs the backward pass through all layers.
    pub fn backward(self, target: &TargetOf<Net, N>) -> Backward<'a, Net, N, S> {
        let Self { network, x, tape } = self;
        let LayerTape { y, dy, .. } = &mut tape.record;
        let loss = network.loss_fn().backward(y, target, dy);
        tape.record.backward(network, x, None);
        Backward { x, tape, loss }
    }

    /// Runs the backward pass down to the input, from the derivative by the output `y` that `write` writes to `dy`.
    pub(super) fn backward_to_input(
        self,
        write: impl FnOnce(&Batch<Net::Scalar, N, Net::Output>, &mut Batch<Net::Scalar, N, Net::Output>),
    ) -> &'a Batch<Net::Scalar, N, Net::Input> {
        let Self { network, x, tape: Tape { record, dx, .. } } = self;
        write(&record.y, &mut record.dy);
        let dx = match dx.take() {
            Some(old) if old.nrows() == x.nrows() => dx.insert(old),
            _ => dx.insert(Batch::zeros(rows_of(x), <Net::Input as DimName>::name())),
        };
        record.backward(network, x, Some(dx));
        dx
    }
}

/// A finished backward pass: gives the loss and the gradient.
pub struct Backward<'a, Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>> {
    x: &'a Matrix<Net::Scalar, N, Net::Input, S>,
    tape: &'a Tape<Net, N>,
    loss: Net::Scalar,
}

impl<Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>> Backward<'_, Net, N, S> {
    /// The mean loss of the batch.
    pub fn loss(&self) -> Net::Scalar {
        self.loss
    }

    /// Adds the gradient and the batch's statistics, times `scale`, to `target`.
    ///
    /// `target` is a network of zeros, or the gradient of another part of the batch. The gradient of a batch is the
    /// sum of the gradients of its parts, each times its fraction of the samples, or of their
    /// [weights](Loss::total_weight).
    pub fn add_gradient(&self, scale: Net::Scalar, target: &mut Net) {
        self.add_part(scale, scale, target);
    }

    /// Adds the gradient times `weight` and the batch's statistics times `share` to `target`.
    pub(crate) fn add_part(&self, weight: Net::Scalar, share: Net::Scalar, target: &mut Net) {
        self.tape.record.add_gradient(self.x, weight, target);
        self.tape.record.add_statistics(share, target);
    }

    /// Adds the gradient, times `-learning_rate`, to the network itself, without storing it.
    pub(crate) fn descend(&self, learning_rate: Net::Scalar, network: &mut Net) {
        self.tape.record.add_gradient(self.x, -learning_rate, network);
    }

    /// Adds only the batch's statistics, to the buffers of `target`.
    pub(crate) fn add_statistics(&self, target: &mut Net) {
        self.tape.record.add_statistics(one(), target);
    }
}

impl<Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>> Debug for Forward<'_, '_, Net, N, S> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forward").field("samples", &self.x.nrows()).finish_non_exhaustive()
    }
}

impl<Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>> Debug for Backward<'_, Net, N, S> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backward").field("loss", &self.loss).finish_non_exhaustive()
    }
}

/// Panics with the error if a layer's setting is out of range.
fn assert_settings<Net: Network>(network: &Net) {
    if let Some(error) = first_invalid_setting(network) {
        panic!("{error}");
    }
}

/// A tape for one pass. A hash of the network and the batch is the seed of its noise, so the next step has different
/// noise.
fn new_tape<Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>>(
    network: &Net,
    x: &Matrix<Net::Scalar, N, Net::Input, S>,
) -> Tape<Net, N> {
    let numbers = network.parameters().flat_map(|parameter| parameter.values.iter().take(4)).chain(x.iter().take(64));
    let seed = numbers.fold(0, |seed, number| mix(seed, number.as_f64().to_bits()));
    let mut tape = Net::tape(rows_of(x));
    tape.set_noise(seed, 0);
    tape
}

/// One step of gradient descent, `W = keep · W - learning_rate · dW`; returns the loss.
///
/// Adds the gradient directly to the network, unless a parameter is frozen. The gradient depends only on the tape, so the
/// weights can be multiplied by `keep` before it is computed.
pub(crate) fn descend<Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>>(
    network: &mut Net,
    x: &Matrix<Net::Scalar, N, Net::Input, S>,
    target: &TargetOf<Net, N>,
    learning_rate: Net::Scalar,
    keep: Net::Scalar,
    tape: &mut Tape<Net, N>,
) -> Net::Scalar {
    let is_frozen = network.frozen().any();
    let mut gradient = (is_frozen || has_buffers(network)).then(|| tape.take_gradient());
    let backward = tape.forward(network, x).backward(target);
    let loss = backward.loss();
    if let Some(gradient) = gradient.as_mut().filter(|_| is_frozen) {
        gradient.set_to_zero();
        backward.add_gradient(one(), gradient);
        update(network, gradient, learning_rate, keep);
    } else {
        step::decay(network, keep);
        backward.descend(learning_rate, network);
        if let Some(statistics) = &mut gradient {
            step::each_buffer(statistics, [], |values, _, []| values.fill(zero()));
            backward.add_statistics(statistics);
            step::each_buffer(network, [statistics], |running, momentum, [batch]| {
                step::track(running, batch, momentum);
            });
        }
    }
    if let Some(gradient) = gradient {
        tape.put_gradient(gradient);
    }
    loss
}

/// `W = keep · W - learning_rate · dW` for parameters that are not frozen.
fn update<Net: Network>(network: &mut Net, gradient: &Net, learning_rate: Net::Scalar, keep: Net::Scalar) {
    let frozen = take(network.frozen_mut());
    step::update(network, &frozen, gradient, learning_rate, keep);
    *network.frozen_mut() = frozen;
}

fn set_frozen<Net: Network>(network: &mut Net, pattern: &str, is_frozen: bool) -> Result<(), UnknownParameter> {
    let mut frozen = take(network.frozen_mut());
    let result = frozen.set(network, Net::NAME, pattern, is_frozen);
    *network.frozen_mut() = frozen;
    result
}
