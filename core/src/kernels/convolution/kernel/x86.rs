//! The kernels for the vector instructions of x86-64.

use std::arch::x86_64::{__m256, __m256d, __m512, __m512d};

use crate::kernels::convolution::kernel::{Kernels, Runs, Taps, Target, all_totals, copy, dots, tile};
use crate::kernels::convolution::winograd::{self, Filters, Functions, Gathered, Pack, Task};

macro_rules! kernels {
    ($name:ident, $module:ident, $features:literal, $vector:ty, $number:ty, $lanes:literal, $up:literal, $filters:literal, $winograd:expr) => {
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

            /// # Safety
            ///
            /// As for [`Kernels::copy`].
            #[target_feature(enable = $features)]
            pub(super) unsafe fn copy_lines(
                sizes: [usize; 2],
                from: *const $number,
                from_line: usize,
                to: *mut $number,
                to_line: usize,
            ) {
                // SAFETY: the caller upholds the contract.
                unsafe { copy::<$vector>(sizes, from, from_line, to, to_line) }
            }
        }

        pub(in crate::kernels::convolution) const $name: Kernels<$number> = Kernels {
            lanes: $lanes,
            up: $up,
            filters: $filters,
            tile: $module::tile_of,
            #[cfg(feature = "alloc")]
            dots: $module::dots_of,
            #[cfg(feature = "alloc")]
            totals: $module::totals_of,
            copy: $module::copy_lines,
            #[cfg(feature = "alloc")]
            winograd: $winograd,
        };
    };
}

macro_rules! winograd {
    ($module:ident, $features:literal, $vector:ty, $lanes:literal) => {
        mod $module {
            use super::*;

            pub(super) const FUNCTIONS: Functions<f32> =
                Functions { lanes: $lanes, pack, forward, by_input, gather, store_filters };

            /// # Safety
            ///
            /// As for [`winograd::pack`].
            #[target_feature(enable = $features)]
            unsafe fn pack(work: &Pack<f32>) {
                // SAFETY: the caller upholds the contract.
                unsafe { winograd::pack::<$vector, $lanes>(work) }
            }

            /// # Safety
            ///
            /// As for [`winograd::forward`].
            #[target_feature(enable = $features)]
            unsafe fn forward(task: &Task<f32>) {
                // SAFETY: the caller upholds the contract.
                unsafe { winograd::forward::<$vector, $lanes>(task) }
            }

            /// # Safety
            ///
            /// As for [`winograd::by_input`].
            #[target_feature(enable = $features)]
            unsafe fn by_input(task: &Task<f32>) {
                // SAFETY: the caller upholds the contract.
                unsafe { winograd::by_input::<$vector, $lanes>(task) }
            }

            /// # Safety
            ///
            /// As for [`winograd::gather`].
            #[target_feature(enable = $features)]
            unsafe fn gather(work: &Gathered<f32>) {
                // SAFETY: the caller upholds the contract.
                unsafe { winograd::gather::<$vector, $lanes>(work) }
            }

            /// # Safety
            ///
            /// As for [`winograd::store_filters`].
            #[target_feature(enable = $features)]
            unsafe fn store_filters(work: &Filters<f32>) {
                // SAFETY: the caller upholds the contract.
                unsafe { winograd::store_filters::<$vector, $lanes>(work) }
            }
        }
    };
}

winograd!(avx512_winograd, "avx512f", __m512, 16);
winograd!(avx2_winograd, "avx2,fma", __m256, 8);

// A tile takes 24 of the 32 registers of AVX-512, and 12 of the 16 of AVX2.
kernels!(AVX512_F32, avx512_f32, "avx512f", __m512, f32, 16, 4, 4, Some(avx512_winograd::FUNCTIONS));
kernels!(AVX512_F64, avx512_f64, "avx512f", __m512d, f64, 8, 4, 4, None);
kernels!(AVX2_F32, avx2_f32, "avx2,fma", __m256, f32, 8, 2, 2, Some(avx2_winograd::FUNCTIONS));
kernels!(AVX2_F64, avx2_f64, "avx2,fma", __m256d, f64, 4, 2, 2, None);
