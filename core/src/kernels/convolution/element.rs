//! The kernels for `f32` and `f64`, selected at run time.

use crate::kernels::convolution::kernel::{self, Kernels};
use crate::kernels::convolution::winograd::Functions;
use crate::kernels::product::Element;

/// A scalar type with convolution kernels: `f32` or `f64`.
pub trait Convolution: Element + Sync {
    /// The best kernels that this processor can run.
    #[doc(hidden)]
    #[allow(private_interfaces)] // only this crate calls it
    fn convolution() -> Kernels<Self>;
}

macro_rules! convolution {
    ($number:ty, $avx512:ident, $avx2:ident, $winograd:expr) => {
        impl Convolution for $number {
            #[inline]
            #[allow(private_interfaces)] // as above
            fn convolution() -> Kernels<Self> {
                #[cfg(all(target_arch = "x86_64", not(miri)))]
                {
                    if detected!("avx512f") {
                        return kernel::x86::$avx512;
                    }
                    if detected!("avx2") && detected!("fma") {
                        return kernel::x86::$avx2;
                    }
                }
                kernel::portable($winograd)
            }
        }
    };
}

convolution!(f32, AVX512_F32, AVX2_F32, Some(Functions::portable()));
convolution!(f64, AVX512_F64, AVX2_F64, None);
