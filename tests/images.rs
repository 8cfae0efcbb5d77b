//! Networks over images.

use typenet::prelude::*;

network! {
    /// The convolutional network of the book's chapter 7.
    #[derive(PartialEq)]
    pub struct SimpleConvNet = Input<1, 28, 28> -> Conv2d<1, 30, 5> -> Relu -> MaxPool2d<2> -> Flatten
        -> Affine<_, 100> -> Relu -> Affine<_, 10> -> SoftmaxWithLoss;

    /// Settings of the windows.
    #[derive(PartialEq)]
    struct Small = Input<2, 7, 6> -> Conv2d<2, 3, 3>(stride = 2, padding = 1) -> Tanh
        -> Conv2d<_, 4, 1, 2>(bias = false) -> MaxPool2d<2>(stride = 1)
        -> conv: Conv2d<4, 4, 3>(padding = same, dilation = 2) -> Flatten -> Affine<_, 3> -> SoftmaxWithLoss;

    /// Brackets over images, and a block.
    #[derive(PartialEq)]
    block Unit<const C: usize> = Input<C, 4, 4> -> Residual[Conv2d<C, C, 3>(padding = same) -> Softplus] -> Tanh;

    #[derive(PartialEq)]
    struct Branches = Input<1, 6, 6> -> Conv2d<1, 2, 3> -> Unit<2>
        -> Concat[Conv2d<2, 3, 1> | Identity | Unit<2> -> Conv2d<_, 1, 3>(padding = 1)]
        -> Sum[Conv2d<6, 2, 2> | MaxPool2d<2>(stride = 1) -> Conv2d<_, 2, 1>] -> Flatten -> Affine<_, 3> -> SoftmaxWithLoss;

    /// The other layers over images.
    struct Others = Input<2, 6, 6> -> Conv2d<2, 3, 3> -> BatchNorm<_> -> Tanh -> DepthwiseConv2d<3, 3>(padding = same)
        -> Dropout2d(0.3) -> Upsample2d<2> -> AveragePool2d<3>(stride = 2, padding = 1, count_padding = false)
        -> Conv2d<_, 5, 1> -> GlobalAveragePool -> Affine<_, 3> -> SoftmaxWithLoss;

    /// Groups, with consts too, and a depthwise block of any number of channels.
    #[derive(PartialEq)]
    struct Groups = Input<4, 6, 6> -> Conv2d<4, 6, 3>(groups = 2) -> Tanh -> Depthwise<6>
        -> Residual[Conv2d<_, 6, 3>(groups = SIDE / 2, padding = same, bias = false)] -> Conv2d<6, 8, 2>(groups = CHANNELS)
        -> Flatten -> Affine<72, 3> -> SoftmaxWithLoss;

    #[derive(PartialEq)]
    block Depthwise<const C: usize> = Input<C, 4, 4> -> Conv2d<C, C, 3>(groups = C, padding = 1) -> Softplus;

    /// An image that becomes smaller, larger and smaller again.
    #[derive(PartialEq)]
    struct Hourglass = Input<2, 8, 8> -> Conv2d<2, 3, 2>(stride = 2) -> Tanh -> Wider<3>
        -> Sum[ConvTranspose2d<_, 2, 3>(stride = (1, CHANNELS), padding = 1, output_padding = (0, 1)) | Identity -> Stretched]
        -> AdaptiveAveragePool2d<3, 5> -> Flatten -> Affine<30, 3> -> SoftmaxWithLoss;

    #[derive(PartialEq)]
    block Wider<const C: usize> = Input<C, 4, 4> -> ConvTranspose2d<C, C, 3>(padding = 1) -> ConvTranspose2d<C, 2, 2>(stride = 2);

    #[derive(PartialEq)]
    block Stretched = Input<2, 8, 8> -> ConvTranspose2d<2, 2, 1, 2>(stride = (1, 2), bias = false);

    /// Sizes that are consts.
    struct Consts = Input<CHANNELS, SIDE, SIDE> -> Conv2d<CHANNELS, 4, KERNEL> -> MaxPool2d<2> -> Flatten
        -> Affine<_, 2> -> MeanSquaredError;
}

const CHANNELS: usize = 2;
const SIDE: usize = 6;
const KERNEL: usize = 3;

fn samples<const F: usize>(count: usize) -> Samples<f64, Dyn, Const<F>> {
    Samples::from_fn(Dyn(count), Const, |sample, feature| ((sample * 7 + feature) as f64 * 1.7).sin())
}

#[test]
fn shapes_are_those_of_the_book() {
    let net: SimpleConvNet = SimpleConvNet::zeros();
    assert_eq!(net.affine1.weight.shape(), (30 * 12 * 12, 100));
    assert_eq!(net.conv2d1.weight.shape(), (25, 30));
    let x = Samples::<f32, Const<5>, Const<784>>::zeros(Const, Const);
    assert_eq!(net.predict(&x).shape(), (5, 10));
}

#[test]
fn gradients_agree_with_differences() {
    let labels: Labels<Dyn, Const<3>> = vec![0, 1, 2, 1, 0].try_into().unwrap();
    let small = Small::<f64>::random(He, &mut StdRng::seed_from_u64(1));
    small.gradient_check(&samples(5), &labels).unwrap();
    let others = Others::<f64>::random(He, &mut StdRng::seed_from_u64(4));
    others.gradient_check(&samples(5), &labels).unwrap();
    let groups = Groups::<f64>::random(He, &mut StdRng::seed_from_u64(5));
    groups.gradient_check(&samples(5), &labels).unwrap();
    let hourglass = Hourglass::<f64>::random(He, &mut StdRng::seed_from_u64(6));
    hourglass.gradient_check(&samples(5), &labels).unwrap();
    let branches = Branches::<f64>::random(He, &mut StdRng::seed_from_u64(2));
    branches.gradient_check(&samples(5), &labels).unwrap();
    let consts = Consts::<f64>::random(He, &mut StdRng::seed_from_u64(3));
    consts.gradient_check(&samples(5), &Batch::from_fn(Dyn(5), Const, |i, j| (i + j) as f64)).unwrap();
}

#[test]
fn one_image_gives_the_output_of_a_batch() {
    macro_rules! check {
        ($net:ident) => {
            let (x, net) = (samples(5), $net::<f64>::random(He, &mut StdRng::seed_from_u64(2)));
            let y = net.predict(&x);
            for row in 0..x.nrows() {
                let single = net.infer(&x.row(row).transpose());
                assert!((single.transpose() - y.row(row)).amax() < 1e-13);
            }
        };
    }
    check!(Branches);
    check!(Others);
    check!(Groups);
    check!(Hourglass);
}

#[test]
fn files_keep_the_parameters() {
    let path = std::env::temp_dir().join(format!("typenet-images-{}", std::process::id()));
    let groups = Groups::<f32>::random(He, &mut StdRng::seed_from_u64(5));
    groups.save(&path).unwrap();
    assert_eq!(Groups::load(&path).unwrap(), groups);
    let hourglass = Hourglass::<f32>::random(He, &mut StdRng::seed_from_u64(6));
    hourglass.save(&path).unwrap();
    assert_eq!(Hourglass::load(&path).unwrap(), hourglass);
    assert!(Groups::<f32>::load(&path).is_err());
    std::fs::remove_file(path).unwrap();
}

#[test]
fn summaries_show_the_layers_as_written() {
    let summary = Groups::<f32>::zeros().summary().to_string();
    assert!(summary.contains("Conv2d<4, 6, 3>(groups = 2)"), "{summary}");
    let summary = Hourglass::<f32>::zeros().summary().to_string();
    assert!(summary.contains("conv_transpose2d1") && summary.contains("AdaptiveAveragePool2d<3, 5>"), "{summary}");
    let shapes = |net: &Hourglass| net.parameters().map(|part| (part.name, part.shape.to_vec())).collect::<Vec<_>>();
    let shapes = shapes(&Hourglass::zeros());
    assert!(shapes.contains(&("wider1.conv_transpose2d2.weight".to_owned(), vec![3, 2, 2, 2])), "{shapes:?}");
}

#[test]
fn the_derivative_by_the_input_is_an_image_too() {
    use typenet::{Batch, Cache, Layer, Mode};
    let (net, x) = (Small::<f64>::random(He, &mut StdRng::seed_from_u64(1)), samples::<84>(3));
    let x = Batch::from_matrix(&x);
    let run = |x: &Batch<f64, Dyn, Const<84>>| {
        let (mut y, mut cache) =
            (Batch::zeros(Dyn(3), Const::<3>), <Small<f64> as Layer<f64, Const<84>>>::Cache::new(Dyn(3)));
        net.forward(x, &mut y, &mut cache, Mode::train(1));
        (y, cache)
    };
    let (y, mut cache) = run(&x);
    let (dy, mut dx) = (Batch::filled(Dyn(3), Const, 1.0), Batch::zeros(Dyn(3), Const));
    net.backward(&x, &y, &dy, Some(&mut dx), &mut cache);
    for element in [0, 40, 83] {
        let slope = |step: f64| {
            let mut moved = x.clone();
            moved[(1, element)] += step;
            run(&moved).0.sum()
        };
        let numerical = (slope(1e-6) - slope(-1e-6)) / 2e-6;
        assert!((dx[(1, element)] - numerical).abs() < 1e-6, "{} and {numerical}", dx[(1, element)]);
    }
}

#[test]
fn it_learns_digits() {
    let (train, test) = digits::generate(1000, 500, 1);
    let mut rng = StdRng::seed_from_u64(1);
    let mut net: SimpleConvNet = SimpleConvNet::random(He, &mut rng);
    for _ in 0..150 {
        let (x, labels) = train.sample(Const::<50>, &mut rng);
        net.descend(&x, &labels, 0.05);
    }
    let (x, labels) = test.range(0, Dyn(500));
    assert!(net.accuracy(&x, &labels) > 0.7, "{}", net.accuracy(&x, &labels));
}
