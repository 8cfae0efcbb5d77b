use crate::layers::max_pool2d::MaxPool2d;
use crate::shape::Line;

/// The maximum in windows of `K` values of a signal, channel by channel; PyTorch's `MaxPool1d`.
///
/// ```text
/// forward    y[c, p]  = max over k of x[c, p · stride - padding + k · dilation]
/// backward   dx[c, q] = sum of dy[c, p] over the windows p whose maximum is at q
/// ```
///
/// ```text
/// x   (N x C x L)   ->   y   (N x C x L')      L' = (L + 2 · padding - dilation · (K - 1) - 1) / stride + 1
/// ```
///
/// This is a [`MaxPool2d`] whose window is a [`Line`]: a signal is an image of one row. By default the windows do not
/// overlap: the stride is `K`. Equal maxima, NaN and the padding are as for `MaxPool2d`.
#[doc(alias("MaxPooling1D", "pooling"))]
pub type MaxPool1d<const K: usize, P = Line<K, K>> = MaxPool2d<K, P>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;
    use crate::shape::{Image, Slide};
    use nalgebra::Const;

    fn check<const K: usize, const L: usize, P: Slide<Const<1>, Const<L>>>() {
        check_gradients::<Image<Const<2>, Const<1>, Const<L>>, _>(&MaxPool1d::<K, P>::default(), &MaxPool1d::default());
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<1, 1, Line<1, 1>>();
        check::<2, 7, Line<2, 2>>();
        check::<3, 8, Line<3, 2, 1>>();
        check::<3, 9, Line<3, 1, 1, 2>>();
    }
}
