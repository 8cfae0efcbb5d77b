//! Writes the outputs of all networks as bytes, without the standard library and without an allocator.
#![no_std]
#![no_main]

use typenet::prelude::*;

include!("networks.rs");

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    run(|outputs| {
        for output in outputs {
            let bytes = output.to_le_bytes();
            // SAFETY: the pointer and the length are those of `bytes`.
            unsafe { write(1, bytes.as_ptr(), bytes.len()) };
        }
    });
    0
}

#[link(name = "c")]
#[link(name = "m")]
unsafe extern "C" {
    fn write(file: i32, from: *const u8, length: usize) -> isize;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}
