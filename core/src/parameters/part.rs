//! The parts of a layer: parameters, settings and inner layers.

#[cfg(feature = "alloc")]
use alloc::{string::String, vec::Vec};
use std::fmt::{self, Debug, Display, Formatter};
use std::ops::RangeBounds;
use std::slice::{from_mut, from_ref};

use nalgebra::base::storage::{IsContiguous, RawStorage, RawStorageMut};
use nalgebra::{DimName, Matrix};
use rand::Rng;

use crate::initializer::Initializer;
use crate::parameters::setting::Range;
use crate::scalar::Scalar;

/// Access to the parts of a layer or a network: parameters, settings and inner layers.
///
/// Networks use it to initialize, update, copy, save and load parameters, to convert them to `f64`, and to check
/// gradients. A layer without parts implements it with an empty body.
///
/// [`part`](Self::part) returns the part at an index, and `None` past the last one. [`part_mut`](Self::part_mut)
/// returns the same parts mutably. [`initialize`](Self::initialize) draws random initial values; the layer in this example
/// omits it and keeps the values of its `Default`:
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
    /// Returns the part at `index`, or `None` past the last one.
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        let _ = index;
        None
    }

    /// Returns the same part mutably.
    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        let _ = index;
        None
    }

    /// The fewest samples that a batch must have in training: 1, or 2 for `BatchNorm`.
    ///
    /// A [`Trainer`](crate::training::Trainer) checks it before the first step. The default implementation returns the
    /// largest number of the inner layers.
    fn min_samples(&self) -> usize {
        let parts = (0..).map_while(|index| self.part(index));
        let inside = parts.map(|part| match part.value {
            Value::Inside(inside) => inside.min_samples(),
            _ => 1,
        });
        inside.max().unwrap_or(1)
    }

    /// Draws random initial values; parameters that are not random keep their values.
    ///
    /// The default implementation initializes only the inner layers.
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

/// A named part of a layer.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a, T> {
    /// A prefix of the name; usually empty.
    pub(crate) group: &'static str,
    pub(crate) name: &'static str,
    pub(crate) value: Value<'a, T>,
    pub(crate) pytorch: PyTorchPart,
}

/// The name and layout of a parameter in PyTorch and in ONNX.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PyTorchPart {
    /// Empty if the name is the same.
    pub(crate) name: &'static str,
    /// True if a matrix is not transposed there.
    pub(crate) keeps_rows: bool,
}

#[derive(Clone, Copy)]
pub(crate) enum Value<'a, T> {
    Parameter {
        kind: Kind,
        shape: &'static [usize],
        values: &'a [T],
    },
    /// One number, or a list.
    Setting {
        values: &'a [f64],
        is_list: bool,
        range: Option<Range>,
    },
    Inside(&'a dyn Parameters<T>),
}

/// The role of a parameter, such as weight or bias.
///
/// Only weights are subject to [weight decay](crate::optimizers::Optimizer::weight_decay).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// Multiplied by inputs, such as the weight of `Affine`; decays.
    Weight,
    /// Added to outputs; does not decay.
    Bias,
    /// One factor for each feature, such as the scale of a normalization; does not decay.
    Scale,
    /// Running statistics of batches, such as a mean: stored and copied, but not learned.
    ///
    /// A step moves them toward those of the batch: `r += momentum · (b - r)`.
    Buffer {
        /// The weight of the batch in the new value, from 0 to 1.
        momentum: f64,
    },
}

impl Kind {
    /// Returns whether a gradient step updates the parameter.
    pub const fn is_learned(self) -> bool {
        !matches!(self, Self::Buffer { .. })
    }
}

impl<'a, T: Scalar> Part<'a, T> {
    fn new(name: &'static str, value: Value<'a, T>) -> Self {
        Self { group: "", name, value, pytorch: PyTorchPart::default() }
    }

    /// A parameter that multiplies inputs.
    pub fn weight<R: DimName, C: DimName, S>(name: &'static str, matrix: &'a Matrix<T, R, C, S>) -> Self
    where
        S: RawStorage<T, R, C> + IsContiguous,
    {
        Self::parameter(name, Kind::Weight, matrix)
    }

    /// A parameter that is added to outputs.
    pub fn bias<R: DimName, C: DimName, S>(name: &'static str, matrix: &'a Matrix<T, R, C, S>) -> Self
    where
        S: RawStorage<T, R, C> + IsContiguous,
    {
        Self::parameter(name, Kind::Bias, matrix)
    }

    /// A parameter of factors, one for each feature or one for all.
    pub fn scale<R: DimName, C: DimName, S>(name: &'static str, matrix: &'a Matrix<T, R, C, S>) -> Self
    where
        S: RawStorage<T, R, C> + IsContiguous,
    {
        Self::parameter(name, Kind::Scale, matrix)
    }

    /// Running statistics of batches, which are not learned; see [`Kind::Buffer`].
    pub fn buffer<R: DimName, C: DimName, S>(name: &'static str, momentum: f64, matrix: &'a Matrix<T, R, C, S>) -> Self
    where
        S: RawStorage<T, R, C> + IsContiguous,
    {
        Self::parameter(name, Kind::Buffer { momentum }, matrix)
    }

    /// A parameter of any kind.
    pub fn parameter<R: DimName, C: DimName, S>(name: &'static str, kind: Kind, matrix: &'a Matrix<T, R, C, S>) -> Self
    where
        S: RawStorage<T, R, C> + IsContiguous,
    {
        let shape = const { &[R::DIM, C::DIM] };
        Self::new(name, Value::Parameter { kind, shape, values: matrix.as_slice() })
    }

    /// A parameter of more than two dimensions, of which the last index varies fastest.
    pub(crate) fn shaped(name: &'static str, kind: Kind, shape: &'static [usize], values: &'a [T]) -> Self {
        Self::new(name, Value::Parameter { kind, shape, values })
    }

    /// A hyperparameter of any value, which copies and files of the network include.
    pub fn setting(name: &'static str, value: &'a f64) -> Self {
        Self::new(name, Value::Setting { values: from_ref(value), is_list: false, range: None })
    }

    /// A hyperparameter that must be finite and within `range`, such as `0.0..1.0`, or `..` for all finite numbers.
    ///
    /// [`Trainer::run`](crate::training::Trainer::run), a gradient check, `save` and `load` return an error that names a
    /// setting out of range. A training pass without a trainer panics with it.
    pub fn setting_within(name: &'static str, value: &'a f64, range: impl RangeBounds<f64>) -> Self {
        let range = Some(Range::new(&range));
        Self::new(name, Value::Setting { values: from_ref(value), is_list: false, range })
    }

    /// A hyperparameter of several numbers, each as in [`setting_within`](Self::setting_within).
    pub fn settings_within(name: &'static str, values: &'a [f64], range: impl RangeBounds<f64>) -> Self {
        let range = Some(Range::new(&range));
        Self::new(name, Value::Setting { values, is_list: true, range })
    }

    /// An inner layer.
    pub fn inside(name: &'static str, layer: &'a dyn Parameters<T>) -> Self {
        Self::new(name, Value::Inside(layer))
    }

    /// Sets the name of the parameter in PyTorch, such as `running_mean` for `mean`.
    ///
    /// By default the name is the same. A weight of `IN x OUT` is a tensor of `OUT x IN` there.
    #[must_use]
    pub fn pytorch(mut self, name: &'static str) -> Self {
        self.pytorch.name = name;
        self
    }

    /// Marks a matrix that PyTorch and ONNX do not transpose, such as the weight of an `Embedding`.
    #[must_use]
    pub fn keep_rows(mut self) -> Self {
        self.pytorch.keeps_rows = true;
        self
    }

    /// Adds a prefix to the name.
    pub(crate) fn of(self, group: &'static str) -> Self {
        Self { group, ..self }
    }
}

/// A mutable part of a layer.
pub enum PartMut<'a, T> {
    /// The values of a parameter, column-major.
    Parameter(&'a mut [T]),
    /// A hyperparameter.
    Setting(&'a mut f64),
    /// A hyperparameter of several numbers.
    Settings(&'a mut [f64]),
    /// An inner layer.
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

    /// The numbers of a hyperparameter.
    pub(crate) fn into_settings(self) -> Option<&'a mut [f64]> {
        match self {
            Self::Setting(value) => Some(from_mut(value)),
            Self::Settings(values) => Some(values),
            Self::Parameter(_) | Self::Inside(_) => None,
        }
    }
}

/// A parameter and its full name; see `Network::parameters`.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Parameter<'a, T> {
    /// The full name, such as `affine1.weight`.
    pub name: String,
    /// The role of the parameter.
    pub kind: Kind,
    /// The size of each dimension, such as rows and columns.
    pub shape: &'static [usize],
    /// All values: a matrix column by column, and more dimensions with the last index varying fastest, as in PyTorch.
    pub values: &'a [T],
}

/// Writes the full name, such as `affine1.weight`.
#[cfg(feature = "alloc")]
impl<T> Display for Parameter<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(feature = "alloc")]
impl<T> Parameter<'_, T> {
    /// The indices of an element of [`values`](Self::values), such as its row and column.
    pub fn place(&self, element: usize) -> Vec<usize> {
        let mut rest = element;
        let index = |size: &usize| {
            let index = rest % size;
            rest /= size;
            index
        };
        if self.shape.len() > 2 {
            let mut place: Vec<_> = self.shape.iter().rev().map(index).collect();
            place.reverse();
            return place;
        }
        self.shape.iter().map(index).collect()
    }
}

impl<T: Debug> Debug for Value<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter { kind, shape, .. } => write!(f, "{kind:?} {shape:?}"),
            Self::Setting { values: [value], is_list: false, .. } => write!(f, "{value}"),
            Self::Setting { values, .. } => write!(f, "{values:?}"),
            Self::Inside(_) => f.write_str("layer"),
        }
    }
}

impl<T> Debug for PartMut<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(values) => write!(f, "parameter of {} values", values.len()),
            Self::Setting(value) => write!(f, "{value}"),
            Self::Settings(values) => write!(f, "{values:?}"),
            Self::Inside(_) => f.write_str("layer"),
        }
    }
}
