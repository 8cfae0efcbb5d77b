//! Reduces curves of many points to few.

use std::ops::Range;

use super::sheet::Point;

/// The number of parts into which a long curve is divided.
pub const PARTS: usize = 400;

/// Keeps the lowest and the highest point of each part of a curve, which looks the same.
///
/// A part without a finite point becomes a gap.
pub fn extremes(points: &[Point]) -> Vec<Point> {
    if points.len() <= 2 * PARTS {
        return points.to_vec();
    }
    parts(points.len()).flat_map(|part| ends(&points[part])).collect()
}

/// Returns the mean of about `window` points around the middle of each part of a curve, skipping values that are not finite.
///
/// The window stays symmetric at the start of the curve, which may be steep, and is cut off at its end.
pub fn running_mean(points: &[Point], window: usize) -> Vec<Point> {
    let last = points.len().saturating_sub(1);
    let middles = parts(points.len()).map(|part| usize::midpoint(part.start, part.end - 1));
    let middles = std::iter::once(0).chain(middles).chain([last]).filter(|&middle| middle < points.len());
    let mut means: Vec<Point> = middles
        .map(|middle| {
            let before = (window / 2).min(middle);
            (points[middle].0, mean(&points[middle - before..=last.min(middle + before)]))
        })
        .collect();
    means.dedup_by_key(|mean| mean.0);
    means
}

/// Returns the window of the mean for `count` points: about a fiftieth of them.
///
/// It is 1, 2 or 5 times a power of ten, and at least 10.
pub fn window(count: usize) -> usize {
    let target = (count / 50).max(10);
    let tens = 10_usize.pow(target.ilog10());
    [5, 2, 1].map(|digit| digit * tens).into_iter().find(|&window| window <= target).unwrap_or(tens)
}

fn parts(count: usize) -> impl Iterator<Item = Range<usize>> {
    let parts = PARTS.min(count);
    (0..parts).map(move |part| part * count / parts..(part + 1) * count / parts)
}

/// Returns the lowest and the highest point, in the order of the curve.
fn ends(points: &[Point]) -> Vec<Point> {
    let finite = || points.iter().copied().enumerate().filter(|(_, point)| point.1.is_finite());
    let by_height = |one: &(usize, Point), other: &(usize, Point)| one.1.1.total_cmp(&other.1.1);
    match (finite().min_by(by_height), finite().max_by(by_height)) {
        (Some(low), Some(high)) if low.0 < high.0 => vec![low.1, high.1],
        (Some(low), Some(high)) if low.0 > high.0 => vec![high.1, low.1],
        (Some(point), _) => vec![point.1],
        _ => vec![(points[0].0, f64::NAN)],
    }
}

fn mean(points: &[Point]) -> f64 {
    let (mut mean, mut count) = (0.0, 0.0);
    for (_, y) in points.iter().filter(|point| point.1.is_finite()) {
        count += 1.0;
        mean += (y - mean) / count; // a running mean cannot overflow
    }
    if count > 0.0 { mean } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(count: usize, y: impl Fn(usize) -> f64) -> Vec<Point> {
        (0..count).map(|x| (x as f64, y(x))).collect()
    }

    #[test]
    fn few_points_are_unchanged() {
        let points = curve(2 * PARTS, |x| x as f64);
        assert_eq!(extremes(&points), points);
    }

    #[test]
    fn many_points_become_few_but_peaks_remain() {
        let points = curve(100_000, |x| if x == 77_777 { 9.0 } else { (x % 7) as f64 });
        let few = extremes(&points);
        assert!(few.len() <= 2 * PARTS, "{}", few.len());
        assert!(few.contains(&(77_777.0, 9.0)));
        assert!(few.is_sorted_by_key(|point| point.0));
        assert!(running_mean(&points, 2000).len() <= PARTS + 2);
    }

    #[test]
    fn the_mean_of_a_straight_line_is_the_line() {
        let means = running_mean(&curve(1001, |x| 2.0 * x as f64), 20);
        assert_eq!((means[0], *means.last().unwrap()), ((0.0, 0.0), (1000.0, 1990.0)));
        for mean in means.iter().filter(|mean| mean.0 <= 990.0) {
            assert_eq!(mean.1, 2.0 * mean.0);
        }
        assert_eq!(running_mean(&curve(2, |x| x as f64), 10), [(0.0, 0.0), (1.0, 0.5)]);
        assert_eq!(running_mean(&[], 10), []);
    }

    #[test]
    fn values_that_are_not_finite_are_skipped() {
        let points = curve(9, |x| if x == 4 { f64::INFINITY } else { 1.0 });
        assert!(running_mean(&points, 4).iter().all(|mean| mean.1 == 1.0));
        assert!(extremes(&curve(5000, |_| f64::NAN)).iter().all(|point| point.1.is_nan()));
        assert!(running_mean(&[(0.0, 1e308), (1.0, 1e308), (2.0, 1e308)], 10)[1].1 == 1e308);
    }

    #[test]
    fn windows_are_round_numbers() {
        assert_eq!([0, 500, 999, 1000, 10_000, 30_000].map(window), [10, 10, 10, 20, 200, 500]);
    }
}
