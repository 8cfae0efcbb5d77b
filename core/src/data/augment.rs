#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

use std::fmt::{self, Display, Formatter};

use nalgebra::{Dim, DimName};

use crate::data::error::DataError;
use crate::kernels::{Loop, Splittable, mix, run_parallel};
use crate::matrix::Samples;
use crate::scalar::Scalar;

/// Random changes of training images of `C` channels of `H x W` pixels: shifts, rotations and flips.
///
/// An image is flipped, then rotated, then shifted; labels stay. Pixels from outside the image are zero.
///
/// [`Trainer::augment`](crate::training::Trainer::augment) changes each batch of a training run, and leaves evaluations
/// as they are. [`apply_into`](Self::apply_into) does so in a loop of your own.
///
/// The change is a function of the seed and the sample's place in its batch. So the number of threads does not matter.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::Samples;
/// use typenet::data::{Augment, digits};
/// use typenet::nalgebra::Const;
/// use typenet::rand::{SeedableRng, rngs::StdRng};
///
/// let augment = Augment::<1, 28, 28>::new().shift(2).rotate(10.0);
/// let (train, _) = digits::generate(600, 0, 1);
/// let mut rng = StdRng::seed_from_u64(1);
/// for step in 0..3 {
///     let (images, labels) = train.sample(Const::<100>, &mut rng);
///     let x: Samples<f32, Const<100>, Const<784>> = augment.apply(&images, step);
///     // net.descend_with(&x, &labels, 0.1, &mut tape);
/// }
/// ```
#[doc(alias("augmentation", "transforms", "RandomCrop", "RandomRotation", "RandomHorizontalFlip"))]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Augment<const C: usize, const H: usize, const W: usize> {
    shift: usize,
    degrees: f64,
    flip_horizontal: bool,
    flip_vertical: bool,
}

impl<const C: usize, const H: usize, const W: usize> Augment<C, H, W> {
    /// Changes nothing yet.
    pub const fn new() -> Self {
        Self { shift: 0, degrees: 0.0, flip_horizontal: false, flip_vertical: false }
    }

    /// Shifts an image by up to `pixels` in each direction, drawn as whole numbers.
    ///
    /// It is a random crop of the image with `pixels` of padding on each side, torchvision's `RandomCrop`.
    #[must_use]
    pub const fn shift(self, pixels: usize) -> Self {
        Self { shift: pixels, ..self }
    }

    /// Rotates an image around its center by up to `degrees` in both directions, with bilinear interpolation.
    #[must_use]
    pub const fn rotate(self, degrees: f64) -> Self {
        Self { degrees, ..self }
    }

    /// Flips half of the images, left to right.
    #[must_use]
    pub const fn flip_horizontal(self) -> Self {
        Self { flip_horizontal: true, ..self }
    }

    /// Flips half of the images, top to bottom.
    #[must_use]
    pub const fn flip_vertical(self) -> Self {
        Self { flip_vertical: true, ..self }
    }

    /// Returns changed copies of images.
    ///
    /// # Panics
    ///
    /// If a setting is invalid: see [`check`](Self::check).
    pub fn apply<T: Scalar, N: Dim, F: DimName>(&self, images: &Samples<T, N, F>, seed: u64) -> Samples<T, N, F> {
        let (samples, features) = images.shape_generic();
        let mut changed = Samples::zeros(samples, features);
        self.apply_into(images, &mut changed, seed);
        changed
    }

    /// [`apply`](Self::apply) into existing samples, without allocating.
    ///
    /// # Panics
    ///
    /// If a setting is invalid, or the numbers of samples differ.
    pub fn apply_into<T: Scalar, N: Dim, F: DimName>(
        &self,
        images: &Samples<T, N, F>,
        changed: &mut Samples<T, N, F>,
        seed: u64,
    ) {
        self.apply_from(0, images, changed, seed);
    }

    /// [`apply_into`](Self::apply_into) for a part of a batch that begins with sample `first` of it.
    pub(crate) fn apply_from<T: Scalar, N: Dim, F: DimName>(
        &self,
        first: usize,
        images: &Samples<T, N, F>,
        changed: &mut Samples<T, N, F>,
        seed: u64,
    ) {
        const { assert!(F::DIM == C * H * W, "an `Augment<C, H, W>` changes samples of C · H · W features") }
        assert_eq!(images.nrows(), changed.nrows(), "the numbers of samples must be equal");
        self.check().unwrap_or_else(|error| panic!("{error}"));
        let (from, to) = (images.data.values(), changed.data.values_mut());
        run_parallel(Batch { augment: *self, seed, first, from, to });
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// [`DataError::Augment`] if a shift leaves nothing of an image, or an angle is not from 0 to 180 degrees.
    pub fn check(&self) -> Result<(), DataError> {
        let Self { shift, degrees, .. } = *self;
        let smaller = if H < W { H } else { W };
        if shift >= smaller {
            let problem = format!("a shift of {shift} pixels must be less than the {smaller} of an image of {H} x {W}");
            return Err(DataError::Augment(problem));
        }
        if !(0.0..=180.0).contains(&degrees) {
            return Err(DataError::Augment(format!("a rotation of {degrees} degrees must be from 0 to 180")));
        }
        Ok(())
    }

    /// Draws the change of a sample.
    fn draw(&self, seed: u64, sample: usize) -> Change {
        let key = mix(seed, sample as u64);
        let fraction = |number| (mix(key, number) >> 11) as f64 / (1_u64 << 53) as f64; // in [0, 1)
        #[allow(clippy::cast_possible_truncation)] // at most the side of an image
        let pixels = |number| (fraction(number) * (2 * self.shift + 1) as f64) as isize - self.shift.cast_signed();
        Change {
            down: pixels(0),
            right: pixels(1),
            angle: (2.0 * fraction(2) - 1.0) * self.degrees.to_radians(),
            flip_horizontal: self.flip_horizontal && fraction(3) < 0.5,
            flip_vertical: self.flip_vertical && fraction(4) < 0.5,
        }
    }
}

/// Lists the changes, such as "shift 2, rotate 10".
impl<const C: usize, const H: usize, const W: usize> Display for Augment<C, H, W> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { shift, degrees, flip_horizontal, flip_vertical } = *self;
        let changes = [
            (shift > 0).then(|| format!("shift {shift}")),
            (degrees > 0.0).then(|| format!("rotate {degrees}")),
            flip_horizontal.then(|| "flip horizontal".to_owned()),
            flip_vertical.then(|| "flip vertical".to_owned()),
        ];
        let changes: Vec<String> = changes.into_iter().flatten().collect();
        f.write_str(if changes.is_empty() { "none" } else { "" })?;
        f.write_str(&changes.join(", "))
    }
}

/// The change of one image.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Change {
    down: isize,
    right: isize,
    /// Counterclockwise, in radians.
    angle: f64,
    flip_horizontal: bool,
    flip_vertical: bool,
}

/// The loop over the images of a batch.
struct Batch<'a, T, const C: usize, const H: usize, const W: usize> {
    augment: Augment<C, H, W>,
    seed: u64,
    /// The place of the first image in the whole batch.
    first: usize,
    from: &'a [T],
    to: &'a mut [T],
}

impl<T: Scalar, const C: usize, const H: usize, const W: usize> Splittable for Batch<'_, T, C, H, W> {
    fn len(&self) -> usize {
        self.to.len() / (C * H * W).max(1)
    }

    fn numbers(&self) -> usize {
        C * H * W
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let Self { augment, seed, first, from, to } = self;
        let ((low, high), (to_low, to_high)) = (from.split_at(at * C * H * W), to.split_at_mut(at * C * H * W));
        let rest = Self { augment, seed, first: first + at, from: high, to: to_high };
        (Self { augment, seed, first, from: low, to: to_low }, rest)
    }
}

impl<T: Scalar, const C: usize, const H: usize, const W: usize> Loop for Batch<'_, T, C, H, W> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let size = (C * H * W).max(1);
        for ((from, to), sample) in self.from.chunks(size).zip(self.to.chunks_mut(size)).zip(self.first..) {
            let change = self.augment.draw(self.seed, sample);
            if change.angle == 0.0 {
                shift::<T, H, W>(change, from, to);
            } else {
                rotate::<T, H, W>(change, from, to);
            }
        }
    }
}

/// Flips and shifts all channels of an image, which only moves pixels.
#[inline(always)]
fn shift<T: Scalar, const H: usize, const W: usize>(change: Change, from: &[T], to: &mut [T]) {
    let Change { down, right, flip_horizontal, flip_vertical, .. } = change;
    // The columns that come from inside the image, and the first of their sources.
    let (left, end) = (right.max(0).unsigned_abs(), W - right.min(0).unsigned_abs());
    let source = right.min(0).unsigned_abs();
    for (from, to) in from.chunks(H * W).zip(to.chunks_mut(H * W)) {
        for (to, row) in to.chunks_mut(W).zip(-down..) {
            let row = if flip_vertical { H.cast_signed() - 1 - row } else { row };
            let from = usize::try_from(row).ok().and_then(|row| from.chunks(W).nth(row));
            let Some(from) = from else {
                to.fill(T::zero());
                continue;
            };
            to[..left].fill(T::zero());
            to[end..].fill(T::zero());
            let (to, len) = (&mut to[left..end], end - left);
            if flip_horizontal {
                to.copy_from_slice(&from[W - source - len..][..len]);
                to.reverse();
            } else {
                to.copy_from_slice(&from[source..][..len]);
            }
        }
    }
}

/// One pixel in the fixed-point numbers of [`rotate`], which hold whole pixels in their upper half.
const PIXEL: f64 = (1_u64 << 32) as f64;

/// Flips, rotates and shifts all channels of an image: each pixel is interpolated between four of the image.
#[inline(always)]
fn rotate<T: Scalar, const H: usize, const W: usize>(change: Change, from: &[T], to: &mut [T]) {
    let Change { down, right, angle, flip_horizontal, flip_vertical } = change;
    let (sin, cos) = angle.sin_cos();
    let (middle_y, middle_x) = ((H - 1) as f64 / 2.0, (W - 1) as f64 / 2.0);
    let (flip_y, flip_x) = (if flip_vertical { -1.0 } else { 1.0 }, if flip_horizontal { -1.0 } else { 1.0 });
    #[allow(clippy::cast_possible_truncation)] // sides have at most 31 bits in practice
    let fixed = |pixels: f64| (pixels * PIXEL).round() as i64;
    let (step_y, step_x) = (fixed(flip_y * sin), fixed(flip_x * cos));
    for row in 0..H {
        // The source of the row's first pixel, and the way from one to the next.
        let (y, x) = (row as f64 - down as f64 - middle_y, -(right as f64) - middle_x);
        let mut source_y = fixed(flip_y * (x * sin + y * cos) + middle_y);
        let mut source_x = fixed(flip_x * (x * cos - y * sin) + middle_x);
        for column in 0..W {
            let (top, part_y) = split(source_y);
            let (left, part_x) = split(source_x);
            for (from, to) in from.chunks(H * W).zip(to.chunks_mut(H * W)) {
                to[row * W + column] = interpolate::<T, H, W>(from, [top, left], [part_y, part_x]);
            }
            (source_y, source_x) = (source_y + step_y, source_x + step_x);
        }
    }
}

/// Splits a fixed-point number into whole pixels, rounded down, and the rest.
#[inline(always)]
fn split<T: Scalar>(number: i64) -> (i64, T) {
    (number >> 32, T::of((number & 0xffff_ffff) as f64 / PIXEL))
}

/// Interpolates between the pixel at `corner` and its neighbors below and to the right.
#[inline(always)]
fn interpolate<T: Scalar, const H: usize, const W: usize>(
    from: &[T],
    [top, left]: [i64; 2],
    [down, right]: [T; 2],
) -> T {
    let inside = |place: i64, side: usize| usize::try_from(place).ok().filter(|&place| place < side);
    let pixel = |row: i64, column: i64| match (inside(row, H), inside(column, W)) {
        (Some(row), Some(column)) => from[row * W + column],
        _ => T::zero(),
    };
    let between = |one: T, other: T, part: T| one + (other - one) * part;
    let above = between(pixel(top, left), pixel(top, left + 1), right);
    let below = between(pixel(top + 1, left), pixel(top + 1, left + 1), right);
    between(above, below, down)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Const, Dyn};

    /// Two channels of 5 x 7 pixels, all different.
    fn images(count: usize) -> Samples<f64, Dyn, Const<70>> {
        Samples::from_fn(Dyn(count), Const, |sample, pixel| ((sample * 70 + pixel) as f64 * 1.7).sin() + 2.0)
    }

    /// A pixel of an image at any position, by the definition of bilinear interpolation; zero outside.
    fn at(pixel: &dyn Fn(i64, i64) -> f64, y: f64, x: f64) -> f64 {
        let mut sum = 0.0;
        for row in -1..=5 {
            for column in -1..=7 {
                let near = |distance: f64| (1.0 - distance.abs()).max(0.0);
                sum += near(y - row as f64) * near(x - column as f64) * pixel(row, column);
            }
        }
        sum
    }

    /// Changes an image step by step: flips, then rotates, then crops from an image with padding.
    fn naive(image: &[f64], change: Change) -> Vec<f64> {
        let mut changed = Vec::new();
        for channel in image.chunks(35) {
            let original = |row: i64, column: i64| {
                let inside = (0..5).contains(&row) && (0..7).contains(&column);
                if inside { channel[usize::try_from(row * 7 + column).unwrap()] } else { 0.0 }
            };
            let flipped = |row, column| {
                original(
                    if change.flip_vertical { 4 - row } else { row },
                    if change.flip_horizontal { 6 - column } else { column },
                )
            };
            let rotated = |row: i64, column: i64| {
                let (y, x) = (row as f64 - 2.0, column as f64 - 3.0);
                let (sin, cos) = change.angle.sin_cos();
                at(&flipped, x * sin + y * cos + 2.0, x * cos - y * sin + 3.0)
            };
            let (down, right) = (change.down as i64, change.right as i64);
            changed.extend((0..35).map(|pixel| rotated(pixel / 7 - down, pixel % 7 - right)));
        }
        changed
    }

    fn agrees(augment: Augment<2, 5, 7>, tolerance: f64) {
        let images = images(200);
        for seed in 0..3 {
            let changed = augment.apply(&images, seed);
            for sample in 0..200 {
                let wanted = naive(&images.data.values()[sample * 70..][..70], augment.draw(seed, sample));
                for (pixel, wanted) in wanted.iter().enumerate() {
                    let found = changed[(sample, pixel)];
                    assert!((found - wanted).abs() <= tolerance, "pixel {pixel} of {sample}: {found}, not {wanted}");
                }
            }
        }
    }

    #[test]
    fn every_change_agrees_with_its_definition() {
        let none = Augment::new();
        agrees(none, 0.0);
        agrees(none.shift(3), 0.0);
        agrees(none.flip_horizontal(), 0.0);
        agrees(none.flip_vertical(), 0.0);
        agrees(none.shift(4).flip_horizontal().flip_vertical(), 0.0);
        agrees(none.rotate(30.0), 1e-8);
        agrees(none.rotate(180.0).shift(2), 1e-8);
        agrees(none.rotate(15.0).shift(4).flip_horizontal().flip_vertical(), 1e-8);
    }

    /// A quarter turn to the left moves the pixel at the right edge to the top.
    #[test]
    fn positive_angles_are_counterclockwise() {
        let (mut image, mut turned) = ([0.0_f64; 25], [0.0; 25]);
        image[2 * 5 + 4] = 1.0;
        let angle = 90.0_f64.to_radians();
        let change = Change { down: 0, right: 0, angle, flip_horizontal: false, flip_vertical: false };
        rotate::<f64, 5, 5>(change, &image, &mut turned);
        assert!((turned[2] - 1.0).abs() < 1e-8, "{turned:?}");
    }

    #[test]
    fn draws_are_uniform_and_differ_by_sample_and_seed() {
        let augment = Augment::<1, 9, 9>::new().shift(2).rotate(10.0).flip_horizontal().flip_vertical();
        let draws: Vec<Change> =
            (0..100).flat_map(|seed| (0..100).map(move |sample| augment.draw(seed, sample))).collect();
        let count = |is: &dyn Fn(&Change) -> bool| draws.iter().filter(|draw| is(draw)).count();
        for pixels in -2..=2 {
            let [down, right] = [count(&|draw| draw.down == pixels), count(&|draw| draw.right == pixels)];
            assert!((1850..2150).contains(&down) && (1850..2150).contains(&right), "{pixels}: {down}, {right}");
            let both = count(&|draw| draw.down == pixels && draw.right == -pixels);
            assert!((330..470).contains(&both), "{pixels}: {both}");
        }
        for tenth in 0..10 {
            let from = (2.0 * f64::from(tenth) - 10.0).to_radians();
            let found = count(&|draw| (from..from + 2.0_f64.to_radians()).contains(&draw.angle));
            assert!((900..1100).contains(&found), "{found} angles from {from} on");
        }
        let flips = [
            count(&|draw| draw.flip_horizontal),
            count(&|draw| draw.flip_vertical),
            2 * count(&|draw| draw.flip_horizontal && draw.flip_vertical),
        ];
        assert!(flips.iter().all(|flips| (4800..5200).contains(flips)), "{flips:?}");
        assert_eq!(augment.draw(3, 5), augment.draw(3, 5));
        assert_ne!(augment.draw(3, 5), augment.draw(5, 3));
    }

    #[test]
    #[cfg(not(miri))]
    fn the_number_of_threads_changes_no_bit() {
        let augment = Augment::<2, 5, 7>::new().shift(2).rotate(20.0).flip_horizontal();
        let images = images(3000);
        let changed = |threads| crate::kernels::with_threads(threads, || augment.apply(&images, 1)).unwrap();
        assert_eq!(changed(1), changed(2));
        assert_eq!(changed(1), changed(3));
    }

    #[test]
    fn invalid_settings_are_errors() {
        let none = Augment::<1, 28, 20>::new();
        assert_eq!(
            none.shift(20).check().unwrap_err().to_string(),
            "a shift of 20 pixels must be less than the 20 of an image of 28 x 20"
        );
        for degrees in [-1.0, 181.0, f64::NAN, f64::INFINITY] {
            let problem = format!("a rotation of {degrees} degrees must be from 0 to 180");
            assert_eq!(none.rotate(degrees).check().unwrap_err().to_string(), problem);
        }
        assert!(none.shift(19).rotate(180.0).check().is_ok());
        assert_eq!(none.shift(2).rotate(7.5).flip_vertical().to_string(), "shift 2, rotate 7.5, flip vertical");
        assert_eq!(none.to_string(), "none");
    }
}
