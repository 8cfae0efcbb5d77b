//! The kernels for the vector instructions of x86-64.

use crate::kernels::product::inner::{self, Inner, Parts, RUNS};
use crate::kernels::product::kernel::{Kernels, outer};
use crate::kernels::product::pack::{Block, pack_panels};
use crate::kernels::product::single::{Single, single};
use crate::kernels::product::tile::{Operand, Tile};
use std::arch::x86_64::{__m256, __m256d, __m512, __m512d};
use std::ops::Range;

macro_rules! kernels {
    ($name:ident, $module:ident, $features:literal, $vector:ty, $number:ty, $lanes:literal, $up:literal, $columns:literal, $inner:expr) => {
        pub(in super::super) mod $module {
            use super::*;

            /// # Safety
            ///
            /// As for [`Kernels::outer`].
            #[target_feature(enable = $features)]
            pub(super) unsafe fn outer_tile(
                depth: usize,
                a: Operand<$number>,
                b: Operand<$number>,
                tile: Tile<$number>,
            ) {
                // SAFETY: the caller upholds the contract.
                unsafe { outer::<$vector, $up, $columns>(depth, a, b, tile) }
            }

            /// # Safety
            ///
            /// As for [`inner::tiles`].
            #[target_feature(enable = $features)]
            #[allow(dead_code)] // AVX2 has too few registers for it
            pub(super) unsafe fn inner_tiles(
                parts: &Parts,
                a: Operand<$number>,
                b: Operand<$number>,
                tile: Tile<$number>,
            ) {
                // SAFETY: the caller upholds the contract.
                unsafe { inner::tiles::<$vector>(parts, a, b, tile) }
            }

            /// # Safety
            ///
            /// As for [`inner::list`].
            #[target_feature(enable = $features)]
            #[allow(dead_code)] // as above
            pub(super) unsafe fn list(
                range: Range<usize>,
                a: Operand<$number>,
                rows: usize,
                to: &mut [Range<usize>; RUNS],
            ) -> usize {
                // SAFETY: the caller upholds the contract.
                unsafe { inner::list::<$vector>(range, a, rows, to) }
            }

            /// # Safety
            ///
            /// As for [`pack_panels`].
            #[target_feature(enable = $features)]
            pub(super) unsafe fn pack(block: &Block<$number>, width: usize, to: *mut $number) {
                // SAFETY: the caller upholds the contract.
                unsafe { pack_panels::<$vector, $lanes>(block, width, to) }
            }

            /// # Safety
            ///
            /// As for [`single`].
            #[target_feature(enable = $features)]
            pub(in super::super::super) unsafe fn single_sample<const IN: usize, const OUT: usize>(
                operands: Single<'_, $number>,
            ) {
                // SAFETY: the caller upholds the contract.
                unsafe { single::<$vector, $lanes, IN, OUT>(operands) }
            }
        }

        pub(in super::super) const $name: Kernels<$number> = Kernels {
            lanes: $lanes,
            rows: $up * $lanes,
            columns: $columns,
            outer: $module::outer_tile,
            inner: $inner,
            pack: $module::pack,
        };
    };
}

// A tile takes 24 of the 32 registers of AVX-512, and 12 of the 16 of AVX2.
kernels!(
    AVX512_F32,
    avx512_f32,
    "avx512f",
    __m512,
    f32,
    16,
    3,
    8,
    Some(Inner { lanes: 16, list: avx512_f32::list, tiles: avx512_f32::inner_tiles })
);
kernels!(
    AVX512_F64,
    avx512_f64,
    "avx512f",
    __m512d,
    f64,
    8,
    3,
    8,
    Some(Inner { lanes: 8, list: avx512_f64::list, tiles: avx512_f64::inner_tiles })
);
kernels!(AVX2_F32, avx2_f32, "avx2,fma", __m256, f32, 8, 2, 6, None);
kernels!(AVX2_F64, avx2_f64, "avx2,fma", __m256d, f64, 4, 2, 6, None);
