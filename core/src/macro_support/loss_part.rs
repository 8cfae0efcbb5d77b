use crate::losses::Loss;
use crate::parameters::{Part, PartMut};
use crate::scalar::Scalar;
use crate::shape::Shape;

/// The setting of a network's loss at `index`, as a part of the network.
#[doc(hidden)] // `network!` generates the calls
pub fn loss_part<T: Scalar, F: Shape, L: Loss<F>>(loss: &L, index: usize) -> Option<Part<'_, T>> {
    loss.part(index).map(|part| part.of("loss"))
}

/// The same setting, mutably.
#[doc(hidden)]
pub fn loss_part_mut<T: Scalar, F: Shape, L: Loss<F>>(loss: &mut L, index: usize) -> Option<PartMut<'_, T>> {
    loss.part_mut(index)
}
