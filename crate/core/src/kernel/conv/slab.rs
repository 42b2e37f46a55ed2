//! The pairs of one offset, with margins: what a filter sees beyond their borders.

use super::plane::Plane;
use super::program::Program;
use super::settle::Row;
use super::window::{Line, Slice, Taps, Window, around};
use crate::kernel::step::{Map, Spatial, Step};
use crate::real::{Lanes, Real};

/// D, P, 2(SS' − N) and the NTK of the pairs of one offset, row by row in whole vectors.
#[derive(Clone)]
pub struct Slab<T: Real> {
    parts: [Vec<T::Lanes>; 4],
    layout: Layout,
}

/// Where rows are, the same for all slabs of a program.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Layout {
    /// Rows above the first, and vectors left of it.
    top: usize,
    left: usize,
    /// Vectors from row to row.
    stride: usize,
    rows: usize,
}

/// The parts of a slab.
pub const DISTANCE: usize = 0;
pub const OPPOSITE: usize = 1;
pub const GAP: usize = 2;
pub const NTK: usize = 3;

/// A distance that no pair has.
const FAR: f64 = 1e6;

/// The other location of the pair at `place`, if it is one of the `locations`.
pub fn partner(line: &Line, place: isize, locations: usize) -> Option<usize> {
    within(line, place + line.offset, locations)
}

/// The location at a place, if it is one.
pub fn within(line: &Line, place: isize, locations: usize) -> Option<usize> {
    let locations = locations as isize;
    let place = if line.ring { around(place, locations) } else { place };
    (0..locations).contains(&place).then_some(place as usize)
}

/// The largest grid and filter of some steps.
fn extent(steps: &[Step<Spatial>], grid: &mut [usize; 2], size: &mut usize, stride: &mut usize) {
    for step in steps {
        match &step.map {
            Map::Linear(Spatial::Conv { window, .. }) => {
                for (axis, taps) in window.iter().enumerate() {
                    grid[axis] = grid[axis].max(taps.outputs);
                    *size = (*size).max(taps.size);
                    *stride = (*stride).max(taps.stride);
                }
            }
            Map::Branches(branches) => {
                branches.iter().for_each(|branch| extent(branch, grid, size, stride));
            }
            _ => {}
        }
    }
}

impl<T: Real> Slab<T> {
    /// For all slices of a program.
    pub fn new(program: &Program) -> Self {
        let (mut grid, mut size, mut stride) = (program.grid, 1, 1);
        extent(&program.steps, &mut grid, &mut size, &mut stride);
        let left = (size - 1).div_ceil(T::LANES);
        // The last vector of a row reaches beyond it, and so do the filters on it.
        let reach = grid[1] + T::LANES * stride + 2 * size;
        let stride = left + reach.div_ceil(T::LANES);
        let rows = grid[0] + 2 * (size - 1);
        let layout = Layout { top: size - 1, left, stride, rows };
        let part = || vec![T::Lanes::splat(T::ZERO); rows * stride];
        Slab { parts: [part(), part(), part(), part()], layout }
    }

    /// Vectors from row to row.
    pub fn stride(&self) -> usize {
        self.layout.stride
    }

    /// All from the first row on.
    pub fn rows(&mut self) -> Row<'_, T::Lanes> {
        let start = self.layout.top * self.layout.stride + self.layout.left;
        let [distance, opposite, gap, ntk] = self.parts.each_mut().map(|part| &mut part[start..]);
        Row { distance, opposite, gap, ntk }
    }

    /// Some vectors of a row.
    pub fn row(&mut self, row: usize, vectors: usize) -> Row<'_, T::Lanes> {
        let start = (self.layout.top + row) * self.layout.stride + self.layout.left;
        let parts = self.parts.each_mut().map(|part| &mut part[start..start + vectors]);
        let [distance, opposite, gap, ntk] = parts;
        Row { distance, opposite, gap, ntk }
    }

    /// The numbers of a row from its first to its end.
    pub fn numbers(&self, part: usize, row: usize) -> &[T] {
        let start = (self.layout.top + row) * self.layout.stride + self.layout.left;
        let end = start + self.layout.stride - self.layout.left;
        bytemuck::cast_slice(&self.parts[part][start..end])
    }

    /// The place of a row and a column, which may be in the margins, among all numbers.
    fn place(&self, row: isize, column: isize) -> usize {
        let Layout { top, left, stride, .. } = self.layout;
        let first = (top as isize + row) * (stride * T::LANES) as isize;
        (first + (left * T::LANES) as isize + column) as usize
    }

    /// Fills the margins of a part that a filter sees: the other end of a ring, zeros otherwise; with
    /// `squares`, where a location is outside on one side only, the variance on the other.
    pub fn surround(
        &mut self,
        part: usize,
        slice: &Slice,
        frame: &Frame,
        squares: Option<[&Plane<T>; 2]>,
    ) {
        let [rows, columns] = slice;
        let (height, width) = (rows.count as isize, columns.count as isize);
        let [top, bottom, left, right] = frame.margins;
        let lanes = T::LANES as isize;
        if columns.ring && (1..=lanes).contains(&left.max(right)) && lanes <= width {
            self.wrap(part, rows.count, columns.count);
        } else {
            for row in 0..height {
                let first = self.place(row, 0);
                let numbers: &mut [T] = bytemuck::cast_slice_mut(&mut self.parts[part]);
                for column in (-left..0).chain(width..width + right) {
                    let at = |column: isize| (first as isize + column) as usize;
                    numbers[at(column)] = match (columns.ring, squares) {
                        (true, _) => numbers[at(around(column, width))],
                        (false, None) => T::ZERO,
                        (false, Some(planes)) => edge(planes, slice, frame.grid, row, column),
                    };
                }
            }
        }
        for row in (-top..0).chain(height..height + bottom) {
            if rows.ring {
                self.copy_row(part, around(row, height), row);
                continue;
            }
            let (start, end) = (self.place(row, -left), self.place(row, width + right));
            let numbers: &mut [T] = bytemuck::cast_slice_mut(&mut self.parts[part]);
            match squares {
                None => numbers[start..end].fill(T::ZERO),
                Some(planes) => {
                    for (k, number) in numbers[start..end].iter_mut().enumerate() {
                        *number = edge(planes, slice, frame.grid, row, k as isize - left);
                    }
                }
            }
        }
    }

    /// Fills the margins of some rows with a vector of their other end, whatever a filter sees of it.
    fn wrap(&mut self, part: usize, rows: usize, columns: usize) {
        let (first, stride) = (self.place(0, 0) - T::LANES, self.layout.stride * T::LANES);
        let numbers: &mut [T] = bytemuck::cast_slice_mut(&mut self.parts[part]);
        assert!(columns >= T::LANES && columns + 2 * T::LANES <= stride);
        assert!(first + (rows - 1) * stride + columns + 2 * T::LANES <= numbers.len());
        let mut row = numbers[first..].as_mut_ptr();
        for _ in 0..rows {
            // SAFETY: the assertions are about the last margin of the last row.
            unsafe {
                let head = T::Lanes::load_at(row, 1);
                let tail = T::Lanes::load_at(row.add(columns), 0);
                row.cast::<T::Lanes>().write_unaligned(tail);
                row.add(columns + T::LANES).cast::<T::Lanes>().write_unaligned(head);
            }
            row = row.wrapping_add(stride);
        }
    }

    /// Copies a row with its margins.
    fn copy_row(&mut self, part: usize, from: isize, to: isize) {
        let Layout { top, stride, .. } = self.layout;
        let start = |row: isize| (top as isize + row) as usize * stride;
        let part = &mut self.parts[part];
        assert!(start(from.max(to)) + stride <= part.len());
        let part = part.as_mut_ptr();
        // SAFETY: two rows of the part. Volatile, or it becomes a call, which takes longer than a row.
        unsafe {
            let (from, to) = (part.add(start(from)), part.add(start(to)));
            (0..stride).for_each(|k| to.add(k).write_volatile(*from.add(k)));
        }
    }

    /// Sums over windows, row by row; numbers beyond the last of a row become large, as if their pairs were
    /// far apart. `lines` is memory for sums along rows alone.
    pub fn sums(
        &self,
        part: usize,
        frame: &Frame,
        lines: &mut Vec<T::Lanes>,
        out: &mut Vec<T::Lanes>,
    ) {
        let [rows, columns] = frame.window;
        let vectors = frame.width.div_ceil(T::LANES);
        let height = (frame.height - 1) * rows.stride + rows.size;
        let numbers: &[T] = bytemuck::cast_slice(&self.parts[part]);
        let stride = self.layout.stride * T::LANES;
        let start = self.place(frame.start[0], frame.start[1]);
        let reach = (vectors * T::LANES - 1) * columns.stride + columns.size;
        assert!(start + (height - 1) * stride + reach <= numbers.len());
        out.resize(frame.height * vectors, T::Lanes::splat(T::ZERO));
        if [rows, columns].iter().all(|taps| (taps.size, taps.stride) == (3, 1)) {
            // SAFETY: the assertion is about the last number of the last row.
            unsafe { sums_of_nine::<T>(numbers[start..].as_ptr(), stride, vectors, out) };
        } else {
            lines.resize(height * vectors, T::Lanes::splat(T::ZERO));
            for (row, line) in lines.chunks_exact_mut(vectors).enumerate() {
                let taps = &numbers[start + row * stride..];
                if columns.stride > 1 {
                    let taps = taps.windows(columns.size).step_by(columns.stride);
                    let sums: &mut [T] = bytemuck::cast_slice_mut(line);
                    for (sum, taps) in sums.iter_mut().zip(taps) {
                        *sum = taps.iter().fold(T::ZERO, |sum, &number| sum + number);
                    }
                } else {
                    let at = |k: usize, tap: usize| T::Lanes::load(&taps[k * T::LANES + tap..]);
                    for (k, sum) in line.iter_mut().enumerate() {
                        *sum = (1..columns.size).fold(at(k, 0), |sum, tap| sum + at(k, tap));
                    }
                }
            }
            for (row, out) in out.chunks_exact_mut(vectors).enumerate() {
                let taps = &lines[row * rows.stride * vectors..][..rows.size * vectors];
                for (k, sum) in out.iter_mut().enumerate() {
                    let column = taps[k..].iter().step_by(vectors);
                    *sum = column.skip(1).fold(taps[k], |sum, &line| sum + line);
                }
            }
        }
        if !frame.width.is_multiple_of(T::LANES) {
            for row in out.chunks_exact_mut(vectors) {
                bytemuck::cast_slice_mut::<_, T>(row)[frame.width..].fill(T::from_f64(FAR));
            }
        }
    }

    /// The sum of a part over a slice.
    pub fn total(&self, part: usize, slice: &Slice) -> f64 {
        let count = slice[1].count;
        let whole = count / T::LANES;
        let mut total = 0.0;
        for row in 0..slice[0].count {
            let start = (self.layout.top + row) * self.layout.stride + self.layout.left;
            let vectors = &self.parts[part][start..];
            let mut sum = T::Lanes::splat(T::ZERO);
            for &vector in &vectors[..whole] {
                sum = sum + vector;
            }
            let lanes: &[T] = bytemuck::cast_slice(std::slice::from_ref(&sum));
            let rest: &[T] = bytemuck::cast_slice(&vectors[whole..whole + 1]);
            for &number in lanes.iter().chain(&rest[..count - whole * T::LANES]) {
                total += number.to_f64();
            }
        }
        total
    }
}

/// Sums over 3 × 3 windows, `vectors` in a row, from numbers whose rows are `stride` apart.
///
/// Down a strip of vectors, sums along rows stay in registers: each number is read once for its row, and nothing
/// else than the results is written.
///
/// # Safety
/// The numbers must reach to the last window's last.
unsafe fn sums_of_nine<T: Real>(
    numbers: *const T,
    stride: usize,
    vectors: usize,
    out: &mut [T::Lanes],
) {
    let rows = out.len() / vectors;
    let out = out.as_mut_ptr();
    for k in 0..vectors {
        // SAFETY: the caller's promise; all rows of `out` have vector `k`.
        unsafe {
            let mut from = numbers.add(k * T::LANES);
            let mut to = out.add(k);
            let line = |from: *const T| {
                let at = |tap: usize| T::Lanes::load_at(from.add(tap), 0);
                at(0) + at(1) + at(2)
            };
            let first = line(from);
            from = from.add(stride);
            let mut last = line(from);
            let mut two = first + last;
            for _ in 0..rows {
                from = from.add(stride);
                let next = line(from);
                *to = two + next;
                to = to.add(vectors);
                (two, last) = (last + next, next);
            }
        }
    }
}

/// D where a pair is outside on one side or on both.
fn edge<T: Real>(
    planes: [&Plane<T>; 2],
    slice: &Slice,
    grid: [usize; 2],
    row: isize,
    column: isize,
) -> T {
    let [rows, columns] = slice;
    let (y, x) = (rows.first as isize + row, columns.first as isize + column);
    let one = within(rows, y, grid[0]).zip(within(columns, x, grid[1]));
    let two = partner(rows, y, grid[0]).zip(partner(columns, x, grid[1]));
    let square = |plane: &Plane<T>, at: Option<(usize, usize)>| {
        at.map_or(T::ZERO, |(row, column)| plane.get(row, column))
    };
    square(planes[0], one) + square(planes[1], two)
}

/// How a filter lies on a slice.
pub struct Frame<'a> {
    pub window: &'a Window,
    /// The locations before the filter.
    pub grid: [usize; 2],
    /// Where the first output's first tap is, from the slice's first pair on.
    start: [isize; 2],
    /// Rows above and below, columns left and right, that it sees.
    margins: [isize; 4],
    /// Rows of outputs, and outputs in a row.
    height: usize,
    width: usize,
}

impl<'a> Frame<'a> {
    pub fn new(window: &'a Window, inputs: &Slice, after: &Slice) -> Self {
        let axis = |axis: usize| {
            let (taps, from, to): (&Taps, _, _) = (&window[axis], &inputs[axis], &after[axis]);
            let start = (to.first * taps.stride) as isize - taps.low as isize - from.first as isize;
            let end = start + ((to.count - 1) * taps.stride + taps.size) as isize;
            (start, (-start).max(0), (end - from.count as isize).max(0))
        };
        let ((y, top, bottom), (x, left, right)) = (axis(0), axis(1));
        Frame {
            window,
            grid: [window[0].inputs, window[1].inputs],
            start: [y, x],
            margins: [top, bottom, left, right],
            height: after[0].count,
            width: after[1].count,
        }
    }
}
