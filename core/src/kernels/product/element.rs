//! The kernels for `f32` and `f64`, selected at run time.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
#[cfg(feature = "std")]
use std::cell::RefCell;

use super::kernel::{self, Kernels};
use super::single::{self, Single};
use super::tile::Number;
use super::vector::Portable;

/// Packed panels begin on a cache line.
pub(super) const CACHE_LINE: usize = 64;

/// A scalar type with matrix kernels: `f32` or `f64`.
pub trait Element: sealed::Sealed + Send {}

impl Element for f32 {}
impl Element for f64 {}

pub(super) mod sealed {
    use super::{Kernels, Number, Single};

    #[allow(private_bounds, private_interfaces, unnameable_types)] // sealed on purpose
    pub trait Sealed: Number {
        /// The best kernels that this processor can run.
        fn kernels() -> Kernels<Self>;
        /// Computes a layer's product for a single sample.
        fn single<const IN: usize, const OUT: usize>(operands: Single<'_, Self>);
        /// Calls `work` with `length` values of this thread's scratch memory, aligned to a cache line. Calls may be nested.
        #[cfg(feature = "alloc")]
        fn with_scratch(length: usize, work: impl FnOnce(&mut [Self]));
    }
}

macro_rules! element {
    ($number:ty, $avx512:ident, $avx512_module:ident, $avx2:ident, $avx2_module:ident) => {
        #[allow(private_interfaces)] // sealed on purpose
        impl sealed::Sealed for $number {
            #[inline]
            fn kernels() -> Kernels<Self> {
                #[cfg(all(target_arch = "x86_64", not(miri)))]
                {
                    if detected!("avx512f") {
                        return kernel::x86::$avx512;
                    }
                    if detected!("avx2") && detected!("fma") {
                        return kernel::x86::$avx2;
                    }
                }
                kernel::portable()
            }

            #[inline]
            fn single<const IN: usize, const OUT: usize>(operands: Single<'_, Self>) {
                #[cfg(all(target_arch = "x86_64", not(miri)))]
                {
                    if detected!("avx512f") {
                        // SAFETY: the processor supports the instructions.
                        return unsafe { kernel::x86::$avx512_module::single_sample::<IN, OUT>(operands) };
                    }
                    if detected!("avx2") && detected!("fma") {
                        // SAFETY: the processor supports the instructions.
                        return unsafe { kernel::x86::$avx2_module::single_sample::<IN, OUT>(operands) };
                    }
                }
                // SAFETY: every processor supports the instructions.
                unsafe { single::single::<Portable<Self>, 4, IN, OUT>(operands) }
            }

            #[cfg(feature = "alloc")]
            fn with_scratch(length: usize, work: impl FnOnce(&mut [Self])) {
                #[cfg(feature = "std")]
                thread_local! {
                    /// One for each of the nested calls, the outermost last.
                    static FREE: RefCell<Vec<Vec<$number>>> = const { RefCell::new(Vec::new()) };
                }
                #[cfg(feature = "std")]
                let mut scratch = FREE.with_borrow_mut(Vec::pop).unwrap_or_default();
                #[cfg(not(feature = "std"))] // without threads there is no memory for each of them to keep
                let mut scratch = Vec::new();
                let spare = CACHE_LINE / size_of::<$number>();
                if scratch.len() < length + spare {
                    scratch.resize(length + spare, 0.0);
                }
                let skip = scratch.as_ptr().align_offset(CACHE_LINE).min(spare);
                work(&mut scratch[skip..skip + length]);
                #[cfg(feature = "std")]
                FREE.with_borrow_mut(|free| free.push(scratch));
            }
        }
    };
}

element!(f32, AVX512_F32, avx512_f32, AVX2_F32, avx2_f32);
element!(f64, AVX512_F64, avx512_f64, AVX2_F64, avx2_f64);
