//! PyTorch's numbers, and tensors compared with them.

use std::cell::RefCell;
use std::collections::BTreeSet;

use typenet_core::nalgebra::{Const, Dyn};
use typenet_core::{Batch, Image, Kernel, Layer, LayerTape, Mode, PartMut, Samples, Scalar, Shape};

/// PyTorch's numbers, written by `scripts/image-numbers.py`.
pub const FIXTURE: &str = include_str!("../fixtures/images.txt");

pub const SAMPLES: usize = 2;

pub const TRAIN: Mode = Mode::train(0);

pub type Pixels<const C: usize, const H: usize, const W: usize> = Image<Const<C>, Const<H>, Const<W>>;

/// The inputs of the script: numbers from -1 to 1.
pub fn series<T: Scalar>(seed: u64) -> impl FnMut() -> T {
    let mut state = seed;
    move || {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        T::of((state >> 8) as f64 / f64::from(1 << 22) - 1.0)
    }
}

/// Samples from a series, one after the other.
pub fn samples<T: Scalar, F: Shape>(seed: u64) -> Samples<T, Dyn, F> {
    let mut draw = series(seed);
    let mut samples = Samples::zeros(Dyn(SAMPLES), F::name());
    (0..SAMPLES).for_each(|sample| samples.row_mut(sample).iter_mut().for_each(|value| *value = draw()));
    samples
}

/// The values of a batch, one sample after the other.
pub fn by_samples<T: Scalar, F: Shape>(batch: &Batch<T, Dyn, F>) -> Vec<T> {
    batch.row_iter().flat_map(|row| row.iter().copied().collect::<Vec<_>>()).collect()
}

/// Compares tensors with lines of the fixture, and counts the lines.
#[derive(Default)]
pub struct Fixture(RefCell<BTreeSet<String>>);

impl Fixture {
    /// Compares a tensor, relative to the largest number of its line.
    pub fn compare<T: Scalar>(&self, line: &str, found: &[T]) {
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
    pub fn check<T: Scalar, In: Shape, L: Layer<T, In>>(
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
    pub fn finish(self, layer: &str) {
        let lines = FIXTURE.lines().filter(|line| line.starts_with(&format!("{layer} "))).count();
        assert_eq!(self.0.into_inner().len(), lines, "a line of {layer} is not compared");
    }
}

/// The settings of a layer as in the fixture: the sizes before the window, the window and the last setting.
pub fn name<P: Kernel>(layer: &str, sizes: &[usize], last: bool) -> String {
    let [rows, columns] = P::SETTINGS;
    let window = rows.iter().zip(&columns).flat_map(|(&row, &column)| [row, column]);
    let numbers = sizes.iter().copied().chain(window).chain([usize::from(last)]);
    numbers.fold(layer.to_owned(), |name, number| format!("{name} {number}"))
}

/// As [`name`], for a signal.
pub fn name_of_line<P: Kernel>(layer: &str, sizes: &[usize], last: bool) -> String {
    let numbers = sizes.iter().chain(&P::SETTINGS[1]).copied().chain([usize::from(last)]);
    numbers.fold(layer.to_owned(), |name, number| format!("{name} {number}"))
}
