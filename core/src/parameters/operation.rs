//! The computation of a layer in the operators of ONNX.

use alloc::vec;
use alloc::vec::Vec;

/// The computation of a layer as ONNX operators; see [`Layer::operation`](crate::Layer::operation).
///
/// Each operator takes the layer's input, parameters, numbers and results of earlier operators. The last result is the
/// layer's output. Without operators, the output is the input:
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::{Operand, Operation, Operator};
///
/// // y = x / (1 + |x|)
/// let mut softsign = Operation::identity();
/// let size = softsign.push(Operator::new("Abs", [Operand::Input]));
/// let divisor = softsign.push(Operator::new("Add", [size, Operand::Number(1.0)]));
/// softsign.push(Operator::new("Div", [Operand::Input, divisor]));
/// ```
///
/// The operators are those of [version 17](https://onnx.ai/onnx/operators/). A sample of features has the shape `F`, an
/// image `C x H x W`, also if it has only one row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Operation {
    pub(crate) operators: Vec<Operator>,
    pub(crate) constants: Vec<Constant>,
}

/// A tensor of numbers in an [`Operation`], of which the last index varies fastest.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Constant {
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<f64>,
}

/// An ONNX operator with its operands and attributes, in an [`Operation`].
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    pub(crate) name: &'static str,
    pub(crate) operands: Vec<Operand>,
    pub(crate) attributes: Vec<(&'static str, Attribute)>,
}

/// An input of an [`Operator`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Operand {
    /// The layer's input.
    Input,
    /// An optional input that is not given.
    Missing,
    /// A parameter of the layer, by the name of its [`Part`](crate::Part).
    ///
    /// A weight of `IN x OUT` is a tensor of `OUT x IN`, as in PyTorch. Another parameter with one row is a vector.
    Parameter(&'static str),
    /// The same with another shape of as many values.
    Reshaped(&'static str, &'static [usize]),
    /// A number.
    Number(f64),
    /// A tensor that [`Operation::constant`] added, by its index.
    Constant(usize),
    /// The result of an earlier operator, by its index.
    Result(usize),
}

/// The value of an attribute of an [`Operator`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Attribute {
    /// An integer, such as `group`.
    Integer(i64),
    /// A list of integers, such as `strides`.
    Integers(Vec<i64>),
    /// A number, such as `epsilon`.
    Number(f64),
    /// A text, such as `mode`.
    Text(&'static str),
}

impl Operation {
    /// An operation without operators, whose output is its input.
    pub fn identity() -> Self {
        Self::default()
    }

    /// Adds an operator and returns its result, an operand for later operators.
    pub fn push(&mut self, operator: Operator) -> Operand {
        self.operators.push(operator);
        Operand::Result(self.operators.len() - 1)
    }

    /// Adds a tensor of numbers, of which the last index varies fastest, and returns it as an operand.
    ///
    /// # Panics
    ///
    /// If the number of values is not that of the shape.
    pub fn constant(&mut self, shape: &[usize], values: Vec<f64>) -> Operand {
        assert_eq!(
            values.len(),
            shape.iter().product::<usize>(),
            "a constant of the shape {shape:?} has another number of values"
        );
        self.constants.push(Constant { shape: shape.to_vec(), values });
        Operand::Constant(self.constants.len() - 1)
    }
}

/// An operation of one operator.
impl From<Operator> for Operation {
    fn from(operator: Operator) -> Self {
        Self { operators: vec![operator], constants: Vec::new() }
    }
}

impl Operator {
    /// The operator of this name, such as `Gemm`, without attributes.
    pub fn new(name: &'static str, operands: impl IntoIterator<Item = Operand>) -> Self {
        Self { name, operands: operands.into_iter().collect(), attributes: Vec::new() }
    }

    /// Sets an attribute, such as `axis`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Attribute>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }
}

/// A size.
///
/// # Panics
///
/// If it exceeds `i64::MAX`.
impl From<usize> for Attribute {
    fn from(value: usize) -> Self {
        Self::Integer(integer(value))
    }
}

impl From<f64> for Attribute {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<&'static str> for Attribute {
    fn from(value: &'static str) -> Self {
        Self::Text(value)
    }
}

/// A list of sizes.
///
/// # Panics
///
/// If a size exceeds `i64::MAX`.
impl<const N: usize> From<[usize; N]> for Attribute {
    fn from(values: [usize; N]) -> Self {
        Self::Integers(values.map(integer).to_vec())
    }
}

fn integer(size: usize) -> i64 {
    i64::try_from(size).expect("a size fits in an `i64`")
}
