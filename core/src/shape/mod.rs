//! The shapes of samples between layers.

mod classes;
mod features;
mod image;
mod numbers;
mod reshape;
mod window;
mod windows;

pub use classes::Classes;
pub use features::{PartOf, Shape};
pub use image::Image;
pub use reshape::reshaped;
pub use window::{Kernel, Slide, Square, Window};
pub use windows::Windows;
