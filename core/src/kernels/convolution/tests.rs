//! The definition of a convolution and its derivatives, and the kernels against it.

use super::gather::{by_input_with, forward_with};
use super::kernel::{Kernels, portable};
use super::single::single_image_with;
use super::weights::by_weights_with;
use super::winograd::Functions;
use super::{Axis, Convolution, Geometry, Gradient, by_input, by_weights, forward, scratch_of_single_image};
use crate::kernels::with_threads;
use rand::{RngExt, SeedableRng, rngs::StdRng};

/// Calls `f(sample, input, output, weight)` for each product of the definition, with the indices of its values.
fn products(g: &Geometry, samples: usize, mut f: impl FnMut(usize, usize, usize)) {
    let [rows, columns] = g.axes;
    for (sample, filter, channel) in (0..samples)
        .flat_map(|sample| (0..g.filters).map(move |filter| (sample, filter)))
        .flat_map(|(sample, filter)| (0..g.channels).map(move |channel| (sample, filter, channel)))
    {
        for row in 0..rows.output {
            for column in 0..columns.output {
                for tap_row in 0..rows.kernel {
                    for tap_column in 0..columns.kernel {
                        let y = (row * rows.stride + tap_row * rows.dilation).wrapping_sub(rows.padding);
                        let x = (column * columns.stride + tap_column * columns.dilation).wrapping_sub(columns.padding);
                        if y < rows.input && x < columns.input {
                            let input = (channel * rows.input + y) * columns.input + x;
                            let output = (filter * rows.output + row) * columns.output + column;
                            let tap = ((filter * g.channels + channel) * rows.kernel + tap_row) * columns.kernel;
                            f(input * samples + sample, output * samples + sample, tap + tap_column);
                        }
                    }
                }
            }
        }
    }
}

fn axis(input: usize, kernel: usize, stride: usize, padding: usize, dilation: usize) -> Axis {
    let output = (input + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
    Axis { input, output, kernel, stride, padding, dilation }
}

trait Number: Convolution + From<f32> + Into<f64> + PartialEq + std::fmt::Debug {}
impl Number for f32 {}
impl Number for f64 {}

/// Values between guards of NaN, which no kernel may read or write.
struct Guarded<T>(Vec<T>);

const GUARD: usize = 64;

impl<T: Number> Guarded<T> {
    fn new(length: usize, mut value: impl FnMut() -> f32) -> Self {
        let nan = || std::iter::repeat_n(T::from(f32::NAN), GUARD);
        Self(nan().chain((0..length).map(|_| T::from(value()))).chain(nan()).collect())
    }

    fn values(&self) -> &[T] {
        &self.0[GUARD..self.0.len() - GUARD]
    }

    fn values_mut(&mut self) -> &mut [T] {
        let end = self.0.len() - GUARD;
        &mut self.0[GUARD..end]
    }

    fn check(&self, wanted: &[f64], precision: f64, what: &str) {
        let largest = wanted.iter().fold(1.0_f64, |largest, value| largest.max(value.abs()));
        for (index, (&found, &wanted)) in self.values().iter().zip(wanted).enumerate() {
            let found: f64 = found.into();
            assert!((found - wanted).abs() <= precision * largest, "{what}, value {index}: {found}, not {wanted}");
        }
        let outside = self.0[..GUARD].iter().chain(&self.0[self.0.len() - GUARD..]);
        assert!(outside.into_iter().all(|&value| value.into().is_nan()), "{what} is written outside");
    }
}

fn check<T: Number>(kernels: Kernels<T>, g: &Geometry, samples: usize, precision: f64) {
    let mut rng = StdRng::seed_from_u64((g.taps() * 1000 + samples) as u64);
    let mut draw = || f32::from(rng.random_range(-64..=64_i8)) / 64.0;
    let x = Guarded::<T>::new(g.channels * g.inputs() * samples, &mut draw);
    let dy = Guarded::<T>::new(g.filters * g.outputs() * samples, &mut draw);
    let weight = Guarded::<T>::new(g.filters * g.taps(), &mut draw);
    let bias = Guarded::<T>::new(g.filters, &mut draw);
    let f64_of = |values: &[T]| values.iter().map(|&value| value.into()).collect::<Vec<f64>>();
    let (x64, dy64, weight64, bias64) =
        (f64_of(x.values()), f64_of(dy.values()), f64_of(weight.values()), f64_of(bias.values()));
    let filter = g.outputs() * samples;
    let mut y64: Vec<f64> = bias64.iter().flat_map(|&bias| std::iter::repeat_n(bias, filter)).collect();
    let (mut dx64, mut dw64) = (vec![0.0; x64.len()], vec![1.0; weight64.len()]);
    products(g, samples, |input, output, tap| {
        y64[output] += weight64[tap] * x64[input];
        dx64[input] += weight64[tap] * dy64[output];
        dw64[tap] += 0.5 * dy64[output] * x64[input];
    });
    let db64: Vec<f64> = dy64.chunks(filter).map(|dy| 1.0 + 0.5 * dy.iter().sum::<f64>()).collect();

    let what = format!("{g:?}, {samples} samples");
    let mut y = Guarded::new(y64.len(), || f32::NAN);
    forward_with(kernels, g, samples, x.values(), weight.values(), bias.values(), y.values_mut());
    y.check(&y64, precision, &format!("y of {what}"));
    let mut dx = Guarded::new(dx64.len(), || f32::NAN);
    by_input_with(kernels, g, samples, dy.values(), weight.values(), dx.values_mut());
    dx.check(&dx64, precision, &format!("dx of {what}"));
    let (mut dw, mut db) = (Guarded::new(dw64.len(), || 1.0), Guarded::new(db64.len(), || 1.0));
    let gradient = Gradient { scale: T::from(0.5), weight: dw.values_mut(), bias: db.values_mut() };
    by_weights_with(kernels, g, samples, x.values(), dy.values(), gradient);
    dw.check(&dw64, precision, &format!("dw of {what}"));
    db.check(&db64, precision, &format!("db of {what}"));
    if samples == 1 {
        let mut y = Guarded::new(y64.len(), || f32::NAN);
        let mut scratch = vec![T::from(f32::NAN); scratch_of_single_image(g)];
        single_image_with(kernels, g, x.values(), weight.values(), bias.values(), y.values_mut(), &mut scratch);
        y.check(&y64, precision, &format!("single y of {what}"));
    }
}

fn check_all<T: Number>(kernels: Kernels<T>, precision: f64) {
    let mut rng = StdRng::seed_from_u64(1);
    let count = if cfg!(miri) { 4 } else { 200 };
    for round in 0..count {
        let mut draw = |range: std::ops::RangeInclusive<usize>| rng.random_range(range);
        let mut any_axis = || loop {
            let (input, kernel, stride, padding, dilation) =
                (draw(1..=12), draw(1..=5), draw(1..=3), draw(0..=3), draw(1..=2));
            if input + 2 * padding > dilation * (kernel - 1) {
                return axis(input, kernel, stride, padding, dilation);
            }
        };
        let axes = [any_axis(), any_axis()];
        let g = Geometry { channels: draw(1..=9), filters: draw(1..=14), axes };
        check(kernels, &g, [1, 2, 3, 8, 16, 17, 50, 64, 70][round % 9], precision);
    }
    for round in 0..if cfg!(miri) { 2 } else { 30 } {
        let mut draw = |range: std::ops::RangeInclusive<usize>| rng.random_range(range);
        let kernel = [3, 5][round % 2];
        let mut any_axis = || axis(draw(kernel..=10), kernel, 1, draw(0..=kernel - 1), 1);
        let axes = [any_axis(), any_axis()];
        let g = Geometry { channels: draw(8..=18), filters: draw(8..=12), axes };
        check(kernels, &g, [1, 3, 8, 16, 17, 40][round % 6], precision);
    }
    if cfg!(not(miri)) {
        check(kernels, &Geometry { channels: 1, filters: 16, axes: [axis(28, 5, 1, 0, 1); 2] }, 64, precision);
        check(kernels, &Geometry { channels: 40, filters: 32, axes: [axis(12, 5, 1, 0, 1); 2] }, 64, precision);
    }
}

#[test]
fn the_selected_kernels_agree_with_the_definition() {
    check_all(f32::convolution(), 1e-5);
    check_all(f64::convolution(), 1e-13);
}

#[test]
fn the_portable_kernels_agree_with_the_definition() {
    check_all(portable::<f32>(Some(Functions::portable())), 1e-5);
    check_all(portable::<f64>(None), 1e-13);
    check_all(portable::<f64>(Some(Functions::portable())), 1e-13);
}

#[test]
#[cfg(all(target_arch = "x86_64", not(miri)))]
fn the_kernels_for_avx2_agree_with_the_definition() {
    use super::kernel::x86;
    if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma") {
        check_all(x86::AVX2_F32, 1e-5);
        check_all(x86::AVX2_F64, 1e-13);
    }
}

#[test]
#[cfg(not(miri))]
fn the_number_of_threads_changes_no_bit() {
    check_threads(&Geometry { channels: 7, filters: 13, axes: [axis(16, 3, 1, 1, 1), axis(18, 3, 2, 0, 1)] });
    check_threads(&Geometry { channels: 9, filters: 13, axes: [axis(8, 3, 1, 1, 1), axis(12, 3, 1, 0, 1)] });
    check_threads(&Geometry { channels: 17, filters: 30, axes: [axis(10, 5, 1, 0, 1), axis(12, 5, 1, 2, 1)] });
}

#[cfg(not(miri))]
fn check_threads(g: &Geometry) {
    let (samples, mut rng) = (100, StdRng::seed_from_u64(2));
    let mut draw = |length: usize| (0..length).map(|_| rng.random_range(-1.0..1.0_f32)).collect::<Vec<_>>();
    let (x, dy) = (draw(g.channels * g.inputs() * samples), draw(g.filters * g.outputs() * samples));
    let (weight, bias) = (draw(g.filters * g.taps()), draw(g.filters));
    let results = [1, 2, 3, 5].map(|threads| {
        with_threads(threads, || {
            let (mut y, mut dx) = (vec![0.0; dy.len()], vec![0.0; x.len()]);
            let (mut dw, mut db) = (vec![0.0; weight.len()], vec![0.0; bias.len()]);
            forward(g, samples, &x, &weight, &bias, &mut y);
            by_input(g, samples, &dy, &weight, &mut dx);
            by_weights(g, samples, &x, &dy, Gradient { scale: 1.0, weight: &mut dw, bias: &mut db });
            [y, dx, dw, db]
        })
        .unwrap()
    });
    assert!(results.iter().all(|result| *result == results[0]));
}
