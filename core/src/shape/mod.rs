//! The shapes of samples between layers.

mod features;
mod image;
mod numbers;
mod reshape;
mod windows;

pub use features::Shape;
pub use image::Image;
pub(crate) use reshape::reshaped;
pub use windows::Windows;
