//! The vectors of numbers that the kernel keeps in registers.

use std::ops::{Add, Mul};

/// A fixed number of lanes that are calculated with at once.
///
/// # Safety
///
/// Each method may only be called where the processor has the instructions of the type, which the caller
/// has to make sure of; `load` and `store` also need [`LANES`](Vector::LANES) numbers behind the pointer.
pub(super) unsafe trait Vector: Copy {
    /// The numbers in the lanes.
    type Number: Copy;
    /// How many there are.
    const LANES: usize;

    /// `value` in every lane.
    unsafe fn splat(value: Self::Number) -> Self;
    /// Reads all lanes; no alignment is needed.
    unsafe fn load(from: *const Self::Number) -> Self;
    /// Writes all lanes; no alignment is needed.
    unsafe fn store(self, to: *mut Self::Number);
    /// `self · factor + addend`.
    unsafe fn multiply_add(self, factor: Self, addend: Self) -> Self;
    /// `self · factor`.
    unsafe fn multiply(self, factor: Self) -> Self;
}

/// Four lanes for any processor; the compiler chooses the instructions.
#[derive(Clone, Copy)]
pub(super) struct Portable<T>([T; 4]);

// SAFETY: `load` and `store` touch four numbers; no special instructions are used.
unsafe impl<T: Copy + Add<Output = T> + Mul<Output = T>> Vector for Portable<T> {
    type Number = T;
    const LANES: usize = 4;

    #[inline(always)]
    unsafe fn splat(value: T) -> Self {
        Self([value; 4])
    }

    #[inline(always)]
    unsafe fn load(from: *const T) -> Self {
        // SAFETY: the caller vouches for four numbers; an array has its element's alignment.
        Self(unsafe { *from.cast::<[T; 4]>() })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut T) {
        // SAFETY: as in `load`.
        unsafe { *to.cast::<[T; 4]>() = self.0 }
    }

    #[inline(always)]
    unsafe fn multiply_add(self, factor: Self, addend: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] * factor.0[lane] + addend.0[lane]))
    }

    #[inline(always)]
    unsafe fn multiply(self, factor: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] * factor.0[lane]))
    }
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
mod x86 {
    use super::Vector;
    use std::arch::x86_64::{
        __m256, __m256d, __m512, __m512d, _mm256_fmadd_pd, _mm256_fmadd_ps, _mm256_loadu_pd, _mm256_loadu_ps,
        _mm256_mul_pd, _mm256_mul_ps, _mm256_set1_pd, _mm256_set1_ps, _mm256_storeu_pd, _mm256_storeu_ps,
        _mm512_fmadd_pd, _mm512_fmadd_ps, _mm512_loadu_pd, _mm512_loadu_ps, _mm512_mul_pd, _mm512_mul_ps,
        _mm512_set1_pd, _mm512_set1_ps, _mm512_storeu_pd, _mm512_storeu_ps,
    };

    macro_rules! vector {
        ($vector:ty, $number:ty, $lanes:literal, $splat:ident, $load:ident, $store:ident, $fma:ident, $mul:ident) => {
            // SAFETY: each method is one instruction, which the caller vouches for.
            unsafe impl Vector for $vector {
                type Number = $number;
                const LANES: usize = $lanes;

                #[inline(always)]
                unsafe fn splat(value: $number) -> Self {
                    // SAFETY: the caller vouches for the instruction.
                    unsafe { $splat(value) }
                }

                #[inline(always)]
                unsafe fn load(from: *const $number) -> Self {
                    // SAFETY: the caller vouches for the instruction and the memory.
                    unsafe { $load(from) }
                }

                #[inline(always)]
                unsafe fn store(self, to: *mut $number) {
                    // SAFETY: the caller vouches for the instruction and the memory.
                    unsafe { $store(to, self) }
                }

                #[inline(always)]
                unsafe fn multiply_add(self, factor: Self, addend: Self) -> Self {
                    // SAFETY: the caller vouches for the instruction.
                    unsafe { $fma(self, factor, addend) }
                }

                #[inline(always)]
                unsafe fn multiply(self, factor: Self) -> Self {
                    // SAFETY: the caller vouches for the instruction.
                    unsafe { $mul(self, factor) }
                }
            }
        };
    }

    vector!(__m256, f32, 8, _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_fmadd_ps, _mm256_mul_ps);
    vector!(__m256d, f64, 4, _mm256_set1_pd, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_fmadd_pd, _mm256_mul_pd);
    vector!(__m512, f32, 16, _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_fmadd_ps, _mm512_mul_ps);
    vector!(__m512d, f64, 8, _mm512_set1_pd, _mm512_loadu_pd, _mm512_storeu_pd, _mm512_fmadd_pd, _mm512_mul_pd);
}
