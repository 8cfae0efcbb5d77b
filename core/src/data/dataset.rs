#![allow(clippy::inline_always)] // loops are vectorised only where everything in them is inlined

use nalgebra::{Dim, DimName, Dyn};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use crate::data::error::DataError;
use crate::data::source::{Data, Subset};
use crate::kernels::{Loop, prefetch, vectorized};
use crate::kernels::{join, parts};
use crate::labels::Labels;
use crate::matrix::Samples;
use crate::scalar::Scalar;

/// Samples of `F` bytes, each with one of `C` labels.
///
/// They stay bytes in memory, a quarter of what floats would take, and become numbers from 0 to 1 (`byte / 255`)
/// when a batch is gathered. A batch is a pair of [`Samples`] and [`Labels`] for the same `N`.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::Const;
/// use typenet::rand::{SeedableRng, rngs::StdRng};
/// use typenet::Samples;
/// use typenet::data::digits;
///
/// let (train, test) = digits::generate(600, 100, 1);
/// let mut rng = StdRng::seed_from_u64(1);
/// let (x, labels) = train.sample(Const::<100>, &mut rng);
/// let x: Samples<f32, Const<100>, Const<784>> = x;
/// assert_eq!((labels.len(), test.len()), (100, 100));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset<F: DimName, C: DimName> {
    // Invariant: `F` bytes for each label.
    bytes: Vec<u8>,
    labels: Labels<Dyn, C>,
    features: F,
}

impl<F: DimName, C: DimName> Dataset<F, C> {
    /// Takes the bytes of all samples, one after the other, and their labels.
    ///
    /// # Errors
    ///
    /// [`DataError::ByteCount`] if there are not `F` bytes for each label.
    pub fn new(bytes: Vec<u8>, labels: Labels<Dyn, C>) -> Result<Self, DataError> {
        if labels.len().checked_mul(F::DIM) != Some(bytes.len()) {
            return Err(DataError::ByteCount { samples: labels.len(), features: F::DIM, found: bytes.len() });
        }
        Ok(Self { bytes, labels, features: F::name() })
    }

    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The bytes of one sample.
    ///
    /// # Panics
    ///
    /// If there is no sample of that index.
    pub fn bytes(&self, index: usize) -> &[u8] {
        assert!(index < self.len(), "sample {index} of a data set of {}", self.len());
        &self.bytes[index * F::DIM..][..F::DIM]
    }

    /// The labels of all samples.
    pub fn labels(&self) -> &Labels<Dyn, C> {
        &self.labels
    }

    /// Divides it at random: a part of `share` of its samples, such as 0.1 to validate with, and the rest.
    ///
    /// # Errors
    ///
    /// [`DataError::Fraction`] if one of them would have no samples.
    pub fn split<R: Rng>(&self, share: f64, rng: &mut R) -> Result<[Subset<'_, Self>; 2], DataError> {
        Subset::divide(self, self.len(), share, rng)
    }

    /// Puts the samples of those indices into a batch that is there.
    ///
    /// # Panics
    ///
    /// If the batch has another size, or an index is not one of a sample.
    pub fn gather<T: Scalar, N: Dim>(&self, indices: &[usize], x: &mut Samples<T, N, F>, labels: &mut Labels<N, C>) {
        assert_eq!((x.nrows(), labels.len()), (indices.len(), indices.len()), "as many samples and labels as indices");
        self.fill(indices.iter().copied(), x, labels);
    }

    /// A batch of that many samples, drawn with replacement, as the book does.
    ///
    /// # Panics
    ///
    /// If the data set is empty.
    pub fn sample<T: Scalar, N: Dim, R: Rng>(&self, samples: N, rng: &mut R) -> (Samples<T, N, F>, Labels<N, C>) {
        let (mut x, mut labels) = (Samples::zeros(samples, self.features), Labels::zeros(samples));
        self.sample_into(&mut x, &mut labels, rng);
        (x, labels)
    }

    /// [`sample`](Self::sample) into a batch that is there; it allocates nothing.
    ///
    /// # Panics
    ///
    /// If the data set is empty, or the samples are more or fewer than the labels.
    pub fn sample_into<T: Scalar, N: Dim, R: Rng>(
        &self,
        x: &mut Samples<T, N, F>,
        labels: &mut Labels<N, C>,
        rng: &mut R,
    ) {
        assert!(!self.is_empty(), "an empty data set has no samples to draw");
        assert_eq!(x.nrows(), labels.len(), "as many samples as labels");
        self.fill(std::iter::repeat_with(|| rng.random_range(0..self.len())), x, labels);
    }

    /// All samples once, in random order, in batches of that many.
    ///
    /// What is left at the end is a smaller batch if `N` is `Dyn`, and left out if it is static.
    ///
    /// # Panics
    ///
    /// If the batches are to have no samples.
    pub fn shuffled<T: Scalar, N: Dim, R: Rng>(
        &self,
        samples: N,
        rng: &mut R,
    ) -> impl Iterator<Item = (Samples<T, N, F>, Labels<N, C>)> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.shuffle(rng);
        let size = samples.value();
        assert!(size > 0, "batches of 0 samples never come to an end");
        let usable = if N::try_to_usize().is_some() { order.len() - order.len() % size } else { order.len() };
        (0..usable).step_by(size).map(move |start| {
            let indices = &order[start..usable.min(start + size)];
            let samples = N::from_usize(indices.len());
            let (mut x, mut labels) = (Samples::zeros(samples, self.features), Labels::zeros(samples));
            self.gather(indices, &mut x, &mut labels);
            (x, labels)
        })
    }

    /// A batch of the samples from `start` on.
    ///
    /// # Panics
    ///
    /// If there are not as many.
    pub fn range<T: Scalar, N: Dim>(&self, start: usize, samples: N) -> (Samples<T, N, F>, Labels<N, C>) {
        let (mut x, mut labels) = (Samples::zeros(samples, self.features), Labels::zeros(samples));
        self.range_into(start, &mut x, &mut labels);
        (x, labels)
    }

    /// [`range`](Self::range) into a batch that is there; it allocates nothing.
    ///
    /// # Panics
    ///
    /// If there are not as many, or the samples are more or fewer than the labels.
    pub fn range_into<T: Scalar, N: Dim>(&self, start: usize, x: &mut Samples<T, N, F>, labels: &mut Labels<N, C>) {
        let end = start.saturating_add(labels.len());
        assert!(end <= self.len(), "samples {start} to {end} of a data set of {}", self.len());
        assert_eq!(x.nrows(), labels.len(), "as many samples as labels");
        self.fill(start..end, x, labels);
    }

    /// Fills a batch with the samples of those indices, of which no more are drawn than it has room for.
    fn fill<T: Scalar, N: Dim>(
        &self,
        mut indices: impl Iterator<Item = usize>,
        x: &mut Samples<T, N, F>,
        labels: &mut Labels<N, C>,
    ) {
        let (mut some, mut row) = ([0; SOME], 0);
        for values in x.data.values_mut().chunks_mut(SOME * F::DIM.max(1)) {
            let some = &mut some[..values.len() / F::DIM];
            for (place, index) in some.iter_mut().zip(&mut indices) {
                *place = index;
                labels.copy(row, &self.labels, index);
                row += 1;
            }
            self.convert(some, values, parts(values.len() * OPERATIONS));
        }
    }

    /// Turns the samples of those indices into numbers, so many parts at once.
    fn convert<T: Scalar>(&self, indices: &[usize], values: &mut [T], parts: usize) {
        let middle = indices.len() * (parts / 2) / parts.max(1);
        if middle > 0 {
            let (low, high) = values.split_at_mut(middle * F::DIM);
            join(
                || self.convert(&indices[..middle], low, parts / 2),
                || self.convert(&indices[middle..], high, parts - parts / 2),
            );
            return;
        }
        // Samples one after the other, as in evaluations, are so many bytes in a row, which the processor fetches by itself.
        if let Some(&first) = indices.first()
            && indices.is_sorted_by(|before, after| before + 1 == *after)
        {
            let bytes = &self.bytes[first * F::DIM..][..values.len()];
            return vectorized(Pixels { bytes, to: values });
        }
        // Samples come from anywhere in memory. To look up where their pages are takes longest, and several are looked up at
        // once; then the next samples are on their way while one is converted.
        for bytes in indices.iter().map(|&index| self.bytes(index)) {
            prefetch(&bytes[..bytes.len().min(1)]);
            prefetch(&bytes[bytes.len().saturating_sub(1)..]);
        }
        indices.iter().take(AHEAD).for_each(|&index| prefetch(self.bytes(index)));
        for (place, (&index, to)) in indices.iter().zip(values.chunks_mut(F::DIM)).enumerate() {
            if let Some(&next) = indices.get(place + AHEAD) {
                prefetch(self.bytes(next));
            }
            vectorized(Pixels { bytes: self.bytes(index), to });
        }
    }
}

impl<T: Scalar, F: DimName, C: DimName> Data<T, F, C> for Dataset<F, C> {
    type Target = Labels<Dyn, C>;

    fn len(&self) -> usize {
        self.len()
    }

    fn gather_into(&self, indices: &[usize], x: &mut Samples<T, Dyn, F>, labels: &mut Labels<Dyn, C>) {
        self.gather(indices, x, labels);
    }

    fn range_into(&self, start: usize, x: &mut Samples<T, Dyn, F>, labels: &mut Labels<Dyn, C>) {
        self.range_into(start, x, labels);
    }
}

/// How many samples are fetched before they are needed.
const AHEAD: usize = 4;
/// How many samples are filled in at a time.
const SOME: usize = 256;
/// How many multiplications take as long as fetching and converting a byte, about.
const OPERATIONS: usize = 16;

/// Bytes that become numbers.
struct Pixels<'a, T> {
    bytes: &'a [u8],
    to: &'a mut [T],
}

impl<T: Scalar> Loop for Pixels<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (to, &byte) in self.to.iter_mut().zip(self.bytes) {
            *to = T::from_pixel(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::Const;
    use rand::{SeedableRng, rngs::StdRng};

    /// Five samples of two bytes: sample `i` is `(51 i, 255 - 51 i)` with label `i`.
    fn five() -> Dataset<Const<2>, Const<5>> {
        let bytes = (0..5).flat_map(|i| [51 * i, 255 - 51 * i]).collect();
        Dataset::new(bytes, vec![0, 1, 2, 3, 4].try_into().unwrap()).unwrap()
    }

    fn assert_sample<N: Dim>((x, labels): &(Samples<f32, N, Const<2>>, Labels<N, Const<5>>), row: usize) {
        let wanted = labels.classes()[row] as f32 / 5.0;
        assert!((x[(row, 0)] - wanted).abs() < 1e-6 && (x[(row, 1)] - (1.0 - wanted)).abs() < 1e-6);
    }

    #[test]
    fn bytes_become_numbers_from_0_to_1() {
        let batch = five().range(3, Const::<2>);
        assert_eq!(batch.1.classes(), [3, 4]);
        assert_sample(&batch, 0);
        assert_sample(&batch, 1);
    }

    #[test]
    fn draws_with_replacement_reach_every_sample() {
        let (data, mut rng) = (five(), StdRng::seed_from_u64(1));
        let batch = data.sample(Dyn(100), &mut rng);
        (0..100).for_each(|row| assert_sample(&batch, row));
        assert!((0..5).all(|class| batch.1.classes().contains(&class)));
        let again = data.sample::<f32, _, _>(Dyn(100), &mut StdRng::seed_from_u64(1));
        assert_eq!(batch, again);
    }

    #[test]
    fn an_epoch_has_every_sample_once() {
        let (data, mut rng) = (five(), StdRng::seed_from_u64(1));
        let batches: Vec<_> = data.shuffled(Dyn(2), &mut rng).collect();
        assert_eq!(batches.iter().map(|batch| batch.1.len()).collect::<Vec<_>>(), [2, 2, 1]);
        for batch in &batches {
            assert_sample(batch, 0);
        }
        let mut seen: Vec<_> = batches.iter().flat_map(|batch| batch.1.classes().to_vec()).collect();
        assert_ne!(seen, [0, 1, 2, 3, 4]);
        seen.sort_unstable();
        assert_eq!(seen, [0, 1, 2, 3, 4]);
        assert_eq!(data.shuffled::<f32, _, _>(Const::<2>, &mut rng).count(), 2);
    }

    #[test]
    fn lengths_are_checked() {
        let error = Dataset::<Const<2>, Const<5>>::new(vec![0; 5], vec![0, 1].try_into().unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "5 bytes for 2 samples of 2 bytes each");
    }
}
