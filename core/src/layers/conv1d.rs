use crate::layers::conv2d::Conv2d;
use crate::shape::Line;

/// A convolution of signals of `IN` channels with `OUT` filters of `K` values; PyTorch's `Conv1d`.
///
/// ```text
/// forward    y[o, p]  = b[o] + sum over i, k of w[o, i, k] · x[i, p · stride - padding + k · dilation]
/// backward   dx[i, q] = sum over o, k of w[o, i, k] · dy[o, p],  where p · stride - padding + k · dilation = q
/// gradient   dw[o, i, k] = sum over samples and p of dy[o, p] · x[i, p · stride - padding + k · dilation]
///            db[o]       = sum over samples and p of dy[o, p]
/// ```
///
/// A signal of `C` channels and `L` values is an image of one row, `Image<C, 1, L>`. So this is a [`Conv2d`] whose window
/// is a [`Line`], and all layers for images that keep the row take signals too.
///
/// ```text
/// x   (N x IN x L)   ->   y   (N x OUT x L')      L' = (L + 2 · padding - dilation · (K - 1) - 1) / stride + 1
/// ```
///
/// The parameters are `weight` (`OUT x IN x K`, as in PyTorch) and `bias` (`OUT`). `P` has all settings of the window:
/// `Line<K, STRIDE, PAD, DILATION>`. The fan-in is `IN · K`.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::layers::Conv1d;
/// use typenet::nalgebra::{Const, DimName};
/// use typenet::{Image, Infer, Line};
///
/// type Signal = Image<Const<2>, Const<1>, Const<100>>;
/// type Plain = <Conv1d<2, 8, 5> as Infer<f32, Signal>>::Out;
/// assert_eq!(Plain::DIM, 8 * 96);
/// type Strided = <Conv1d<2, 8, 5, f32, Line<5, 2, 1>> as Infer<f32, Signal>>::Out;
/// assert_eq!(Strided::DIM, 8 * 49);
/// ```
///
/// An image of several rows is not a signal:
///
/// ```compile_fail
/// # use typenet_core as typenet;
/// # use typenet::layers::Conv1d;
/// # use typenet::nalgebra::Const;
/// # use typenet::{Image, Infer};
/// type Wrong = <Conv1d<2, 8, 5> as Infer<f32, Image<Const<2>, Const<10>, Const<10>>>>::Out;
/// # let _ = std::mem::size_of::<Wrong>();
/// ```
pub type Conv1d<
    const IN: usize,
    const OUT: usize,
    const K: usize,
    T = f32,
    P = Line<K>,
    const BIAS: bool = true,
    const DEPTH: usize = IN,
> = Conv2d<IN, OUT, K, T, P, BIAS, DEPTH>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializer::{He, Normal};
    use crate::layers::layer::tests::check_gradients;
    use crate::parameters::{Parameters, Path, parameters};
    use crate::shape::{Image, Slide};
    use nalgebra::Const;
    use rand::{SeedableRng, rngs::StdRng};

    fn check<
        const IN: usize,
        const OUT: usize,
        const K: usize,
        const L: usize,
        P: Slide<Const<1>, Const<L>>,
        const BIAS: bool,
    >() {
        let mut layer = Conv1d::<IN, OUT, K, f64, P, BIAS>::default();
        layer.initialize(&Normal { std: 0.5 }, &mut StdRng::seed_from_u64(3));
        check_gradients::<Image<Const<IN>, Const<1>, Const<L>>, _>(&layer, &Conv1d::default());
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<1, 1, 1, 1, Line<1>, true>();
        check::<2, 3, 3, 7, Line<3>, false>();
        check::<3, 2, 3, 5, Line<3, 1, 1>, true>();
        check::<1, 5, 4, 11, Line<4, 3, 2>, true>();
        check::<2, 2, 3, 9, Line<3, 2, 2, 3>, true>();
    }

    #[test]
    fn weights_have_pytorchs_order_and_fan_in() {
        let mut layer = Conv1d::<8, 200, 5, f64>::default();
        layer.initialize(&He, &mut StdRng::seed_from_u64(3));
        let weight = parameters(&layer, Path::root("conv")).into_iter().next().unwrap();
        assert_eq!((weight.name.as_str(), weight.shape), ("conv.weight", &[200, 8, 5][..]));
        let variance = weight.values.iter().map(|value| value * value).sum::<f64>() / weight.values.len() as f64;
        let wanted = 2.0 / (8.0 * 5.0);
        assert!((variance - wanted).abs() < 0.05 * wanted, "{variance}, not {wanted}");
    }
}
