//! The trait of networks without a heap.

use nalgebra::allocator::Allocator;
use nalgebra::{Const, DefaultAllocator, DimName, OVector, zero};

use crate::labels::LabelsError;
use crate::layers::{Infer, infer};
use crate::losses::Probabilities;
use crate::networks::frozen::Frozen;
use crate::parameters::{Embed, Parameters};
use crate::scalar::Scalar;
use crate::shape::{Classes, Shape};

/// A chain of layers that ends in a loss, for inference of single samples. `network!` implements it.
///
/// With the feature `alloc` it has further methods, for batches and training.
pub trait Network:
    Infer<Self::Scalar, Self::Input, Out = Self::Output> + Parameters<Self::Scalar> + Embed<Self::Scalar>
{
    /// The scalar type of parameters and values, `f32` or `f64`.
    type Scalar: Scalar;
    /// The number of input features.
    type Input: Shape;
    /// The number of outputs of the last layer, which the loss takes.
    type Output: Shape;
    /// The loss.
    type Loss;
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

    /// The loss that follows the last layer.
    fn loss_fn(&self) -> &Self::Loss;

    /// The frozen parameters.
    fn frozen(&self) -> &Frozen<Self::Scalar>;

    /// The frozen parameters, mutably.
    fn frozen_mut(&mut self) -> &mut Frozen<Self::Scalar>;

    /// The last layer's output for one sample.
    ///
    /// The stack holds the layers' outputs, up to 16,384 numbers. A network that needs more is a compile error: call
    /// [`infer_into`](Infer::infer_into) with `SCRATCH` numbers of your own.
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

    /// The probabilities that the loss defines for one sample, as in [`infer`](Self::infer).
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
}
