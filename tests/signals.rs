//! Networks over signals.

use typenet::prelude::*;

network! {
    /// The settings of the windows, a block and brackets.
    #[derive(PartialEq)]
    struct Small = Input<2, 24> -> Conv1d<2, 3, 5>(stride = 2, padding = 2) -> BatchNorm<_> -> Tanh -> MaxPool1d<2>
        -> Unit<3> -> Concat[Conv1d<3, 2, 3>(padding = same, dilation = 2) | Identity] -> Dropout2d(0.3)
        -> AveragePool1d<3>(stride = 1, padding = 1, count_padding = false) -> Conv1d<_, 4, 2>(bias = false)
        -> Flatten -> Affine<20, 3> -> SoftmaxWithLoss;

    #[derive(PartialEq)]
    block Unit<const C: usize> = Input<C, 6> -> Residual[Conv1d<C, C, 3>(padding = same) -> Softplus] -> Tanh;

    /// Sizes that are consts.
    struct Consts = Input<CHANNELS, LENGTH> -> Conv1d<CHANNELS, 4, KERNEL> -> MaxPool1d<2> -> GlobalAveragePool
        -> Affine<_, 2> -> MeanSquaredError;

    /// Finds the faster of two waves, wherever it begins.
    struct Waves = Input<1, 64> -> Conv1d<1, 6, 7>(padding = same) -> Relu -> MaxPool1d<4> -> Conv1d<_, 8, 3> -> Relu
        -> GlobalAveragePool -> Affine<_, 2> -> SoftmaxWithLoss;
}

const CHANNELS: usize = 2;
const LENGTH: usize = 10;
const KERNEL: usize = 3;

fn samples<const F: usize>(count: usize) -> Samples<f64, Dyn, Const<F>> {
    Samples::from_fn(Dyn(count), Const, |sample, feature| ((sample * 7 + feature) as f64 * 1.7).sin())
}

#[test]
fn gradients_agree_with_differences() {
    let labels: Labels<Dyn, Const<3>> = vec![0, 1, 2, 1, 0].try_into().unwrap();
    let small = Small::<f64>::random(He, &mut StdRng::seed_from_u64(1));
    small.gradient_check(&samples(5), &labels).unwrap();
    let consts = Consts::<f64>::random(He, &mut StdRng::seed_from_u64(3));
    consts.gradient_check(&samples(5), &Batch::from_fn(Dyn(5), Const, |i, j| (i + j) as f64)).unwrap();
}

#[test]
fn one_signal_gives_the_output_of_a_batch() {
    let (x, net) = (samples(5), Small::<f64>::random(He, &mut StdRng::seed_from_u64(2)));
    let y = net.predict(&x);
    for row in 0..x.nrows() {
        let single = net.infer(&x.row(row).transpose());
        assert!((single.transpose() - y.row(row)).amax() < 1e-13);
    }
}

#[test]
fn files_keep_the_parameters() {
    let path = std::env::temp_dir().join(format!("typenet-signals-{}", std::process::id()));
    let small = Small::<f32>::random(He, &mut StdRng::seed_from_u64(5));
    small.save(&path).unwrap();
    assert_eq!(Small::load(&path).unwrap(), small);
    std::fs::remove_file(path).unwrap();
}

#[test]
fn the_summary_shows_signals() {
    let net = Small::<f32>::random(He, &mut StdRng::seed_from_u64(1));
    let summary = net.summary().to_string();
    assert!(summary.contains("conv1d1") && summary.contains("Conv1d<2, 3, 5>(stride = 2, padding = 2)"), "{summary}");
    let shapes: Vec<_> = net.parameters().map(|parameter| (parameter.name, parameter.shape)).collect();
    assert!(shapes.contains(&("conv1d1.weight".to_owned(), &[3, 2, 5][..])), "{shapes:?}");
}

#[test]
fn it_learns_waves() {
    let mut rng = StdRng::seed_from_u64(1);
    let mut net: Waves = Waves::random(He, &mut rng);
    let labels: Labels<Dyn, Const<2>> = (0..64).map(|sample| sample % 2).collect::<Vec<_>>().try_into().unwrap();
    let waves = |seed: usize| {
        Samples::<f32, Dyn, Const<64>>::from_fn(Dyn(64), Const, |sample, at| {
            let speed = if sample % 2 == 0 { 0.4 } else { 0.7 };
            ((at as f32) * speed + ((sample + seed) * (sample + 3)) as f32).sin()
        })
    };
    let (mut optimizer, mut tape) = (Adam::new(), Waves::tape(Dyn(64)));
    for step in 0..150 {
        optimizer.descend_with(&mut net, &waves(step), &labels, 0.01, &mut tape);
    }
    let accuracy = net.accuracy(&waves(1000), &labels);
    assert!(accuracy > 0.95, "{accuracy}");
}
