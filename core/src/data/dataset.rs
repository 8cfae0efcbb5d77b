#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

use nalgebra::{Dim, DimName, Dyn};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use crate::data::error::DataError;
use crate::data::source::{Data, Subset};
use crate::kernels::{Loop, prefetch, vectorized};
use crate::kernels::{join, parts};
use crate::labels::Labels;
use crate::matrix::{Features, Samples};
use crate::scalar::Scalar;

/// Samples of `F` bytes, each labeled with one of `C` classes.
///
/// Samples are stored as bytes, which take a quarter of the memory of `f32`. Gathering a batch converts them to floats
/// from 0 to 1, `byte / 255`. A batch of `N` samples is a pair of [`Samples`] and [`Labels`].
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
    /// A data set from the bytes of all samples, one after the other, and their labels.
    ///
    /// # Errors
    ///
    /// [`DataError::ByteCount`] unless there are `F` bytes for each label.
    pub fn new(bytes: Vec<u8>, labels: Labels<Dyn, C>) -> Result<Self, DataError>
    where
        F: Features,
    {
        if labels.len().checked_mul(F::DIM) != Some(bytes.len()) {
            return Err(DataError::ByteCount { samples: labels.len(), features: F::DIM, found: bytes.len() });
        }
        Ok(Self { bytes, labels, features: F::name() })
    }

    /// The number of samples.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Returns whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The bytes of one sample.
    ///
    /// # Panics
    ///
    /// If `index` is not less than the number of samples.
    pub fn bytes(&self, index: usize) -> &[u8] {
        assert!(index < self.len(), "sample {index} is out of range for a data set of {} samples", self.len());
        &self.bytes[index * F::DIM..][..F::DIM]
    }

    /// The labels of all samples.
    pub fn labels(&self) -> &Labels<Dyn, C> {
        &self.labels
    }

    /// Splits the data set at random: a fraction `share`, such as 0.1 for validation, and the rest.
    ///
    /// # Errors
    ///
    /// [`DataError::Fraction`] if one of the parts would be empty.
    pub fn split<R: Rng>(&self, share: f64, rng: &mut R) -> Result<[Subset<'_, Self>; 2], DataError> {
        Subset::divide(self, self.len(), share, rng)
    }

    /// Copies the samples at `indices` into an existing batch.
    ///
    /// # Panics
    ///
    /// If the batch does not have one sample and one label per index, or an index is out of range.
    pub fn gather<T: Scalar, N: Dim>(&self, indices: &[usize], x: &mut Samples<T, N, F>, labels: &mut Labels<N, C>) {
        assert_eq!(
            (x.nrows(), labels.len()),
            (indices.len(), indices.len()),
            "the batch needs one sample and one label per index"
        );
        self.fill(indices.iter().copied(), x, labels);
    }

    /// A batch of samples drawn at random with replacement, as in the book.
    ///
    /// # Panics
    ///
    /// If the data set is empty.
    pub fn sample<T: Scalar, N: Dim, R: Rng>(&self, samples: N, rng: &mut R) -> (Samples<T, N, F>, Labels<N, C>) {
        let (mut x, mut labels) = (Samples::zeros(samples, self.features), Labels::zeros(samples));
        self.sample_into(&mut x, &mut labels, rng);
        (x, labels)
    }

    /// [`sample`](Self::sample) into an existing batch, without allocating.
    ///
    /// # Panics
    ///
    /// If the data set is empty, or the numbers of samples and labels differ.
    pub fn sample_into<T: Scalar, N: Dim, R: Rng>(
        &self,
        x: &mut Samples<T, N, F>,
        labels: &mut Labels<N, C>,
        rng: &mut R,
    ) {
        assert!(!self.is_empty(), "cannot draw samples from an empty data set");
        assert_eq!(x.nrows(), labels.len(), "the number of samples must equal the number of labels");
        self.fill(std::iter::repeat_with(|| rng.random_range(0..self.len())), x, labels);
    }

    /// All samples once, in random order, in batches of `samples`.
    ///
    /// An incomplete last batch is returned if `N` is `Dyn`, and skipped if it is static.
    ///
    /// # Panics
    ///
    /// If `samples` is 0.
    pub fn shuffled<T: Scalar, N: Dim, R: Rng>(
        &self,
        samples: N,
        rng: &mut R,
    ) -> impl Iterator<Item = (Samples<T, N, F>, Labels<N, C>)> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.shuffle(rng);
        let size = samples.value();
        assert!(size > 0, "the batch size must be at least 1");
        let usable = if N::try_to_usize().is_some() { order.len() - order.len() % size } else { order.len() };
        (0..usable).step_by(size).map(move |start| {
            let indices = &order[start..usable.min(start + size)];
            let samples = N::from_usize(indices.len());
            let (mut x, mut labels) = (Samples::zeros(samples, self.features), Labels::zeros(samples));
            self.gather(indices, &mut x, &mut labels);
            (x, labels)
        })
    }

    /// A batch of consecutive samples from `start` on.
    ///
    /// # Panics
    ///
    /// If the range exceeds the data set.
    pub fn range<T: Scalar, N: Dim>(&self, start: usize, samples: N) -> (Samples<T, N, F>, Labels<N, C>) {
        let (mut x, mut labels) = (Samples::zeros(samples, self.features), Labels::zeros(samples));
        self.range_into(start, &mut x, &mut labels);
        (x, labels)
    }

    /// [`range`](Self::range) into an existing batch, without allocating.
    ///
    /// # Panics
    ///
    /// If the range exceeds the data set, or the numbers of samples and labels differ.
    pub fn range_into<T: Scalar, N: Dim>(&self, start: usize, x: &mut Samples<T, N, F>, labels: &mut Labels<N, C>) {
        let end = start.saturating_add(labels.len());
        assert!(end <= self.len(), "samples {start}..{end} are out of range for a data set of {} samples", self.len());
        assert_eq!(x.nrows(), labels.len(), "the number of samples must equal the number of labels");
        self.fill(start..end, x, labels);
    }

    /// Fills a batch with the samples at `indices`, and draws no more indices than it has rows.
    fn fill<T: Scalar, N: Dim>(
        &self,
        mut indices: impl Iterator<Item = usize>,
        x: &mut Samples<T, N, F>,
        labels: &mut Labels<N, C>,
    ) {
        let (mut chunk, mut row) = ([0; CHUNK], 0);
        for values in x.data.values_mut().chunks_mut(CHUNK * F::DIM.max(1)) {
            let chunk = &mut chunk[..values.len() / F::DIM];
            for (place, index) in chunk.iter_mut().zip(&mut indices) {
                *place = index;
                labels.copy(row, &self.labels, index);
                row += 1;
            }
            self.convert(chunk, values, parts(values.len() * OPERATIONS));
        }
    }

    /// Converts the samples at `indices` to floats, in `parts` parallel parts.
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
        // Consecutive samples, as in evaluations, are contiguous bytes, which the processor prefetches itself.
        if let Some(&first) = indices.first()
            && indices.is_sorted_by(|before, after| before + 1 == *after)
        {
            let bytes = &self.bytes[first * F::DIM..][..values.len()];
            return vectorized(Pixels { bytes, to: values });
        }
        // Other samples are scattered in memory. Looking up their pages takes longest, so all lookups start at once;
        // then the next samples are prefetched while one is converted.
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

/// The number of samples prefetched ahead.
const AHEAD: usize = 4;
/// The number of samples filled at a time.
const CHUNK: usize = 256;
/// The approximate cost of fetching and converting a byte, in multiplications.
const OPERATIONS: usize = 16;

/// The loop that converts bytes to floats.
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
    fn bytes_become_floats_from_0_to_1() {
        let batch = five().range(3, Const::<2>);
        assert_eq!(batch.1.classes(), [3, 4]);
        assert_sample(&batch, 0);
        assert_sample(&batch, 1);
    }

    #[test]
    fn drawing_with_replacement_reaches_every_sample() {
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
        assert_eq!(error.to_string(), "5 bytes, but 2 samples of 2 bytes each have 4");
    }
}
