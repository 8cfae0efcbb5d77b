//! What forward leaves for backward.

use std::fmt::{self, Debug, Formatter};

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix, one};

use crate::matrix::rows_of;
use crate::mode::mix;
use crate::parameters::Path;
use crate::{Batch, Cache, Layer, Loss, Mode, Network, Scalar, Shape, TargetOf, zeros};

/// The output of a layer, the derivative of the loss by it, and the layer's cache, for a batch of `N` samples.
///
/// The cache of a layer that is made of layers has one for each of them. It takes on the size of the batch, and allocates
/// where that differs from the last one's.
#[derive(Clone)]
pub struct LayerTape<T: Scalar, N: Dim, In: Shape, L: Layer<T, In>> {
    /// The layer's output.
    pub y: Batch<T, N, L::Out>,
    /// The derivative of the loss by that output.
    pub dy: Batch<T, N, L::Out>,
    cache: L::Cache<N>,
}

impl<T: Scalar, N: Dim, In: Shape, L: Layer<T, In>> LayerTape<T, N, In, L> {
    /// A tape for batches of that many samples.
    pub fn new(samples: N) -> Self {
        let y = zeros(samples, L::Out::name());
        Self { dy: y.clone(), y, cache: L::Cache::new(samples) }
    }

    /// Runs the layer forward.
    #[inline]
    pub fn forward<S: RawStorage<T, N, In>>(&mut self, layer: &L, x: &Matrix<T, N, In, S>, mode: Mode) {
        if self.y.nrows() != x.nrows() {
            *self = Self::new(rows_of(x));
        }
        layer.forward(x, &mut self.y, &mut self.cache, mode);
    }

    /// Runs the layer backward, into `dx` where that is needed.
    #[inline]
    pub fn backward<S: RawStorage<T, N, In>>(
        &mut self,
        layer: &L,
        x: &Matrix<T, N, In, S>,
        dx: Option<&mut Batch<T, N, In>>,
    ) {
        layer.backward(x, &self.y, &self.dy, dx, &mut self.cache);
    }

    /// Adds the layer's gradient, times `scale`, to `target`.
    #[inline]
    pub fn add_gradient<S: RawStorage<T, N, In>>(&self, x: &Matrix<T, N, In, S>, scale: T, target: &mut L) {
        L::add_gradient(x, &self.dy, &self.cache, scale, target);
    }

    /// Adds the statistics of the batch, times `weight`, to the buffers of `target`.
    #[inline]
    pub fn add_statistics(&self, weight: T, target: &mut L) {
        L::add_statistics::<N>(&self.cache, weight, target);
    }

    #[doc(hidden)] // `network!` writes calls of it
    pub fn list_activations<'a>(&'a self, at: Path<'_>, list: &mut Vec<Activations<'a, T>>) {
        L::list_activations::<N>(&self.cache, at, list);
        list.push(Activations { layer: at.to_string(), y: self.y.data.values(), dy: self.dy.data.values() });
    }
}

impl<T: Scalar, N: Dim, In: Shape, L: Layer<T, In>> Cache<N> for LayerTape<T, N, In, L> {
    fn new(samples: N) -> Self {
        Self::new(samples)
    }
}

impl<T: Scalar, N: Dim, In: Shape, L: Layer<T, In>> Debug for LayerTape<T, N, In, L> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("LayerTape").field("y", &self.y.shape()).finish_non_exhaustive()
    }
}

/// A layer's recorded output and gradient; [`Tape::activations`] lists them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Activations<'a, T> {
    /// The layer's name, such as `affine1`, or `block1.affine1` for one inside another.
    pub layer: String,
    /// Its output, column by column.
    pub y: &'a [T],
    /// The derivative of the loss by that output.
    pub dy: &'a [T],
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
