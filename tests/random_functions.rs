//! Compares derivatives of random differentiable functions with finite differences, in `f64`.
//!
//! The test generates and runs a program with functions of three variables, each a few operations deep. Logarithms, roots and
//! quotients stay away from their poles, and `max`, `min` and `abs` from their kinks. Generic functions are also activations,
//! whose layers must give the same results. `TYPENET_SEED=7 cargo test --test random_functions` tests other functions.

use std::fmt::Write;
use std::path::Path;

use rand::seq::IndexedRandom;
use typenet::rand::{self, RngExt, SeedableRng, rngs::StdRng};

const FUNCTIONS: usize = 200;

/// Operations on two values, with a bound on the result if the operation has one.
const OPERATIONS: [(&str, Option<f64>); 29] = [
    ("$a + $b", None),
    ("$a - $b", None),
    ("$a * $b", None),
    ("$a * $b", None),
    ("-$a", None),
    ("$a / ($b * $b + $one)", None),
    ("$one / ($a * $a + $one)", Some(1.0)),
    ("($a * $a + $one).recip()", Some(1.0)),
    ("$a.sin().exp()", Some(2.8)),
    ("($a * $a + $one).ln()", Some(5.0)),
    ("($a * $a + $one).sqrt()", Some(11.0)),
    ("$a.powi(2)", None),
    ("$a.sin().powi(3)", Some(1.0)),
    ("($a * $a + $one).powi(-2)", Some(1.0)),
    ("($a * $a + $one).powf($b.sin())", Some(101.0)),
    ("($a * $a + $one).powf($half)", Some(11.0)),
    ("$a.sin()", Some(1.0)),
    ("$a.cos()", Some(1.0)),
    ("$a.sin().tan()", Some(1.6)),
    ("$a.tanh()", Some(1.0)),
    ("$a.cos().sinh()", Some(1.2)),
    ("$a.sin().cosh()", Some(1.6)),
    ("($a.sin() - $two).abs()", Some(3.0)),
    ("$a.sin().max($b.cos() + $two + $two)", Some(5.0)),
    ("($a.sin() - $two).max(-($two + $two))", Some(3.0)),
    ("$a.sin().min($b.cos() + $two + $two)", Some(1.0)),
    ("$a.sin().exp_m1() + ($b * $b).ln_1p()", Some(7.0)),
    ("$a.mul_add($b, $a)", None),
    ("{ let b = $a * $half; let a: $T = b + $one; a - b * b }", None),
];

/// A function under construction.
struct Function {
    generic: bool,
    /// The lines before the result.
    lets: String,
    /// Names of values with bounds on their size.
    values: Vec<(String, f64)>,
}

impl Function {
    fn random(number: usize, rng: &mut StdRng) -> Self {
        let values = ["x", "y", "z"].map(|name| (name.to_owned(), 1.0)).to_vec();
        let mut function = Self { generic: rng.random(), lets: String::new(), values };
        for step in 0..rng.random_range(1..=7) {
            function.step(step, number, rng);
        }
        function
    }

    /// Adds a `let`, which may shadow an earlier name.
    fn step(&mut self, step: usize, number: usize, rng: &mut StdRng) {
        let (a, b) = (self.values.choose(rng).cloned(), self.values.choose(rng).cloned());
        let ((a, size_a), (b, size_b)) = a.zip(b).expect("there are three from the start");
        let (pattern, mut size) = if number > 0 && rng.random_bool(0.1) {
            (format!("g{}($a.sin(), $b.sin(), $a.cos())", rng.random_range(0..number)), f64::INFINITY)
        } else {
            let (pattern, bound) = *OPERATIONS.choose(rng).expect("there are some");
            (pattern.to_owned(), bound.unwrap_or((size_a + 1.0) * (size_a + size_b + 1.0)))
        };
        let mut text = self.fill(&pattern, &a, &b);
        if size > 10.0 {
            (text, size) = (format!("({text}).{}()", ["sin", "cos", "tanh"].choose(rng).expect("there are some")), 1.0);
        }
        let name = if rng.random_bool(0.2) { "x".to_owned() } else { format!("v{step}") };
        writeln!(self.lets, "    let {name} = {text};").expect("a string can be written to");
        self.values.retain(|(other, _)| *other != name);
        self.values.push((name, size));
    }

    /// Fills a pattern with names, numbers and the type.
    fn fill(&self, pattern: &str, a: &str, b: &str) -> String {
        let number = |number: &str| if self.generic { format!("T::of({number})") } else { format!("{number}_f64") };
        let one = if self.generic { "T::one()".to_owned() } else { number("1.0") };
        let text = pattern.replace("$a", a).replace("$b", b).replace("$T", if self.generic { "T" } else { "f64" });
        text.replace("$one", &one).replace("$two", &number("2.0")).replace("$half", &number("0.5"))
    }

    fn write(&self, number: usize, program: &mut String) -> std::fmt::Result {
        let (attribute, parameters, scalar) =
            if self.generic { ("activation", "<T: Scalar>", "T") } else { ("differentiable", "", "f64") };
        let (last, _) = self.values.last().expect("there are some");
        write!(
            program,
            "
#[{attribute}]
fn g{number}{parameters}(x: {scalar}, y: {scalar}, z: {scalar}) -> {scalar} {{
{}    {last}
}}
",
            self.lets
        )
    }
}

#[test]
fn derivatives_of_random_functions_agree_with_differences() {
    let seed = std::env::var("TYPENET_SEED").map_or(1, |seed| seed.parse().expect("TYPENET_SEED is a number"));
    println!("TYPENET_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let mut program = "#![allow(unused, clippy::all)]
use typenet::{Cache, prelude::*};

fn check_layer<L: Layer<f64, Const<1>, Out = Const<1>>>(name: &str, layer: L, x: f64, value: f64, slope: f64) {
    let x = SMatrix::<f64, 1, 1>::new(x);
    let (mut y, mut dx, mut memory) = (Batch::zeros(Const::<1>, Const::<1>), Batch::zeros(Const, Const), L::Cache::new(Const));
    layer.forward(&x, &mut y, &mut memory, Mode::Infer);
    layer.backward(&x, &y, &Batch::from_matrix(&SMatrix::<f64, 1, 1>::new(1.0)), Some(&mut dx), &mut memory);
    assert!((y[0] - value).abs() <= 1e-13 * (1.0 + value.abs()), \"the layer of {name}: {}, not {value}\", y[0]);
    assert!((dx[0] - slope).abs() <= 1e-11 * (1.0 + slope.abs()), \"the slope of {name}: {}, not {slope}\", dx[0]);
}

fn check(name: &str, point: [f64; 3], f: impl Fn([f64; 3]) -> f64, value: f64, gradient: [f64; 3]) {
    assert_eq!(f(point), value, \"{name} at {point:?}\");
    for place in 0..3 {
        let at = |step: f64| {
            let mut moved = point;
            moved[place] += step;
            f(moved)
        };
        let numerical = (8.0 * (at(1e-4) - at(-1e-4)) - (at(2e-4) - at(-2e-4))) / 12e-4;
        let error = (gradient[place] - numerical).abs();
        assert!(error <= 1e-7 * (1.0 + numerical.abs()), \"{name} at {point:?}: {gradient:?}, differences {numerical}\");
    }
}
"
    .to_owned();
    let mut calls = String::new();
    let mut generic: Vec<bool> = Vec::new();
    for number in 0..FUNCTIONS {
        let mut function = Function::random(number, &mut rng);
        // A generic function calls only generic functions.
        while (0..number)
            .any(|other| !generic[other] && function.generic && function.lets.contains(&format!("g{other}(")))
        {
            function = Function::random(number, &mut rng);
        }
        generic.push(function.generic);
        function.write(number, &mut program).expect("a string can be written to");
        let point: [f64; 3] = std::array::from_fn(|_| rng.random_range(-1.0..1.0));
        writeln!(
            calls,
            "    let ([x, y, z], name) = ({point:?}, \"g{number}\");
    let call = g{number}::forward(x, y, z);
    check(name, [x, y, z], |[x, y, z]| g{number}(x, y, z), call.value(), call.backward(1.0).to_array());"
        )
        .expect("a string can be written to");
        if function.generic {
            let check = format!("check_layer(name, G{number}::new(y, z), x, call.value(), call.backward(1.0).x);");
            writeln!(calls, "    {check}").expect("a string can be written to");
        }
    }
    write!(program, "\nfn main() {{\n{calls}}}\n").expect("a string can be written to");

    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random_functions.rs");
    std::fs::write(&path, program).expect("the target folder can be written to");
    trybuild::TestCases::new().pass(path);
}
