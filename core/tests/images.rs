//! Compares the layers for images and signals with PyTorch: 30 settings each, forward and backward, in both precisions.

use std::cell::RefCell;
use std::collections::BTreeSet;

use typenet_core::layers::{
    AdaptiveAveragePool2d, AveragePool1d, AveragePool2d, BatchNorm, Conv1d, Conv2d, ConvTranspose2d, DepthwiseConv2d,
    GlobalAveragePool, MaxPool1d, MaxPool2d, Owned, Upsample2d,
};
use typenet_core::nalgebra::{Const, Dyn};
use typenet_core::rand::{SeedableRng, rngs::StdRng};
use typenet_core::{
    Batch, Enlarge, Features, He, Image, Kernel, Layer, LayerTape, Line, Mode, PartMut, Samples, Scalar, Shape, Slide,
    Spread, Window, with_threads,
};

/// PyTorch's numbers, written by `scripts/image-numbers.py`.
const FIXTURE: &str = include_str!("fixtures/images.txt");
const SAMPLES: usize = 2;
const TRAIN: Mode = Mode::Train { seed: 0 };

type Pixels<const C: usize, const H: usize, const W: usize> = Image<Const<C>, Const<H>, Const<W>>;

/// The inputs of the script: numbers from -1 to 1.
fn series<T: Scalar>(seed: u64) -> impl FnMut() -> T {
    let mut state = seed;
    move || {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        T::of((state >> 8) as f64 / f64::from(1 << 22) - 1.0)
    }
}

/// Samples from a series, one after the other.
fn samples<T: Scalar, F: Shape>(seed: u64) -> Samples<T, Dyn, F> {
    let mut draw = series(seed);
    let mut samples = Samples::zeros(Dyn(SAMPLES), F::name());
    (0..SAMPLES).for_each(|sample| samples.row_mut(sample).iter_mut().for_each(|value| *value = draw()));
    samples
}

/// The values of a batch, one sample after the other.
fn by_samples<T: Scalar, F: Shape>(batch: &Batch<T, Dyn, F>) -> Vec<T> {
    batch.row_iter().flat_map(|row| row.iter().copied().collect::<Vec<_>>()).collect()
}

/// Compares tensors with lines of the fixture, and counts the lines.
#[derive(Default)]
struct Fixture(RefCell<BTreeSet<String>>);

impl Fixture {
    /// Compares a tensor, relative to the largest number of its line.
    fn compare<T: Scalar>(&self, line: &str, found: &[T]) {
        let numbers = FIXTURE.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
        let numbers = numbers.unwrap_or_else(|| panic!("no line `{line}`"));
        let wanted: Vec<f64> = numbers.split(' ').map(|number| number.parse().unwrap()).collect();
        let largest = wanted.iter().fold(0.0_f64, |largest, number| largest.max(number.abs()));
        let tolerance = if size_of::<T>() == 4 { 1e-5 } else { 1e-11 };
        assert_eq!(found.len(), wanted.len(), "{line}");
        for (index, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
            let difference = (found.as_f64() - wanted).abs();
            assert!(difference <= tolerance * largest, "{line}, value {index}: {found} instead of {wanted}");
        }
        self.0.borrow_mut().insert(line.to_owned());
    }

    /// Runs a layer forward and backward, and compares its output and its derivatives with PyTorch's.
    ///
    /// `parts` are the names of the layer's parameters. The input is row-major, as data is.
    fn check<T: Scalar, In: Shape, L: Layer<T, In>>(
        &self,
        name: &str,
        layer: &mut L,
        parts: &[&str],
        mode: Mode,
    ) -> LayerTape<T, Dyn, In, L> {
        for (index, seed) in (0..parts.len()).zip(3..) {
            let Some(PartMut::Parameter(values)) = layer.part_mut(index) else { panic!("no part {index}") };
            values.fill_with(series(seed));
        }
        let x = samples::<T, In>(1);
        let (mut tape, mut dx) = (LayerTape::new(Dyn(SAMPLES)), Batch::zeros(Dyn(SAMPLES), In::name()));
        tape.forward(layer, &x, mode);
        tape.dy = Batch::from_matrix(&samples::<T, L::Out>(2));
        tape.backward(layer, &x, Some(&mut dx));
        self.compare(&format!("{name} y"), &by_samples(&tape.y));
        self.compare(&format!("{name} dx"), &by_samples(&dx));
        let mut gradient = layer.clone();
        for index in 0..parts.len() {
            let Some(PartMut::Parameter(values)) = gradient.part_mut(index) else { panic!("no part {index}") };
            values.fill(T::zero());
        }
        tape.add_gradient(&x, T::one(), &mut gradient);
        for (index, part) in parts.iter().enumerate() {
            let Some(PartMut::Parameter(values)) = gradient.part_mut(index) else { panic!("no part {index}") };
            self.compare(&format!("{name} d{part}"), values);
        }
        tape
    }

    /// Checks that there are no other lines of a layer.
    fn finish(self, layer: &str) {
        let lines = FIXTURE.lines().filter(|line| line.starts_with(&format!("{layer} "))).count();
        assert_eq!(self.0.into_inner().len(), lines, "a line of {layer} is not compared");
    }
}

/// The settings of a layer as in the fixture: the sizes before the window, the window and the last setting.
fn name<P: Kernel>(layer: &str, sizes: &[usize], last: bool) -> String {
    let [rows, columns] = P::SETTINGS;
    let window = rows.iter().zip(&columns).flat_map(|(&row, &column)| [row, column]);
    let numbers = sizes.iter().copied().chain(window).chain([usize::from(last)]);
    numbers.fold(layer.to_owned(), |name, number| format!("{name} {number}"))
}

fn conv2d<
    const IN: usize,
    const OUT: usize,
    const H: usize,
    const W: usize,
    const K: usize,
    P: Slide<Const<H>, Const<W>>,
    const BIAS: bool,
>(
    fixture: &Fixture,
) {
    let name = name::<P>("Conv2d", &[IN, OUT, H, W], BIAS);
    let parts: &[_] = if BIAS { &["weight", "bias"] } else { &["weight"] };
    fixture.check::<f32, Pixels<IN, H, W>, _>(&name, &mut Conv2d::<IN, OUT, K, f32, P, BIAS>::default(), parts, TRAIN);
    fixture.check::<f64, Pixels<IN, H, W>, _>(&name, &mut Conv2d::<IN, OUT, K, f64, P, BIAS>::default(), parts, TRAIN);
}

fn max_pool2d<
    const C: usize,
    const H: usize,
    const W: usize,
    const K: usize,
    P: Slide<Const<H>, Const<W>>,
    const COUNTED: bool,
>(
    fixture: &Fixture,
) {
    let name = name::<P>("MaxPool2d", &[C, H, W], COUNTED);
    for mode in [TRAIN, Mode::Infer] {
        fixture.check::<f32, Pixels<C, H, W>, _>(&name, &mut MaxPool2d::<K, P>::default(), &[], mode);
        fixture.check::<f64, Pixels<C, H, W>, _>(&name, &mut MaxPool2d::<K, P>::default(), &[], mode);
    }
}

fn depthwise_conv2d<
    const C: usize,
    const H: usize,
    const W: usize,
    const K: usize,
    P: Slide<Const<H>, Const<W>>,
    const BIAS: bool,
>(
    fixture: &Fixture,
) {
    let name = name::<P>("DepthwiseConv2d", &[C, C, H, W], BIAS);
    let parts: &[_] = if BIAS { &["weight", "bias"] } else { &["weight"] };
    let (mut single, mut double) =
        (DepthwiseConv2d::<C, K, f32, P, BIAS>::default(), DepthwiseConv2d::<C, K, f64, P, BIAS>::default());
    fixture.check::<f32, Pixels<C, H, W>, _>(&name, &mut single, parts, TRAIN);
    fixture.check::<f64, Pixels<C, H, W>, _>(&name, &mut double, parts, TRAIN);
}

fn average_pool2d<
    const C: usize,
    const H: usize,
    const W: usize,
    const K: usize,
    P: Slide<Const<H>, Const<W>>,
    const COUNT_PADDING: bool,
>(
    fixture: &Fixture,
) {
    let name = name::<P>("AveragePool2d", &[C, H, W], COUNT_PADDING);
    let mut layer = AveragePool2d::<K, P, COUNT_PADDING>::default();
    fixture.check::<f32, Pixels<C, H, W>, _>(&name, &mut layer, &[], TRAIN);
    fixture.check::<f64, Pixels<C, H, W>, _>(&name, &mut layer, &[], TRAIN);
}

fn grouped_conv2d<
    const IN: usize,
    const OUT: usize,
    const DEPTH: usize,
    const H: usize,
    const W: usize,
    const K: usize,
    P: Slide<Const<H>, Const<W>>,
    const BIAS: bool,
>(
    fixture: &Fixture,
) {
    let name = name::<P>("GroupedConv2d", &[IN, OUT, IN / DEPTH, H, W], BIAS);
    let parts: &[_] = if BIAS { &["weight", "bias"] } else { &["weight"] };
    let (mut single, mut double) = (
        Conv2d::<IN, OUT, K, f32, P, BIAS, Owned, DEPTH>::default(),
        Conv2d::<IN, OUT, K, f64, P, BIAS, Owned, DEPTH>::default(),
    );
    fixture.check::<f32, Pixels<IN, H, W>, _>(&name, &mut single, parts, TRAIN);
    fixture.check::<f64, Pixels<IN, H, W>, _>(&name, &mut double, parts, TRAIN);
}

fn conv_transpose2d<
    const IN: usize,
    const OUT: usize,
    const H: usize,
    const W: usize,
    const K: usize,
    P: Spread<Const<H>, Const<W>, EH, EW>,
    const BIAS: bool,
    const EH: usize,
    const EW: usize,
>(
    fixture: &Fixture,
) {
    let window = name::<P>("ConvTranspose2d", &[IN, OUT, H, W], BIAS);
    let (window, bias) = window.rsplit_once(' ').unwrap();
    let name = format!("{window} {EH} {EW} {bias}");
    let parts: &[_] = if BIAS { &["weight", "bias"] } else { &["weight"] };
    let (mut single, mut double) = (
        ConvTranspose2d::<IN, OUT, K, f32, P, BIAS, EH, EW>::default(),
        ConvTranspose2d::<IN, OUT, K, f64, P, BIAS, EH, EW>::default(),
    );
    fixture.check::<f32, Pixels<IN, H, W>, _>(&name, &mut single, parts, TRAIN);
    fixture.check::<f64, Pixels<IN, H, W>, _>(&name, &mut double, parts, TRAIN);
}

fn adaptive_average_pool2d<const C: usize, const H: usize, const W: usize, const OH: usize, const OW: usize>(
    fixture: &Fixture,
) {
    let name = format!("AdaptiveAveragePool2d {C} {H} {W} {OH} {OW}");
    fixture.check::<f32, Pixels<C, H, W>, _>(&name, &mut AdaptiveAveragePool2d::<OH, OW>, &[], TRAIN);
    fixture.check::<f64, Pixels<C, H, W>, _>(&name, &mut AdaptiveAveragePool2d::<OH, OW>, &[], TRAIN);
}

/// As [`name`], for a signal.
fn name_of_line<P: Kernel>(layer: &str, sizes: &[usize], last: bool) -> String {
    let numbers = sizes.iter().chain(&P::SETTINGS[1]).copied().chain([usize::from(last)]);
    numbers.fold(layer.to_owned(), |name, number| format!("{name} {number}"))
}

fn conv1d<
    const IN: usize,
    const OUT: usize,
    const L: usize,
    const K: usize,
    P: Slide<Const<1>, Const<L>>,
    const BIAS: bool,
>(
    fixture: &Fixture,
) {
    let name = name_of_line::<P>("Conv1d", &[IN, OUT, L], BIAS);
    let parts: &[_] = if BIAS { &["weight", "bias"] } else { &["weight"] };
    fixture.check::<f32, Pixels<IN, 1, L>, _>(&name, &mut Conv1d::<IN, OUT, K, f32, P, BIAS>::default(), parts, TRAIN);
    fixture.check::<f64, Pixels<IN, 1, L>, _>(&name, &mut Conv1d::<IN, OUT, K, f64, P, BIAS>::default(), parts, TRAIN);
}

fn max_pool1d<const C: usize, const L: usize, const K: usize, P: Slide<Const<1>, Const<L>>>(fixture: &Fixture) {
    let name = name_of_line::<P>("MaxPool1d", &[C, L], true);
    fixture.check::<f32, Pixels<C, 1, L>, _>(&name, &mut MaxPool1d::<K, P>::default(), &[], TRAIN);
    fixture.check::<f64, Pixels<C, 1, L>, _>(&name, &mut MaxPool1d::<K, P>::default(), &[], TRAIN);
}

fn average_pool1d<
    const C: usize,
    const L: usize,
    const K: usize,
    P: Slide<Const<1>, Const<L>>,
    const COUNT_PADDING: bool,
>(
    fixture: &Fixture,
) {
    let name = name_of_line::<P>("AveragePool1d", &[C, L], COUNT_PADDING);
    let mut layer = AveragePool1d::<K, P, COUNT_PADDING>::default();
    fixture.check::<f32, Pixels<C, 1, L>, _>(&name, &mut layer, &[], TRAIN);
    fixture.check::<f64, Pixels<C, 1, L>, _>(&name, &mut layer, &[], TRAIN);
}

fn batch_norm<const C: usize, const H: usize, const W: usize, const TRAINING: bool>(fixture: &Fixture) {
    batch_norm_in::<f32, C, H, W, TRAINING>(fixture);
    batch_norm_in::<f64, C, H, W, TRAINING>(fixture);
}

fn batch_norm_in<T: Scalar, const C: usize, const H: usize, const W: usize, const TRAINING: bool>(fixture: &Fixture) {
    let name = format!("BatchNorm {C} {H} {W} {}", usize::from(TRAINING));
    let mut layer = BatchNorm::<C, T>::default();
    layer.mean.iter_mut().for_each({
        let mut draw = series::<T>(5);
        move |mean| *mean = draw()
    });
    let mut draw = series::<T>(6);
    layer.variance.iter_mut().for_each(|variance| *variance = draw().abs() + T::of(0.5));
    let mode = if TRAINING { TRAIN } else { Mode::Infer };
    let tape = fixture.check::<T, Pixels<C, H, W>, _>(&name, &mut layer, &["scale", "shift"], mode);
    if TRAINING {
        let mut statistics = layer.clone();
        statistics.mean.fill(T::zero());
        statistics.variance.fill(T::zero());
        tape.add_statistics(T::one(), &mut statistics);
        let momentum = T::of(layer.momentum);
        layer.mean.zip_apply(&statistics.mean, |mean, batch| *mean += momentum * (batch - *mean));
        layer.variance.zip_apply(&statistics.variance, |variance, batch| *variance += momentum * (batch - *variance));
    }
    fixture.compare(&format!("{name} mean"), layer.mean.as_slice());
    fixture.compare(&format!("{name} variance"), layer.variance.as_slice());
}

fn global_average_pool<const C: usize, const H: usize, const W: usize>(fixture: &Fixture) {
    let name = format!("GlobalAveragePool {C} {H} {W}");
    fixture.check::<f32, Pixels<C, H, W>, _>(&name, &mut GlobalAveragePool, &[], TRAIN);
    fixture.check::<f64, Pixels<C, H, W>, _>(&name, &mut GlobalAveragePool, &[], TRAIN);
}

fn upsample2d<const C: usize, const H: usize, const W: usize, const S: usize>(fixture: &Fixture)
where
    Const<H>: Enlarge<S>,
    Const<W>: Enlarge<S>,
{
    let name = format!("Upsample2d {C} {H} {W} {S}");
    fixture.check::<f32, Pixels<C, H, W>, _>(&name, &mut Upsample2d::<S>, &[], TRAIN);
    fixture.check::<f64, Pixels<C, H, W>, _>(&name, &mut Upsample2d::<S>, &[], TRAIN);
}

/// Runs a layer forward and backward on a batch without samples, and on enough samples for several threads.
fn run_sizes<In: Shape + Features, L: Layer<f32, In> + Default>() {
    let run = |samples: usize, threads: usize| {
        with_threads(threads, || {
            let (mut layer, mut gradient) = (L::default(), L::default());
            layer.initialize(&He, &mut StdRng::seed_from_u64(1));
            let x = Batch::<f32, Dyn, In>::from_fn(Dyn(samples), In::name(), |i, j| (((i + 2) * (j + 3)) as f32).sin());
            let (mut tape, mut dx) =
                (LayerTape::<f32, Dyn, In, L>::new(Dyn(samples)), Batch::zeros(Dyn(samples), In::name()));
            tape.forward(&layer, &x, if samples == 0 { Mode::Infer } else { TRAIN });
            tape.dy.copy_from(&tape.y.clone());
            tape.backward(&layer, &x, Some(&mut dx));
            tape.add_gradient(&x, 1.0, &mut gradient);
            let gradients = (0..).map_while(|index| match gradient.part_mut(index) {
                Some(PartMut::Parameter(values)) => Some(values.to_vec()),
                _ => None,
            });
            [tape.y.iter().copied().collect(), dx.iter().copied().collect()]
                .into_iter()
                .chain(gradients)
                .collect::<Vec<Vec<f32>>>()
        })
        .unwrap()
    };
    assert!(run(0, 1)[0].is_empty());
    let one = run(300, 1);
    assert_eq!(run(300, 2), one);
    assert_eq!(run(300, 3), one);
}

#[test]
fn any_number_of_samples_and_threads_is_possible() {
    type Photo = Pixels<7, 12, 14>;
    type Signal = Pixels<7, 1, 150>;
    run_sizes::<Photo, Conv2d<7, 5, 3>>();
    run_sizes::<Photo, DepthwiseConv2d<7, 3>>();
    run_sizes::<Photo, MaxPool2d<2>>();
    run_sizes::<Photo, AveragePool2d<2>>();
    run_sizes::<Photo, GlobalAveragePool>();
    run_sizes::<Photo, Upsample2d<2>>();
    run_sizes::<Photo, BatchNorm<7>>();
    run_sizes::<Photo, Conv2d<7, 14, 3, f32, typenet_core::Square<3>, true, Owned, 1>>();
    run_sizes::<Photo, ConvTranspose2d<7, 5, 3>>();
    run_sizes::<Photo, AdaptiveAveragePool2d<5>>();
    run_sizes::<Signal, Conv1d<7, 5, 9>>();
    run_sizes::<Signal, MaxPool1d<3>>();
    run_sizes::<Signal, AveragePool1d<3>>();
}

#[test]
fn conv2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    conv2d::<1, 1, 1, 1, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<1, 2, 3, 3, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<2, 1, 3, 3, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<2, 3, 4, 5, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    conv2d::<3, 2, 5, 4, 3, Window<3, 3, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    conv2d::<1, 5, 4, 4, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<3, 3, 5, 5, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<1, 1, 5, 5, 3, Window<3, 3, 2, 2, 0, 0, 1, 1>, false>(&fixture);
    conv2d::<1, 2, 5, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    conv2d::<2, 1, 6, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    conv2d::<2, 3, 5, 6, 5, Window<5, 5, 1, 1, 2, 2, 1, 1>, true>(&fixture);
    conv2d::<3, 2, 6, 6, 5, Window<5, 5, 2, 2, 2, 2, 1, 1>, false>(&fixture);
    conv2d::<1, 5, 5, 5, 3, Window<3, 3, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<3, 3, 6, 4, 3, Window<3, 3, 3, 3, 1, 1, 1, 1>, true>(&fixture);
    conv2d::<1, 1, 7, 7, 2, Window<2, 2, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<1, 2, 5, 5, 3, Window<3, 1, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    conv2d::<2, 1, 5, 5, 1, Window<1, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<2, 3, 4, 6, 2, Window<2, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<3, 2, 6, 4, 3, Window<3, 2, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    conv2d::<1, 5, 6, 5, 3, Window<3, 2, 2, 1, 0, 0, 1, 1>, false>(&fixture);
    conv2d::<3, 3, 5, 6, 2, Window<2, 3, 1, 2, 1, 0, 1, 1>, true>(&fixture);
    conv2d::<1, 1, 6, 6, 2, Window<2, 4, 1, 2, 0, 2, 1, 1>, true>(&fixture);
    conv2d::<1, 2, 1, 7, 1, Window<1, 3, 1, 1, 0, 1, 1, 1>, true>(&fixture);
    conv2d::<2, 1, 7, 1, 3, Window<3, 1, 2, 1, 1, 0, 1, 1>, false>(&fixture);
    conv2d::<2, 3, 5, 5, 2, Window<2, 2, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    conv2d::<3, 2, 5, 5, 3, Window<3, 3, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    conv2d::<1, 5, 6, 6, 3, Window<3, 3, 1, 1, 1, 1, 2, 2>, true>(&fixture);
    conv2d::<3, 3, 7, 6, 2, Window<2, 2, 2, 2, 1, 1, 3, 3>, false>(&fixture);
    conv2d::<1, 1, 6, 5, 3, Window<3, 2, 2, 1, 1, 0, 1, 2>, true>(&fixture);
    conv2d::<1, 2, 5, 7, 2, Window<2, 3, 1, 2, 0, 1, 2, 3>, true>(&fixture);
    fixture.finish("Conv2d");
}

#[test]
fn max_pool2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    max_pool2d::<1, 1, 1, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<2, 3, 3, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 3, 3, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<2, 4, 5, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 4, 3, Window<3, 3, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    max_pool2d::<2, 4, 4, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 5, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<2, 5, 5, 3, Window<3, 3, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    max_pool2d::<2, 6, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 6, 5, Window<5, 5, 1, 1, 2, 2, 1, 1>, true>(&fixture);
    max_pool2d::<2, 6, 6, 5, Window<5, 5, 2, 2, 2, 2, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 5, 3, Window<3, 3, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<2, 6, 4, 3, Window<3, 3, 3, 3, 1, 1, 1, 1>, true>(&fixture);
    max_pool2d::<1, 7, 7, 2, Window<2, 2, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<2, 5, 5, 3, Window<3, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 5, 1, Window<1, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<2, 4, 6, 2, Window<2, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 6, 4, 3, Window<3, 2, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    max_pool2d::<2, 6, 5, 3, Window<3, 2, 2, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 6, 2, Window<2, 3, 1, 2, 1, 0, 1, 1>, true>(&fixture);
    max_pool2d::<2, 6, 6, 2, Window<2, 4, 1, 2, 0, 2, 1, 1>, true>(&fixture);
    max_pool2d::<1, 1, 7, 1, Window<1, 3, 1, 1, 0, 1, 1, 1>, true>(&fixture);
    max_pool2d::<2, 7, 1, 3, Window<3, 1, 2, 1, 1, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 5, 2, Window<2, 2, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    max_pool2d::<2, 5, 5, 3, Window<3, 3, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    max_pool2d::<1, 6, 6, 3, Window<3, 3, 1, 1, 1, 1, 2, 2>, true>(&fixture);
    max_pool2d::<2, 7, 6, 2, Window<2, 2, 2, 2, 1, 1, 3, 3>, true>(&fixture);
    max_pool2d::<1, 6, 5, 3, Window<3, 2, 2, 1, 1, 0, 1, 2>, true>(&fixture);
    max_pool2d::<2, 5, 7, 2, Window<2, 3, 1, 2, 0, 1, 2, 3>, true>(&fixture);
    fixture.finish("MaxPool2d");
}

#[test]
fn depthwise_conv2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    depthwise_conv2d::<1, 1, 1, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<2, 3, 3, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<3, 3, 3, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<1, 4, 5, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    depthwise_conv2d::<2, 5, 4, 3, Window<3, 3, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    depthwise_conv2d::<3, 4, 4, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<1, 5, 5, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<2, 5, 5, 3, Window<3, 3, 2, 2, 0, 0, 1, 1>, false>(&fixture);
    depthwise_conv2d::<3, 5, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    depthwise_conv2d::<1, 6, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    depthwise_conv2d::<2, 5, 6, 5, Window<5, 5, 1, 1, 2, 2, 1, 1>, true>(&fixture);
    depthwise_conv2d::<3, 6, 6, 5, Window<5, 5, 2, 2, 2, 2, 1, 1>, false>(&fixture);
    depthwise_conv2d::<1, 5, 5, 3, Window<3, 3, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<2, 6, 4, 3, Window<3, 3, 3, 3, 1, 1, 1, 1>, true>(&fixture);
    depthwise_conv2d::<3, 7, 7, 2, Window<2, 2, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<1, 5, 5, 3, Window<3, 1, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    depthwise_conv2d::<2, 5, 5, 1, Window<1, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<3, 4, 6, 2, Window<2, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<1, 6, 4, 3, Window<3, 2, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    depthwise_conv2d::<2, 6, 5, 3, Window<3, 2, 2, 1, 0, 0, 1, 1>, false>(&fixture);
    depthwise_conv2d::<3, 5, 6, 2, Window<2, 3, 1, 2, 1, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<1, 6, 6, 2, Window<2, 4, 1, 2, 0, 2, 1, 1>, true>(&fixture);
    depthwise_conv2d::<2, 1, 7, 1, Window<1, 3, 1, 1, 0, 1, 1, 1>, true>(&fixture);
    depthwise_conv2d::<3, 7, 1, 3, Window<3, 1, 2, 1, 1, 0, 1, 1>, false>(&fixture);
    depthwise_conv2d::<1, 5, 5, 2, Window<2, 2, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    depthwise_conv2d::<2, 5, 5, 3, Window<3, 3, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    depthwise_conv2d::<3, 6, 6, 3, Window<3, 3, 1, 1, 1, 1, 2, 2>, true>(&fixture);
    depthwise_conv2d::<1, 7, 6, 2, Window<2, 2, 2, 2, 1, 1, 3, 3>, false>(&fixture);
    depthwise_conv2d::<2, 6, 5, 3, Window<3, 2, 2, 1, 1, 0, 1, 2>, true>(&fixture);
    depthwise_conv2d::<3, 5, 7, 2, Window<2, 3, 1, 2, 0, 1, 2, 3>, true>(&fixture);
    fixture.finish("DepthwiseConv2d");
}

#[test]
fn average_pool2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    average_pool2d::<1, 1, 1, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<2, 3, 3, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<1, 3, 3, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    average_pool2d::<2, 4, 5, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<1, 5, 4, 3, Window<3, 3, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    average_pool2d::<2, 4, 4, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, false>(&fixture);
    average_pool2d::<1, 5, 5, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<2, 5, 5, 3, Window<3, 3, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<1, 5, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, false>(&fixture);
    average_pool2d::<2, 6, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    average_pool2d::<1, 5, 6, 5, Window<5, 5, 1, 1, 2, 2, 1, 1>, true>(&fixture);
    average_pool2d::<2, 6, 6, 5, Window<5, 5, 2, 2, 2, 2, 1, 1>, false>(&fixture);
    average_pool2d::<1, 5, 5, 3, Window<3, 3, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<2, 6, 4, 3, Window<3, 3, 3, 3, 1, 1, 1, 1>, true>(&fixture);
    average_pool2d::<1, 7, 7, 2, Window<2, 2, 3, 3, 0, 0, 1, 1>, false>(&fixture);
    average_pool2d::<2, 5, 5, 3, Window<3, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<1, 5, 5, 1, Window<1, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<2, 4, 6, 2, Window<2, 3, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    average_pool2d::<1, 6, 4, 3, Window<3, 2, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    average_pool2d::<2, 6, 5, 3, Window<3, 2, 2, 1, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<1, 5, 6, 2, Window<2, 3, 1, 2, 1, 0, 1, 1>, false>(&fixture);
    average_pool2d::<2, 6, 6, 2, Window<2, 4, 1, 2, 0, 2, 1, 1>, true>(&fixture);
    average_pool2d::<1, 1, 7, 1, Window<1, 3, 1, 1, 0, 1, 1, 1>, true>(&fixture);
    average_pool2d::<2, 7, 1, 3, Window<3, 1, 2, 1, 1, 0, 1, 1>, false>(&fixture);
    average_pool2d::<1, 2, 2, 2, Window<2, 2, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    average_pool2d::<2, 6, 6, 4, Window<4, 4, 2, 2, 2, 2, 1, 1>, true>(&fixture);
    average_pool2d::<1, 4, 7, 4, Window<4, 2, 4, 2, 2, 1, 1, 1>, false>(&fixture);
    average_pool2d::<2, 6, 3, 2, Window<2, 3, 3, 1, 1, 1, 1, 1>, true>(&fixture);
    average_pool2d::<1, 7, 5, 5, Window<5, 4, 3, 2, 2, 1, 1, 1>, true>(&fixture);
    average_pool2d::<2, 3, 6, 3, Window<3, 6, 1, 1, 1, 3, 1, 1>, false>(&fixture);
    fixture.finish("AveragePool2d");
}

#[test]
fn batch_norm_agrees_with_pytorch() {
    let fixture = Fixture::default();
    batch_norm::<1, 1, 3, true>(&fixture);
    batch_norm::<1, 1, 3, false>(&fixture);
    batch_norm::<1, 2, 2, true>(&fixture);
    batch_norm::<1, 2, 2, false>(&fixture);
    batch_norm::<1, 4, 4, true>(&fixture);
    batch_norm::<1, 4, 4, false>(&fixture);
    batch_norm::<2, 1, 2, true>(&fixture);
    batch_norm::<2, 1, 2, false>(&fixture);
    batch_norm::<2, 2, 3, true>(&fixture);
    batch_norm::<2, 2, 3, false>(&fixture);
    batch_norm::<2, 3, 2, true>(&fixture);
    batch_norm::<2, 3, 2, false>(&fixture);
    batch_norm::<2, 3, 4, true>(&fixture);
    batch_norm::<2, 3, 4, false>(&fixture);
    batch_norm::<3, 1, 1, true>(&fixture);
    batch_norm::<3, 1, 1, false>(&fixture);
    batch_norm::<3, 2, 2, true>(&fixture);
    batch_norm::<3, 2, 2, false>(&fixture);
    batch_norm::<3, 2, 4, true>(&fixture);
    batch_norm::<3, 2, 4, false>(&fixture);
    batch_norm::<3, 4, 2, true>(&fixture);
    batch_norm::<3, 4, 2, false>(&fixture);
    batch_norm::<4, 2, 2, true>(&fixture);
    batch_norm::<4, 2, 2, false>(&fixture);
    batch_norm::<4, 3, 1, true>(&fixture);
    batch_norm::<4, 3, 1, false>(&fixture);
    batch_norm::<5, 2, 1, true>(&fixture);
    batch_norm::<5, 2, 1, false>(&fixture);
    batch_norm::<7, 1, 3, true>(&fixture);
    batch_norm::<7, 1, 3, false>(&fixture);
    fixture.finish("BatchNorm");
}

#[test]
fn global_average_pool_agrees_with_pytorch() {
    let fixture = Fixture::default();
    global_average_pool::<1, 1, 3>(&fixture);
    global_average_pool::<1, 4, 5>(&fixture);
    global_average_pool::<1, 2, 2>(&fixture);
    global_average_pool::<1, 5, 4>(&fixture);
    global_average_pool::<1, 4, 4>(&fixture);
    global_average_pool::<1, 7, 6>(&fixture);
    global_average_pool::<2, 1, 2>(&fixture);
    global_average_pool::<2, 4, 4>(&fixture);
    global_average_pool::<2, 2, 3>(&fixture);
    global_average_pool::<2, 5, 5>(&fixture);
    global_average_pool::<2, 3, 2>(&fixture);
    global_average_pool::<2, 6, 4>(&fixture);
    global_average_pool::<2, 3, 4>(&fixture);
    global_average_pool::<2, 6, 6>(&fixture);
    global_average_pool::<3, 1, 1>(&fixture);
    global_average_pool::<3, 4, 3>(&fixture);
    global_average_pool::<3, 2, 2>(&fixture);
    global_average_pool::<3, 5, 4>(&fixture);
    global_average_pool::<3, 2, 4>(&fixture);
    global_average_pool::<3, 5, 6>(&fixture);
    global_average_pool::<3, 4, 2>(&fixture);
    global_average_pool::<3, 7, 4>(&fixture);
    global_average_pool::<4, 2, 2>(&fixture);
    global_average_pool::<4, 5, 4>(&fixture);
    global_average_pool::<4, 3, 1>(&fixture);
    global_average_pool::<4, 6, 3>(&fixture);
    global_average_pool::<5, 2, 1>(&fixture);
    global_average_pool::<5, 5, 3>(&fixture);
    global_average_pool::<7, 1, 3>(&fixture);
    global_average_pool::<7, 4, 5>(&fixture);
    fixture.finish("GlobalAveragePool");
}

#[test]
fn upsample2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    upsample2d::<1, 1, 3, 1>(&fixture);
    upsample2d::<1, 1, 3, 3>(&fixture);
    upsample2d::<1, 2, 2, 2>(&fixture);
    upsample2d::<1, 2, 2, 4>(&fixture);
    upsample2d::<1, 4, 4, 1>(&fixture);
    upsample2d::<1, 4, 4, 3>(&fixture);
    upsample2d::<2, 1, 2, 2>(&fixture);
    upsample2d::<2, 1, 2, 4>(&fixture);
    upsample2d::<2, 2, 3, 1>(&fixture);
    upsample2d::<2, 2, 3, 3>(&fixture);
    upsample2d::<2, 3, 2, 2>(&fixture);
    upsample2d::<2, 3, 2, 4>(&fixture);
    upsample2d::<2, 3, 4, 1>(&fixture);
    upsample2d::<2, 3, 4, 3>(&fixture);
    upsample2d::<3, 1, 1, 2>(&fixture);
    upsample2d::<3, 1, 1, 4>(&fixture);
    upsample2d::<3, 2, 2, 1>(&fixture);
    upsample2d::<3, 2, 2, 3>(&fixture);
    upsample2d::<3, 2, 4, 2>(&fixture);
    upsample2d::<3, 2, 4, 4>(&fixture);
    upsample2d::<3, 4, 2, 1>(&fixture);
    upsample2d::<3, 4, 2, 3>(&fixture);
    upsample2d::<4, 2, 2, 2>(&fixture);
    upsample2d::<4, 2, 2, 4>(&fixture);
    upsample2d::<4, 3, 1, 1>(&fixture);
    upsample2d::<4, 3, 1, 3>(&fixture);
    upsample2d::<5, 2, 1, 2>(&fixture);
    upsample2d::<5, 2, 1, 4>(&fixture);
    upsample2d::<7, 1, 3, 1>(&fixture);
    upsample2d::<7, 1, 3, 3>(&fixture);
    fixture.finish("Upsample2d");
}

#[test]
fn conv1d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    conv1d::<1, 1, 1, 1, Line<1, 1, 0, 1>, true>(&fixture);
    conv1d::<1, 2, 5, 1, Line<1, 1, 0, 1>, true>(&fixture);
    conv1d::<2, 1, 3, 3, Line<3, 1, 0, 1>, true>(&fixture);
    conv1d::<2, 3, 7, 3, Line<3, 1, 0, 1>, false>(&fixture);
    conv1d::<3, 2, 7, 3, Line<3, 1, 1, 1>, true>(&fixture);
    conv1d::<1, 5, 8, 2, Line<2, 2, 0, 1>, true>(&fixture);
    conv1d::<3, 3, 9, 2, Line<2, 2, 0, 1>, true>(&fixture);
    conv1d::<1, 1, 9, 3, Line<3, 2, 0, 1>, false>(&fixture);
    conv1d::<1, 2, 9, 3, Line<3, 2, 1, 1>, true>(&fixture);
    conv1d::<2, 1, 10, 3, Line<3, 2, 1, 1>, true>(&fixture);
    conv1d::<2, 3, 9, 5, Line<5, 1, 2, 1>, true>(&fixture);
    conv1d::<3, 2, 12, 5, Line<5, 2, 2, 1>, false>(&fixture);
    conv1d::<1, 5, 9, 3, Line<3, 3, 0, 1>, true>(&fixture);
    conv1d::<3, 3, 10, 3, Line<3, 3, 1, 1>, true>(&fixture);
    conv1d::<1, 1, 11, 2, Line<2, 3, 0, 1>, true>(&fixture);
    conv1d::<1, 2, 16, 7, Line<7, 1, 3, 1>, false>(&fixture);
    conv1d::<2, 1, 17, 7, Line<7, 2, 3, 1>, true>(&fixture);
    conv1d::<2, 3, 20, 4, Line<4, 4, 0, 1>, true>(&fixture);
    conv1d::<3, 2, 20, 4, Line<4, 4, 2, 1>, true>(&fixture);
    conv1d::<1, 5, 21, 6, Line<6, 3, 2, 1>, false>(&fixture);
    conv1d::<3, 3, 5, 4, Line<4, 1, 2, 1>, true>(&fixture);
    conv1d::<1, 1, 2, 2, Line<2, 1, 1, 1>, true>(&fixture);
    conv1d::<1, 2, 13, 9, Line<9, 4, 4, 1>, true>(&fixture);
    conv1d::<2, 1, 40, 11, Line<11, 5, 3, 1>, false>(&fixture);
    conv1d::<2, 3, 7, 2, Line<2, 1, 0, 2>, true>(&fixture);
    conv1d::<3, 2, 9, 3, Line<3, 1, 0, 3>, true>(&fixture);
    conv1d::<1, 5, 12, 3, Line<3, 2, 1, 2>, true>(&fixture);
    conv1d::<3, 3, 15, 4, Line<4, 3, 2, 4>, false>(&fixture);
    conv1d::<1, 1, 8, 2, Line<2, 5, 1, 3>, true>(&fixture);
    conv1d::<1, 2, 30, 5, Line<5, 2, 2, 5>, true>(&fixture);
    fixture.finish("Conv1d");
}

#[test]
fn max_pool1d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    max_pool1d::<1, 1, 1, Line<1, 1, 0, 1>>(&fixture);
    max_pool1d::<2, 5, 1, Line<1, 1, 0, 1>>(&fixture);
    max_pool1d::<1, 3, 3, Line<3, 1, 0, 1>>(&fixture);
    max_pool1d::<2, 7, 3, Line<3, 1, 0, 1>>(&fixture);
    max_pool1d::<1, 7, 3, Line<3, 1, 1, 1>>(&fixture);
    max_pool1d::<2, 8, 2, Line<2, 2, 0, 1>>(&fixture);
    max_pool1d::<1, 9, 2, Line<2, 2, 0, 1>>(&fixture);
    max_pool1d::<2, 9, 3, Line<3, 2, 0, 1>>(&fixture);
    max_pool1d::<1, 9, 3, Line<3, 2, 1, 1>>(&fixture);
    max_pool1d::<2, 10, 3, Line<3, 2, 1, 1>>(&fixture);
    max_pool1d::<1, 9, 5, Line<5, 1, 2, 1>>(&fixture);
    max_pool1d::<2, 12, 5, Line<5, 2, 2, 1>>(&fixture);
    max_pool1d::<1, 9, 3, Line<3, 3, 0, 1>>(&fixture);
    max_pool1d::<2, 10, 3, Line<3, 3, 1, 1>>(&fixture);
    max_pool1d::<1, 11, 2, Line<2, 3, 0, 1>>(&fixture);
    max_pool1d::<2, 16, 7, Line<7, 1, 3, 1>>(&fixture);
    max_pool1d::<1, 17, 7, Line<7, 2, 3, 1>>(&fixture);
    max_pool1d::<2, 20, 4, Line<4, 4, 0, 1>>(&fixture);
    max_pool1d::<1, 20, 4, Line<4, 4, 2, 1>>(&fixture);
    max_pool1d::<2, 21, 6, Line<6, 3, 2, 1>>(&fixture);
    max_pool1d::<1, 5, 4, Line<4, 1, 2, 1>>(&fixture);
    max_pool1d::<2, 2, 2, Line<2, 1, 1, 1>>(&fixture);
    max_pool1d::<1, 13, 9, Line<9, 4, 4, 1>>(&fixture);
    max_pool1d::<2, 40, 11, Line<11, 5, 3, 1>>(&fixture);
    max_pool1d::<1, 7, 2, Line<2, 1, 0, 2>>(&fixture);
    max_pool1d::<2, 9, 3, Line<3, 1, 0, 3>>(&fixture);
    max_pool1d::<1, 12, 3, Line<3, 2, 1, 2>>(&fixture);
    max_pool1d::<2, 15, 4, Line<4, 3, 2, 4>>(&fixture);
    max_pool1d::<1, 8, 2, Line<2, 5, 1, 3>>(&fixture);
    max_pool1d::<2, 30, 5, Line<5, 2, 2, 5>>(&fixture);
    fixture.finish("MaxPool1d");
}

#[test]
fn average_pool1d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    average_pool1d::<1, 1, 1, Line<1, 1, 0>, true>(&fixture);
    average_pool1d::<2, 5, 1, Line<1, 1, 0>, true>(&fixture);
    average_pool1d::<1, 3, 3, Line<3, 1, 0>, false>(&fixture);
    average_pool1d::<2, 7, 3, Line<3, 1, 0>, true>(&fixture);
    average_pool1d::<1, 7, 3, Line<3, 1, 1>, true>(&fixture);
    average_pool1d::<2, 8, 2, Line<2, 2, 0>, false>(&fixture);
    average_pool1d::<1, 9, 2, Line<2, 2, 0>, true>(&fixture);
    average_pool1d::<2, 9, 3, Line<3, 2, 0>, true>(&fixture);
    average_pool1d::<1, 9, 3, Line<3, 2, 1>, false>(&fixture);
    average_pool1d::<2, 10, 3, Line<3, 2, 1>, true>(&fixture);
    average_pool1d::<1, 9, 5, Line<5, 1, 2>, true>(&fixture);
    average_pool1d::<2, 12, 5, Line<5, 2, 2>, false>(&fixture);
    average_pool1d::<1, 9, 3, Line<3, 3, 0>, true>(&fixture);
    average_pool1d::<2, 10, 3, Line<3, 3, 1>, true>(&fixture);
    average_pool1d::<1, 11, 2, Line<2, 3, 0>, false>(&fixture);
    average_pool1d::<2, 16, 7, Line<7, 1, 3>, true>(&fixture);
    average_pool1d::<1, 17, 7, Line<7, 2, 3>, true>(&fixture);
    average_pool1d::<2, 20, 4, Line<4, 4, 0>, false>(&fixture);
    average_pool1d::<1, 20, 4, Line<4, 4, 2>, true>(&fixture);
    average_pool1d::<2, 21, 6, Line<6, 3, 2>, true>(&fixture);
    average_pool1d::<1, 5, 4, Line<4, 1, 2>, false>(&fixture);
    average_pool1d::<2, 2, 2, Line<2, 1, 1>, true>(&fixture);
    average_pool1d::<1, 13, 9, Line<9, 4, 4>, true>(&fixture);
    average_pool1d::<2, 40, 11, Line<11, 5, 3>, false>(&fixture);
    average_pool1d::<1, 7, 2, Line<2, 1, 0>, true>(&fixture);
    average_pool1d::<2, 9, 3, Line<3, 1, 0>, true>(&fixture);
    average_pool1d::<1, 12, 3, Line<3, 2, 1>, false>(&fixture);
    average_pool1d::<2, 15, 4, Line<4, 3, 2>, true>(&fixture);
    average_pool1d::<1, 8, 2, Line<2, 5, 1>, true>(&fixture);
    average_pool1d::<2, 30, 5, Line<5, 2, 2>, false>(&fixture);
    fixture.finish("AveragePool1d");
}

#[test]
fn grouped_conv2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    grouped_conv2d::<2, 2, 1, 1, 1, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 2, 2, 3, 3, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<2, 4, 1, 3, 3, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 4, 2, 4, 5, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    grouped_conv2d::<6, 9, 2, 5, 4, 3, Window<3, 3, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    grouped_conv2d::<6, 3, 2, 4, 4, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 4, 1, 5, 5, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 8, 1, 5, 5, 3, Window<3, 3, 2, 2, 0, 0, 1, 1>, false>(&fixture);
    grouped_conv2d::<2, 2, 1, 5, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 2, 2, 6, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    grouped_conv2d::<2, 4, 1, 5, 6, 5, Window<5, 5, 1, 1, 2, 2, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 4, 2, 6, 6, 5, Window<5, 5, 2, 2, 2, 2, 1, 1>, false>(&fixture);
    grouped_conv2d::<6, 9, 2, 5, 5, 3, Window<3, 3, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<6, 3, 2, 6, 4, 3, Window<3, 3, 3, 3, 1, 1, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 4, 1, 7, 7, 2, Window<2, 2, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 8, 1, 5, 5, 3, Window<3, 1, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    grouped_conv2d::<2, 2, 1, 5, 5, 1, Window<1, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 2, 2, 4, 6, 2, Window<2, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<2, 4, 1, 6, 4, 3, Window<3, 2, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 4, 2, 6, 5, 3, Window<3, 2, 2, 1, 0, 0, 1, 1>, false>(&fixture);
    grouped_conv2d::<6, 9, 2, 5, 6, 2, Window<2, 3, 1, 2, 1, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<6, 3, 2, 6, 6, 2, Window<2, 4, 1, 2, 0, 2, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 4, 1, 1, 7, 1, Window<1, 3, 1, 1, 0, 1, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 8, 1, 7, 1, 3, Window<3, 1, 2, 1, 1, 0, 1, 1>, false>(&fixture);
    grouped_conv2d::<2, 2, 1, 5, 5, 2, Window<2, 2, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    grouped_conv2d::<4, 2, 2, 5, 5, 3, Window<3, 3, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    grouped_conv2d::<2, 4, 1, 6, 6, 3, Window<3, 3, 1, 1, 1, 1, 2, 2>, true>(&fixture);
    grouped_conv2d::<4, 4, 2, 7, 6, 2, Window<2, 2, 2, 2, 1, 1, 3, 3>, false>(&fixture);
    grouped_conv2d::<6, 9, 2, 6, 5, 3, Window<3, 2, 2, 1, 1, 0, 1, 2>, true>(&fixture);
    grouped_conv2d::<6, 3, 2, 5, 7, 2, Window<2, 3, 1, 2, 0, 1, 2, 3>, true>(&fixture);
    fixture.finish("GroupedConv2d");
}

#[test]
fn conv_transpose2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    conv_transpose2d::<1, 1, 1, 1, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<1, 2, 3, 3, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<2, 1, 3, 3, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<2, 3, 2, 3, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, false, 0, 0>(&fixture);
    conv_transpose2d::<3, 2, 4, 3, 3, Window<3, 3, 1, 1, 1, 1, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<1, 5, 3, 3, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<3, 3, 2, 4, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true, 1, 1>(&fixture);
    conv_transpose2d::<1, 1, 3, 3, 3, Window<3, 3, 2, 2, 0, 0, 1, 1>, false, 0, 0>(&fixture);
    conv_transpose2d::<1, 2, 3, 3, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true, 1, 1>(&fixture);
    conv_transpose2d::<2, 1, 3, 2, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true, 0, 1>(&fixture);
    conv_transpose2d::<2, 3, 3, 3, 5, Window<5, 5, 1, 1, 2, 2, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<3, 2, 3, 3, 5, Window<5, 5, 2, 2, 2, 2, 1, 1>, false, 1, 1>(&fixture);
    conv_transpose2d::<1, 5, 2, 2, 4, Window<4, 4, 2, 2, 1, 1, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<3, 3, 2, 3, 3, Window<3, 3, 3, 3, 1, 1, 1, 1>, true, 2, 1>(&fixture);
    conv_transpose2d::<1, 1, 3, 2, 2, Window<2, 2, 3, 3, 0, 0, 1, 1>, true, 0, 2>(&fixture);
    conv_transpose2d::<1, 2, 4, 4, 3, Window<3, 1, 1, 1, 0, 0, 1, 1>, false, 0, 0>(&fixture);
    conv_transpose2d::<2, 1, 4, 4, 1, Window<1, 3, 1, 1, 0, 1, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<2, 3, 3, 4, 2, Window<2, 3, 1, 1, 0, 0, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<3, 2, 4, 3, 3, Window<3, 2, 1, 1, 1, 1, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<1, 5, 3, 4, 3, Window<3, 2, 2, 1, 0, 0, 1, 1>, false, 1, 0>(&fixture);
    conv_transpose2d::<3, 3, 4, 3, 2, Window<2, 3, 1, 2, 1, 0, 1, 1>, true, 0, 1>(&fixture);
    conv_transpose2d::<1, 1, 3, 3, 2, Window<2, 4, 1, 2, 0, 2, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<1, 2, 1, 5, 1, Window<1, 3, 1, 1, 0, 1, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<2, 1, 5, 1, 3, Window<3, 1, 2, 1, 1, 0, 1, 1>, false, 1, 0>(&fixture);
    conv_transpose2d::<2, 3, 3, 3, 2, Window<2, 2, 1, 1, 0, 0, 2, 2>, true, 0, 0>(&fixture);
    conv_transpose2d::<3, 2, 3, 3, 3, Window<3, 3, 1, 1, 1, 1, 2, 2>, true, 0, 0>(&fixture);
    conv_transpose2d::<1, 5, 2, 3, 3, Window<3, 3, 2, 2, 1, 1, 3, 3>, true, 1, 1>(&fixture);
    conv_transpose2d::<3, 3, 3, 2, 2, Window<2, 2, 3, 3, 1, 1, 2, 2>, false, 2, 0>(&fixture);
    conv_transpose2d::<1, 1, 3, 3, 3, Window<3, 2, 2, 1, 1, 0, 1, 2>, true, 0, 0>(&fixture);
    conv_transpose2d::<1, 2, 2, 3, 2, Window<2, 3, 1, 2, 0, 1, 2, 3>, true, 0, 1>(&fixture);
    fixture.finish("ConvTranspose2d");
}

#[test]
fn adaptive_average_pool2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    adaptive_average_pool2d::<1, 1, 1, 1, 1>(&fixture);
    adaptive_average_pool2d::<2, 4, 4, 1, 1>(&fixture);
    adaptive_average_pool2d::<1, 4, 4, 2, 2>(&fixture);
    adaptive_average_pool2d::<2, 4, 4, 4, 4>(&fixture);
    adaptive_average_pool2d::<1, 5, 5, 2, 2>(&fixture);
    adaptive_average_pool2d::<2, 5, 5, 3, 3>(&fixture);
    adaptive_average_pool2d::<1, 5, 5, 4, 4>(&fixture);
    adaptive_average_pool2d::<2, 7, 7, 3, 3>(&fixture);
    adaptive_average_pool2d::<1, 7, 7, 5, 5>(&fixture);
    adaptive_average_pool2d::<2, 6, 4, 3, 2>(&fixture);
    adaptive_average_pool2d::<1, 6, 4, 2, 3>(&fixture);
    adaptive_average_pool2d::<2, 6, 5, 4, 1>(&fixture);
    adaptive_average_pool2d::<1, 5, 6, 1, 4>(&fixture);
    adaptive_average_pool2d::<2, 7, 3, 4, 2>(&fixture);
    adaptive_average_pool2d::<1, 3, 7, 2, 5>(&fixture);
    adaptive_average_pool2d::<2, 9, 8, 4, 3>(&fixture);
    adaptive_average_pool2d::<1, 8, 9, 7, 5>(&fixture);
    adaptive_average_pool2d::<2, 10, 10, 3, 3>(&fixture);
    adaptive_average_pool2d::<1, 10, 7, 6, 6>(&fixture);
    adaptive_average_pool2d::<2, 1, 7, 1, 3>(&fixture);
    adaptive_average_pool2d::<1, 7, 1, 3, 1>(&fixture);
    adaptive_average_pool2d::<2, 2, 2, 3, 3>(&fixture);
    adaptive_average_pool2d::<1, 3, 3, 5, 4>(&fixture);
    adaptive_average_pool2d::<2, 1, 1, 3, 2>(&fixture);
    adaptive_average_pool2d::<1, 2, 5, 4, 3>(&fixture);
    adaptive_average_pool2d::<2, 5, 2, 3, 4>(&fixture);
    adaptive_average_pool2d::<1, 11, 3, 2, 3>(&fixture);
    adaptive_average_pool2d::<2, 3, 11, 3, 2>(&fixture);
    adaptive_average_pool2d::<1, 12, 12, 5, 7>(&fixture);
    adaptive_average_pool2d::<2, 13, 6, 6, 4>(&fixture);
    fixture.finish("AdaptiveAveragePool2d");
}
