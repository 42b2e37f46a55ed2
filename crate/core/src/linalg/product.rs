//! Matrix products on row-major arrays.

use crate::real::Real;

/// A matrix in memory: its values and the distances between neighbours in a column and in a row.
struct View<'a, T> {
    values: &'a [T],
    down: usize,
    right: usize,
}

impl<T> View<'_, T> {
    /// The number of values that a matrix of this shape reaches over.
    fn holds(&self, rows: usize, columns: usize) -> bool {
        rows == 0
            || columns == 0
            || (rows - 1) * self.down + (columns - 1) * self.right < self.values.len()
    }
}

/// `out = A·B`, `rows × columns`, row-major and dense.
fn product<T: Real>(
    a: View<T>,
    b: View<T>,
    (rows, depth, columns): (usize, usize, usize),
    out: &mut [T],
) {
    assert!(a.holds(rows, depth) && b.holds(depth, columns) && out.len() >= rows * columns);
    // SAFETY: the assertion keeps every access inside its slice, and `out` is borrowed mutably, so
    // it overlaps neither input.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            depth,
            out.as_mut_ptr(),
            1,
            columns as isize,
            false,
            a.values.as_ptr(),
            a.right as isize,
            a.down as isize,
            b.values.as_ptr(),
            b.right as isize,
            b.down as isize,
            T::ZERO,
            T::ONE,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

/// `out = A·Bᵀ` for `A` and `B` given as their values, number of rows and distance between rows;
/// `depth` numbers of each row enter. `out` is dense.
///
/// # Panics
/// When a slice is shorter than its shape says.
pub fn multiply_transposed<T: Real>(
    (a, a_rows, a_stride): (&[T], usize, usize),
    (b, b_rows, b_stride): (&[T], usize, usize),
    depth: usize,
    out: &mut [T],
) {
    product(
        View { values: a, down: a_stride, right: 1 },
        View { values: b, down: 1, right: b_stride },
        (a_rows, depth, b_rows),
        out,
    );
}

/// `A·B` for dense `A` (`rows × depth`) and `B` (`depth × columns`).
///
/// ```
/// use orbit_kernels_core::linalg::product::multiply;
/// assert_eq!(multiply(&[1.0, 2.0], &[3.0, 4.0], 1, 1), [11.0]);
/// ```
///
/// # Panics
/// When the lengths do not fit together.
pub fn multiply<T: Real>(a: &[T], b: &[T], rows: usize, columns: usize) -> Vec<T> {
    let depth = a.len() / rows;
    assert!(a.len() == rows * depth && b.len() == depth * columns);
    let mut out = vec![T::ZERO; rows * columns];
    product(
        View { values: a, down: depth, right: 1 },
        View { values: b, down: columns, right: 1 },
        (rows, depth, columns),
        &mut out,
    );
    out
}
