//! Where the items stand: columns from left to right, and lines as level as they can be.

use super::Place;
use super::levels::{Item, Levels, What};

/// Around the whole.
pub const MARGIN: f64 = 16.0;
/// Between items in a column.
const BETWEEN: f64 = 8.0;
/// Between columns, and between those with steep lines.
const GAP: f64 = 20.0;
const WIDEST_GAP: f64 = 90.0;
/// How much wider a gap becomes for each unit that a line in it rises or falls.
const SLOPE: f64 = 0.6;
/// How often the columns are moved, to the left and to the right.
const ROUNDS: usize = 8;
/// How much rather a line bends at a node than on its way.
const STRAIGHT: f64 = 8.0;
/// The say of the other lines where one goes straight on.
const FAINT: f64 = 0.001;

/// The place of each item; its `y` is that of the line through it.
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

/// The smallest distance of two items, one above the other.
fn distance(above: &Item, below: &Item) -> f64 {
    above.below + BETWEEN + below.above
}

/// Each column as tight as it can be.
fn stacked(levels: &Levels) -> Vec<f64> {
    let mut heights = vec![0.0; levels.items.len()];
    for level in &levels.columns {
        for pair in level.windows(2) {
            heights[pair[1]] = heights[pair[0]] + distance(&levels.items[pair[0]], &levels.items[pair[1]]);
        }
    }
    heights
}

/// Moves the items of a column as near as they can be to where their neighbours on one side want them.
fn align(levels: &Levels, level: usize, heights: &mut [f64], neighbours: impl Fn(&Item) -> &Vec<usize>) {
    let column = &levels.columns[level];
    let mut wishes = Vec::with_capacity(column.len());
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(column.len());
    for (place, &number) in column.iter().enumerate() {
        let item = &levels.items[number];
        if let Some(above) = place.checked_sub(1) {
            offset += distance(&levels.items[column[above]], item);
        }
        let (wish, weight) = wish(levels, number, neighbours(item), heights);
        wishes.push((wish - offset, weight));
        offsets.push(offset);
    }
    for ((&item, offset), y) in column.iter().zip(offsets).zip(rising(&wishes)) {
        heights[item] = y + offset;
    }
}

/// The mean height of an item's neighbours, and how strongly it is wished; without any, it stays where it is.
fn wish(levels: &Levels, number: usize, neighbours: &[usize], heights: &[f64]) -> (f64, f64) {
    let (mut sum, mut total) = (0.0, 0.0);
    for (place, &neighbour) in neighbours.iter().enumerate() {
        let weight = weight(levels, number, place, neighbour);
        sum += weight * heights[neighbour];
        total += weight;
    }
    if total > 0.0 { (sum / total, total) } else { (heights[number], 0.1) }
}

/// How much an item wants to be as high as a neighbour, the first or another one on that side.
fn weight(levels: &Levels, number: usize, place: usize, neighbour: usize) -> f64 {
    let (item, beside) = (&levels.items[number], &levels.items[neighbour]);
    let on_the_way = [item, beside].iter().all(|item| !matches!(item.what, What::Node(_)));
    let goes_in = item.straight && place == 0;
    let comes_out = beside.straight && beside.before.first() == Some(&number);
    if on_the_way || goes_in || comes_out {
        return STRAIGHT;
    }
    if item.straight { FAINT } else { 1.0 }
}

/// The rising numbers that are nearest to the wishes, by their weighted squares: neighbours in the wrong order are put
/// together in their mean.
fn rising(wishes: &[(f64, f64)]) -> Vec<f64> {
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for &(wish, weight) in wishes {
        let mut pool = (wish, weight, 1);
        while let Some(last) = pools.pop_if(|last| last.0 >= pool.0) {
            let weight = last.1 + pool.1;
            pool = ((last.0 * last.1 + pool.0 * pool.1) / weight, weight, last.2 + pool.2);
        }
        pools.push(pool);
    }
    pools.into_iter().flat_map(|(mean, _, count)| std::iter::repeat_n(mean, count)).collect()
}

/// Where each column begins and ends.
fn columns(levels: &Levels, heights: &[f64]) -> Vec<(f64, f64)> {
    let mut right = MARGIN - GAP;
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

/// The gap before a column, wide enough for its steepest line.
fn gap(levels: &Levels, level: &[usize], heights: &[f64]) -> f64 {
    let lines = level.iter().flat_map(|&item| levels.items[item].before.iter().map(move |&before| (before, item)));
    let steepest = lines.map(|(from, to)| (heights[from] - heights[to]).abs()).fold(0.0, f64::max);
    (SLOPE * steepest).clamp(GAP, WIDEST_GAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rising_numbers_are_the_nearest() {
        assert_eq!(rising(&[(1.0, 1.0), (2.0, 1.0)]), [1.0, 2.0]);
        assert_eq!(rising(&[(2.0, 1.0), (1.0, 1.0), (3.0, 1.0)]), [1.5, 1.5, 3.0]);
        assert_eq!(rising(&[(4.0, 3.0), (0.0, 1.0), (2.0, 1.0)]), [2.8, 2.8, 2.8]);
        assert!(rising(&[]).is_empty());
    }
}
