//! Compares the layers for images with PyTorch: 30 settings each, forward and backward, in both precisions.

use std::cell::RefCell;
use std::collections::BTreeSet;

use typenet_core::layers::{Conv2d, MaxPool2d};
use typenet_core::nalgebra::{Const, Dyn};
use typenet_core::{Batch, Image, Kernel, Layer, LayerTape, Mode, PartMut, Samples, Scalar, Shape, Slide, Window};

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
