//! Reads a digit without the standard library and without an allocator.
//!
//! ```text
//! cd examples/embedded && cargo run --release
//! ```
//!
//! The compiler reads the weights, a file of `Network::save`. They stay in read-only memory. `embedded_weights`,
//! an example of the library, trains them. With any argument, the program reads the digit a million times.
#![no_std]
#![no_main]

use core::ffi::{c_char, c_int, c_void};
use core::hint::black_box;
use core::panic::PanicInfo;

use typenet::nalgebra::SVector;
use typenet::prelude::*;

network! {
    /// The two-layer network of the book's chapter on backpropagation.
    struct TwoLayerNet = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

include_network!(NET: TwoLayerNet = "weights/two_layer_net.safetensors");

/// An image of a digit: 28 rows of 28 pixels.
static DIGIT: &[u8; 784] = include_bytes!("../weights/digit.bin");

/// Returns the digit and its probability in percent.
#[inline(never)]
fn read(pixels: &[u8; 784]) -> (u8, u8) {
    let mut x = SVector::<f32, 784>::zeros();
    x.iter_mut().zip(pixels).for_each(|(x, &pixel)| *x = f32::from_pixel(pixel));
    let probabilities = NET.infer_probabilities(&x);
    let (mut digit, mut best) = (0, 0.0);
    for (class, &probability) in (0..).zip(&probabilities) {
        if probability > best {
            (digit, best) = (class, probability);
        }
    }
    (digit, (best * 100.0) as u8)
}

#[unsafe(no_mangle)]
extern "C" fn main(arguments: c_int, _: *const *const c_char) -> c_int {
    let repeats = if arguments > 1 { 1_000_000 } else { 1 };
    let (mut digit, mut percent) = (0, 0);
    for _ in 0..repeats {
        (digit, percent) = read(black_box(DIGIT));
    }
    let text = [
        b'0' + digit,
        b',',
        b' ',
        b'0' + percent / 100,
        b'0' + percent / 10 % 10,
        b'0' + percent % 10,
        b' ',
        b'%',
        b'\n',
    ];
    // SAFETY: the pointer and the length are those of `text`.
    unsafe { write(1, text.as_ptr().cast(), text.len()) };
    0
}

#[link(name = "c")]
unsafe extern "C" {
    /// Writes to a file descriptor: the only function of the C library in this program.
    fn write(file: c_int, from: *const c_void, length: usize) -> isize;
}

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    loop {}
}
