//! Plots of training runs and their results, as SVG and PNG. Requires the feature `plot`.
//!
//! ```
//! use typenet::plot;
//! use typenet::training::{History, Step};
//!
//! let steps = (0..100).map(|step| Step::new(step, 2.3 / (1.0 + step as f64), 0.1)).collect();
//! let history = History::new(steps, Vec::new());
//! let svg = plot::loss(&history).title("A first try").size(480, 360).to_svg()?;
//! # let path = std::env::temp_dir().join(format!("typenet-plot-{}.png", std::process::id()));
//! # /*
//! let path = "loss.png"; // or "loss.svg"
//! # */
//! plot::loss(&history).save(&path)?;
//! # std::fs::remove_file(path).unwrap();
//! assert!(svg.starts_with("<svg"));
//! # Ok::<(), typenet::Error>(())
//! ```
//!
//! [`loss`] and [`accuracy`] draw the two figures at the end of the book's chapters on training. [`accuracies`] and
//! [`accuracy_grid`] compare several training runs. [`roc`] and [`precision_recall`] compare scores of two classes, [`lines`]
//! any curves. [`Plot::log_x`] and [`Plot::log_y`] make an axis logarithmic.
//!
//! Plots skip infinite values and NaN. A plot without any data shows a message instead. An SVG uses the viewer's fonts; a PNG uses
//! DejaVu Sans, which is part of the library.

mod axis;
mod chart;
mod colors;
mod confusion;
mod error;
mod file;
mod fit;
mod gallery;
mod grid;
mod history;
mod legend;
mod lines;
mod mark;
mod misread;
mod picture;
mod planes;
mod png;
mod raster;
mod regions;
mod saliency;
mod scores;
mod sheet;
mod svg;
mod text;
mod thin;
mod units;

pub use confusion::confusion;
pub use error::PlotError;
pub use file::try_path;
pub use fit::fit;
pub use history::{accuracies, accuracy, accuracy_grid, learning_rate, loss};
pub use lines::lines;
pub use misread::misread;
pub use planes::{feature_maps, filters};
pub use regions::{Region, regions};
pub use saliency::saliency;
pub use scores::{precision_recall, roc};

use std::fmt::Debug;
use std::fs;
use std::path::Path;

use plotters::drawing::IntoDrawingArea;

use file::Format;
use sheet::{Area, DrawResult, Shape, Sheet};
use units::px;

/// The allowed widths and heights of a plot, in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 100..=4000;
/// The height of a title, in pixels.
const TITLE_HEIGHT: f64 = 30.0;

/// A plot, which can be written as SVG or PNG.
#[derive(Debug)]
#[must_use = "a plot is not drawn before it is saved"]
pub struct Plot {
    figure: Box<dyn Figure>,
    name: &'static str,
    title: Option<String>,
    size: (u32, u32),
}

/// The content of a plot.
trait Figure: Debug {
    fn draw(&self, area: &Area) -> DrawResult;

    /// Makes some of the axes, x and y, logarithmic. A figure without axes does not change.
    fn set_logarithmic(&mut self, _: [bool; 2]) {}
}

impl Plot {
    /// Creates a plot with a name for screen readers.
    fn new(figure: impl Figure + 'static, name: &'static str, size: (u32, u32)) -> Self {
        Self { figure: Box::new(figure), name, title: None, size }
    }

    /// Sets the width and the height in pixels, each from 100 to 4,000. An SVG can be scaled later.
    pub fn size(self, width: u32, height: u32) -> Self {
        Self { size: (width, height), ..self }
    }

    /// Adds a title above the plot.
    pub fn title(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }

    /// Makes the x axis of a chart logarithmic. Points at 0 and below are gaps. A plot without axes does not change.
    pub fn log_x(mut self) -> Self {
        self.figure.set_logarithmic([true, false]);
        self
    }

    /// Makes the y axis of a chart logarithmic, as [`log_x`](Self::log_x) does for the x axis.
    pub fn log_y(mut self) -> Self {
        self.figure.set_logarithmic([false, true]);
        self
    }

    /// Returns the plot as an `<svg>` element, for a file or an HTML page.
    ///
    /// # Errors
    ///
    /// [`PlotError::Size`] if the plot is too small or too large.
    pub fn to_svg(&self) -> Result<String, PlotError> {
        Ok(svg::render(&self.shapes()?, self.size, self.title.as_deref().unwrap_or(self.name)))
    }

    /// Writes the plot to a file, as SVG or PNG according to the extension `.svg` or `.png`.
    ///
    /// # Errors
    ///
    /// [`PlotError::Write`] if the extension is another one or the file cannot be written; [`PlotError::Size`] if the plot
    /// is too small or too large.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PlotError> {
        let path = path.as_ref();
        let written = match Format::of(path) {
            Ok(Format::Svg) => fs::write(path, self.to_svg()?),
            Ok(Format::Png) => png::encode(&raster::render(&self.shapes()?, self.size), self.size)
                .and_then(|bytes| fs::write(path, bytes)),
            Err(problem) => Err(problem),
        };
        written.map_err(|source| PlotError::Write { path: path.to_owned(), source })
    }

    fn shapes(&self) -> Result<Vec<Shape>, PlotError> {
        let (width, height) = self.size;
        if !SIDES.contains(&width) || !SIDES.contains(&height) {
            return Err(PlotError::Size { width, height });
        }
        let mut shapes = Vec::new();
        let area = Sheet::new(self.size, &mut shapes).into_drawing_area();
        self.draw(&area).expect("a sheet takes every shape");
        drop(area);
        Ok(shapes)
    }

    fn draw(&self, area: &Area) -> DrawResult {
        let Some(title) = &self.title else { return self.figure.draw(area) };
        let (above, below) = area.split_vertically(px(TITLE_HEIGHT));
        let middle = i32::try_from(area.dim_in_pixel().0 / 2).expect("a plot has a few thousand pixels");
        above.draw_text(title, &text::centered(14.0), (middle, px(TITLE_HEIGHT * 0.6)))?;
        self.figure.draw(&below)
    }
}

#[cfg(test)]
mod tests;
