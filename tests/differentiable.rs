//! Derivatives of ordinary functions: the book's numbers, edge by edge, and what the documentation promises.

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

/// The edges as `from -> to`, the value and the gradient.
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
    assert_eq!(call.value(), 220.000_000_000_000_03); // as Python has it too
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

/// Two apples at 100, three oranges at 150, and 10 % tax, with what the book's figure shows on every edge.
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
fn sigmoid_taken_apart() {
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

/// A value that is used twice is drawn with two edges, and its name with the sum of both derivatives.
#[differentiable]
fn used_twice(x: f64) -> f64 {
    x * x + x * 3.0
}

#[test]
fn derivatives_of_a_value_that_is_used_twice_are_added() {
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
fn what_is_not_used_has_no_derivative() {
    let call = unused::forward(1.0, 0.0);
    assert_eq!(call.value(), unused(1.0, 0.0));
    assert_eq!(call.backward(1.0), UnusedGradient { x: 2.0 * std::f64::consts::PI, y: 0.0 });
}

#[differentiable]
fn kinks<T: Scalar>(x: T, y: T) -> T {
    x.max(y) + T::of(2.0) * y.min(x) + T::of(10.0) * x.max(T::zero()) + T::of(100.0) * T::zero().min(y) + x.abs()
}

#[test]
fn kinks_have_the_derivatives_that_are_documented() {
    let at = |x: f64, y: f64| kinks::forward(x, y).backward(1.0).to_array();
    assert_eq!(at(0.0, 0.0), [0.5 + 1.0, 0.5 + 1.0]);
    assert_eq!(at(1.0, 2.0), [2.0 + 10.0 + 1.0, 1.0]);
    assert_eq!(at(-1.0, -2.0), [1.0 - 1.0, 2.0 + 100.0]);
}

#[test]
fn what_is_no_number_gets_nothing_of_the_larger_and_the_smaller() {
    #[differentiable]
    fn ends(x: f64, y: f64) -> f64 {
        x.max(y) + 2.0 * x.min(y)
    }
    #[differentiable]
    fn of_constants<T: Scalar>(x: T) -> T {
        x.max(T::of(f64::NAN)) + x.min(T::of(f64::NAN)) + x.max(T::zero())
    }
    assert_eq!(of_constants::forward(2.0).backward(1.0).x, 3.0);
    for (x, y, gradient) in [(f64::NAN, 1.0, [0.0, 3.0]), (1.0, f64::NAN, [3.0, 0.0])] {
        let call = ends::forward(x, y);
        assert_eq!((call.value(), call.backward(1.0).to_array()), (3.0, gradient));
    }
}

/// What flows back through `ln` at 0 is infinite, and what flows through the kink of `abs` 0, not their product.
#[test]
fn the_kink_of_abs_is_flat_whatever_flows_back() {
    #[differentiable]
    fn logarithm(x: f64) -> f64 {
        x.abs().ln()
    }
    assert_eq!([0.0, -0.0].map(|x| logarithm::forward(x).backward(1.0).x), [0.0, 0.0]);
    assert_eq!([2.0, -2.0].map(|x| logarithm::forward(x).backward(3.0).x), [1.5, -1.5]);
}

#[differentiable]
fn powers(x: f64, p: f64) -> f64 {
    x.powf(p) + x.powf(2.0) + x.powi(-1) * 0.0 + 2.0_f64.powf(p)
}

#[test]
fn powers_have_finite_derivatives_at_zero() {
    #[differentiable]
    fn power(x: f64, p: f64) -> f64 {
        x.powf(p)
    }
    assert_eq!(power::forward(0.0, 2.0).backward(1.0).to_array(), [0.0, 0.0]);
    let gradient = powers::forward(3.0, 2.0).backward(1.0);
    assert_eq!((gradient.x, gradient.p), (12.0, 9.0 * 3.0_f64.ln() + 4.0 * 2.0_f64.ln()));
}

/// Far from 0 the exponential function is infinite, and what flows through it 0, not their product.
#[test]
fn what_is_flat_has_the_derivative_zero() {
    assert_eq!(sigmoid::forward(-1000.0_f32).backward(1.0).x, 0.0);
    assert_eq!(sigmoid::forward(-1000.0_f64).backward(1.0).x, 0.0);
}

/// A branch that was not taken is flat, however steep what leads to it is.
#[test]
fn what_was_not_chosen_has_the_derivative_zero() {
    #[differentiable]
    fn length<T: Scalar>(x: T, y: T) -> T {
        (x * x + y * y).sqrt().max(T::of(1e-6))
    }
    #[differentiable]
    fn logarithm<T: Scalar>(x: T) -> T {
        x.ln().max(T::of(-5.0))
    }
    #[differentiable]
    fn hyperbola<T: Scalar>(x: T) -> T {
        (x.recip() * T::of(2.0)).min(T::of(5.0)) + (T::one() / x).min(T::of(5.0))
    }
    #[differentiable]
    fn nested<T: Scalar>(x: T) -> T {
        let root = -(-x.powf(T::of(0.5))).min(-T::one());
        (root * T::of(2.0)).exp().max(T::zero()) * T::of(3.0)
    }
    #[differentiable]
    fn distance<T: Scalar>(x: T) -> T {
        (x - T::one()).sqrt().abs() * T::of(3.0)
    }
    #[differentiable]
    fn called<T: Scalar>(x: T) -> T {
        T::of(2.0) * distance(x + T::one()).max(T::one())
    }
    #[differentiable]
    fn grown<T: Scalar>(x: T) -> T {
        (x * x.exp()).min(T::of(5.0))
    }
    #[differentiable]
    fn of_no_number<T: Scalar>(x: T) -> T {
        let root = x.powf(T::of(0.5));
        x.ln().abs().min(x) + x.sqrt().abs().max(T::one()) + root.max(root).min(T::zero())
    }
    #[differentiable]
    fn used_twice<T: Scalar>(x: T) -> T {
        let root = x.sqrt();
        root.max(T::one()) + root.min(-T::one()) - (T::of(2.0) * root).max(T::one()) * T::of(3.0)
    }
    #[differentiable]
    fn used_twice_behind_one<T: Scalar>(x: T) -> T {
        let root = x.sqrt();
        (root + root.sin() - root * root / (T::one() + root)).max(T::of(10.0))
    }
    assert_eq!(used_twice_behind_one::forward(0.0).backward(1.0).x, 0.0);
    assert_eq!([0.0, 4.0].map(|x| used_twice::forward(x).backward(1.0).x), [0.0, -1.25]);
    assert_eq!(of_no_number::forward(-1.0).backward(1.0).x, 1.0);
    assert_eq!(length::forward(0.0, 0.0).backward(1.0).to_array(), [0.0, 0.0]);
    assert_eq!(length::forward(0.0, 2.0).backward(1.0).to_array(), [0.0, 1.0]);
    assert_eq!([0.0, -4.0, 4.0].map(|x| logarithm::forward(x).backward(1.0).x), [0.0, 0.0, 0.25]);
    assert_eq!([0.0, 4.0].map(|x| hyperbola::forward(x).backward(1.0).x), [0.0, -3.0 / 16.0]);
    assert_eq!([0.0, 4.0].map(|x| nested::forward(x).backward(1.0).x), [0.0, 1.5 * 4.0_f64.exp()]);
    assert_eq!([1.0, 2.0].map(|x| distance::forward(x).backward(1.0).x), [0.0, 1.5]);
    assert_eq!([0.0, 4.0].map(|x| called::forward(x).backward(1.0).x), [0.0, 1.5]);
    assert_eq!([1000.0, 0.0].map(|x| grown::forward(x).backward(1.0).x), [0.0, 1.0]);
}

/// The square of a small reciprocal is too small for a number long before what it is multiplied by is large.
#[test]
fn reciprocals_have_derivatives_where_their_squares_have_none() {
    #[differentiable]
    fn fourth<T: Scalar>(x: T) -> T {
        (T::one() / (T::one() + x.powi(6))).ln()
    }
    #[differentiable]
    fn thrice<T: Scalar>(x: T) -> T {
        (T::of(3.0) * x.exp()).recip().ln()
    }
    #[differentiable]
    fn squared<T: Scalar>(x: T) -> T {
        (T::one() / (T::one() + x.exp().powi(2))).ln()
    }
    #[differentiable]
    fn root<T: Scalar>(x: T) -> T {
        (T::one() / (x * x)).sqrt()
    }
    let found = [
        fourth::forward(5000.0_f32).backward(1.0).x / -1.2e-3,
        fourth::forward(1e6_f32).backward(1.0).x / -6e-6,
        thrice::forward(60.0_f32).backward(1.0).x / -1.0,
        squared::forward(30.0_f32).backward(1.0).x / -2.0,
        root::forward(1e12_f32).backward(1.0).x / -1e-24,
    ];
    assert!(found.iter().all(|ratio| (ratio - 1.0).abs() < 1e-5), "{found:?}");
}

/// The derivative of what has overflowed cannot be known. It is no number then, and not silently 0; but where 0 flows back, it
/// does not matter.
#[test]
fn what_has_overflowed_has_no_derivative() {
    #[differentiable]
    fn soft<T: Scalar>(x: T) -> T {
        (T::one() + x.exp()).ln()
    }
    #[differentiable]
    fn soft_1p<T: Scalar>(x: T) -> T {
        x.exp().ln_1p()
    }
    #[differentiable]
    fn length<T: Scalar>(x: T) -> T {
        (x * x).sqrt()
    }
    #[differentiable]
    fn root<T: Scalar>(x: T) -> T {
        -x.exp().powf(T::of(0.5))
    }
    #[differentiable]
    fn mish<T: Scalar>(x: T) -> T {
        x * soft(x).tanh()
    }
    #[activation]
    fn softer<T: Scalar>(x: T) -> T {
        (T::one() + x.exp()).ln()
    }
    let lost = [
        soft::forward(89.0_f32).backward(1.0).x,
        soft_1p::forward(89.0_f32).backward(1.0).x,
        length::forward(1e20_f32).backward(1.0).x,
        root::forward(89.0_f32).backward(1.0).x,
        typenet::__private::Elementwise::slope(&Softer, 89.0_f32, f32::INFINITY),
    ];
    assert!(lost.iter().all(|derivative| derivative.is_nan()), "{lost:?}");
    assert_eq!([89.0_f32, 1000.0].map(|x| mish::forward(x).backward(1.0).x), [1.0, 1.0]);
    let half =
        [soft::forward(0.0).backward(1.0).x, length::forward(2.0).backward(0.5).x, -root::forward(0.0).backward(1.0).x];
    assert_eq!(half, [0.5; 3]);
}

const SLOPE: f64 = 3.0;
static OFFSET: f64 = 0.5;

trait Number {
    const THIRD: f64;
}

impl Number for f64 {
    const THIRD: f64 = 1.0 / 3.0;
}

trait Degree {
    const DEGREE: i32;
}

impl Degree for f64 {
    const DEGREE: i32 = 2;
}

const _HALF: f64 = 0.5;

#[differentiable]
#[allow(clippy::unreadable_literal)]
const fn suffixes(x: f64) -> f64 {
    #![allow(clippy::let_and_return)]
    let y = x * 2f64 * 3_f64 * _HALF * <f64 as Number>::THIRD;
    y
}

#[differentiable]
const fn line(x: f64) -> f64 {
    SLOPE * x + OFFSET + (std::f64::consts::PI - f64::EPSILON)
}

#[differentiable]
#[allow(redundant_semicolons, clippy::cast_lossless)]
fn power<T: Scalar + Degree>(x: T) -> T {
    let y = x.powi(T::DEGREE) * T::of(-SLOPE);
    y * x.powi(T::DEGREE + 1) * T::of(f32::MAX_EXP as f64)
}

#[test]
fn consts_are_those_that_are_in_scope() {
    const SLOPE: f64 = 7.0;
    #[differentiable]
    fn inside(x: f64) -> f64 {
        x * SLOPE
    }

    assert_eq!((suffixes(2.0), suffixes::forward(2.0).backward(1.0).x), (2.0, 1.0));
    assert_eq!(line(2.0), 6.5 + std::f64::consts::PI);
    assert_eq!(line::forward(2.0).backward(1.0).x, 3.0);
    assert_eq!(power(2.0), -3.0 * 32.0 * 128.0);
    assert_eq!(power::forward(2.0).backward(1.0).x, -3.0 * 5.0 * 16.0 * 128.0);
    assert_eq!((inside(2.0), inside::forward(2.0).backward(1.0).x), (14.0, 7.0));
}

#[differentiable]
fn r#type<T>(value: T, r#fn: T, v0: T, dout: T, gradients: T) -> T
where
    T: Scalar,
{
    value * r#fn - v0 / dout + gradients
}

#[test]
fn any_name_will_do() {
    let gradient = r#type::forward(1.0, 2.0, 3.0, 4.0, 5.0).backward(1.0);
    assert_eq!(gradient, TypeGradient { value: 2.0, r#fn: 1.0, v0: -0.25, dout: 3.0 / 16.0, gradients: 1.0 });
}

macro_rules! of_statements {
    ($name:ident $x:ident $($statement:stmt;)*) => {
        #[differentiable]
        #[allow(redundant_semicolons)]
        fn $name($x: f64) -> f64 {
            $($statement;)*
            $x
        }
    };
}

of_statements!(square_and_one x let x = x * x; let x = x + 1.0;);

#[test]
fn macros_by_example_give_statements() {
    assert_eq!((square_and_one(3.0), square_and_one::forward(3.0).backward(1.0).x), (10.0, 6.0));
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

/// Its own derivative.
#[activation]
fn growth<T: Scalar>(x: T) -> T {
    (x + T::one()).exp()
}

network! {
    struct Odd = Affine<2, 2> -> self::Same -> Growth -> Flat -> Many(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0) -> MeanSquaredError;
}

#[test]
fn the_simplest_functions_are_functions_too() {
    assert_eq!((identity::forward(3.0).value(), identity::forward(3.0).backward(2.0).x), (3.0, 2.0));
    assert_eq!((constant::forward(3.0).value(), constant::forward(3.0).backward(2.0).x), (-0.25, 0.0));
    assert_eq!(edges(&identity::forward(3.0).graph_with_gradients(2.0)), ["x -> identity: 3 | 2"]);
    assert_eq!(
        edges(&constant::forward(3.0).graph_with_gradients(2.0)),
        ["1 -> ×: 1 | ", "-1 -> ×: -1 | ", "× -> /: -1 | ", "4 -> /: 4 | ", "/ -> constant: -0.25 | "]
    );
    assert_eq!(only_a_call::forward(3.0).backward(2.0).x, 2.0);
    assert_eq!(largest_of_one::forward(3.0).backward(2.0).x, 2.0);
    let (mut y, mut dx) = (zeros(Const, Const), zeros(Const, Const));
    let x = SMatrix::<f64, 1, 1>::new(-1.0);
    Growth.forward(&x, &mut y, &mut ());
    Growth.backward(&x, &y, &y, &mut dx, &mut ());
    assert_eq!((y[0], dx[0]), (1.0, 1.0));
    let odd = Odd::<f32>::default();
    assert_eq!(odd.predict(&SMatrix::<f32, 1, 2>::new(1.0, 2.0)), SMatrix::<f32, 1, 2>::zeros());
    assert_eq!(odd.many1, Many::new(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0));
}
