use crate::layers::average_pool2d::AveragePool2d;
use crate::shape::Line;

/// The mean of windows of `K` values of a signal, channel by channel; PyTorch's `AvgPool1d`.
///
/// ```text
/// forward    y[c, p]  = 1 / n(p) · sum over k of x[c, p · stride - padding + k · dilation]
/// backward   dx[c, q] = sum of dy[c, p] / n(p) over the windows p that read q
/// ```
///
/// ```text
/// x   (N x C x L)   ->   y   (N x C x L')      L' = (L + 2 · padding - dilation · (K - 1) - 1) / stride + 1
/// ```
///
/// This is an [`AveragePool2d`] whose window is a [`Line`]: a signal is an image of one row. By default the windows do
/// not overlap: the stride is `K`. `n(p)` and the padding are as for `AveragePool2d`.
#[doc(alias("AvgPool1d", "AveragePooling1D", "pooling"))]
pub type AveragePool1d<const K: usize, P = Line<K, K>, const COUNT_PADDING: bool = true> =
    AveragePool2d<K, P, COUNT_PADDING>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;
    use crate::shape::{Image, Slide};
    use nalgebra::Const;

    fn check<const K: usize, const L: usize, P: Slide<Const<1>, Const<L>>>() {
        check_gradients::<Image<Const<2>, Const<1>, Const<L>>, _>(
            &AveragePool1d::<K, P>::default(),
            &AveragePool1d::default(),
        );
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<1, 1, Line<1, 1>>();
        check::<2, 7, Line<2, 2>>();
        check::<3, 8, Line<3, 2, 1>>();
        check::<3, 9, Line<3, 1, 1, 2>>();
    }
}
