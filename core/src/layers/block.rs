/// A layer that `network!` made of layers, by `block` or brackets.
pub trait Block {
    /// The number of input features.
    const INPUT: usize;
}
