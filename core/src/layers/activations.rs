/// A layer's recorded output and gradient; see [`Tape::activations`](crate::Tape::activations).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Activations<'a, T> {
    /// The layer's name, such as `affine1`, or `block1.affine1` for an inner layer.
    pub layer: String,
    /// The layer's output, column-major.
    pub y: &'a [T],
    /// The derivative of the loss with respect to that output.
    pub dy: &'a [T],
}
