//! The parts of a layer: its parameters, its settings, the layers inside it.

use std::fmt::{self, Debug, Display, Formatter};

use nalgebra::base::storage::{IsContiguous, RawStorage, RawStorageMut};
use nalgebra::{DimName, Matrix};
use rand::Rng;

use crate::initializer::Initializer;
use crate::scalar::Scalar;

/// The parts of a layer or a network, by index: parameters, settings, layers inside.
///
/// A layer without any implements it with an empty body. Everything that a network does with its numbers goes through
/// it: initializing, stepping, copying, saving and loading, converting to `f64`, checking gradients.
///
/// [`part`](Self::part) answers for each index from 0 on, and with `None` past the last part.
/// [`part_mut`](Self::part_mut) gives the same parts, to be changed. If parameters are to start at random,
/// [`initialize`](Self::initialize) draws them; these start as `Default` makes them:
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::SMatrix;
/// use typenet::{Parameters, Part, PartMut, Scalar};
///
/// struct Scale<const F: usize, T> {
///     factors: SMatrix<T, 1, F>, // learned
///     limit: f64,                // chosen
/// }
///
/// impl<const F: usize, T: Scalar> Parameters<T> for Scale<F, T> {
///     fn part(&self, index: usize) -> Option<Part<'_, T>> {
///         match index {
///             0 => Some(Part::scale("factors", &self.factors)),
///             1 => Some(Part::setting("limit", &self.limit)),
///             _ => None,
///         }
///     }
///
///     fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
///         match index {
///             0 => Some(PartMut::parameter(&mut self.factors)),
///             1 => Some(PartMut::Setting(&mut self.limit)),
///             _ => None,
///         }
///     }
/// }
/// ```
pub trait Parameters<T: Scalar> {
    /// The part at that index, `None` past the last.
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        let _ = index;
        None
    }

    /// The same part, to be changed.
    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        let _ = index;
        None
    }

    /// Draws the parameters that are to start at random; the others keep their values. By default only the layers
    /// inside draw theirs.
    fn initialize(&mut self, initializer: &dyn Initializer, rng: &mut dyn Rng) {
        for index in 0.. {
            match self.part_mut(index) {
                Some(PartMut::Inside(inside)) => inside.initialize(initializer, rng),
                Some(_) => {}
                None => return,
            }
        }
    }
}

/// A part of a layer, with its name.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a, T> {
    /// A name before that of the part; usually empty.
    pub(crate) group: &'static str,
    pub(crate) name: &'static str,
    pub(crate) value: Value<'a, T>,
}

#[derive(Clone, Copy)]
pub(crate) enum Value<'a, T> {
    Parameter { kind: Kind, shape: &'static [usize], values: &'a [T] },
    Setting(&'a f64),
    Inside(&'a dyn Parameters<T>),
}

/// The role of a parameter, which says what [weight decay](crate::optimizers::Optimizer::weight_decay) makes smaller.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// Multiplied by inputs, such as the weight of `Affine`: decays.
    Weight,
    /// Added; does not decay.
    Bias,
    /// One factor for each feature, such as the scale of a normalization; does not decay.
    Scale,
    /// Statistics of the batches, such as a running mean: stored and copied, but not learned. A step moves them towards
    /// those of the batch: `r += momentum · (b - r)`.
    Buffer {
        /// The share of the batch in the next value, from 0 to 1.
        momentum: f64,
    },
}

impl Kind {
    /// Whether it is learned from a gradient.
    pub const fn is_learned(self) -> bool {
        !matches!(self, Self::Buffer { .. })
    }
}

impl<'a, T: Scalar> Part<'a, T> {
    /// A matrix that inputs are multiplied by.
    pub fn weight<R: DimName, C: DimName, S>(name: &'static str, matrix: &'a Matrix<T, R, C, S>) -> Self
    where
        S: RawStorage<T, R, C> + IsContiguous,
    {
        Self::parameter(name, Kind::Weight, matrix)
    }

    /// Numbers that are added.
    pub fn bias<R: DimName, C: DimName, S>(name: &'static str, matrix: &'a Matrix<T, R, C, S>) -> Self
    where
        S: RawStorage<T, R, C> + IsContiguous,
    {
        Self::parameter(name, Kind::Bias, matrix)
    }

    /// Factors, one for each feature or one for all.
    pub fn scale<R: DimName, C: DimName, S>(name: &'static str, matrix: &'a Matrix<T, R, C, S>) -> Self
    where
        S: RawStorage<T, R, C> + IsContiguous,
    {
        Self::parameter(name, Kind::Scale, matrix)
    }

    /// Statistics of the batches that are tracked and not learned, see [`Kind::Buffer`].
    pub fn buffer<R: DimName, C: DimName, S>(name: &'static str, momentum: f64, matrix: &'a Matrix<T, R, C, S>) -> Self
    where
        S: RawStorage<T, R, C> + IsContiguous,
    {
        Self::parameter(name, Kind::Buffer { momentum }, matrix)
    }

    /// A parameter of that kind.
    pub fn parameter<R: DimName, C: DimName, S>(name: &'static str, kind: Kind, matrix: &'a Matrix<T, R, C, S>) -> Self
    where
        S: RawStorage<T, R, C> + IsContiguous,
    {
        let shape = const { &[R::DIM, C::DIM] };
        Self { group: "", name, value: Value::Parameter { kind, shape, values: matrix.as_slice() } }
    }

    /// A number that is chosen and not learned, such as the slope of a `LeakyRelu`. Files and copies of a network keep
    /// it.
    pub fn setting(name: &'static str, value: &'a f64) -> Self {
        Self { group: "", name, value: Value::Setting(value) }
    }

    /// A layer inside this one.
    pub fn inside(name: &'static str, layer: &'a dyn Parameters<T>) -> Self {
        Self { group: "", name, value: Value::Inside(layer) }
    }

    /// The same part with a name before its own.
    pub(crate) fn of(self, group: &'static str) -> Self {
        Self { group, ..self }
    }
}

/// A part of a layer, to be changed.
pub enum PartMut<'a, T> {
    /// The values of a parameter, column by column.
    Parameter(&'a mut [T]),
    /// A number that is chosen and not learned.
    Setting(&'a mut f64),
    /// A layer inside this one.
    Inside(&'a mut dyn Parameters<T>),
}

impl<'a, T: Scalar> PartMut<'a, T> {
    /// The values of a parameter.
    pub fn parameter<R: DimName, C: DimName, S>(matrix: &'a mut Matrix<T, R, C, S>) -> Self
    where
        S: RawStorageMut<T, R, C> + IsContiguous,
    {
        Self::Parameter(matrix.as_mut_slice())
    }
}

/// A parameter with its full name in its network; [`Network::parameters`](crate::Network::parameters) lists them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Parameter<'a, T> {
    /// Its name, such as `affine1.weight`.
    pub name: String,
    /// Its role.
    pub kind: Kind,
    /// Its shape, such as rows and columns.
    pub shape: &'static [usize],
    /// All values; the first index of the shape is the fastest, so a matrix lies column by column.
    pub values: &'a [T],
}

/// The full name, such as `affine1.weight`.
impl<T> Display for Parameter<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl<T> Parameter<'_, T> {
    /// The indices of an element of [`values`](Self::values), such as its row and column.
    pub fn place(&self, element: usize) -> Vec<usize> {
        let mut rest = element;
        self.shape
            .iter()
            .map(|&size| {
                let index = rest % size;
                rest /= size;
                index
            })
            .collect()
    }
}

impl<T: Debug> Debug for Value<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter { kind, shape, .. } => write!(f, "{kind:?} {shape:?}"),
            Self::Setting(value) => write!(f, "{value}"),
            Self::Inside(_) => f.write_str("layer"),
        }
    }
}

impl<T> Debug for PartMut<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(values) => write!(f, "parameter of {} values", values.len()),
            Self::Setting(value) => write!(f, "{value}"),
            Self::Inside(_) => f.write_str("layer"),
        }
    }
}
