//! The shapes of samples between layers.

mod arithmetic;
mod channels;
mod classes;
mod continuous;
mod enlarge;
mod features;
mod image;
mod numbers;
mod reshape;
mod stretch;
mod window;
mod windows;

pub use channels::Channels;
pub use classes::Classes;
pub use continuous::Continuous;
pub use enlarge::Enlarge;
pub use features::{PartOf, Shape};
pub use image::Image;
pub use reshape::reshaped;
pub use stretch::Stretch;
pub use window::{Kernel, Line, Slide, Spread, Square, Window};
pub use windows::Windows;
