#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use std::marker::PhantomData;

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix};

use crate::kernels::convolution::Axis;
use crate::kernels::{Loop, Splittable, run_parallel, vectorized};
#[cfg(feature = "alloc")]
use crate::layers::input_columns::InputColumns;
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::{Cache, Layer};
use crate::layers::mode::Mode;
#[cfg(feature = "alloc")]
use crate::layers::windows::with_window;
use crate::layers::windows::{axes, inside, reads_image};
use crate::matrix::Batch;
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::parameters::{Parameters, embedded};
use crate::scalar::Scalar;
use crate::shape::{Image, Kernel, Slide, Square};

/// The maximum in windows of `K x K` pixels, channel by channel; PyTorch's `MaxPool2d`.
///
/// ```text
/// forward    y[c, p]  = max over k of x[c, p · stride - padding + k · dilation]
/// backward   dx[c, q] = sum of dy[c, p] over the windows p whose maximum is at q
/// ```
///
/// ```text
/// x   (N x C x H x W)   ->   y   (N x C x H' x W')      H' = (H + 2 · padding - dilation · (K - 1) - 1) / stride + 1
/// ```
///
/// Of equal maxima, the first one counts, by rows. A NaN is larger than all numbers. Pixels in the padding are skipped;
/// it is at most half of the window. By default the windows do not overlap: the stride is `K`. `P` has all settings, as
/// for [`Conv2d`](super::Conv2d).
#[doc(alias("MaxPool", "MaxPooling", "pooling"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MaxPool2d<const K: usize, P: Kernel = Square<K, K>>(PhantomData<P>);

embedded!([const K: usize, W: Kernel] MaxPool2d<K, W> = Self(PhantomData));

impl<const K: usize, P: Kernel, T: Scalar> Parameters<T> for MaxPool2d<K, P> {}

/// The places of the maxima in their windows.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct MaxPool2dCache<T: Scalar> {
    x: InputColumns<T>,
    /// Empty after a pass in [`Mode::Infer`].
    places: Vec<u16>,
    /// The output once more, if backward follows such a pass.
    y: Vec<T>,
}

#[cfg(feature = "alloc")]
impl<T: Scalar, N: Dim> Cache<N> for MaxPool2dCache<T> {
    fn new(_: N) -> Self {
        Self { x: InputColumns::empty(), places: Vec::new(), y: Vec::new() }
    }
}

const fn sizes<const K: usize, P: Slide<H, W>, H: DimName, W: DimName>() -> [Axis; 2] {
    const {
        let [[rows, _, above, _], [columns, _, left, _]] = P::SETTINGS;
        assert!(P::SIZES[0] == K, "the window of a `MaxPool2d` has `K` rows");
        assert!(P::FITS, "the window of a `MaxPool2d` is larger than its image, or has a setting of 0");
        assert!(2 * above <= rows && 2 * left <= columns, "the padding of a `MaxPool2d` is more than half its window");
        assert!(rows * columns <= 1 << 16, "the window of a `MaxPool2d` has more than 65,536 pixels");
        let [rows, columns] = axes::<P, H, W>();
        assert!(reads_image(&rows) && reads_image(&columns), "a window of a `MaxPool2d` has no pixel of the image");
    }
    axes::<P, H, W>()
}

impl<const K: usize, P, T, C, H, W> Infer<T, Image<C, H, W>> for MaxPool2d<K, P>
where
    P: Slide<H, W>,
    T: Scalar,
    C: DimName,
    H: DimName,
    W: DimName,
{
    type Out = Image<C, P::Rows, P::Columns>;

    const SCRATCH: usize = if cover_once(&sizes::<K, P, H, W>()) { 2 * H::DIM * P::Columns::DIM } else { 0 };

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]) {
        vectorized(SingleMaxima::<T, K, P, H, W> { x, y, scratch, kind: PhantomData });
    }
}

#[cfg(feature = "alloc")]
impl<const K: usize, P, T, C, H, W> Layer<T, Image<C, H, W>> for MaxPool2d<K, P>
where
    P: Slide<H, W>,
    T: Scalar,
    C: DimName,
    H: DimName,
    W: DimName,
{
    type Cache<N: Dim> = MaxPool2dCache<T>;

    fn forward<N: Dim, S: RawStorage<T, N, Image<C, H, W>>>(
        &self,
        x: &Matrix<T, N, Image<C, H, W>, S>,
        y: &mut Batch<T, N, Self::Out>,
        cache: &mut MaxPool2dCache<T>,
        mode: Mode,
    ) {
        let axes = const { sizes::<K, P, H, W>() };
        let MaxPool2dCache { x: columns, places, .. } = cache;
        let (samples, x, y) = (y.nrows(), columns.store(x), y.data.values_mut());
        match mode {
            Mode::Infer => {
                places.clear();
                run_parallel(Maxima::<_, false> { axes, samples, x, y, places });
            }
            Mode::Train { .. } => {
                places.resize(y.len(), 0);
                run_parallel(Maxima::<_, true> { axes, samples, x, y, places });
            }
        }
    }

    fn backward<N: Dim, S: RawStorage<T, N, Image<C, H, W>>>(
        &self,
        x: &Matrix<T, N, Image<C, H, W>, S>,
        y: &Batch<T, N, Self::Out>,
        dy: &Batch<T, N, Self::Out>,
        dx: Option<&mut Batch<T, N, Image<C, H, W>>>,
        cache: &mut MaxPool2dCache<T>,
    ) {
        let Some(dx) = dx else { return };
        let axes = const { sizes::<K, P, H, W>() };
        let MaxPool2dCache { x: columns, places, y: maxima } = cache;
        let (samples, dy, dx) = (dy.nrows(), dy.data.values(), dx.data.values_mut());
        if places.is_empty() {
            // Forward ran in `Mode::Infer`, which has no need of the places.
            places.resize(y.len(), 0);
            maxima.resize(y.len(), T::zero());
            run_parallel(Maxima::<_, true> { axes, samples, x: columns.store(x), y: maxima, places });
        }
        run_parallel(Spread { axes, samples, dy, dx, places });
    }

    fn operation(&self) -> Option<Operation> {
        Some(with_window::<P>(Operator::new("MaxPool", [Operand::Input])).into())
    }
}

/// Returns whether the windows cover each pixel once.
const fn cover_once([rows, columns]: &[Axis; 2]) -> bool {
    const fn once(axis: &Axis) -> bool {
        axis.kernel > 1
            && axis.kernel == axis.stride
            && axis.padding == 0
            && axis.dilation == 1
            && axis.input == axis.output * axis.stride
    }
    once(rows) && once(columns)
}

/// The number of samples that are compared side by side.
const LANES: usize = 16;

/// The larger of both, `best` if they are equal.
#[inline(always)]
fn larger<T: Scalar>(x: T, best: T) -> T {
    if is_larger(x, best) { x } else { best }
}

/// The maxima of some channels, each with `samples` values a pixel, and their places if `PLACES` is true.
struct Maxima<'a, T, const PLACES: bool> {
    axes: [Axis; 2],
    samples: usize,
    x: &'a [T],
    y: &'a mut [T],
    places: &'a mut [u16],
}

#[inline(always)]
#[allow(clippy::cast_possible_truncation)] // a window has at most 65,536 pixels
fn place(columns: &Axis, row: usize, column: usize) -> u16 {
    (row * columns.kernel + column) as u16
}

#[inline(always)]
#[allow(clippy::eq_op, clippy::needless_bitwise_bool)] // only a NaN is unequal to itself; without branches
fn is_larger<T: Scalar>(x: T, best: T) -> bool {
    (x > best) | (x != x)
}

impl<T: Scalar, const PLACES: bool> Loop for Maxima<'_, T, PLACES> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { axes: [rows, columns], samples, x, y, places } = self;
        if samples == 0 {
            return;
        }
        let (input, output) = (rows.input * columns.input * samples, rows.output * columns.output * samples);
        for (channel, (x, y)) in x.chunks_exact(input).zip(y.chunks_exact_mut(output)).enumerate() {
            let places = if PLACES { &mut places[channel * output..][..output] } else { &mut [] };
            for (row, column) in (0..rows.output).flat_map(|row| (0..columns.output).map(move |column| (row, column))) {
                let (top, bottom, down) = inside(&rows, row);
                let (left, right, across) = inside(&columns, column);
                let at = (row * columns.output + column) * samples;
                let y = &mut y[at..at + samples];
                let places = if PLACES { &mut places[at..at + samples] } else { &mut [] };
                let pixel = |row: usize, column: usize| {
                    let (row, column) =
                        (down + (row - top) * rows.dilation, across + (column - left) * columns.dilation);
                    &x[(row * columns.input + column) * samples..][..samples]
                };
                let whole = samples - samples % LANES;
                for first in (0..whole).step_by(LANES) {
                    let mut best: [T; LANES] =
                        *pixel(top, left)[first..].first_chunk().expect("LANES samples are left");
                    let mut at = [place(&columns, top, left); LANES];
                    for (row, column) in (top..bottom).flat_map(|row| (left..right).map(move |column| (row, column))) {
                        let x: &[T; LANES] = pixel(row, column)[first..].first_chunk().expect("as above");
                        let place = place(&columns, row, column);
                        for lane in 0..LANES {
                            let larger = is_larger(x[lane], best[lane]);
                            best[lane] = if larger { x[lane] } else { best[lane] };
                            at[lane] = if larger { place } else { at[lane] };
                        }
                    }
                    y[first..first + LANES].copy_from_slice(&best);
                    if PLACES {
                        places[first..first + LANES].copy_from_slice(&at);
                    }
                }
                for sample in whole..samples {
                    let (mut best, mut at) = (pixel(top, left)[sample], place(&columns, top, left));
                    for (row, column) in (top..bottom).flat_map(|row| (left..right).map(move |column| (row, column))) {
                        let x = pixel(row, column)[sample];
                        if is_larger(x, best) {
                            (best, at) = (x, place(&columns, row, column));
                        }
                    }
                    y[sample] = best;
                    if PLACES {
                        places[sample] = at;
                    }
                }
            }
        }
    }
}

impl<T: Scalar, const PLACES: bool> Splittable for Maxima<'_, T, PLACES> {
    fn len(&self) -> usize {
        self.y.len() / self.numbers().max(1)
    }

    fn numbers(&self) -> usize {
        self.axes[0].output * self.axes[1].output * self.samples
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let (input, output) = (self.axes[0].input * self.axes[1].input * self.samples, self.numbers());
        let Self { axes, samples, x, y, places } = self;
        let ((x, x_high), (y, y_high)) = (x.split_at(at * input), y.split_at_mut(at * output));
        let (places, places_high) = places.split_at_mut((at * output).min(places.len()));
        (Self { axes, samples, x, y, places }, Self { axes, samples, x: x_high, y: y_high, places: places_high })
    }
}

/// The derivatives of the inputs of some channels.
struct Spread<'a, T> {
    axes: [Axis; 2],
    samples: usize,
    dy: &'a [T],
    dx: &'a mut [T],
    places: &'a [u16],
}

impl<T: Scalar> Loop for Spread<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { axes: [rows, columns], samples, dy, dx, places } = self;
        if samples == 0 {
            return;
        }
        let (input, output) = (rows.input * columns.input * samples, rows.output * columns.output * samples);
        // Derivatives are written instead of added.
        let once = cover_once(&[rows, columns]);
        if !once {
            dx.fill(T::zero());
        }
        let channels = dx.chunks_exact_mut(input).zip(dy.chunks_exact(output)).zip(places.chunks_exact(output));
        for ((dx, dy), places) in channels {
            for (row, column) in (0..rows.output).flat_map(|row| (0..columns.output).map(move |column| (row, column))) {
                let (top, bottom, down) = inside(&rows, row);
                let (left, right, across) = inside(&columns, column);
                let at = (row * columns.output + column) * samples;
                let (dy, places) = (&dy[at..at + samples], &places[at..at + samples]);
                for (tap_row, tap) in (top..bottom).flat_map(|row| (left..right).map(move |column| (row, column))) {
                    let place = place(&columns, tap_row, tap);
                    let (row, column) =
                        (down + (tap_row - top) * rows.dilation, across + (tap - left) * columns.dilation);
                    let dx = &mut dx[(row * columns.input + column) * samples..][..samples];
                    let values = dx.iter_mut().zip(dy).zip(places);
                    if once {
                        values.for_each(|((dx, &dy), &at)| *dx = if at == place { dy } else { T::zero() });
                    } else {
                        values.for_each(|((dx, &dy), &at)| *dx += if at == place { dy } else { T::zero() });
                    }
                }
            }
        }
    }
}

impl<T: Scalar> Splittable for Spread<'_, T> {
    fn len(&self) -> usize {
        self.dx.len() / self.numbers().max(1)
    }

    fn numbers(&self) -> usize {
        self.axes[0].input * self.axes[1].input * self.samples
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let (input, output) = (self.numbers(), self.axes[0].output * self.axes[1].output * self.samples);
        let Self { axes, samples, dy, dx, places } = self;
        let ((dx, dx_high), (dy, dy_high)) = (dx.split_at_mut(at * input), dy.split_at(at * output));
        let (places, places_high) = places.split_at(at * output);
        (Self { axes, samples, dy, dx, places }, Self { axes, samples, dy: dy_high, dx: dx_high, places: places_high })
    }
}

/// The maxima of one image, whose sizes are constants: rows of the output are computed side by side.
struct SingleMaxima<'a, T, const K: usize, P, H, W> {
    x: &'a [T],
    y: &'a mut [T],
    scratch: &'a mut [T],
    kind: PhantomData<(P, H, W)>,
}

impl<T: Scalar, const K: usize, P: Slide<H, W>, H: DimName, W: DimName> Loop for SingleMaxima<'_, T, K, P, H, W> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let [rows, columns] = const { sizes::<K, P, H, W>() };
        let channels =
            self.x.chunks_exact(H::DIM * W::DIM).zip(self.y.chunks_exact_mut(P::Rows::DIM * P::Columns::DIM));
        for (x, y) in channels {
            if const { cover_once(&sizes::<K, P, H, W>()) } {
                // Long loops over neighbors, of which only the rows that begin a window are kept.
                let (pairs, best) = self.scratch.split_at_mut(H::DIM * P::Columns::DIM);
                for (pair, x) in pairs.iter_mut().zip(x.chunks_exact(const { P::SETTINGS[1][0] })) {
                    *pair = x[1..].iter().fold(x[0], |best, &x| larger(x, best));
                }
                let count = (H::DIM + 1 - K) * P::Columns::DIM;
                for row in 1..K {
                    let (above, below) = (&pairs[..count], &pairs[row * P::Columns::DIM..][..count]);
                    if row == 1 {
                        let both = above.iter().zip(below);
                        best.iter_mut().zip(both).for_each(|(best, (&above, &below))| *best = larger(below, above));
                    } else {
                        best.iter_mut().zip(below).for_each(|(best, &x)| *best = larger(x, *best));
                    }
                }
                let first_rows = best.chunks_exact(P::Columns::DIM).step_by(K);
                for (y, best) in y.chunks_exact_mut(P::Columns::DIM).zip(first_rows) {
                    y.copy_from_slice(best);
                }
                continue;
            }
            for (row, y) in y.chunks_exact_mut(P::Columns::DIM).enumerate() {
                let (top, bottom, down) = inside(&rows, row);
                if P::SETTINGS[1][2] == 0 {
                    for tap_row in top..bottom {
                        let x = &x[(down + (tap_row - top) * rows.dilation) * W::DIM..][..W::DIM];
                        for tap in 0..columns.kernel {
                            let first = (tap_row, tap) == (top, 0);
                            for (column, y) in y.iter_mut().enumerate() {
                                let x = x[column * P::SETTINGS[1][1] + tap * P::SETTINGS[1][3]];
                                *y = if first || is_larger(x, *y) { x } else { *y };
                            }
                        }
                    }
                    continue;
                }
                for (column, y) in y.iter_mut().enumerate() {
                    let (left, right, across) = inside(&columns, column);
                    let pixel = |row: usize, column: usize| {
                        x[(down + (row - top) * rows.dilation) * W::DIM + across + (column - left) * columns.dilation]
                    };
                    *y = pixel(top, left);
                    for (row, column) in (top..bottom).flat_map(|row| (left..right).map(move |column| (row, column))) {
                        let x = pixel(row, column);
                        *y = if is_larger(x, *y) { x } else { *y };
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;
    use crate::shape::Window;
    use nalgebra::Const;

    type Pixels<const C: usize, const H: usize, const W: usize> = Image<Const<C>, Const<H>, Const<W>>;

    fn check<const K: usize, const H: usize, const W: usize, P: Slide<Const<H>, Const<W>>>() {
        check_gradients::<Pixels<2, H, W>, _>(&MaxPool2d::<K, P>::default(), &MaxPool2d::default());
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<2, 4, 6, Square<2, 2>>();
        check::<2, 5, 5, Square<2, 2>>();
        check::<3, 5, 6, Square<3>>();
        check::<3, 6, 5, Square<3, 2, 1>>();
        check::<2, 6, 7, Square<2, 1, 0, 2>>();
        check::<3, 7, 6, Window<3, 2, 2, 1, 1, 1, 2, 1>>();
    }

    #[test]
    fn ties_go_to_the_first_and_nan_is_passed_on() {
        let layer = MaxPool2d::<2>::default();
        let x: Batch<f32, Const<1>, Pixels<1, 2, 4>> =
            Batch::from_slice(Const, &[3.0, 1.0, 2.0, f32::NAN, 3.0, 3.0, 9.0, 5.0]).unwrap();
        let (mut y, mut cache) = (Batch::zeros(Const::<1>, Image::name()), Cache::<Const<1>>::new(Const));
        layer.forward(&x, &mut y, &mut cache, Mode::train(0));
        assert!(y[0] == 3.0 && y[1].is_nan());
        let mut dx = Batch::filled(Const::<1>, Image::name(), 7.0);
        let dy = Batch::from_slice(Const::<1>, &[10.0, 20.0]).unwrap();
        layer.backward(&x, &y, &dy, Some(&mut dx), &mut cache);
        assert_eq!(dx.data.values(), [10.0, 0.0, 0.0, 20.0, 0.0, 0.0, 0.0, 0.0]);
        let mut single = [0.0; 2];
        let mut scratch = [0.0; <MaxPool2d<2> as Infer<f32, Pixels<1, 2, 4>>>::SCRATCH];
        Infer::<f32, Pixels<1, 2, 4>>::infer_into(&layer, x.data.values(), &mut single, &mut scratch);
        assert!(single[0] == 3.0 && single[1].is_nan());
    }
}
