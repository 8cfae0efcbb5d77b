use nalgebra::{DimName, Dyn};

use crate::data::dataset::Dataset;
use crate::data::error::DataError;
use crate::data::source::{Data, Subset};
use crate::data::table::Table;
use crate::matrix::Samples;
use crate::scalar::Scalar;
use crate::target::WeightedTargets;

/// A data set with a weight for each sample, for a network that ends in
/// [`SampleWeighted`](crate::losses::SampleWeighted).
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::data::{Table, Weighted};
/// use typenet::nalgebra::{Const, Dyn};
/// use typenet::{Batch, Labels};
///
/// let values = [1.4, 0.2, 4.7, 1.4, 1.3, 0.2];
/// let flowers: Table<f32, Const<2>, Labels<Dyn, Const<2>>> = Table::classification(&values, &[0, 1, 0])?;
/// let flowers: Weighted<_> = flowers.with_weights(vec![1.0, 20.0, 0.5])?;
/// assert_eq!(flowers.weights(), [1.0, 20.0, 0.5]);
/// # Ok::<(), typenet::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Weighted<D> {
    data: D,
    // Invariant: one weight per sample, finite and not negative.
    weights: Vec<f64>,
}

impl<D> Weighted<D> {
    fn new(data: D, samples: usize, weights: Vec<f64>) -> Result<Self, DataError> {
        if weights.len() != samples {
            return Err(DataError::WeightCount { samples, found: weights.len() });
        }
        let invalid = weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0));
        if let Some(sample) = invalid {
            return Err(DataError::Weight { sample, weight: weights[sample] });
        }
        Ok(Self { data, weights })
    }

    /// The data set without its weights.
    pub fn data(&self) -> &D {
        &self.data
    }

    /// The weight of each sample.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }
}

impl<T: Scalar, F: DimName, Y> Table<T, F, Y> {
    /// Gives each sample a weight, by which it counts in the mean loss.
    ///
    /// # Errors
    ///
    /// [`DataError::WeightCount`] unless there is one weight for each sample; [`DataError::Weight`] if one is negative,
    /// NaN or infinite.
    pub fn with_weights(self, weights: Vec<f64>) -> Result<Weighted<Self>, DataError> {
        let samples = self.samples().nrows();
        Weighted::new(self, samples, weights)
    }
}

impl<F: DimName, C: DimName> Dataset<F, C> {
    /// Gives each sample a weight, by which it counts in the mean loss.
    ///
    /// # Errors
    ///
    /// [`DataError::WeightCount`] unless there is one weight for each sample; [`DataError::Weight`] if one is negative,
    /// NaN or infinite.
    pub fn with_weights(self, weights: Vec<f64>) -> Result<Weighted<Self>, DataError> {
        let samples = self.len();
        Weighted::new(self, samples, weights)
    }
}

impl<D> Subset<'_, D> {
    /// Gives each sample of the subset a weight, by which it counts in the mean loss.
    ///
    /// # Errors
    ///
    /// [`DataError::WeightCount`] unless there is one weight for each sample; [`DataError::Weight`] if one is negative,
    /// NaN or infinite.
    pub fn with_weights(self, weights: Vec<f64>) -> Result<Weighted<Self>, DataError> {
        let samples = self.indices().len();
        Weighted::new(self, samples, weights)
    }
}

impl<T: Scalar, F: DimName, O: DimName, D: Data<T, F, O>> Data<T, F, O> for Weighted<D> {
    type Target = WeightedTargets<D::Target>;

    fn len(&self) -> usize {
        self.data.len()
    }

    fn gather_into(&self, indices: &[usize], x: &mut Samples<T, Dyn, F>, target: &mut Self::Target) {
        self.data.gather_into(indices, x, target.targets_mut());
        target.set_weights(indices.iter().map(|&index| self.weights[index]));
    }

    fn range_into(&self, start: usize, x: &mut Samples<T, Dyn, F>, target: &mut Self::Target) {
        let end = start + x.nrows();
        self.data.range_into(start, x, target.targets_mut());
        target.set_weights(self.weights[start..end].iter().copied());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::Labels;
    use crate::target::Target;
    use nalgebra::Const;

    type Flowers = Table<f32, Const<1>, Labels<Dyn, Const<2>>>;

    fn flowers() -> Flowers {
        Table::classification(&[0.0, 1.0, 2.0, 3.0], &[0, 1, 0, 1]).unwrap()
    }

    #[test]
    fn batches_have_the_weights_of_their_samples() {
        let data = flowers().with_weights(vec![0.5, 1.5, 2.5, 3.5]).unwrap();
        let mut x = Samples::zeros(Dyn(2), Const);
        let mut target = Target::<f32, _, Const<2>>::empty(Dyn(2));
        Data::<_, _, Const<2>>::gather_into(&data, &[3, 0], &mut x, &mut target);
        assert_eq!((target.weights(), target.targets().classes()), (&[3.5, 0.5][..], &[1, 0][..]));
        Data::<_, _, Const<2>>::range_into(&data, 1, &mut x, &mut target);
        assert_eq!((target.weights(), target.targets().classes()), (&[1.5, 2.5][..], &[1, 0][..]));
    }

    #[test]
    fn invalid_weights_are_named() {
        let error = |weights: &[f64]| flowers().with_weights(weights.to_vec()).unwrap_err().to_string();
        assert_eq!(error(&[1.0; 3]), "3 weights for 4 samples");
        let problem = "weights must be at least 0 and finite";
        assert_eq!(error(&[1.0, 0.0, -1.0, 1.0]), format!("the weight of sample 2 is -1; {problem}"));
        assert_eq!(error(&[f64::NAN; 4]), format!("the weight of sample 0 is NaN; {problem}"));
    }
}
