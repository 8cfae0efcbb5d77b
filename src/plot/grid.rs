//! A grid of small charts with common axes and one legend.

use super::Figure;
use super::axis::Axis;
use super::chart::{Around, Chart, X_LABELS, Y_LABELS, draw_message, frame};
use super::legend::{self, Position};
use super::mark::{Kind, Mark};
use super::sheet::{Area, DrawResult, Point};
use super::text;
use super::units::{pixels, px};

// Sizes in pixels.
const MARGIN: f64 = 10.0;
const GAP: f64 = 18.0;
const TITLE_HEIGHT: f64 = 24.0;
/// The smallest width and height of a chart.
const SMALLEST: f64 = 50.0;

/// Charts with titles, row by row. Only the charts at the left and at the bottom have labels at their axes.
#[derive(Debug)]
pub struct Grid {
    charts: Vec<(String, Chart)>,
    /// A mark without points for each label in the charts.
    legend: Vec<Mark>,
}

impl Grid {
    pub fn new(charts: Vec<(String, Chart)>) -> Self {
        let mut legend: Vec<Mark> = Vec::new();
        for mark in charts.iter().flat_map(|(_, chart)| &chart.marks) {
            if let Kind::Line { width, dashed, .. } = mark.kind
                && legend.iter().all(|known| known.label != mark.label)
            {
                let kind = Kind::Line { points: Vec::new(), width, dashed };
                legend.push(Mark { label: mark.label.clone(), color: mark.color, kind });
            }
        }
        Self { charts, legend }
    }
}

impl Figure for Grid {
    /// Sets the axes of all charts, which stay common.
    fn set_logarithmic(&mut self, [x, y]: [bool; 2]) {
        let points: Vec<Point> =
            self.charts.iter().flat_map(|(_, chart)| &chart.marks).flat_map(|mark| mark.points()).collect();
        for (_, chart) in &mut self.charts {
            if x {
                chart.x = Axis::logarithmic(&chart.x.name, points.iter().map(|point| point.0));
            }
            if y {
                chart.y = Axis::logarithmic(&chart.y.name, points.iter().map(|point| point.1));
            }
        }
    }

    fn draw(&self, area: &Area) -> DrawResult {
        let beside = legend::divide(area, &self.legend, Position::Outside);
        self.draw_charts(beside.as_ref().map_or(area, |(charts, _)| charts))?;
        legend::draw(beside.as_ref().map_or(area, |(_, beside)| beside), &self.legend, Position::Outside)
    }
}

impl Grid {
    fn draw_charts(&self, area: &Area) -> DrawResult {
        let count = self.charts.len();
        let columns = (1..=count).find(|side| side * side >= count).unwrap_or(1);
        let (width, height) = area.dim_in_pixel();
        let width = (pixels(width) - Y_LABELS - MARGIN) / columns as f64;
        let height = (pixels(height) - X_LABELS - MARGIN) / count.div_ceil(columns) as f64;
        if count == 0 || width < SMALLEST || height < SMALLEST {
            return draw_message(area, if count == 0 { "no charts" } else { "no room for the charts" });
        }
        for (index, (title, chart)) in self.charts.iter().enumerate() {
            let (column, row) = ((index % columns) as f64, (index / columns) as f64);
            let left = if column == 0.0 { Y_LABELS } else { 0.0 };
            let below = if index + columns >= count { X_LABELS } else { 0.0 };
            let corner = (px(MARGIN + Y_LABELS + column * width - left), px(row * height));
            let cell = area.clone().shrink(corner, (px(left + width), px(height + below)));
            let middle = left + (width - GAP) / 2.0;
            cell.draw_text(title, &text::centered(12.0), (px(middle), px(TITLE_HEIGHT * 0.6)))?;
            let (_, chart_area) = cell.split_vertically(px(TITLE_HEIGHT));
            frame(&chart.draw_in(&chart_area, Around { margin: 0.0, right: GAP, below, left })?)?;
        }
        Ok(())
    }
}
