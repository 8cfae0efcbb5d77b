use alloc::{vec, vec::Vec};

/// The layers inside a layer `L`, for tables and drawings.
///
/// Every branch takes the input of the outer layer. An empty branch is a skip connection, which passes the input on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inside<L> {
    /// Layers one after another, as in a block: `y = layerₙ(.. layer₁(x))`.
    Chain(Vec<L>),
    /// Branches whose outputs are added: `y = a(x) + b(x)`. A residual connection has a branch without layers.
    Sum(Vec<Vec<L>>),
    /// Branches whose outputs are side by side: `y = [a(x), b(x)]`.
    Concat(Vec<Vec<L>>),
}

impl<L> Inside<L> {
    /// The branches. A chain is the only one.
    pub fn branches(&self) -> &[Vec<L>] {
        match self {
            Self::Chain(layers) => core::slice::from_ref(layers),
            Self::Sum(branches) | Self::Concat(branches) => branches,
        }
    }

    /// The layers of all branches, one branch after another.
    pub fn into_layers(self) -> impl Iterator<Item = L> {
        let branches = match self {
            Self::Chain(layers) => vec![layers],
            Self::Sum(branches) | Self::Concat(branches) => branches,
        };
        branches.into_iter().flatten()
    }

    /// The outer layer's type without the layers in brackets, as in `Residual[Affine<8, 8> -> Relu]`.
    #[doc(hidden)] // used by the other crates of typenet
    pub fn short_kind<'a>(&self, kind: &'a str) -> &'a str {
        match self {
            Self::Chain(_) => kind,
            Self::Sum(_) | Self::Concat(_) => kind.split('[').next().unwrap_or(kind).trim_end(),
        }
    }

    /// The same structure, with each layer converted.
    pub fn map<U>(&self, mut convert: impl FnMut(&L) -> U) -> Inside<U> {
        let mut chain = |layers: &Vec<L>| layers.iter().map(&mut convert).collect();
        match self {
            Self::Chain(layers) => Inside::Chain(chain(layers)),
            Self::Sum(branches) => Inside::Sum(branches.iter().map(chain).collect()),
            Self::Concat(branches) => Inside::Concat(branches.iter().map(chain).collect()),
        }
    }
}
