//! What a network writes down on the way forward and reads on the way back.

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix};
use std::fmt::{self, Debug, Formatter};

use crate::matrix::rows_of;
use crate::{Batch, Layer, Memory, Network, Scalar, TargetOf, zeros};

/// The outputs of all layers of a network, and the derivatives of the loss by them, for a batch of `N` samples.
///
/// `network!` writes this for each network; [`Network::tape`] makes one. It is allocated once and used
/// for any number of batches. A tape for `Dyn` samples takes on the size of the batch it is used for, and
/// allocates where that differs from the last one's.
///
/// The methods are what the book's listing of `TwoLayerNet` does, layer by layer. Call them through
/// [`Network::forward`], which makes the wrong order impossible.
pub trait Tape<Net: Network<Tape<N> = Self>, N: Dim>: Sized {
    /// A tape for batches of that many samples.
    fn new(samples: N) -> Self;

    /// Runs every layer forward, first to last.
    fn forward<S: RawStorage<Net::Scalar, N, Net::Input>>(
        &mut self,
        network: &Net,
        x: &Matrix<Net::Scalar, N, Net::Input, S>,
    );

    /// The last layer's output.
    fn output(&self) -> &Batch<Net::Scalar, N, Net::Output>;

    /// What is written down of every layer, first to last.
    fn written(&self) -> impl Iterator<Item = Written<'_, Net::Scalar>>;

    /// Runs the loss and then every layer backward, last to first; returns the loss.
    ///
    /// The first layer gets no `dx` to fill: the derivative by the network's input is not needed.
    fn backward<S: RawStorage<Net::Scalar, N, Net::Input>>(
        &mut self,
        network: &Net,
        x: &Matrix<Net::Scalar, N, Net::Input, S>,
        target: &TargetOf<Net, N>,
    ) -> Net::Scalar;

    /// Adds every layer's gradient, times `scale`, to `target`.
    fn add_gradient<S: RawStorage<Net::Scalar, N, Net::Input>>(
        &self,
        x: &Matrix<Net::Scalar, N, Net::Input, S>,
        scale: Net::Scalar,
        target: &mut Net,
    );
}

/// What a [`Tape`] holds of a layer, to be looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Written<'a, T> {
    /// The layer's name, such as `affine1`.
    pub layer: &'static str,
    /// The numbers of its output.
    pub y: &'a [T],
    /// The numbers of the derivative of the loss by that output.
    pub dy: &'a [T],
}

/// A layer's part of a [`Tape`]; also the memory of a layer that is made of other layers.
#[derive(Clone)]
pub struct Record<T: Scalar, N: Dim, In: DimName, L: Layer<T, In>> {
    /// The layer's output.
    pub y: Batch<T, N, L::Out>,
    /// The derivative of the loss by that output.
    pub dy: Batch<T, N, L::Out>,
    memory: L::Memory<N>,
}

impl<T: Scalar, N: Dim, In: DimName, L: Layer<T, In>> Record<T, N, In, L> {
    /// A record for batches of that many samples.
    pub fn new(samples: N) -> Self {
        let y = zeros(samples, L::Out::name());
        Self { dy: y.clone(), y, memory: L::Memory::new(samples) }
    }

    /// What is written down, as that of a layer of this name.
    pub fn written(&self, layer: &'static str) -> Written<'_, T> {
        Written { layer, y: self.y.data.values(), dy: self.dy.data.values() }
    }

    /// Runs the layer forward into this record, which takes on the size of the batch.
    #[inline]
    pub fn forward<S: RawStorage<T, N, In>>(&mut self, layer: &L, x: &Matrix<T, N, In, S>) {
        if self.y.nrows() != x.nrows() {
            *self = Self::new(rows_of(x));
        }
        layer.forward(x, &mut self.y, &mut self.memory);
    }

    /// Runs the layer backward from this record, into `dx` where that is needed.
    #[inline]
    pub fn backward<S: RawStorage<T, N, In>>(
        &mut self,
        layer: &L,
        x: &Matrix<T, N, In, S>,
        dx: Option<&mut Batch<T, N, In>>,
    ) {
        layer.backward(x, &self.y, &self.dy, dx, &mut self.memory);
    }

    /// Adds the layer's gradient, times `scale`, to `target`.
    #[inline]
    pub fn add_gradient<S: RawStorage<T, N, In>>(&self, x: &Matrix<T, N, In, S>, scale: T, target: &mut L) {
        L::add_gradient(x, &self.dy, &self.memory, scale, target);
    }
}

impl<T: Scalar, N: Dim, In: DimName, L: Layer<T, In>> Memory<N> for Record<T, N, In, L> {
    fn new(samples: N) -> Self {
        Self::new(samples)
    }
}

impl<T: Scalar, N: Dim, In: DimName, L: Layer<T, In>> Debug for Record<T, N, In, L> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record").field("y", &self.y.shape()).finish_non_exhaustive()
    }
}

/// A network's way forward: its output is there, its loss and its way back can be asked for.
pub struct Forward<'n, 'a, Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>> {
    network: &'n Net,
    x: &'a Matrix<Net::Scalar, N, Net::Input, S>,
    tape: &'a mut Net::Tape<N>,
}

impl<'n, 'a, Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>> Forward<'n, 'a, Net, N, S> {
    pub(crate) fn new(
        network: &'n Net,
        x: &'a Matrix<Net::Scalar, N, Net::Input, S>,
        tape: &'a mut Net::Tape<N>,
    ) -> Self {
        tape.forward(network, x);
        Self { network, x, tape }
    }

    /// The last layer's output.
    pub fn output(self) -> &'a Batch<Net::Scalar, N, Net::Output> {
        self.tape.output()
    }

    /// The mean loss of the batch.
    pub fn loss(&self, target: &TargetOf<Net, N>) -> Net::Scalar {
        use crate::Loss;
        self.network.loss_layer().forward(self.tape.output(), target)
    }

    /// Goes all the way back.
    pub fn backward(self, target: &TargetOf<Net, N>) -> Backward<'a, Net, N, S> {
        let loss = self.tape.backward(self.network, self.x, target);
        Backward { x: self.x, tape: self.tape, loss }
    }
}

/// A network's way forward and back: the loss and the gradient are there.
pub struct Backward<'a, Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>> {
    x: &'a Matrix<Net::Scalar, N, Net::Input, S>,
    tape: &'a Net::Tape<N>,
    loss: Net::Scalar,
}

impl<Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>> Backward<'_, Net, N, S> {
    /// The mean loss of the batch.
    pub fn loss(&self) -> Net::Scalar {
        self.loss
    }

    /// Adds the gradient, times `scale`, to `target`: to zeros for the gradient itself, or to the network
    /// with `scale = -learning_rate` for a step of gradient descent.
    pub fn add_gradient(&self, scale: Net::Scalar, target: &mut Net) {
        self.tape.add_gradient(self.x, scale, target);
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
