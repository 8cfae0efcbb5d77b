//! The gradient check accepts correct gradients and names wrong ones.

use typenet::nalgebra::{Dim, DimName, Matrix, RawStorage};
use typenet::{Batch, prelude::*};

/// An `Affine` with a selectable mistake.
///
/// The mistakes are a wrong `dX`, a wrong `dW`, no `dB`, a NaN in `dB`, and a `dX` added to the old values.
#[derive(Clone, Default)]
struct Faulty<const IN: usize, const OUT: usize, const FAULT: u8, T: Scalar>(Affine<IN, OUT, T>);

const WRONG_INPUT: u8 = 0;
const WRONG_WEIGHT: u8 = 1;
const NO_BIAS: u8 = 2;
const NOT_A_NUMBER: u8 = 3;
const ADDS_UP: u8 = 4;
const WRONG_SCALE: u8 = 5;

impl<const IN: usize, const OUT: usize, const FAULT: u8, T: Scalar> Parameters<T> for Faulty<IN, OUT, FAULT, T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        self.0.part(index)
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        self.0.part_mut(index)
    }

    fn initialize(&mut self, initializer: &dyn typenet::Initializer, rng: &mut dyn typenet::rand::Rng) {
        self.0.initialize(initializer, rng);
    }
}

impl<const IN: usize, const OUT: usize, const FAULT: u8, T: Scalar> Infer<T, Const<IN>> for Faulty<IN, OUT, FAULT, T> {
    type Out = Const<OUT>;

    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        self.0.infer_into(x, y, &mut []);
    }
}

impl<const IN: usize, const OUT: usize, const FAULT: u8, T: Scalar> Layer<T, Const<IN>> for Faulty<IN, OUT, FAULT, T> {
    type Cache<N: Dim> = ();

    fn forward<N: Dim, S: RawStorage<T, N, Const<IN>>>(
        &self,
        x: &Matrix<T, N, Const<IN>, S>,
        y: &mut Batch<T, N, Const<OUT>>,
        memory: &mut (),
        mode: Mode,
    ) {
        self.0.forward(x, y, memory, mode);
    }

    fn backward<N: Dim, S: RawStorage<T, N, Const<IN>>>(
        &self,
        x: &Matrix<T, N, Const<IN>, S>,
        y: &Batch<T, N, Const<OUT>>,
        dy: &Batch<T, N, Const<OUT>>,
        dx: Option<&mut Batch<T, N, Const<IN>>>,
        memory: &mut (),
    ) {
        let Some(dx) = dx else { return };
        let left_over = dx.clone();
        self.0.backward(x, y, dy, Some(dx), memory);
        if FAULT == ADDS_UP {
            dx.zip_apply(&left_over, |dx, left_over| *dx += left_over);
        }
        if FAULT == WRONG_INPUT {
            dx.apply(|dx| *dx *= T::of(1.001));
        }
    }

    fn add_gradient<N: Dim, S: RawStorage<T, N, Const<IN>>>(
        x: &Matrix<T, N, Const<IN>, S>,
        dy: &Batch<T, N, Const<OUT>>,
        memory: &(),
        scale: T,
        target: &mut Self,
    ) {
        let bias = target.0.bias.clone();
        Affine::add_gradient(x, dy, memory, scale, &mut target.0);
        match FAULT {
            WRONG_WEIGHT => target.0.weight[(1, 2)] += scale * T::of(0.01),
            NO_BIAS => target.0.bias = bias,
            WRONG_SCALE => Affine::add_gradient(x, dy, memory, scale * T::of(1e-3), &mut target.0),
            NOT_A_NUMBER => target.0.bias[1] = T::of(f64::NAN),
            _ => {}
        }
    }
}

network! {
    /// The book's network.
    struct TwoLayerNet = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
    struct WrongInput = Affine<5, 4> -> Tanh -> Faulty<4, 3, WRONG_INPUT, T> -> SoftmaxWithLoss;
    struct WrongWeight = Affine<5, 4> -> Tanh -> wrong: Faulty<4, 3, WRONG_WEIGHT, T> -> SoftmaxWithLoss;
    struct NotANumber = Affine<5, 4> -> Tanh -> Faulty<4, 3, NOT_A_NUMBER, T> -> SoftmaxWithLoss;
    struct AddsUp = Affine<5, 4> -> Tanh -> Faulty<4, 3, ADDS_UP, T> -> SoftmaxWithLoss;
    struct NoBias = Affine<5, 4> -> Tanh -> Faulty<4, 3, NO_BIAS, T> -> SoftmaxWithLoss;
}

/// Returns the error of a check that must fail.
fn error<Net: Network<Scalar = f32, Input = Const<5>, Output = Const<3>, Loss = SoftmaxWithLoss>>() -> String {
    let net = Net::random(Xavier, &mut StdRng::seed_from_u64(1));
    let x = SMatrix::<f32, 3, 5>::from_fn(|i, j| (i as f32 * 1.3 + j as f32).sin());
    net.gradient_check(&x, &[0, 2, 1].try_into().unwrap()).unwrap_err().to_string()
}

#[test]
fn the_books_network_is_right_to_seven_digits() {
    let (train, _) = digits::generate(3, 0, 1);
    let (x, labels) = train.range::<f32, _>(0, Const::<3>);
    for (seed, at_most) in [(1, 500), (2, 100), (3, 100)] {
        let net: TwoLayerNet = TwoLayerNet::random(Normal { std: 0.01 }, &mut StdRng::seed_from_u64(seed));
        let check = GradientCheck::new().at_most(at_most).seed(seed);
        let report = check.run(&net, &x, &labels).unwrap();
        let blocks: Vec<&str> = report.blocks.iter().map(|block| block.block.as_str()).collect();
        assert_eq!(blocks, ["affine1.weight", "affine1.bias", "affine2.weight", "affine2.bias"]);
        assert_eq!(report.blocks[0].checked, at_most);
        assert_eq!(report.blocks[3].checked, 10);
        assert!(report.blocks.iter().all(|block| block.error < 1e-7), "{report}");
    }
}

/// A wrong `dX` makes the gradients of earlier layers wrong.
#[test]
fn a_wrong_dx_is_named() {
    let error = error::<WrongInput>();
    assert!(error.starts_with("the gradient of `affine1.weight` is wrong at row "), "{error}");
    assert!(error.contains("backward gives ") && error.contains("finite differences give "), "{error}");
    assert!(error.ends_with("the relative error is 1.0e-3, the tolerance 1e-6"), "{error}");
}

#[test]
fn a_single_wrong_element_is_named() {
    let error = error::<WrongWeight>();
    assert!(error.starts_with("the gradient of `wrong.weight` is wrong at row 1, column 2: "), "{error}");
}

#[test]
fn a_gradient_that_never_arrives_is_named() {
    let error = error::<NoBias>();
    let expected =
        "no gradient arrives at `faulty1.bias`: backward gives 0 for all of it, but finite differences give ";
    assert!(error.starts_with(expected), "{error}");
}

/// The result is right on a new tape, but wrong on a used one.
#[test]
fn a_dx_added_to_old_values_is_named() {
    assert!(error::<AddsUp>().starts_with("the gradient of `affine1.weight` is wrong at row "));
}

#[test]
fn checks_that_check_nothing_are_errors() {
    let net = NoBias::<f32>::default();
    let (one, none) = (Samples::zeros(Dyn(1), Const), Samples::zeros(Dyn(0), Const));
    let error = |check: GradientCheck, x: &Samples<f32, Dyn, Const<5>>| {
        let labels = vec![1; x.nrows()].try_into().unwrap();
        check.run(&net, x, &labels).unwrap_err().to_string()
    };
    for tolerance in [f64::NAN, f64::INFINITY, 0.0, -1.0] {
        let expected = format!("the tolerance of a gradient check is {tolerance}, but should be a positive number");
        assert_eq!(error(GradientCheck::new().tolerance(tolerance), &one), expected);
    }
    let zero = error(GradientCheck::new().at_most(0), &one);
    assert_eq!(zero, "`at_most` of a gradient check is 0, but should be at least 1");
    let empty = error(GradientCheck::new(), &none);
    assert_eq!(empty, "a gradient check needs at least one sample, but the batch is empty");
}

#[test]
fn a_nan_input_is_not_reported_as_a_missing_gradient() {
    let net: TwoLayerNet = TwoLayerNet::random(He, &mut StdRng::seed_from_u64(1));
    let check = GradientCheck::new().at_most(5);
    let x = SMatrix::<f32, 1, 784>::repeat(f32::NAN);
    let error = check.run(&net, &x, &[1].try_into().unwrap()).unwrap_err().to_string();
    assert!(error.contains("backward gives NaN, finite differences give NaN"), "{error}");
}

#[test]
fn a_nan_gradient_is_named() {
    let error = error::<NotANumber>();
    assert!(
        error.starts_with("the gradient of `faulty1.bias` is wrong at row 0, column 1: backward gives NaN"),
        "{error}"
    );
}

#[test]
fn the_disagreement_has_all_details() {
    let net: NoBias = NoBias::random(Xavier, &mut StdRng::seed_from_u64(1));
    let x = SMatrix::<f32, 1, 5>::repeat(0.5);
    let Err(typenet::GradientError::Disagreement(disagreement)) = net.gradient_check(&x, &[1].try_into().unwrap())
    else {
        panic!("the check has to fail");
    };
    assert!(disagreement.never_arrives && disagreement.analytic == 0.0 && disagreement.numerical != 0.0);
    assert_eq!(disagreement.element[0], 0);
}

/// A parameter without influence on the loss has gradient zero in both methods.
#[test]
fn a_gradient_that_is_zero_is_right() {
    let mut net: TwoLayerNet = TwoLayerNet::random(Normal { std: 0.01 }, &mut StdRng::seed_from_u64(1));
    net.affine1.bias.fill(-100.0);
    let check = GradientCheck::new().at_most(50);
    let report = check.run(&net, &SMatrix::<f32, 1, 784>::repeat(0.5), &[1].try_into().unwrap()).unwrap();
    assert_eq!(report.blocks[0].error, 0.0);
}

#[test]
fn dimensions_are_correct() {
    assert_eq!(
        (<TwoLayerNet as typenet::Network>::Input::DIM, <TwoLayerNet as typenet::Network>::Output::DIM),
        (784, 10)
    );
}

network! {
    struct Line = Affine<1, 1> -> MeanSquaredError;
    struct Curve = Affine<1, 3> -> Tanh -> Affine<3, 1> -> MeanSquaredError;
    struct Kinks = Affine<4, 6> -> Relu -> Affine<6, 6> -> LeakyRelu -> Affine<6, 3> -> SoftmaxWithLoss;
    struct WrongKink = Affine<4, 6> -> SteepAtZero -> Affine<6, 3> -> SoftmaxWithLoss;
    struct WrongLine = Input<1> -> Faulty<1, 1, WRONG_SCALE, T> -> MeanSquaredError;
}

/// A Relu whose slope at 0 is outside the range of its two sides.
#[derive(Clone, Default)]
struct SteepAtZero;

impl<T: Scalar> Parameters<T> for SteepAtZero {}

impl<T: Scalar, F: Shape> Infer<T, F> for SteepAtZero {
    type Out = F;

    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        y.iter_mut().zip(x).for_each(|(y, &x)| *y = x.max(T::of(0.0)));
    }
}

impl<T: Scalar, F: Shape> Layer<T, F> for SteepAtZero {
    type Cache<N: Dim> = ();

    fn backward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        x: &Matrix<T, N, F, S>,
        y: &Batch<T, N, F>,
        dy: &Batch<T, N, F>,
        dx: Option<&mut Batch<T, N, F>>,
        (): &mut (),
    ) {
        let Some(dx) = dx else { return };
        dx.zip_zip_apply(y, dy, |dx, y, dy| *dx = if y > T::of(0.0) { dy } else { T::of(0.0) });
        for ((dx, dy), x) in dx.iter_mut().zip(dy.iter()).zip(x.iter()) {
            if *x == T::of(0.0) {
                *dx = T::of(5.0) * *dy;
            }
        }
    }
}

/// The step scales with the parameter, and the outputs determine the rounding error: no false alarms near 0 or far from it.
#[test]
fn large_parameters_are_no_false_alarm() {
    let x = SMatrix::<f64, 4, 1>::new(0.1, -0.3, 0.7, 0.9);
    for size in [1e-9, 1e-3, 1.0, 1e3, 1e6, 1e9, 1e12] {
        for off in [0.0, 1e-9, 0.3, 1.0] {
            let mut net = Line::<f64>::default();
            net.affine1.weight[0] = size * (1.0 + off);
            net.affine1.bias[0] = size * (1.0 - off);
            let target = Batch::from_matrix(&x.map(|x| size * x + size));
            net.gradient_check(&x, &target).unwrap_or_else(|error| panic!("size {size}, off by {off}: {error}"));
        }
    }
    // The reverse case: large inputs with small weights.
    for size in [1e-8, 1e-4, 1e4] {
        let mut net: Curve<f64> = Curve::random(Xavier, &mut StdRng::seed_from_u64(1));
        *net.affine1.weight *= size;
        net.gradient_check(&(x / size), &Batch::from_matrix(&x)).unwrap_or_else(|error| panic!("size {size}: {error}"));
    }
}

/// The allowance for rounding does not hide a mistake.
#[test]
fn large_parameters_hide_no_mistake() {
    let x = SMatrix::<f64, 4, 1>::new(0.1, -0.3, 0.7, 0.9);
    for size in [1e-3, 1.0, 1e3, 1e6] {
        let mut net = WrongLine::<f64>::default();
        net.faulty1.0.weight[0] = size;
        net.faulty1.0.bias[0] = size + 0.3;
        let target = Batch::from_matrix(&x.map(|x| size * x + size));
        let error = net.gradient_check(&x, &target).unwrap_err().to_string();
        assert!(error.starts_with("the gradient of `faulty1.weight` is wrong at row 0, column 0"), "{size}: {error}");
    }
}

/// With zero biases, a sample of zeros lies on the kink of every unit, for any step size.
#[test]
fn a_kink_at_exactly_0_is_no_false_alarm() {
    for seed in 0..20 {
        let net: Kinks<f64> = Kinks::random(He, &mut StdRng::seed_from_u64(seed));
        let mut x = SMatrix::<f64, 5, 4>::from_fn(|i, j| ((3 * i + 5 * j) % 7) as f64 / 3.0 - 0.9);
        x.row_mut(0).fill(0.0);
        net.gradient_check(&x, &[0, 1, 2, 1, 0].try_into().unwrap()).unwrap();
    }
}

#[test]
fn a_slope_outside_the_sides_of_a_kink_is_named() {
    let net: WrongKink<f64> = WrongKink::random(He, &mut StdRng::seed_from_u64(1));
    let mut x = SMatrix::<f64, 5, 4>::from_fn(|i, j| ((3 * i + 5 * j) % 7) as f64 / 3.0 - 0.9);
    x.row_mut(0).fill(0.0);
    let error = net.gradient_check(&x, &[0, 1, 2, 1, 0].try_into().unwrap()).unwrap_err().to_string();
    assert!(error.starts_with("the gradient of `affine1.bias` is wrong at row 0"), "{error}");
}
