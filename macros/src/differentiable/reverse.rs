//! Derivatives, from the result back to the inputs. They become operations of the same list, so that they find what
//! forward has calculated already.

use proc_macro2::Literal;
use quote::ToTokens;

use super::operation::{Constant, Exponent, Method, Operation};
use super::ssa::{Id, Node, Ssa};

/// The derivatives of a result, as places in the list.
pub struct Reversed {
    /// By each input; `None` where the result does not depend on it, or it was not wanted.
    pub inputs: Vec<Option<Id>>,
    /// What flows back from each operation to each of its operands; nothing to constants.
    pub edges: Vec<Vec<Option<Id>>>,
}

/// Adds the derivatives by the inputs that are wanted to the list.
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

/// For each operation, whether its slope or that of one before it may be infinite, because of a pole, or since it grows so fast.
fn steep(ssa: &Ssa) -> Vec<bool> {
    let mut steep: Vec<bool> = Vec::new();
    for node in &ssa.nodes {
        let is_tame = match &node.operation {
            Operation::Input(_)
            | Operation::Constant(_)
            | Operation::Add
            | Operation::Sub
            | Operation::Mul
            | Operation::Neg => true,
            Operation::Powi(exponent) => exponent.value.is_some_and(|exponent| exponent >= 0),
            Operation::Method(method) => matches!(
                method,
                Method::Sin | Method::Cos | Method::Tanh | Method::Abs | Method::Max | Method::Min | Method::MulAdd
            ),
            _ => false,
        };
        steep.push(!is_tame || node.operands.iter().any(|&operand| steep[operand]));
    }
    steep
}

/// How many branches are chosen after a slope at most: so any number of them takes no quadratic time.
const BRANCHES: usize = 8;

/// The way back through one operation `y`.
struct Back<'a> {
    ssa: &'a mut Ssa,
    y: Id,
    dy: Id,
    operands: &'a [Id],
    depends: &'a [bool],
    /// For each of the user's operations, whether a slope on the way from it to the inputs may be infinite.
    steep: &'a [bool],
}

impl Back<'_> {
    /// What flows back to the operand of that place.
    fn flow(&mut self, place: usize) -> Id {
        let (y, dy, x) = (self.y, self.dy, self.operands[place]);
        match (self.ssa.operation(y).clone(), place) {
            (Operation::Add, _) | (Operation::Sub, 0) | (Operation::Method(Method::MulAdd), 2) => dy,
            (Operation::Sub | Operation::Neg, _) => self.neg(dy),
            (Operation::Method(method @ (Method::Max | Method::Min)), _) if self.operands[0] != self.operands[1] => {
                self.select(method, x, self.operands[1 - place])
            }
            (operation, _) => self.past_branches(&mut BRANCHES.clone(), &|back| back.product(&operation, place)),
        }
    }

    /// Where a branch was not taken, 0 flows back, whatever the slope behind it: so where one may be infinite the branches are
    /// chosen last, after the slopes. `0 · ∞` would be no number.
    fn past_branches(&mut self, most: &mut usize, flow: &dyn Fn(&mut Self) -> Id) -> Id {
        let dy = self.dy;
        let result = if *most == 0 || !self.steep[self.y] {
            None
        } else if let Some(branch) = self.branch(dy) {
            *most -= 1;
            self.dy = branch;
            let result = self.past_branches(most, flow);
            Some(self.through(dy, result))
        } else if let Some([one, other]) = self.summands(dy, *most) {
            *most -= 1;
            let [one, other] = [one, other].map(|summand| {
                self.dy = summand;
                self.past_branches(most, flow)
            });
            let is_sum = *self.ssa.operation(dy) == Operation::Add;
            Some(if is_sum { self.add(one, other) } else { self.sub(one, other) })
        } else {
            None
        };
        self.dy = dy;
        result.unwrap_or_else(|| flow(self))
    }

    /// Both summands of a derivative, if all of it comes from branches, so many at most.
    fn summands(&mut self, dy: Id, most: usize) -> Option<[Id; 2]> {
        let Node { operation: Operation::Add | Operation::Sub, operands } = self.ssa.nodes[dy].clone() else {
            return None;
        };
        let &[one, other] = operands.as_slice() else { return None };
        let is_ours = dy >= self.depends.len() && most > 0;
        let mut is_of_branches = |id| self.branch(id).is_some() || self.summands(id, most - 1).is_some();
        (is_ours && is_of_branches(one) && is_of_branches(other)).then_some([one, other])
    }

    /// What flows into the branch that `dy` comes from, if it comes from one; or into the sign before it.
    fn branch(&mut self, dy: Id) -> Option<Id> {
        if dy < self.depends.len() {
            return None; // the user's own
        }
        match (self.ssa.operation(dy), self.ssa.nodes[dy].operands.as_slice()) {
            (Operation::Sign, _) => Some(self.number(1.0)),
            (Operation::Chain, &[sign, dy]) if *self.ssa.operation(sign) == Operation::Sign => Some(dy),
            (operation, &[.., dy]) if *operation == Operation::Neg || operation.is_choice() => Some(dy),
            _ => None,
        }
    }

    /// The same, of what flows into the branch that `dy` comes from.
    fn through(&mut self, dy: Id, flow: Id) -> Id {
        let Node { operation, operands } = self.ssa.nodes[dy].clone();
        match operation {
            Operation::Neg => self.neg(flow),
            Operation::Sign => self.chain(dy, flow),
            Operation::Chain => self.chain(operands[0], flow),
            choice => self.choice(choice, operands[0], operands[1], flow),
        }
    }

    /// What flows back through an operation whose slope is not 1.
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
                self.chain(sign, dy) // 0 where the sign is, even if `dy` is infinite
            }
            Method::Max | Method::Min => {
                let half = self.number(0.5); // of a value and itself
                self.mul(dy, half)
            }
        }
    }

    /// `-dy · y²`, of `y = 1 / x`. Where `y²` alone would be too small for a number, `dy` may be large.
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

    /// What flows back from the greater or the smaller of two to `x`: half where both are equal, if the `other` depends on what
    /// is wanted as well as `x`. What does not is a constant here.
    fn select(&mut self, method: Method, x: Id, other: Id) -> Id {
        let operation = match (method, self.depends[other]) {
            (Method::Max, true) => Operation::ShareOfGreater,
            (_, true) => Operation::ShareOfSmaller,
            (Method::Max, false) => Operation::WhereGreater,
            (_, false) => Operation::WhereSmaller,
        };
        self.choice(operation, x, other, self.dy)
    }

    /// What flows back where `x` and not `y` was chosen.
    fn choice(&mut self, choice: Operation, x: Id, y: Id, dy: Id) -> Id {
        match self.negated(dy) {
            Some(dy) => self.negative(x, dy, |back, x, dy| back.ssa.add(choice, &[x, y, dy])),
            None => self.ssa.add(choice, &[x, y, dy]),
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

    fn number(&mut self, value: f64) -> Id {
        self.ssa.add(Operation::Constant(Constant::number(value)), &[])
    }

    /// `x` of `-x`.
    fn negated(&self, id: Id) -> Option<Id> {
        // An operation of the user's own stays as it is: its value is kept anyway.
        let ours = id >= self.depends.len() && *self.ssa.operation(id) == Operation::Neg;
        ours.then(|| self.ssa.nodes[id].operands[0])
    }

    fn neg(&mut self, x: Id) -> Id {
        if self.ssa.is(x, 0.0) {
            return x;
        }
        self.negated(x).unwrap_or_else(|| self.ssa.add(Operation::Neg, &[x]))
    }

    /// The sum of two small whole numbers, which is one as well.
    fn sum(&self, x: Id, y: Id) -> Option<f64> {
        let whole = |id: Id| self.ssa.constant(id)?.value.filter(|value| value.fract() == 0.0 && value.abs() < 1e3);
        Some(whole(x)? + whole(y)?)
    }

    fn add(&mut self, x: Id, y: Id) -> Id {
        if let Some(sum) = self.sum(x, y) {
            return self.number(sum);
        }
        if let Some([choice, one, other, x, y]) = self.of_one_choice(x, y) {
            let (choice, sum) = (self.ssa.operation(choice).clone(), self.add(x, y));
            return self.choice(choice, one, other, sum);
        }
        match (self.negated(x), self.negated(y)) {
            _ if self.ssa.is(x, 0.0) => y,
            _ if self.ssa.is(y, 0.0) => x,
            (_, Some(y)) => self.sub(x, y),
            (Some(x), None) => self.sub(y, x),
            (None, None) => self.ssa.add(Operation::Add, &[x, y]),
        }
    }

    fn sub(&mut self, x: Id, y: Id) -> Id {
        if let Some(x) = self.negated(x) {
            let sum = self.add(x, y);
            return self.neg(sum);
        }
        if let Some([choice, one, other, x, y]) = self.of_one_choice(x, y) {
            let (choice, difference) = (self.ssa.operation(choice).clone(), self.sub(x, y));
            return self.choice(choice, one, other, difference);
        }
        self.ssa.add(Operation::Sub, &[x, y])
    }

    /// Of two flows that the same choice lets through: the first, between what was chosen, and what flows into it both times.
    fn of_one_choice(&self, x: Id, y: Id) -> Option<[Id; 5]> {
        let (one, other) = (&self.ssa.nodes[x], &self.ssa.nodes[y]);
        let (&[smaller, greater, dx], &[first, second, dy]) = (&*one.operands, &*other.operands) else { return None };
        let is_same = one.operation == other.operation && (smaller, greater) == (first, second);
        (one.operation.is_choice() && is_same).then_some([x, smaller, greater, dx, dy])
    }

    fn mul(&mut self, x: Id, y: Id) -> Id {
        match (self.negated(x), self.negated(y)) {
            _ if self.ssa.is(x, 1.0) || self.ssa.is(y, 0.0) => y,
            _ if self.ssa.is(y, 1.0) || self.ssa.is(x, 0.0) => x,
            (Some(x), _) => self.negative(x, y, Self::mul),
            (_, Some(y)) => self.negative(x, y, Self::mul),
            (None, None) => self.ssa.add(Operation::Mul, &[x, y]),
        }
    }

    fn div(&mut self, x: Id, y: Id) -> Id {
        match self.negated(x) {
            _ if self.ssa.is(y, 1.0) => x,
            Some(x) => self.negative(x, y, Self::div),
            None => self.ssa.add(Operation::Div, &[x, y]),
        }
    }

    /// `dy / x` where `x` has to be finite.
    fn div_by_finite(&mut self, dy: Id, x: Id) -> Id {
        match self.negated(dy) {
            Some(dy) => self.negative(dy, x, Self::div_by_finite),
            None => self.ssa.add(Operation::DivByFinite, &[dy, x]),
        }
    }

    /// `dy · slope` for a slope that may be infinite.
    fn chain(&mut self, dy: Id, slope: Id) -> Id {
        match (self.negated(dy), self.negated(slope)) {
            _ if self.ssa.is(dy, 1.0) => slope,
            _ if self.ssa.is(slope, 1.0) => dy,
            (Some(dy), _) => self.negative(dy, slope, Self::chain),
            (_, Some(slope)) => self.negative(dy, slope, Self::chain),
            (None, None) => self.chain_positive(dy, slope),
        }
    }

    /// Far from 0, `a · y` of `y = 1 / x` may be too small for a number long before `a · y · slope` is. So that is `a · (y · slope)`.
    fn chain_positive(&mut self, dy: Id, slope: Id) -> Id {
        let (rest, y) = match (self.ssa.operation(dy), self.ssa.nodes[dy].operands.as_slice()) {
            (Operation::Mul, &[rest, y]) if self.is_reciprocal(y) => (rest, y),
            _ => return self.ssa.add(Operation::Chain, &[dy, slope]),
        };
        let once = self.ssa.add(Operation::Chain, &[y, slope]);
        if rest == y { self.mul(y, once) } else { self.ssa.add(Operation::Chain, &[rest, once]) }
    }

    /// Whether it is `1 / x`.
    fn is_reciprocal(&self, y: Id) -> bool {
        match self.ssa.operation(y) {
            Operation::Div => self.ssa.is(self.ssa.nodes[y].operands[0], 1.0),
            operation => *operation == Operation::Method(Method::Recip),
        }
    }

    /// `-(x ∘ y)`: signs move outwards, where they cancel.
    fn negative(&mut self, x: Id, y: Id, operation: impl FnOnce(&mut Self, Id, Id) -> Id) -> Id {
        let result = operation(self, x, y);
        self.neg(result)
    }
}
