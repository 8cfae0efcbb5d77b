#[cfg(feature = "alloc")]
use crate::losses::Loss;
use crate::parameters::{Part, PartMut};
use crate::scalar::Scalar;
use crate::shape::Shape;

/// The setting of a network's loss at `index`, as a part of the network.
#[cfg(feature = "alloc")]
#[doc(hidden)] // `network!` generates the calls
pub fn loss_part<T: Scalar, F: Shape, L: Loss<F>>(loss: &L, index: usize) -> Option<Part<'_, T>> {
    loss.part(index).map(|part| part.of("loss"))
}

/// The same setting, mutably.
#[cfg(feature = "alloc")]
#[doc(hidden)]
pub fn loss_part_mut<T: Scalar, F: Shape, L: Loss<F>>(loss: &mut L, index: usize) -> Option<PartMut<'_, T>> {
    loss.part_mut(index)
}

/// No setting: inference does not use those of a loss.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
pub fn loss_part<T: Scalar, F: Shape, L>(_: &L, _: usize) -> Option<Part<'_, T>> {
    None
}

/// No setting.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
pub fn loss_part_mut<T: Scalar, F: Shape, L>(_: &mut L, _: usize) -> Option<PartMut<'_, T>> {
    None
}
