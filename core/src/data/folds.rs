//! Splits of tables that keep the shares of the classes, and cross-validation.

use nalgebra::{DimName, Dyn};
use rand::Rng;
use rand::seq::SliceRandom;

use crate::data::error::DataError;
use crate::data::table::Table;
use crate::labels::Labels;
use crate::scalar::Scalar;
use crate::target::Target;

impl<T: Scalar, F: DimName, Y> Table<T, F, Y> {
    /// Splits the table at random into `folds` parts of equal size for cross-validation.
    ///
    /// Returns a part for testing and the rest for training, once for each fold. Each sample is in one part for testing.
    /// Sizes differ by at most one sample.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// use typenet::Batch;
    /// use typenet::data::Table;
    /// use typenet::nalgebra::{Const, Dyn};
    /// use typenet::rand::{SeedableRng, rngs::StdRng};
    ///
    /// let values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    /// let table: Table<f64, Const<1>, Batch<f64, Dyn, Const<1>>> = Table::regression(&values, &values)?;
    /// for [test, train] in table.folds(3, &mut StdRng::seed_from_u64(1))? {
    ///     assert_eq!((test.samples().nrows(), train.samples().nrows()), (2, 4));
    /// }
    /// # Ok::<(), typenet::data::DataError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`DataError::Folds`] unless there are at least 2 folds, with a sample in each.
    pub fn folds<O: DimName, R: Rng>(
        &self,
        folds: usize,
        rng: &mut R,
    ) -> Result<impl ExactSizeIterator<Item = [Self; 2]>, DataError>
    where
        Y: Target<T, Dyn, O>,
    {
        self.deal(shuffled(self.samples().nrows(), rng), folds)
    }

    /// Deals samples out to `folds` parts in turn.
    fn deal<O: DimName>(
        &self,
        order: Vec<usize>,
        folds: usize,
    ) -> Result<impl ExactSizeIterator<Item = [Self; 2]>, DataError>
    where
        Y: Target<T, Dyn, O>,
    {
        if folds < 2 || folds > order.len() {
            return Err(DataError::Folds { folds, samples: order.len() });
        }
        Ok((0..folds).map(move |fold| self.select_by(&order, |place| place % folds == fold)))
    }

    /// The samples whose place in `order` is chosen, and the rest.
    fn select_by<O: DimName>(&self, order: &[usize], is_chosen: impl Fn(usize) -> bool) -> [Self; 2]
    where
        Y: Target<T, Dyn, O>,
    {
        [true, false].map(|chosen| {
            let places = (0..order.len()).filter(|&place| is_chosen(place) == chosen);
            self.select(&places.map(|place| order[place]).collect::<Vec<_>>())
        })
    }
}

impl<T: Scalar, F: DimName, C: DimName> Table<T, F, Labels<Dyn, C>> {
    /// [`split`](Self::split) with the same share of each class, within one sample.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// use typenet::Labels;
    /// use typenet::data::Table;
    /// use typenet::nalgebra::{Const, Dyn};
    /// use typenet::rand::{SeedableRng, rngs::StdRng};
    ///
    /// // One positive among five.
    /// let classes: Vec<usize> = (0..100).map(|sample| usize::from(sample % 5 == 0)).collect();
    /// let table: Table<f32, Const<1>, Labels<Dyn, Const<2>>> = Table::classification(&[0.0; 100], &classes)?;
    /// let [test, _] = table.stratified_split(0.2, &mut StdRng::seed_from_u64(1))?;
    /// assert_eq!(test.targets().classes().iter().sum::<usize>(), 4);
    /// # Ok::<(), typenet::data::DataError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`DataError::Fraction`] if one of the parts would be empty.
    pub fn stratified_split<R: Rng>(&self, share: f64, rng: &mut R) -> Result<[Self; 2], DataError> {
        let order = self.by_class(rng);
        let samples = order.len();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // counts out of range are rejected below
        let count = (share * samples as f64).round() as usize;
        if !(count > 0 && count < samples) {
            return Err(DataError::Fraction { fraction: share, samples });
        }
        // Evenly spaced places, `count` in all.
        let before = |place: usize| place as u128 * count as u128 / samples as u128;
        Ok(self.select_by(&order, |place| before(place + 1) > before(place)))
    }

    /// [`folds`](Self::folds) with the same share of each class, within one sample.
    ///
    /// # Errors
    ///
    /// [`DataError::Folds`] unless there are at least 2 folds, with a sample in each.
    pub fn stratified_folds<R: Rng>(
        &self,
        folds: usize,
        rng: &mut R,
    ) -> Result<impl ExactSizeIterator<Item = [Self; 2]>, DataError> {
        self.deal(self.by_class(rng), folds)
    }

    /// All samples, those of each class together and in random order.
    fn by_class<R: Rng>(&self, rng: &mut R) -> Vec<usize> {
        let mut order = shuffled(self.samples().nrows(), rng);
        order.sort_by_key(|&sample| self.targets().classes()[sample]);
        order
    }
}

fn shuffled<R: Rng>(samples: usize, rng: &mut R) -> Vec<usize> {
    let mut order: Vec<usize> = (0..samples).collect();
    order.shuffle(rng);
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::Const;
    use rand::{SeedableRng, rngs::StdRng};

    type Flowers = Table<f64, Const<1>, Labels<Dyn, Const<3>>>;

    /// Sample `i` has the feature `i`. Classes have 8, 49 and 3 samples.
    fn flowers() -> Flowers {
        let classes: Vec<usize> =
            (0..60).map(|sample| usize::from(sample % 8 != 0) + usize::from(sample % 20 == 1)).collect();
        let values: Vec<f64> = (0..60).map(f64::from).collect();
        Flowers::classification(&values, &classes).unwrap()
    }

    fn counts(table: &Flowers) -> [usize; 3] {
        [0, 1, 2].map(|class| table.targets().classes().iter().filter(|&&found| found == class).count())
    }

    /// Checks that samples keep their targets, and returns the features in ascending order.
    fn features(tables: &[&Flowers]) -> Vec<f64> {
        let all = flowers();
        let mut seen = Vec::new();
        for table in tables {
            for (sample, &class) in table.targets().classes().iter().enumerate() {
                let value = table.samples()[(sample, 0)];
                let from = all.samples().iter().position(|found| *found == value).unwrap();
                assert_eq!(class, all.targets().classes()[from]);
                seen.push(value);
            }
        }
        seen.sort_by(f64::total_cmp);
        seen
    }

    fn whole() -> Vec<f64> {
        (0..60).map(f64::from).collect()
    }

    #[test]
    fn a_stratified_split_has_the_share_of_each_class_within_one_sample() {
        let all = counts(&flowers());
        for seed in 0..20 {
            for share in [0.1, 0.25, 1.0 / 3.0, 0.5, 0.9] {
                let [part, rest] = flowers().stratified_split(share, &mut StdRng::seed_from_u64(seed)).unwrap();
                assert_eq!(features(&[&part, &rest]), whole());
                assert_eq!(part.samples().nrows() as f64, (60.0 * share).round());
                for (found, all) in counts(&part).into_iter().zip(all) {
                    assert!((found as f64 - share * all as f64).abs() < 1.0 + 1e-9, "{found} of {all}, {share}");
                }
            }
        }
        let split = |seed| flowers().stratified_split(0.5, &mut StdRng::seed_from_u64(seed)).unwrap();
        assert_ne!(split(1), split(2));
        assert_eq!(split(1), split(1));
        for share in [0.0, 0.001, 1.0, -1.0, f64::NAN] {
            let error = flowers().stratified_split(share, &mut StdRng::seed_from_u64(1)).unwrap_err();
            assert!(matches!(error, DataError::Fraction { .. }));
        }
    }

    #[test]
    fn each_sample_is_tested_in_one_fold() {
        let (table, all) = (flowers(), counts(&flowers()));
        for folds in [2, 3, 7, 60] {
            let mut rng = StdRng::seed_from_u64(1);
            let plain: Vec<_> = table.folds(folds, &mut rng).unwrap().collect();
            let stratified: Vec<_> = table.stratified_folds(folds, &mut rng).unwrap().collect();
            for parts in [&plain, &stratified] {
                assert_eq!(parts.len(), folds);
                assert_eq!(features(&parts.iter().map(|[test, _]| test).collect::<Vec<_>>()), whole());
                for [test, train] in parts {
                    assert_eq!(features(&[test, train]), whole());
                    assert!([60 / folds, 60_usize.div_ceil(folds)].contains(&test.samples().nrows()));
                }
            }
            for [test, _] in &stratified {
                for (found, all) in counts(test).into_iter().zip(all) {
                    assert!([all / folds, all.div_ceil(folds)].contains(&found), "{found} of {all} in {folds} folds");
                }
            }
        }
        for folds in [0, 1, 61] {
            let error = table.folds(folds, &mut StdRng::seed_from_u64(1)).map(drop).unwrap_err().to_string();
            let expected = "at least 2 folds and a sample in each were expected";
            assert_eq!(error, format!("{folds} folds of 60 samples; {expected}"));
        }
    }
}
