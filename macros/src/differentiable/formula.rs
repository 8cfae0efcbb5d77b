//! Formulas as people read them.

use super::operation::{Method, Operation};
use super::ssa::{Id, Ssa};

/// A function of `x`, its derivative, and what they share, a line each.
pub fn formulas(ssa: &Ssa, parameters: &[String], result: Id, derivative: Id) -> Vec<String> {
    let mut writer = Writer { ssa, names: vec![None; ssa.nodes.len()] };
    for (id, name) in parameters.iter().enumerate() {
        writer.names[id] = Some(name.clone());
    }
    let value = writer.whole(result); // as it was written, whatever is shared
    let shared = writer.name_shared(&[result, derivative], result, parameters);
    if writer.names[result].is_none() {
        writer.names[result] = Some("y".to_owned());
    }
    let slope = if derivative == result { "y".to_owned() } else { writer.whole(derivative) };
    let mut lines = vec![format!("y = {value}"), format!("dy/d{} = {slope}", parameters[0])];
    lines.extend(shared.into_iter().map(|id| {
        let name = writer.names[id].clone().unwrap_or_default();
        format!("where {name} = {}", writer.whole(id))
    }));
    lines
}

struct Writer<'a> {
    ssa: &'a Ssa,
    /// What stands for a value.
    names: Vec<Option<String>>,
}

/// How tightly an operation holds its operands together.
const SUM: u8 = 1;
const PRODUCT: u8 = 2;
const SIGN: u8 = 3;
const POWER: u8 = 4;
const WHOLE: u8 = 5;

impl Writer<'_> {
    /// Gives a letter to each operation that is used more than once.
    fn name_shared(&mut self, results: &[Id], result: Id, parameters: &[String]) -> Vec<Id> {
        let needed = self.ssa.needed(results, |_| false);
        let mut uses = vec![0; self.ssa.nodes.len()];
        for (node, _) in self.ssa.nodes.iter().zip(&needed).filter(|(_, needed)| **needed) {
            node.operands.iter().for_each(|&operand| uses[operand] += 1);
        }
        let mut letters = ('a'..='w').map(String::from).filter(|letter| letter != "d" && !parameters.contains(letter));
        let mut shared = Vec::new();
        for (id, &uses) in uses.iter().enumerate().skip(self.ssa.inputs) {
            if uses > 1
                && id != result
                && self.ssa.constant(id).is_none()
                && let Some(letter) = letters.next()
            {
                self.names[id] = Some(letter);
                shared.push(id);
            }
        }
        shared
    }

    /// The formula of a value, also if it has a name.
    fn whole(&self, id: Id) -> String {
        if id < self.ssa.inputs { self.text(id, 0) } else { self.formula(id).0 }
    }

    /// A value among others that are held together as tightly as that.
    fn text(&self, id: Id, tightness: u8) -> String {
        if let Some(name) = &self.names[id] {
            return name.clone();
        }
        let (text, own) = self.formula(id);
        if own < tightness { format!("({text})") } else { text }
    }

    fn formula(&self, id: Id) -> (String, u8) {
        let node = &self.ssa.nodes[id];
        let operand = |place: usize, tightness| self.text(node.operands[place], tightness);
        let list = || node.operands.iter().map(|&id| self.text(id, 0)).collect::<Vec<_>>().join(", ");
        match &node.operation {
            Operation::Constant(constant) if constant.text.starts_with('-') => (constant.text.clone(), SIGN),
            Operation::Constant(constant) if constant.text.contains(' ') => (constant.text.clone(), SUM),
            Operation::Constant(constant) => (constant.text.clone(), WHOLE),
            Operation::Add => (format!("{} + {}", operand(0, SUM), operand(1, SUM)), SUM),
            Operation::Sub => (format!("{} - {}", operand(0, SUM), operand(1, PRODUCT)), SUM),
            Operation::Mul | Operation::Chain => {
                (format!("{} * {}", operand(0, PRODUCT), operand(1, PRODUCT)), PRODUCT)
            }
            Operation::Div => (format!("{} / {}", operand(0, PRODUCT), operand(1, SIGN)), PRODUCT),
            Operation::Neg => (format!("-{}", operand(0, PRODUCT)), SIGN),
            Operation::Powi(exponent) => (format!("{}^{}", operand(0, WHOLE), exponent.text), POWER),
            Operation::Method(method) => self.method(*method, id),
            Operation::Call(callee) => (format!("{}({})", callee.name(), list()), WHOLE),
            Operation::Sign => (format!("sign({})", operand(0, 0)), WHOLE),
            Operation::WhereGreater => {
                (format!("({} where {} > {}, else 0)", operand(2, 0), operand(0, 0), operand(1, 0)), WHOLE)
            }
            Operation::ShareOfGreater => {
                let [x, y, dy] = [operand(0, 0), operand(1, 0), operand(2, 0)];
                (format!("({dy} where {x} > {y}, half of it where they are equal, else 0)"), WHOLE)
            }
            Operation::PowiSlope(exponent) => {
                (format!("{0} * {1}^({0} - 1)", exponent.text, operand(0, WHOLE)), PRODUCT)
            }
            Operation::PowfSlope => (format!("{1} * {0}^({1} - 1)", operand(0, WHOLE), operand(1, SIGN)), PRODUCT),
            Operation::PowfSlopeByExponent => (format!("{1} * ln({0})", operand(0, 0), operand(1, PRODUCT)), PRODUCT),
            Operation::Element(place) => (self.call_slope(node.operands[0], *place), PRODUCT),
            Operation::Input(_) | Operation::Dout | Operation::CallGradient => (String::new(), WHOLE), // have names
        }
    }

    fn method(&self, method: Method, id: Id) -> (String, u8) {
        let operands = &self.ssa.nodes[id].operands;
        let operand = |place: usize, tightness| self.text(operands[place], tightness);
        match method {
            Method::Recip => (format!("1 / {}", operand(0, SIGN)), PRODUCT),
            Method::Abs => (format!("|{}|", operand(0, 0)), WHOLE),
            Method::Powf => (format!("{}^{}", operand(0, WHOLE), operand(1, WHOLE)), POWER),
            Method::ExpM1 => (format!("exp({}) - 1", operand(0, 0)), SUM),
            Method::Ln1p => (format!("ln(1 + {})", operand(0, SUM)), WHOLE),
            Method::MulAdd => (format!("{} * {} + {}", operand(0, PRODUCT), operand(1, PRODUCT), operand(2, SUM)), SUM),
            Method::Max | Method::Min => (format!("{}({}, {})", method.name(), operand(0, 0), operand(1, 0)), WHOLE),
            _ => (format!("{}({})", method.name(), operand(0, 0)), WHOLE),
        }
    }

    /// `dy · f'(x)`, or with the place of the argument: `dy · f'2(x, y)`.
    fn call_slope(&self, gradient: Id, place: usize) -> String {
        let [call, dy] = self.ssa.nodes[gradient].operands[..] else { return String::new() };
        let Operation::Call(callee) = self.ssa.operation(call) else { return String::new() };
        let arguments = &self.ssa.nodes[call].operands;
        let list = arguments.iter().map(|&id| self.text(id, 0)).collect::<Vec<_>>().join(", ");
        let which = if arguments.len() == 1 { String::new() } else { (place + 1).to_string() };
        let slope = format!("{}'{which}({list})", callee.name());
        if self.ssa.is(dy, 1.0) { slope } else { format!("{} * {slope}", self.text(dy, PRODUCT)) }
    }
}
