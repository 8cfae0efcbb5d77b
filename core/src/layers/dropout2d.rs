use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix};

#[cfg(feature = "alloc")]
use crate::layers::dropout::drop_values;
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::Layer;
use crate::layers::mode::Mode;
use crate::matrix::Batch;
#[cfg(feature = "alloc")]
use crate::parameters::Operation;
use crate::parameters::{At, embedded};
use crate::parameters::{Parameters, Part, PartMut};
use crate::scalar::Scalar;
use crate::shape::Image;

/// Sets whole channels to 0 at random in training: `y[c] = m[c] · x[c]`; PyTorch's `Dropout2d`.
///
/// Backward: `dx[c] = m[c] · dy[c]`, where `m[c]` is 0 with probability `p`, else `1 / (1 - p)`. In [`Mode::Infer`] the
/// layer is the identity. Neighboring pixels are so similar that [`Dropout`](super::Dropout) hides little of an image.
///
/// A channel is dropped where [`Mode::noise`] of its sample and index is below `p`. The default `p` is 0.5, as in PyTorch.
/// Source: Tompson and others, "Efficient Object Localization Using Convolutional Networks" (2015).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x C x H x W`.
#[doc(alias("SpatialDropout"))]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dropout2d {
    /// The probability that a channel is dropped: at least 0 and less than 1.
    pub p: f64,
}

impl Dropout2d {
    /// A layer that drops each channel with probability `p`.
    pub const fn new(p: f64) -> Self {
        Self { p }
    }

    /// Sets the probability that a channel is dropped.
    #[must_use]
    pub const fn p(self, p: f64) -> Self {
        Self::new(p)
    }
}

/// A layer that drops half of the channels.
impl Default for Dropout2d {
    fn default() -> Self {
        Self::new(0.5)
    }
}

embedded!([] Dropout2d = Self::new(At::<P>::setting("p")), settings: "p");

impl<T: Scalar> Parameters<T> for Dropout2d {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::setting_within("p", &self.p, 0.0..1.0))
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then_some(PartMut::Setting(&mut self.p))
    }
}

impl<T: Scalar, C: DimName, H: DimName, W: DimName> Infer<T, Image<C, H, W>> for Dropout2d {
    type Out = Image<C, H, W>;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        y.copy_from_slice(x);
    }
}

#[cfg(feature = "alloc")]
impl<T: Scalar, C: DimName, H: DimName, W: DimName> Layer<T, Image<C, H, W>> for Dropout2d {
    type Cache<N: Dim> = Mode;

    /// # Panics
    ///
    /// In training, unless `p` is at least 0 and less than 1.
    fn forward<N: Dim, S: RawStorage<T, N, Image<C, H, W>>>(
        &self,
        x: &Matrix<T, N, Image<C, H, W>, S>,
        y: &mut Batch<T, N, Image<C, H, W>>,
        cache: &mut Mode,
        mode: Mode,
    ) {
        *cache = mode;
        y.copy_from(x);
        drop_values(self.p, H::DIM * W::DIM, y, mode);
    }

    fn backward<N: Dim, S: RawStorage<T, N, Image<C, H, W>>>(
        &self,
        _: &Matrix<T, N, Image<C, H, W>, S>,
        _: &Batch<T, N, Image<C, H, W>>,
        dy: &Batch<T, N, Image<C, H, W>>,
        dx: Option<&mut Batch<T, N, Image<C, H, W>>>,
        cache: &mut Mode,
    ) {
        let Some(dx) = dx else { return };
        dx.copy_from(dy);
        drop_values(self.p, H::DIM * W::DIM, dx, *cache);
    }

    fn operation(&self) -> Option<Operation> {
        Some(Operation::identity())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;
    use nalgebra::{Const, Dyn};

    type Pixels = Image<Const<5>, Const<2>, Const<3>>;

    #[test]
    fn gradients_agree_with_differences() {
        check_gradients::<Pixels, _>(&Dropout2d::default(), &Dropout2d::default());
        check_gradients::<Pixels, _>(&Dropout2d::new(0.2), &Dropout2d::default());
    }

    #[test]
    fn the_mask_is_the_noise_of_the_channel() {
        let mode = Mode::train(5);
        let x = Batch::<f32, Dyn, Pixels>::from_fn(Dyn(50), Pixels::name(), |_, _| 3.0);
        let mut y = x.clone();
        Dropout2d::new(0.25).forward(&x, &mut y, &mut Mode::Infer, mode);
        for (sample, feature) in (0..50).flat_map(|sample| (0..30).map(move |feature| (sample, feature))) {
            let is_dropped = mode.noise(sample, feature / 6).unwrap() < 0.25;
            assert_eq!(y[(sample, feature)], if is_dropped { 0.0 } else { 4.0 });
        }
        Dropout2d::default().forward(&x, &mut y, &mut Mode::Infer, Mode::Infer);
        assert_eq!(y, x);
    }
}
