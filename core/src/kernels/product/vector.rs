//! The vectors that the kernels keep in registers.

use std::ops::{Add, Mul};

/// A SIMD vector: a fixed number of lanes, computed at once.
///
/// # Safety
///
/// The caller must make sure that the processor supports the type's instructions. Also, the pointers of `load` and
/// `store` must be valid for [`LANES`](Vector::LANES) values, and those of `load_part` and `store_part` for the mask's
/// lanes.
pub(in crate::kernels) unsafe trait Vector: Copy {
    /// The type of a lane.
    type Number: Copy;
    /// Selects lanes.
    type Mask: Copy;
    /// The number of lanes: a power of two.
    const LANES: usize;

    /// `value` in every lane.
    unsafe fn splat(value: Self::Number) -> Self;
    /// Reads all lanes, from any alignment.
    unsafe fn load(from: *const Self::Number) -> Self;
    /// Writes all lanes, to any alignment.
    unsafe fn store(self, to: *mut Self::Number);
    /// Prefetches an address, which does not have to be valid.
    unsafe fn prefetch(place: *const Self::Number) {
        let _ = place;
    }
    /// A mask of the first `count` lanes, or of all.
    unsafe fn mask(count: usize) -> Self::Mask;
    /// Reads the lanes of the mask; the others are zero.
    unsafe fn load_part(from: *const Self::Number, mask: Self::Mask) -> Self;
    /// Writes the lanes of the mask.
    unsafe fn store_part(self, to: *mut Self::Number, mask: Self::Mask);
    /// `self · factor + addend`.
    unsafe fn multiply_add(self, factor: Self, addend: Self) -> Self;
    /// `self · factor`.
    unsafe fn multiply(self, factor: Self) -> Self;
    /// `self + other`.
    unsafe fn add(self, other: Self) -> Self;
    /// A vector with a zero lane wherever both vectors have one.
    unsafe fn or(self, other: Self) -> Self;
    /// Returns whether every lane is zero.
    unsafe fn is_zero(self) -> bool;
    /// Exchanges blocks of `D` lanes: the first result gets the even blocks of both vectors, the second the odd ones.
    ///
    /// `D` is a power of two less than the number of lanes.
    ///
    /// ```text
    /// a = a0 a1 a2 a3    D = 1:  a0 b0 a2 b2  and  a1 b1 a3 b3
    /// b = b0 b1 b2 b3    D = 2:  a0 a1 b0 b1  and  a2 a3 b2 b3
    /// ```
    unsafe fn exchange<const D: usize>(self, other: Self) -> (Self, Self);
}

/// The source of `lane` after an [exchange](Vector::exchange): a source from `lanes` on is in the second vector.
const fn source(lane: usize, distance: usize, lanes: usize, odd: bool) -> usize {
    match (lane & distance == 0, odd) {
        (true, false) => lane,
        (false, false) => lanes + lane - distance,
        (true, true) => lane + distance,
        (false, true) => lanes + lane,
    }
}

/// Four lanes on any processor; the compiler chooses the instructions.
#[derive(Clone, Copy)]
pub(in crate::kernels) struct Portable<T>([T; 4]);

// SAFETY: `load` and `store` access four values, `load_part` and `store_part` only the mask's lanes. No special
// instructions are used.
unsafe impl<T: Copy + Default + PartialEq + Add<Output = T> + Mul<Output = T>> Vector for Portable<T> {
    type Number = T;
    type Mask = usize;
    const LANES: usize = 4;

    #[inline(always)]
    unsafe fn splat(value: T) -> Self {
        Self([value; 4])
    }

    #[inline(always)]
    unsafe fn load(from: *const T) -> Self {
        // SAFETY: the caller guarantees four values; an array has its element's alignment.
        Self(unsafe { *from.cast::<[T; 4]>() })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut T) {
        // SAFETY: as in `load`.
        unsafe { *to.cast::<[T; 4]>() = self.0 }
    }

    #[inline(always)]
    unsafe fn mask(count: usize) -> usize {
        count.min(4)
    }

    #[inline(always)]
    unsafe fn load_part(from: *const T, mask: usize) -> Self {
        // SAFETY: the caller guarantees the mask's lanes.
        Self(std::array::from_fn(|lane| if lane < mask { unsafe { *from.add(lane) } } else { T::default() }))
    }

    #[inline(always)]
    unsafe fn store_part(self, to: *mut T, mask: usize) {
        for (lane, &value) in self.0.iter().enumerate().take(mask) {
            // SAFETY: as in `load_part`.
            unsafe { *to.add(lane) = value }
        }
    }

    #[inline(always)]
    unsafe fn multiply_add(self, factor: Self, addend: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] * factor.0[lane] + addend.0[lane]))
    }

    #[inline(always)]
    unsafe fn multiply(self, factor: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] * factor.0[lane]))
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] + other.0[lane]))
    }

    #[inline(always)]
    unsafe fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| if self.0[lane] == T::default() { other.0[lane] } else { self.0[lane] }))
    }

    #[inline(always)]
    unsafe fn is_zero(self) -> bool {
        self.0.iter().all(|&value| value == T::default())
    }

    #[inline(always)]
    unsafe fn exchange<const D: usize>(self, other: Self) -> (Self, Self) {
        let pick = |odd| {
            Self(std::array::from_fn(|lane| match source(lane, D, 4, odd) {
                from @ 0..4 => self.0[from],
                from => other.0[from - 4],
            }))
        };
        (pick(false), pick(true))
    }
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
mod x86 {
    use super::{Vector, source};
    #[allow(clippy::wildcard_imports)] // dozens of instructions
    use std::arch::x86_64::*;

    /// The items that need one instruction each.
    macro_rules! instructions {
        ($vector:ty, $number:ty, $lanes:literal, $splat:ident, $load:ident, $store:ident, $fma:ident, $mul:ident, $add:ident, $to_bits:ident, $or:ident, $from_bits:ident) => {
            type Number = $number;
            const LANES: usize = $lanes;

            #[inline(always)]
            unsafe fn splat(value: $number) -> Self {
                // SAFETY: the caller guarantees the instruction.
                unsafe { $splat(value) }
            }

            #[inline(always)]
            unsafe fn load(from: *const $number) -> Self {
                // SAFETY: the caller guarantees the instruction and the memory.
                unsafe { $load(from) }
            }

            #[inline(always)]
            unsafe fn store(self, to: *mut $number) {
                // SAFETY: the caller guarantees the instruction and the memory.
                unsafe { $store(to, self) }
            }

            #[inline(always)]
            unsafe fn prefetch(place: *const $number) {
                // SAFETY: every x86-64 processor supports this instruction, which has no visible effect.
                unsafe { _mm_prefetch::<_MM_HINT_T0>(place.cast()) }
            }

            #[inline(always)]
            unsafe fn multiply_add(self, factor: Self, addend: Self) -> Self {
                // SAFETY: the caller guarantees the instruction.
                unsafe { $fma(self, factor, addend) }
            }

            #[inline(always)]
            unsafe fn multiply(self, factor: Self) -> Self {
                // SAFETY: the caller guarantees the instruction.
                unsafe { $mul(self, factor) }
            }

            #[inline(always)]
            unsafe fn add(self, other: Self) -> Self {
                // SAFETY: the caller guarantees the instruction.
                unsafe { $add(self, other) }
            }

            #[inline(always)]
            unsafe fn or(self, other: Self) -> Self {
                // SAFETY: the caller guarantees the instruction.
                unsafe { $from_bits($or($to_bits(self), $to_bits(other))) }
            }
        };
    }

    /// AVX-512 has masks of one bit per lane, and permutes the lanes of two vectors freely.
    macro_rules! avx512 {
        ($vector:ty, $number:ty, $lanes:literal, $mask:ty, $index:ty, $maskz_load:ident, $mask_store:ident,
         $unequal:expr, $pick:ident, $($instruction:ident),*) => {
            // SAFETY: each method consists of a few instructions, which the caller guarantees.
            unsafe impl Vector for $vector {
                instructions!($vector, $number, $lanes, $($instruction),*);
                type Mask = $mask;

                #[inline(always)]
                unsafe fn mask(count: usize) -> $mask {
                    if count < $lanes { (1 << count) - 1 } else { <$mask>::MAX }
                }

                #[inline(always)]
                unsafe fn load_part(from: *const $number, mask: $mask) -> Self {
                    // SAFETY: the caller guarantees the instruction and the memory of the mask's lanes.
                    unsafe { $maskz_load(mask, from) }
                }

                #[inline(always)]
                unsafe fn store_part(self, to: *mut $number, mask: $mask) {
                    // SAFETY: as in `load_part`.
                    unsafe { $mask_store(to, mask, self) }
                }

                #[inline(always)]
                unsafe fn is_zero(self) -> bool {
                    // SAFETY: the caller guarantees the instruction.
                    unsafe { $unequal(self, Self::splat(0.0)) == 0 }
                }

                #[inline(always)]
                unsafe fn exchange<const D: usize>(self, other: Self) -> (Self, Self) {
                    const fn lanes(distance: usize, odd: bool) -> [$index; $lanes] {
                        let mut lanes = [0; $lanes];
                        let mut lane = 0;
                        while lane < $lanes {
                            #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // below 32
                            let from = source(lane, distance, $lanes, odd) as $index;
                            lanes[lane] = from;
                            lane += 1;
                        }
                        lanes
                    }
                    let (even, odd) = const { (lanes(D, false), lanes(D, true)) };
                    // SAFETY: the caller guarantees the instructions; the indices fill a vector.
                    unsafe {
                        let (even, odd) = (_mm512_loadu_si512(even.as_ptr().cast()), _mm512_loadu_si512(odd.as_ptr().cast()));
                        ($pick(self, even, other), $pick(self, odd, other))
                    }
                }
            }
        };
    }

    avx512!(
        __m512,
        f32,
        16,
        __mmask16,
        i32,
        _mm512_maskz_loadu_ps,
        _mm512_mask_storeu_ps,
        _mm512_cmp_ps_mask::<_CMP_NEQ_UQ>,
        _mm512_permutex2var_ps,
        _mm512_set1_ps,
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        _mm512_fmadd_ps,
        _mm512_mul_ps,
        _mm512_add_ps,
        _mm512_castps_si512,
        _mm512_or_si512,
        _mm512_castsi512_ps
    );
    avx512!(
        __m512d,
        f64,
        8,
        __mmask8,
        i64,
        _mm512_maskz_loadu_pd,
        _mm512_mask_storeu_pd,
        _mm512_cmp_pd_mask::<_CMP_NEQ_UQ>,
        _mm512_permutex2var_pd,
        _mm512_set1_pd,
        _mm512_loadu_pd,
        _mm512_storeu_pd,
        _mm512_fmadd_pd,
        _mm512_mul_pd,
        _mm512_add_pd,
        _mm512_castpd_si512,
        _mm512_or_si512,
        _mm512_castsi512_pd
    );

    /// AVX2 uses the sign bit of each lane as the mask.
    macro_rules! avx2 {
        ($vector:ty, $number:ty, $lanes:literal, $index:ty, $mask_load:ident, $mask_store:ident, $unequal:expr, $signs:ident,
         ($a:ident, $b:ident, $d:ident) $exchange:block, $($instruction:ident),*) => {
            // SAFETY: each method consists of a few instructions, which the caller guarantees.
            unsafe impl Vector for $vector {
                instructions!($vector, $number, $lanes, $($instruction),*);
                type Mask = __m256i;

                #[inline(always)]
                unsafe fn mask(count: usize) -> __m256i {
                    // A window that starts `count` lanes before the middle has `count` lanes of ones.
                    const ONES: [$index; 2 * $lanes] = {
                        let mut lanes = [0; 2 * $lanes];
                        let mut lane = 0;
                        while lane < $lanes {
                            lanes[lane] = -1;
                            lane += 1;
                        }
                        lanes
                    };
                    let start = ONES[$lanes - count.min($lanes)..].as_ptr();
                    // SAFETY: at least `$lanes` values follow the start; the caller guarantees the instruction.
                    unsafe { _mm256_loadu_si256(start.cast()) }
                }

                #[inline(always)]
                unsafe fn load_part(from: *const $number, mask: __m256i) -> Self {
                    // SAFETY: the caller guarantees the instruction and the memory of the mask's lanes.
                    unsafe { $mask_load(from, mask) }
                }

                #[inline(always)]
                unsafe fn store_part(self, to: *mut $number, mask: __m256i) {
                    // SAFETY: as in `load_part`.
                    unsafe { $mask_store(to, mask, self) }
                }

                #[inline(always)]
                unsafe fn is_zero(self) -> bool {
                    // SAFETY: the caller guarantees the instructions.
                    unsafe { $signs($unequal(self, Self::splat(0.0))) == 0 }
                }

                #[inline(always)]
                unsafe fn exchange<const $d: usize>(self, other: Self) -> (Self, Self) {
                    let ($a, $b) = (self, other);
                    // SAFETY: the caller guarantees the instructions.
                    unsafe { $exchange }
                }
            }
        };
    }

    avx2!(
        __m256, f32, 8, i32, _mm256_maskload_ps, _mm256_maskstore_ps, _mm256_cmp_ps::<_CMP_NEQ_UQ>, _mm256_movemask_ps,
        (a, b, D) {
            match D {
                1 => (
                    _mm256_blend_ps::<0b1010_1010>(a, _mm256_moveldup_ps(b)),
                    _mm256_blend_ps::<0b1010_1010>(_mm256_movehdup_ps(a), b),
                ),
                2 => {
                    let (a, b) = (_mm256_castps_pd(a), _mm256_castps_pd(b));
                    (_mm256_castpd_ps(_mm256_unpacklo_pd(a, b)), _mm256_castpd_ps(_mm256_unpackhi_pd(a, b)))
                }
                _ => (_mm256_permute2f128_ps::<0x20>(a, b), _mm256_permute2f128_ps::<0x31>(a, b)),
            }
        },
        _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_fmadd_ps, _mm256_mul_ps, _mm256_add_ps,
        _mm256_castps_si256, _mm256_or_si256, _mm256_castsi256_ps
    );
    avx2!(
        __m256d, f64, 4, i64, _mm256_maskload_pd, _mm256_maskstore_pd, _mm256_cmp_pd::<_CMP_NEQ_UQ>, _mm256_movemask_pd,
        (a, b, D) {
            match D {
                1 => (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b)),
                _ => (_mm256_permute2f128_pd::<0x20>(a, b), _mm256_permute2f128_pd::<0x31>(a, b)),
            }
        },
        _mm256_set1_pd, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_fmadd_pd, _mm256_mul_pd, _mm256_add_pd,
        _mm256_castpd_si256, _mm256_or_si256, _mm256_castsi256_pd
    );
}
