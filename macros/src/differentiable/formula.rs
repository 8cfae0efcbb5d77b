//! Formats formulas for documentation.

use syn::ext::IdentExt;

use super::operation::{Method, Operation};
use super::ssa::{Id, Ssa};

/// Formats a function, its derivative by its first parameter and their shared subexpressions, one per line.
///
/// The result has the first of `names` that no parameter has.
pub fn formulas(ssa: &Ssa, parameters: &[String], names: &[&str], result: Id, derivative: Id) -> Vec<String> {
    let mut writer = Writer { ssa, names: vec![None; ssa.nodes.len()] };
    for (id, name) in parameters.iter().enumerate() {
        writer.names[id] = Some(name.clone());
    }
    let value = writer.definition_or_length(result); // before shared subexpressions get names
    let shared = writer.name_shared(derivative, result, parameters);
    let y = result_name(names, parameters);
    if writer.names[result].is_none() {
        writer.names[result] = Some(y.clone());
    }
    let slope = if derivative == result { y.clone() } else { writer.definition_or_length(derivative) };
    let mut lines = vec![format!("{y} = {value}"), format!("d{y}/d{} = {slope}", parameters[0])];
    lines.extend(shared.into_iter().map(|id| {
        let name = writer.names[id].clone().unwrap_or_default();
        format!("where {name} = {}", writer.definition_or_length(id))
    }));
    lines
}

/// The first of `names`, or another name, that no parameter has.
fn result_name(names: &[&str], parameters: &[String]) -> String {
    let mut names = names.iter().map(|&name| name.to_owned()).chain((1..).map(|number| format!("y{number}")));
    names.find(|name| !parameters.contains(name)).unwrap_or_default()
}

/// Formats an exponent: in parentheses, unless it is a single word.
fn power(exponent: &str) -> String {
    let is_a_word = exponent.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if is_a_word { exponent.to_owned() } else { format!("({exponent})") }
}

struct Writer<'a> {
    ssa: &'a Ssa,
    /// The names of values that have one.
    names: Vec<Option<String>>,
}

/// The maximum length of a formula, in values.
const MAX_LENGTH: usize = 200;

// The precedence of operations.
const CHOICE: u8 = 0;
const SUM: u8 = 1;
const PRODUCT: u8 = 2;
const SIGN: u8 = 3;
const POWER: u8 = 4;
const ATOM: u8 = 5;

impl Writer<'_> {
    /// Names each operation that the derivative uses more than once by a letter.
    fn name_shared(&mut self, derivative: Id, result: Id, parameters: &[String]) -> Vec<Id> {
        let needed = self.ssa.needed(&[derivative], |id| id == result);
        let mut uses = vec![0; self.ssa.nodes.len()];
        for (id, node) in self.ssa.nodes.iter().enumerate() {
            if !needed[id] || id == result {
                continue;
            }
            // Calls are short enough to be repeated.
            let short = |id: &Id| matches!(self.ssa.operation(*id), Operation::Call(_) | Operation::CallGradient);
            for &operand in node.operands.iter().filter(|operand| !short(operand)) {
                uses[operand] += 1;
            }
        }
        let mut letters = ('a'..='w')
            .map(String::from)
            .filter(|letter| letter != "d" && letter != "e" && !parameters.contains(letter));
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

    /// The formula of a value, or its number of operations if the formula is too long.
    fn definition_or_length(&self, id: Id) -> String {
        if self.length(id) <= MAX_LENGTH {
            return self.definition(id);
        }
        let needed = self.ssa.needed(&[id], |_| false);
        let count = (self.ssa.inputs..needed.len()).filter(|&id| needed[id] && self.ssa.constant(id).is_none()).count();
        format!("... ({count} operations)")
    }

    /// The number of values in the formula of a value. Values without a name count at each use.
    fn length(&self, id: Id) -> usize {
        let mut lengths: Vec<usize> = Vec::new();
        for node in &self.ssa.nodes[..=id] {
            let operands =
                node.operands.iter().map(|&operand| if self.names[operand].is_some() { 1 } else { lengths[operand] });
            lengths.push(operands.fold(1, usize::saturating_add));
        }
        lengths[id]
    }

    /// The formula of a value, even if the value has a name.
    fn definition(&self, id: Id) -> String {
        if id < self.ssa.inputs { self.text(id, 0) } else { self.formula(id).0 }
    }

    /// The text of a value as an operand, in parentheses if its precedence is lower than that of its context.
    fn text(&self, id: Id, precedence: u8) -> String {
        if let Some(name) = &self.names[id] {
            return name.clone();
        }
        let (text, own) = self.formula(id);
        if own < precedence { format!("({text})") } else { text }
    }

    /// The text of a right factor, where a product needs no parentheses.
    fn factor(&self, id: Id) -> String {
        let is_product = matches!(self.ssa.operation(id), Operation::Mul | Operation::Chain);
        self.text(id, if is_product { PRODUCT } else { SIGN })
    }

    fn formula(&self, id: Id) -> (String, u8) {
        let node = &self.ssa.nodes[id];
        let operand = |place: usize, precedence| self.text(node.operands[place], precedence);
        let list = || node.operands.iter().map(|&id| self.text(id, 0)).collect::<Vec<_>>().join(", ");
        match &node.operation {
            Operation::Constant(constant) if constant.text.contains(' ') => (constant.text.clone(), SUM),
            Operation::Constant(constant) if constant.text.starts_with('-') => (constant.text.clone(), SIGN),
            Operation::Constant(constant) => (constant.text.clone(), ATOM),
            Operation::Add => (format!("{} + {}", operand(0, SUM), operand(1, SUM)), SUM),
            Operation::Sub => (format!("{} - {}", operand(0, SUM), operand(1, PRODUCT)), SUM),
            Operation::Mul | Operation::Chain => {
                (format!("{} * {}", operand(0, PRODUCT), self.factor(node.operands[1])), PRODUCT)
            }
            Operation::Div | Operation::DivByFinite => {
                (format!("{} / {}", operand(0, PRODUCT), operand(1, SIGN)), PRODUCT)
            }
            Operation::Neg => (format!("-{}", operand(0, PRODUCT)), SIGN),
            Operation::Powi(exponent) => (format!("{}^{}", operand(0, ATOM), power(&exponent.text)), POWER),
            Operation::Method(method) => self.method(*method, id),
            Operation::Call(callee) => (format!("{}({})", callee.name.unraw(), list()), ATOM),
            Operation::Sign => (format!("sign({})", operand(0, 0)), ATOM),
            choice if choice.is_choice() => {
                let sign =
                    if matches!(choice, Operation::WhereGreater | Operation::ShareOfGreater) { '>' } else { '<' };
                let is_shared = matches!(choice, Operation::ShareOfGreater | Operation::ShareOfSmaller);
                let half = if is_shared { ", half of it where they are equal" } else { "" };
                let [x, y, dy] = [operand(0, SUM), operand(1, SUM), operand(2, SUM)];
                (format!("{dy} where {x} {sign} {y}{half}, else 0"), CHOICE)
            }
            Operation::PowiSlope(exponent) => {
                let less = exponent.value.map_or_else(|| format!("{} - 1", exponent.text), |n| (n - 1).to_string());
                let factor = exponent.value.map_or_else(|| power(&exponent.text), |n| n.to_string());
                (format!("{factor} * {}^{}", operand(0, ATOM), power(&less)), PRODUCT)
            }
            Operation::PowfFlow => {
                let slope = format!("{1} * {0}^({1} - 1)", operand(0, ATOM), operand(1, SIGN));
                let is_slope = self.ssa.is(node.operands[2], 1.0);
                (if is_slope { slope } else { format!("{} * {slope}", operand(2, PRODUCT)) }, PRODUCT)
            }
            Operation::PowfSlopeByExponent => (format!("{1} * ln({0})", operand(0, 0), operand(1, PRODUCT)), PRODUCT),
            Operation::Element(place) => (self.call_slope(node.operands[0], *place), PRODUCT),
            _ => (String::new(), ATOM), // inputs and gradients of calls have names
        }
    }

    fn method(&self, method: Method, id: Id) -> (String, u8) {
        let operands = &self.ssa.nodes[id].operands;
        let operand = |place: usize, precedence| self.text(operands[place], precedence);
        match method {
            Method::Recip => (format!("1 / {}", operand(0, SIGN)), PRODUCT),
            Method::Abs => (format!("|{}|", operand(0, 0)), ATOM),
            Method::Powf => (format!("{}^{}", operand(0, ATOM), operand(1, ATOM)), POWER),
            Method::ExpM1 => (format!("exp({}) - 1", operand(0, 0)), SUM),
            Method::Ln1p => (format!("ln(1 + {})", operand(0, SUM)), ATOM),
            Method::MulAdd => (format!("{} * {} + {}", operand(0, PRODUCT), operand(1, PRODUCT), operand(2, SUM)), SUM),
            Method::Max | Method::Min => (format!("{}({}, {})", method.name(), operand(0, 0), operand(1, 0)), ATOM),
            _ => (format!("{}({})", method.name(), operand(0, 0)), ATOM),
        }
    }

    /// Formats the derivative of a call: `dy · f'(x)`, or `dy · f'2(x, y)` with the number of the parameter.
    fn call_slope(&self, gradient: Id, place: usize) -> String {
        let [call, dy] = self.ssa.nodes[gradient].operands[..] else { return String::new() };
        let Operation::Call(callee) = self.ssa.operation(call) else { return String::new() };
        let arguments = &self.ssa.nodes[call].operands;
        let list = arguments.iter().map(|&id| self.text(id, 0)).collect::<Vec<_>>().join(", ");
        let number = if arguments.len() == 1 { String::new() } else { (place + 1).to_string() };
        let slope = format!("{}'{number}({list})", callee.name.unraw());
        if self.ssa.is(dy, 1.0) { slope } else { format!("{} * {slope}", self.text(dy, PRODUCT)) }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use syn::{ItemFn, parse_quote};

    use super::*;
    use crate::differentiable::lower::lower;
    use crate::differentiable::operation::Constant;
    use crate::differentiable::reverse::reverse;
    use crate::differentiable::signature::check;
    use crate::mistakes::Mistakes;

    fn formulas_of(function: &str) -> String {
        let function: ItemFn = syn::parse_str(function).expect("it is a function");
        let mut mistakes = Mistakes::default();
        let signature = check(&function, parse_quote!(::typenet), &mut mistakes).expect("the signature is right");
        let lowered = lower(&signature, &mut mistakes).expect("the body is right");
        assert!(mistakes.finish().is_none());
        let mut ssa = lowered.ssa;
        let one = Operation::Constant(Constant::number(1.0));
        let back = reverse(&mut ssa, lowered.result, one, |place| place == 0);
        let parameters: Vec<String> = signature.parameters.iter().map(ToString::to_string).collect();
        formulas(&ssa, &parameters, &["y", "z"], lowered.result, back.inputs[0].expect("it depends on x")).join("\n")
            + "\n"
    }

    #[test]
    #[allow(clippy::needless_raw_string_hashes)] // as expect-test writes them
    fn formulas_have_only_necessary_parentheses() {
        let functions = [
            "fn silu<T: Scalar>(x: T) -> T { x * (T::one() / (T::one() + (-x).exp())) }",
            "fn gelu<T: Scalar>(x: T) -> T {
                let inner = T::of(SLOPE) * (x + T::of(0.044715) * x.powi(3));
                T::of(0.5) * x * (T::one() + inner.tanh())
            }",
            "fn softsign<T: Scalar>(x: T) -> T { x / (T::one() + x.abs()) }",
            "fn relu<T: Scalar>(x: T) -> T { x.max(T::zero()) }",
            "fn leaky<T: Scalar>(x: T, slope: T) -> T { x.max(slope * x) }",
            "fn powers<T: Scalar>(x: T, p: T) -> T { (-x).powi(2) - (x - p).powf(p) - (x - (p - x)) }",
            "fn logs(x: f64) -> f64 { -(x.ln_1p() - x.exp_m1()) * (x / (x * PI)) }",
            "fn calls(x: f64, y: f64) -> f64 { sigmoid(x) + norm(x, y) * 2.0 }",
            "fn roots(x: f64) -> f64 { (x * x).sqrt().recip() + x.mul_add(x, x).cos() }",
        ];
        let formulas: Vec<String> = functions.into_iter().map(formulas_of).collect();
        expect![[r#"
            y = x * (1 / (1 + exp(-x)))
            dy/dx = b + y * b * a
            where a = exp(-x)
            where b = 1 / (1 + a)

            y = 0.5 * x * (1 + tanh(SLOPE * (x + 0.044715 * x^3)))
            dy/dx = (1 + a) * 0.5 + b + b * 0.044715 * 3 * x^2
            where a = tanh(SLOPE * (x + 0.044715 * x^3))
            where b = 0.5 * x * (1 - a * a) * SLOPE

            y = x / (1 + |x|)
            dy/dx = a - sign(x) * a * y
            where a = 1 / (1 + |x|)

            y = max(x, 0)
            dy/dx = 1 where x > 0, else 0

            y = max(x, slope * x)
            dy/dx = (1 where x > a, half of it where they are equal, else 0) + (1 where a > x, half of it where they are equal, else 0) * slope
            where a = slope * x

            y = (-x)^2 - (x - p)^p - (x - (p - x))
            dy/dx = -(2 + p * (x - p)^(p - 1) + 2 * -x)

            y = -(ln(1 + x) - (exp(x) - 1)) * (x / (x * PI))
            dy/dx = f - f * c * PI + c * (a + 1) - c / (1 + x)
            where a = exp(x) - 1
            where b = x * PI
            where c = x / b
            where f = -(ln(1 + x) - a) / b

            z = sigmoid(x) + norm(x, y) * 2
            dz/dx = 2 * norm'1(x, y) + sigmoid'(x)

            y = 1 / sqrt(x * x) + cos(x * x + x)
            dy/dx = -(f + f + c + g + g)
            where a = sqrt(x * x)
            where b = 1 / a
            where c = sin(x * x + x)
            where f = c * x
            where g = b * b / (a + a) * x
        "#]].assert_eq(&formulas.join("\n"));
    }

    /// Without a limit, the length of these formulas would double with each line, or their depth would equal it.
    #[test]
    fn long_formulas_are_abbreviated() {
        let long = |line: &str, count: usize| {
            let lines = line.repeat(count);
            formulas_of(&format!("fn long(x: f64) -> f64 {{ let v = x; {lines} v }}"))
        };
        let doubled = long("let v = v + v.sin();", 40);
        assert!(doubled.starts_with("y = ... (80 operations)\ndy/dx = ") && doubled.len() < 10_000, "{doubled}");
        let deep = long("let v = (v * 1.5 + 0.5).sin();", 1500);
        assert!(deep.starts_with("y = ... (4500 operations)\ndy/dx = ... (") && deep.len() < 10_000, "{deep}");
    }

    #[test]
    #[allow(clippy::needless_raw_string_hashes)] // as expect-test writes them
    fn constants_exponents_and_names() {
        let functions = [
            "fn constants<T: Scalar>(x: T) -> T { T::of(-HALF + 1.0) * x * T::of(-HALF) - T::of(A * B) }",
            "fn exponents<T: Scalar>(y: T) -> T { y.powi(-2) * y.powi(N) * y.powi(N - 1) }",
            "fn names<T: Scalar>(x: T, y: T, z: T) -> T { x.exp() * y * z }",
        ];
        let formulas: Vec<String> = functions.into_iter().map(formulas_of).collect();
        expect![[r#"
            y = (-HALF + 1.0) * x * -HALF - (A * B)
            dy/dx = -HALF * (-HALF + 1.0)

            z = y^(-2) * y^N * y^(N - 1)
            dz/dy = a * b * ((N - 1) * y^(N - 1 - 1)) + c * a * (N * y^(N - 1)) + c * b * (-2 * y^(-3))
            where a = y^(-2)
            where b = y^N
            where c = y^(N - 1)

            y1 = exp(x) * y * z
            dy1/dx = z * y * exp(x)
        "#]]
        .assert_eq(&formulas.join("\n"));
    }
}
