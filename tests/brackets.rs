//! `Residual[..]`, `Sum[..]` and `Concat[..]` in networks.

use typenet::prelude::*;
use typenet::{Tape, with_threads};

/// `y = x / (1 + |x|)`, a layer of which the macro does not know the width.
#[activation]
pub fn softsign<T: Scalar>(x: T) -> T {
    x / (T::one() + x.abs())
}

const SIDE: usize = 6;

network! {
    /// The block of a residual network.
    #[derive(PartialEq)]
    pub block Unit<const F: usize> = Residual[Affine<F, F> -> BatchNorm<F> -> Tanh -> Affine<F, F>] -> Tanh;

    /// All three kinds of brackets, nested.
    #[derive(PartialEq)]
    pub struct Net = Affine<5, 8>
        -> Residual[Tanh -> Affine<_, 8>]
        -> joined: Concat[Affine<8, 3> -> Tanh | Identity | Residual[Sum[Affine<8, 8> | Softsign]]]
        -> Affine<_, 8>
        -> Unit<8>
        -> Sum[Affine<8, 4> -> Softplus | Unit<8> -> Affine<_, 4> | Softsign -> Affine<_, 4>]
        -> SoftmaxWithLoss;

    /// Widths behind layers that only the compiler knows, and brackets at the beginning.
    #[derive(PartialEq)]
    struct Inferred = Residual[Affine<SIDE, SIDE> -> Softsign] -> Softsign -> Residual[Softsign -> Affine<_, SIDE>]
        -> Concat[Softsign | Affine<_, 2>] -> Softsign -> BatchNorm<_> -> Affine<_, 3> -> MeanSquaredError;

    /// Brackets in a network that is generic over its width.
    #[derive(PartialEq)]
    struct Generic<const F: usize> = Input<F> -> Softsign -> Residual[Softsign -> Residual[Softsign] -> Affine<F, F>]
        -> Sum[Unit<F> | Affine<F, F>] -> Affine<_, 2> -> MeanSquaredError;
}

network! {
    block Drops<const F: usize> = Input<F> -> Dropout -> Softplus -> Dropout -> Softplus;

    /// Dropouts side by side, in a row and in copies of a block. `Softplus` makes their inputs positive.
    struct Masks = Input<40> -> Dropout -> Softplus -> Residual[Dropout -> Softplus]
        -> Concat[Dropout -> Softplus | Dropout -> Softplus | Drops<40> | Drops<40> | Residual[Drops<40>]
            | Sum[Drops<40> | Dropout -> Softplus]]
        -> Dropout -> Affine<_, 3> -> SoftmaxWithLoss;
}

mod elsewhere {
    use super::Unit;
    use typenet::prelude::*;

    network! {
        pub struct Imported = Affine<5, 4> -> Unit<4, T> -> Affine<_, 6> -> Residual[Unit<6, T>] -> SoftmaxWithLoss;
    }
}

fn samples<const F: usize>() -> Samples<f64, Dyn, Const<F>> {
    Samples::from_fn(Dyn(6), Const, |sample, feature| ((sample * 5 + feature) as f64).sin())
}

fn labels() -> Labels<Dyn, Const<4>> {
    vec![0, 1, 2, 3, 2, 1].try_into().unwrap()
}

fn random() -> Net<f64> {
    Net::random(Xavier, &mut StdRng::seed_from_u64(1))
}

#[test]
fn gradients_agree_with_differences() {
    random().gradient_check(&samples(), &labels()).unwrap();
    let targets = Batch::from_fn(Dyn(6), Const, |i, j| (i + j) as f64);
    Inferred::<f64>::random(Xavier, &mut StdRng::seed_from_u64(2)).gradient_check(&samples(), &targets).unwrap();
    let targets = Batch::from_fn(Dyn(6), Const, |i, j| (i + j) as f64);
    Generic::<4, f64>::random(Xavier, &mut StdRng::seed_from_u64(3)).gradient_check(&samples(), &targets).unwrap();
    let targets: Labels<Dyn, Const<6>> = vec![0, 1, 2, 3, 4, 5].try_into().unwrap();
    let imported = elsewhere::Imported::<f64>::random(He, &mut StdRng::seed_from_u64(2));
    imported.gradient_check(&samples(), &targets).unwrap();
}

#[test]
fn paths_in_rust_are_the_names_of_the_parameters() {
    let mut net = random();
    let names: Vec<_> = net.parameters().map(|parameter| parameter.name).collect();
    let some = [
        "residual1.affine1.weight",
        "joined.0.affine1.bias",
        "joined.2.residual1.sum1.0.affine1.weight",
        "affine2.weight",
        "unit1.residual1.batch_norm1.scale",
        "sum1.1.unit1.residual1.affine2.bias",
        "sum1.2.affine1.weight",
    ];
    for name in some {
        assert!(names.contains(&name.to_owned()), "{name} is not in {names:?}");
    }
    net.joined.2.residual1.sum1.0.affine1.weight[(1, 2)] = 7.0;
    net.residual1.affine1.bias[0] = 5.0;
    let of = |name: &str| net.parameters().find(|parameter| parameter.name == name).unwrap();
    assert_eq!(of("joined.2.residual1.sum1.0.affine1.weight").values[1 + 2 * 8], 7.0);
    assert_eq!(of("residual1.affine1.bias").values[0], 5.0);
}

#[test]
fn every_parameter_learns() {
    let (x, labels, before) = (samples(), labels(), random());
    let mut net = before.clone();
    net.descend(&x, &labels, 0.1);
    for (before, after) in before.parameters().zip(net.parameters()) {
        // The constant in front of a batch normalization has no effect.
        let is_normalized = before.name.ends_with("residual1.affine1.bias") && before.name.contains("unit");
        assert!(is_normalized || before.values != after.values, "{before}");
    }
    for _ in 0..300 {
        net.descend(&x, &labels, 0.2);
    }
    assert!(net.loss(&x, &labels) < 0.5 * before.loss(&x, &labels));
}

#[test]
fn one_sample_gives_the_output_of_a_batch() {
    let (x, net) = (samples(), random());
    let y = net.predict(&x);
    for row in 0..x.nrows() {
        let single = net.infer(&x.row(row).transpose());
        assert!((single.transpose() - y.row(row)).amax() < 1e-13);
    }
}

/// Networks of the same types and parameters, but with other activations inside.
mod changed {
    pub mod before {
        use typenet::prelude::*;
        network! {
            pub block Unit = Input<4> -> Residual[Affine<4, 4> -> Tanh];
            pub struct Net = Input<4> -> Unit -> Sum[Relu | Affine<4, 4>] -> Affine<4, 2> -> SoftmaxWithLoss;
        }
    }
    pub mod after {
        use typenet::prelude::*;
        network! {
            pub block Unit = Input<4> -> Residual[Affine<4, 4> -> Silu];
            pub struct Net = Input<4> -> Unit -> Sum[Relu | Affine<4, 4>] -> Affine<4, 2> -> SoftmaxWithLoss;
        }
    }
}

#[test]
fn a_file_of_other_inner_layers_is_an_error() {
    let path = std::env::temp_dir().join(format!("typenet-inner-{}.safetensors", std::process::id()));
    changed::before::Net::<f32>::random(He, &mut StdRng::seed_from_u64(1)).save(&path).unwrap();
    changed::before::Net::<f32>::load(&path).unwrap();
    let error = changed::after::Net::<f32>::load(&path).unwrap_err().to_string();
    std::fs::remove_file(path).unwrap();
    for name in ["unit1", "tanh1: Tanh", "silu1: Silu"] {
        assert!(error.contains(name), "{error}");
    }
}

#[test]
fn files_and_threads_keep_all_bits() {
    let path = std::env::temp_dir().join(format!("typenet-brackets-{}.safetensors", std::process::id()));
    let mut net = random();
    net.descend(&samples(), &labels(), 0.1);
    net.save(&path).unwrap();
    assert!(Net::<f64>::load(&path).unwrap() == net);
    std::fs::remove_file(path).unwrap();
    let (x, labels) = (samples(), labels());
    let train = |threads| {
        let mut net = random();
        with_threads(threads, || (0..20).for_each(|_| _ = net.descend(&x, &labels, 0.1))).unwrap();
        net
    };
    let [one, two, three] = [1, 2, 3].map(train);
    assert!(one == two && two == three);
}

#[test]
fn outputs_of_branches_are_recorded() {
    let mut tape = Net::<f64>::tape(Dyn(6));
    tape.forward(&random(), &samples());
    let layers: Vec<_> = tape.activations().into_iter().map(|layer| layer.layer).collect();
    for name in
        ["joined.0.affine1", "joined.1", "joined.2.residual1.sum1.0", "sum1.1.unit1.residual1.tanh1", "residual1"]
    {
        assert!(layers.contains(&name.to_owned()), "{name} is not in {layers:?}");
    }
}

#[test]
fn debug_shows_the_inside() {
    let text = format!("{:?}", Unit::<3>::default());
    let inside = "Residual { inside: UnitResidual1 { affine1: Affine<F, F>, batch_norm1: BatchNorm<F>, tanh1: Tanh, \
                  affine2: Affine<F, F> } }";
    assert_eq!(text, format!("Unit {{ residual1: {inside}, tanh1: Tanh }}"));
}

/// The name of each dropout, and the zeros in its first 40 outputs of 6 samples.
fn masks(tape: &mut Tape<Masks<f64>, Const<6>>, mode: Mode) -> Vec<(String, Vec<bool>)> {
    tape.forward_in(mode, &Masks::zeros(), &SMatrix::<f64, 6, 40>::repeat(1.0));
    let dropouts = tape.activations().into_iter().filter(|layer| layer.layer.contains("dropout"));
    dropouts.map(|layer| (layer.layer, layer.y[..240].iter().map(|&y| y == 0.0).collect())).collect()
}

#[test]
fn no_two_dropouts_share_a_mask() {
    let mut tape = Masks::tape(Const::<6>);
    let mut of_step = |seed| masks(&mut tape, Mode::train(seed));
    let (first, second, again) = (of_step(1), of_step(2), of_step(1));
    assert_eq!(first.len(), 14);
    assert_eq!(first, again);
    let all: Vec<_> = first.iter().chain(&second).collect();
    for (index, (name, mask)) in all.iter().enumerate() {
        for (other, other_mask) in &all[..index] {
            // Independent masks agree in 120 of 240 places, with a standard deviation of 8.
            let agreeing = mask.iter().zip(other_mask).filter(|(one, other)| one == other).count();
            assert!((72..168).contains(&agreeing), "{name} and {other} agree in {agreeing} places");
        }
    }
    assert!(masks(&mut tape, Mode::Infer).iter().all(|(_, mask)| !mask.contains(&true)));
}
