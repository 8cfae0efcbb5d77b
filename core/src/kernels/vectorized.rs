//! Ordinary loops with the processor's vector instructions.
#![allow(unsafe_code)] // vector instructions

/// A loop over values, compiled once for each set of vector instructions.
///
/// `run` must be `#[inline(always)]`: it is then inlined into each function below, and the compiler vectorizes it with
/// that function's instructions. All of them give the same bits, unless the loop calls [`mul_add`](f32::mul_add).
pub(crate) trait Loop {
    /// The result of the loop.
    type Output;

    /// Runs the loop.
    fn run(self) -> Self::Output;
}

/// Runs a loop with the widest vector instructions of this processor.
#[inline]
pub(crate) fn vectorized<L: Loop>(work: L) -> L::Output {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        if detected!("avx512f") && detected!("avx512bw") && detected!("avx512dq") && detected!("avx512vl") {
            // SAFETY: the processor supports all of them, as checked above.
            return unsafe { avx512(work) };
        }
        if detected!("avx2") {
            // SAFETY: the processor supports it, as checked above.
            return unsafe { avx2(work) };
        }
    }
    work.run()
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn avx512<L: Loop>(work: L) -> L::Output {
    work.run()
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
#[target_feature(enable = "avx2")]
fn avx2<L: Loop>(work: L) -> L::Output {
    work.run()
}

/// Hints that the processor should load the values into its caches.
#[inline]
pub(crate) fn prefetch<T>(values: &[T]) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    for line in values.chunks(64 / size_of::<T>()) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every x86-64 processor supports this instruction, which has no visible effect.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) }
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = values;
}
