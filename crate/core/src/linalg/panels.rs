//! Products of rows with rows, `A·Bᵀ`, for matrices that are packed once and multiplied often.
//!
//! A Gram multiplies each block of samples with many others. Packing it once, in one layout that
//! serves on both sides, leaves nothing but the inner kernel: four rows × two vectors of columns.
//! Its eight sums, their operands and one product in flight fit the fifteen vector registers that a
//! JavaScript engine has on x86-64; a kernel of nine or twelve sums spills, and is a third slower.

use crate::real::{Lanes, Real};

/// Rows of the inner kernel.
const ROWS: usize = 4;
/// Vectors of columns of the inner kernel.
const VECTORS: usize = 2;
/// Bytes of a row that are multiplied before the next part of it: 256 rows of them are a quarter of
/// a megabyte, half of a small L2 cache.
const RUN_BYTES: usize = 1024;

/// The rows of a matrix in panels of `Panels::height()`, each panel column by column, the last one
/// filled up with zeros.
pub struct Panels<T: Real> {
    /// A column of a panel each; vectors, so that they are aligned.
    columns: Vec<[T::Lanes; VECTORS]>,
    rows: usize,
    depth: usize,
}

impl<T: Real> Panels<T> {
    /// Rows of a panel: the width of the inner kernel, a multiple of its rows.
    pub const fn height() -> usize {
        VECTORS * T::LANES
    }

    /// A matrix of zeros.
    pub fn zeros(rows: usize, depth: usize) -> Self {
        let zero = [T::Lanes::splat(T::ZERO); VECTORS];
        Panels { columns: vec![zero; rows.div_ceil(Self::height()) * depth], rows, depth }
    }

    /// A matrix of `depth` columns, from its entries in row-major order.
    pub fn from_rows(entries: &[T], depth: usize) -> Self {
        let mut panels = Panels::zeros(entries.len() / depth, depth);
        for (index, row) in entries.chunks_exact(depth).enumerate() {
            panels.set_row(index, row.iter().copied());
        }
        panels
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Rows with those that fill up the last panel.
    pub fn padded_rows(&self) -> usize {
        self.rows.next_multiple_of(Self::height())
    }

    pub fn bytes(&self) -> usize {
        size_of_val(&self.columns[..])
    }

    /// Entries of row `row`, from first to last.
    pub fn row(&self, row: usize) -> impl Iterator<Item = T> {
        let panel = &self.columns[row / Self::height() * self.depth..][..self.depth];
        entries(panel)[row % Self::height()..].iter().step_by(Self::height()).copied()
    }

    /// Sets row `row`.
    pub fn set_row(&mut self, row: usize, values: impl Iterator<Item = T>) {
        let panel = &mut self.columns[row / Self::height() * self.depth..][..self.depth];
        let entries: &mut [T] = bytemuck::cast_slice_mut(panel);
        let places = entries[row % Self::height()..].iter_mut().step_by(Self::height());
        places.zip(values).for_each(|(place, value)| *place = value);
    }

    /// `out = A·Bᵀ`, row-major, `a.padded_rows() × b.padded_rows()`. With `upper`, only what is not
    /// wholly below the diagonal.
    ///
    /// # Panics
    /// When the depths differ or `out` is too short.
    pub fn multiply(a: &Self, b: &Self, upper: bool, out: &mut [T]) {
        Self::combine(a, b, upper, out, |sum, x, y| sum + x * y);
    }

    /// The same with another sum over the entries of two rows: `term` adds one of each to it.
    #[inline(always)]
    pub(super) fn combine(
        a: &Self,
        b: &Self,
        upper: bool,
        out: &mut [T],
        term: impl Fn(T::Lanes, T::Lanes, T::Lanes) -> T::Lanes + Copy,
    ) {
        let (height, width) = (Self::height(), b.padded_rows());
        assert!(a.depth == b.depth && out.len() >= a.padded_rows() * width);
        let runs = (a.depth * size_of::<T>()).div_ceil(RUN_BYTES).max(1);
        let run = a.depth.div_ceil(runs).max(1);
        for from in (0..a.depth).step_by(run) {
            let length = run.min(a.depth - from);
            for left in (0..width).step_by(height) {
                let columns = &b.columns[left / height * b.depth + from..][..length];
                let all = a.padded_rows();
                let bottom = if upper { all.min(left + height) } else { all };
                for top in (0..bottom).step_by(ROWS) {
                    let panel = &a.columns[top / height * a.depth + from..][..length];
                    let rows = &entries::<T>(panel)[top % height..];
                    let corner = &mut out[top * width + left..];
                    kernel::<T>(rows, columns, corner, width, from > 0, term);
                }
            }
        }
    }
}

fn entries<T: Real>(panel: &[[T::Lanes; VECTORS]]) -> &[T] {
    bytemuck::cast_slice(panel)
}

/// Adds to (or sets) a corner of the product: some rows, their entries `height` apart, times one
/// panel of columns.
#[inline(always)]
fn kernel<T: Real>(
    rows: &[T],
    columns: &[[T::Lanes; VECTORS]],
    corner: &mut [T],
    width: usize,
    add: bool,
    term: impl Fn(T::Lanes, T::Lanes, T::Lanes) -> T::Lanes,
) {
    let height = Panels::<T>::height();
    assert!(rows.len() + height >= columns.len() * height + ROWS);
    let mut sums = [[T::Lanes::splat(T::ZERO); VECTORS]; ROWS];
    for (k, column) in columns.iter().enumerate() {
        for (r, sums) in sums.iter_mut().enumerate() {
            // SAFETY: the last index, (columns.len() − 1)·height + ROWS − 1, is asserted to be
            // inside. A check here would cost as much as the arithmetic.
            let entry = T::Lanes::splat(unsafe { *rows.get_unchecked(k * height + r) });
            for (sum, &vector) in sums.iter_mut().zip(column) {
                *sum = term(*sum, entry, vector);
            }
        }
    }
    for (r, sums) in sums.into_iter().enumerate() {
        let place = &mut corner[r * width..][..height];
        for (sum, place) in sums.into_iter().zip(place.chunks_exact_mut(T::LANES)) {
            if add { sum + T::Lanes::load(place) } else { sum }.store(place);
        }
    }
}
