//! Reverse-mode differentiation, from the result to the inputs.
//!
//! Derivatives are added to the same list of operations, so that they share values with the forward pass.

mod branches;
mod terms;

use proc_macro2::Literal;
use quote::ToTokens;

use super::operation::{Exponent, Method, Operation};
use super::ssa::{Id, Ssa};
use branches::steep;

/// The ids of a result's derivatives.
pub struct Reversed {
    /// The derivative by each input; `None` if the result does not depend on the input, or the input is not wanted.
    pub inputs: Vec<Option<Id>>,
    /// The gradient that flows from each operation to each of its operands, except constants.
    pub edges: Vec<Vec<Option<Id>>>,
}

/// Appends the derivatives by the wanted inputs to the list of operations.
pub fn reverse(ssa: &mut Ssa, result: Id, dout: Operation, wanted: impl Fn(usize) -> bool) -> Reversed {
    let (count, depends, steep) = (ssa.nodes.len(), ssa.depending(wanted), steep(ssa));
    let dout = ssa.add(dout, &[]);
    let mut sums: Vec<Option<Id>> = vec![None; count];
    sums[result] = depends[result].then_some(dout);
    let mut edges = vec![Vec::new(); count];
    for id in (0..count).rev() {
        let operands = ssa.nodes[id].operands.clone();
        edges[id] = vec![None; operands.len()];
        let Some(dy) = sums[id] else { continue };
        let mut back = Back { ssa, y: id, dy, operands: &operands, depends: &depends, steep: &steep };
        for (place, &operand) in operands.iter().enumerate().filter(|(_, operand)| depends[**operand]) {
            let flow = back.flow(place);
            edges[id][place] = Some(flow);
            sums[operand] = Some(sums[operand].map_or(flow, |sum| back.add(sum, flow)));
        }
    }
    Reversed { inputs: sums[..ssa.inputs].to_vec(), edges }
}

/// The backward pass through one operation `y`.
struct Back<'a> {
    ssa: &'a mut Ssa,
    y: Id,
    dy: Id,
    operands: &'a [Id],
    depends: &'a [bool],
    /// Flags the user's operations for which a slope between them and the inputs may be infinite.
    steep: &'a [bool],
}

impl Back<'_> {
    /// The gradient that flows to the operand at index `place`.
    fn flow(&mut self, place: usize) -> Id {
        let (y, dy, x) = (self.y, self.dy, self.operands[place]);
        match (self.ssa.operation(y).clone(), place) {
            (Operation::Add, _) | (Operation::Sub, 0) | (Operation::Method(Method::MulAdd), 2) => dy,
            (Operation::Sub | Operation::Neg, _) => self.neg(dy),
            (Operation::Method(method @ (Method::Max | Method::Min)), _) if self.operands[0] != self.operands[1] => {
                self.select(method, x, self.operands[1 - place])
            }
            (operation, _) => self.before_branches(&|back| back.product(&operation, place)),
        }
    }

    /// The gradient through an operation whose slope is not 1.
    fn product(&mut self, operation: &Operation, place: usize) -> Id {
        let (y, dy, x) = (self.y, self.dy, self.operands[place]);
        match (operation, place) {
            (Operation::Mul, _) => self.mul(dy, self.operands[1 - place]),
            (Operation::Div, 0) => self.div(dy, self.operands[1]),
            (Operation::Div, _) if self.ssa.is(self.operands[0], 1.0) => self.reciprocal(),
            (Operation::Div, _) => {
                let share = self.div(dy, x);
                let product = self.mul(share, y);
                self.neg(product)
            }
            (Operation::Powi(exponent), _) => self.powi(x, exponent.clone()),
            (Operation::Call(_), _) => {
                let gradient = self.ssa.add(Operation::CallGradient, &[y, dy]);
                self.ssa.add(Operation::Element(place), &[gradient])
            }
            (Operation::Method(method), _) => self.method(*method, place),
            _ => unreachable!("inputs and constants have no operands, and derivatives are not derived again"),
        }
    }

    fn method(&mut self, method: Method, place: usize) -> Id {
        let (y, dy, x) = (self.y, self.dy, self.operands[place]);
        match method {
            Method::Exp => self.chain(dy, y),
            Method::Ln => self.div_by_finite(dy, x),
            Method::Sqrt => {
                let twice = self.add(y, y);
                self.div_by_finite(dy, twice)
            }
            Method::Recip => self.reciprocal(),
            Method::Powf => self.powf(place),
            Method::Sin => self.times(dy, Method::Cos, x),
            Method::Cos => {
                let product = self.times(dy, Method::Sin, x);
                self.neg(product)
            }
            Method::Tan => {
                let (one, square) = (self.number(1.0), self.mul(y, y));
                let slope = self.add(one, square);
                self.mul(dy, slope)
            }
            Method::Tanh => {
                let (one, square) = (self.number(1.0), self.mul(y, y));
                let slope = self.sub(one, square);
                self.mul(dy, slope)
            }
            Method::Sinh => self.chain_with(dy, Method::Cosh, x),
            Method::Cosh => self.chain_with(dy, Method::Sinh, x),
            Method::ExpM1 => {
                let one = self.number(1.0);
                let slope = self.add(y, one);
                self.chain(dy, slope)
            }
            Method::Ln1p => {
                let one = self.number(1.0);
                let below = self.add(one, x);
                self.div_by_finite(dy, below)
            }
            Method::MulAdd => self.mul(dy, self.operands[1 - place]),
            Method::Abs => {
                let sign = self.ssa.add(Operation::Sign, &[x]);
                self.chain(sign, dy) // 0 where the sign is 0, even if `dy` is infinite
            }
            Method::Max | Method::Min => {
                let half = self.number(0.5); // both operands are the same value
                self.mul(dy, half)
            }
        }
    }

    /// `-dy · y²`, for `y = 1 / x`. Multiplying by `y` twice avoids the underflow of `y²` where `dy` is large.
    fn reciprocal(&mut self) -> Id {
        let once = self.mul(self.dy, self.y);
        let product = self.mul(once, self.y);
        self.neg(product)
    }

    fn powi(&mut self, x: Id, exponent: Exponent) -> Id {
        let slope = match exponent.value {
            Some(0) => return self.number(0.0),
            Some(1) => return self.dy,
            Some(2) => {
                let two = self.number(2.0);
                self.mul(two, x)
            }
            Some(n) if n > 2 => {
                let text = (n - 1).to_string();
                let tokens = Literal::i32_unsuffixed(n - 1).to_token_stream();
                let less = Exponent { text, value: Some(n - 1), tokens };
                let (number, power) = (self.number(f64::from(n)), self.ssa.add(Operation::Powi(less), &[x]));
                self.mul(number, power)
            }
            _ => self.ssa.add(Operation::PowiSlope(exponent), &[x]),
        };
        self.mul(self.dy, slope)
    }

    fn powf(&mut self, place: usize) -> Id {
        let &[x, exponent] = self.operands else { unreachable!("`powf` has two operands") };
        if place == 1 {
            let slope = self.ssa.add(Operation::PowfSlopeByExponent, &[x, self.y]);
            return self.mul(self.dy, slope);
        }
        match self.negated(self.dy) {
            Some(dy) => self.negative(x, dy, |back, x, dy| back.ssa.add(Operation::PowfFlow, &[x, exponent, dy])),
            None => self.ssa.add(Operation::PowfFlow, &[x, exponent, self.dy]),
        }
    }

    fn times(&mut self, dy: Id, method: Method, x: Id) -> Id {
        let slope = self.ssa.add(Operation::Method(method), &[x]);
        self.mul(dy, slope)
    }

    fn chain_with(&mut self, dy: Id, method: Method, x: Id) -> Id {
        let slope = self.ssa.add(Operation::Method(method), &[x]);
        self.chain(dy, slope)
    }
}
