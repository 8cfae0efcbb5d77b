//! The walk over the parameters that are to be changed.

use crate::{Network, Parameters, Scalar};

/// The values of a network's blocks, from the first to the last. It is no `Iterator`: one block is lent at a time.
pub(super) struct Blocks<'a, T, Layers> {
    layers: Layers,
    layer: Option<&'a mut dyn Parameters<T>>,
    index: usize,
}

/// The blocks of a network, in the order of [`Network::parameters`].
pub(super) fn blocks<Net: Network>(
    net: &mut Net,
) -> Blocks<'_, Net::Scalar, impl Iterator<Item = &mut dyn Parameters<Net::Scalar>>> {
    let mut layers = net.layers_mut();
    Blocks { layer: layers.next(), layers, index: 0 }
}

impl<'a, T: Scalar, Layers: Iterator<Item = &'a mut dyn Parameters<T>>> Blocks<'a, T, Layers> {
    /// The values of the next block.
    ///
    /// # Panics
    ///
    /// Past the last, which another network of the same type does not have either.
    pub(super) fn next(&mut self) -> &mut [T] {
        let mut layer = self.layer.take();
        while let Some(found) = &layer
            && found.parameter(self.index).is_none()
        {
            (layer, self.index) = (self.layers.next(), 0);
        }
        self.index += 1;
        let layer = self.layer.insert(layer.expect(SAME));
        layer.parameter_mut(self.index - 1).expect("a block that can be read can be written")
    }
}

/// Why there always is a next block.
const SAME: &str = "networks of one type have the same blocks";
