//! The trait of networks, and the tape of a training step.

use std::fmt::{self, Debug, Formatter};
use std::mem::take;

use nalgebra::allocator::Allocator;
use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, DefaultAllocator, Dim, DimName, Matrix, OVector, one, zero};
use rand::Rng;

use crate::initializer::Initializer;
use crate::labels::Labels;
use crate::layers::{Activations, Layer, LayerTape, Mode, mix, with_scratch};
use crate::losses::Loss;
use crate::matrix::{Batch, rows_of};
use crate::networks::frozen::{Frozen, UnknownParameter};
use crate::networks::layer_info::LayerInfo;
use crate::networks::step;
use crate::parameters::{Parameter, Path, Twins, convert, count, has_buffers, nth_mut, parameters, walk};
use crate::scalar::Scalar;
use crate::shape::Shape;

/// What a network's output is compared with, for a batch of `N` samples: its loss's target.
pub type TargetOf<Net, N> =
    <<Net as Network>::Loss as Loss<<Net as Network>::Output>>::Target<<Net as Network>::Scalar, N>;

/// A chain of layers that ends in a loss. `network!` implements it.
///
/// `x` is a batch of `N` samples: any nalgebra matrix of `N` rows and [`Input`](Network::Input) columns. `N`
/// is given as `Const::<100>` or `Dyn(100)`; all that belongs to one batch has the same `N`, and the compiler
/// says where it does not. A target is what the loss says: [`Labels`] for `SoftmaxWithLoss`, a [`Batch`] of numbers for
/// `MeanSquaredError`, which [`Batch::from_matrix`] makes of any matrix.
///
/// The methods come in pairs: `predict` allocates what it needs, `predict_with` takes a
/// [tape](Network::tape) that is used again, and allocates nothing.
///
/// Traits with more methods for every network: [`Evaluate`](crate::Evaluate) on whole data, [`Files`](crate::Files),
/// [`Draw`](crate::Draw), [`CheckGradient`](crate::CheckGradient).
///
/// # Panics
///
/// Where `N` is `Dyn`, a target for another number of samples than `x` has is a panic that says so.
pub trait Network: Layer<Self::Scalar, Self::Input, Out = Self::Output> + Default {
    /// The numbers it calculates with.
    type Scalar: Scalar;
    /// The shape of its input.
    type Input: Shape;
    /// The shape of what its last layer gives to the loss.
    type Output: Shape;
    /// The loss.
    type Loss: Loss<Self::Output>;
    /// The same network in double precision.
    type F64: Network<Scalar = f64, Input = Self::Input, Output = Self::Output, Loss = Self::Loss>;

    /// Its name.
    const NAME: &'static str;
    /// The names of its layers, from first to last.
    const LAYERS: &'static [&'static str];
    /// The type of its loss, as the declaration has it.
    const LOSS: &'static str;

    /// The layers from first to last, with their names, shapes and parameters.
    fn layers(&self) -> impl Iterator<Item = LayerInfo<'_, Self::Scalar>>;

    /// The loss at the end.
    fn loss_fn(&self) -> &Self::Loss;

    /// The flags of the parameters that no step changes.
    fn frozen(&self) -> &Frozen<Self::Scalar>;

    /// The same flags, to be changed.
    fn frozen_mut(&mut self) -> &mut Frozen<Self::Scalar>;

    /// A network with every parameter zero, such as a gradient before anything is added to it.
    fn zeros() -> Self {
        let mut network = Self::default();
        network.set_to_zero();
        network
    }

    /// Makes every parameter zero.
    fn set_to_zero(&mut self) {
        walk(self, [], [], Path::root(""), &mut |_, twins| {
            if let Twins::Parameter { values, .. } = twins {
                values.fill(zero());
            }
        });
    }

    /// Copies all parameters and settings of another network of the same type; allocates nothing.
    fn copy_from(&mut self, other: &Self) {
        walk(self, [], [other], Path::root(""), &mut |_, twins| match twins {
            Twins::Parameter { values, from: [from], .. } => values.copy_from_slice(from),
            Twins::Setting { value, from: [from] } => *value = *from,
        });
    }

    /// A network with weights drawn at random; biases are zero. The same generator state gives the same network.
    ///
    /// The scalar has to be known from somewhere: `let net: Net = Net::random(...)` is in `f32`, `Net::<f64>::random(...)`
    /// in `f64`.
    fn random<I: Initializer, R: Rng>(initializer: I, rng: &mut R) -> Self {
        let mut network = Self::default();
        network.initialize(&initializer, rng);
        network
    }

    /// Its parameters, from the first layer to the last; running statistics are not among them.
    fn parameters(&self) -> impl Iterator<Item = Parameter<'_, Self::Scalar>> {
        parameters(self, Path::root("")).into_iter()
    }

    /// The values of the parameter at that index in [`parameters`](Self::parameters), `None` past the last.
    fn parameter_mut(&mut self, index: usize) -> Option<&mut [Self::Scalar]> {
        nth_mut(self, index)
    }

    /// The number of values that it learns.
    fn parameter_count(&self) -> usize {
        count(self).1
    }

    /// Freezes a parameter, such as `affine1.weight`, or all of a layer, such as `affine1`: no step changes it, weight
    /// decay included, nor the running statistics of that layer. Files do not keep the flag.
    ///
    /// # Errors
    ///
    /// [`UnknownParameter`] if the network has none of that name.
    fn freeze(&mut self, name: &str) -> Result<(), UnknownParameter> {
        set_frozen(self, name, true)
    }

    /// Lets steps change a parameter or a layer again.
    ///
    /// # Errors
    ///
    /// [`UnknownParameter`] if the network has none of that name.
    fn thaw(&mut self, name: &str) -> Result<(), UnknownParameter> {
        set_frozen(self, name, false)
    }

    /// The same network in double precision, with the same parameters and settings.
    fn to_f64(&self) -> Self::F64 {
        let mut copy = Self::F64::default();
        convert(self, &mut copy);
        copy
    }

    /// A tape for batches of that many samples: `TwoLayerNet::tape(Const::<100>)` or `(Dyn(100))`.
    fn tape<N: Dim>(samples: N) -> Tape<Self, N> {
        Tape::new(samples)
    }

    /// The last layer's output for a single sample: what [`predict`](Self::predict) gives for a batch of one, on the
    /// stack alone unless the layers are very large. It needs no tape, for control loops and the like.
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
        with_scratch(Self::SCRATCH, |scratch| self.infer_into(x.as_slice(), y.as_mut_slice(), scratch));
        y
    }

    /// The last layer's output, before the loss: for a classifier one score for each class.
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

    /// The class with the highest score for each sample. A sample with a NaN among its scores is
    /// [undecided](Labels::undecided).
    fn classify<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
    ) -> Labels<N, Self::Output> {
        Labels::argmax(&self.predict(x))
    }

    /// [`classify`](Self::classify) with a tape, into labels that are there.
    fn classify_with<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        tape: &mut Tape<Self, N>,
        labels: &mut Labels<N, Self::Output>,
    ) {
        labels.copy_argmax(self.predict_with(x, tape));
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

    /// The fraction of samples classified as labeled, from 0 to 1; none with a NaN among its scores.
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

    /// The derivative of the mean loss by every parameter, by backpropagation in training mode.
    ///
    /// The noise of a layer such as dropout follows from the network and the batch.
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

    /// [`gradient`](Self::gradient) with a tape, into a network that is there; returns the mean loss.
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
    /// The noise of a layer such as dropout follows from the network and the batch.
    fn descend<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &mut self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
        learning_rate: Self::Scalar,
    ) -> Self::Scalar {
        let mut tape = new_tape(self, x);
        self.descend_with(x, target, learning_rate, &mut tape)
    }

    /// [`descend`](Self::descend) with a tape. The gradient goes straight into the weights and is never stored, unless a
    /// parameter is frozen.
    fn descend_with<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &mut self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
        learning_rate: Self::Scalar,
        tape: &mut Tape<Self, N>,
    ) -> Self::Scalar {
        descend(self, x, target, learning_rate, one(), tape)
    }

    /// `W -= learning_rate · dW` for a gradient that is there. Running statistics move towards those in the gradient, and
    /// nothing that is frozen changes.
    fn update(&mut self, gradient: &Self, learning_rate: Self::Scalar) {
        update(self, gradient, learning_rate, one());
    }
}

/// All the memory that a training step of a network takes, for a batch of `N` samples.
///
/// [`Network::tape`] makes one. It is allocated once and used for any number of batches. A tape for `Dyn` samples takes on
/// the size of the batch it is used for, and allocates where that differs from the last one's.
pub struct Tape<Net: Network, N: Dim> {
    record: LayerTape<Net::Scalar, N, Net::Input, Net>,
    /// The gradient and the statistics of a step, where they have to be stored.
    gradient: Option<Net>,
    /// The seed of the noise, and the number of training passes so far.
    noise: (u64, u64),
}

impl<Net: Network, N: Dim> Tape<Net, N> {
    /// A tape for batches of that many samples.
    pub fn new(samples: N) -> Self {
        Self { record: LayerTape::new(samples), gradient: None, noise: (0, 0) }
    }

    /// Runs a network forward in training; the result has the output, the loss and the way back.
    ///
    /// Each pass has a noise of its own, which follows from the seed and the number of passes.
    pub fn forward<'n, 'a, S: RawStorage<Net::Scalar, N, Net::Input>>(
        &'a mut self,
        network: &'n Net,
        x: &'a Matrix<Net::Scalar, N, Net::Input, S>,
    ) -> Forward<'n, 'a, Net, N, S> {
        let (seed, passes) = self.noise;
        self.noise.1 += 1;
        self.forward_in(Mode::Train { seed: mix(seed, passes) }, network, x)
    }

    /// [`forward`](Self::forward) in a mode: without noise, or with that of a seed.
    pub fn forward_in<'n, 'a, S: RawStorage<Net::Scalar, N, Net::Input>>(
        &'a mut self,
        mode: Mode,
        network: &'n Net,
        x: &'a Matrix<Net::Scalar, N, Net::Input, S>,
    ) -> Forward<'n, 'a, Net, N, S> {
        self.record.forward(network, x, mode);
        Forward { network, x, tape: self }
    }

    /// Starts the noise anew: the next training pass has that of pass number `pass` of this seed. The default seed is 0.
    pub fn set_noise(&mut self, seed: u64, pass: u64) {
        self.noise = (seed, pass);
    }

    /// The last layer's output.
    pub fn output(&self) -> &Batch<Net::Scalar, N, Net::Output> {
        &self.record.y
    }

    /// The recorded output and gradient of every layer, from first to last, those inside a layer before it.
    pub fn activations(&self) -> Vec<Activations<'_, Net::Scalar>> {
        let mut list = Vec::new();
        Net::list_activations::<N>(&self.record.cache, Path::root(""), &mut list);
        if let Some(last) = Net::LAYERS.last() {
            let (y, dy) = (self.record.y.data.values(), self.record.dy.data.values());
            list.push(Activations { layer: (*last).to_owned(), y, dy });
        }
        list
    }

    /// Takes out the memory for a gradient, to be put back with [`put_gradient`](Self::put_gradient).
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

/// A network's way forward: its output is there, its loss and its way back can be asked for.
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

    /// Goes all the way back.
    pub fn backward(self, target: &TargetOf<Net, N>) -> Backward<'a, Net, N, S> {
        let Self { network, x, tape } = self;
        let LayerTape { y, dy, .. } = &mut tape.record;
        let loss = network.loss_fn().backward(y, target, dy);
        tape.record.backward(network, x, None);
        Backward { x, tape, loss }
    }
}

/// A network's way forward and back: the loss and the gradient are there.
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

    /// Adds the gradient and the batch's statistics, times `scale`, to a network of zeros or to the gradient of another part
    /// of the batch.
    ///
    /// The gradient of a batch is that of its parts, each times its share of the samples.
    pub fn add_gradient(&self, scale: Net::Scalar, target: &mut Net) {
        self.tape.record.add_gradient(self.x, scale, target);
        self.tape.record.add_statistics(scale, target);
    }

    /// Adds the gradient, times `-learning_rate`, to the network itself: a step without a gradient that is stored.
    pub(crate) fn descend(&self, learning_rate: Net::Scalar, network: &mut Net) {
        self.tape.record.add_gradient(self.x, -learning_rate, network);
    }

    /// Adds the batch's statistics alone to the buffers of `target`.
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

/// A tape for one pass, whose noise follows from the network and the batch: the next step has another.
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

/// A step of gradient descent, with weights multiplied by `keep` before it; returns the loss.
///
/// The gradient goes straight into the network, unless something is frozen. What it is made of is on the tape, so the
/// weights may change first.
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
                step::track(running, batch, momentum)
            });
        }
    }
    if let Some(gradient) = gradient {
        tape.put_gradient(gradient);
    }
    loss
}

/// `W = keep · W - learning_rate · dW` where nothing is frozen.
fn update<Net: Network>(network: &mut Net, gradient: &Net, learning_rate: Net::Scalar, keep: Net::Scalar) {
    let frozen = take(network.frozen_mut());
    step::update(network, &frozen, gradient, learning_rate, keep);
    *network.frozen_mut() = frozen;
}

fn set_frozen<Net: Network>(network: &mut Net, name: &str, is_frozen: bool) -> Result<(), UnknownParameter> {
    let mut frozen = take(network.frozen_mut());
    let result = frozen.set(network, Net::NAME, name, is_frozen);
    *network.frozen_mut() = frozen;
    result
}
