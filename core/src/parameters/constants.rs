//! Parameters that are constants of the program.

use std::marker::PhantomData;

use nalgebra::Const;

use crate::matrix::{Batch, Known, numbers};
use crate::parameters::path::Path;
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
    /// The same, for a parameter that is not learned.
    Statistic(&'static [usize]),
    /// One number.
    Setting,
    Inside(&'static [Declared]),
    /// Settings that are not compared.
    Unchecked,
    /// Anything, for a layer whose type does not declare its parts.
    Unknown,
}

impl Declared {
    /// A parameter with the size of each dimension.
    pub const fn parameter(name: &'static str, shape: &'static [usize]) -> Self {
        Self { name, content: Content::Parameter(shape) }
    }

    /// A running statistic, which is stored like a parameter but not learned.
    pub const fn statistic(name: &'static str, shape: &'static [usize]) -> Self {
        Self { name, content: Content::Statistic(shape) }
    }

    /// A hyperparameter of one number.
    pub const fn setting(name: &'static str) -> Self {
        Self { name, content: Content::Setting }
    }

    /// Settings that are not compared, such as those of a loss.
    pub const fn unchecked(name: &'static str) -> Self {
        Self { name, content: Content::Unchecked }
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

impl Declared {
    /// Returns whether the parts are unknown.
    pub(crate) const fn is_unknown(&self) -> bool {
        matches!(self.content, Content::Unknown)
    }

    /// The number of learned parameters.
    #[track_caller]
    pub(crate) const fn learned(&self) -> usize {
        self.count(false)
    }

    /// The number of parameters and running statistics.
    #[track_caller]
    pub(crate) const fn stored(&self) -> usize {
        self.count(true)
    }

    #[track_caller]
    const fn count(&self, all: bool) -> usize {
        match self.content {
            Content::Statistic(_) if !all => 0,
            Content::Parameter(shape) | Content::Statistic(shape) => {
                let (mut size, mut next) = (1, 0);
                while next < shape.len() {
                    size *= shape[next];
                    next += 1;
                }
                size
            }
            Content::Setting | Content::Unchecked => 0,
            Content::Inside(parts) => count(parts, all),
            Content::Unknown => panic!("a layer does not implement `Embed`, so its parameters cannot be counted"),
        }
    }
}

#[track_caller]
const fn count(parts: &[Declared], all: bool) -> usize {
    let (mut sum, mut next) = (0, 0);
    while next < parts.len() {
        sum += parts[next].count(all);
        next += 1;
    }
    sum
}

/// A layer that declares its parameters and settings, so that the compiler can compare them with those of a file.
///
/// All built-in layers, all blocks and networks, and the layers of `#[activation]` implement it. A layer of your own does
/// so in one line, which [`EmbedAt`] and [`Network::PARAMETERS`](crate::Network::PARAMETERS) need.
pub trait Embed<T: Scalar>: Sized {
    /// The parameters and settings.
    const PARTS: &'static [Declared];
}

/// A layer that can be made of constants of the program, for a network of
/// [`include_network!`](../../typenet/macro.include_network.html).
///
/// `#[activation]` and `#[loss]` implement it. For a layer of your own:
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::Const;
/// use typenet::{At, Batch, Declared, Embed, EmbedAt, Place, Scalar};
///
/// struct Scale<const F: usize, T: Scalar> {
///     factors: Batch<T, Const<1>, Const<F>>,
///     power: f64,
/// }
///
/// impl<const F: usize, T: Scalar> Embed<T> for Scale<F, T> {
///     const PARTS: &'static [Declared] = &[Declared::parameter("factors", &[1, F]), Declared::setting("power")];
/// }
///
/// impl<const F: usize, T: Scalar, P: Place> EmbedAt<T, P> for Scale<F, T> {
///     const EMBEDDED: Self = Self { factors: At::<P>::matrix("factors"), power: At::<P>::setting("power") };
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be embedded in a program",
    label = "a layer or loss of this network cannot be embedded",
    note = "implement `EmbedAt` for it, so that it can be made of constants"
)]
pub trait EmbedAt<T: Scalar, P: Place>: Sized {
    /// The layer with the constants at the place `P`; its parameters stay in read-only memory.
    const EMBEDDED: Self;
}

/// Implements [`Embed`] and [`EmbedAt`] for a layer or a loss, whose value may use the place `P`.
macro_rules! embedded {
    ([$($generics:tt)*] $layer:ty = $value:expr $(, settings: $($setting:literal),+)?) => {
        impl<T: $crate::Scalar, $($generics)*> $crate::Embed<T> for $layer {
            const PARTS: &'static [$crate::Declared] = &[$($($crate::Declared::setting($setting)),+)?];
        }

        impl<T: $crate::Scalar, P: $crate::Place, $($generics)*> $crate::EmbedAt<T, P> for $layer {
            const EMBEDDED: Self = $value;
        }
    };
}
pub(crate) use embedded;

/// The place of a layer in a file of constants.
pub trait Place {
    /// All constants of the file.
    const CONSTANTS: Constants;
    /// The names that lead to the layer.
    const PATH: Path<'static>;
}

/// The place of the part with the number `PART` in the layer `L` at the place `P`.
#[derive(Debug)]
pub struct Inside<T, P, L, const PART: usize>(PhantomData<(T, P, L)>);

impl<T: Scalar, P: Place, L: Embed<T>, const PART: usize> Place for Inside<T, P, L, PART> {
    const CONSTANTS: Constants = P::CONSTANTS;
    const PATH: Path<'static> = {
        let above: &Path<'_> = &P::PATH;
        above.then(L::PARTS[PART].name)
    };
}

/// The constants of a layer at the place `P`, by their names.
///
/// Use them in constants only: it is a compile error there if the constant is missing or has another size.
#[derive(Debug)]
pub struct At<P>(PhantomData<P>);

impl<P: Place> At<P> {
    /// A matrix, read in place.
    ///
    /// # Panics
    ///
    /// If the constant is missing, has another size or is not in `T`.
    pub const fn matrix<T: Scalar, R: Known, C: Known>(name: &'static str) -> Batch<T, R, C> {
        match numbers(find(P::CONSTANTS, P::PATH.then(name))) {
            Some(values) => Batch::from_static(values),
            None => panic!("the constants are not of the network's scalar type"),
        }
    }

    /// A hyperparameter of one number.
    ///
    /// # Panics
    ///
    /// As in [`settings`](Self::settings).
    pub const fn setting(name: &'static str) -> f64 {
        let [value] = Self::settings(name);
        value
    }

    /// A hyperparameter of several numbers.
    ///
    /// # Panics
    ///
    /// If the constant is missing, has another size or is not in `f64`.
    pub const fn settings<const N: usize>(name: &'static str) -> [f64; N] {
        match find(P::CONSTANTS, P::PATH.then(name)) {
            Numbers::F64(values) => match values.first_chunk() {
                Some(values) if values.len() == N => *values,
                _ => panic!("a setting has another number of values"),
            },
            Numbers::F32(_) => panic!("a setting is not in `f64`"),
        }
    }
}

const fn find(constants: Constants, path: Path<'_>) -> Numbers {
    let mut next = 0;
    while next < constants.0.len() {
        if path.is(constants.0[next].name) {
            return constants.0[next].values;
        }
        next += 1;
    }
    panic!("a constant of the embedded network is missing")
}

/// A row of zeros, the bias of a layer without bias.
pub(crate) const fn zeros<T: Scalar, const F: usize>() -> Batch<T, Const<1>, Const<F>> {
    match (numbers(Numbers::F32(const { &[0.0; F] })), numbers(Numbers::F64(const { &[0.0; F] }))) {
        (Some(zeros), _) | (None, Some(zeros)) => Batch::from_static(zeros),
        (None, None) => panic!("a scalar is `f32` or `f64`"),
    }
}
