use nalgebra::{DimName, Dyn};

use crate::data::Dataset;
use crate::kernels::{join, parts};
use crate::labels::Labels;
use crate::matrix::Samples;
use crate::metrics::score::chunk_size;
use crate::networks::Network;

/// Predicts classes for whole data sets; every [`Network`] implements it.
pub trait Evaluate: Network {
    /// The fraction of a data set classified correctly, from 0 to 1; processes the data in chunks.
    #[must_use]
    fn evaluate(&self, data: &Dataset<Self::Input, Self::Output>) -> f64 {
        let answers = self.classify_all(data);
        let is_right = |row: &usize| answers.classes()[*row] == data.labels().classes()[*row];
        let undecided = answers.undecided().iter().filter(|row| is_right(row)).count();
        let right = (0..data.len()).filter(is_right).count() - undecided;
        right as f64 / data.len().max(1) as f64
    }

    /// [Classifies](Network::classify) all samples of a data set; processes the data in chunks.
    #[must_use]
    fn classify_all(&self, data: &Dataset<Self::Input, Self::Output>) -> Labels<Dyn, Self::Output> {
        let mut classes = vec![0; data.len()];
        let parts = parts(self.parameter_count().saturating_mul(data.len()));
        let chunk = chunk_size(self, data.len());
        let undecided = classify_range(self, data, 0, &mut classes, chunk, parts);
        Labels::new(Dyn(classes.len()), &classes).expect("one class for each sample").with_undecided(undecided)
    }
}

impl<Net: Network> Evaluate for Net {}

/// Fills `classes` with those of the samples from `start` on, chunk by chunk, on `parts` threads.
///
/// Returns the undecided samples.
fn classify_range<Net: Network>(
    network: &Net,
    data: &Dataset<Net::Input, Net::Output>,
    start: usize,
    classes: &mut [usize],
    chunk: usize,
    parts: usize,
) -> Vec<usize> {
    // Split between chunks, so that the chunks do not depend on the number of parts.
    let middle = (classes.len() * (parts / 2) / parts.max(1)).next_multiple_of(chunk);
    if parts > 1 && middle < classes.len() {
        let (low, high) = classes.split_at_mut(middle);
        let (mut undecided, later) = join(
            || classify_range(network, data, start, low, chunk, parts / 2),
            || classify_range(network, data, start + middle, high, chunk, parts - parts / 2),
        );
        undecided.extend(later);
        return undecided;
    }
    let (mut x, mut labels) = (Samples::zeros(Dyn(chunk), Net::Input::name()), Labels::zeros(Dyn(chunk)));
    let (mut tape, mut undecided) = (Net::tape(Dyn(chunk)), Vec::new());
    for (number, classes) in classes.chunks_mut(chunk).enumerate() {
        let start = start + number * chunk;
        if classes.len() < chunk {
            let count = Dyn(classes.len());
            (x, labels) = (Samples::zeros(count, Net::Input::name()), Labels::zeros(count));
        }
        data.range_into(start, &mut x, &mut labels);
        network.classify_with(&x, &mut tape, &mut labels);
        classes.copy_from_slice(labels.classes());
        undecided.extend(labels.undecided().iter().map(|row| start + row));
    }
    undecided
}
