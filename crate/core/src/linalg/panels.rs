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
/// Bytes of a panel of columns that are multiplied before the next part of it: they stay in the L1
/// cache while rows go by.
const PANEL_BYTES: usize = 25 << 10;
/// Bytes of rows that go by all columns before the next rows: half of a small L2 cache.
const BAND_BYTES: usize = 256 << 10;

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

    /// A matrix whose rows are the columns of one in row-major order.
    pub fn from_columns(entries: &[T], columns: usize) -> Self {
        let depth = entries.len() / columns;
        let mut panels = Panels::zeros(columns, depth);
        for (k, row) in entries.chunks_exact(columns).enumerate() {
            for (panel, part) in row.chunks(Self::height()).enumerate() {
                let place: &mut [T] =
                    bytemuck::cast_slice_mut(&mut panels.columns[panel * depth + k]);
                place[..part.len()].copy_from_slice(part);
            }
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
        let runs = (a.depth * height * size_of::<T>()).div_ceil(PANEL_BYTES).max(1);
        let run = a.depth.div_ceil(runs).max(1);
        let band = (BAND_BYTES / (run * size_of::<T>())).next_multiple_of(height);
        for from in (0..a.depth).step_by(run) {
            let length = run.min(a.depth - from);
            for first in (0..a.padded_rows()).step_by(band) {
                let last = a.padded_rows().min(first + band);
                for left in (0..width).step_by(height) {
                    let columns = &b.columns[left / height * b.depth + from..][..length];
                    let bottom = if upper { last.min(left + height) } else { last };
                    for top in (first..bottom).step_by(ROWS) {
                        let rows = &a.columns[top / height * a.depth + from..][..length];
                        let corner = &mut out[top * width + left..];
                        kernel::<T>(rows, top % height, columns, corner, width, from > 0, term);
                    }
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
    rows: &[[T::Lanes; VECTORS]],
    row: usize,
    columns: &[[T::Lanes; VECTORS]],
    corner: &mut [T],
    width: usize,
    add: bool,
    term: impl Fn(T::Lanes, T::Lanes, T::Lanes) -> T::Lanes,
) {
    let height = Panels::<T>::height();
    assert!(row + ROWS <= height);
    let zeros = [[T::Lanes::splat(T::ZERO); VECTORS]; ROWS];
    let sums = accumulate(zeros, entries::<T>(rows), row, entries::<T>(columns), term);
    for (r, sums) in sums.into_iter().enumerate() {
        let place = &mut corner[r * width..][..height];
        for (sum, place) in sums.into_iter().zip(place.chunks_exact_mut(T::LANES)) {
            if add { sum + T::Lanes::load(place) } else { sum }.store(place);
        }
    }
}

/// Sums of four rows × two vectors of columns.
pub(super) type Sums<T> = [[<T as Real>::Lanes; VECTORS]; ROWS];

/// The inner loop: adds to sums what `term` makes of four rows, from `row` of their panel on, and a
/// panel of columns.
///
/// # Panics
/// When the panels differ in depth.
#[inline(always)]
pub(super) fn accumulate<T: Real>(
    mut sums: Sums<T>,
    rows: &[T],
    row: usize,
    columns: &[T],
    term: impl Fn(T::Lanes, T::Lanes, T::Lanes) -> T::Lanes,
) -> Sums<T> {
    let height = Panels::<T>::height();
    assert!(row + ROWS <= height && rows.len() == columns.len());
    assert!(columns.len().is_multiple_of(height));
    let mut entries = rows.as_ptr().wrapping_add(row);
    let end = entries.wrapping_add(columns.len());
    let mut vectors = columns.as_ptr();
    while entries != end {
        for (r, sums) in sums.iter_mut().enumerate() {
            // SAFETY: both pointers advance by one column in each of as many steps as both panels
            // are asserted to have.
            let entry = T::Lanes::splat(unsafe { *entries.add(r) });
            for (v, sum) in sums.iter_mut().enumerate() {
                *sum = term(*sum, entry, unsafe { T::Lanes::load_at(vectors, v) });
            }
        }
        entries = entries.wrapping_add(height);
        vectors = vectors.wrapping_add(height);
    }
    sums
}
