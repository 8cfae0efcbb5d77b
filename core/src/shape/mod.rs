//! The shapes of samples between layers.

mod features;
mod image;
mod numbers;
mod reshape;
mod window;
mod windows;

pub use features::Shape;
pub use image::Image;
pub use reshape::reshaped;
pub use window::{Kernel, Slide, Square, Window};
pub use windows::Windows;
