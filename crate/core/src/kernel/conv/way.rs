//! Where a pair of images is on its way through the steps of a network, offset by offset.

use super::exact::{At, Features, Place, exact};
use super::image::{Field, Image};
use super::plane::Plane;
use super::settle::Side;
use super::slab::{GAP, OPPOSITE, Slab, partner};
use super::window::{Slice, Window};
use crate::real::Real;

/// Where a pair is on its way through the steps.
pub struct Way<'a, T: Real> {
    pub images: [&'a Image<T>; 2],
    pub fields: [&'a Field<T>; 2],
    /// An image with itself.
    pub own: bool,
    /// Nothing has been done but to read the pixels.
    pub raw: bool,
    pub trained: bool,
    pub scale: f64,
}

/// A row of pairs of one offset: where it begins on both sides.
pub fn side_at(slice: &Slice, grid: At, row: usize) -> [At; 2] {
    let [rows, columns] = slice;
    let p = [rows.first + row, columns.first];
    let other = partner(rows, p[0] as isize, grid[0]).unwrap_or(0);
    [p, [other, (p[1] as isize + columns.offset) as usize]]
}

/// Where the rows of a slice begin on both sides, in planes whose rows are `stride` numbers apart.
pub fn row_starts(slice: &Slice, rows: usize, stride: usize, starts: &mut [Vec<usize>; 2]) {
    let [line, columns] = slice;
    let first = [line.first, partner(line, line.first as isize, rows).unwrap_or(0)];
    let column = [columns.first, (columns.first as isize + columns.offset) as usize];
    for side in 0..2 {
        let mut row = first[side];
        starts[side].resize(line.count, 0);
        for start in &mut starts[side] {
            *start = row * stride + column[side];
            row = if row + 1 == rows { 0 } else { row + 1 };
        }
    }
}

pub fn sides<'a, T: Real>(
    fields: [&'a Field<T>; 2],
    at: [At; 2],
    vectors: usize,
) -> [Side<'a, T>; 2] {
    [0, 1].map(|k| {
        let ([row, column], field) = (at[k], fields[k]);
        let run = |plane: &'a Plane<T>| plane.run(row, column, vectors);
        Side { root: run(&field.root), inverse: run(&field.inverse) }
    })
}

pub fn vectors<T: Real>(slice: &Slice) -> usize {
    slice[1].count.div_ceil(T::LANES)
}

/// A pair after a convolution, see `exact`.
#[allow(clippy::too_many_arguments)]
pub fn hidden<T: Real>(
    slab: &Slab<T>,
    window: &Window,
    weight: f64,
    biases: [f64; 2],
    fields: [&Field<T>; 2],
    at: [At; 2],
    inputs: &Slice,
    way: &Way<T>,
) -> (T, T) {
    let lengths = [0, 1].map(|k| fields[k].root.get(at[k][0], at[k][1]).to_f64());
    let place = Place { window, weight, biases, at, lengths };
    let (gap, opposite) = match way.raw {
        true => exact(&place, &Pixels(way)),
        false => exact(&place, &Hidden { way, slab, inputs }),
    };
    (T::from_f64(gap), T::from_f64(opposite))
}

/// The pixels of a pair of images.
struct Pixels<'a, T: Real>(&'a Way<'a, T>);

impl<T: Real> Features for Pixels<'_, T> {
    fn numbers(&self) -> usize {
        self.0.images[0].pixels.len()
    }

    fn number(&self, side: usize, channel: usize, [row, column]: At) -> f64 {
        self.0.images[side].pixels[channel].get(row, column).to_f64()
    }

    fn pair(&self, _: At, _: At) -> Option<(f64, f64)> {
        None
    }
}

/// What is known of features: their lengths, and the pairs of a slice.
struct Hidden<'a, T: Real> {
    way: &'a Way<'a, T>,
    slab: &'a Slab<T>,
    inputs: &'a Slice,
}

impl<T: Real> Features for Hidden<'_, T> {
    fn numbers(&self) -> usize {
        1
    }

    fn number(&self, side: usize, _: usize, [row, column]: At) -> f64 {
        self.way.fields[side].root.get(row, column).to_f64()
    }

    fn pair(&self, one: At, two: At) -> Option<(f64, f64)> {
        let [row, column] = [0, 1].map(|axis| one[axis] - self.inputs[axis].first);
        let number = |part: usize| self.slab.numbers(part, row)[column].to_f64();
        let lengths = (self.number(0, 0, one) - self.number(1, 0, two)).powi(2);
        Some((number(GAP), (number(OPPOSITE) - lengths).max(0.0)))
    }
}
