//! Simplified sums, products and quotients of derivatives: constants are folded, and signs move outwards, where they cancel.

use super::Back;
use crate::differentiable::operation::{Constant, Method, Operation};
use crate::differentiable::ssa::Id;

impl Back<'_> {
    pub fn number(&mut self, value: f64) -> Id {
        self.ssa.add(Operation::Constant(Constant::number(value)), &[])
    }

    /// Returns `x` if the value is `-x`.
    pub fn negated(&self, id: Id) -> Option<Id> {
        // An operation of the user's is not simplified, because its value is stored anyway.
        let ours = id >= self.depends.len() && *self.ssa.operation(id) == Operation::Neg;
        ours.then(|| self.ssa.nodes[id].operands[0])
    }

    pub fn neg(&mut self, x: Id) -> Id {
        if self.ssa.is(x, 0.0) {
            return x;
        }
        self.negated(x).unwrap_or_else(|| self.ssa.add(Operation::Neg, &[x]))
    }

    /// The sum of two small integer constants, which is exact.
    fn sum(&self, x: Id, y: Id) -> Option<f64> {
        let whole = |id: Id| self.ssa.constant(id)?.value.filter(|value| value.fract() == 0.0 && value.abs() < 1e3);
        Some(whole(x)? + whole(y)?)
    }

    pub fn add(&mut self, x: Id, y: Id) -> Id {
        if let Some(sum) = self.sum(x, y) {
            return self.number(sum);
        }
        if let Some(sum) = self.before_choice(x, y, Self::add) {
            return sum;
        }
        match (self.negated(x), self.negated(y)) {
            _ if self.ssa.is(x, 0.0) => y,
            _ if self.ssa.is(y, 0.0) => x,
            (_, Some(y)) => self.sub(x, y),
            (Some(x), None) => self.sub(y, x),
            (None, None) => self.ssa.add(Operation::Add, &[x, y]),
        }
    }

    pub fn sub(&mut self, x: Id, y: Id) -> Id {
        if let Some(x) = self.negated(x) {
            let sum = self.add(x, y);
            return self.neg(sum);
        }
        if let Some(difference) = self.before_choice(x, y, Self::sub) {
            return difference;
        }
        self.ssa.add(Operation::Sub, &[x, y])
    }

    pub fn mul(&mut self, x: Id, y: Id) -> Id {
        match (self.negated(x), self.negated(y)) {
            _ if self.ssa.is(x, 1.0) || self.ssa.is(y, 0.0) => y,
            _ if self.ssa.is(y, 1.0) || self.ssa.is(x, 0.0) => x,
            (Some(x), _) => self.negative(x, y, Self::mul),
            (_, Some(y)) => self.negative(x, y, Self::mul),
            (None, None) => self.ssa.add(Operation::Mul, &[x, y]),
        }
    }

    pub fn div(&mut self, x: Id, y: Id) -> Id {
        match self.negated(x) {
            _ if self.ssa.is(y, 1.0) => x,
            Some(x) => self.negative(x, y, Self::div),
            None => self.ssa.add(Operation::Div, &[x, y]),
        }
    }

    /// `dy / x`, for a finite `x`.
    pub fn div_by_finite(&mut self, dy: Id, x: Id) -> Id {
        match self.negated(dy) {
            Some(dy) => self.negative(dy, x, Self::div_by_finite),
            None => self.ssa.add(Operation::DivByFinite, &[dy, x]),
        }
    }

    /// `dy · slope` for a slope that may be infinite.
    pub fn chain(&mut self, dy: Id, slope: Id) -> Id {
        match (self.negated(dy), self.negated(slope)) {
            _ if self.ssa.is(dy, 1.0) => slope,
            _ if self.ssa.is(slope, 1.0) => dy,
            (Some(dy), _) => self.negative(dy, slope, Self::chain),
            (_, Some(slope)) => self.negative(dy, slope, Self::chain),
            (None, None) => self.chain_positive(dy, slope),
        }
    }

    /// `dy · slope`, for operands that are not negations.
    ///
    /// If `dy` is `a · y` with `y = 1 / x`, computes `a · (y · slope)`, because `a · y` may underflow.
    fn chain_positive(&mut self, dy: Id, slope: Id) -> Id {
        let (rest, y) = match (self.ssa.operation(dy), self.ssa.nodes[dy].operands.as_slice()) {
            (Operation::Mul, &[rest, y]) if self.is_reciprocal(y) => (rest, y),
            _ => return self.ssa.add(Operation::Chain, &[dy, slope]),
        };
        let once = self.ssa.add(Operation::Chain, &[y, slope]);
        if rest == y { self.mul(y, once) } else { self.ssa.add(Operation::Chain, &[rest, once]) }
    }

    /// Returns true for `1 / x` and `x.recip()`.
    fn is_reciprocal(&self, y: Id) -> bool {
        match self.ssa.operation(y) {
            Operation::Div => self.ssa.is(self.ssa.nodes[y].operands[0], 1.0),
            operation => *operation == Operation::Method(Method::Recip),
        }
    }

    /// `-(x ∘ y)`, for an operation `∘`.
    pub fn negative(&mut self, x: Id, y: Id, operation: impl FnOnce(&mut Self, Id, Id) -> Id) -> Id {
        let result = operation(self, x, y);
        self.neg(result)
    }
}
