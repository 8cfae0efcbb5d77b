//! The kernels for the vector instructions of x86-64.

use std::arch::x86_64::{__m256, __m256d, __m512, __m512d};

use crate::kernels::convolution::kernel::{Kernels, Runs, Taps, Target, all_totals, dots, tile};

macro_rules! kernels {
    ($name:ident, $module:ident, $features:literal, $vector:ty, $number:ty, $lanes:literal, $up:literal, $filters:literal) => {
        mod $module {
            use super::*;

            /// # Safety
            ///
            /// As for [`Kernels::tile`].
            #[target_feature(enable = $features)]
            pub(super) unsafe fn tile_of(
                taps: &Taps,
                source: *const $number,
                weight: *const $number,
                target: Target<$number>,
            ) {
                // SAFETY: the caller upholds the contract.
                unsafe { tile::<$vector, $up>(taps, source, weight, target) }
            }

            /// # Safety
            ///
            /// As for [`Kernels::dots`].
            #[target_feature(enable = $features)]
            pub(super) unsafe fn dots_of(
                runs: &Runs,
                dy: *const $number,
                right: usize,
                channels: usize,
                x: &[*const $number],
                sums: *mut $number,
            ) {
                // SAFETY: the caller upholds the contract.
                unsafe { dots::<$vector, $filters>(runs, dy, right, channels, x, sums) }
            }

            /// # Safety
            ///
            /// As for [`Kernels::totals`].
            #[target_feature(enable = $features)]
            pub(super) unsafe fn totals_of(count: usize, from: *const $number, to: *mut $number) {
                // SAFETY: the caller upholds the contract.
                unsafe { all_totals::<$vector, $lanes>(count, from, to) }
            }
        }

        pub(in crate::kernels::convolution) const $name: Kernels<$number> = Kernels {
            lanes: $lanes,
            up: $up,
            filters: $filters,
            tile: $module::tile_of,
            dots: $module::dots_of,
            totals: $module::totals_of,
        };
    };
}

// A tile takes 24 of the 32 registers of AVX-512, and 12 of the 16 of AVX2.
kernels!(AVX512_F32, avx512_f32, "avx512f", __m512, f32, 16, 4, 4);
kernels!(AVX512_F64, avx512_f64, "avx512f", __m512d, f64, 8, 4, 4);
kernels!(AVX2_F32, avx2_f32, "avx2,fma", __m256, f32, 8, 2, 2);
kernels!(AVX2_F64, avx2_f64, "avx2,fma", __m256d, f64, 4, 2, 2);
