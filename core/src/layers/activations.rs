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
