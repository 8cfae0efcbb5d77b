//! Parameters that are constants of the program.

use nalgebra::{Const, DimName};

use crate::matrix::Batch;
use crate::parameters::part::Parameters;
use crate::parameters::walk::{Path, Twins, walk};
use crate::scalar::{Numbers, Scalar};

/// The tensors of a file as constants of the program, under their names in the network.
///
/// [`include_network!`](../../typenet/macro.include_network.html) writes them. Matrices are column by column, tensors of
/// more dimensions as in PyTorch.
#[derive(Clone, Copy, Debug)]
pub struct Constants(pub &'static [Constant]);

/// A tensor of [`Constants`].
#[derive(Clone, Copy, Debug)]
pub struct Constant {
    /// The full name, such as `affine1.weight`.
    pub name: &'static str,
    /// The size of each dimension; none for a single number.
    pub shape: &'static [usize],
    /// All values.
    pub values: Numbers,
}

/// A part of a layer, as its type declares it.
#[derive(Clone, Copy, Debug)]
pub struct Declared {
    pub(crate) name: &'static str,
    pub(crate) content: Content,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Content {
    /// The size of each dimension.
    Parameter(&'static [usize]),
    /// One number.
    Setting,
    Inside(&'static [Declared]),
    /// Anything, for a layer whose type does not declare its parts.
    Unknown,
}

impl Declared {
    /// A parameter with the size of each dimension.
    pub const fn parameter(name: &'static str, shape: &'static [usize]) -> Self {
        Self { name, content: Content::Parameter(shape) }
    }

    /// A hyperparameter of one number.
    pub const fn setting(name: &'static str) -> Self {
        Self { name, content: Content::Setting }
    }

    /// An inner layer, or `None` if its type does not declare its parts.
    pub const fn inside(name: &'static str, parts: Option<&'static [Self]>) -> Self {
        let content = match parts {
            Some(parts) => Content::Inside(parts),
            None => Content::Unknown,
        };
        Self { name, content }
    }
}

/// A layer that can read its parameters in place from constants of the program.
///
/// All built-in layers with parameters and all blocks and networks implement it. A layer of your own in an embedded network
/// can do without: its parameters are then copied.
pub trait Embed<T: Scalar>: Sized {
    /// The parameters and settings, which the compiler compares with the constants.
    const PARTS: &'static [Declared];

    /// The layer with the constants below a path.
    ///
    /// # Panics
    ///
    /// If a constant is missing or has another size. `include_network!` compares them at compile time.
    fn embed(constants: Constants, at: Path<'_>) -> Self;
}

/// A row of zeros, the bias of a layer without bias.
pub(crate) fn zeros<T: Scalar, const F: usize>() -> Batch<T, Const<1>, Const<F>> {
    let zeros = [Numbers::F32(const { &[0.0; F] }), Numbers::F64(const { &[0.0; F] })];
    let zeros = zeros.into_iter().find_map(T::constants);
    Batch::constant(zeros.expect("a scalar is `f32` or `f64`"))
}

impl Constants {
    /// The matrix of that name, read in place.
    pub(crate) fn matrix<T: Scalar, R: DimName, C: DimName>(self, at: Path<'_>) -> Batch<T, R, C> {
        match T::constants(self.find(at).values) {
            Some(values) => Batch::constant(values),
            None => panic!("the constants are not of the network's scalar type"),
        }
    }

    /// The number of that name.
    pub(crate) fn setting(self, at: Path<'_>) -> f64 {
        match self.find(at).values {
            Numbers::F64(&[value]) => value,
            _ => panic!("a setting is not one number"),
        }
    }

    fn find(self, at: Path<'_>) -> &'static Constant {
        match self.0.iter().find(|constant| at.is(constant.name)) {
            Some(constant) => constant,
            None => panic!("a constant of the embedded network is missing"),
        }
    }

    /// Copies the constants below a path to a layer.
    ///
    /// # Panics
    ///
    /// If a constant is missing or has another number of values.
    pub fn copy_to<T: Scalar>(self, layer: &mut dyn Parameters<T>, at: Path<'_>) {
        walk(layer, [], [], at, &mut |at, twins| match twins {
            Twins::Parameter { values, .. } => match T::constants(self.find(at).values) {
                Some(constants) => values.copy_from_slice(constants),
                None => panic!("the constants are not of the network's scalar type"),
            },
            Twins::Setting { values, .. } => match self.find(at).values {
                Numbers::F64(constants) => values.copy_from_slice(constants),
                Numbers::F32(_) => panic!("a setting is not in `f64`"),
            },
        });
    }
}
