//! Derivatives of ordinary functions: the book's values on every edge, and the documented guarantees.

mod kinks;
mod names;

use typenet::graph::{Graph, Kind, Node};
use typenet::prelude::*;

#[differentiable]
fn apples<T: Scalar>(apple: T, number: T, tax: T) -> T {
    apple * number * tax
}

#[differentiable]
fn shopping<T: Scalar>(apple: T, apples: T, orange: T, oranges: T, tax: T) -> T {
    let fruit = apple * apples + orange * oranges;
    fruit * tax
}

#[differentiable]
fn squared_sum(x: f64, y: f64) -> f64 {
    let t = x + y;
    t.powi(2)
}

#[differentiable]
fn sigmoid<T: Scalar>(x: T) -> T {
    T::one() / (T::one() + (-x).exp())
}

/// Returns the edges as `from -> to`, with value and gradient.
fn edges(graph: &Graph) -> Vec<String> {
    let label = |node: usize| {
        let Node { label, gradient, .. } = &graph.nodes()[node];
        if gradient.is_empty() { label.clone() } else { format!("{label}; {gradient}") }
    };
    let edges = graph.edges().iter();
    edges
        .map(|edge| format!("{} -> {}: {} | {}", label(edge.from), label(edge.to), edge.value, edge.gradient))
        .collect()
}

/// Two apples at 100 each and 10 % tax: 220, and the gradients 2.2, 110 and 200.
#[test]
fn two_apples() {
    let call = apples::forward(100.0, 2.0, 1.1);
    assert_eq!(call.value(), 220.000_000_000_000_03); // the same as in Python
    assert_eq!(call.backward(1.0), ApplesGradient { apple: 2.2, number: 110.000_000_000_000_01, tax: 200.0 });
    assert_eq!(
        edges(&call.graph_with_gradients(1.0)),
        [
            "apple -> ×: 100 | 2.2",
            "number -> ×: 2 | 110",
            "× -> ×: 200 | 1.1",
            "tax -> ×: 1.1 | 200",
            "× -> apples: 220 | 1",
        ]
    );
}

/// Two apples at 100, three oranges at 150 and 10 % tax, with the values of the book's figure on every edge.
#[test]
fn two_apples_and_three_oranges() {
    let call = shopping::forward(100.0, 2.0, 150.0, 3.0, 1.1);
    assert_eq!(
        edges(&call.graph_with_gradients(1.0)),
        [
            "apple -> ×: 100 | 2.2",
            "apples -> ×: 2 | 110",
            "orange -> ×: 150 | 3.3",
            "oranges -> ×: 3 | 165",
            "× -> +: 200 | 1.1",
            "× -> +: 450 | 1.1",
            "+ -> ×: 650 | 1.1",
            "tax -> ×: 1.1 | 650",
            "× -> shopping: 715 | 1",
        ]
    );
    assert_eq!(call.backward(1.0).to_array(), [2.2, 110.000_000_000_000_01, 3.300_000_000_000_000_3, 165.0, 650.0]);
    assert!(call.graph().edges().iter().all(|edge| edge.gradient.is_empty()));
}

/// `z = t²` and `t = x + y` of the section on the chain rule: `∂z/∂x = 2t · 1 = 2 (x + y)`.
#[test]
fn chain_rule() {
    let call = squared_sum::forward(2.0, 3.0);
    assert_eq!((call.value(), call.backward(1.0).to_array()), (25.0, [10.0, 10.0]));
    assert_eq!(
        edges(&call.graph_with_gradients(1.0)),
        ["x -> +: 2 | 10", "y -> +: 3 | 10", "+ -> ^2: 5 | 10", "^2 -> squared_sum: 25 | 1"]
    );
}

/// The book's figure: the derivatives are `-y²`, `-y²`, `-y² exp(-x)` and `y² exp(-x) = y (1 - y)`.
#[test]
fn sigmoid_step_by_step() {
    let x = 0.5_f64;
    let (call, exp) = (sigmoid::forward(x), (-x).exp());
    let y = call.value();
    let n = typenet::graph::number;
    assert_eq!(
        edges(&call.graph_with_gradients(1.0)),
        [
            format!("x -> ×: 0.5 | {}", n(y * y * exp)),
            "-1 -> ×: -1 | ".to_owned(),
            format!("× -> exp: -0.5 | {}", n(-y * y * exp)),
            "1 -> +: 1 | ".to_owned(),
            format!("exp -> +: {} | {}", n(exp), n(-y * y)),
            format!("+ -> /: {} | {}", n(1.0 + exp), n(-y * y)),
            format!("/ -> sigmoid: {} | 1", n(y)),
        ]
    );
    assert!((call.backward(1.0).x - y * (1.0 - y)).abs() < 1e-16);
    let kinds: Vec<Kind> = call.graph().nodes().iter().map(|node| node.kind).collect();
    let (constant, operator) = (Kind::Constant, Kind::Operator);
    assert_eq!(kinds, [Kind::Input, constant, operator, operator, constant, operator, operator, Kind::Output]);
}

mod elsewhere {
    use typenet::prelude::*;

    #[differentiable]
    pub fn hypotenuse<T: Scalar>(a: T, b: T) -> T {
        (a * a + b * b).sqrt()
    }
}

use elsewhere::hypotenuse;

#[differentiable]
fn calls<T: Scalar>(x: T, y: T) -> T {
    sigmoid(x) * elsewhere::hypotenuse(x, y) + sigmoid::<T>(y)
}

#[differentiable]
fn calls_in_single_precision(x: f32) -> f32 {
    sigmoid(x) * 2.0
}

#[test]
fn functions_call_functions() {
    let (x, y) = (0.3_f64, -1.2);
    let call = calls::forward(x, y);
    assert_eq!(call.value(), calls(x, y));
    let (s, d) = (sigmoid(x), sigmoid(x) * (1.0 - sigmoid(x)));
    let h = hypotenuse(x, y);
    let gradient = call.backward(2.0);
    assert!((gradient.x - 2.0 * (d * h + s * x / h)).abs() < 1e-15);
    assert!((gradient.y - 2.0 * (s * y / h + sigmoid(y) * (1.0 - sigmoid(y)))).abs() < 1e-15);
    let labels: Vec<String> = call.graph().nodes().iter().map(|node| node.label.clone()).collect();
    assert_eq!(labels, ["x", "y", "sigmoid", "hypotenuse", "×", "sigmoid", "+", "calls"]);
    assert_eq!(calls_in_single_precision::forward(0.0).value(), 1.0);
    assert_eq!(calls_in_single_precision::forward(0.0).backward(1.0).x, 0.5);
}

/// A value used twice has two edges, and its name shows the sum of both derivatives.
#[differentiable]
fn used_twice(x: f64) -> f64 {
    x * x + x * 3.0
}

#[test]
fn derivatives_of_a_value_used_twice_are_added() {
    let call = used_twice::forward(5.0);
    assert_eq!(call.backward(1.0).x, 13.0);
    assert_eq!(
        edges(&call.graph_with_gradients(1.0)),
        [
            "x; dx = 13 -> ×: 5 | 5",
            "x; dx = 13 -> ×: 5 | 5",
            "x; dx = 13 -> ×: 5 | 3",
            "3 -> ×: 3 | ",
            "× -> +: 25 | 1",
            "× -> +: 15 | 1",
            "+ -> used_twice: 40 | 1",
        ]
    );
}

#[differentiable]
#[allow(unused_variables, clippy::let_and_return)]
fn unused(x: f64, y: f64) -> f64 {
    let a = x.exp() / y;
    let _ = a;
    let x: f64 = { x * 2.0 };
    let x = (x + 1.0) * std::f64::consts::PI;
    x
}

#[test]
fn unused_values_have_derivative_zero() {
    let call = unused::forward(1.0, 0.0);
    assert_eq!(call.value(), unused(1.0, 0.0));
    assert_eq!(call.backward(1.0), UnusedGradient { x: 2.0 * std::f64::consts::PI, y: 0.0 });
}

#[differentiable]
fn identity<T: Scalar>(x: T) -> T {
    x
}

#[differentiable]
#[allow(unused_variables)]
fn constant<Real: Scalar>(x: Real) -> Real {
    -Real::one() / Real::of(4.0)
}

#[differentiable]
fn only_a_call(x: f32) -> f32 {
    identity(x)
}

#[differentiable]
fn largest_of_one(x: f64) -> f64 {
    x.max(x)
}

#[cfg(any())]
#[differentiable]
fn never_there(x: f64) -> f64 {
    x
}

#[activation]
#[cfg(any())]
fn not_there_either<T: Scalar>(x: T, y: T) -> T {
    x * y
}

#[activation]
#[allow(clippy::too_many_arguments)]
fn many<T: Scalar>(x: T, a: T, b: T, c: T, d: T, e: T, f: T, g: T) -> T {
    identity(x) * a * b * c * d * e * f * g
}

#[activation]
fn same<T: Scalar>(x: T) -> T {
    identity(x)
}

#[activation]
#[allow(unused_variables)]
fn flat<Real: Scalar>(x: Real) -> Real {
    Real::zero()
}

/// A function that is its own derivative.
#[activation]
fn growth<T: Scalar>(x: T) -> T {
    (x + T::one()).exp()
}

network! {
    struct Odd = Affine<2, 2> -> self::Same -> Growth -> Flat -> Many(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0) -> MeanSquaredError;
}

#[test]
fn the_simplest_functions_work() {
    assert_eq!((identity::forward(3.0).value(), identity::forward(3.0).backward(2.0).x), (3.0, 2.0));
    assert_eq!((constant::forward(3.0).value(), constant::forward(3.0).backward(2.0).x), (-0.25, 0.0));
    assert_eq!(edges(&identity::forward(3.0).graph_with_gradients(2.0)), ["x -> identity: 3 | 2"]);
    assert_eq!(
        edges(&constant::forward(3.0).graph_with_gradients(2.0)),
        ["1 -> ×: 1 | ", "-1 -> ×: -1 | ", "× -> /: -1 | ", "4 -> /: 4 | ", "/ -> constant: -0.25 | "]
    );
    assert_eq!(only_a_call::forward(3.0).backward(2.0).x, 2.0);
    assert_eq!(largest_of_one::forward(3.0).backward(2.0).x, 2.0);
    let (mut y, mut dx) = (Batch::zeros(Const, Const), Batch::zeros(Const, Const));
    let x = SMatrix::<f64, 1, 1>::new(-1.0);
    Growth.forward(&x, &mut y, &mut (), Mode::Infer);
    Growth.backward(&x, &y, &y, Some(&mut dx), &mut ());
    assert_eq!((y[0], dx[0]), (1.0, 1.0));
    let odd = Odd::<f32>::default();
    assert_eq!(odd.predict(&SMatrix::<f32, 1, 2>::new(1.0, 2.0)), SMatrix::<f32, 1, 2>::zeros());
    assert_eq!(odd.many1, Many::new(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0));
}
