//! Computes the coordinates of the items, with lines as straight as possible.

use super::Place;
use super::levels::{Item, ItemKind, Levels};
use super::measure::{COLUMN_GAP, fan};

/// The margin around the picture.
pub const MARGIN: f64 = 16.0;
/// The gap between items in a column.
const BETWEEN: f64 = 8.0;
/// The number of alignment sweeps over the columns, each to the left and to the right.
const ROUNDS: usize = 8;
/// The weight of line segments that should be straight, relative to others.
const STRAIGHT: f64 = 8.0;
/// The weight of the other operands of a node whose first line continues straight.
const FAINT: f64 = 0.001;

/// Computes the place of each item. The `y` of a place is the height of the line through the item.
pub fn places(levels: &Levels) -> Vec<Place> {
    let mut heights = stacked(levels);
    for _ in 0..ROUNDS {
        for level in (0..levels.columns.len()).rev() {
            align(levels, level, &mut heights, |item| &item.after);
        }
        for level in 0..levels.columns.len() {
            align(levels, level, &mut heights, |item| &item.before);
        }
    }
    let top = heights.iter().zip(&levels.items).map(|(y, item)| y - item.above).fold(f64::INFINITY, f64::min);
    let columns = columns(levels, &heights);
    std::iter::zip(&levels.items, heights)
        .map(|(item, y)| {
            let (left, right) = columns[item.level];
            Place { left, right, y: y - top + MARGIN }
        })
        .collect()
}

/// The minimum vertical distance between two adjacent items.
fn distance(above: &Item, below: &Item) -> f64 {
    above.below + BETWEEN + below.above
}

/// The initial heights, with minimum distances in each column.
fn stacked(levels: &Levels) -> Vec<f64> {
    let mut heights = vec![0.0; levels.items.len()];
    for level in &levels.columns {
        for pair in level.windows(2) {
            heights[pair[1]] = heights[pair[0]] + distance(&levels.items[pair[0]], &levels.items[pair[1]]);
        }
    }
    heights
}

/// Moves the items of a column as close as possible to the mean height of their neighbors on one side.
fn align(levels: &Levels, level: usize, heights: &mut [f64], neighbors: impl Fn(&Item) -> &Vec<usize>) {
    let column = &levels.columns[level];
    let mut targets = Vec::with_capacity(column.len());
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(column.len());
    for (place, &number) in column.iter().enumerate() {
        let item = &levels.items[number];
        if let Some(above) = place.checked_sub(1) {
            offset += distance(&levels.items[column[above]], item);
        }
        let (target, weight) = target(levels, number, neighbors(item), heights);
        targets.push((target - offset, weight));
        offsets.push(offset);
    }
    for ((&item, offset), y) in column.iter().zip(offsets).zip(isotonic(&targets)) {
        heights[item] = y + offset;
    }
}

/// The target height of an item, which is the weighted mean of its neighbors or else its current height, and its weight.
fn target(levels: &Levels, number: usize, neighbors: &[usize], heights: &[f64]) -> (f64, f64) {
    let (mut sum, mut total) = (0.0, 0.0);
    for (place, &neighbor) in neighbors.iter().enumerate() {
        let weight = weight(levels, number, place, neighbor);
        sum += weight * heights[neighbor];
        total += weight;
    }
    if total > 0.0 { (sum / total, total) } else { (heights[number], 0.1) }
}

/// The weight of the line segment between an item and its neighbor at index `place`.
fn weight(levels: &Levels, number: usize, place: usize, neighbor: usize) -> f64 {
    let (item, beside) = (&levels.items[number], &levels.items[neighbor]);
    let on_the_way = [item, beside].iter().all(|item| !matches!(item.kind, ItemKind::Node(_)));
    let goes_in = item.straight && place == 0;
    let comes_out = beside.straight && beside.before.first() == Some(&number);
    if on_the_way || goes_in || comes_out {
        return STRAIGHT;
    }
    if item.straight { FAINT } else { 1.0 }
}

/// Weighted isotonic regression: the nondecreasing values nearest to the targets, by least squares.
///
/// This is the pool adjacent violators algorithm, which replaces targets in the wrong order by their mean.
fn isotonic(targets: &[(f64, f64)]) -> Vec<f64> {
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for &(target, weight) in targets {
        let mut pool = (target, weight, 1);
        while let Some(last) = pools.pop_if(|last| last.0 >= pool.0) {
            let weight = last.1 + pool.1;
            pool = ((last.0 * last.1 + pool.0 * pool.1) / weight, weight, last.2 + pool.2);
        }
        pools.push(pool);
    }
    pools.into_iter().flat_map(|(mean, _, count)| std::iter::repeat_n(mean, count)).collect()
}

/// The left and right end of each column.
fn columns(levels: &Levels, heights: &[f64]) -> Vec<(f64, f64)> {
    let mut right = MARGIN - COLUMN_GAP;
    levels
        .columns
        .iter()
        .map(|level| {
            let width = level.iter().map(|&item| levels.items[item].width).fold(0.0, f64::max);
            let left = right + gap(levels, level, heights);
            right = left + width;
            (left, right)
        })
        .collect()
}

/// The gap before a column, which depends on its steepest line.
fn gap(levels: &Levels, level: &[usize], heights: &[f64]) -> f64 {
    let lines = level.iter().flat_map(|&item| levels.items[item].before.iter().map(move |&before| (before, item)));
    let steepest = lines.map(|(from, to)| (heights[from] - heights[to]).abs()).fold(0.0, f64::max);
    fan(steepest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn isotonic_values_are_the_nearest() {
        assert_eq!(isotonic(&[(1.0, 1.0), (2.0, 1.0)]), [1.0, 2.0]);
        assert_eq!(isotonic(&[(2.0, 1.0), (1.0, 1.0), (3.0, 1.0)]), [1.5, 1.5, 3.0]);
        assert_eq!(isotonic(&[(4.0, 3.0), (0.0, 1.0), (2.0, 1.0)]), [2.8, 2.8, 2.8]);
        assert!(isotonic(&[]).is_empty());
    }
}
